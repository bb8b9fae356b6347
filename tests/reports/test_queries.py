"""What the reports ask the database for beside the plan itself."""

from datetime import date

import pytest

from measures.services.progress import record_progress
from reports.queries import newest_updates
from tests.conftest import Cast
from tests.make import make_result

pytestmark = pytest.mark.django_db


def test_newest_updates_come_first_and_stop_at_the_day(cast: Cast) -> None:
    action = make_result().action
    for month in (1, 2, 3):
        record_progress(
            action=action,
            author=cast.coordinator,
            results=[],
            comment=f"Mėnuo {month}",
            reported_on=date(2024, month, 28),
        )
    comments = [update.comment for update in newest_updates(action.plan, date(2024, 2, 28))]
    assert comments == ["Mėnuo 2", "Mėnuo 1"]
