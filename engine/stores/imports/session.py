"""What the readers of all kinds share while one file is imported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeVar

from ...program import ir
from ...program.ir import ValueType
from ..sqlite.database import SqliteStore
from ..sqlite.facts import FactWriter
from ..sqlite.merging import targets
from .report import ImportOptions, RowError, Tally
from .source import Record
from .values import Cell, read_text, read_value, require

_BETWEEN = re.compile(r"[,，、;；|]")


def _as_cell(part: object) -> Cell:
    """A member of a list as a cell of its own; a list within a list is none that can be read."""
    return part if isinstance(part, str | int | Decimal | list | dict) else None


@dataclass(slots=True)
class Session:
    """One import: where it writes, what is declared, how it was asked, what it counted."""

    store: SqliteStore
    writer: FactWriter
    library: ir.Library
    options: ImportOptions
    file: str
    tally: Tally = field(default_factory=Tally)
    _bare: dict[int, int] = field(default_factory=dict)
    _targets: dict[int, int] | None = None

    def instant(self, cells: dict[str, Cell], column: str) -> int | None:
        """The instant in a column, None where it is absent or empty."""
        if column not in cells:
            return None
        value = read_value(ValueType.INSTANT, cells[column], column, self.options.zone)
        return None if value is None else int(value)

    def text(self, cells: dict[str, Cell], column: str) -> str | None:
        """The text in a column, None where it is absent or empty."""
        return read_text(cells.get(column), column)

    def required_text(self, cells: dict[str, Cell], column: str) -> str:
        """The text in a column that must have one."""
        return require(read_text(cells.get(column), column), column)

    def declared_text(self, cells: dict[str, Cell], column: str, declared: Container[str], code: str) -> str | None:
        """A name that must be declared; None where unknown names are left out, which is counted."""
        name = self.required_text(cells, column)
        if name in declared:
            return name
        if not self.options.ignore_unknown:
            raise RowError(code, column=column)
        self.tally.leave_out(name)
        return None

    def declared_texts(
        self, cells: dict[str, Cell], column: str, declared: Container[str], code: str, *, divided: bool = False
    ) -> tuple[str, ...]:
        """Names that must be declared, one or a list; ``divided``: a text may hold several between commas or bars.

        A name that itself has such a sign counts whole. Unknown ones are left out where that is asked.
        """
        cell = cells.get(column)
        if isinstance(cell, str) and divided and read_text(cell, column) not in declared:
            parts: list[object] = [part for part in _BETWEEN.split(cell) if part.strip()]
        else:
            parts = cell if isinstance(cell, list) and cell else [cell]
        names = (self.declared_text({column: _as_cell(part)}, column, declared, code) for part in parts)
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def arrival(self, at: int, stated: int | None) -> int:
        """When a fact of the instant ``at`` arrives: as stated, at its own instant if backfilled, else now."""
        if stated is not None:
            return stated
        return at if self.options.backfill else self.options.at

    def units_of(self, members: Iterable[str]) -> dict[str, int]:
        """The units of the outside ids that the store knows; an id that was merged means the one that stays."""
        return {member: self.person(unit) for member, unit in self.own_units_of(members).items()}

    def own_units_of(self, members: Iterable[str]) -> dict[str, int]:
        """The units of the outside ids themselves, merged or not."""
        self.writer.flush()
        rows = self.store.connection.execute(
            "SELECT m.id, m.unit FROM json_each(?) AS j CROSS JOIN members AS m WHERE m.id = j.value",
            (json.dumps(sorted(set(members)), ensure_ascii=False),),
        )
        return dict(rows)

    def person(self, unit: int) -> int:
        """The unit that stands for the person: itself, or the one it was merged into."""
        if self._targets is None:
            self._targets = targets(self.store.connection)
        return self._targets.get(unit, unit)

    def unit_for(self, member: str, units: dict[str, int], arrived: int) -> int:
        """The unit of a member; an unknown one is a fault unless bare members are made.

        A bare member arrives with the earliest of the facts that the file brings.
        """
        unit = units.get(member)
        if unit is None:
            if not self.options.create_members:
                raise RowError("S116", column="member")
            unit = units[member] = self.writer.add_member(member, arrived=arrived)
            self._bare[unit] = arrived
            self.tally.members += 1
        elif arrived < self._bare.get(unit, arrived):
            self._bare[unit] = arrived
        return unit

    def settle_bare_members(self) -> None:
        """Let the bare members made by this import arrive with their earliest fact."""
        self.writer.flush()
        moved = [(arrived, unit) for unit, arrived in self._bare.items()]
        self.store.connection.executemany("UPDATE members SET arrived = ? WHERE unit = ?", moved)


class Reader(Protocol):
    """Takes the records of one kind of file."""

    def take(self, records: Sequence[Record]) -> None:
        """Take a batch of records in the order of the file; a fault of one is noted and leaves it out."""

    def finish(self) -> None:
        """Write what can only be written when all records are known."""


Row = TypeVar("Row")


def sound_rows(session: Session, records: Sequence[Record], read: Callable[[Record], Row | None]) -> Iterator[Row]:
    """Yield what ``read`` makes of each record; faults are noted, and None means that the row is left out."""
    for record in records:
        try:
            if record.fault is not None:
                raise record.fault
            row = read(record)
        except RowError as fault:
            session.tally.reject(record.line, fault)
            continue
        if row is not None:
            yield row
