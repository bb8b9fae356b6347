"""What somebody has typed but not saved: kept for that person alone, until it is saved or discarded.

A form carries a signed token, so that what was typed finds its author even after the session has expired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils import timezone

from akr_plan.models import User

from ..models import Action, ProgressDraft, ProgressUpdate

# The form takes two texts of 10,000 characters; what is longer than all of it is no draft.
MAX_CHARACTERS = 30_000
TOKEN_AGE = timedelta(days=30)
SALT = "measures.update-form"


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """What the token of a form says: whose form it is, and when it was opened."""

    username: str
    opened_at: datetime

    def author(self) -> User | None:
        """Return the person; costs a query."""
        return User.objects.filter(username=self.username).first()


def sign_form(*, author: User, action: Action) -> str:
    """Return the token of a form: whose it is, on which action, since when.

    Costs a query where the plan is not fetched.
    """
    content = [author.get_username(), *action.natural_key(), timezone.now().timestamp()]
    return signing.dumps(content, salt=SALT)


def read_token(token: str, *, slug: str, number: str) -> OpenedForm | None:
    """Return what a token says, or None if it is forged, too old or of another action."""
    try:
        username, *key, opened_at = signing.loads(token, salt=SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    if key != [slug, number]:
        return None
    return OpenedForm(username, datetime.fromtimestamp(opened_at, UTC))


def keep_draft(
    *, author: User, action: Action, typed: Mapping[str, str], unless_saved_since: datetime | None = None
) -> bool:
    """Keep what was typed, instead of what was kept before; return False if that is too much to keep.

    A draft that comes after its form has been saved is dropped: the saving overtook it on the way.
    """
    if sum(map(len, typed.values())) > MAX_CHARACTERS:
        return False
    if unless_saved_since and _has_saved(author, action, unless_saved_since):
        return True
    # PostgreSQL cannot hold NUL characters.
    data = {name: value.replace("\0", "") for name, value in typed.items()}
    ProgressDraft.objects.update_or_create(author=author, action=action, defaults={"data": data})
    return True


def _has_saved(author: User, action: Action, since: datetime) -> bool:
    return ProgressUpdate.objects.filter(action=action, author=author, recorded_at__gte=since).exists()


def find_draft(*, author: User, action: Action) -> ProgressDraft | None:
    """Return what the person has typed but not saved."""
    return ProgressDraft.objects.filter(author=author, action=action).first()


def discard_draft(*, author: User, action: Action) -> None:
    """Throw away what the person has typed."""
    ProgressDraft.objects.filter(author=author, action=action).delete()
