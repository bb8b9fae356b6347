"""What is asked of a pack for the members' meeting: the same as of a page, and kept with the pack."""

from dataclasses import replace

from django.http import HttpRequest, QueryDict

from measures.services.packs import PackContent

from .asked_board import CheckedBoard


def asking(query: str) -> HttpRequest:
    """Return a request for a page whose address ends like this; a pack asks as an address does."""
    request = HttpRequest()
    request.GET = QueryDict(query)
    return request


def content_of(checked: CheckedBoard) -> PackContent:
    """Return what is recorded of a pack before it is made."""
    period = checked.sides.after.period
    content = PackContent(
        as_of=checked.found.whole.as_of,
        since=checked.sides.before.label,
        said=checked.found.said,
        query=checked.query,
    )
    if period is None:
        return content
    return replace(
        content,
        period_title=period.title,
        period_starts_on=period.starts_on,
        period_ends_on=period.ends_on,
    )
