"""Staff: a directory of who serves members, with names and managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .described import Described, Named, count_row
from .report import Replacing
from .session import Session, sound_rows
from .source import Record

_PROPERTIES = ("name", "manager")


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row: what it says of each property it has."""

    line: int
    staff: str
    said: tuple[tuple[str, str | None], ...]


class StaffReader:
    """Adds staff and what is said of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._staff = Named(session, "staff", "staff", session.writer.add_staff)
        self._described = Described(session, "staff_facts", session.writer.add_staff_fact)

    def take(self, records: Sequence[Record]) -> None:
        """Add what the rows say."""
        session = self._session
        at = session.options.at
        for row in sound_rows(session, records, self._read):
            number, new = self._staff.number(row.staff, at)
            changes = [self._described.say(number, prop, value, at=at, arrived=at) for prop, value in row.said]
            count_row(session, new=new, changed=any(changes))

    def finish(self) -> None:
        """Nothing waits: every row was written with its batch."""

    def _read(self, record: Record) -> _Row:
        session, cells = self._session, record.cells
        whole = session.options.replace is not Replacing.NOTHING
        said = tuple((name, session.text(cells, name)) for name in _PROPERTIES if whole or name in cells)
        return _Row(record.line, session.required_text(cells, "id"), said)
