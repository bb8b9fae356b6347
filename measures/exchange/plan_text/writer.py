"""Writes the parts of a plan document as rows, with history that tells of the import and its author."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from akr_plan.models import User

from ...enums import CodeKind, ConditionState
from ...models import (
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
    VersionedModel,
)
from ...validators import CODE_PATTERN
from ..document.tree import ActionText, CodeMention, Link, MeasureText, ResultText, TaskText


class PlanImportError(Exception):
    """The plan cannot be written; the message says why and what to do. Nothing was written."""


def known_names(register: type[Partner] | type[Resource] | type[Project]) -> dict[str, Any]:
    """Return the rows of a register by name and by every other spelling, in two queries; names come first."""
    rows = register.objects.prefetch_related("aliases")
    spelt = {alias.name: row for row in rows for alias in row.aliases.all()}
    return {**spelt, **{row.name: row for row in rows}}


@dataclass(frozen=True, slots=True)
class Registers:
    """All rows that plans refer to, by name, spelling or code."""

    codes: dict[str, StrategyCode]
    directions: dict[str, StrategyDirection]
    partners: dict[str, Partner]
    resources: dict[str, Resource]
    projects: dict[str, Project]

    @classmethod
    def read(cls) -> "Registers":
        """Read them, in eight queries."""
        return cls(
            codes={code.code: code for code in StrategyCode.objects.all()},
            directions={direction.code: direction for direction in StrategyDirection.objects.all()},
            partners=known_names(Partner),
            resources=known_names(Resource),
            projects=known_names(Project),
        )

    def direction_of(self, code: str) -> StrategyDirection | None:
        """Return the direction that a code of the strategy belongs to; None if it belongs to none here."""
        match = CODE_PATTERN.fullmatch(code)
        return self.directions.get(match["direction"]) if match else None

    def priorities_in(self, title: str) -> list[StrategyCode]:
        """Return the horizontal priorities that a title speaks of."""
        priorities = (code for code in self.codes.values() if code.kind == CodeKind.PRIORITY)
        return [code for code in priorities if f"„{code.code}“" in title]

    def projects_of(self, result: ResultText, action: ActionText) -> list[Project]:
        """Return the projects that a result speaks of, else those that its action does."""
        own = self._projects_in(" ".join((result.text, *result.sub_items)))
        return own or self._projects_in(f"{action.title} {action.lead_in}")

    def _projects_in(self, text: str) -> list[Project]:
        """Return the projects whose names stand in the text, in the order of their first mention."""
        places: dict[Project, int] = {}
        for name, project in self.projects.items():
            if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                places[project] = min(match.start(), places.get(project, match.start()))
        return sorted(places, key=lambda project: places[project])


def single_names(wordings: Iterable[str]) -> Iterator[str]:
    """Yield the names in wordings, which have several spellings of one row with semicolons between them."""
    return (name for wording in wordings for name in wording.split("; "))


def merged(names: Iterable[str], rows: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return row and wording of each name; several spellings of one row in one cell become one link.

    A name without a row stands for itself.
    """
    wordings: dict[Any, list[str]] = {}
    for name in single_names(names):
        wordings.setdefault(rows.get(name, name), []).append(name)
    return [(row, "; ".join(words)) for row, words in wordings.items()]


def each_once(mentions: Iterable[CodeMention]) -> list[CodeMention]:
    """Return the codes of a title, each once: several wordings of one stand in one text."""
    wordings: dict[str, dict[str, None]] = {}
    first: dict[str, CodeMention] = {}
    for mention in mentions:
        first.setdefault(mention.code, mention)
        wordings.setdefault(mention.code, {})[mention.as_written] = None
    return [replace(mention, as_written="; ".join(wordings[code])) for code, mention in first.items()]


class PlanWriter:
    """Writes the levels of one plan; registers are read once and grow as new names turn up.

    `added` are the rows that it has added, those above before those below.
    """

    def __init__(self, plan: Plan, registers: Registers | None = None, author: User | None = None) -> None:
        self.plan, self.author = plan, author
        self.registers = registers or Registers.read()
        self.added: list[VersionedModel] = []

    def save(self, row: VersionedModel) -> None:
        """Save, and let history say how the row came about; what is done to it later is no import."""
        write_with_reason(row, row.save, _("Import"), self.author)

    def delete(self, row: VersionedModel) -> None:
        """Delete a row, history included."""
        write_with_reason(row, row.delete, _("Import"), self.author)

    def add(self, row: VersionedModel) -> None:
        """Save a new row and remember it."""
        self.save(row)
        self.added.append(row)

    def write_task(self, text: TaskText) -> None:
        """Write a task with all below it."""
        task = Task(plan=self.plan, number=text.number, title=text.title)
        self.add(task)
        for measure in text.measures:
            self.write_measure(task, measure)

    def write_measure(self, task: Task, text: MeasureText) -> None:
        """Write a measure with all below it."""
        measure = Measure(
            plan=self.plan,
            task=task,
            number=text.number,
            number_as_written=text.number_as_written,
            title=text.title,
        )
        self.add(measure)
        for position, (code, wording) in enumerate(self.codes_of(text), start=1):
            self.add(MeasureCode(measure=measure, code=code, position=position, as_written=wording))
        for action in text.actions:
            self.write_action(measure, action)

    def write_action(self, measure: Measure, text: ActionText) -> None:
        """Write an action with all below it."""
        action = Action(
            plan=self.plan,
            measure=measure,
            number=text.number,
            title=text.title,
            lead_in=text.lead_in,
            links=links_as_stored(text.links),
        )
        self.add(action)
        for position, (code, wording) in enumerate(self.codes_of(text), start=1):
            self.add(ActionCode(action=action, code=code, position=position, as_written=wording))
        resources = self.rows_of(text.resources, self.registers.resources, Resource)
        for position, (resource, wording) in enumerate(resources, start=1):
            self.add(ActionResource(action=action, resource=resource, position=position, as_written=wording))
        partners = self.rows_of(text.partners, self.registers.partners, Partner)
        for position, (partner, wording) in enumerate(partners, start=1):
            self.add(ActionPartner(action=action, partner=partner, position=position, as_written=wording))
        for position, result in enumerate(text.results, start=1):
            self.write_result(action, text, result, position)

    def write_result(self, action: Action, around: ActionText, text: ResultText, position: int) -> None:
        """Write a planned result; `around` is its action in the document."""
        result = PlannedResult(
            plan=self.plan,
            action=action,
            position=position,
            text=text.text,
            sub_items=list(text.sub_items),
            links=links_as_stored(text.links),
            first_year=text.first_year,
            last_year=text.last_year,
            period_text=text.period_text,
            condition=text.condition,
            condition_state=ConditionState.PENDING if text.condition else "",
        )
        self.add(result)
        for number, project in enumerate(self.registers.projects_of(text, around), start=1):
            self.add(ResultProject(result=result, project=project, position=number))

    def codes_of(self, text: MeasureText | ActionText) -> list[tuple[StrategyCode, str]]:
        """Return the codes of a title with their wordings; a priority, which has none, comes last."""
        codes = [
            (self._code(mention, text.title), "" if mention.kind == "priority" else mention.as_written)
            for mention in each_once(text.codes)
        ]
        named = [(code, "") for code in self.registers.priorities_in(text.title)]
        return codes + [priority for priority in named if priority not in codes]

    def rows_of(
        self, names: Iterable[str], known: MutableMapping[str, Any], register: type[Partner | Resource]
    ) -> list[tuple[Any, str]]:
        """Return the rows of a register that names mean, with their wordings; a new name becomes a row."""
        names = list(single_names(names))
        for name in names:
            if name not in known:
                row = register(name=name)
                row.full_clean()
                self.add(row)
                known[name] = row
        return merged(names, known)

    def _code(self, mention: CodeMention, title: str) -> StrategyCode:
        """Return the code of a mention; one that is new is named after the place where it stands."""
        codes = self.registers.codes
        if mention.code not in codes:
            direction = self.registers.direction_of(mention.code)
            if direction is None:
                raise PlanImportError(unknown_direction(mention.code))
            code = StrategyCode(code=mention.code, kind=mention.kind, title=title, direction=direction)
            code.full_clean()
            self.add(code)
            codes[mention.code] = code
        return codes[mention.code]


def write_with_reason(row: Any, write: Callable[[], Any], reason: str, author: User | None = None) -> None:
    """Save or delete a row; history tells why, and who: without an author whose request it is, if any."""
    row._change_reason = reason
    if author:
        row._history_user = author
    write()
    del row._change_reason
    if author:
        del row._history_user


def unknown_direction(code: str) -> str:
    """Return why a code can't be written."""
    return _("The code %(code)s belongs to no known direction. Load the reference lists first.") % {
        "code": code
    }


def links_as_stored(links: Iterable[Link]) -> list[dict[str, str]]:
    """Return links as the tables keep them."""
    return [{"text": link.text, "href": link.href} for link in links]
