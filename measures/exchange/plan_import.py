"""Writes a plan that was read from a document into the database, all or nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..enums import CodeKind, ConditionState, PlanState
from ..models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Partner,
    Plan,
    PlannedResult,
    Project,
    Resource,
    ResultProject,
    StrategyCode,
    StrategyDirection,
    Task,
)
from ..validators import CODE_PATTERN
from .document_tree import ActionText, CodeMention, Link, MeasureText, PlanText, ResultText, TaskText


class PlanImportError(Exception):
    """The plan cannot be written; the message says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """What a plan holds."""

    tasks: int
    measures: int
    actions: int
    results: int
    measure_codes: int
    action_codes: int
    resources: int
    partners: int

    @classmethod
    def of(cls, plan: Plan) -> "PlanCounts":
        """Count the rows of a plan; horizontal priorities are no codes."""
        with_number = {"code__kind__in": [CodeKind.MEASURE, CodeKind.ACTION]}
        return cls(
            tasks=Task.objects.filter(plan=plan).count(),
            measures=Measure.objects.filter(plan=plan).count(),
            actions=Action.objects.filter(plan=plan).count(),
            results=PlannedResult.objects.filter(plan=plan).count(),
            measure_codes=MeasureCode.objects.filter(measure__plan=plan, **with_number).count(),
            action_codes=ActionCode.objects.filter(action__plan=plan, **with_number).count(),
            resources=Resource.objects.filter(actions__plan=plan).distinct().count(),
            partners=Partner.objects.filter(actions__plan=plan).distinct().count(),
        )


def known_names(register: type[Partner] | type[Resource] | type[Project]) -> dict[str, Any]:
    """Return the rows of a register by name and by every other spelling."""
    rows = register.objects.prefetch_related("aliases")
    return {name: row for row in rows for name in (row.name, *(alias.name for alias in row.aliases.all()))}


@transaction.atomic
def import_plan(text: PlanText, *, slug: str = "", state: str = PlanState.ACTIVE) -> Plan:
    """Write a plan and return it. Raises PlanImportError if one of that short name exists already."""
    slug = slug or f"{text.first_year}-{text.last_year}"
    if Plan.objects.filter(slug=slug).exists():
        raise PlanImportError(
            _("The plan %(slug)s exists already. Give another short name, or delete the draft first.")
            % {"slug": slug}
        )
    plan = Plan(
        slug=slug,
        title=text.title,
        organisation=text.organisation,
        goal=text.goal,
        first_year=text.first_year,
        last_year=text.last_year,
        state=PlanState.DRAFT,
    )
    plan.full_clean()
    _save(plan)
    writer = _PlanWriter(plan)
    for task in text.tasks:
        writer.write_task(task)
    if state != PlanState.DRAFT:
        # Last of all, for the text counts as complete from this moment on.
        plan.state = state
        _save(plan)
    return plan


class _PlanWriter:
    """Writes the levels of one plan; registers are read once and grow as new names turn up."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.codes: dict[str, StrategyCode] = {code.code: code for code in StrategyCode.objects.all()}
        self.directions = {direction.code: direction for direction in StrategyDirection.objects.all()}
        self.partners = known_names(Partner)
        self.resources = known_names(Resource)
        self.projects = known_names(Project)

    def write_task(self, text: TaskText) -> None:
        task = Task(plan=self.plan, number=text.number, title=text.title)
        _save(task)
        for measure in text.measures:
            self._write_measure(task, measure)

    def _write_measure(self, task: Task, text: MeasureText) -> None:
        measure = Measure(
            plan=self.plan,
            task=task,
            number=text.number,
            number_as_written=text.number_as_written,
            title=text.title,
        )
        _save(measure)
        self._write_codes(MeasureCode, text.codes, text.title, measure=measure)
        for action in text.actions:
            self._write_action(measure, action)

    def _write_action(self, measure: Measure, text: ActionText) -> None:
        action = Action(
            plan=self.plan,
            measure=measure,
            number=text.number,
            title=text.title,
            lead_in=text.lead_in,
            links=_links(text.links),
        )
        _save(action)
        self._write_codes(ActionCode, text.codes, text.title, action=action)
        for resource, position, as_written in _merged(text.resources, self.resources, Resource):
            _save(ActionResource(action=action, resource=resource, position=position, as_written=as_written))
        for partner, position, as_written in _merged(text.partners, self.partners, Partner):
            _save(ActionPartner(action=action, partner=partner, position=position, as_written=as_written))
        around = f"{text.title} {text.lead_in}"
        for position, result in enumerate(text.results, start=1):
            self._write_result(action, position, result, around)

    def _write_result(self, action: Action, position: int, text: ResultText, around: str) -> None:
        result = PlannedResult(
            plan=self.plan,
            action=action,
            key=f"{action.number}-{position}",
            position=position,
            text=text.text,
            sub_items=list(text.sub_items),
            links=_links(text.links),
            first_year=text.first_year,
            last_year=text.last_year,
            period_text=text.period_text,
            condition=text.condition,
            condition_state=ConditionState.PENDING if text.condition else "",
        )
        _save(result)
        own = self._projects_in(" ".join((text.text, *text.sub_items)))
        for number, project in enumerate(own or self._projects_in(around), start=1):
            _save(ResultProject(result=result, project=project, position=number))

    def _write_codes(self, model: Any, mentions: Sequence[CodeMention], title: str, **owner: Any) -> None:
        codes = [
            (self._code(mention, title), "" if mention.kind == "priority" else mention.as_written)
            for mention in mentions
        ]
        priorities = [
            (code, "")
            for code in self.codes.values()
            if code.kind == CodeKind.PRIORITY and f"„{code.code}“" in title and (code, "") not in codes
        ]
        for position, (code, as_written) in enumerate(codes + priorities, start=1):
            _save(model(**owner, code=code, position=position, as_written=as_written))

    def _code(self, mention: CodeMention, title: str) -> StrategyCode:
        """Return the code of a mention; one that is new is named after the place where it stands."""
        if mention.code not in self.codes:
            match = CODE_PATTERN.fullmatch(mention.code)
            direction = self.directions.get(match["direction"]) if match else None
            if direction is None:
                raise PlanImportError(
                    _("The code %(code)s belongs to no known direction. Load the reference lists first.")
                    % {"code": mention.code}
                )
            code = StrategyCode(code=mention.code, kind=mention.kind, title=title, direction=direction)
            code.full_clean()
            _save(code)
            self.codes[mention.code] = code
        return self.codes[mention.code]

    def _projects_in(self, text: str) -> list[Project]:
        """Return the projects whose names stand in the text, in the order of their first mention."""
        places: dict[Project, int] = {}
        for name, project in self.projects.items():
            if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                places[project] = min(match.start(), places.get(project, match.start()))
        return sorted(places, key=lambda project: places[project])


def _merged(names: Iterable[str], known: dict[str, Any], register: Any) -> list[tuple[Any, int, str]]:
    """Return row, position and wording of each name; two spellings of one row in one cell become one link."""
    wordings: dict[Any, list[str]] = {}
    for name in names:
        if name not in known:
            row = register(name=name)
            row.full_clean()
            _save(row)
            known[name] = row
        wordings.setdefault(known[name], []).append(name)
    return [
        (row, position, "; ".join(words)) for position, (row, words) in enumerate(wordings.items(), start=1)
    ]


def _save(row: Any) -> None:
    """Save, and let history say how the row came about; what is done to it later is no import."""
    row._change_reason = _("Import")
    row.save()
    del row._change_reason


def _links(links: Iterable[Link]) -> list[dict[str, str]]:
    return [{"text": link.text, "href": link.href} for link in links]
