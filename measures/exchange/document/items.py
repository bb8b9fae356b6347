"""Read the planned results of one action: dashed items, sub-items, periods and conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.exchange.document.notices import NoticeLog, Place
from measures.exchange.document.periods import PERIOD, Period, PeriodReader, has_year_near_end, is_unclear
from measures.exchange.document.segments import Kind, Segment, split_cell
from measures.exchange.document.styles import Role
from measures.exchange.document.text import Block, collapse, has_words, parentheticals
from measures.exchange.document.tree import RESULT_COLUMN, Link, ResultText

# A parenthetical states a condition if it has every part of one of these.
CONDITION_PHRASES = (
    ("sėkmės atveju",),
    ("esant ", "poreiki"),
    ("esant ", "finansavim"),
    ("esant ", "sutarim"),
    ("esant ", "resurs"),
    ("esant ", "galimyb"),
    ("esant ", "lėš"),
    ("priėmus sprendimą",),
    ("ieškom", "finansavim"),
    ("gavus ", "finansavim"),
    ("skyrus ", "finansavim"),
)


@dataclass(slots=True)
class _Item:
    """A planned result while it grows: its own text first, then one list of pieces per sub-item."""

    line: int
    parts: list[list[str]]
    links: list[Link]
    role: Role | None = None
    period: str = ""
    is_closed: bool = False

    def add(self, segment: Segment) -> None:
        if segment.kind is Kind.SUB_ITEM:
            self.parts.append([])
        self.parts[-1].append(segment.text)
        self.links.extend(segment.links)
        self.period = segment.period or self.period
        self.is_closed = segment.is_closed


@dataclass(frozen=True, slots=True)
class ResultCell:
    """The third column of one action."""

    lead_in: str = ""
    links: tuple[Link, ...] = ()
    results: tuple[ResultText, ...] = ()


@dataclass(slots=True)
class ResultReader:
    """Reads the third column of the action with this number; the years are the plan's."""

    number: str
    first_year: int
    last_year: int
    log: NoticeLog

    def read(self, blocks: Sequence[Block], action_title: str) -> ResultCell:
        """Return the action's planned results. A condition in its title holds for all of them."""
        lead, items = self._assemble(split_cell(blocks))
        return ResultCell(
            lead_in=collapse(" ".join(f"{segment.mark} {segment.text}" for segment in lead)),
            links=tuple(link for segment in lead for link in segment.links),
            results=tuple(self._results(items, condition_in(action_title))),
        )

    def _assemble(self, segments: list[Segment]) -> tuple[list[Segment], list[_Item]]:
        """Return what stands before the first dash, and the items."""
        lead: list[Segment] = []
        items: list[_Item] = []
        has_dashes = any(segment.kind is Kind.ITEM for segment in segments)
        for segment in segments:
            if segment.kind is Kind.ITEM or _is_item_without_dash(segment, items, has_dashes):
                if segment.kind is not Kind.ITEM and (items or has_dashes):
                    self._warn_of_missing_dash(segment)
                items.append(_Item(segment.line, [[]], [], segment.role))
                items[-1].add(segment)
            elif items:
                items[-1].add(segment)
            else:
                lead.append(segment)
        return lead, items

    def _results(self, items: list[_Item], action_condition: str) -> list[ResultText]:
        """Build the results, the last first: a period stands for those before it that have none."""
        results: list[ResultText] = []
        listed: Period | None = None
        list_condition = ""
        for item in reversed(items):
            texts = [collapse(" ".join(pieces)) for pieces in item.parts]
            own = self._own_period(item, texts)
            condition = condition_in(texts[0]) or action_condition
            if own:
                listed, list_condition = own, condition_in(texts[0])
            elif item.role is None and any(map(has_year_near_end, (texts[-1], texts[0]))):
                # Its years may also hold for those before it, so a later period holds for none of them.
                listed = None
                self._warn_of_unread_years(item, texts)
            elif listed and item.role is not Role.OPEN_ITEM:
                condition = condition or list_condition
            else:
                self._warn_of_missing_period(item, texts[0])
            self._check_words(item, texts)
            valid = own or (None if item.role is Role.OPEN_ITEM else listed)
            as_written = own.as_written if own else ""
            results.append(_result(item, texts, valid, as_written, condition))
        return results[::-1]

    def _own_period(self, item: _Item, texts: list[str]) -> Period | None:
        """Return the period of an item: the one that its style tells, or else cut off the item's end."""
        place = self._place(item.line)
        if item.role in (Role.LISTED_ITEM, Role.OPEN_ITEM):
            return None
        if not item.period:
            return self._take_period(texts, place)
        match = PERIOD.fullmatch(item.period)
        if match and not is_unclear(match, ""):
            return self._years.read(match, place)
        message = _(
            "Line %(line)d, %(number)s: the period “%(text)s” tells no years. Write it like this: 2023–2024."
        )
        self.log.warn("period-unreadable", place, message, item.period)
        return Period(None, None, item.period)

    def _take_period(self, texts: list[str], place: Place) -> Period | None:
        """Cut the period off the item's end: after its last sub-item, else after its own text."""
        for index in dict.fromkeys((len(texts) - 1, 0)):
            match = PERIOD.search(texts[index])
            if match and not self._years.is_length(match):
                rest = texts[index][: match.start()].rstrip()
                if is_unclear(match, rest):
                    message = _(
                        "Line %(line)d, %(number)s: the years in “%(text)s” can be read in two ways. "
                        "Write one year, or a first and a last year with a dash."
                    )
                    self.log.error("period-unclear", place, message, texts[index][-60:])
                texts[index] = rest
                return self._years.read(match, place)
        return None

    @property
    def _years(self) -> PeriodReader:
        return PeriodReader(self.first_year, self.last_year, self.log)

    def _check_words(self, item: _Item, texts: list[str]) -> None:
        if not all(has_words(text) for text in texts):
            message = _(
                "Line %(line)d, %(number)s: a list item has no text. Write it or remove its mark or its year."
            )
            self.log.error("item-empty", self._place(item.line), message)

    def _warn_of_missing_dash(self, segment: Segment) -> None:
        message = _(
            "Line %(line)d, %(number)s: “%(text)s” has no dash before it. "
            "It was read as a planned result of its own; check it."
        )
        self.log.warn("dash-missing", self._place(segment.line), message, collapse(segment.text))

    def _warn_of_unread_years(self, item: _Item, texts: list[str]) -> None:
        message = _(
            "Line %(line)d, %(number)s: the years in “%(text)s” were not understood; "
            "the planned result has no period. Write them like this: 2023–2024."
        )
        text = texts[-1] if has_year_near_end(texts[-1]) else texts[0]
        self.log.warn("years-not-read", self._place(item.line), message, text[-60:])

    def _warn_of_missing_period(self, item: _Item, text: str) -> None:
        message = _(
            "Line %(line)d, %(number)s: the planned result “%(text)s” has no period. Add it if there is one."
        )
        self.log.warn("period-missing", self._place(item.line), message, text)

    def _place(self, line: int) -> Place:
        return Place(line, RESULT_COLUMN, self.number)


def condition_in(text: str) -> str:
    """Return the text's parentheticals that state a condition, without their brackets."""
    inner = (text[start + 1 : end - 1].strip() for start, end in parentheticals(text))
    return "; ".join(words for words in inner if _is_condition(words))


def _is_condition(words: str) -> bool:
    padded = f" {words.lower()} "
    return any(all(f" {part}" in padded for part in phrase) for phrase in CONDITION_PHRASES)


def _is_item_without_dash(segment: Segment, items: list[_Item], has_dashes: bool) -> bool:
    """Say whether a segment opens an item though no dash does."""
    if segment.role is Role.LEAD_IN:
        return False
    if not items and not has_dashes:
        return True
    if segment.kind is not Kind.TEXT:
        return False
    return items[-1].is_closed if items else segment.is_closed


def _result(
    item: _Item, texts: list[str], period: Period | None, as_written: str, condition: str
) -> ResultText:
    return ResultText(
        text=texts[0],
        sub_items=tuple(texts[1:]),
        first_year=period.first_year if period else None,
        last_year=period.last_year if period else None,
        period_text=as_written,
        condition=condition,
        links=tuple(item.links),
        line=item.line,
    )
