"""Customer groups: a row without a member describes the group, a row with one says who is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..sqlite.held import GROUP_MEMBERS, GROUP_TAGS
from .described import Described, Named, count_row
from .gathered import Fact, HeldFacts, Spell, read_spell
from .report import Replacing, RowError
from .session import Session, sound_rows
from .source import Record
from .values import Cell, Value, is_empty

_PROPERTIES = ("name", "owner", "created")


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row; ``tags`` is None where it says nothing of them, ``member`` where it describes the group."""

    line: int
    group: str
    said: tuple[tuple[str, Value], ...]
    tags: tuple[str, ...] | None
    member: str | None
    spell: Spell
    created: int | None


class GroupReader:
    """Adds groups, what is said of them, their tags and their members."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._groups = Named(session, "groups", "unit", self._add)
        self._described = Described(session, "group_facts", session.writer.add_group_fact)
        self._tag_numbers = session.store.tags()
        self._tags = HeldFacts(session, GROUP_TAGS)
        self._members = HeldFacts(session, GROUP_MEMBERS, scope="grp")
        self._noted: set[int] = set()

    def _add(self, group: str, /, *, arrived: int) -> int:
        return self._session.writer.add_group(group, arrived=arrived, backfilled=self._session.options.backfill)

    def take(self, records: Sequence[Record]) -> None:
        """Gather what the rows say."""
        session = self._session
        rows = list(sound_rows(session, records, self._read))
        units = session.units_of(row.member for row in rows if row.member is not None)
        members: list[Fact] = []
        tags: list[Fact] = []
        for row in rows:
            try:
                members.extend(self._member_facts(row, units))
            except RowError as fault:
                session.tally.reject(row.line, fault)
                continue
            tags.extend(self._describe(row))
        self._tags.gather(tags)
        self._members.gather(members)
        if self._tags.full or self._members.full:
            self._flush()

    def finish(self) -> None:
        """Write what is new; what exclusive groups and expiries follow, the writer sees to."""
        self._flush()
        self._tags.finish()
        self._members.finish()
        self._groups.settle()

    def _flush(self) -> None:
        self._tags.flush(self._noted, noting=True)
        self._members.flush(self._noted)
        self._noted.clear()

    def _read(self, record: Record) -> _Row:
        session, cells = self._session, record.cells
        group, member = session.required_text(cells, "group"), session.text(cells, "member")
        spell = read_spell(session, cells)
        if member is None and not spell.implied:
            raise RowError("S135")
        # A row about a member that repeats the group's name says nothing by leaving it empty.
        kept = {name: cell for name, cell in cells.items() if member is None or not is_empty(cell)}
        whole = member is None and session.options.replace is not Replacing.NOTHING
        said = tuple((name, self._value(kept, name)) for name in _PROPERTIES if whole or name in kept)
        tags = None
        if "tags" in kept:
            tags = () if is_empty(kept["tags"]) else session.declared_texts(
                kept, "tags", session.library.tags, "S117", divided=True
            )
        return _Row(record.line, group, said, tags, member, spell, session.instant(kept, "created"))

    def _value(self, cells: dict[str, Cell], name: str) -> Value:
        return self._session.instant(cells, name) if name == "created" else self._session.text(cells, name)

    def _group(self, row: _Row, arrived: int) -> int:
        group, new = self._groups.number(row.group, arrived)
        if new and row.member is None:
            count_row(self._session, new=True, changed=False)
            self._noted.add(row.line)
        return group

    def _member_facts(self, row: _Row, units: dict[str, int]) -> list[Fact]:
        if row.member is None:
            return []
        session, spell = self._session, row.spell
        facts: list[Fact] = []
        for given, at in spell.facts:
            arrived = session.arrival(at, spell.arrived)
            unit = session.unit_for(row.member, units, arrived)
            group = self._group(row, arrived)
            facts.append((row.line, group, unit, given, at, arrived, None, int(spell.implied)))
        return facts

    def _describe(self, row: _Row) -> Iterator[Fact]:
        """Write what is said of the group from now on, or backfilled since it was created; give its tags."""
        session = self._session
        options, spell = session.options, row.spell
        at = row.created if options.backfill and row.created is not None else options.at
        arrived = session.arrival(at, spell.arrived)
        if row.member is not None and not row.said and row.tags is None:
            return
        group = self._group(row, arrived)
        changes = [self._described.say(group, prop, value, at=at, arrived=arrived) for prop, value in row.said]
        if any(changes) and row.line not in self._noted:
            count_row(session, new=False, changed=True)
            self._noted.add(row.line)
        if row.tags is None:
            return
        if options.replace is not Replacing.NOTHING:
            self._tags.name([(0, group)])
        for tag in row.tags:
            yield row.line, self._tag_numbers[tag], group, 1, at, arrived, session.writer.expiry(tag, at), 1
