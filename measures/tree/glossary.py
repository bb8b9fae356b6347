"""What accounts, registers and the strategy are called: history and the journal only refer to them."""

from dataclasses import replace

from django.db.models import F, Value

from akr_plan.models import User

from ..models import (
    ActionCode,
    ActionPartner,
    ActionResource,
    MeasureCode,
    Partner,
    Project,
    Resource,
    ResultProject,
    StrategyCode,
    StrategyDirection,
)
from .rows import CodeRow, Glossary, Person
from .source import Item, Link, Rows

CODES = frozenset({MeasureCode.__name__, ActionCode.__name__})


def read_glossary() -> Glossary:
    """Return all names as they are now, in four queries; codes and directions in the strategy's order."""
    parties: dict[str, dict[int, str]] = {"partners": {}, "resources": {}, "projects": {}}
    partners, *others = (
        register.objects.order_by().annotate(register=Value(name)).values_list("register", "id", "name")
        for name, register in zip(parties, (Partner, Resource, Project), strict=True)
    )
    for register, pk, name in partners.union(*others, all=True):
        parties[register][pk] = name
    codes = (
        StrategyCode.objects.order_by("sort_key", "code")
        .annotate(roman=F("direction__code"))
        .values_list("id", "code", "title", "kind", "roman", "sort_key")
    )
    directions = StrategyDirection.objects.order_by("sort_key", "code")
    return Glossary(
        people={user.pk: Person(str(user), user.get_username()) for user in User.objects.order_by()},
        codes={
            pk: CodeRow(code, title, kind, roman or "", "", sort_key)
            for pk, code, title, kind, roman, sort_key in codes
        },
        directions=dict(directions.values_list("code", "title")),
        **parties,
    )


def with_names(rows: Rows, glossary: Glossary) -> Rows:
    """Return the rows of a moment with the names of a glossary; what it lacks keeps its name of today."""
    names = {
        ActionPartner.__name__: glossary.partners,
        ActionResource.__name__: glossary.resources,
        ResultProject.__name__: glossary.projects,
    }
    return replace(
        rows,
        items=[_owned(item, glossary) for item in rows.items],
        links=[
            _coded(link, glossary)
            if link.kind in CODES
            else link._replace(name=names[link.kind].get(link.reference, link.name))
            for link in rows.links
        ],
    )


def _owned(item: Item, glossary: Glossary) -> Item:
    person = glossary.people.get(item.owner) if item.owner else None
    if person is None:
        return item
    return item._replace(first_name=person.name, last_name="", username=person.username)


def _coded(link: Link, glossary: Glossary) -> Link:
    code = glossary.codes.get(link.reference)
    if code is None:
        return link
    return link._replace(
        name=code.code,
        title=code.title,
        code_kind=code.kind,
        direction=code.direction,
        sort_key=code.sort_key,
    )
