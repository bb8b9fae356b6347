"""The strategy KRSS2030 in the admin."""

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from ..enums import ImportKind
from ..models import StrategyCode, StrategyDirection
from .base import VersionedAdmin
from .exchange import RegisterExchange


@admin.register(StrategyDirection)
class StrategyDirectionAdmin(VersionedAdmin):
    """Directions I–V."""

    fields = ["code", "title"]
    list_display = ["sorted_code", "title"]
    search_fields = ["code__folded", "title__folded"]

    @admin.display(description=pgettext_lazy("strategy", "number"), ordering="sort_key")
    def sorted_code(self, direction: StrategyDirection) -> str:
        """Return the Roman number."""
        return direction.code


@admin.register(StrategyCode)
class StrategyCodeAdmin(RegisterExchange, VersionedAdmin):
    """Measures, actions and horizontal priorities of the strategy."""

    exchange_kind = ImportKind.CODES
    fields = ["code", "title", "kind", "direction"]
    list_display = ["sorted_code", "title", "kind", "direction"]
    list_filter = ["kind", "direction"]
    list_select_related = ["direction"]
    search_fields = ["code__folded", "title__folded"]

    @admin.display(description=pgettext_lazy("strategy", "code"), ordering="sort_key")
    def sorted_code(self, code: StrategyCode) -> str:
        """Return the code."""
        return code.code
