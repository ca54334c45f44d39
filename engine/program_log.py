"""The program's own log: what was done, when, how much of it and how long it took, and never about whom.

It goes through the standard ``logging`` to the loggers below ``qingting``, one for each first part of an event
(``qingting.run``, ``qingting.deliver``); where it ends up is for whoever embeds the library, or ``--log-to``, to say. An event
has a name and fields, and a field takes only what cannot be about a member: numbers that are too short for a telephone
number, instants, ids of runs, words of a closed set, codes, and the names of playbooks and channels. There is no field for
the id of a member or for a text. Of an exception its type and its place are told, never its message. Whatever else is given
is told as :data:`WITHHELD`: a log must neither leak nor stop what it tells of.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Literal, TypedDict, Unpack

from ..grammar.record import record

ROOT = "qingting"
WITHHELD = "withheld"
Level = Literal["debug", "info", "warning", "error"]
LEVELS: Mapping[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
"""The levels by name, with the numbers of ``logging``."""
Told = int | float | bool | str | tuple[str, ...]


class Fields(TypedDict, total=False):
    """Every field that an event may have, as it is given; see ``_TOLD`` for what becomes of it. None leaves a field out."""

    command: str | None
    exit: int
    code: str | None
    codes: tuple[str, ...] | None
    error: BaseException | None
    place: BaseException | None
    where: str | None
    seconds: float
    at: int
    last: int
    run: str | None
    plan: str | None
    playbook: str
    channel: str
    kind: str
    reason: str
    stage: str
    playbooks: int
    blocked: int
    records: int
    limit: int | None
    reached: int | None
    read: int
    added: int
    changed: int
    ignored: int
    rejected: int
    removed: int
    merged: int
    stored: bool
    sent: int
    failed: int
    refused: int
    unknown: int
    withdrawn: int
    retried: int
    waiting: int
    persons: int
    ids: int
    clean: bool
    news: bool
    moves: int
    stays: int
    leaves: int
    entries: int
    findings: int
    signed: bool
    schema: int
    former: int


@record
class EventKind:
    """How much an event matters, and the fields it has; those that are given as None are left out."""

    level: Level
    fields: tuple[str, ...]


_ENDS = ("sent", "failed", "refused", "unknown", "retried")
EVENTS: Mapping[str, EventKind] = {
    "command.begun": EventKind("debug", ("command",)),
    "command.ended": EventKind("debug", ("command", "exit", "seconds")),
    "command.refused": EventKind("error", ("command", "code", "exit")),
    "command.failed": EventKind("error", ("command", "error", "place")),
    "store.made": EventKind("info", ()),
    "store.migrated": EventKind("info", ("schema", "former")),
    "store.restored": EventKind("warning", ("at",)),
    "lock.waited": EventKind("info", ("seconds",)),
    "import.done": EventKind(
        "info", ("kind", "read", "added", "changed", "ignored", "rejected", "removed", "merged", "stored", "seconds")
    ),
    "plan.written": EventKind("info", ("plan", "at", "records", "blocked")),
    "run.begun": EventKind("debug", ("at", "playbooks", "plan")),
    "run.reached": EventKind("debug", ("stage", "seconds")),
    "run.committed": EventKind("info", ("run", "at", "records", "blocked", "plan", "seconds")),
    "run.idle": EventKind("info", ("at", "last")),
    "playbook.blocked": EventKind("warning", ("playbook", "reason", "codes", "limit", "reached", "where")),
    "deliver.batch": EventKind("debug", ("channel", *_ENDS)),
    "deliver.done": EventKind("info", (*_ENDS, "withdrawn", "waiting", "seconds")),
    "channel.fault": EventKind("warning", ("channel", "error", "place", "code")),
    "channel.missing": EventKind("warning", ("channel",)),
    "migrate.done": EventKind("info", ("playbook", "moves", "stays", "leaves")),
    "erase.done": EventKind("info", ("persons", "ids", "clean")),
    "merge.done": EventKind("info", ("news",)),
    "log.verified": EventKind("info", ("entries", "findings", "seconds")),
    "log.rekeyed": EventKind("warning", ("signed",)),
    "archive.done": EventKind("info", ("records",)),
    "watch.woke": EventKind("debug", ("reason",)),
    "watch.troubled": EventKind("warning", ("code",)),
}
"""Every event; ``docs/program-log.md`` tells what each says."""
_UNHEARD_OF = EventKind("error", ())


def note(event: str, **fields: Unpack[Fields]) -> None:
    """Log an event of :data:`EVENTS` with its fields. Raises nothing, whatever it is given.

    The record's message is :func:`line_of`; its attributes ``event`` and ``fields`` hold the parts.
    """
    # Whoever has not loaded logging cannot have asked for a log; loading it takes as long as starting the program.
    if "logging" not in sys.modules:
        return
    import logging

    top = logging.getLogger(ROOT)
    if not top.handlers:
        top.addHandler(logging.NullHandler())
    kind = EVENTS.get(event, _UNHEARD_OF)
    logger = top.getChild(event.partition(".")[0])
    if logger.isEnabledFor(LEVELS[kind.level]):
        told = told_fields(fields)
        extra = {"event": event, "fields": told}
        logger.log(LEVELS[kind.level], "%s", line_of(event, told), extra=extra, stacklevel=2)


def told_fields(fields: Mapping[str, object]) -> dict[str, Told]:
    """The fields as they are told: each by its own rule, those that are None left out, what does not fit withheld.

    >>> told_fields({"playbook": "猫粮跟进", "records": 12, "run": None})
    {'playbook': '猫粮跟进', 'records': 12}
    >>> told_fields({"records": 13800138000, "code": "张三", "member": "u1"})
    {'records': 'withheld', 'code': 'withheld', 'member': 'withheld'}
    """
    return {name: _told(name, value) for name, value in fields.items() if value is not None}


def line_of(event: str, told: Mapping[str, Told]) -> str:
    """An event as one line of text.

    >>> line_of("run.committed", {"run": "00c1", "clean": True, "codes": ("E204", "E205")})
    'run.committed run=00c1 clean=true codes=E204,E205'
    """
    return " ".join((event, *(f"{name}={_word(value)}" for name, value in told.items())))


def _word(value: Told) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    return text if re.fullmatch(_PLAIN, text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Patterns are compiled when they are first needed: most commands log nothing.
_PLAIN = r"[^\s\"=\\]+"


def _told(name: str, value: object) -> Told:
    rule = _TOLD.get(name)
    found = rule(value) if rule is not None else None
    return WITHHELD if found is None else found


# What becomes of a value: what is told in its place, or None where it does not fit.

# A telephone number has eleven digits.
_LARGEST = 10**10
# Whoever's number is given for an instant, in microseconds, lies before.
_EARLIEST = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_NAME = 80
# What looks like a telephone number, a mail address or several lines is no name; eight digits may be a date.
_NO_NAME = r"\d{9}|\w@\w|[\x00-\x1f\x7f]"


def _number(value: object) -> int | None:
    return value if type(value) is int and -_LARGEST < value < _LARGEST else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _seconds(value: object) -> float | None:
    return round(value, 3) if isinstance(value, float) and 0 <= value < _LARGEST else None


def _instant(value: object) -> str | None:
    if type(value) is not int or not _EARLIEST < value < 4 * _EARLIEST:
        return None
    return (_EPOCH + timedelta(microseconds=value)).isoformat(timespec="seconds").replace("+00:00", "Z")


def _name(value: object) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and re.search(_NO_NAME, value) is None
    return value if fits and isinstance(value, str) else None


def _type(value: object) -> str | None:
    return type(value).__name__ if isinstance(value, BaseException) else None


def _place(value: object) -> str | None:
    return place_of(value.__traceback__) if isinstance(value, BaseException) else None


def place_of(trace: TracebackType | None) -> str:
    """The file and line at which an exception was raised; ``-`` for one that was not.

    >>> place_of(None)
    '-'
    """
    if trace is None:
        return "-"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"


def _shaped(pattern: str) -> Callable[[object], str | None]:
    return lambda value: value if isinstance(value, str) and re.fullmatch(pattern, value) else None


def _one_of(*words: str) -> Callable[[object], str | None]:
    return lambda value: value if isinstance(value, str) and value in words else None


def _codes(value: object) -> tuple[str, ...] | None:
    fits = isinstance(value, tuple) and all(_code(each) for each in value)
    return value or None if fits and isinstance(value, tuple) else None


_code = _shaped(r"[A-Z]\d{3}")
_id = _shaped(r"[0-9a-f]{16,20}")
_TOLD: Mapping[str, Callable[[object], Told | None]] = {
    "command": _shaped(r"[a-z-]{2,16}( [a-z-]{2,16})?"), "code": _code, "codes": _codes, "seconds": _seconds,
    "error": _type, "place": _place, "where": _shaped(r"[A-Za-z_]\w* at [\w.<>-]+:\d+"),
    "at": _instant, "last": _instant, "run": _id, "plan": _id, "playbook": _name, "channel": _name,
    "kind": _one_of("members", "tags", "events", "coupons", "friends", "groups", "staff"),
    "reason": _one_of("check", "guard", "failed", "due", "texts"),
    "stage": _one_of("declared", "reserved", "agenda", "instant", "waves", "decided", "committed", "fenced"),
    **dict.fromkeys(("stored", "clean", "news", "signed"), _flag),
    **dict.fromkeys((
        "exit", "playbooks", "blocked", "records", "limit", "reached", "read", "added", "changed", "ignored", "rejected",
        "removed", "merged", *_ENDS, "withdrawn", "waiting", "persons", "ids", "moves", "stays", "leaves",
        "entries", "findings", "schema", "former",
    ), _number),
}  # fmt: skip
