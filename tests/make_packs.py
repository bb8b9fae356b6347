"""Functions that make packs for the meeting without the work of making files."""

import os
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from akr_plan.models import User
from measures.enums import PackFileKind
from measures.models import Pack, Plan
from measures.services.packs import MadeFile, PackContent, finish_pack, request_pack

FILES = [
    MadeFile(PackFileKind.EXCEL, "planas.xlsx", b"Excel"),
    MadeFile(PackFileKind.WORD, "planas.docx", b"Word"),
    MadeFile(PackFileKind.PDF, "planas.pdf", b"PDF"),
]


def make_request(plan: Plan, author: User, as_of: date = date(2024, 6, 30), **values: Any) -> Pack:
    """Return a pack that was asked for and has no files yet."""
    defaults = {"since": "2024-01-01", "said": "", "query": f"data={as_of.isoformat()}"}
    content = PackContent(as_of=as_of, **{**defaults, **values})
    return request_pack(plan=plan, author=author, content=content)


def make_finished(plan: Plan, author: User, as_of: date = date(2024, 6, 30), **values: Any) -> Pack:
    """Return a pack with three small files."""
    pack = make_request(plan, author, as_of, **values)
    finish_pack(pack=pack, files=FILES)
    pack.refresh_from_db()
    return pack


def process_environment(folder: Path) -> dict[str, str]:
    """Return what lets a process of the program use the database and the folder of this test."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    (folder / "settings_of_test.py").write_text(
        f"from akr_plan.settings import *\n\nDATA_DIR = {str(settings.DATA_DIR)!r}\n"
    )
    return {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "settings_of_test",
        "PYTHONPATH": os.pathsep.join([str(folder), str(settings.BASE_DIR)]),
    }
