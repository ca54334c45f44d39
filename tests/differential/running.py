"""Plays a scenario twice, by the engine and by the oracle, and compares what was decided after every run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oracle.model import AttributeFact, EventFact, Member, TagFact
from oracle.playing import add_fact, runner_of
from oracle.runs import Record
from oracle.scenarios import Scenario, Step, Told
from oracle.store import pseudo_random
from qingting.engine.program import ir
from qingting.engine.run.engine import RunSettings, execute_run
from qingting.engine.run.report import PlanOptions
from qingting.engine.stores.sqlite.database import RESERVED, SqliteStore
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts

Row = tuple[object, ...]


@dataclass(eq=False)
class Divergence(AssertionError):
    """The engine and the oracle decided differently in a run."""

    run: int
    what: str
    missing: tuple[Row, ...]
    excess: tuple[Row, ...]

    def __str__(self) -> str:
        lines = [f"run {self.run}: {self.what}"]
        lines += [f"  only the oracle: {row}" for row in self.missing[:4]]
        lines += [f"  only the engine: {row}" for row in self.excess[:4]]
        return "\n".join(lines)


class Stage:
    """A store and an oracle that are told the same."""

    def __init__(self, scenario: Scenario, folder: Path, name: str) -> None:
        self.scenario = scenario
        self.path = folder / f"{name}.db"
        self.store = SqliteStore.create(self.path, at=scenario.start, random_bytes=pseudo_random(name))
        self.runner = runner_of(scenario)
        playbooks = {playbook.name: playbook for playbook in sorted(scenario.playbooks, key=lambda p: p.name)}
        self.program = ir.Program(scenario.library, scenario.policy, playbooks, {}, "program", {})
        self.units: dict[str, int] = {}
        self.marks: list[int] = []
        self.events = 0

    def close(self) -> None:
        """Removes the store."""
        self.store.close()
        for file in self.path.parent.glob(self.path.name + "*"):
            file.unlink()

    def tell(self, step: Step) -> None:
        """Brings the facts of a step into the store and into the world."""
        world = self.runner.state.world
        members = {member.id: member for member in world.members}
        source = pseudo_random(f"{self.path.name}/{step.at}")
        zone = self.scenario.policy.zone.name
        with write_facts(self.store, self.scenario.library, zone=zone, random_bytes=source) as writer:
            for name, arrived in step.members:
                self.units[name] = writer.add_member(name, arrived=arrived)
                members[name] = Member(name, arrived, 0)
                world.members.append(members[name])
            for told in sorted(step.facts, key=lambda told: told.fact.arrived):
                self._write(writer, told, members[told.member])
        for name, seq in self.store.connection.execute("SELECT id, seq FROM members").fetchall():
            members[name].seq = seq

    def _write(self, writer: FactWriter, told: Told, member: Member) -> None:
        unit, fact = self.units[member.id], told.fact
        match fact:
            case AttributeFact(attribute=name, value=value, at=at, arrived=arrived):
                seq = writer.add_attribute(unit, name, value, at=at, arrived=arrived)
            case TagFact(tag=tag, given=given, at=at, arrived=arrived, backfilled=back):
                seq = writer.add_tag(unit, tag, at=at, arrived=arrived, given=given, backfilled=back)
            case EventFact(event=event, at=at, arrived=arrived, subject=subject):
                self.events += 1
                seq = writer.add_event(f"e{self.events}", event, unit, at=at, arrived=arrived, subject=subject)
        add_fact(member, told, seq, self.scenario)

    def run(self, step: Step, number: int) -> None:
        """Runs both at the step's instant; raises :class:`Divergence` where they differ."""
        known = self._count()
        mark = self.store.last_seq
        self.marks.append(mark)
        settings = RunSettings(b"secret", self.path.with_suffix(".fence"), "")
        report = execute_run(self.store, self.program, step.at, settings, PlanOptions(funnel=False))
        records, refused = self.runner.run(step.at, mark)
        blocked: set[Row] = {(blocked.playbook,) for blocked in report.blocked}
        _compare(number, "blocked", {(name,) for name in refused}, blocked)
        found = self._records(known)
        _compare(number, "records", {self._row(record) for record in records}, set(found))
        assert len(found) == len(set(found)), "a decision is recorded twice"
        _compare(number, "parked", self._parked_by_oracle(), self._parked_by_engine())

    def _row(self, record: Record) -> Row:
        name = self._name(record.occurrence)
        outcome = (record.status, record.reason, record.t, record.arm)
        return (record.playbook, name, record.step, record.member, *outcome)

    def _count(self) -> int:
        return int(self.store.connection.execute("SELECT coalesce(max(seq), -1) FROM dispatches").fetchone()[0])

    def _records(self, after: int) -> list[Row]:
        rows = self.store.connection.execute(_RECORDS, (after,)).fetchall()
        return [(playbook, self._name(name), *rest) for playbook, name, *rest in rows]

    def _parked_by_engine(self) -> set[Row]:
        rows = self.store.connection.execute(_PARKED).fetchall()
        return {(playbook, block, member, self._name(name), *rest) for playbook, block, member, name, *rest in rows}

    def _parked_by_oracle(self) -> set[Row]:
        return {
            (e.playbook, e.block, e.member, self._name(e.occurrence), e.position, e.due, e.deferrals, e.entered, e.arm)
            for e in self.runner.parked
        }

    def _name(self, occurrence: str) -> str:
        """The occurrence; facts that a run caused itself are numbered by it as it likes."""
        instant, sign, seq = occurrence.partition("#")
        if sign and any(mark < int(seq) <= mark + RESERVED for mark in self.marks):
            return f"{instant}#own"
        return occurrence


_RECORDS = """
SELECT o.playbook, o.name, s.name, m.id, h.status, h.reason, d.t, h.arm
FROM dispatches d JOIN headers h ON h.header = d.header JOIN occurrences o ON o.occurrence = d.occurrence
JOIN steps s ON s.step = d.step JOIN members m ON m.unit = d.unit WHERE d.seq > ?
"""
_PARKED = """
SELECT e.playbook, e.block, m.id, o.name, e.position, e.due, e.deferrals, e.entered, e.arm
FROM enrolments e JOIN members m ON m.unit = e.unit JOIN occurrences o ON o.occurrence = e.occurrence
WHERE e.ended IS NULL
"""


def _compare(number: int, what: str, wanted: set[Row], found: set[Row]) -> None:
    if wanted != found:
        missing = tuple(sorted(wanted - found, key=repr))
        raise Divergence(number, what, missing, tuple(sorted(found - wanted, key=repr)))


def play(scenario: Scenario, folder: Path, name: str) -> None:
    """Plays a scenario to its end; raises :class:`Divergence`."""
    stage = Stage(scenario, folder, name)
    try:
        for number, step in enumerate(scenario.steps):
            stage.tell(step)
            stage.run(step, number)
    finally:
        stage.close()
