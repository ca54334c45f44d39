"""Checkpoints: what the log was at a length, signed, in the form that witnesses and other people's tools read.

A checkpoint is a signed note of C2SP (signed-note, tlog-checkpoint): origin, number of leaves, root of the tree, and the
signature of the log's key. Every commit that adds to the log ends with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...grammar.diagnostics import CannotRun
from .notes import (
    MAX_SIZE,
    CheckpointBody,
    NoteError,
    NoteSignature,
    SigningKey,
    add_signatures,
    read_body,
    read_note,
    sign_note,
)
from .store import LogStore
from .tree import LogTree

_NEWEST = "SELECT leaves, note FROM checkpoints ORDER BY leaves DESC LIMIT 1"
_AT = "SELECT leaves, note FROM checkpoints WHERE leaves = :leaves"
_LINES = "SELECT line FROM cosignatures WHERE leaves = :leaves ORDER BY line"
_LAST_RUN = "SELECT max(run) FROM runs"
_COSIGN = "INSERT INTO cosignatures (leaves, line) VALUES (?, ?)"
_INSERT = "INSERT INTO checkpoints (leaves, run, note) VALUES (:leaves, :run, :note)"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a signed note says of a log: its ``origin``, how many ``leaves`` it had, their ``root``; and the ``note``."""

    origin: str
    leaves: int
    root: bytes
    note: bytes


def read_checkpoint(note: bytes) -> Checkpoint:
    """Return what a signed note says, whoever signed it. Raises NoteError (a ValueError) where it is no checkpoint."""
    body = read_body(read_note(note).text)
    return Checkpoint(body.origin, body.size, body.root, note)


def newest_checkpoint(store: LogStore) -> Checkpoint | None:
    """Return the newest checkpoint of a store's log with the log's own signature, None before the first.

    Raises CannotRun D422 where what is kept as one is none.
    """
    return _kept(store.connection.execute(_NEWEST).fetchone())


def checkpoint_at(store: LogStore, leaves: int) -> Checkpoint | None:
    """Return the checkpoint that was signed at a length of the log, None where there is none. Raises as :func:`newest_checkpoint`."""
    # A store knows no longer number.
    return None if leaves > MAX_SIZE else _kept(store.connection.execute(_AT, {"leaves": leaves}).fetchone())


def _kept(row: tuple[int, bytes] | None) -> Checkpoint | None:
    try:
        return None if row is None else read_checkpoint(row[1])
    except (NoteError, AttributeError, TypeError):
        raise CannotRun("D422", leaves=0 if row is None else row[0]) from None


def with_cosignatures(store: LogStore, checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint's note with what witnesses have signed as well."""
    lines = store.connection.execute(_LINES, {"leaves": checkpoint.leaves})
    return checkpoint.note + b"".join(line.encode() + b"\n" for (line,) in lines)


def add_cosignatures(store: LogStore, checkpoint: Checkpoint, signatures: Iterable[NoteSignature]) -> int:
    """Keep what others signed of a checkpoint, inside a write transaction; return how many lines are new.

    Raises NoteError ``form`` for more than a signed note can hold.
    """
    before = read_note(with_cosignatures(store, checkpoint))
    added = add_signatures(before, signatures).signatures[len(before.signatures) :]
    lines = [(checkpoint.leaves, each.to_line().rstrip("\n")) for each in added]
    store.connection.executemany(_COSIGN, lines)
    return len(lines)


def sign_checkpoint(store: LogStore, origin: str, key: SigningKey, fresh: Sequence[bytes] = ()) -> None:
    """Sign the log as it stands, inside the write transaction that added to it; a length is signed once.

    ``fresh`` are its last leaves where the caller has them in hand.
    """
    tree = LogTree(store, fresh)
    leaves = tree.extend()
    if checkpoint_at(store, leaves) is not None:
        return
    note = sign_note(CheckpointBody(origin, leaves, tree.root(leaves)).to_text(), origin, key).to_bytes()
    (run,) = store.connection.execute(_LAST_RUN).fetchone()
    store.connection.execute(_INSERT, {"leaves": leaves, "run": run, "note": note})
