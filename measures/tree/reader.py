"""Reads the plan from the database and hands it out as finished rows.

`read_tree` takes four queries whatever the plan's size. For a past day the text of the plan comes from
history and the statuses from the journal, deleted and moved items included.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db.models import Model
from django.utils import timezone

from akr_plan.models import User

from .. import rules
from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ResultProject,
    Task,
)
from .rows import ActionRow, CodeRow, LinkRow, MeasureRow, NameRow, PlanHead, PlanTree, ResultRow, TaskRow
from .source import Item, Link, Rows, Source
from .states import States


def read_tree(plan: Plan, as_of: date | None = None, *, with_notes: bool = False) -> PlanTree:
    """Return the plan as it stood at the end of a day (today unless given; a closed plan's last).

    Before the plan was adopted its text is shown as it was at adoption. `with_notes` adds what was last
    reported of each result.
    """
    head = head_of(plan, as_of)
    if head.is_today:
        source = Source(plan, None)
        states = States.until(plan, None, with_notes=True) if with_notes else States.of_today(plan)
    else:
        source = Source(plan, moment_of(plan, head.as_of))
        states = States.until(plan, head.as_of, with_notes=with_notes)
    return tree_of(head, source.read(), states)


def tree_of(head: PlanHead, rows: Rows, states: States) -> PlanTree:
    """Return the rows of a moment with what the journal says as one tree; asks no database."""
    return _TreeReader(head, rows, states).read()


def head_of(plan: Plan, as_of: date | None = None) -> PlanHead:
    """Return what stands above the rows of a plan as of a day; asks no database.

    Unless a day is given it is today, for a closed plan the day of its closing.
    """
    today = timezone.localdate()
    as_of = as_of or plan.closed_on or today
    return PlanHead(
        slug=plan.slug,
        title=plan.title,
        organisation=plan.organisation,
        goal=plan.goal,
        first_year=plan.first_year,
        last_year=plan.last_year,
        years=plan.years,
        is_sample=plan.is_sample,
        as_of=as_of,
        is_today=as_of >= today and plan.closed_at is None,
    )


def moment_of(plan: Plan, as_of: date) -> datetime | None:
    """Return the last moment of the day, but none before the adoption; None where nothing is adopted yet.

    The day on which a plan was closed ends with its closing.
    """
    if plan.adopted_at is None:
        return None
    if plan.closed_at and as_of == plan.closed_on:
        return plan.closed_at
    end_of_day = timezone.make_aware(datetime.combine(as_of + timedelta(days=1), time.min))
    return max(end_of_day - timedelta(microseconds=1), plan.adopted_at)


class _TreeReader:
    """Joins the rows of a plan in memory; ids never leave this class."""

    def __init__(self, head: PlanHead, rows: Rows, states: States) -> None:
        self.head, self.plan, self.states = head, rows.plan, states
        self.items: dict[tuple[str, int], list[Item]] = defaultdict(list)
        for item in rows.items:
            self.items[item.level, item.parent_id].append(item)
        self.links: dict[tuple[str, int], list[Link]] = defaultdict(list)
        for link in rows.links:
            self.links[link.kind, link.owner_id].append(link)
        self.results: dict[int, list[PlannedResult]] = defaultdict(list)
        for result in rows.results:
            self.results[result.action_id].append(result)

    def read(self) -> PlanTree:
        above = {field.name: getattr(self.head, field.name) for field in fields(self.head)}
        return PlanTree(**above, tasks=tuple(map(self._task, self._children(Task, self.plan.pk))))

    def _task(self, task: Item) -> TaskRow:
        measures = self._children(Measure, task.id)
        return TaskRow(task.number, task.title, tuple(self._measure(measure, task) for measure in measures))

    def _measure(self, measure: Item, task: Item) -> MeasureRow:
        codes = self._codes(MeasureCode, measure.id)
        actions = self._children(Action, measure.id)
        return MeasureRow(
            number=measure.number,
            number_as_written=measure.number_as_written,
            title=measure.title,
            codes=codes,
            actions=tuple(self._action(action, task, codes) for action in actions),
        )

    def _action(self, action: Item, task: Item, measure_codes: tuple[CodeRow, ...]) -> ActionRow:
        codes = self._codes(ActionCode, action.id)
        return ActionRow(
            number=action.number,
            title=action.title,
            lead_in=action.lead_in,
            task_number=task.number,
            owner=full_name(action.first_name, action.last_name, action.username),
            owner_username=action.username or "",
            codes=codes,
            effective_codes=codes or measure_codes,
            links=_links(action.links),
            resources=self._names(ActionResource, action.id),
            partners=self._names(ActionPartner, action.id),
            results=tuple(self._result(result, action) for result in self.results.get(action.id, ())),
            last_reported_on=self.states.last_reports.get(action.id),
        )

    def _result(self, result: PlannedResult, action: Item) -> ResultRow:
        progress = result.progress if self.head.is_today else self.states.progress_of(result)
        due = rules.due_on(
            deadline=result.deadline, last_year=result.last_year, plan_last_year=self.head.last_year
        )
        schedule = rules.schedule_of(progress, due, self.head.as_of)
        return ResultRow(
            key=result.key,
            action_number=action.number,
            text=result.text,
            sub_items=tuple(result.sub_items),
            links=_links(result.links),
            first_year=result.first_year,
            last_year=result.last_year,
            years=result.years,
            period_text=result.period_text,
            due_on=due,
            condition=result.condition,
            progress=progress,
            schedule=schedule,
            standing=rules.standing_of(progress, schedule),
            projects=tuple(project.name for project in self._names(ResultProject, result.pk)),
            note=self.states.notes.on(result),
            correction=self.states.corrections.on(result),
        )

    def _children(self, model: type[Model], parent_id: int) -> list[Item]:
        return self.items.get((model.__name__, parent_id), [])

    def _codes(self, model: type[Model], owner_id: int) -> tuple[CodeRow, ...]:
        return tuple(
            CodeRow(
                link.name, link.title, link.code_kind, link.direction or "", link.as_written, link.sort_key
            )
            for link in self.links.get((model.__name__, owner_id), ())
        )

    def _names(self, model: type[Model], owner_id: int) -> tuple[NameRow, ...]:
        return tuple(
            NameRow(link.name, link.as_written or link.name)
            for link in self.links.get((model.__name__, owner_id), ())
        )


@cache
def full_name(first_name: str | None, last_name: str | None, username: str | None) -> str:
    """Return how pages call the owner, or nothing if there is none."""
    return str(User(first_name=first_name or "", last_name=last_name or "", username=username or ""))


def _links(links: Iterable[Mapping[str, str]]) -> tuple[LinkRow, ...]:
    return tuple(LinkRow(link["text"], link["href"]) for link in links)
