"""Requests that are larger than anything a page of ours sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# Five files of 10 MB, and the form around them; deploy/nginx.conf says the same.
LARGEST_BODY = 51 * 1024**2


class BodyLimitMiddleware:
    """Answers 413 before anything is read; stands before what reads forms.

    The length can be trusted: Django reads no further than it says, and nothing at all where it is missing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless it announces too much."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > LARGEST_BODY:
            limit = LARGEST_BODY // 1024**2
            return HttpResponse(render_to_string("413.html", {"limit": limit}), status=413)
        return self.get_response(request)
