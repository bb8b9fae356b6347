"""The styles, lists and page of the Word document; its look follows that of the workbook."""

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Twips

from measures.exchange.document.styles import Mark, Role

from .runs import LIST, in_list, style_id

FONT = "Calibri"
INK, SEA, SEA_SOFT, LINE, GREY = "14212B", "0B5C7A", "E3EFF4", "B7C3CB", "52616D"
# A4, lying, in twentieths of a point.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 16838, 11906, 720
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN

_BOLD = "<w:b/>"
_KEEP = "<w:keepNext/>"


def _space(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _colour(colour: str) -> str:
    return f'<w:color w:val="{colour}"/>'


# Settings of the paragraph and of its words; sizes of None are those of the table.
PARAGRAPHS: dict[Role, tuple[str, str]] = {
    Role.ORGANISATION: (_KEEP, _colour(GREY) + _size(11)),
    Role.TITLE: (_KEEP + _space(60, 60) + '<w:outlineLvl w:val="0"/>', _BOLD + _colour(INK) + _size(18)),
    Role.YEARS: (_KEEP, _BOLD + _size(12)),
    Role.GOAL: (_KEEP + _space(60, 60), _size(12)),
    Role.REMARK: (_KEEP + _space(0, 40), _colour(GREY) + _size(9)),
    Role.TASK: (_KEEP + _space(40, 40) + '<w:outlineLvl w:val="1"/>', _BOLD + _colour(INK)),
    Role.LEAD_IN: (_space(0, 40), ""),
    Role.ITEM: (in_list(0) + _space(0, 40), ""),
    Role.LISTED_ITEM: (in_list(0) + _space(0, 40), ""),
    Role.OPEN_ITEM: (in_list(0) + _space(0, 40), ""),
    Role.SUB_ITEM: (in_list(1) + _space(0, 40), ""),
    Role.NAME: (_space(0, 40), ""),
    Role.PROGRESS: (_space(0, 40), ""),
}
WORDS: dict[Mark, str] = {
    Mark.PERIOD: _BOLD,
    Mark.PRIORITY: "",
    Mark.LINK_ONLY: _colour(GREY),
}
HEADING, MEASURE, CELL = "PlanHeading", "PlanMeasure", "PlanCell"
_MORE = {
    HEADING: ("Plano lentelės antraštė", _KEEP, _BOLD + _colour("FFFFFF")),
    MEASURE: ("Plano priemonė", "", _BOLD),
    CELL: ("Plano langelis", "", ""),
}


def set_up(document: Document, size: float) -> None:
    """Give an empty document its page, its language and all styles; `size` is that of the table's text."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Twips(MARGIN)
    section.top_margin = section.bottom_margin = Twips(1000)
    section.header_distance = section.footer_distance = Twips(500)
    styles = document.styles.element
    defaults = styles.find(f"{{{styles.nsmap['w']}}}docDefaults")
    styles.replace(defaults, parse_xml(_defaults()))
    _set_up_normal(document, size)
    for role, (paragraph, words) in PARAGRAPHS.items():
        styles.append(parse_xml(_style("paragraph", style_id(role), role.value, paragraph, words)))
    for name, (label, paragraph, words) in _MORE.items():
        styles.append(parse_xml(_style("paragraph", name, label, paragraph, words)))
    for mark, words in WORDS.items():
        styles.append(parse_xml(_style("character", style_id(mark), mark.value, "", words)))
    _add_list(document)


def _defaults() -> str:
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>{_size(10)}"
        '<w:lang w:val="lt-LT" w:eastAsia="lt-LT" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )


def _set_up_normal(document: Document, size: float) -> None:
    normal = document.styles["Normal"].element
    for settings in [child for child in normal if child.tag.endswith(("}rPr", "}pPr"))]:
        normal.remove(settings)
    normal.append(parse_xml(f"<w:rPr {nsdecls('w')}>{_colour(INK)}{_size(size)}</w:rPr>"))


def _style(kind: str, name: str, label: str, paragraph: str, words: str) -> str:
    base = '<w:basedOn w:val="Normal"/>' if kind == "paragraph" else ""
    settings = f"<w:pPr>{paragraph}</w:pPr>" if kind == "paragraph" else ""
    return (
        f'<w:style {nsdecls("w")} w:type="{kind}" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{label}"/>{base}<w:qFormat/>{settings}<w:rPr>{words}</w:rPr></w:style>'
    )


def _add_list(document: Document) -> None:
    """Add the list of planned results: dashes, and below them the small circles of the document."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="{sign}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{190 * (level + 1)}" w:hanging="190"/></w:pPr></w:lvl>'
        for level, sign in enumerate("–o")
    )
    kind = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{LIST}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    numbering.insert(0, parse_xml(kind))
    item = f'<w:num {nsdecls("w")} w:numId="{LIST}"><w:abstractNumId w:val="{LIST}"/></w:num>'
    numbering.append(parse_xml(item))
