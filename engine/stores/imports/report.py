"""What an import is told, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

# A file that is wrong in every line would otherwise fill the memory with complaints.
MOST_LISTED = 100_000


class Replacing(Enum):
    """What a file replaces: nothing, what is known of those it names, or what is known of all."""

    NOTHING = ""
    NAMED = "named"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read. ``at`` is the instant of the import, ``zone`` that of date-times without an offset.

    ``encoding`` is that of CSV and JSON Lines. ``replace`` says what of the store goes that the file does not have; then
    one bad row refuses the file, except for members and staff whose own rows are replaced. ``progress`` is called with
    the rows done and the rows of the file (an estimate, None where unknown).
    """

    at: int
    zone: str
    random_bytes: Callable[[int], bytes]
    strict: bool = False
    backfill: bool = False
    create_members: bool = False
    ignore_unknown: bool = False
    generate_ids: bool = False
    replace: Replacing = Replacing.NOTHING
    encoding: str = "utf-8"
    progress: Callable[[int, int | None], None] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: its 1-based line, the message's code and parameters, without personal data."""

    line: int
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows: ``read`` = added + changed + ignored + rejected + conflicts.

    ``rejected`` and ``conflicts`` list at most :data:`MOST_LISTED`; ``unlisted`` counts those beyond. ``unknown`` are
    the names left out on request, each with how often. ``members`` were made bare, ``merged`` are ids that were merged into
    others. ``removed`` counts what a replacing import ended: members, tags, friendships, memberships of groups. ``stored``
    is false where the file was refused as a whole because rows were rejected.
    """

    read: int
    added: int
    changed: int
    ignored: int
    rejected: tuple[Rejected, ...] = ()
    conflicts: tuple[Rejected, ...] = ()
    unlisted: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    members: int = 0
    stored: bool = True
    removed: int = 0
    merged: int = 0


class RowError(Exception):
    """A row cannot be taken: a message code and its parameters."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params


@dataclass(slots=True)
class Tally:
    """Counts while a file is read."""

    read: int = 0
    added: int = 0
    changed: int = 0
    members: int = 0
    removed: int = 0
    merged: int = 0
    faults: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    conflicts: list[Rejected] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)

    def reject(self, line: int, fault: RowError) -> None:
        """Note a row that is left out."""
        self._list(self.rejected, Rejected(line, fault.code, fault.params))

    def conflict(self, line: int, code: str) -> None:
        """Note a row that says something else about what the store has."""
        self._list(self.conflicts, Rejected(line, code))

    def leave_out(self, name: str) -> None:
        """Count an unknown name that is left out on request."""
        self.unknown[name] = self.unknown.get(name, 0) + 1

    def _list(self, place: list[Rejected], entry: Rejected) -> None:
        self.faults += 1
        if len(place) < MOST_LISTED:
            place.append(entry)

    def report(self, *, stored: bool) -> ImportReport:
        """The counts as a report; where nothing was stored, none was added, changed or found known."""
        listed = len(self.rejected) + len(self.conflicts)
        rest = self.read - self.added - self.changed - self.faults
        return ImportReport(
            read=self.read,
            added=self.added if stored else 0,
            changed=self.changed if stored else 0,
            ignored=rest if stored else 0,
            rejected=tuple(sorted(self.rejected, key=lambda entry: entry.line)),
            conflicts=tuple(sorted(self.conflicts, key=lambda entry: entry.line)),
            unlisted=self.faults - listed,
            unknown=tuple(sorted(self.unknown.items())),
            members=self.members if stored else 0,
            stored=stored,
            removed=self.removed if stored else 0,
            merged=self.merged if stored else 0,
        )
