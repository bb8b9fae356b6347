"""The regional strategy KRSS2030, as far as the plan refers to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..enums import CodeKind
from ..querysets import CodeQuerySet
from ..validators import CODE_PATTERN, number_sort_key
from .base import VersionedModel

PARTS_OF_KIND = {CodeKind.MEASURE: 4, CodeKind.ACTION: 5}


class StrategyDirection(VersionedModel):
    """A direction (kryptis) of the strategy: I–V."""

    code = models.CharField(
        pgettext_lazy("strategy", "number"),
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"\A(I|II|III|IV|V)\Z", gettext_lazy("A Roman number: I–V."))],
        help_text=gettext_lazy("A Roman number: I–V."),
    )
    title = models.CharField(gettext_lazy("title"), max_length=200)
    sort_key = models.CharField(max_length=50, editable=False, db_index=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("KRSS2030 direction")
        verbose_name_plural = gettext_lazy("KRSS2030 directions")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort key in step with the number."""
        self.sort_key = number_sort_key(self.code)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Return the number."""
        return (self.code,)


class StrategyCode(VersionedModel):
    """A measure, an action or a horizontal priority of the strategy.

    Measures have four parts (I.1.4.1), actions five (II.1.2.1.1); a horizontal priority has no number in
    any document, so its name stands for the code. The levels in between have no official names here.
    """

    code = models.CharField(
        pgettext_lazy("strategy", "code"),
        max_length=100,
        unique=True,
        help_text=gettext_lazy(
            "For example I.1.4.1, without a dot at the end. A horizontal priority has its name here."
        ),
    )
    title = models.CharField(gettext_lazy("title"), max_length=1000)
    kind = models.CharField(gettext_lazy("kind"), max_length=10, choices=CodeKind)
    direction = models.ForeignKey(
        StrategyDirection,
        models.PROTECT,
        verbose_name=gettext_lazy("KRSS2030 direction"),
        related_name="codes",
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty for a horizontal priority."),
    )
    sort_key = models.CharField(max_length=150, editable=False, db_index=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("KRSS2030 code")
        verbose_name_plural = gettext_lazy("KRSS2030 codes")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CodeKind.values), name="code_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=CodeKind.PRIORITY, direction=None)
                | (~Q(kind=CodeKind.PRIORITY) & Q(direction__isnull=False)),
                name="code_has_direction_unless_priority",
                violation_error_message=gettext_lazy(
                    "A measure and an action have a direction; a horizontal priority has none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code if self.kind == CodeKind.PRIORITY else f"{self.code} {self.title}"

    def clean(self) -> None:
        """Refuse a code that is not of the form of its kind, or of another direction."""
        parts = PARTS_OF_KIND.get(CodeKind(self.kind)) if self.kind in CodeKind.values else None
        if parts is None:
            return
        match = CODE_PATTERN.fullmatch(self.code)
        if not match or self.code.count(".") + 1 != parts:
            raise ValidationError(
                {"code": _("Write I–V and numbers with dots: four parts for a measure, five for an action.")}
            )
        if self.direction and self.direction.code != match["direction"]:
            raise ValidationError({"direction": _("The code begins with another direction.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the sort key in step with the code; priorities come last."""
        self.sort_key = f"9{self.code}" if self.kind == CodeKind.PRIORITY else number_sort_key(self.code)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Return the code."""
        return (self.code,)
