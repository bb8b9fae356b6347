"""Who was to report for a period, and who did."""

from dataclasses import dataclass, replace
from datetime import date

from measures.enums import Status
from measures.rules import Progress
from measures.tree.duties import Tally, by_owner, duties_in, tally_of
from measures.tree.rows import ActionRow
from tests.reports.make_rows import make_action_row, make_result_row, make_tree


@dataclass(frozen=True)
class Quarter:
    starts_on: date = date(2024, 4, 1)
    ends_on: date = date(2024, 6, 30)
    is_closed: bool = False


def action(
    number: str, status: str, reported_on: date | None = None, first_year: int | None = None, owner: str = ""
) -> ActionRow:
    result = make_result_row(number, 1, Progress(status, None), date(2024, 12, 31))
    result = replace(result, first_year=first_year)
    return make_action_row(
        number, (result,), last_reported_on=reported_on, owner=owner, owner_username=owner.lower()
    )


def test_open_work_owes_a_report_and_finished_work_only_if_it_gave_one() -> None:
    tree = make_tree(
        [
            [
                action("1.1.1", Status.IN_PROGRESS),
                action("1.1.2", Status.IN_PROGRESS, date(2024, 3, 31)),
                action("1.1.3", Status.NOT_STARTED, date(2024, 4, 1)),
                action("1.1.4", Status.DONE, date(2024, 6, 30)),
                action("1.1.5", Status.DONE, date(2024, 3, 31)),
                action("1.1.6", Status.CANCELLED),
                action("1.1.7", Status.NOT_STARTED, first_year=2025),
                action("1.1.8", Status.NOT_STARTED, first_year=2024),
            ]
        ]
    )
    duties = duties_in(tree, Quarter())
    assert [(duty.action.number, duty.is_reported) for duty in duties] == [
        ("1.1.1", False),
        ("1.1.2", False),
        ("1.1.3", True),
        ("1.1.4", True),
        ("1.1.8", False),
    ]
    assert tally_of(duties) == Tally(reported=2, expected=5)


def test_people_who_owe_something_come_first_and_nobody_after_them() -> None:
    day = date(2024, 6, 30)
    tree = make_tree(
        [
            [
                action("1.1.1", Status.IN_PROGRESS, day, owner="Ana"),
                action("1.1.2", Status.IN_PROGRESS, owner=""),
                action("1.1.3", Status.IN_PROGRESS, owner="Žana"),
                action("1.1.4", Status.IN_PROGRESS, owner="Česlova"),
                action("1.1.5", Status.IN_PROGRESS, day, owner="Česlova"),
            ]
        ]
    )
    people = by_owner(duties_in(tree, Quarter()))
    assert [(person.owner, person.tally, [row.number for row in person.missing]) for person in people] == [
        ("Česlova", Tally(1, 2), ["1.1.4"]),
        ("Žana", Tally(0, 1), ["1.1.3"]),
        ("", Tally(0, 1), ["1.1.2"]),
        ("Ana", Tally(1, 1), []),
    ]


def test_people_of_the_same_name_stay_apart() -> None:
    first, second = action("1.1.1", Status.DONE), action("1.1.2", Status.IN_PROGRESS)
    rows = [
        replace(row, owner="Ona Onaitė", owner_username=name, last_reported_on=date(2024, 5, 1))
        for row, name in ((first, "ona"), (second, "ona2"))
    ]
    assert len(by_owner(duties_in(make_tree([rows]), Quarter()))) == 2
