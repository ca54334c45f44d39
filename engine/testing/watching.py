"""Watching runs for coverage: which way members go at each fork, and of whom the tests of audiences are true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..asking import members_where
from ..log.records import LogRecord
from ..program.ir import Action, Block, Branch, Divide, MemberDate, Playbook, Program, Schedule, WaitFor
from ..run.member_dates import next_value_due
from ..run.schedules import occurrences
from ..run.stories import Asks, asks_of
from ..stores.sqlite.database import SqliteStore
from .coverage import Counts, Key, tests_of

# Rows move within `flow` where they go through a fork; the triggers go with the table at the end of a run.
_TRACING = (
    "CREATE TEMP TABLE IF NOT EXISTS traced (occurrence INTEGER, came INTEGER, went INTEGER)",
    "DELETE FROM traced",
    """CREATE TEMP TRIGGER traced_moves AFTER UPDATE OF pc ON flow WHEN NEW.pc <> OLD.pc
       BEGIN INSERT INTO traced VALUES (OLD.occurrence, OLD.pc, NEW.pc); END""",
)
_TRACED = """
SELECT o.playbook, t.came, t.went, count(*) FROM traced AS t JOIN run_occurrences AS o ON o.occurrence = t.occurrence
GROUP BY o.playbook, t.came, t.went
"""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is seen of the playbooks of ``program`` goes into ``counts``."""

    program: Program
    counts: Counts

    def reached(self, store: SqliteStore) -> Callable[[str], None]:
        """What a run calls at its boundaries."""

        def at(boundary: str) -> None:
            if boundary == "agenda":
                for statement in _TRACING:
                    store.connection.execute(statement)
            elif boundary == "decided":
                for playbook, came, went, times in store.connection.execute(_TRACED):
                    self._moved(str(playbook), int(came), int(went), int(times))

        return at

    def tests(self, store: SqliteStore, at: int) -> None:
        """Ask the tests of every audience that a run at ``at`` may look at, of all members."""
        library, zone = self.program.library, self.program.policy.zone.name
        (everybody,) = store.connection.execute("SELECT count(*) FROM members WHERE arrived <= ?", (at,)).fetchone()
        for playbook in self.program.playbooks.values():
            for block in playbook.blocks:
                if not self._looks(store, playbook, block, at):
                    continue
                for place, test in enumerate(tests_of(playbook, block)):
                    if asks_of([test], library) != Asks():
                        continue
                    found = len(members_where(store, library, test, at, zone))
                    key: Key = (playbook.name, "test", block.index, place)
                    self.counts.see(key, true=True, times=found)
                    self.counts.see(key, true=False, times=everybody - found)

    def _looks(self, store: SqliteStore, playbook: Playbook, block: Block, at: int) -> bool:
        """Whether a block may look at its audience at an instant: a schedule at its own, others at any."""
        if not isinstance(block.trigger, Schedule):
            return True
        zone, holidays = playbook.zone.name, self.program.library.holidays
        if isinstance(block.trigger, MemberDate) and not playbook.zone.per_member:
            return next_value_due(store.connection, block.trigger, zone, at - 1) == at
        due = occurrences(block.trigger, zone, at - 1, at, block.limits, holidays)
        return playbook.zone.per_member or next(iter(due), None) is not None

    def steps(self, records: Iterable[LogRecord]) -> None:
        """Count the steps that records tell of."""
        places = {
            (playbook.name, instruction.step): (block.index, pc)
            for playbook in self.program.playbooks.values() for block in playbook.blocks
            for pc, instruction in enumerate(block.code) if isinstance(instruction, Action)
        }
        for each in records:
            place = places.get((each.playbook, each.step))
            if place is not None:
                self.counts.see((each.playbook, "step", *place), true=each.status != "suppressed")

    def _moved(self, name: str, came: int, went: int, times: int) -> None:
        playbook = self.program.playbooks.get(name)
        for block in playbook.blocks if playbook is not None else ():
            instruction = block.code[came] if came < len(block.code) else None
            if isinstance(instruction, Branch | WaitFor):
                key: Key = (name, "branch", block.index, came)
                if went == came + 1:
                    self.counts.see(key, true=True, times=times)
                if went == instruction.otherwise:
                    self.counts.see(key, true=False, times=times)
            elif isinstance(instruction, Divide) and any(went == target for _, _, target in instruction.arms):
                self.counts.see((name, "arm", block.index, went), true=True, times=times)
