"""Friends: who of the members is a friend of whom of the staff, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..sqlite.held import FRIENDSHIPS
from .described import Named
from .gathered import Fact, HeldFacts, Spell, read_spell
from .session import Session, sound_rows
from .source import Record


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row."""

    line: int
    member: str
    staff: str
    spell: Spell


class FriendReader:
    """Gathers friendships; staff that nobody has named before are made by their id."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._staff = Named(session, "staff", "staff", session.writer.add_staff)
        self._held = HeldFacts(session, FRIENDSHIPS)

    def take(self, records: Sequence[Record]) -> None:
        """Gather what the rows say."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows)
        self._held.gather_rows(rows, lambda row: self._facts(row, units))

    def finish(self) -> None:
        """Write the friendships that are new, or over."""
        self._held.finish()
        self._staff.settle()

    def _read(self, record: Record) -> _Row:
        session, cells = self._session, record.cells
        member, staff = session.required_text(cells, "member"), session.required_text(cells, "staff")
        return _Row(record.line, member, staff, read_spell(session, cells))

    def _facts(self, row: _Row, units: dict[str, int]) -> Iterator[Fact]:
        session, spell = self._session, row.spell
        for given, at in spell.facts:
            arrived = session.arrival(at, spell.arrived)
            unit = session.unit_for(row.member, units, arrived)
            staff, _ = self._staff.number(row.staff, arrived)
            yield row.line, staff, unit, given, at, arrived, None, int(spell.implied)
