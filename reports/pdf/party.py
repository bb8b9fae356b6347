"""The PDF of what one partner, resource or project carries: the rows of its page, to be sent to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from akr_plan.templatetags.plan_text import iso, percent
from measures.tree.rows import ActionRow, PlanTree, ResultRow

from ..parties import PartySheet
from ..sentences import as_of_line, headline, progress_line
from .compiler import Document, Frame, compile_pdf, running_head
from .parts import BarPart, bar_parts, made_line, shown_line


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One row of the table: a planned result."""

    text: str
    sub_items: Sequence[str]
    condition: str
    term: str
    standing: str
    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """The line above the rows of an action; `report` says whose it is and when it was last reported on."""

    number: str
    title: str
    report: str
    results: Sequence[ResultLine]


@dataclass(frozen=True, slots=True)
class PartyDocument(Document):
    """The content of `party.typ`; `empty` is said in place of the table if there are no actions."""

    organisation: str
    name: str
    plan: str
    facts: Sequence[str]
    shown: str
    made: str
    headline: str
    segments: Sequence[BarPart]
    figures: Sequence[str]
    carried: str
    heads: Sequence[str]
    actions: Sequence[ActionLine]
    empty: str


def write_party_pdf(
    tree: PlanTree, sheet: PartySheet, *, said: str = "", made_by: str, made_at: datetime
) -> bytes:
    """Return the file, in the active language; `made_at` is aware.

    `said` tells in words which part of the plan is shown, if not the whole.
    """
    return compile_pdf("party.typ", _document(tree, sheet, said, made_by, made_at), made_at)


def _document(tree: PlanTree, sheet: PartySheet, said: str, made_by: str, made_at: datetime) -> PartyDocument:
    as_of = as_of_line(tree)
    return PartyDocument(
        frame=Frame(
            title=f"{sheet.name} – {tree.title} – {as_of}",
            author=tree.organisation,
            language=get_language() or "",
            running=running_head(tree.title, sheet.name),
            as_of=as_of,
            banner=_("Sample data") if tree.is_sample else "",
        ),
        organisation=tree.organisation,
        name=sheet.name,
        plan=f"{tree.title} · {as_of}",
        facts=list(_facts(sheet)),
        shown=shown_line(said),
        made=made_line(made_by, made_at),
        headline=headline(sheet.summary),
        segments=bar_parts(sheet.summary),
        figures=[progress_line(sheet.summary), *_due_soon(sheet.summary.due_soon)],
        carried=_carried(sheet),
        heads=[_("No."), _("Planned result"), _("Term"), _("Status"), _("Progress")],
        actions=[_action_line(action) for action in sheet.actions],
        empty=_("No planned result matches.") if said else _("Nothing of the plan on this day."),
    )


def _facts(sheet: PartySheet) -> Iterator[str]:
    """Yield what the register and the document say of the party, a line for each."""
    facts = sheet.facts
    if facts.about:
        yield facts.about
    if facts.starts_on or facts.ends_on:
        yield f"{iso(facts.starts_on)} – {iso(facts.ends_on)}"
    if facts.aliases:
        yield f"{_('Also called:')} {', '.join(f'„{alias}“' for alias in facts.aliases)}"
    if sheet.spellings:
        written = [f"„{spelling.text}“ ({', '.join(spelling.actions)})" for spelling in sheet.spellings]
        yield f"{_('In the document:')} {'; '.join(written)}"


def _due_soon(count: int) -> Iterator[str]:
    if count:
        yield f"{count} {ngettext('term within 90 days', 'terms within 90 days', count)}."


def _carried(sheet: PartySheet) -> str:
    """Return the heading of the table: how much there is in it."""
    actions, results = len(sheet.actions), sheet.results
    counts = [
        ngettext("%(n)s action", "%(n)s actions", actions) % {"n": actions},
        ngettext("%(n)s planned result", "%(n)s planned results", results) % {"n": results},
    ]
    return ", ".join(counts)


def _action_line(action: ActionRow) -> ActionLine:
    reported = (
        f"{_('Last report')}: {iso(action.last_reported_on)}"
        if action.last_reported_on
        else _("not reported yet")
    )
    owner = f"{_('Owner')}: {action.owner}" if action.owner else _("no owner")
    return ActionLine(
        action.number,
        action.title,
        f"{owner} · {reported}",
        [_result_line(result) for result in action.results],
    )


def _result_line(result: ResultRow) -> ResultLine:
    condition = f"{_('Condition')}: {result.condition} ({result.condition_label.lower()})"
    return ResultLine(
        text=result.text,
        sub_items=result.sub_items,
        condition=condition if result.condition else "",
        term=iso(result.due_on),
        standing=result.standing.value,
        label=str(result.standing.label),
        percent=percent(result.percent),
    )
