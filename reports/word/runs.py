"""Words as they stand in the XML of a Word document: plain, in a style of their own, or as a link."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from akr_plan.file_text import xml_text
from measures.exchange.document.styles import Mark, Role
from measures.tree.rows import LinkRow

from ..plan_words import is_web_address

# Tells the id of the relationship that leads to an address.
Relate = Callable[[str], str]
# The number of the document's list.
LIST = 77
WORDS = '<w:t xml:space="preserve">'
PARTS = (("\n", "<w:br/>"), ("\t", "<w:tab/>"))


def style_id(style: Role | Mark) -> str:
    """Return by which plain letters paragraphs and words name their style."""
    return f"Plan{type(style).__name__}{style.name.title().replace('_', '')}"


def run(text: str, mark: Mark | None = None, settings: str = "") -> str:
    """Return a stretch of text; nothing in it is markup or a formula."""
    if not text:
        return ""
    style = f'<w:rStyle w:val="{style_id(mark)}"/>' if mark else ""
    content = f"{WORDS}{attribute(text)}</w:t>"
    for character, element in PARTS:
        content = content.replace(character, f"</w:t>{element}{WORDS}")
    return f"<w:r><w:rPr>{style}{settings}</w:rPr>{content.replace(f'{WORDS}</w:t>', '')}</w:r>"


def attribute(text: str) -> str:
    """Return a text as XML has it."""
    return escape(xml_text(text))


def paragraph(style: Role, content: str = "") -> str:
    """Return a paragraph that says by its style what it is, and stands in a list if it is an item."""
    # LibreOffice takes the list from one style only, where several have it.
    level = 0 if style.is_item else 1 if style is Role.SUB_ITEM else None
    return styled(style_id(style), content, "" if level is None else in_list(level))


def styled(style: str, content: str = "", settings: str = "") -> str:
    """Return a paragraph of any style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{settings}</w:pPr>{content}</w:p>'


def in_list(level: int) -> str:
    """Return the setting that puts a paragraph in the list of planned results."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{LIST}"/></w:numPr>'


def linked(texts: Sequence[str], links: Iterable[LinkRow], relate: Relate) -> list[str]:
    """Return texts with those of their words as links that are links, in their order.

    A link whose words are not found comes after the last text, marked as no part of it.
    """
    contents: list[str] = []
    lost: list[LinkRow] = []
    waiting = list(links)
    for text in texts:
        content, start = "", 0
        while waiting:
            link = waiting[0]
            place = text.find(link.text, start) if link.text else -1
            if place < 0 and any(link.text and link.text in later for later in texts[len(contents) + 1 :]):
                break
            waiting.pop(0)
            if place < 0:
                lost.append(link)
                continue
            content += run(text[start:place]) + hyperlink(link, relate)
            start = place + len(link.text)
        contents.append(content + run(text[start:]))
    contents[-1] += "".join(_added(link, relate) for link in lost)
    return contents


def _added(link: LinkRow, relate: Relate) -> str:
    if not link.text:
        return hyperlink(link, relate)
    return run(" [", Mark.LINK_ONLY) + hyperlink(link, relate, Mark.LINK_ONLY) + run("]", Mark.LINK_ONLY)


def hyperlink(link: LinkRow, relate: Relate, mark: Mark | None = None) -> str:
    """Return the words as a link. One that leads nowhere on the web is kept for reading, but inert."""
    if is_web_address(link.href):
        target = f'r:id="{relate(link.href)}"'
    elif link.href == "#":
        target = 'w:anchor=""'
    else:
        target = f'w:anchor="" w:tooltip="{attribute(link.href)}"'
    look = '<w:color w:val="0B5C7A"/><w:u w:val="single"/>'
    return f"<w:hyperlink {target}>{run(link.text, mark, look)}</w:hyperlink>"
