"""The way to the sign-in page, and from there back to where people were."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request as views get it: django-htmx's middleware has added what htmx says of itself."""

    htmx: HtmxDetails


def redirect_to_sign_in(request: HtmxRequest, *, back_to: str = "") -> HttpResponseRedirectBase:
    """Send to the sign-in page, and from there to `back_to` or to the page where the request was made.

    htmx follows redirects by itself and would put the sign-in page into the middle of another one, so it
    is told to leave the page.
    """
    response = redirect_to_login(back_to or _page_of(request), resolve_url(settings.LOGIN_URL))
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _page_of(request: HtmxRequest) -> str:
    """Return the address to come back to; what is not a GET cannot be repeated after signing in."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return "/"
    return referer._replace(scheme="", netloc="", fragment="").geturl() or "/"
