"""Middleware of the project."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from .sign_in import HtmxRequest, redirect_to_sign_in


class BadTextMiddleware:
    """Answers 400 to NUL characters in the address: PostgreSQL can't hold them, so every query would fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless its path or query has a NUL."""
        in_query = any("\0" in part for key, values in request.GET.lists() for part in (key, *values))
        if in_query or "\0" in request.path:
            return bad_request(request, ValueError(_("The address has a character that is not allowed.")))
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads everybody whose session has expired to the sign-in page, requests of htmx included."""

    def handle_no_permission(  # type: ignore[override] # htmx is redirected by another class
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirectBase:
        """Send to the sign-in page, and from there back."""
        return redirect_to_sign_in(cast(HtmxRequest, request))
