"""Groups and staff by outside id, and what rows say of them: names, owners, managers."""

from __future__ import annotations

from typing import Protocol

from ..sqlite.identifiers import with_names
from .session import Session
from .values import Value


class AddNamed(Protocol):
    """How the writer adds one that the store does not know."""

    def __call__(self, name: str, /, *, arrived: int) -> int:
        """Return its number."""


class AddFact(Protocol):
    """How the writer adds what is said of one."""

    def __call__(self, number: int, prop: str, value: Value, /, *, at: int, arrived: int, backfilled: bool) -> int:
        """Return the arrival number."""


class Named:
    """The numbers of all groups, or of all staff; new ones arrive with the earliest fact that the file brings."""

    def __init__(self, session: Session, table: str, number: str, add: AddNamed) -> None:
        self._session = session
        self._add = add
        self._settle = with_names("UPDATE $table SET arrived = ? WHERE $number = ?", table=table, number=number)
        # There are few beside the members, so that all are looked up at once.
        query = with_names("SELECT id, $number FROM $table", table=table, number=number)
        self._numbers: dict[str, int] = dict(session.store.connection.execute(query))
        self._new: dict[int, int] = {}

    def number(self, name: str, arrived: int) -> tuple[int, bool]:
        """The number of a name, and whether it is given now."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = self._add(name, arrived=arrived)
            self._new[number] = arrived
            return number, True
        if arrived < self._new.get(number, arrived):
            self._new[number] = arrived
        return number, False

    def settle(self) -> None:
        """Let the new ones arrive with their earliest fact."""
        self._session.writer.flush()
        moved = [(arrived, number) for number, arrived in self._new.items()]
        self._session.store.connection.executemany(self._settle, moved)


class Described:
    """Writes what is said where it differs from what held at the instant of the import."""

    def __init__(self, session: Session, facts: str, add: AddFact) -> None:
        self._session = session
        self._add = add
        query = with_names("SELECT unit, property, value FROM $facts WHERE at <= ? ORDER BY at, seq", facts=facts)
        found = session.store.connection.execute(query, (session.options.at,))
        self._known: dict[tuple[int, str], Value] = {(unit, prop): value for unit, prop, value in found}

    def say(self, number: int, prop: str, value: Value, *, at: int, arrived: int) -> bool:
        """Note a value, None where it is unknown; whether that is new."""
        if self._known.get((number, prop)) == value:
            return False
        self._known[number, prop] = value
        self._add(number, prop, value, at=at, arrived=arrived, backfilled=self._session.options.backfill)
        return True


def count_row(session: Session, *, new: bool, changed: bool) -> None:
    """Count a row that made something, else one that changed something."""
    session.tally.added += int(new)
    session.tally.changed += int(changed and not new)
