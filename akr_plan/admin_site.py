"""Django's own admin, with our names and our rule of who may open it."""

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PlanAdminSite(AdminSite):
    """Opens to whoever has the permission; a group gives it, so no flag can be forgotten."""

    site_header = site_title = _("Action plan")
    index_title = _("Administration")
    enable_nav_sidebar = False
    # Django's own asks for the `is_staff` flag.
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may open any page of the admin."""
        return request.user.is_active and request.user.has_perm("akr_plan.access_admin")
