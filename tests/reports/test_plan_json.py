"""The plan as JSON: its schema, its figures, its words."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from measures.enums import CodeKind, ConditionState, PlanState
from measures.exchange.document.words import document_words, words_of
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.models import ActionPartner, ActionResource
from measures.services.progress import ReportedResult, record_progress
from measures.tree.reader import read_tree
from reports.plan_json import plan_as_json, plan_file_name, write_plan_json
from tests.make import (
    give_code,
    make_action,
    make_code,
    make_measure,
    make_partner,
    make_plan,
    make_resource,
    make_result,
    make_task,
    make_user,
)

DOCS = Path(settings.BASE_DIR) / "docs"


@pytest.fixture
def validator():
    schema = json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.fixture
def small_plan(db):
    """Return a plan with one action, which has everything that an action can have."""
    plan = make_plan(slug="2023-2024", organisation="Asociacija", state=PlanState.DRAFT)
    measure = make_measure(make_task(plan), "1.1", number_as_written="1..", title="Priemonė")
    owner = make_user("rasa", is_superuser=True)
    links = [{"text": "žodis", "href": "#"}]
    action = make_action(measure, title="Veiksmas", lead_in="Visuomenei:", owner=owner, links=links)
    give_code(action, make_code("II.1.2.1.1"))
    priority = make_code("Gerovės regionas", kind=CodeKind.PRIORITY, direction=None)
    give_code(action, priority)
    ActionResource(
        action=action, resource=make_resource("ES lėšos"), as_written="ES pinigai", position=1
    ).save()
    ActionPartner(action=action, partner=make_partner("KU"), position=1).save()
    make_result(action, text="Pirmas", sub_items=["a;", "b."], period_text="2023–2024")
    make_result(action, text="Antras", first_year=2024, last_year=None)
    make_result(
        action, text="Trečias", condition="sėkmės atveju", condition_state=ConditionState.PENDING, links=links
    )
    plan.state = PlanState.ACTIVE
    plan.save()
    reports = [("1.1.1-1", "in_progress", 50), ("1.1.1-2", "in_progress", 33)]
    record_progress(
        action=action,
        author=owner,
        results=[ReportedResult(key, 1, status, percent) for key, status, percent in reports],
        reported_on=date(2024, 12, 1),
    )
    return plan


def test_json_holds_everything(small_plan):
    result: dict[str, Any] = {
        "sub_items": [],
        "period_text": "",
        "condition": "",
        "condition_state": None,
        "projects": [],
        "links": [],
        "status": "in_progress",
    }
    assert plan_as_json(read_tree(small_plan, date(2024, 12, 31))) == {
        "format": "akr-plan/1",
        "as_of": "2024-12-31",
        "plan": {
            "slug": "2023-2024",
            "organisation": "Asociacija",
            "title": "VEIKLOS PLANAS 2023-2024 M.",
            "goal": "Tikslas",
            "first_year": 2023,
            "last_year": 2024,
        },
        "tasks": [
            {
                "number": "1",
                "title": "Uždavinys 1",
                "measures": [
                    {
                        "number": "1.1",
                        "number_as_written": "1..",
                        "title": "Priemonė",
                        "codes": [],
                        "horizontal_priorities": [],
                        "actions": [
                            {
                                "number": "1.1.1",
                                "title": "Veiksmas",
                                "lead_in": "Visuomenei:",
                                "links": [{"text": "žodis", "href": "#"}],
                                "codes": [{"code": "II.1.2.1.1", "kind": "action", "as_written": ""}],
                                "horizontal_priorities": ["Gerovės regionas"],
                                "owner": "rasa",
                                "status": "in_progress",
                                "percent": 41.5,
                                "resources": [{"name": "ES lėšos", "as_written": "ES pinigai"}],
                                "partners": [{"name": "KU", "as_written": "KU"}],
                                "results": [
                                    {
                                        **result,
                                        "key": "1.1.1-1",
                                        "text": "Pirmas",
                                        "sub_items": ["a;", "b."],
                                        "first_year": 2023,
                                        "last_year": 2024,
                                        "period_text": "2023–2024",
                                        "percent": 50,
                                        "schedule": "due_soon",
                                    },
                                    {
                                        **result,
                                        "key": "1.1.1-2",
                                        "text": "Antras",
                                        "first_year": 2024,
                                        "last_year": None,
                                        "percent": 33,
                                        "schedule": "due_soon",
                                    },
                                    {
                                        **result,
                                        "key": "1.1.1-3",
                                        "text": "Trečias",
                                        "first_year": 2023,
                                        "last_year": 2024,
                                        "condition": "sėkmės atveju",
                                        "condition_state": "pending",
                                        "links": [{"text": "žodis", "href": "#"}],
                                        "status": "not_started",
                                        "percent": 0,
                                        "schedule": None,
                                    },
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_small_plan_fits_the_schema(small_plan, validator):
    validator.validate(plan_as_json(read_tree(small_plan)))


def test_real_plan_fits_the_schema(akr_plan, validator):
    data = plan_as_json(read_tree(akr_plan))

    validator.validate(data)
    measures = [measure for task in data["tasks"] for measure in task["measures"]]
    actions = [action for measure in measures for action in measure["actions"]]
    results = [result for action in actions for result in action["results"]]
    assert (len(data["tasks"]), len(measures), len(actions), len(results)) == (6, 12, 22, 47)


def test_no_word_of_the_real_document_is_lost(akr_plan):
    stream = io.StringIO()
    write_plan_json(read_tree(akr_plan), stream)

    lost = set(document_words(AKR_DOCUMENT.read_text(encoding="utf-8"))) - set(words_of(stream.getvalue()))
    assert lost == set()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"format": "akr-plan/2"},
        {"as_of": "2024-13-01"},
        {"tasks": [{"number": "1"}]},
        {"plan": {}},
    ],
)
def test_schema_refuses_what_is_not_described(small_plan, validator, change):
    with pytest.raises(ValidationError):
        validator.validate(plan_as_json(read_tree(small_plan)) | change)


def test_example_in_the_description_fits_the_schema(validator):
    description = (DOCS / "plan-json.md").read_text(encoding="utf-8")

    validator.validate(json.loads(description.split("```json")[1].split("```")[0]))


def test_description_names_every_field(validator):
    description = (DOCS / "plan-json.md").read_text(encoding="utf-8")

    objects = [validator.schema, validator.schema["properties"]["plan"], *validator.schema["$defs"].values()]
    fields = {field for part in objects for field in part.get("properties", {})}
    assert {field for field in fields if f'"{field}"' not in description} == set()


def test_text_is_readable_and_in_order(small_plan):
    stream = io.StringIO()
    write_plan_json(read_tree(small_plan, date(2024, 12, 31)), stream)

    text = stream.getvalue()
    assert text.startswith('{\n  "format": "akr-plan/1",\n  "as_of": "2024-12-31",\n  "plan": {')
    assert '"text": "Trečias"' in text
    assert text.endswith("}\n")


def test_an_action_without_owner_or_results_has_nulls(db):
    action = make_action()

    exported = plan_as_json(read_tree(action.plan))["tasks"][0]["measures"][0]["actions"][0]

    assert (exported["owner"], exported["percent"], exported["status"]) == (None, None, "not_started")


def test_file_name_says_plan_and_day(small_plan):
    tree = read_tree(small_plan, date(2024, 12, 31))

    assert plan_file_name(tree) == "veiklos-planas-2023-2024_bukle-2024-12-31.json"
