"""Counting for a plan what goes out: by channel and hour, and by the staff upon whom it comes.

One pass over the records of the attempt groups them; everything else is asked of the groups, of which there are few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from ..program.clock import local_of
from ..program.ir import HOUR, AttributeRef, ValueType
from .context import RunContext, Value
from .foreseen import HourVolume, StaffVolume, Volumes
from .judge import compiler_for
from .masking import masked
from .statement import fill_once, parsed
from .units import GROUP, MEMBER

_STAFF = AttributeRef("staff", ValueType.TEXT)

# Records that are written together stand one behind the other, so that their groups are found by stepping from each to the
# next, which costs a tenth of sorting them. No clock is off by less than a quarter of an hour from the full hours of another.
_GROUP = (
    "DROP TABLE IF EXISTS temp.volumes",
    """CREATE TEMP TABLE volumes AS
       WITH RECURSIVE firsts(first, header, quarter, low) AS (
         SELECT seq, header, not_before / 900000000, t FROM run_dispatches WHERE seq = 1
         UNION ALL
         SELECT d.seq, d.header, d.not_before / 900000000, d.t
         FROM firsts f JOIN run_dispatches d ON d.seq = (
           SELECT n.seq FROM run_dispatches n
           WHERE n.seq > f.first AND (n.header <> f.header OR n.not_before / 900000000 <> f.quarter) ORDER BY n.seq LIMIT 1))
       SELECT header, quarter, first, low, lead(first, 1, (SELECT max(seq) + 1 FROM run_dispatches)) OVER (ORDER BY first) - 1 AS last
       FROM firsts""",
)
_HOURS = """
SELECT o.playbook, h.channel, v.quarter * 900000000, sum(v.last - v.first + 1)
FROM volumes v JOIN run_headers h ON h.header = v.header JOIN run_occurrences o ON o.occurrence = h.occurrence
WHERE h.status = 'queued' AND (:playbook IS NULL OR o.playbook = :playbook) GROUP BY 1, 2, 3
"""


def group_records(ctx: RunContext) -> None:
    """Fills ``volumes`` with the stretches of records that share header and quarter of an hour: ``first`` to ``last``.

    ``low`` is the t of the first of them, which is the earliest.
    """
    for statement in _GROUP:
        ctx.execute(statement)


def volumes_of(ctx: RunContext, playbook: str | None) -> Volumes:
    """The volumes of all playbooks, or of one."""
    zone = ctx.program.policy.zone.name
    found: dict[str, Counter[tuple[int, str]]] = {}
    for name, channel, instant, number in ctx.rows(_HOURS, {"playbook": playbook}):
        found.setdefault(name, Counter())[_hour(instant, zone), channel] += number
    together: Counter[tuple[int, str]] = Counter()
    for counted in found.values():
        together.update(counted)
    return Volumes(_hours(together), {name: _hours(own) for name, own in found.items()}, tuple(_staff(ctx, playbook)))


def _hour(instant: int, zone: str) -> int:
    return instant - local_of(instant, zone) % HOUR


def _hours(counted: Counter[tuple[int, str]]) -> tuple[HourVolume, ...]:
    return tuple(HourVolume(channel, hour, number) for (hour, channel), number in sorted(counted.items()))


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    name: str | None
    manager: str | None


class _People:
    """The staff of the store, told by their id, or by a name that only one of them has."""

    def __init__(self, rows: Iterable[tuple[str, str | None, str | None]]) -> None:
        people = [_Person(*row) for row in rows]
        names = Counter(person.name for person in people)
        self._known = {person.name: person for person in people if person.name is not None and names[person.name] == 1}
        self._known.update({person.id: person for person in people})

    def person(self, told: str | None) -> _Person | None:
        return None if told is None else self._known.get(told)

    def charged(self, named: str | None, manager: bool, server: str | None) -> str | None:
        """Whose a task is: of whoever is named, else of who serves the member, or of their manager."""
        if named is not None or not manager:
            return server if named is None else named
        person = self.person(server)
        return None if person is None else person.manager


def _staff(ctx: RunContext, playbook: str | None) -> list[StaffVolume]:
    people = _People(ctx.rows("SELECT id, name, manager FROM staff"))
    pushes: Counter[str | None] = Counter()
    tasks: Counter[str | None] = Counter()
    for kind, text in ((MEMBER, _PUSHES), (GROUP, _PUSHES_TO_GROUPS)):
        for server, number in _served(ctx, text, playbook, kind):
            pushes[_id(people, server)] += number
    for named, manager, server, number in _served(ctx, _TASKS, playbook) if ctx.counters.tasks else ():
        tasks[_id(people, people.charged(named, bool(manager), server))] += number
    if pushes.keys() | tasks.keys() <= {None}:
        return []
    ordered = sorted(pushes.keys() | tasks.keys(), key=lambda who: (-pushes[who] - tasks[who], who is None, who or ""))
    return [StaffVolume(who, _name(people, who), pushes[who], tasks[who]) for who in ordered]


def _id(people: _People, told: str | None) -> str | None:
    person = people.person(told)
    return told if person is None else person.id


def _name(people: _People, who: str | None) -> str:
    person = people.person(who)
    return masked(who if person is None else person.name)


def _served(ctx: RunContext, text: str, playbook: str | None, kind: int = MEMBER) -> list[tuple[Any, ...]]:
    """Rows counted by who serves the member or owns the group, as of T."""
    compiler = compiler_for(ctx, None, ctx.at)
    at = exp.Literal.number(ctx.at)
    own = compiler.relations.attribute(_STAFF, exp.column("unit", "d"), at, "m") or exp.null()
    values: dict[str, Value] = {**compiler.parameters.values, "playbook": playbook, "kind": kind}
    return ctx.rows(fill_once(text, own=own, queued=parsed(_QUEUED)), values)


_QUEUED = """
SELECT v.header FROM volumes v JOIN run_dispatches f ON f.seq = v.first JOIN run_headers h ON h.header = v.header
JOIN run_occurrences o ON o.occurrence = h.occurrence
WHERE h.status = 'queued' AND f.kind = :kind AND (:playbook IS NULL OR o.playbook = :playbook)
"""
# The index by unit holds all that is asked of a record, and brings members in their order.
_PUSHES = """
SELECT own AS server, count(*) FROM run_dispatches d JOIN members m ON m.unit = d.unit
WHERE d.header IN (SELECT header FROM queued) GROUP BY 1
"""
_PUSHES_TO_GROUPS = """
SELECT g.owner, count(*) FROM run_dispatches d JOIN groups g ON g.unit = d.unit
WHERE d.header IN (SELECT header FROM queued) GROUP BY 1
"""
_TASKS = """
SELECT staff, manager, server, count(*) FROM (
  SELECT d.staff, d.manager, CASE WHEN d.unit_kind = 0 THEN own ELSE g.owner END AS server
  FROM run_tasks d JOIN run_dispatches r ON r.seq = d.cause
  LEFT JOIN members m ON d.unit_kind = 0 AND m.unit = d.unit LEFT JOIN groups g ON d.unit_kind = 1 AND g.unit = d.unit
  WHERE d.kind = 'task' AND (:playbook IS NULL OR r.occurrence IN (
    SELECT occurrence FROM run_occurrences WHERE playbook = :playbook)))
GROUP BY staff, manager, server
"""
