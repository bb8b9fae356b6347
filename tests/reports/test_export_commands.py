"""The commands `export_board` and `export_plan`, and what they say when something is wrong."""

import io
import json
import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext, override
from python_calamine import CalamineWorkbook

from measures.enums import PlanState
from measures.services.progress import ReportedResult, record_progress
from reports.management import arguments
from tests.make import make_action, make_measure, make_plan, make_result, make_task, make_user

COMMANDS = pytest.mark.parametrize("command", ["export_board", "export_plan"])


@pytest.fixture(autouse=True)
def _in_english():
    """Read the messages as they stand in the code."""
    with override("en"):
        yield


@pytest.fixture
def plan(db):
    """Return a plan whose only result was done on 1 June 2024."""
    plan = make_plan(slug="2023-2024", organisation="Asociacija", state=PlanState.DRAFT)
    action = make_action(make_measure(make_task(plan)))
    make_result(action, text="Renginys")
    plan.state = PlanState.ACTIVE
    plan.save()
    record_progress(
        action=action,
        author=make_user("rasa", is_superuser=True),
        results=[ReportedResult("1.1.1-1", 1, "done", 100)],
        comment="Renginys įvyko",
        reported_on=date(2024, 6, 1),
    )
    return plan


def export(command, output, **options):
    stream = io.StringIO()
    call_command(command, plan="2023-2024", output=str(output), stdout=stream, **options)
    return stream.getvalue()


def test_export_board_writes_the_workbook(plan, tmp_path):
    target = tmp_path / "planas.xlsx"

    assert export("export_board", target, as_of="2024-12-31") == f"Written: {target}\n"

    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(1).to_python()
    assert rows[3][0] == "As of Dec. 31, 2024"
    assert rows[-1][2:] == ["– Renginys", "", "", "Done", 1.0, "no owner", "2024-06-01: Renginys įvyko", ""]


def test_export_board_shows_a_past_day(plan, tmp_path):
    export("export_board", tmp_path / "planas.xlsx", as_of="2024-05-31")

    rows = CalamineWorkbook.from_path(str(tmp_path / "planas.xlsx")).get_sheet_by_index(1).to_python()
    assert rows[-1][2:] == ["– Renginys", "", "", "Not started", 0.0, "no owner", "", ""]


def test_export_plan_writes_utf_8(plan, tmp_path):
    export("export_plan", tmp_path / "planas.json", as_of="2024-12-31")

    data = json.loads((tmp_path / "planas.json").read_bytes().decode())
    assert (data["as_of"], data["tasks"][0]["title"]) == ("2024-12-31", "Uždavinys 1")


def test_export_plan_prints_on_a_dash(plan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    data = json.loads(export("export_plan", "-"))

    assert data["as_of"] == timezone.localdate().isoformat()
    assert list(tmp_path.iterdir()) == []


@COMMANDS
def test_file_that_was_there_is_replaced(plan, tmp_path, command):
    target = tmp_path / "planas"
    target.write_text("senas")

    export(command, target)

    assert target.read_bytes() != b"senas"
    assert list(tmp_path.iterdir()) == [target]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~mask


@COMMANDS
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"plan": "2025"}, "There is no plan “2025”. Plans here: 2023-2024."),
        ({"as_of": "2024-02-30"}, "“2024-02-30” is not a date. Write it like this: 2024-12-31."),
        ({"as_of": "vakar"}, "“vakar” is not a date. Write it like this: 2024-12-31."),
        ({"output": "nera/planas"}, "There is no folder “nera”."),
        ({"output": "."}, "“.” is not a file. Name a file to write."),
        ({"output": "/dev/null"}, "“/dev/null” is not a file. Name a file to write."),
        ({"output": "a" * 300}, f"“{'a' * 300}” cannot be written (File name too long)."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(plan, tmp_path, monkeypatch, command, options, message):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError) as error:
        call_command(command, **({"plan": "2023-2024", "output": "planas"} | options))

    assert str(error.value) == message
    assert list(tmp_path.iterdir()) == []


@COMMANDS
def test_a_day_to_come_is_refused(plan, tmp_path, command):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    with pytest.raises(CommandError, match=f"{tomorrow} is still to come"):
        export(command, tmp_path / "planas", as_of=tomorrow)


@pytest.mark.parametrize("failure", [RuntimeError, OSError])
def test_a_failure_half_way_leaves_the_old_file(tmp_path, failure):
    def write_half():
        with arguments.new_file(str(target)) as stream:
            stream.write(b"pus")
            raise failure

    target = tmp_path / "planas.json"
    target.write_text("senas")

    with pytest.raises((RuntimeError, CommandError)):
        write_half()

    assert target.read_text() == "senas"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_followed_to_no_device(tmp_path):
    link = tmp_path / "planas"
    link.symlink_to("/dev/null")

    with pytest.raises(CommandError, match="is not a file"), arguments.new_file(str(link)):
        pass

    assert Path("/dev/null").is_char_device()


def test_messages_are_in_the_language_of_the_program(plan):
    with override("lt"):
        expected = gettext("There is no plan “%(slug)s”. Plans here: %(known)s.")
        with pytest.raises(CommandError) as error:
            call_command("export_board", plan="2025", output="planas")

    assert str(error.value) == expected % {"slug": "2025", "known": "2023-2024"}
