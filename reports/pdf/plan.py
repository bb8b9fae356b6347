"""The PDF of the plan for the board: figures and charts, the document with progress, the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.tree.rows import PlanTree

from ..plan_words import DOCUMENT_COLUMNS, GOAL
from ..rows import ClosedPeriod
from ..rules_in_words import Rule, rules_in_words
from ..sentences import as_of_line
from ..trend import Trend
from .compiler import Document, Frame, compile_pdf, running_head
from .parts import made_line, shown_line
from .plan_cover import Cover, cover_of
from .plan_table import Band, plan_bands


@dataclass(frozen=True, slots=True)
class PlanDocument(Document):
    """The content of `plan.typ`; `empty` is said in place of the table if it has no rows."""

    organisation: str
    title: str
    goal: str
    as_of: str
    shown: str
    made: str
    cover: Cover
    table_title: str
    columns: Sequence[str]
    bands: Sequence[Band]
    empty: str
    rules_title: str
    rules: Sequence[Rule]


def write_plan_pdf(
    tree: PlanTree,
    *,
    directions: Mapping[str, str],
    trend: Trend,
    period: ClosedPeriod | None = None,
    said: str = "",
    made_by: str,
    made_at: datetime,
) -> bytes:
    """Return the file, in the active language; `made_at` is aware.

    `directions` maps those of KRSS2030 to their titles, in their order; `period` is the closed one that froze
    the plan, if one did; `said` tells in words which part of it is shown, if not the whole.
    """
    as_of = as_of_line(tree, period)
    document = PlanDocument(
        frame=Frame(
            title=f"{tree.title} – {as_of}",
            author=tree.organisation,
            language=get_language() or "",
            running=running_head(tree.title),
            as_of=as_of,
            banner=_("Sample data") if tree.is_sample else "",
        ),
        organisation=tree.organisation,
        title=tree.title,
        goal=f"{GOAL}: {tree.goal}",
        as_of=as_of,
        shown=shown_line(said),
        made=made_line(made_by, made_at),
        cover=cover_of(tree, directions, trend),
        table_title=_("Plan"),
        columns=[*DOCUMENT_COLUMNS, _("Status"), _("Progress")],
        bands=plan_bands(tree),
        empty=_("No planned result matches.") if said else _("Nothing of the plan on this day."),
        rules_title=_("How it is counted"),
        rules=rules_in_words(tree),
    )
    return compile_pdf("plan.typ", document, made_at)
