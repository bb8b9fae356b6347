"""Signatures: who of several, and what else may have brought a change about; nothing asks the database."""

from dataclasses import replace
from datetime import UTC, date, datetime

from measures.enums import Status
from reports.changes.compare import compare
from reports.changes.rows import Change, Signature
from reports.changes.sign import sign, signature_of
from reports.rows import ADDED, RESULTS, Writing, Writings
from tests.reports.changes.trees import plan_with, result, tree_of
from tests.reports.make_rows import make_action_row

DAY = date(2024, 5, 2)


def writing(name: str, day: int = 2, hour: int = 9, on: date | None = None) -> Writing:
    written_at = datetime(2024, 5, day, hour, tzinfo=UTC)
    return Writing(on or written_at.date(), written_at, name.title(), name)


def test_last_of_several_signs_and_each_other_is_named_once() -> None:
    writings = [writing("ula", 1), writing("adas", 2), writing("ula", 3), writing("ona", 4)]
    assert signature_of(reversed(writings)) == Signature("Ona", date(2024, 5, 4), others=("Ula", "Adas"))


def test_two_people_of_one_name_are_two() -> None:
    same = replace(writing("ona", 1), username="ona2")
    assert signature_of([same, writing("ona", 2)]).others == ("Ona",)


def test_day_that_a_report_speaks_of_goes_before_the_moment_of_writing() -> None:
    late_entry = replace(writing("ula", 9, on=date(2024, 4, 30)), on_behalf_of="Ona")
    assert signature_of([late_entry]) == Signature("Ula", date(2024, 4, 30), date(2024, 5, 9), "Ona")
    assert signature_of([late_entry, writing("adas", 2)]).who == "Adas"


def test_evening_in_utc_is_the_next_day_here() -> None:
    assert signature_of([writing("ula", 2, 22, on=date(2024, 5, 3))]).recorded_on is None


def only(writings: Writings, *plans: object) -> Change:
    [change] = sign(compare(*plans), writings).changes  # type: ignore[arg-type] # two trees
    return change


def test_only_writings_of_the_fields_that_differ_count() -> None:
    before, after = plan_with(result(text="Buvo")), plan_with(result(text="Yra"))
    key = "result", "1.1.1-1"
    writings = {(*key, "text"): [writing("ula")], (*key, "links"): [writing("adas", 3)]}
    assert only(writings, before, after).signature == Signature("Ula", DAY)
    assert only({("result", "1.1.1-2", "text"): [writing("ula")]}, before, after).signature is None
    assert only({}, before, after).signature is None


def test_open_term_that_moves_with_the_plan_is_signed_by_who_moved_the_plan() -> None:
    before = plan_with(result(last_year=2024, years="2024", period_text="2024"))
    after = plan_with(result(due=date(2025, 12, 31), last_year=2024, years="2024", period_text="2024"))
    assert only({("plan", "", "last_year"): [writing("ula")]}, before, after).signature == Signature(
        "Ula", DAY
    )


def test_action_known_by_results_that_came_to_it_is_signed_by_who_moved_them() -> None:
    before = tree_of(make_action_row("1.1.1", (result(),), title="Buvo"))
    moved = replace(result(), action_number="1.1.2")
    after = tree_of(make_action_row("1.1.2", (moved,), title="Yra"))
    moves = {("action", "1.1.2", RESULTS): [writing("ula")]}
    signatures = {
        change.kind.value: change.signature for change in sign(compare(before, after), moves).changes
    }
    assert signatures == dict.fromkeys(("text", "moved"), Signature("Ula", DAY))
    added = moves | {("action", "1.1.2", ADDED): [writing("adas")]}
    assert {c.signature and c.signature.who for c in sign(compare(before, after), added).changes} == {"Adas"}


def test_becoming_late_keeps_the_day_on_which_the_term_passed() -> None:
    due, later = date(2024, 7, 31), date(2024, 9, 30)
    before, after = plan_with(result(due=due)), plan_with(result(due=due, as_of=later), as_of=later)
    writings = {("result", "1.1.1-1", "deadline"): [writing("ula")]}
    assert only(writings, before, after).signature == Signature("", date(2024, 8, 1))


def test_change_is_written_in_lines_for_files() -> None:
    before = plan_with(result(percent=10, text="Buvo", period_text="2023"))
    after = plan_with(result(status=Status.DONE, text="Yra", period_text="2024"))
    found = {change.kind.value: (change.before, change.after) for change in compare(before, after).changes}
    assert found == {
        "finished": ("Būsena: Vykdoma 10\N{NO-BREAK SPACE}%", "Būsena: Įvykdyta"),
        "text": (
            "Tekstas: Buvo\nLaikotarpis, kaip parašyta: 2023",
            "Tekstas: Yra\nLaikotarpis, kaip parašyta: 2024",
        ),
    }
    [added] = compare(plan_with(), plan_with(result())).changes
    assert (added.before, added.after) == ("", "Būsena: Vykdoma\nTerminas: 2024-12-31")
