"""What the tests of PDF files share: a plan with progress, and who may take files of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from measures.exchange.fixtures import load_akr_plan
from measures.models import Plan
from measures.services.sample import seed_progress
from tests.conftest import Cast


@pytest.fixture
def sample_plan(cast: Cast) -> Plan:
    """Return the association's plan as a sample with progress."""
    plan = load_akr_plan(is_sample=True)
    seed_progress(plan)
    return plan


@pytest.fixture
def manager(cast: Cast, as_user: Any) -> Client:
    """Return a client of one who may read and export."""
    client: Client = as_user(cast.manager)
    return client


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[bytes], Path]:
    """Return a function that puts a PDF where programs can read it."""

    def save(content: bytes) -> Path:
        path = tmp_path / "failas.pdf"
        path.write_bytes(content)
        return path

    return save
