"""The program's own log: what its fields take, who may say what, and where it goes."""

from __future__ import annotations

import ast
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine import program_log
from qingting.engine.program_log import _TOLD, EVENTS, WITHHELD, Fields, note, told_fields
from qingting.engine.run.lock import run_lock
from qingting.engine.stores.imports.columns import KINDS
from qingting.terminal.index import COMMANDS
from workspaces import modules

NOON, EVENING = "2026-11-20T12:00", "2026-11-20T20:00"
PAGE = (Path(__file__).parents[2] / "docs" / "program-log.md").read_text(encoding="utf-8")
NAMES = ("playbook", "channel")
Type = Callable[..., Any]


# What can be said


def test_every_field_has_a_rule_and_belongs_to_an_event() -> None:
    assert set(_TOLD) == set(Fields.__annotations__)
    assert set(_TOLD) == {name for kind in EVENTS.values() for name in kind.fields}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call that notes an event, with its module."""
    for name, path in modules():
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "program_log import" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                yield name, node


def test_every_event_is_noted_with_all_its_fields() -> None:
    seen = set()
    for name, call in calls():
        assert len(call.args) == 1, name
        assert isinstance(call.args[0], ast.Constant), name
        event = call.args[0].value
        assert [keyword.arg for keyword in call.keywords] == list(EVENTS[event].fields), (name, event)
        seen.add(event)
    assert seen == set(EVENTS)


def test_a_name_is_taken_from_where_names_of_playbooks_and_channels_stand() -> None:
    given = {ast.unparse(keyword.value) for _, call in calls() for keyword in call.keywords if keyword.arg in NAMES}
    assert given == {"each.playbook", "done.playbook", "fault.channel", "channel"}


def test_nothing_else_in_the_package_logs() -> None:
    talking = [
        name for name, path in modules()
        if re.search(r"^\s*(import|from) (logging|structlog)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert talking == ["engine/program_log.py", "terminal/program_log.py"]


@pytest.mark.parametrize("field", sorted(set(_TOLD) - set(NAMES)))
@pytest.mark.parametrize(
    "value", ["张敏感", "13800138000", 13800138000, 13800138000.5, "u1", "您好,这是您的券", ["u1"], {"u1": 1}, ("u1",), b"u1", object()]
)
def test_a_field_takes_nothing_about_a_member(field: str, value: object) -> None:
    assert told_fields({field: value}) == {field: WITHHELD}


@pytest.mark.parametrize("name", ["13800138000", "给13800138000的", "a@b.cn", "两\n行", "很" * 81, "", 5, None.__class__])
def test_a_name_is_no_telephone_number_and_no_text(name: object) -> None:
    assert {value for field in NAMES for value in told_fields({field: name}).values()} == {WITHHELD}


def test_a_name_may_hold_a_date() -> None:
    assert told_fields({"playbook": "20261111 大促"}) == {"playbook": "20261111 大促"}


@settings(max_examples=60)
@given(st.text(), st.sampled_from(sorted(set(_TOLD) - set(NAMES))))
def test_a_text_is_told_only_where_it_is_a_word_of_the_program(text: str, field: str) -> None:
    (told,) = told_fields({field: text}).values()
    assert told == WITHHELD or (told == text and text.isascii() and len(text) < 34)


def test_the_words_that_the_engine_says_are_told() -> None:
    stages = {
        stage for name, path in modules() if name.startswith("engine/run/")
        for stage in re.findall(r'reached\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert {"decided", "committed"} <= stages
    assert {told_fields({"stage": stage})["stage"] for stage in stages} == stages
    assert {told_fields({"kind": kind})["kind"] for kind in KINDS} == set(KINDS)
    assert {told_fields({"command": entry.name})["command"] for entry in COMMANDS} == {entry.name for entry in COMMANDS}


def test_an_exception_is_told_by_its_type_and_place() -> None:
    try:
        raise ValueError("张敏感")
    except ValueError as error:
        told = told_fields({"error": error, "place": error})
    assert told["error"] == "ValueError"
    assert re.fullmatch(r"test_program_log\.py:\d+", str(told["place"]))


def test_an_instant_is_told_in_utc() -> None:
    assert told_fields({"at": 1_795_176_000_000_000, "last": 13_800_138_000}) == {"at": "2026-11-20T12:00:00Z", "last": WITHHELD}


# In a program


def test_the_library_hands_its_events_to_logging(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "qingting"):
        note("merge.done", news=True)
        note("watch.woke", reason="due")
    (record,) = caplog.records
    assert (record.name, record.levelname, record.getMessage()) == ("qingting.merge", "INFO", "merge.done news=true")
    assert (record.__dict__["event"], record.__dict__["fields"]) == ("merge.done", {"news": True})
    assert record.filename == "test_program_log.py"


def test_who_waited_for_another_run_is_told_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    waiting, left = threading.Event(), threading.Event()

    def hold() -> None:
        with run_lock(tmp_path / "store", "somebody"):
            waiting.set()
            left.wait(0.1)

    holder = threading.Thread(target=hold)
    with caplog.at_level("INFO", "qingting"):
        holder.start()
        waiting.wait()
        with run_lock(tmp_path / "store", "me", 10):
            holder.join()
        with run_lock(tmp_path / "store", "me", 10):
            pass
    (record,) = caplog.records
    assert record.__dict__["event"] == "lock.waited"
    assert record.__dict__["fields"]["seconds"] > 0


def test_without_being_asked_nothing_is_said_or_loaded(shop: Path) -> None:
    code = (
        "import sys; from qingting.cli import run_command;"
        f"run_command(['check', '-C', {str(shop)!r}]);"
        "print(*sorted({m for m in sys.modules if m.endswith('terminal.program_log')}), file=sys.stderr)"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stderr.strip() == ""


# On the command line


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_one_line_a_run(type_in: Type, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    for clock in (EVENING, EVENING, "2026-11-20T20:10"):
        assert type_in("run", "--at", clock, "--log-to", str(log)).err == ""
    first, second, third = lines(log)
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info run\.committed run=[0-9a-f]{16} at=2026-11-20T12:00:00Z records=11 blocked=0 "
        r"seconds=\d+\.\d+", first,
    )
    assert second.endswith("info run.idle at=2026-11-20T12:00:00Z last=2026-11-20T12:00:00Z")
    assert "records=0" in third


def test_json_on_stderr_beside_json_on_stdout(type_in: Type) -> None:
    answer = type_in("run", "--at", EVENING, "--log-format", "json", "--json")
    assert answer.json["command"] == "run"
    (told,) = [json.loads(line) for line in answer.err.splitlines()]
    assert list(told) == ["time", "level", "event", "run", "at", "records", "blocked", "seconds"]
    assert told["run"] == answer.json["run"]


def test_the_environment_asks_and_the_options_count_before_it(type_in: Type, tmp_path: Path) -> None:
    asked = {"QINGTING_LOG": str(tmp_path / "a.log"), "QINGTING_LOG_FORMAT": "json", "QINGTING_LOG_LEVEL": "debug"}
    type_in("next", environment=asked)
    assert [json.loads(line)["event"] for line in lines(tmp_path / "a.log")] == ["command.begun", "command.ended"]
    type_in("next", "--log-to", str(tmp_path / "b.log"), "--log-level", "error", environment=asked)
    assert lines(tmp_path / "b.log") == []
    assert type_in("next", environment={**asked, "QINGTING_LOG_FORMAT": "yaml"}).code == 2


def test_a_refusal_is_told_by_its_code(type_in: Type, tmp_path: Path) -> None:
    assert type_in("explain", "13800138000", "--log-to", str(tmp_path / "a.log")).code == 2
    (line,) = lines(tmp_path / "a.log")
    assert line.endswith("error command.refused command=explain code=C128 exit=2")


@pytest.mark.parametrize("place", ["missing/run.log", "."])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_done(type_in: Type, tmp_path: Path, place: str) -> None:
    answer = type_in("init", "--log-to", str(tmp_path / place), place=tmp_path / "new")
    assert answer.code == 3
    assert "C309" in answer.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["qingting.db", "qingting.yaml", "data/members.csv"])
def test_a_file_of_another_kind_is_left_alone(type_in: Type, shop: Path, name: str) -> None:
    before = (shop / name).read_bytes()
    answer = type_in("next", "--log-to", str(shop / name), "--log-level", "debug")
    assert (answer.code, "C310" in answer.err) == (3, True)
    assert (shop / name).read_bytes() == before


def test_what_cannot_be_written_later_stops_nothing(type_in: Type) -> None:
    answer = type_in("run", "--at", EVENING, "--log-to", "/dev/full", "--log-level", "debug", "--lang", "en")
    assert answer.code == 0
    assert answer.err.count("\n") == 1
    assert "cannot be written any more (No space left on device)" in answer.err


def test_a_file_that_was_renamed_is_made_anew(type_in: Type, shop: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime
    from io import StringIO

    from qingting.terminal.program_log import start_log
    from qingting.terminal.session import Session

    log = tmp_path / "a.log"
    session = Session(
        out=StringIO(), err=StringIO(), environment={}, clock=lambda: datetime(2026, 11, 20, 4, tzinfo=UTC), log_to=str(log)
    )
    end = start_log(session)
    assert end is not None
    note("merge.done", news=True)
    log.rename(tmp_path / "a.log.1")
    note("merge.done", news=False)
    # Whatever else logs below this name may speak of anything.
    logging.getLogger("qingting.plugin").warning("张敏感 %s", "13800138000")
    end()
    note("merge.done", news=True)
    assert lines(tmp_path / "a.log.1") == ["2026-11-20T04:00:00.000Z info merge.done news=true"]
    assert lines(log) == ["2026-11-20T04:00:00.000Z info merge.done news=false", "2026-11-20T04:00:00.000Z warning qingting.plugin"]


# What is written about it


def test_the_page_lists_every_event() -> None:
    rows = re.findall(r"^\| `([a-z.]+)` \| (\w+) \| ([^|]*)\|", PAGE, re.MULTILINE)
    told = {event: (level, tuple(re.findall(r"`(\w+)`", fields))) for event, level, fields in rows}
    assert told == {event: (kind.level, kind.fields) for event, kind in EVENTS.items()}
    assert list(told) == list(EVENTS)


def test_the_page_names_every_option_and_level() -> None:
    assert set(re.findall(r"`(QINGTING_LOG\w*)`", PAGE)) == {"QINGTING_LOG", "QINGTING_LOG_FORMAT", "QINGTING_LOG_LEVEL"}
    assert "|".join(program_log.LEVELS) in PAGE.replace("\\", "")
