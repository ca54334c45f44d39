"""The store of one test file: made anew in a temporary folder, told facts, run over, delivered from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from ...grammar.diagnostics import Diagnostic
from ..asking import PolicyConsent, StoreValues
from ..delivery.channels import Answer, ChannelConfig, Message
from ..delivery.outbox import Deliverer, deliver_once
from ..delivery.render import Renderer
from ..insight.work import WorkFilter, read_work
from ..log.notary import NoNotary
from ..log.records import LogFilter, LogRecord, read_log
from ..program.clock import to_datetime, zone_of
from ..program.ir import Program
from ..run.engine import RunSettings, execute_run
from ..run.report import RunReport
from ..staff_desk import StaffDesk
from ..stores.imports import ImportOptions, import_file
from ..stores.sqlite.database import SqliteStore
from .deeds import says
from .instants import as_text
from .model import FACT_KINDS, Answered, Fact, FactKind

_SECRET = bytes(32)
_HELD = """
SELECT c.code FROM coupons AS c JOIN coupon_kinds AS k ON k.coupon = c.coupon JOIN members AS m ON m.unit = c.unit
WHERE m.id = :member AND k.name = :coupon AND c.issued IS NOT NULL AND c.used IS NULL AND c.cancelled IS NULL
ORDER BY c.issued, c.code LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store that only one test file sees. ``zone`` is that of clocks and dates."""

    store: SqliteStore
    program: Program
    zone: str
    folder: Path
    random_bytes: Callable[[int], bytes]

    def tell(self, facts: Sequence[Fact], at: int, *, past: bool = False) -> tuple[Diagnostic, ...]:
        """Bring facts in at the instant ``at``; ``past`` ones arrived when they happened. What is wrong is returned."""
        found: list[Diagnostic] = []
        for kind in FACT_KINDS:
            of_kind = [fact for fact in facts if fact.kind == kind]
            if of_kind and kind == "tasks":
                found += self._settle(of_kind, at)
            elif of_kind:
                found += self._import(kind, of_kind, at, past)
        return tuple(found)

    def _import(self, kind: FactKind, facts: Sequence[Fact], at: int, past: bool) -> Iterator[Diagnostic]:
        path = self.folder / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(self._row(fact, at, past)) + "\n" for fact in facts), encoding="utf-8")
        options = ImportOptions(at=at, zone=self.zone, random_bytes=self.random_bytes)
        report = import_file(self.store, kind, path, self.program.library, options)
        for bad in (*report.rejected, *report.conflicts):
            yield Diagnostic(bad.code, "error", "", facts[bad.line - 1].span, bad.params)

    def _settle(self, facts: Sequence[Fact], at: int) -> Iterator[Diagnostic]:
        """Say that staff have done what they were given; the one given first, where several are open."""
        desk = StaffDesk(lambda: self.program, lambda write: nullcontext(self.store))
        for fact in facts:
            cells = dict(fact.cells)
            member, title = str(cells["member"]), str(cells["title"])
            given = list(read_work(self.store, WorkFilter(("task",), member=member), at))
            ours = next((work for work in sorted(given, key=lambda work: work.seq) if says(title, work.title)), None)
            if ours is None:
                yield Diagnostic("C415", "error", "", fact.span, {"name": title, "member": member})
            else:
                desk.settle([ours.id], done=True, at=to_datetime(at, self.zone))

    def _row(self, fact: Fact, at: int, past: bool) -> dict[str, object]:
        row: dict[str, object] = dict(fact.cells)
        if fact.kind in ("coupons", "staff"):
            if row.get("code") == "":
                row["code"] = self._held(str(row["member"]), str(row["coupon"]))
            return row
        if fact.kind == "members" and "at" not in row:
            row["at"] = as_text(fact.at, self.zone)
        arrived = fact.at if past else at
        row["arrived"] = as_text(arrived if fact.arrived is None else max(fact.arrived, arrived), self.zone)
        return row

    def _held(self, member: str, coupon: str) -> str:
        """The code of a coupon that a member holds; a new one where they hold none."""
        row = self.store.connection.execute(_HELD, {"member": member, "coupon": coupon}).fetchone()
        return str(row[0]) if row is not None else f"test-{coupon}-{member}"

    @property
    def before(self) -> Path:
        """The copy that :meth:`remember` made."""
        return self.folder / "before.db"

    def remember(self) -> None:
        """Copy the store as it is now, for explaining afterwards what a run saw."""
        self.before.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.before)) as copy:
            self.store.connection.backup(copy)

    def settle(self, at: int) -> None:
        """Let all that was told be past: a run at ``at`` in which nothing can start and no rule acts."""
        library = replace(self.program.library, points=(), rules=())
        quiet = replace(self.program, playbooks={}, blocked={}, library=library)
        execute_run(self.store, quiet, at, RunSettings(_SECRET, NoNotary(), ""))

    def run(self, at: int, reached: Callable[[str], None] = lambda boundary: None) -> RunReport:
        """Decide what is due by ``at``; ``reached`` hears of each stage boundary."""
        settings = RunSettings(_SECRET, NoNotary(), "", reached)
        return execute_run(self.store, self.program, at, settings)

    def deliver(self, at: int, answered: Callable[[str], Answered]) -> None:
        """Hand over what is due by ``at``; ``answered`` says what the channel answers for a recipient."""
        channels = [name for (name,) in self.store.connection.execute("SELECT DISTINCT channel FROM outbox")]
        if not channels:
            return
        deliverer = Deliverer(
            owner="test",
            configs={name: ChannelConfig(name, "test") for name in channels},
            channels={name: _Answering(answered) for name in channels},
            renderer=Renderer(self.program.library.templates),
            values=StoreValues(self.store, self.program.library, self.program.policy.zone.name),
            refused=PolicyConsent(self.store, self.program, at),
            jitter=lambda: 0.0,
            is_dead=lambda owner: False,
            random_bytes=self.random_bytes,
            notary=NoNotary(),
        )
        deliver_once(self.store, deliverer, at)

    def records(self) -> tuple[LogRecord, ...]:
        """Everything decided so far, with outside ids."""
        return tuple(read_log(self.store, LogFilter(), zone_of(self.zone), reveal=True))


@contextmanager
def new_shelf(program: Program, zone: str, start: int) -> Iterator[Shelf]:
    """An empty store that starts at the instant ``start``; gone afterwards."""
    with TemporaryDirectory(prefix="qingting-test-") as name:
        folder, random_bytes = Path(name), _counted_bytes()
        with SqliteStore.create(folder / "test.db", at=start, random_bytes=random_bytes) as store:
            # Nobody needs it after a crash.
            store.connection.execute("PRAGMA synchronous = OFF")
            yield Shelf(store, program, zone, folder, random_bytes)


@dataclass(frozen=True, slots=True)
class _Answering:
    """A channel that answers what the test says."""

    answered: Callable[[str], Answered]

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        return [Answer(self.answered(message.recipient)) for message in messages]


def _counted_bytes() -> Callable[[int], bytes]:
    """Bytes that look random and are the same in every test: pseudonyms and ids."""
    numbers = count()

    def make(length: int) -> bytes:
        block = b""
        while len(block) < length:
            block += sha256(next(numbers).to_bytes(8)).digest()
        return block[:length]

    return make
