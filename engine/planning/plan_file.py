"""The file of a plan: JSON that stands alone, holds no personal data, and tells when it was damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...grammar.diagnostics import CannotRun
from ..program.clock import from_datetime, iso
from .decisions import Decisions
from .parts import Parts

KIND = "qingting plan"
FORMAT = 1
_ID_DIGITS = 20
# The owner alone reads it: it says what a shop is about to do.
_MODE = 0o600

LeftOut = tuple[str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run at ``at`` was to do, as of ``made`` on the wall clock.

    ``store`` is the id of the store, ``last_run`` the instant of its last run, ``seq`` and ``leaves`` how far its facts and
    its log went. ``files`` are digests of the workspace's texts by path, ``parts`` those of what they declare, ``digest``
    that of the whole program. ``left_out`` are the playbooks that a guard refused, or that failed: name, reason, and of a
    guard what it was to reach and reached.
    """

    store: str
    zone: str
    at: int
    made: datetime
    last_run: int | None
    seq: int
    leaves: int
    digest: str
    parts: Parts
    files: Mapping[str, str]
    left_out: tuple[LeftOut, ...]
    decisions: Decisions

    @property
    def id(self) -> str:
        """What the plan is called: 20 hex digits of the digest of all that it says."""
        return _id_of(self._body())

    def to_text(self) -> str:
        """The text of the file."""
        body = self._body()
        return _laid_out({"kind": KIND, "format": FORMAT, "id": _id_of(body), **body})

    def _body(self) -> dict[str, object]:
        return {
            "store": self.store,
            "at": iso(self.at, self.zone),
            "zone": self.zone,
            "made": self.made.isoformat(),
            "last_run": None if self.last_run is None else iso(self.last_run, self.zone),
            "seq": self.seq,
            "leaves": self.leaves,
            "program": {"digest": self.digest, "parts": self.parts, "files": dict(self.files)},
            "left_out": [list(each) for each in self.left_out],
            **self.decisions.to_json(),
        }


def _laid_out(body: Mapping[str, object]) -> str:
    """JSON with an entry a line, and of a list an item a line."""

    def written(value: object) -> str:
        if isinstance(value, list) and value:
            return "[\n  " + ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value) + "]"
        return json.dumps(value, ensure_ascii=False)

    return "{" + ",\n".join(f"{json.dumps(key)}: {written(value)}" for key, value in body.items()) + "}\n"


def _id_of(body: Mapping[str, object]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:_ID_DIGITS]


def read_plan(path: Path) -> Plan:
    """The plan that a file holds.

    Raises CannotRun: C272 where there is no file, C301 where it cannot be read, C273 for something else than a plan, C274
    for a plan in another form, C275 for one that is damaged.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CannotRun("C272", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise CannotRun("C301", path=str(path), reason=str(getattr(error, "strerror", None) or error)) from None
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise CannotRun("C275" if _looks_like_one(data) else "C273", path=str(path)) from None
    if not isinstance(body, dict) or body.pop("kind", None) != KIND:
        raise CannotRun("C273", path=str(path))
    form = body.pop("format", None)
    if form != FORMAT:
        raise CannotRun("C274", path=str(path), form=str(form)[:_ID_DIGITS], known=FORMAT)
    try:
        if body.pop("id", None) != _id_of(body):
            raise ValueError("the digest is another")
        return _plan(body)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise CannotRun("C275", path=str(path)) from None


def _looks_like_one(data: bytes) -> bool:
    """Whether a text that is no JSON began as a plan, such as one that was cut off."""
    return f'"kind": "{KIND}"'.encode() in data[:200]


def _plan(body: Mapping[str, Any]) -> Plan:
    program = body["program"]
    return Plan(
        store=str(body["store"]),
        zone=str(body["zone"]),
        at=_instant(body["at"]),
        made=datetime.fromisoformat(body["made"]),
        last_run=None if body["last_run"] is None else _instant(body["last_run"]),
        seq=int(body["seq"]),
        leaves=int(body["leaves"]),
        digest=str(program["digest"]),
        parts={str(kind): dict(named) for kind, named in program["parts"].items()},
        files=dict(program["files"]),
        left_out=tuple((str(name), str(reason), limit, reached) for name, reason, limit, reached in body["left_out"]),
        decisions=Decisions.of_json(body),
    )


def _instant(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))


def write_plan(path: Path, plan: Plan) -> None:
    """Put the plan into a file of its owner's: all of it, or nothing where that fails. A file that is there is replaced.

    Raises CannotRun C301 where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # One that a process of the same number left behind.
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(plan.to_text().encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise CannotRun("C301", path=str(path), reason=reason) from None
