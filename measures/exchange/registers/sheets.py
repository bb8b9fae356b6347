"""The registers as django-import-export knows them: their columns, natural keys, and how rows are written.

Files are read and written elsewhere: in here the headings of a data set are names of fields, its cells texts.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result

from akr_plan.models import User
from akr_plan.text import fold

from ...enums import CodeKind, PartnerKind
from ...models import Partner, Project, Resource, StrategyCode
from ..code_file import one_line
from .fields import (
    AliasField,
    ChoiceWidget,
    DayWidget,
    DirectionWidget,
    NamesField,
    SheetField,
    YesNoWidget,
    sign,
)
from .file import without_guard


class RegisterLoader(BaseInstanceLoader):  # type: ignore[misc] # has no types
    """Finds rows by their key among all of the register, read in one go, and locked unless in a rehearsal.

    A key that is nearly one there is (capitals, diacritics), or another spelling of it, is refused: it would
    become a second row for the same thing.
    """

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        self.key: str = resource.key
        self.named = frozenset(dataset[self.key]) if dataset else frozenset()
        rows = resource.get_queryset()
        if not resource.is_rehearsal:
            # Those who only refer to a row need not wait.
            rows = rows.select_for_update(of=("self",), no_key=True)
        rows = list(rows)
        self.rows = {one_line(getattr(row, self.key)): row for row in rows}
        self.alike = {fold(key): key for key in self.rows}
        # Every row notes here what hangs on it, before the library makes its deep copies.
        for row in rows:
            resource.texts_of(row)
        self.owners = {
            one_line(name): str(row) for row in rows for name in getattr(row, "stored_aliases", ())
        }

    def get_instance(self, row: Mapping[str, str]) -> Any:
        """Return the row, None for a new one. Raises ValidationError."""
        key = row[self.key]
        if key in self.rows:
            return self.rows[key]
        if (bare := without_guard(key)) in self.rows and bare not in self.named:
            return self.rows[bare]
        if key in self.owners:
            message = _("This is another spelling of “%(name)s”. Write that name.")
            raise ValidationError({self.key: message % {"name": self.owners[key]}})
        if fold(key) in self.alike:
            message = _("There is “%(name)s” already, written a little differently. Write it the same way.")
            raise ValidationError({self.key: message % {"name": self.alike[fold(key)]}})
        self.alike[fold(key)] = key
        return None


class RegisterSheet(ModelResource):  # type: ignore[misc] # has no types
    """A register: rows found by their natural key, checked like those of a form, written with history.

    `import_data` wants `author` and `reason` of the versions it makes; what changes nothing writes nothing.
    """

    has_aliases: ClassVar[bool] = True
    is_rehearsal = False

    class Meta:
        instance_loader_class = RegisterLoader
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True

    @property
    def model(self) -> Any:
        """Return the model of the register's rows."""
        return self._meta.model

    @property
    def key(self) -> str:
        """Return the name of the field by which people know a row."""
        return str(self._meta.import_id_fields[0])

    def headings(self) -> dict[str, str]:
        """Return what stands above each column, by the names of fields, in order."""
        return {name: self.fields[name].heading(self.model) for name in self._meta.fields}

    def texts_of(self, row: Model) -> dict[str, str]:
        """Return the cells of a row by the names of fields."""
        return {name: self.fields[name].export(row) for name in self._meta.fields}

    def table(self) -> list[list[str]]:
        """Return headings and all rows as a file holds them, in as many queries for many rows as for one."""
        # The library reads rows with their aliases page by page; a list it takes as it is.
        dataset = self.export(list(self.get_queryset()))
        return [list(self.headings().values()), *([one_line(text) for text in row] for row in dataset)]

    def get_queryset(self) -> Any:
        """Return all rows, with what their columns show."""
        return self.model.objects.order_by(self.key).prefetch_related("aliases")

    def marks_of(self, ids: Collection[int]) -> dict[int, str]:
        """Return marks of what the columns do not show, by the ids of rows; none where versions tell that."""
        return {}

    def check_deletion(self, row: Any, author: User) -> None:
        """Refuse a deletion to who has no right to it. Raises ValidationError."""
        options = self.model._meta
        if not author.has_perm(f"{options.app_label}.delete_{options.model_name}"):
            raise ValidationError(
                _("Undoing this import deletes “%(row)s”, and you may not delete that. Ask an administrator.")
                % {"row": getattr(row, self.key)}
            )

    def read_rows(
        self, rows: Sequence[Mapping[str, str]], *, author: User, reason: str, is_rehearsal: bool = False
    ) -> Result:
        """Write rows of texts, all or nothing; a rehearsal takes it back. Raises what isn't about a row."""
        self.is_rehearsal = is_rehearsal
        dataset = tablib.Dataset(headers=list(self._meta.fields))
        for row in rows:
            dataset.append([row.get(name, "") for name in self._meta.fields])
        result = self.import_data(
            dataset, dry_run=is_rehearsal, rollback_on_validation_errors=True, author=author, reason=reason
        )
        if result.base_errors:
            raise result.base_errors[0].error
        return result

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Return whether nothing changes; note whether the row itself does, or only what hangs on it."""
        instance.is_itself_changed = any(
            field.get_value(instance) != field.get_value(original)
            for field in self.fields.values()
            if not isinstance(field, NamesField)
        )
        return bool(super().skip_row(instance, original, row, import_validation_errors))

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Save the row if it has changed itself."""
        instance.is_added = is_create
        if is_create or instance.is_itself_changed:
            super().do_instance_save(instance, is_create)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Sign the next version."""
        sign(instance, kwargs["author"], kwargs["reason"])

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Write what hangs on the row."""
        for field in self.fields.values():
            if isinstance(field, NamesField):
                field.write(instance, kwargs["author"], kwargs["reason"])


class PartnerSheet(RegisterSheet):
    """Partners."""

    name = SheetField("name")
    kind = SheetField("kind", ChoiceWidget(PartnerKind))
    is_active = SheetField("is_active", YesNoWidget())
    member_from = SheetField("member_from", DayWidget())
    member_until = SheetField("member_until", DayWidget())
    aliases = AliasField("aliases")

    class Meta:
        model = Partner
        import_id_fields = ["name"]
        fields = ["name", "kind", "is_active", "member_from", "member_until", "aliases"]


class ResourceSheet(RegisterSheet):
    """Resources."""

    name = SheetField("name")
    aliases = AliasField("aliases")

    class Meta:
        model = Resource
        import_id_fields = ["name"]
        fields = ["name", "aliases"]


class ProjectSheet(RegisterSheet):
    """Projects."""

    name = SheetField("name")
    programme = SheetField("programme")
    starts_on = SheetField("starts_on", DayWidget())
    ends_on = SheetField("ends_on", DayWidget())
    aliases = AliasField("aliases")

    class Meta:
        model = Project
        import_id_fields = ["name"]
        fields = ["name", "programme", "starts_on", "ends_on", "aliases"]


class CodeSheet(RegisterSheet):
    """Codes of KRSS2030."""

    has_aliases = False

    code = SheetField("code")
    title = SheetField("title")
    kind = SheetField("kind", ChoiceWidget(CodeKind))
    direction = SheetField("direction", DirectionWidget())

    class Meta:
        model = StrategyCode
        import_id_fields = ["code"]
        fields = ["code", "title", "kind", "direction"]

    def get_queryset(self) -> Any:
        """Return all codes in the order of the strategy."""
        return StrategyCode.objects.order_by("sort_key", "code").select_related("direction")
