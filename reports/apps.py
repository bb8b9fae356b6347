"""Pages and files that show the plan; this application only reads."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Configuration of the reports."""

    name = "reports"
    verbose_name = _("Reports")
