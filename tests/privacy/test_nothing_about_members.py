"""The program's own log, errors, the report of a bug, plans and the dispatch log hold nothing about members.

Marked data goes through every command, and all that is put out or kept is searched for the marks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect

import click
import pytest
from privacy.marked import ECHO, MARKS, MEMBERS, NAME, PHONE, marks_in, open_raising, open_telling, write_shop
from privacy.playing import AFTERWARDS, FAILING, LINES, LOG, WATCHING, Line, Typed, prove_each, rows_of, type_in
from qingting.cli import build
from qingting.engine import program_log
from qingting.engine.delivery.channels import registry
from qingting.engine.program_log import EVENTS, WITHHELD
from qingting.terminal import leaving
from qingting.terminal.index import COMMANDS
from qingting.terminal.language import Say

ABOUT_MEMBERS = {
    "members": "who they are", "attribute_facts": "what is known of them", "events": "what they did",
    "groups": "groups with their names", "group_facts": "the names of groups", "staff": "staff with their names",
    "staff_facts": "the names of staff", "coupons": "codes of imported coupons", "coupon_facts": "codes of imported coupons",
    "delivery_texts": "what channels answered, which erasing takes with it",
}
"""The tables whose purpose it is to know members; in all others nothing may be found."""


@dataclass(frozen=True)
class Played:
    """The shop after all lines."""

    root: Path
    form: str
    typed: tuple[Typed, ...]

    @property
    def log(self) -> str:
        """The program's log."""
        return (self.root / LOG).read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=[pytest.param(form, marks=pytest.mark.slow) for form in ("text", "json")])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Every line typed once, with a log in each format."""
    root = tmp_path_factory.mktemp("marked") / "shop"
    write_shop(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "BUILT_IN", {**registry.BUILT_IN, "telling": open_telling, "raising": open_raising})
        patch.setattr(leaving, "leaving_cleanly", _leaving_at_once)
        typed = [type_in(root, line, request.param) for line in LINES]
        typed += prove_each(root, request.param)
        typed += [type_in(root, line, request.param) for line in AFTERWARDS]
        with patch.context() as failing:
            failing.setattr("qingting.engine.run.engine.enter", _broken)
            typed.append(type_in(root, FAILING, request.param))
        typed.append(type_in(root, WATCHING, request.param))
        yield Played(root, request.param, tuple(typed))


def _broken(*_: object) -> None:
    raise KeyError(f"{NAME} {PHONE}") from ValueError(NAME)


class _leaving_at_once:  # noqa: N801 - stands in the place of a function
    """Time to leave from the beginning."""

    def __enter__(self) -> object:
        return lambda seconds: True

    def __exit__(self, *_: object) -> None:
        pass


def test_every_command_is_typed() -> None:
    typed = {" ".join(line.words[:2]) for line in (*LINES, *AFTERWARDS)}
    assert [name for name in commands() if not any(f"{line} ".startswith(f"{name} ") for line in typed)] == []


def commands() -> Iterator[str]:
    """Every command, and every further command behind its name."""
    group = build(Say("en"))
    for entry in COMMANDS:
        yield entry.name
        command = group.get_command(click.Context(group), entry.name)
        if isinstance(command, click.Group):
            yield from (f"{entry.name} {part}" for part in command.list_commands(click.Context(command)))


def test_the_lines_end_as_they_should(played: Played) -> None:
    assert [(t.line.words, t.code, t.out[-400:], t.err) for t in played.typed if t.code != t.line.code] == []


def test_the_marks_are_there_to_be_found(played: Played) -> None:
    known = {mark for _, value in rows_of(played.root / "qingting.db") for mark in marks_in(value)}
    told = {mark for typed in played.typed for mark in marks_in(typed.out)}
    assert set(MARKS) - known - told == set()


def test_every_playbook_has_decided(played: Played) -> None:
    with closing(connect(played.root / "qingting.db")) as connection:
        decided = dict(connection.execute("SELECT o.playbook, count(*) FROM dispatches d JOIN occurrences o USING (occurrence) GROUP BY 1"))
        answered = {outcome for (outcome,) in connection.execute("SELECT outcome FROM deliveries")}
    assert decided.keys() == {"早安", "发短信", "生日", "预约前", "下单后", "群早安"}
    assert answered >= {"sent", "refused", "unknown"}


def test_nothing_in_the_programs_log(played: Played) -> None:
    assert [line for line in played.log.splitlines() if marks_in(line)] == []
    assert WITHHELD not in played.log


def test_the_log_tells_of_everything_done(played: Played) -> None:
    told = {event for event in EVENTS if event in played.log}
    untold = {
        "command.failed", "store.migrated", "store.restored", "lock.waited", "channel.missing", "migrate.done", "watch.woke",
        "watch.troubled", "log.verified", "log.rekeyed", "archive.done",
    }
    assert told | untold == set(EVENTS)


def test_nothing_on_stderr(played: Played) -> None:
    # With --json the console channel shows its messages there.
    told = [(t.line.words, t.err) for t in played.typed if _told(t, t.err)]
    assert [each for each in told if played.form == "text" or each[0][0] != "deliver"] == []


def test_nothing_on_stdout_but_where_it_is_asked_for(played: Played) -> None:
    assert [(t.line.words, _told(t, t.out)) for t in played.typed if _told(t, t.out) and not t.line.shows] == []


def _told(typed: Typed, text: str) -> set[str]:
    """The marks in a text; what was typed may be said back."""
    return set(marks_in(text)) - set(marks_in(" ".join(typed.line.words)))


def test_nothing_in_the_tables_of_the_log(played: Played) -> None:
    found = {(table, mark) for table, value in rows_of(played.root / "qingting.db") for mark in marks_in(value)}
    assert sorted((table, mark) for table, mark in found if table not in ABOUT_MEMBERS) == []


def test_nothing_of_who_was_erased(played: Played) -> None:
    kept = b"".join(path.read_bytes() for path in played.root.glob("qingting.db*"))
    assert MEMBERS[0].encode() in kept
    assert MEMBERS[3].encode() not in kept


def test_nothing_in_the_files_beside_the_store(played: Played) -> None:
    files = [played.root / "morning.plan", played.root / "qingting.db.lock", *(played.root / ".qingting").rglob("*")]
    texts = {path.name: path.read_bytes().decode(errors="replace") for path in files if path.is_file()}
    assert {"morning.plan", "fence"} <= texts.keys()
    assert [(name, marks_in(text)) for name, text in texts.items() if marks_in(text)] == []


def test_nothing_in_what_is_given_away(played: Played) -> None:
    files = [path for path in (played.root.parent / "public").rglob("*") if path.is_file()]
    apart = [path for path in files if path.name.endswith("-texts.db")]
    found = {path.name: marks_in(path.read_bytes().decode(errors="replace")) for path in files if path not in apart}
    assert {"all.csv", "all.jsonl", "checkpoint"} <= found.keys()
    assert any(name.endswith(".db") for name in found)
    assert [(name, marks) for name, marks in found.items() if marks] == []
    # What channels said stands beside an archive in a file of its own, which erasing reaches.
    assert apart
    assert all(set(marks_in(path.read_bytes().decode(errors="replace"))) & {ECHO, NAME} for path in apart)


def test_a_record_with_each_answer_was_proven(played: Played) -> None:
    proven = [typed for typed in played.typed if typed.line.words[:2] == ("log", "verify-proof") and typed.code == 0]
    assert len(proven) >= 3


# What goes wrong


def test_a_bug_is_told_by_its_kind_and_place(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingting.engine.workspace.read_condition", _broken)
    typed = type_in(played.root, Line(("who", '城市 是 "甲"'), code=70), played.form)
    assert typed.code == 70
    (report,) = played.root.glob("qingting-report-*.txt")
    text = report.read_text(encoding="utf-8")
    report.unlink()
    assert "KeyError" in text
    assert [each for each in (text, typed.out, typed.err, played.log) if marks_in(each)] == []
    last = [line for line in played.log.splitlines() if "command.failed" in line][-1]
    assert "KeyError" in last
    assert "test_nothing_about_members.py:" in last


def test_a_playbook_that_fails_is_told_by_kind_and_place(played: Played) -> None:
    told = [line for line in played.log.splitlines() if "playbook.blocked" in line and "太多人" in line]
    assert [line for line in told if "KeyError at test_nothing_about_members.py:" in line]


def test_a_full_disk_below_the_log_stops_nothing(played: Played) -> None:
    typed = type_in(played.root, Line(("who", '城市 是 "甲"')), played.form, log="/dev/full")
    assert (typed.code, typed.err.count("\n")) == (0, 1)
    assert marks_in(typed.err) == []


def test_every_line_of_json_is_an_object(played: Played) -> None:
    if played.form == "json":
        for line in played.log.splitlines():
            told = json.loads(line)
            assert list(told)[:3] == ["time", "level", "event"]
            assert told["event"] in program_log.EVENTS
            assert set(told) - {"time", "level", "event"} <= set(EVENTS[told["event"]].fields)
