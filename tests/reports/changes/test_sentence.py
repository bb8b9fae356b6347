"""The sentence that is read out at a meeting."""

from dataclasses import replace
from datetime import date

import pytest

from measures.enums import Status
from measures.tree.rows import ActionRow, PlanTree, ResultRow, TaskRow
from reports.changes.compare import compare
from reports.changes.sentence import in_a_sentence
from tests.reports.changes.trees import END, edit, plan_with, result
from tests.reports.make_rows import AS_OF

LATER = date(2024, 9, 30)


def said(before: PlanTree, after: PlanTree) -> str:
    return in_a_sentence(compare(before, after)).replace("\N{NO-BREAK SPACE}", " ")


def plan(*statuses: str, percent: int | None = 40, as_of: date = AS_OF, due: date = END) -> PlanTree:
    rows = [
        result(index=index, status=status, percent=percent, due=due, as_of=as_of)
        for index, status in enumerate(statuses, start=1)
    ]
    return plan_with(*rows, as_of=as_of)


DONE, RUNNING, NEW, OFF = Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.CANCELLED


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            [RUNNING, NEW, RUNNING, RUNNING],
            [DONE, RUNNING, RUNNING, OFF],
            "įvykdytas 1 planuojamas rezultatas, pradėtas 1, atidėtas arba atšauktas 1; "
            "pažanga pakilo nuo 30 % iki 60 %.",
        ),
        ([RUNNING] * 2, [DONE] * 2, "įvykdyti 2 planuojami rezultatai; pažanga pakilo nuo 40 % iki 100 %."),
        ([RUNNING] * 10, [DONE] * 10, "įvykdyta 10 planuojamų rezultatų; pažanga pakilo nuo 40 % iki 100 %."),
        (
            [NEW] * 12,
            [RUNNING] * 12,
            "neįvykdytas nė vienas planuojamas rezultatas, pradėta 12; pažanga pakilo nuo 0 % iki 40 %.",
        ),
        (
            [RUNNING, DONE],
            [RUNNING, RUNNING],
            "neįvykdytas nė vienas planuojamas rezultatas, vėl tęsiamas 1; "
            "pažanga sumažėjo nuo 70 % iki 40 %.",
        ),
        (
            [OFF],
            [OFF, OFF],
            "neįvykdytas nė vienas planuojamas rezultatas; į planą įtrauktas 1 rezultatas.",
        ),
        (
            [OFF] * 12,
            [OFF, OFF],
            "neįvykdytas nė vienas planuojamas rezultatas; iš plano išbraukta 10 rezultatų.",
        ),
        (
            [OFF] * 4,
            [RUNNING, NEW, OFF, OFF, OFF, OFF],
            "neįvykdytas nė vienas planuojamas rezultatas, vėl tęsiami 2; į planą įtraukti 2 rezultatai.",
        ),
    ],
)
def test_sentence_counts_the_results(before: list[str], after: list[str], sentence: str) -> None:
    later = replace(plan(*after), as_of=LATER)
    assert said(plan(*before), later) == f"Nuo 2024 m. birželio 30 d. iki 2024 m. rugsėjo 30 d. {sentence}"


def test_late_and_slipped_results_are_named() -> None:
    due = date(2024, 7, 31)
    before = plan(RUNNING, RUNNING, RUNNING, due=due)
    after = plan(RUNNING, RUNNING, RUNNING, due=due, as_of=LATER)
    [action] = after.actions
    slipped = result(index=3, percent=40, due=END, as_of=LATER)
    after = edit(after, type(action), results=(*action.results[:2], slipped))
    assert said(before, after).endswith(
        "neįvykdytas nė vienas planuojamas rezultatas, vėluoti pradėjo 2; "
        "vėliau nukeltas 1 terminas; pažanga nepakito: 40 %."
    )


def test_terms_and_texts_of_the_plan_are_named() -> None:
    first = plan(RUNNING, RUNNING, RUNNING)
    worded = edit(first, ResultRow, text="Kitas", period_text="2023")
    assert said(first, worded).endswith("; pakeistas 1 tekstas arba laikotarpis; pažanga nepakito: 40 %.")
    worded = edit(edit(worded, ActionRow, title="Kitas"), TaskRow, title="Kitas")
    assert said(first, worded).endswith("; pakeisti 3 tekstai arba laikotarpiai; pažanga nepakito: 40 %.")


def test_sentence_begins_with_the_part_that_it_is_about() -> None:
    comparison = compare(plan(RUNNING), plan(DONE))
    asked = in_a_sentence(comparison, "Atsakingas asmuo: Ula Ulaitė; Metai: 2024")
    assert asked == f"Atsakingas asmuo: Ula Ulaitė; Metai: 2024. {in_a_sentence(comparison)}"


def test_progress_of_other_results_is_not_compared() -> None:
    comparison = compare(plan(RUNNING), plan(DONE))
    assert "pažanga" in in_a_sentence(comparison)
    assert "pažanga" not in in_a_sentence(replace(comparison, is_of_the_same=False))


def test_nothing_has_changed() -> None:
    later = replace(plan(RUNNING), as_of=LATER)
    assert said(plan(RUNNING), later) == (
        "Nuo 2024 m. birželio 30 d. iki 2024 m. rugsėjo 30 d. niekas nepasikeitė."
    )


def test_percent_is_rounded_as_in_the_table() -> None:
    # Half a percent goes up on every page; Python itself would round it to the even number.
    before = plan_with(result(percent=62), result(index=2, percent=63))
    assert "nuo 63 % iki 64 %" in said(
        before, edit(before, type(before.actions[0]), results=(result(percent=64),))
    )
