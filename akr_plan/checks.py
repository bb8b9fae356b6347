"""System checks that refuse to start an unsafe production set-up."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _

LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}
SHORTEST_SECRET_KEY = 50


@register(Tags.security)
def check_production_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each setting that is fine on one's own machine but not on the network."""
    errors: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < SHORTEST_SECRET_KEY or settings.SECRET_KEY.startswith("django-insecure"):
        errors.append(
            Error(
                _("SECRET_KEY is too short or a sample."),
                hint=_("Set a random one of at least 50 characters, or none: it is then made by itself."),
                id="akr_plan.E001",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error(
                _("ALLOWED_HOSTS accepts every host name."),
                hint=_("List the names under which people open the site."),
                id="akr_plan.E002",
            )
        )
    if settings.SITE_HOST not in LOOPBACK_HOSTS:
        errors += _check_public_site()
    return errors


def _check_public_site() -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    if settings.DEBUG:
        errors.append(
            Error(
                _("DEBUG is on for a site that others can reach."),
                hint=_("Take DEBUG out of the environment and of .env."),
                id="akr_plan.E003",
            )
        )
    if not settings.IS_HTTPS:
        errors.append(
            Error(
                _("SITE_URL is not https, so passwords would travel in the clear."),
                hint=_("Serve the site through a proxy with a certificate and write https:// in SITE_URL."),
                id="akr_plan.E004",
            )
        )
    return errors
