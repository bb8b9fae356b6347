"""What a Word document says in places that are not read: each is told, so that nothing gets lost unseen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from .docx_file import W, WordFile
from .docx_text import MAX_DEPTH
from .notices import NoticeLog, Place
from .text import collapse, has_words

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = frozenset((f"{W}t", f"{_DRAWING}t", f"{_MATH}t"))
# Deleted or moved away, or what older programs show instead.
_GONE = frozenset((f"{W}del", f"{W}moveFrom", f"{_MC}Fallback"))
_FRAMES = frozenset((f"{W}txbxContent", f"{_DRAWING}t"))
_OTHER_DOCUMENTS = frozenset((f"{W}altChunk", f"{W}subDoc"))


@dataclass(slots=True)
class UnreadText:
    """Compares all that a document says with what was read of it."""

    file: WordFile
    log: NoticeLog
    _passed: set[int] = field(default_factory=set)

    def pass_by(self, cell: Element) -> None:
        """Leave a cell out: what it says is no part of a plan."""
        self._passed.add(id(cell))

    def tell(self, read: set[int], lines: dict[int, int]) -> None:
        """Log what was not read. Both know elements by `id`: texts, and the ordinals of paragraphs."""
        walk = _Walk(read, lines, self._passed, self.file.comments, self.log)
        walk.through(self.file.body)
        for words in self.file.margins:
            message = _("The words “%(text)s” at the top or the bottom of the pages were not read.")
            self.log.warn("margin-dropped", Place(1), message, words)


@dataclass(slots=True)
class _Walk:
    read: set[int]
    lines: dict[int, int]
    passed: set[int]
    comments: dict[str, str]
    log: NoticeLog
    line: int = 1

    def through(self, element: Element, depth: int = 0) -> None:
        """Log what stands in an element and was not read."""
        if depth > 4 * MAX_DEPTH:
            raise RecursionError
        if element.tag in _GONE or id(element) in self.passed or _is_deleted_row(element):
            return
        self.line = self.lines.get(id(element), self.line)
        if element.tag in _OTHER_DOCUMENTS:
            message = _(
                "Paragraph %(line)d: a whole other document is put in after it. Open the document in Word "
                "and save it anew."
            )
            self.log.error("other-document", Place(self.line), message)
        elif element.tag in _FRAMES:
            self._tell_frame(element)
        elif element.tag == f"{_MATH}oMath" or (element.tag in _TEXTS and id(element) not in self.read):
            self._tell_text(element)
        else:
            self._tell_comment(element)
            for child in element:
                self.through(child, depth + 1)

    def _tell_frame(self, element: Element) -> None:
        if words := _words(element.iter()):
            message = _("Paragraph %(line)d: text in a frame is not read. Move it into the document itself.")
            self.log.error("frame", Place(self.line), message, words)

    def _tell_text(self, element: Element) -> None:
        if words := _words(element.iter()):
            message = _(
                "Paragraph %(line)d: “%(text)s” stands in a formula or the like and is not read. Type it as "
                "plain text."
            )
            self.log.error("unread-text", Place(self.line), message, words)

    def _tell_comment(self, element: Element) -> None:
        if element.tag == f"{W}commentReference" and (words := self.comments.get(element.get(f"{W}id", ""))):
            message = _(
                "Paragraph %(line)d: the comment “%(text)s” was not read. Write what belongs to the plan "
                "into its text."
            )
            self.log.warn("comment-dropped", Place(self.line), message, words)


def _words(elements: Iterable[Element]) -> str:
    """Return the text of these elements, "" if there is none in them."""
    text = collapse("".join(element.text or "" for element in elements if element.tag in _TEXTS))
    return text if has_words(text) else ""


def _is_deleted_row(element: Element) -> bool:
    return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None
