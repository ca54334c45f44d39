"""What a proof holds, and its form as plain values: the signed checkpoint, the bytes proven, the hashes in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..decoding import RecordEntry, read_entry
from .telling import told

FORMAT = 1
Kind = Literal["inclusion", "consistency"]


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry with its ``index`` in the log and the ``path`` of hashes to the root, lowest first.

    ``part`` are the bytes of a record's header or of a delivery's answer, None where there are none.
    """

    index: int
    data: bytes
    part: bytes | None
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, object]:
        """Return the entry as plain values; what it ``says`` is there for readers and follows from the bytes."""
        name = "header" if isinstance(read_entry(self.data), RecordEntry) else "answer"
        part = {} if self.part is None else {name: self.part.hex()}
        return {
            "index": self.index, "says": told(self.data, self.part), "entry": self.data.hex(), **part,
            "path": [node.hex() for node in self.path],
        }


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That entries are in the log of which ``checkpoint`` is the signed note; ``key`` verifies it (vkey)."""

    checkpoint: bytes
    key: str
    entries: tuple[ProvenEntry, ...]

    def to_json(self) -> dict[str, object]:
        """Return the proof as plain values."""
        return {
            "format": FORMAT, "proof": "inclusion", "key": self.key, "checkpoint": self.checkpoint.decode(),
            "entries": [each.to_json() for each in self.entries],
        }


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the log of the signed note ``new`` begins with what it was at ``old_leaves`` leaves, with ``old_root``.

    ``old`` is the signed note that says so and ``old_key`` verifies it, as ``key`` does the new one; both are None where the log
    has none for that length. ``path`` are the hashes in between.
    """

    old: bytes | None
    old_leaves: int
    old_root: bytes
    old_key: str | None
    new: bytes
    key: str
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, object]:
        """Return the proof as plain values."""
        return {
            "format": FORMAT, "proof": "consistency", "key": self.key, "old": None if self.old is None else self.old.decode(),
            "old_key": self.old_key, "old_leaves": self.old_leaves, "old_root": self.old_root.hex(), "new": self.new.decode(),
            "path": [node.hex() for node in self.path],
        }
