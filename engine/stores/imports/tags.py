"""Tags: a row says that a tag is gained, or lost, or was held over an interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..sqlite.held import MEMBER_TAGS
from .gathered import Fact, HeldFacts, Spell, read_spell
from .session import Session, sound_rows
from .source import Record


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row: the tags it names, most often one."""

    line: int
    member: str
    tags: tuple[str, ...]
    spell: Spell


class TagReader:
    """Gathers what rows say about tags."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = session.store.tags()
        self._held = HeldFacts(session, MEMBER_TAGS)

    def take(self, records: Sequence[Record]) -> None:
        """Gather what the rows say."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows)
        self._held.gather_rows(rows, lambda row: self._facts(row, units))

    def finish(self) -> None:
        """Write the facts that are new; what exclusive groups and expiries follow, the writer sees to."""
        self._held.finish()

    def _read(self, record: Record) -> _Row | None:
        session, cells = self._session, record.cells
        member = session.required_text(cells, "member")
        tags = session.declared_texts(cells, "tag", session.library.tags, "S117")
        spell = read_spell(session, cells)
        return _Row(record.line, member, tags, spell) if tags else None

    def _facts(self, row: _Row, units: dict[str, int]) -> Iterator[Fact]:
        session, spell = self._session, row.spell
        for given, at in spell.facts:
            arrived = session.arrival(at, spell.arrived)
            unit = session.unit_for(row.member, units, arrived)
            for tag in row.tags:
                expires = session.writer.expiry(tag, at) if given else None
                yield row.line, self._numbers[tag], unit, given, at, arrived, expires, int(spell.implied)
