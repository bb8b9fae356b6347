"""The plan itself: its data, its rules, and every way of writing it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    """Configuration of the plan."""

    name = "measures"
    verbose_name = _("Action plan")
