"""Asking a store about members: who a condition is true of, whom consent forbids, the values of a text's variables.

Each question builds one statement over frames of its own in a temporary table, and leaves nothing behind.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from sqlglot import exp

from .answers import Note
from .delivery.render import Decided, LiquidValue, Values
from .program.clock import iso, iso_local, local_of
from .program.ir import NUMBER_SCALE, Any, AttributeRef, Condition, LadderRef, Library, Program, ValueType
from .query.compile import Compiler
from .query.frame_table import FrameTable
from .query.frames import FramePlan
from .query.operands import Shown, asked_by
from .query.sql import column, derived, eq, select_from, table
from .query.statements import Query, render
from .run.units import MEMBER
from .run.variables import EVENT_PREFIX, event_field
from .stores.sqlite.database import SqliteStore
from .stores.sqlite.relations import SqliteRelations

EVERY_SEQ = 2**63 - 1
Row: TypeAlias = tuple[typing.Any, ...]
_FRAME = 1
_DATE = 10_000


def members_where(store: SqliteStore, library: Library, condition: Condition, at: int, zone: str) -> tuple[str, ...]:
    """The outside ids of whom ``condition`` is true at ``at`` by what had arrived then, in code-point order."""
    plan = FramePlan.of([condition], library)
    compiler = Compiler(library, SqliteRelations(store, at, EVERY_SEQ, at, at), plan)
    units = compiler.select_units(condition, _FRAME)
    chosen = (
        select_from([column("id", "person")], table("members", "person"), [])
        .join(derived(units, "chosen"), on=eq(column("unit", "chosen"), column("unit", "person")))
        .order_by(column("id", "person"))
    )
    with _asked(store, plan, [(at, zone)]):
        return tuple(member for (member,) in _rows(store, chosen, compiler))


def nothing_yet(store: SqliteStore, at: int, zone: str) -> tuple[Note, ...]:
    """A note where nothing had arrived by ``at`` although the store holds members; its instant on the clock of ``zone``."""
    with store.guarded() as connection:
        first, members = connection.execute("SELECT min(arrived), count(*) FROM members").fetchone()
    return (Note("N101", {"at": iso(at, zone)}),) if members and first > at else ()


@dataclass(frozen=True, slots=True)
class PolicyConsent:
    """Whom the policy's consents forbid to push to, by everything known at ``at``."""

    store: SqliteStore
    program: Program
    at: int

    def __call__(self, units: Sequence[int], category: str) -> Set[int]:
        """Return those of the members ``units`` whom a playbook of ``category`` may not push to."""
        consents = [consent.condition for consent in self.program.policy.consents_for(category)]
        if not consents or not units:
            return frozenset()
        forbidden: Condition = consents[0] if len(consents) == 1 else Any(tuple(consents))
        plan = FramePlan.of([forbidden], self.program.library)
        relations = SqliteRelations(self.store, self.at, EVERY_SEQ, self.at, self.at)
        compiler = Compiler(self.program.library, relations, plan)
        test = compiler.predicate(forbidden, column("unit", "person"), "frame")
        query = _persons(compiler, units, [column("unit", "person")]).where(test)
        with _frames(self.store, plan, [(self.at, self.program.policy.zone.name)]):
            return frozenset(unit for (unit,) in _rows(self.store, query, compiler))


@dataclass(frozen=True, slots=True)
class StoreValues:
    """The values of a text's variables, each dispatch as of its own coordinates, instants on the clock of ``zone``."""

    store: SqliteStore
    library: Library
    zone: str

    def values_for(self, dispatches: Sequence[Decided], variables: Sequence[str]) -> Sequence[Values]:
        """Return, for each dispatch, the known ones of ``variables``."""
        # Variables speak of members: of a group nothing is known.
        known: dict[int, Values] = {dispatch.seq: {} for dispatch in dispatches if dispatch.kind != MEMBER}
        groups: dict[tuple[int, int, int], list[Decided]] = {}
        for dispatch in (each for each in dispatches if each.kind == MEMBER):
            groups.setdefault((dispatch.t, dispatch.decided_at, dispatch.mark), []).append(dispatch)
        for (t, decided_at, mark), group in groups.items():
            units = {dispatch.unit for dispatch in group}
            found = dict(self._values(sorted(units), variables, t, SqliteRelations(self.store, decided_at, mark, t, t)))
            known.update({dispatch.seq: found.get(dispatch.unit, {}) for dispatch in group})
        said = self._said_by_events([dispatch.seq for dispatch in dispatches], variables)
        return [{**known[dispatch.seq], **said.get(dispatch.seq, {})} for dispatch in dispatches]

    def _said_by_events(self, seqs: Sequence[int], variables: Sequence[str]) -> Mapping[int, Values]:
        """The fields asked for of the events that started the journeys of dispatches, by the dispatches' seqs.

        The name of an occurrence by a fact ends in its seq.
        """
        fields = [field for name in variables if (field := event_field(self.library, name)) is not None]
        relations = SqliteRelations(self.store, 0, EVERY_SEQ, 0, 0)
        columns = [relations.field(field, "e") or exp.null() for field in fields]
        if not fields:
            return {}
        query = exp.select(exp.column("seq", "d"), *columns).from_(exp.to_table("dispatches").as_("d")).join(
            exp.to_table("occurrences").as_("o"), on="o.occurrence = d.occurrence",
        ).join(
            exp.to_table("events").as_("e"), on="e.seq = CAST(substr(o.name, instr(o.name, '#') + 1) AS INTEGER)",
            dialect="sqlite",
        ).where("d.seq IN (SELECT value FROM json_each(?))", dialect="sqlite")
        return {
            seq: {
                EVENT_PREFIX + field.name: shown_value(cell, field.type, self.zone)
                for field, cell in zip(fields, cells, strict=True) if cell is not None
            }
            for seq, *cells in self.store.connection.execute(query.sql("sqlite"), (json.dumps(list(seqs)),))
        }

    def _values(
        self, units: Sequence[int], variables: Sequence[str], t: int, relations: SqliteRelations
    ) -> Iterator[tuple[int, Mapping[str, LiquidValue]]]:
        operands = {name: operand for name in variables if (operand := self._operand(name)) is not None}
        plan = FramePlan.of([c for o in operands.values() for c in asked_by(o, self.library)], self.library)
        compiler = Compiler(self.library, relations, plan)
        values = [compiler.value(operand, column("unit", "person"), "frame") for operand in operands.values()]
        query = _persons(compiler, units, [column("unit", "person"), *values])
        with _frames(self.store, plan, [(t, self.zone)]):
            rows = _rows(self.store, query, compiler)
        for unit, *cells in rows:
            pairs = zip(operands.items(), cells, strict=True)
            yield unit, {name: self._shown(cell, operand) for (name, operand), cell in pairs if cell is not None}

    def _operand(self, name: str) -> Shown | None:
        """What a variable stands for: a metric, the rung of a ladder, or an attribute."""
        if name in self.library.metrics:
            return self.library.metrics[name]
        if name in self.library.ladders:
            return LadderRef(name)
        attribute = self.library.attributes.get("staff" if name == "staff.name" else name)
        return AttributeRef(attribute.name, attribute.type) if attribute is not None else None

    def _shown(self, value: int | str, operand: Shown) -> LiquidValue:
        if isinstance(operand, AttributeRef) and operand.name == "points":
            return str(value)
        return shown_value(value, operand.type, self.zone)


def shown_value(value: int | str, kind: ValueType, zone: str) -> LiquidValue:
    """A stored value as a text shows it: numbers and money as decimals, dates and instants in ISO form.

    >>> shown_value(1177, ValueType.MONEY, "UTC"), shown_value(1_500_000, ValueType.NUMBER, "UTC")
    ('11.77', '1.5')
    """
    if isinstance(value, str):
        return value
    match kind:
        case ValueType.MONEY:
            return _decimal(value, 100)
        case ValueType.NUMBER:
            return _decimal(value, NUMBER_SCALE)
        case ValueType.DATE:
            return f"{value // _DATE:04}-{value // 100 % 100:02}-{value % 100:02}"
        case ValueType.LUNAR_DATE:
            return f"{value // 100:02}-{value % 100:02}"
        case ValueType.INSTANT:
            return iso_local(local_of(value, zone)).replace("T", " ")[:16]
        case ValueType.YES_NO:
            return bool(value)
    return str(value)


def _decimal(value: int, scale: int) -> str:
    text = f"{Decimal(value) / scale:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _persons(compiler: Compiler, units: Sequence[int], what: Sequence[exp.Expression]) -> exp.Select:
    """A select over the rows of ``units`` and the one frame, under the aliases ``person`` and ``frame``."""
    listed = exp.Anonymous(this="json_each", expressions=[compiler.parameters.bind(json.dumps(list(units)))])
    asked = exp.select(exp.column("value")).from_(exp.Table(this=listed))
    persons = select_from(what, table("members", "person"), []).join(table("frames", "frame"), join_type="cross")
    return persons.where(column("unit", "person").isin(query=asked))


@contextmanager
def _asked(store: SqliteStore, plan: FramePlan, frames: Sequence[tuple[int, str]]) -> Iterator[None]:
    with store.snapshot(), _frames(store, plan, frames):
        yield


@contextmanager
def _frames(store: SqliteStore, plan: FramePlan, frames: Sequence[tuple[int, str]]) -> Iterator[None]:
    """The temporary table of frames, numbered from 1, while the body runs."""
    made = FrameTable(plan, "sqlite", lambda sql, values: store.connection.execute(sql, values).fetchall())
    made.create()
    try:
        for place, (t, zone) in enumerate(frames, start=_FRAME):
            made.add(place, t, zone)
        yield
    finally:
        made.drop()


def _rows(store: SqliteStore, tree: exp.Expression, compiler: Compiler) -> list[Row]:
    sql, values = render(Query(tree, compiler.parameters), "sqlite")
    with store.guarded() as connection:
        rows: list[Row] = connection.execute(sql, values).fetchall()
    return rows
