"""Many rows are saved in one statement as each would be alone."""

import pytest
from django.db import connection

from measures.models import ConflictError, PlannedResult, save_all
from tests.conftest import Cast
from tests.make import make_action, make_result

pytestmark = pytest.mark.django_db


def make_results(count: int) -> list[PlannedResult]:
    action = make_action()
    return [make_result(action) for _number in range(count)]


def texts_and_versions() -> list[tuple[str, int]]:
    return list(PlannedResult.objects.order_by("position").values_list("text", "version"))


@pytest.mark.parametrize("most_values", [250_000, 6])
def test_rows_get_values_version_and_history(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, most_values: int
) -> None:
    monkeypatch.setattr(connection.features, "max_query_params", most_values, raising=False)
    results = make_results(3)
    results[1].save()
    for result in results:
        result.text, result.last_year = f"Kitas {result.position}", None
    save_all(results, ["text", "last_year"], author=cast.updater, reason="Bandymas")
    assert texts_and_versions() == [("Kitas 1", 2), ("Kitas 2", 3), ("Kitas 3", 2)]
    assert [result.version for result in results] == [2, 3, 2]
    for result in results:
        newest = result.history.latest("history_id")
        assert (newest.text, newest.last_year, newest.version) == (result.text, None, result.version)
        assert (newest.history_user, newest.history_change_reason, newest.history_type) == (
            cast.updater,
            "Bandymas",
            "~",
        )


def test_one_stale_row_keeps_all_as_they_are(cast: Cast) -> None:
    results = make_results(3)
    PlannedResult.objects.get(pk=results[1].pk).save()
    for result in results:
        result.text = "Kitas"
    with pytest.raises(ConflictError) as caught:
        save_all(results, ["text"], author=cast.updater, reason="Bandymas")
    assert caught.value.instance == results[1]
    assert texts_and_versions() == [("Rezultatas 1", 1), ("Rezultatas 2", 2), ("Rezultatas 3", 1)]
    assert [result.history.count() for result in results] == [1, 2, 1]
