"""What a store knows of the stretches of its log that stand in files: which, where, and the hashes of their leaves.

Of an archived record the store may keep a trace, since later decisions ask for it: a row without leaf, whose key is cut to the
id that people quote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..store import LogStore, whole_number

HASH_LENGTH = 32

_ALL = "SELECT first, stop, until, path, digest, private, at FROM archives ORDER BY first"
_STOP = "SELECT coalesce(max(stop), 0) FROM archives"
_UNTIL = "SELECT max(until) FROM archives"
# A chunk ends at the next multiple of 256 at the latest, so that the one that holds `first` begins no earlier than its tile.
_CHUNKS = "SELECT first, hashes FROM archived_leaves WHERE first >= :first / 256 * 256 AND first < :stop ORDER BY first"


@dataclass(frozen=True, slots=True)
class Archived:
    """A stretch [``first``, ``stop``) of the log's entries in a file: its ``path``, the SHA-256 of its bytes, when it was made.

    ``private`` says whether the words of channels went to a file beside it. What runs before the instant
    ``until`` decided stands in files. Instants are microseconds.
    """

    first: int
    stop: int
    until: int
    path: str
    digest: bytes
    private: bool
    at: int

    def place(self, folder: Path) -> Path:
        """Where the file is, seen from the store's ``folder``."""
        return folder / self.path


def archived_stretches(store: LogStore) -> tuple[Archived, ...]:
    """Return the archived stretches of a log, the oldest first."""
    rows = store.connection.execute(_ALL)
    return tuple(
        Archived(first, stop, until, str(path), digest, bool(private), at) for first, stop, until, path, digest, private, at in rows
    )


def archived_stop(store: LogStore) -> int:
    """Return the index of the first entry that is not archived."""
    return whole_number(store.connection.execute(_STOP).fetchone()[0])


def archived_until(store: LogStore) -> int | None:
    """Return the instant before which all decisions are archived, None where nothing is."""
    (until,) = store.connection.execute(_UNTIL).fetchone()
    return None if until is None else int(until)


def stretch_of(store: LogStore, seq: int) -> Archived | None:
    """Return the archived stretch that an entry lies in, None for one that is in the store."""
    return next((one for one in archived_stretches(store) if one.first <= seq < one.stop), None)


def archived_leaves(store: LogStore, first: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Yield the archived leaves of [``first``, ``stop``) with their indexes, in order."""
    for begin, hashes in store.connection.execute(_CHUNKS, {"first": first, "stop": stop}):
        for place in range(len(hashes) // HASH_LENGTH if isinstance(hashes, bytes) else 0):
            if first <= begin + place < stop:
                yield begin + place, hashes[place * HASH_LENGTH : (place + 1) * HASH_LENGTH]
