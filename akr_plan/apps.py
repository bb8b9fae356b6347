"""The project's own application (users, database functions, checks) and the admin's configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class AkrPlanConfig(AppConfig):
    """The shell: everything that is not the plan itself."""

    name = "akr_plan"
    verbose_name = _("People and roles")

    def ready(self) -> None:
        from . import checks, db  # noqa: F401 - registers the system checks and lookups

        connection_created.connect(db.register_sqlite_functions, dispatch_uid="sqlite-functions")


class PlanAdminConfig(AdminConfig):
    """Django's own admin, opened by role instead of by the `is_staff` flag."""

    default_site = "akr_plan.admin_site.PlanAdminSite"
