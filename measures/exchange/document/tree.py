"""The plan as it stands in its document: plain texts in a tree, nothing of the database."""

from dataclasses import dataclass, field
from typing import Literal

from measures.exchange.document.notices import Notice

# The five columns of the table, by the names that notices use.
COLUMNS = (
    "Priemonė",
    "Veiksmai",
    "Planuojamos veiklos / rezultatai",
    "Reikalingi resursai",
    "Susijusios institucijos, partneriai",
)
MEASURE_COLUMN, ACTION_COLUMN, RESULT_COLUMN, RESOURCE_COLUMN, PARTNER_COLUMN = COLUMNS


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink: the words it stands on and its address as written (not checked, may be anything)."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class CodeMention:
    """A strategy code: "II.1.2.1.1" without its last dot, and "KRSS2030 II.1.2.1.1. veiksmas" as written.

    A horizontal priority has its name for a code; where a title speaks of it, it is not mentioned once more.
    """

    code: str
    kind: Literal["measure", "action", "priority"]
    as_written: str


@dataclass(frozen=True, slots=True)
class ResultText:
    """One planned result.

    text: plain words without the dash and the period; sub_items: without their bullets;
    first_year, last_year: None, None without a period, and last_year None when it is open;
    period_text: as written, "" when there is none here or it stands later in the list;
    condition: the words in parentheses on which the result depends, an excerpt of text counted elsewhere;
    line: where it stands, 0 if unknown; the same words elsewhere are the same result.
    """

    text: str
    sub_items: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    period_text: str = ""
    condition: str = ""
    links: tuple[Link, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ActionText:
    """One action: "1.2.1", its title without number and codes, and what stands in its row.

    lead_in: what stands before the first dash, and the footnote of an action marked with *;
    links: those of the action's own cell and of the lead-in; resources, partners: names as written;
    line: where its row begins, 0 if unknown; cells: the words of its four columns as the document has them.
    """

    number: str
    title: str
    lead_in: str = ""
    codes: tuple[CodeMention, ...] = ()
    links: tuple[Link, ...] = ()
    results: tuple[ResultText, ...] = ()
    resources: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    cells: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class MeasureText:
    """One measure: its number as a key ("6.2") and as written ("6.."), its title without number and codes.

    line: where its row begins, 0 if unknown; cell: the words of its column as the document has them.
    """

    number: str
    number_as_written: str
    title: str
    codes: tuple[CodeMention, ...] = ()
    actions: tuple[ActionText, ...] = ()
    line: int = field(default=0, compare=False)
    cell: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TaskText:
    """One task: "1" and its title as written; line: where it stands, 0 if unknown."""

    number: str
    title: str
    measures: tuple[MeasureText, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PlanText:
    """The whole plan: "VEIKLOS PLANAS 2023-2024 M." of an organisation, its goal, years and tasks."""

    organisation: str
    title: str
    goal: str
    first_year: int
    last_year: int
    tasks: tuple[TaskText, ...]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """A plan read in full, and what was not read quite as it was written."""

    plan: PlanText
    warnings: tuple[Notice, ...]
