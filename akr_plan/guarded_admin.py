"""Admin pages that no address and no forged form can crash."""

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import Http404, HttpRequest

if TYPE_CHECKING:
    # The stubs have a type parameter, which Django itself does not take.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    from django.contrib.admin import ModelAdmin

LARGEST_ID = 2**63 - 1
LONGEST_SEARCH = 200
OFFERED_LOOKUPS = "(__id)?__(exact|isnull|isempty|gte|lt)"


def parse_id(text: Any) -> int | None:
    """Return the primary key that the text stands for, or None if it can't be one in any database."""
    if not re.fullmatch(r"[0-9]{1,19}", str(text)):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


class GuardedAdmin(ModelAdmin):
    """Lists in few queries, and unharmed by whatever an address or a forged form says."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Allow what the filters of the page offer; Django would hand a broken regex to the database, too."""
        filters: Any = self.get_list_filter(request)
        names = [item if isinstance(item, str) else item[0] for item in filters]
        return any(re.fullmatch(name + OFFERED_LOOKUPS, lookup) for name in names)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Search for a sensible number of words: each makes the query longer."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def response_action(self, request: HttpRequest, queryset: Any) -> Any:
        """Refuse selected rows that can't exist."""
        if any(parse_id(row_id) is None for row_id in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise Http404
        return super().response_action(request, queryset)
