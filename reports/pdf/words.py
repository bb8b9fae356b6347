"""Text with links in it, as `plan_table.typ` reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.encoding import iri_to_uri

from measures.tree.rows import LinkRow

from ..plan_words import is_web_address


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text; `href` is empty unless it is a link."""

    text: str
    href: str = ""


def linked(texts: Sequence[str], links: Iterable[LinkRow]) -> list[list[Words]]:
    """Return texts with those of their words as links that are links.

    Documents also have links that lead nowhere: these are only words. A link whose words are not found comes
    after the last text.
    """
    waiting = [link for link in links if is_web_address(link.href)]
    contents: list[list[Words]] = []
    for text in texts:
        words, start = [], 0
        for link in list(waiting):
            place = text.find(link.text, start) if link.text else -1
            if place >= 0:
                words += [Words(text[start:place]), _link(link)]
                start = place + len(link.text)
                waiting.remove(link)
        contents.append([*words, Words(text[start:])])
    for link in waiting:
        contents[-1] += [Words(" "), _link(link)]
    return contents


def _link(link: LinkRow) -> Words:
    return Words(link.text or link.href, iri_to_uri(link.href))
