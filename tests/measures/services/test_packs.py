"""Packs are numbered, never changed but in how their making goes, and have all their files or none."""

import hashlib
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from measures.enums import PackState, PackStep
from measures.models import Pack, PackFile, Plan
from measures.services.packs import PackOverError, fail_pack, finish_pack, note_life, note_step
from tests.conftest import Cast
from tests.make import make_plan
from tests.make_packs import FILES, make_finished, make_request
from tests.together import run_together

pytestmark = pytest.mark.django_db

WRITERS = 4


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan()


def files_on_disk() -> list[Path]:
    return list((Path(settings.DATA_DIR) / "packs").glob("*"))


def test_packs_are_counted_in_each_plan(cast: Cast, plan: Plan) -> None:
    other = make_plan()
    made = [make_request(which, cast.manager) for which in (plan, plan, other)]
    assert [(pack.plan, pack.number, pack.state) for pack in made] == [
        (plan, 1, PackState.MAKING),
        (plan, 2, PackState.MAKING),
        (other, 1, PackState.MAKING),
    ]


@pytest.mark.parametrize("name", ["updater", "stranger"])
def test_who_may_not_export_asks_for_no_pack(cast: Cast, plan: Plan, name: str) -> None:
    with pytest.raises(PermissionDenied):
        make_request(plan, getattr(cast, name))
    assert not Pack.objects.exists()


def test_finished_pack_has_its_files_out_of_reach(cast: Cast, plan: Plan) -> None:
    pack = make_finished(plan, cast.manager)
    assert pack.is_finished
    assert not pack.is_failed
    rows = list(pack.files.all())
    assert [(row.kind, row.name, row.size, row.sha256, row.read()) for row in rows] == [
        (
            file.kind,
            file.name,
            len(file.content),
            hashlib.sha256(file.content).hexdigest(),
            file.content,
        )
        for file in FILES
    ]
    for row in rows:
        path = Path(row.file.path)
        assert path.parent == Path(settings.DATA_DIR) / "packs"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert len(path.name) == 32
        assert "planas" not in path.name


def test_nothing_stays_of_a_pack_that_can_not_be_finished(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    with pytest.raises(IntegrityError):
        finish_pack(pack=pack, files=[*FILES, FILES[0]])
    pack.refresh_from_db()
    assert (pack.state, PackFile.objects.count(), files_on_disk()) == (PackState.MAKING, 0, [])


@pytest.mark.parametrize("state", [PackState.FINISHED, PackState.FAILED])
def test_what_is_over_stays_so(cast: Cast, plan: Plan, state: PackState) -> None:
    pack = make_request(plan, cast.manager)
    if state == PackState.FINISHED:
        finish_pack(pack=pack, files=FILES)
    else:
        fail_pack(pack=pack, failure="Per daug")
    before = Pack.objects.values().get()
    fail_pack(pack=pack, failure="Kas kita")
    note_life(pack=pack)
    with pytest.raises(PackOverError):
        note_step(pack=pack, step=PackStep.PDF)
    files = files_on_disk()
    with pytest.raises(PackOverError):
        finish_pack(pack=pack, files=FILES)
    assert Pack.objects.values().get() == before
    assert files_on_disk() == files


@pytest.mark.parametrize(
    "values", [{"as_of": date(2024, 1, 1)}, {"said": ""}, {"state": "failed", "query": ""}, {"number": 7}]
)
def test_only_how_the_making_goes_can_be_changed(cast: Cast, plan: Plan, values: dict[str, Any]) -> None:
    pack = make_request(plan, cast.manager)
    with pytest.raises(TypeError, match="append-only"):
        Pack.objects.filter(pk=pack.pk).update(**values)
    with pytest.raises(TypeError, match="append-only"):
        pack.save()


def test_neither_packs_nor_files_are_changed_or_deleted(cast: Cast, plan: Plan) -> None:
    file = make_finished(plan, cast.manager).files.first()
    assert file
    for forbidden in (
        file.save,
        file.delete,
        file.pack.delete,
        PackFile.objects.all().delete,
        Pack.objects.all().delete,
        lambda: PackFile.objects.update(sha256=""),
    ):
        with pytest.raises(TypeError, match="append-only"):
            forbidden()


def test_silence_counts_as_failure_until_a_sign_of_life(cast: Cast, plan: Plan) -> None:
    pack = make_request(plan, cast.manager)
    with time_machine.travel(timezone.now() + timedelta(seconds=59), tick=False):
        assert not pack.is_failed
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert pack.is_failed
        note_life(pack=pack)
        pack.refresh_from_db()
        assert not pack.is_failed


@pytest.mark.django_db(transaction=True)
def test_packs_asked_for_at_once_get_numbers_of_their_own(cast: Cast, plan: Plan) -> None:
    def ask(writer: int) -> None:
        make_request(plan, cast.manager)

    run_together(ask, writers=WRITERS)
    assert sorted(plan.packs.values_list("number", flat=True)) == list(range(1, WRITERS + 1))
