"""The real document in the database: complete, equal to the fixture, with every word."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from measures.enums import CodeKind, ConditionState, PlanState
from measures.exchange.document.reader import read_document
from measures.exchange.document.words import document_words, words_of
from measures.exchange.fixtures import (
    AKR_DOCUMENT,
    AKR_PLAN,
    REFERENCE_LISTS,
    load_reference_lists,
    plan_fixture,
    reference_lists,
)
from measures.exchange.plan_text.draft import PlanCounts, import_plan
from measures.models import (
    Action,
    ActionCode,
    ActionPartner,
    ActionResource,
    Measure,
    MeasureCode,
    Plan,
    PlannedResult,
    Project,
    StrategyCode,
    StrategyDirection,
    Task,
)

pytestmark = pytest.mark.django_db


def run_import(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_document", *arguments, stdout=out)
    return out.getvalue()


def edited(tmp_path: Path, old: str, new: str) -> str:
    text = AKR_DOCUMENT.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "planas.txt"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(path)


def test_document_equals_the_fixture() -> None:
    run_import(str(AKR_DOCUMENT))
    plan = Plan.objects.get()
    assert plan_fixture(plan) == json.loads(AKR_PLAN.read_text(encoding="utf-8"))
    # Reading adds nothing to the registers either: every name was known.
    assert reference_lists() == json.loads(REFERENCE_LISTS.read_text(encoding="utf-8"))


def test_loading_the_fixture_gives_the_fixture(akr_plan: Plan) -> None:
    assert plan_fixture(akr_plan) == json.loads(AKR_PLAN.read_text(encoding="utf-8"))
    assert akr_plan.state == PlanState.ACTIVE


def test_counts_are_those_of_the_document(akr_plan: Plan) -> None:
    assert PlanCounts.of(akr_plan) == PlanCounts(
        tasks=6,
        measures=12,
        actions=22,
        results=47,
        measure_codes=8,
        action_codes=6,
        resources=9,
        partners=31,
    )
    kinds = Counter(StrategyCode.objects.values_list("kind", flat=True))
    assert kinds == {CodeKind.MEASURE: 12, CodeKind.ACTION: 2, CodeKind.PRIORITY: 3}
    assert StrategyDirection.objects.count() == 5
    assert Project.objects.count() == 6


def test_no_word_of_the_document_is_lost_in_the_database(akr_plan: Plan) -> None:
    texts: list[str] = [akr_plan.organisation, akr_plan.title, akr_plan.goal]
    for task in Task.objects.all():
        texts += [task.number, task.title]
    for measure in Measure.objects.all():
        texts += [measure.number_as_written, measure.title]
    for action in Action.objects.all():
        texts += [action.number, action.title, action.lead_in]
    for model in (MeasureCode, ActionCode, ActionResource, ActionPartner):
        texts += model.objects.values_list("as_written", flat=True)
    for result in PlannedResult.objects.all():
        texts += [result.text, *result.sub_items, result.period_text]
    words = Counter(word for text in texts for word in words_of(text))
    assert words == document_words(AKR_DOCUMENT.read_text(encoding="utf-8"))


def test_awkward_places_are_read_right(akr_plan: Plan) -> None:
    results = {result.key: result for result in PlannedResult.objects.all()}
    assert results["6.2.2-4"].years == ""
    assert results["2.1.7-1"].years == "2024–"
    assert (results["6.2.3-2"].years, results["6.2.3-2"].period_text) == ("2023–2024", "2023–20024")
    assert (results["3.2.1-1"].years, results["3.2.1-1"].period_text) == ("2024–", "")
    assert results["1.2.1-2"].years == "2023–2024"
    measure = Measure.objects.get(number="6.2")
    assert (measure.number_as_written, measure.title) == (
        "6..",
        "KRSS2030 horizontaliųjų prioritetų įgyvendinimas",
    )
    assert Action.objects.get(number="5.1.2").lead_in.startswith("KRSS2030 įgyvendinamų priemonių viešinimas")
    assert not Action.objects.get(number="5.2.2").resource_links.exists()
    conditional = PlannedResult.objects.exclude(condition="").values_list("key", "condition_state")
    assert {state for _key, state in conditional} == {ConditionState.PENDING}
    assert {key for key, _state in conditional} == {
        "2.1.5-3",
        *("2.1.7-1", "2.1.7-2", "3.1.1-2"),
        *(f"3.2.1-{n}" for n in range(1, 5)),
        *(f"5.1.1-{n}" for n in range(1, 5)),
        *("5.2.1-1", "5.3.1-1"),
    }


def test_spellings_become_one_record_and_stay_as_written(akr_plan: Plan) -> None:
    written = ActionResource.objects.filter(resource__name="AKR biudžetas / DU").values_list(
        "as_written", flat=True
    )
    assert Counter(written) == {
        "AKR biudžeto lėšos / DU": 11,
        "AKR biudžetas / DU": 8,
        "AKR Biudžetas / DU": 1,
    }
    partner = ActionPartner.objects.get(
        action__number="1.2.1", as_written="KU Jūrinių tyrimų institutas"
    ).partner
    assert partner.name == "Klaipėdos Universiteto Jūrinių tyrimų institutas"


def test_projects_and_priorities_are_recognised(akr_plan: Plan) -> None:
    projects = {
        key: [link.project.name for link in PlannedResult.objects.get(key=key).project_links.all()]
        for key in ("2.1.1-1", "2.1.3-2", "6.2.2-4", "1.2.1-1", "1.1.2-1")
    }
    assert projects == {
        "2.1.1-1": ["BASCIL", "Land2Sea", "BlueBioClusters"],
        "2.1.3-2": ["BlueBioClusters"],
        "6.2.2-4": ["WaterMan"],
        "1.2.1-1": ["BlueBioClusters", "BASCIL"],
        "1.1.2-1": [],
    }
    priorities = ActionCode.objects.filter(code__kind=CodeKind.PRIORITY).values_list(
        "action__number", "code__code"
    )
    assert sorted(priorities) == [
        ("6.2.1", "Ugdantis regionas"),
        ("6.2.2", "Gerovės regionas"),
        ("6.2.3", "Atviras regionas"),
    ]


def test_report_counts_and_names_each_warning_with_its_place() -> None:
    report = run_import(str(AKR_DOCUMENT))
    assert "Uždavinių: 6, priemonių: 12, veiksmų: 22, planuojamų rezultatų: 47." in report
    assert "KRSS2030 kodų: prie priemonių 8, prie veiksmų 6." in report
    assert "Išteklių: 9, partnerių: 31." in report
    for place in ("„6..“", "2.1.6", "„2023–20024“", "5.2.2", "išnašos", "nėra brūkšnio"):
        assert place in report


def test_dry_run_reports_the_same_and_writes_nothing() -> None:
    dry = run_import(str(AKR_DOCUMENT), "--dry-run")
    assert not Plan.objects.exists()
    assert not StrategyDirection.objects.exists()
    wet = run_import(str(AKR_DOCUMENT))
    assert dry == wet + "Tik patikrinta: niekas neįrašyta.\n"


def test_what_cannot_be_placed_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    path = edited(tmp_path, "1.1.2. Surinkti", "7.7.7. Surinkti")
    with pytest.raises(CommandError, match=r"7\.7\.7"):
        run_import(path)
    assert not Plan.objects.exists()
    assert not Task.objects.exists()


def test_new_code_is_named_after_the_place_where_it_stands(tmp_path: Path) -> None:
    run_import(edited(tmp_path, "KRSS2030 V.1.5.1. priemonė", "KRSS2030 V.1.9.9. priemonė"))
    code = StrategyCode.objects.get(code="V.1.9.9")
    assert code.title.startswith("Viešojo sektoriaus paslaugų kokybės")


def test_code_of_an_unknown_direction_is_an_error_and_nothing_is_written() -> None:
    load_reference_lists()
    StrategyCode.objects.filter(direction__code="V").delete()
    StrategyDirection.objects.filter(code="V").delete()
    with pytest.raises(CommandError, match=r"V\.1\.1\.1 nepriklauso jokiai žinomai krypčiai"):
        run_import(str(AKR_DOCUMENT))
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"   \n\n", b"\x00\x01\x02", b"PK\x03\x04\x14\x00", b"vien tekstas"]
)
def test_broken_document_is_explained(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "planas.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        run_import(str(path))
    assert not Plan.objects.exists()


def test_missing_and_foreign_files_are_explained(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="perskaityti nepavyko"):
        run_import(str(tmp_path / "nera.txt"))
    path = tmp_path / "windows.txt"
    path.write_bytes("Veiklos planas, priemonė".encode("windows-1257"))
    with pytest.raises(CommandError, match="nėra UTF-8 tekstas"):
        run_import(str(path))


def test_second_import_is_refused_but_another_name_is_free() -> None:
    run_import(str(AKR_DOCUMENT))
    with pytest.raises(CommandError, match="Planas 2023-2024 jau yra"):
        run_import(str(AKR_DOCUMENT))
    run_import(str(AKR_DOCUMENT), "--slug", "kopija", "--draft")
    assert list(Plan.objects.order_by("slug").values_list("slug", "state")) == [
        ("2023-2024", PlanState.ACTIVE),
        ("kopija", PlanState.DRAFT),
    ]
    with pytest.raises(CommandError, match="mažąsias lotyniškas raides"):
        run_import(str(AKR_DOCUMENT), "--slug", "Su tarpais")


def test_import_works_with_empty_registers() -> None:
    for code in ("I", "II", "III", "IV", "V"):
        StrategyDirection(code=code, title="Kryptis").save()
    reading = read_document(AKR_DOCUMENT.read_text(encoding="utf-8"))
    plan = import_plan(reading.plan)
    counts = PlanCounts.of(plan)
    assert (counts.results, counts.measure_codes, counts.action_codes) == (47, 8, 6)
    # Without the registers nobody knows that spellings belong together.
    assert counts.resources == 12


def test_every_row_has_history(akr_plan: Plan) -> None:
    for model in (
        Plan,
        Task,
        Measure,
        Action,
        PlannedResult,
        MeasureCode,
        ActionCode,
        ActionPartner,
        ActionResource,
    ):
        written = set(model.objects.values_list("pk", flat=True))
        assert set(model.history.values_list("id", flat=True)) == written
