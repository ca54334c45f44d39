"""Plays a scenario twice, by the engine and by the oracle, and compares what was decided after every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from oracle.belongings import Told
from oracle.conditions import View, held_since
from oracle.model import AttributeFact, CodeFact, EventFact, FriendFact, Member, PlaceFact, PointsFact, TagFact
from oracle.playing import add_fact, runner_of
from oracle.runs import Record
from oracle.scenarios import Scenario, Step
from oracle.store import pseudo_random
from oracle.vocabulary import GROUPS, STAFF
from qingting.engine.log.notary import NoNotary
from qingting.engine.program import ir
from qingting.engine.run.engine import RunSettings, execute_run, plan_run
from qingting.engine.run.report import PlanOptions, RunReport
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
        self.program = self._program(scenario.playbooks)
        self.units: dict[str, int] = {}
        self.marks: list[int] = []
        self.events = 0
        with write_facts(self.store, scenario.library, zone="UTC", random_bytes=pseudo_random("places")) as writer:
            self.staff = {name: writer.add_staff(name, arrived=0) for name in STAFF}
            self.groups = {name: writer.add_group(name, arrived=0) for name in GROUPS}

    def _program(self, playbooks: Iterable[ir.Playbook]) -> ir.Program:
        by_name = {playbook.name: playbook for playbook in sorted(playbooks, key=lambda p: p.name)}
        return ir.Program(self.scenario.library, self.scenario.policy, by_name, {}, "program", {})

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
            self._take_out(writer, step, members)
        if step.playbooks is not None:
            self.program = self._program(step.playbooks)
            self.runner.edit(step.playbooks)
        for name, seq in self.store.connection.execute("SELECT id, seq FROM members").fetchall():
            members[name].seq = seq

    @property
    def settings(self) -> RunSettings:
        """What runs need beside store and program."""
        return RunSettings(b"secret", NoNotary(), "")

    def decide(self, step: Step) -> RunReport:
        """Makes the engine's run of a step."""
        return execute_run(self.store, self.program, step.at, self.settings, PlanOptions(funnel=False))

    def _write(self, writer: FactWriter, told: Told, member: Member) -> None:
        unit, fact = self.units[member.id], told.fact
        match fact:
            case AttributeFact(attribute=name, value=value, at=at, arrived=arrived):
                seq = writer.add_attribute(unit, name, value, at=at, arrived=arrived)
            case TagFact(tag=tag, given=given, at=at, arrived=arrived, backfilled=back):
                seq = writer.add_tag(unit, tag, at=at, arrived=arrived, given=given, backfilled=back)
            case EventFact(event=event, at=at, arrived=arrived, subject=subject, amount=amount):
                self.events += 1
                seq = writer.add_event(
                    f"e{self.events}", event, unit, at=at, arrived=arrived, subject=subject, amount=amount,
                    fields=dict(fact.fields), backfilled=fact.backfilled,
                )
            case PointsFact(delta=delta, at=at, arrived=arrived):
                seq = writer.add_points(unit, delta, "told", at=at, arrived=arrived)
            case CodeFact(code=code, coupon=coupon, kind=kind, at=at, arrived=arrived, expires=expires):
                seq = writer.add_coupon(code, coupon, unit, kind, at=at, arrived=arrived, expires=expires)
            case FriendFact(name=name, given=given, at=at, arrived=arrived):
                seq = writer.add_friendship(unit, self.staff[name], at=at, arrived=arrived, given=given)
            case PlaceFact(name=name, given=given, at=at, arrived=arrived):
                seq = writer.add_group_member(self.groups[name], unit, at=at, arrived=arrived, given=given)
        add_fact(member, told, seq, self.scenario)

    def _take_out(self, writer: FactWriter, step: Step, members: dict[str, Member]) -> None:
        for told in step.removed:
            assert isinstance(told.fact, PlaceFact)
            (seq,) = writer.take(1)
            row = (seq, self.units[told.member], int(told.fact.given), told.fact.at, told.fact.arrived)
            self.store.connection.execute(_REMOVAL, row)
            members[told.member].removals.append(replace(told.fact, seq=seq))

    def run(self, step: Step, number: int) -> None:
        """Runs both at the step's instant; raises :class:`Divergence` where they differ."""
        known = self._count()
        mark = self.store.last_seq
        self.marks.append(mark)
        planned = plan_run(self.store, self.program, step.at, PlanOptions(funnel=False)).to_json()
        report = self.decide(step)
        done = {name: value for name, value in report.to_json().items() if name not in ("run", "plan")}
        assert done == planned, "a plan tells what the run does"
        records, refused = self.runner.run(step.at, mark)
        blocked: set[Row] = {(blocked.playbook,) for blocked in report.blocked}
        _compare(number, "blocked", {(name,) for name in refused}, blocked)
        _compare(number, "records", _counted(map(self._row, records)), _counted(self._records(known)))
        _compare(number, "parked", _counted(self._parked_by_oracle()), _counted(self._parked_by_engine()))
        _compare(number, "ended", _counted(self._ended_by_oracle()), _counted(self._ended_by_engine()))
        for what, query in _FACTS.items():
            rows = self.store.connection.execute(query, {"at": step.at}).fetchall()
            _compare(number, what, _counted(self._facts_by_oracle(what, step.at)), _counted(rows))

    def _row(self, record: Record) -> Row:
        name = self._name(record.occurrence)
        outcome = (record.status, record.reason, record.t, record.arm, record.not_before, record.template)
        return (record.playbook, name, record.step, record.member, *outcome)

    def _count(self) -> int:
        return int(self.store.connection.execute("SELECT coalesce(max(seq), -1) FROM dispatches").fetchone()[0])

    def _records(self, after: int) -> list[Row]:
        rows = self.store.connection.execute(_RECORDS, (after,)).fetchall()
        assert len(rows) == len(set(rows)), "a decision is recorded twice"
        return [(playbook, self._name(name), *rest) for playbook, name, *rest in rows]

    def _parked_by_engine(self) -> Iterator[Row]:
        for playbook, block, member, name, *rest in self.store.connection.execute(_PARKED).fetchall():
            yield (playbook, block, member, self._name(name), *rest)

    def _parked_by_oracle(self) -> Iterator[Row]:
        for e in self.runner.parked:
            due = e.due if e.waited is None else self.runner.end_of_wait(e)
            name = self._name(e.occurrence)
            yield (e.playbook, e.block, e.member, name, e.position, due, e.deferrals, e.entered, e.arm, e.waited)

    def _ended_by_engine(self) -> Iterator[Row]:
        for playbook, block, member, name, *rest in self.store.connection.execute(_ENDED).fetchall():
            yield (playbook, block, member, self._name(name), *rest)

    def _ended_by_oracle(self) -> Iterator[Row]:
        """Those whom the store keeps as well: of whom something may ask later."""
        kept = {row[:5] for row in self._ended_by_engine()}
        for e in self.runner.state.enrolments:
            row = (e.playbook, e.block, e.member, self._name(e.occurrence), e.entered)
            if e.ended is not None and (e.held_out or self.runner.asks_later(e) or row in kept):
                yield (*row, e.ended, e.why, e.goal, e.counted, e.arm)

    def _facts_by_oracle(self, what: str, at: int) -> list[Row]:
        found: list[Row] = []
        for member in self.runner.state.world.members:
            rows: list[Row] = []
            match what:
                case "points":
                    rows = [(f.delta, f.at, f.arrived) for f in member.points]
                case "red packets":
                    rows = [(f.redpacket, f.kind, f.amount, f.at) for f in member.packets]
                case "coupons":
                    rows = [(f.coupon, f.kind, f.at, f.expires) for f in member.codes]
                case "attributes":
                    rows = [(f.attribute, f.value, f.at, f.arrived) for f in member.attributes]
                case "tags":
                    view = View(self.runner.state.world, member, at, at, 2**62, "UTC", self.scenario.library)
                    rows = [(tag, held_since(view, tag)) for tag in self.scenario.library.tags]
            found += [(member.id, *row) for row in rows if row[-1] is not None or what != "tags"]
        return found

    def _name(self, occurrence: str) -> str:
        """The occurrence; facts that a run caused itself are numbered by it as it likes."""
        instant, _, seq = occurrence.partition("#")
        if seq.isdigit() and any(mark < int(seq) <= mark + RESERVED for mark in self.marks):
            return f"{instant}#own"
        return occurrence


_RECORDS = """
SELECT o.playbook, o.name, s.name, m.id, h.status, h.reason, d.t, h.arm, d.not_before,
  CASE WHEN h.status = 'queued' THEN substr(h.content, 1, instr(h.content, '@') - 1) END
FROM dispatches d JOIN headers h ON h.header = d.header JOIN occurrences o ON o.occurrence = d.occurrence
JOIN steps s ON s.step = d.step JOIN members m ON m.unit = d.unit WHERE d.seq > ?
"""
_REMOVAL = "INSERT INTO removal_facts (seq, unit, given, at, arrived) VALUES (?, ?, ?, ?, ?)"
_ENDED = """
SELECT e.playbook, e.block, m.id, o.name, e.entered, e.ended, e.why, e.goal, e.counted, e.arm
FROM enrolments e JOIN members m ON m.unit = e.unit JOIN occurrences o ON o.occurrence = e.occurrence
WHERE e.ended IS NOT NULL
"""
_PARKED = """
SELECT e.playbook, e.block, m.id, o.name, e.position, e.due, e.deferrals, e.entered, e.arm, e.waited
FROM enrolments e JOIN members m ON m.unit = e.unit JOIN occurrences o ON o.occurrence = e.occurrence
WHERE e.ended IS NULL
"""


_FACTS = {
    "points": "SELECT m.id, f.delta, f.at, f.arrived FROM points f JOIN members m ON m.unit = f.unit",
    "red packets": """
      SELECT m.id, n.name, f.kind, f.amount, f.at
      FROM redpacket_facts f JOIN members m ON m.unit = f.unit JOIN redpacket_kinds n ON n.redpacket = f.redpacket""",
    "coupons": """
      SELECT m.id, n.name, f.kind, f.at, f.expires
      FROM coupon_facts f JOIN members m ON m.unit = f.unit JOIN coupon_kinds n ON n.coupon = f.coupon""",
    "attributes": """
      SELECT m.id, n.name, f.value, f.at, f.arrived
      FROM attribute_facts f JOIN members m ON m.unit = f.unit JOIN attributes n ON n.attribute = f.attribute""",
    "tags": """
      SELECT m.id, n.name, i.since FROM member_tags i JOIN members m ON m.unit = i.unit JOIN tags n ON n.tag = i.tag
      WHERE i.since <= :at AND i.until > :at""",
}
"""What members have and are, by the store."""


def _counted(rows: Iterable[Row]) -> set[Row]:
    """The rows with how often each is there."""
    return {(*row, number) for row, number in Counter(rows).items()}


def _compare(number: int, what: str, wanted: set[Row], found: set[Row]) -> None:
    if wanted != found:
        missing = tuple(sorted(wanted - found, key=repr))
        raise Divergence(number, what, missing, tuple(sorted(found - wanted, key=repr)))


def play(scenario: Scenario, folder: Path, name: str, staged: type[Stage] = Stage) -> None:
    """Plays a scenario to its end; raises :class:`Divergence`."""
    stage = staged(scenario, folder, name)
    try:
        for number, step in enumerate(scenario.steps):
            stage.tell(step)
            stage.run(step, number)
    finally:
        stage.close()
