"""Every command, typed in the marked shop with its log at the most talkative level; and what can be searched afterwards."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect

from privacy.marked import BROKEN, CITY, GOOD, MEMBERS, NAME, PHONE
from qingting.cli import run_command

LOG = "program.log"


@dataclass(frozen=True)
class Line:
    """A command line. ``shows`` says why its stdout may be about members; without it, it may not."""

    words: tuple[str, ...]
    shows: str = ""
    code: int = 0


@dataclass(frozen=True)
class Typed:
    """A command line with what came of it."""

    line: Line
    code: int
    out: str
    err: str


def _at(clock: str, *words: str, shows: str = "", code: int = 0) -> Line:
    return Line((*words, "--at", f"2026-11-20T{clock}"), shows, code)


_ASKED = "lists the ids of the members that are asked for"
_ONE = "is asked about one member, and tells what is known of them"
_SENDS = "the console channel is there to show messages"
_TEXTS = "repeats lines of the workspace's own texts"
LINES: tuple[Line, ...] = (
    _at("08:00", "init", "../new"),
    Line(("demo", "--members", "120", "--folder", "../sample")),
    Line(("check", "--strict"), _TEXTS, 1),
    Line(("fmt", "--diff"), _TEXTS),
    *(_at("08:00", "import", kind, f"{kind}.jsonl") for kind in GOOD if kind != "events"),
    *(_at("08:10", "import", name.removeprefix("bad_"), f"{name}.jsonl") for name in BROKEN if name != "bad_events"),
    *(_at("08:10", "import", "members", name, code=code) for name, code in (
        ("headless.csv", 3), ("wrong.csv", 3), ("unclosed.csv", 0), ("unreadable.jsonl", 0), ("missing.csv", 3),
    )),
    _at("08:10", "import", "members", "bad_members.jsonl", "--strict", code=1),
    _at("08:30", "run"),
    _at("09:05", "run", code=0),
    _at("09:50", "import", "events", "events.jsonl"),
    _at("09:50", "import", "events", "bad_events.jsonl"),
    _at("09:50", "import", "events", "bad_events.jsonl", "--ignore-unknown", shows="tells which names were left out"),
    _at("10:05", "plan"),
    _at("10:05", "plan", "--members", shows=_ASKED),
    _at("10:05", "plan", "--out", "morning.plan"),
    _at("10:05", "run", "--plan", "morning.plan"),
    _at("10:05", "run", "--plan", "morning.plan", code=4),
    _at("10:35", "run"),
    _at("11:05", "run"),
    _at("11:06", "deliver", "--once", shows=_SENDS, code=1),
    _at("12:05", "run", code=4),
    _at("12:05", "run"),
    _at("12:10", "who", f'城市 是 "{CITY}"', shows=_ASKED),
    Line(("who", "--file", "conditions.txt"), _ASKED),
    _at("12:10", "who", f'姓名 是 "{NAME}', code=1),
    _at("12:10", "next"),
    _at("12:10", "explain", MEMBERS[0], shows=_ONE),
    _at("12:10", "explain", PHONE, code=2),
    Line(("log",)),
    Line(("log", "--format", "csv")),
    Line(("log", "--format", "jsonl", "--reveal"), "reveals the ids of members"),
    Line(("log", "--member", MEMBERS[0])),
    Line(("log", "verify")),
    Line(("log", "checkpoint")),
    Line(("log", "key")),
    Line(("log", "cosign", "members.jsonl"), code=2),
    Line(("log", "verify", "--checkpoint", "members.jsonl"), code=1),
    Line(("log", "prove", PHONE), code=2),
    Line(("log", "prove", MEMBERS[0]), code=2),
    Line(("log", "consistency", "1")),
    Line(("log", "consistency", "members.jsonl"), code=2),
    Line(("log", "verify-proof", "members.jsonl"), code=1),
    _at("12:10", "task", "list", shows="tells staff whom their work is about"),
    _at("12:10", "task", "list", "--alerts", shows="tells staff whom their work is about"),
    _at("12:10", "task", "done", PHONE, code=2),
    _at("12:10", "report", "tasks", shows="counts the work of staff, by their names"),
    _at("12:10", "report", "experiments"),
    Line(("sop", "早安"), _TEXTS),
    Line(("explain-code", "S208")),
    Line(("test",), "shows in which of the workspace's own tests what came out otherwise", 1),
    _at("12:10", "simulate", "--from", "2026-11-20", "--to", "2026-11-21"),
    Line(("migrate", "下单后")),
    _at("12:20", "merge", MEMBERS[2], "--into", MEMBERS[1]),
    _at("12:20", "merge", PHONE, "--into", MEMBERS[1], code=2),
    _at("12:20", "erase", MEMBERS[3], "--preview"),
    _at("12:20", "erase", MEMBERS[3]),
    _at("12:20", "erase", PHONE, code=2),
    Line(("log", "export", "--format", "csv")),
    Line(("log", "export", "--format", "jsonl", "--reveal"), "reveals the ids of members, and what channels said"),
    Line(("log", "tiles", "../public/tiles")),
    Line(("log", "export", "--proofs", "--out", "../public/all.jsonl")),
)
"""Every command of the list of commands, on what is right and on what is not."""
AFTERWARDS: tuple[Line, ...] = (
    _at("12:25", "log", "archive", "--before", "2026-11-20T12:00", "--to", "../public/archive"),
    Line(("log", "export", "--out", "../public/all.csv")),
    Line(("log", "new-key")),
    Line(("log", "verify")),
)
"""What is typed when records have been proven."""
FAILING = _at("12:30", "run", code=1)
"""A run in which no member can enter."""
WATCHING = Line(("run", "--watch"))
"""Goes by the clock of the machine, and so comes last."""


def type_in(root: Path, line: Line, form: str, log: str | None = None) -> Typed:
    """Type a line in the workspace's folder: in Chinese beside a log of text, in English and with JSON beside one of JSON."""
    environment = {
        "LANG": "C.UTF-8", "PATH": os.environ["PATH"], "QINGTING_LOG": log or str(root / LOG), "QINGTING_LOG_LEVEL": "debug",
        "QINGTING_LOG_FORMAT": form, "QINGTING_LANG": "zh" if form == "text" else "en",
    }
    words = [*line.words, *(["--json"] if form == "json" and "--format" not in line.words else [])]
    with contextlib.chdir(root), io.StringIO() as out, io.StringIO() as err:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command(words, environment)
        return Typed(line, code, out.getvalue(), err.getvalue())


def prove_each(root: Path, form: str) -> Iterator[Typed]:
    """A proof of a record with each answer of a channel, and the proof checked."""
    with closing(connect(root / "qingting.db")) as connection:
        ids = connection.execute(_ANSWERED).fetchall()
    for outcome, key in ids:
        proof = type_in(root, Line(("log", "prove", key[:20].lower())), form)
        assert outcome in proof.out
        (root.parent / "proof.json").write_text(proof.out, encoding="utf-8")
        yield proof
        yield type_in(root, Line(("log", "verify-proof", "../proof.json")), form)


_ANSWERED = "SELECT v.outcome, min(hex(d.key)) FROM deliveries v JOIN dispatches d ON d.seq = v.dispatch GROUP BY 1"


def rows_of(store: Path) -> Iterator[tuple[str, str]]:
    """Every value of a store as text, with the table that holds it."""
    with closing(connect(store)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield table, value.decode(errors="replace") if isinstance(value, bytes) else str(value)
