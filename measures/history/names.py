"""What the rows are called that history speaks of, those included that are gone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from akr_plan.models import User

from ..models import Partner, Project, Resource, StrategyCode
from ..models.base import LinkModel
from .kinds import ACTION, KINDS, RESULT, Kind

REGISTERS = (StrategyCode, Resource, Partner, Project)
# Results before actions, for a result is shown with the action that it belongs to.
MODELS = (*(kind.model for kind in reversed(KINDS)), *REGISTERS)
LONGEST = 100


class Newest:
    """The newest version of each row that is asked for: a query a model, whatever their number."""

    def __init__(self, wanted: Iterable[tuple[Any, int | None]]) -> None:
        """Read what is wanted: pairs of model and id; and the actions of the results among it."""
        ids: defaultdict[Any, set[int]] = defaultdict(set)
        for model, pk in wanted:
            if pk is not None:
                ids[model].add(pk)
        self._versions: dict[Any, dict[int, Any]] = {}
        for model in MODELS:
            self._versions[model] = _newest_versions(model, ids[model]) if ids[model] else {}
            if model is RESULT.model:
                ids[ACTION.model] |= {version.action_id for version in self._versions[model].values()}
        self._names: dict[Any, dict[int, str]] = {
            model: {pk: _name_of(version) for pk, version in versions.items()}
            for model, versions in self._versions.items()
            if not issubclass(model, LinkModel)
        }
        users = User.objects.filter(pk__in=ids[User]) if ids[User] else ()
        self._names[User] = {user.pk: str(user) for user in users}

    def version(self, model: Any, pk: int) -> Any | None:
        """Return the newest version of a row, or None if history does not know it."""
        return self._versions[model].get(pk)

    def living(self, model: Any, pk: int) -> Any | None:
        """Return the newest version of a row that is still there."""
        version = self.version(model, pk)
        return version if version and version.history_type != "-" else None

    def name(self, model: Any, pk: int) -> str:
        """Return what a row is called; of an account that was deleted nothing is known."""
        return self._names[model].get(pk, _("(deleted)"))


def references(kind: Kind, versions: Iterable[Any]) -> Iterator[tuple[Any, int | None]]:
    """Yield the rows whose names are needed to show versions of a row: itself and those that it refers to."""
    relations = [field for field in kind.fields if field.is_relation]
    for version in filter(None, versions):
        yield kind.model, version.id
        if kind.above:
            yield kind.above.model, getattr(version, f"{kind.model.owner_field}_id")
        for field in relations:
            yield field.related_model, getattr(version, field.attname)


def _name_of(version: Any) -> str:
    return Truncator(str(version.instance)).chars(LONGEST)


def _newest_versions(model: Any, ids: set[int]) -> dict[int, Any]:
    newest = model.history.order_by().filter(id__in=ids).values("id").annotate(newest=Max("history_id"))
    versions = model.history.order_by().filter(history_id__in=newest.values("newest"))
    return {version.id: version for version in versions}
