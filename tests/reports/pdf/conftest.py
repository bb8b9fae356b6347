"""What the tests of PDF files share: a plan with progress, and who may take files of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.conftest import Cast


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
