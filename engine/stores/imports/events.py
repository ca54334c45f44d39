"""Events: each has an outside id; the same id again is a repeat, or a conflict where it says something else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...program.ir import Event, FieldRef, ValueType
from ..sqlite.identifiers import with_names
from .report import RowError
from .session import Session, sound_rows
from .source import Record
from .values import Cell, Value, is_empty, read_text, read_value, require

_OWN_COLUMNS = frozenset({"id", "member", "type", "at", "subject", "amount", "arrived"})


_KNOWN = "SELECT $columns FROM json_each(?) AS j CROSS JOIN events AS e WHERE e.id = j.value"


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row; ``said`` holds the columns of the events table that the row speaks of, besides the member."""

    line: int
    event: str
    member: str
    type: str
    at: int
    arrived: int
    subject: str | None
    amount: int | None
    said: dict[str, Value]
    fields: dict[str, Value]


class EventReader:
    """Adds the events that the store does not know."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._types = session.store.events()
        self._columns = {name: f"f{number:d}" for name, number in session.store.fields().items()}
        self._declared: dict[str, dict[str, FieldRef]] = {
            name: {field.name: field for field in event.fields} for name, event in session.library.events.items()
        }

    def take(self, records: Sequence[Record]) -> None:
        """Add the new events of the rows."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows)
        known = self._known(row.event for row in rows)
        for row in rows:
            try:
                self._take_row(row, units, known)
            except RowError as fault:
                session.tally.reject(row.line, fault)

    def finish(self) -> None:
        """Nothing waits: every event was written with its batch."""

    def _read(self, record: Record) -> _Row | None:
        session, cells = self._session, record.cells
        event = self._id(record)
        member = session.required_text(cells, "member")
        event_type = session.declared_text(cells, "type", session.library.events, "S118")
        at = session.instant(cells, "at")
        if at is None:
            raise RowError("S101", column="at")
        if event_type is None:
            return None
        fields = self._fields(session.library.events[event_type], cells)
        subject, amount = session.text(cells, "subject"), self._amount(cells)
        said: dict[str, Value] = {"type": self._types[event_type], "at": at}
        said.update((name, value) for name, value in (("subject", subject), ("amount", amount)) if name in cells)
        said.update((self._columns[name], value) for name, value in fields.items())
        arrived = session.arrival(at, session.instant(cells, "arrived"))
        return _Row(record.line, event, member, event_type, at, arrived, subject, amount, said, fields)

    def _amount(self, cells: dict[str, Cell]) -> int | None:
        value = read_value(ValueType.MONEY, cells.get("amount"), "amount", self._session.options.zone)
        return None if value is None else int(value)

    def _id(self, record: Record) -> str:
        event = read_text(record.cells.get("id"), "id")
        if event is None and self._session.options.generate_ids:
            return f"{self._session.file}:{record.line}"
        return require(event, "id")

    def _fields(self, event: Event, cells: dict[str, Cell]) -> dict[str, Value]:
        """The declared fields of the row; a field of another event must be empty."""
        session = self._session
        declared = self._declared[event.name]
        found: dict[str, Value] = {}
        for name, cell in cells.items():
            if name in _OWN_COLUMNS:
                continue
            field = declared.get(name)
            if field is not None:
                found[name] = read_value(field.type, cell, name, session.options.zone)
            elif not is_empty(cell):
                if not session.options.ignore_unknown:
                    raise RowError("S120", column=name)
                session.tally.leave_out(name)
        return found

    def _known(self, events: Iterable[str]) -> dict[str, dict[str, Value]]:
        """What the store has under these ids, by column."""
        columns = ("id", "unit", "type", "at", "subject", "amount", *self._columns.values())
        rows = self._session.store.connection.execute(
            with_names(_KNOWN, columns=", ".join(f"e.{column}" for column in columns)),
            (json.dumps(list(events), ensure_ascii=False),),
        )
        return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}

    def _take_row(self, row: _Row, units: dict[str, int], known: dict[str, dict[str, Value]]) -> None:
        session = self._session
        present = known.get(row.event)
        if present is not None:
            same = session.person(int(present["unit"] or 0)) == units.get(row.member) and all(
                present.get(column) == value for column, value in row.said.items()
            )
            if not same:
                session.tally.conflict(row.line, "S129")
            return
        unit = session.unit_for(row.member, units, row.arrived)
        session.writer.add_event(
            row.event, row.type, unit, at=row.at, arrived=row.arrived, subject=row.subject, amount=row.amount,
            fields=row.fields, backfilled=session.options.backfill,
        )
        known[row.event] = {"unit": unit, **row.said}
        session.tally.added += 1
