"""Middleware of the project."""

import codecs
from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from .sign_in import HtmxRequest, redirect_to_sign_in


class BadTextMiddleware:
    """Answers 400 to text that neither PostgreSQL nor a page can hold, so that everything would fail.

    NUL characters in the address, and forms in another encoding than UTF-8: some give halves of characters.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless its path or query has a NUL, or its body isn't UTF-8."""
        in_query = any("\0" in part for key, values in request.GET.lists() for part in (key, *values))
        if in_query or "\0" in request.path:
            return bad_request(request, ValueError(_("The address has a character that is not allowed.")))
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            return bad_request(request, ValueError(_("Forms have to be sent as UTF-8.")))
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads everybody whose session has expired to the sign-in page, requests of htmx included."""

    def handle_no_permission(  # type: ignore[override] # htmx is redirected by another class
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirectBase:
        """Send to the sign-in page, and from there back."""
        return redirect_to_sign_in(cast(HtmxRequest, request))
