"""Django's own admin, with our names and our rule of who may open it."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PlanAdminSite(AdminSite):
    """Opens to whoever has the permission; a group gives it, so no flag can be forgotten."""

    site_header = site_title = _("Action plan")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may open any page of the admin."""
        return request.user.is_active and request.user.has_perm("akr_plan.access_admin")
