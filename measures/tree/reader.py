"""Reads the plan from the database and hands it out as finished rows.

`read_tree` takes thirteen queries whatever the plan's size (eleven without the journal). For a past day the
text of the plan comes from history and the statuses from the journal, deleted and moved items included.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Model, QuerySet
from django.utils import timezone

from akr_plan.models import User

from .. import rules
from ..enums import Status
from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    ProgressUpdate,
    ResultProgress,
    ResultProject,
    Task,
)
from ..rules import Progress
from .rows import (
    ActionRow,
    CodeRow,
    LinkRow,
    MeasureRow,
    NameRow,
    Note,
    PlanTree,
    ResultRow,
    TaskRow,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the tables as they are, or history as of a moment."""

    plan: Plan
    moment: datetime | None

    def items(self, model: type[Model]) -> QuerySet[Any]:
        """Return the plan's rows of one level of the tree."""
        return self._all(model).filter(plan_id=self.plan.pk)

    def links(self, model: Any, owners: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that tie references to the given rows of the tree."""
        return self._all(model).filter(**{f"{model.owner_field}_id__in": owners.values("id")})

    def _all(self, model: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.all() if self.moment is None else model.history.as_of(self.moment)
        return rows


def read_tree(plan: Plan, as_of: date | None = None, *, with_notes: bool = False) -> PlanTree:
    """Return the plan as it stood at the end of a day (today unless given).

    Before the plan was adopted its text is shown as it was at adoption. `with_notes` adds what was last
    reported of each result.
    """
    today = timezone.localdate()
    as_of = as_of or today
    is_today = as_of >= today
    source = Source(plan, None if is_today else moment_of(plan, as_of))
    return _TreeReader(source, as_of, is_today=is_today, with_notes=with_notes).read()


def moment_of(plan: Plan, as_of: date) -> datetime | None:
    """Return the last moment of the day, but none before the adoption; None where nothing is adopted yet."""
    if plan.adopted_at is None:
        return None
    end_of_day = timezone.make_aware(datetime.combine(as_of + timedelta(days=1), time.min))
    return max(end_of_day - timedelta(microseconds=1), plan.adopted_at)


class _TreeReader:
    """Reads each level of the tree in one query and joins them in memory; ids never leave this class."""

    def __init__(self, source: Source, as_of: date, *, is_today: bool, with_notes: bool) -> None:
        self.source, self.plan = source, source.plan
        self.as_of, self.is_today, self.with_notes = as_of, is_today, with_notes
        self.until = None if is_today else as_of

    def read(self) -> PlanTree:
        plan = self.plan
        tasks = self.source.items(Task).order_by("sort_key").values("id", "number", "title")
        task_numbers = {task["id"]: task["number"] for task in tasks}
        measures = self._measures(task_numbers)
        return PlanTree(
            slug=plan.slug,
            title=plan.title,
            organisation=plan.organisation,
            goal=plan.goal,
            first_year=plan.first_year,
            last_year=plan.last_year,
            years=plan.years,
            is_sample=plan.is_sample,
            as_of=self.as_of,
            is_today=self.is_today,
            tasks=tuple(
                TaskRow(task["number"], task["title"], tuple(measures[task["id"]])) for task in tasks
            ),
        )

    def _measures(self, task_numbers: Mapping[int, str]) -> Mapping[int, list[MeasureRow]]:
        """Return the measures of each task."""
        items = self.source.items(Measure)
        fields = ("id", "task_id", "number", "number_as_written", "title")
        codes = self._codes(MeasureCode, items)
        rows = list(items.order_by("sort_key").values(*fields))
        task_of = {row["id"]: task_numbers[row["task_id"]] for row in rows}
        actions = self._actions(task_of, codes)
        measures = defaultdict(list)
        for row in rows:
            measures[row["task_id"]].append(
                MeasureRow(
                    number=row["number"],
                    number_as_written=row["number_as_written"],
                    title=row["title"],
                    codes=tuple(codes[row["id"]]),
                    actions=tuple(actions[row["id"]]),
                )
            )
        return measures

    def _actions(
        self, task_of: Mapping[int, str], measure_codes: Mapping[int, list[CodeRow]]
    ) -> Mapping[int, list[ActionRow]]:
        """Return the actions of each measure."""
        items = self.source.items(Action)
        fields = ("id", "measure_id", "number", "title", "lead_in", "links", "owner_id")
        rows = list(items.order_by("sort_key").values(*fields))
        codes = self._codes(ActionCode, items)
        resources = self._names(ActionResource, items)
        partners = self._names(ActionPartner, items)
        results = self._results({row["id"]: row["number"] for row in rows})
        owners = {user.pk: user for user in User.objects.filter(pk__in={row["owner_id"] for row in rows})}
        last_reported_on = _last_reports(self.plan, self.until)
        actions = defaultdict(list)
        for row in rows:
            own = tuple(codes[row["id"]])
            owner = owners.get(row["owner_id"])
            actions[row["measure_id"]].append(
                ActionRow(
                    number=row["number"],
                    title=row["title"],
                    lead_in=row["lead_in"],
                    task_number=task_of[row["measure_id"]],
                    owner=str(owner) if owner else "",
                    owner_username=owner.username if owner else "",
                    codes=own,
                    effective_codes=own or tuple(measure_codes[row["measure_id"]]),
                    links=_links(row["links"]),
                    resources=tuple(resources[row["id"]]),
                    partners=tuple(partners[row["id"]]),
                    results=tuple(results[row["id"]]),
                    last_reported_on=last_reported_on.get(row["id"]),
                )
            )
        return actions

    def _results(self, action_numbers: Mapping[int, str]) -> Mapping[int, list[ResultRow]]:
        """Return the planned results of each action."""
        items = self.source.items(PlannedResult)
        projects = self._names(ResultProject, items)
        journal = _Journal.read(self.plan, self.until, with_notes=self.with_notes)
        results = defaultdict(list)
        for item in items.order_by("position", "id"):
            progress = item.progress if self.is_today else journal.progress_of(item)
            names = tuple(project.name for project in projects[item.pk])
            note = journal.note_on(item)
            action_number = action_numbers[item.action_id]
            results[item.action_id].append(self._result(item, action_number, progress, names, note))
        return results

    def _result(
        self,
        item: PlannedResult,
        action_number: str,
        progress: Progress,
        projects: tuple[str, ...],
        note: Note | None,
    ) -> ResultRow:
        due = rules.due_on(
            deadline=item.deadline, last_year=item.last_year, plan_last_year=self.plan.last_year
        )
        schedule = rules.schedule_of(progress, due, self.as_of)
        return ResultRow(
            key=item.key,
            action_number=action_number,
            text=item.text,
            sub_items=tuple(item.sub_items),
            links=_links(item.links),
            first_year=item.first_year,
            last_year=item.last_year,
            years=item.years,
            period_text=item.period_text,
            due_on=due,
            condition=item.condition,
            progress=progress,
            schedule=schedule,
            standing=rules.standing_of(progress, schedule),
            projects=projects,
            note=note,
        )

    def _codes(self, model: Any, owners: QuerySet[Any]) -> Mapping[int, list[CodeRow]]:
        """Return the codes of each measure or action."""
        fields = (f"{model.owner_field}_id", "as_written", *_CODE_FIELDS)
        codes = defaultdict(list)
        for owner_id, as_written, code, title, kind, direction, sort_key in self._in_position(
            model, owners, fields
        ):
            codes[owner_id].append(CodeRow(code, title, kind, direction or "", as_written, sort_key))
        return codes

    def _names(self, model: Any, owners: QuerySet[Any]) -> Mapping[int, list[NameRow]]:
        """Return the resources, partners or projects of each action or result."""
        reference = model.reference_field
        as_written = "as_written" if model is not ResultProject else f"{reference}__name"
        names = defaultdict(list)
        fields = (f"{model.owner_field}_id", f"{reference}__name", as_written)
        for owner_id, name, written in self._in_position(model, owners, fields):
            names[owner_id].append(NameRow(name, written or name))
        return names

    def _in_position(self, model: Any, owners: QuerySet[Any], fields: Iterable[str]) -> QuerySet[Any]:
        return self.source.links(model, owners).order_by("position", "id").values_list(*fields)


_CODE_FIELDS = ("code__code", "code__title", "code__kind", "code__direction__code", "code__sort_key")


@dataclass(frozen=True, slots=True)
class _Journal:
    """What the journal says up to a day, by the id of the result."""

    states: Mapping[int, Progress]
    notes: Mapping[int, Note]
    action_notes: Mapping[int, Note]

    @classmethod
    def read(cls, plan: Plan, until: date | None, *, with_notes: bool) -> "_Journal":
        """Read what is needed: today's statuses stand on the results themselves."""
        updates = _notes(plan, until) if with_notes else {}
        if until is None and not updates:
            return cls({}, {}, {})
        lines = (
            ResultProgress.objects.filter(update__plan=plan)
            .standing()
            .until(until)
            .order_by("update__reported_on", "id")
            .values_list("result_id", "update_id", "status", "percent")
        )
        states, notes, with_lines = {}, {}, set()
        for result_id, update_id, status, percent in lines:
            states[result_id] = Progress(status, percent)
            with_lines.add(update_id)
            if update_id in updates:
                notes[result_id] = updates[update_id][1]
        # A note without a changed result speaks of the whole action.
        action_notes = {
            action_id: note for update, (action_id, note) in updates.items() if update not in with_lines
        }
        return cls(states, notes, action_notes)

    def progress_of(self, item: PlannedResult) -> Progress:
        """Return status and percent on the day; the condition is a matter of the plan's text."""
        state = self.states.get(item.pk, Progress(Status.NOT_STARTED, 0))
        return Progress(state.status, state.percent, item.condition_state)

    def note_on(self, item: PlannedResult) -> Note | None:
        """Return the newest note on the result or on its action as a whole."""
        notes = [
            note
            for note in (self.notes.get(item.pk), self.action_notes.get(item.action_id))
            if note is not None
        ]
        return max(notes, key=lambda note: (note.reported_on, note.update), default=None)


def _notes(plan: Plan, until: date | None) -> dict[int, tuple[int, Note]]:
    """Return action and note of each update that says what was done, oldest first, by the update's id."""
    updates = ProgressUpdate.objects.filter(plan=plan).standing().exclude(comment="").until(until)
    return {
        pk: (action_id, Note(pk, reported_on, comment))
        for pk, action_id, reported_on, comment in updates.order_by("reported_on", "id").values_list(
            "id", "action_id", "reported_on", "comment"
        )
    }


def _last_reports(plan: Plan, until: date | None) -> dict[int, date]:
    """Return the day of the newest report on each action, by the action's id."""
    updates = ProgressUpdate.objects.filter(plan=plan).standing().until(until)
    return dict(updates.order_by().values_list("action_id").annotate(Max("reported_on")))


def _links(links: Iterable[Mapping[str, str]]) -> tuple[LinkRow, ...]:
    return tuple(LinkRow(link["text"], link["href"]) for link in links)
