"""A frozen plan is the same for ever, whatever becomes of the rows it was made of."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.enums import Status
from measures.models import Plan
from measures.rules import Progress
from measures.services.progress import ReportedResult, record_progress
from measures.tree.frozen import DamagedSnapshotError, Frozen, freeze, thaw
from measures.tree.reader import read_tree
from measures.tree.rows import CodeRow, Glossary, LinkRow, NameRow, Note, Person, PlanTree
from tests.conftest import Cast
from tests.make import adopt
from tests.reports.make_rows import CODES, make_action_row, make_result_row, make_tree, trees

FIRST_FORMAT = Path(__file__).with_name("frozen_1.json")
SECOND_FORMAT = Path(__file__).with_name("frozen_2.json")
GLOSSARY = Glossary(
    people={7: Person("Ula Ulaitė", "ula")},
    partners={1: "KU"},
    resources={2: "AKR biudžetas / DU"},
    projects={3: "BASCIL"},
    codes={4: CodeRow("I.1.1.1", "Skatinti „žaliąją“ ekonomiką", "measure", "I", "", "01.001.001.001")},
    directions={"I": "Jūrinė ekonomika"},
)


def frozen_text(tree: PlanTree) -> str:
    """Return what a period named as in a plan writes of a tree."""
    return freeze(Frozen(tree, "2024 m. II ketvirtis", GLOSSARY))


def full_tree(text: str = "Surengti „Baltic Bioeconomy Summit“") -> PlanTree:
    """Return a plan in which nothing is left empty."""
    result = replace(
        make_result_row("1.1.1", 1, Progress(Status.IN_PROGRESS, 40, "pending"), date(2024, 12, 31)),
        text=text,
        sub_items=(text, "antras"),
        links=(LinkRow(text, "https://example.org/"),),
        first_year=2023,
        projects=("BASCIL",),
        note=Note(7, date(2024, 6, 28), text),
    )
    action = make_action_row(
        "1.1.1",
        (result,),
        CODES[:2],
        owner="Ula Ulaitė",
        owner_username="ula",
        lead_in=text,
        resources=(NameRow("AKR biudžetas / DU", "AKR Biudžetas / DU"),),
        partners=(NameRow("KU", "KU institutas"),),
        last_reported_on=date(2024, 6, 28),
    )
    return make_tree([[action]])


@given(trees())
def test_random_plan_comes_back_equal(tree: PlanTree) -> None:
    assert thaw(frozen_text(tree)).tree == tree


@given(st.text(min_size=1))
def test_no_text_is_lost(text: str) -> None:
    assert thaw(frozen_text(full_tree(text))).tree == full_tree(text)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [None, date(2024, 6, 30)])
def test_real_plan_comes_back_equal(cast: Cast, akr_plan: Plan, day: date | None) -> None:
    adopt(akr_plan)
    action = akr_plan.action_set.get(number="2.1.5")
    result = action.results.get(key="2.1.5-2")
    record_progress(
        action=action,
        author=cast.coordinator,
        results=[ReportedResult(result.key, result.version, Status.IN_PROGRESS, 35)],
        comment="Surengti mokymai.\nDalyvavo 30 ūkininkų.",
        reported_on=date(2024, 6, 28),
    )
    tree = read_tree(akr_plan, day, with_notes=True)
    assert [row.note for _action, row in tree.results() if row.note]
    assert thaw(frozen_text(tree)).tree == tree


def test_proposed_correction_is_frozen_too() -> None:
    tree = full_tree()
    proposed = Note(8, date(2024, 6, 29), "Nukelti terminą")
    [action] = tree.actions
    results = tuple(replace(result, correction=proposed) for result in action.results)
    proposing = make_tree([[action.with_results(results)]])
    assert thaw(frozen_text(proposing)).tree == proposing != tree


def test_names_and_title_are_frozen_too() -> None:
    assert thaw(frozen_text(full_tree())) == Frozen(full_tree(), "2024 m. II ketvirtis", GLOSSARY)


def test_earlier_formats_can_still_be_read() -> None:
    # The files were written by earlier versions; a new field of a row needs a default, or another format.
    first = thaw(FIRST_FORMAT.read_text(encoding="utf-8"))
    assert (first.tree, first.period, first.glossary) == (full_tree(), "", None)
    second = thaw(SECOND_FORMAT.read_text(encoding="utf-8"))
    assert second == Frozen(full_tree(), "2024 m. II ketvirtis", GLOSSARY)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"tekstas"',
        "{",
        "[" * 100_000,
        json.dumps({"format": 1}),
        json.dumps({"format": 1, "tree": {}}),
        json.dumps(
            {"format": 3, **{k: v for k, v in json.loads(frozen_text(full_tree())).items() if k != "format"}}
        ),
        json.dumps({"format": 2, "tree": json.loads(frozen_text(full_tree()))["tree"]}),
        frozen_text(full_tree()).replace('"standing":"conditional"', '"standing":"ZZZ"'),
        frozen_text(full_tree()).replace("2024-12-31", "2024-13-31"),
        frozen_text(full_tree())[:-5],
    ],
)
def test_damaged_text_is_refused(content: str) -> None:
    with pytest.raises(DamagedSnapshotError):
        thaw(content)
