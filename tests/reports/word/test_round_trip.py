"""What is written as a Word document is read back as the same plan, word for word."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.exchange.document.docx_reader import read_docx
from measures.exchange.document.reader import read_document
from measures.exchange.document.tree import DocumentReading
from measures.exchange.fixtures import AKR_DOCUMENT
from measures.exchange.plan_text.draft import import_plan, known_names
from measures.models import Partner, Plan, Resource
from measures.tree.reader import read_tree
from measures.tree.rows import PlanTree
from reports.word.document import write_plan_document

from .plans import plans, text_of, without_conditions

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
MADE_AT = datetime(2024, 12, 31, 12, tzinfo=UTC)


def written(tree: PlanTree, **values: Any) -> bytes:
    """Return the Word document of a plan."""
    stream = io.BytesIO()
    options: dict[str, Any] = {"with_progress": False, "made_by": "Jonas", "made_at": MADE_AT}
    write_plan_document(tree, **(options | values), stream=stream)
    return stream.getvalue()


@pytest.fixture
def registers(sample_plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    return known_names(Partner), known_names(Resource)


@pytest.mark.parametrize("with_progress", [True, False])
@pytest.mark.django_db
def test_real_plan_comes_back_as_its_own_document_says(
    sample_plan: Plan, registers: Any, with_progress: bool
) -> None:
    tree = read_tree(sample_plan, with_notes=True)
    reading = read_docx(written(tree, with_progress=with_progress), *registers)
    original = read_document(AKR_DOCUMENT.read_text(encoding="utf-8"), *registers)
    assert reading.plan == original.plan
    assert without_conditions(reading.plan) == text_of(tree)
    copy = import_plan(reading.plan, slug="kopija")
    assert text_of(read_tree(copy)) == text_of(tree)
    assert told(reading) == told(original) | ({("progress-ignored", "")} if with_progress else set())


def told(reading: DocumentReading) -> set[tuple[str, str]]:
    """Return what is told of a reading; dashes and separators that were missing are written now."""
    codes = {(notice.code, notice.place.number) for notice in reading.warnings}
    return {(code, number) for code, number in codes if code not in ("dash-missing", "separator-missing")}


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(plans(), st.booleans())
def test_any_plan_comes_back(tree: PlanTree, with_progress: bool) -> None:
    reading = read_docx(written(tree, with_progress=with_progress))
    assert without_conditions(reading.plan) == text_of(tree)
