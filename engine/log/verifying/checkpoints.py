"""The checkpoints that a store keeps, against the keys that may have signed them and the roots that they must say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..notes import CheckpointBody, NoteError, VerifierKey, read_note, read_signatures, verify_checkpoint, verify_note
from ..store import LogStore
from .model import Finding

_CHECKPOINTS = "SELECT leaves, note FROM checkpoints ORDER BY leaves"
_COSIGNATURES = "SELECT leaves, line FROM cosignatures ORDER BY leaves, line"


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint of the store: the length it is kept for, and what it says, None where it is not signed as it should be."""

    leaves: int
    body: CheckpointBody | None


def kept_checkpoints(store: LogStore, keys: Sequence[VerifierKey]) -> tuple[Kept, ...]:
    """Return the checkpoints of a store, the shortest first, verified by ``keys``."""
    rows = store.connection.execute(_CHECKPOINTS)
    return tuple(Kept(leaves, signed_body(note, keys)) for leaves, note in rows)


def signed_body(note: object, keys: Sequence[VerifierKey]) -> CheckpointBody | None:
    """Return what a checkpoint says if one of ``keys`` signed it for its own log, None otherwise."""
    if not isinstance(note, bytes):
        return None
    for key in keys:
        try:
            return verify_checkpoint(read_note(note), key).body
        except NoteError:
            continue
    return None


def check_kept(kept: Sequence[Kept], leaves: int, roots: Mapping[int, bytes]) -> Iterator[Finding]:
    """Yield what is wrong with checkpoints of a log of so many leaves; ``roots`` are those over each length."""
    before, fits = 0, True
    for checkpoint in kept:
        number, body = checkpoint.leaves, checkpoint.body
        if body is None or body.size != number or body.extensions:
            yield Finding("D415", None, {"leaves": number})
        elif number > leaves:
            yield Finding("D410", None, {"leaves": leaves, "signed": number})
        elif body.root == roots[number]:
            before = number
        elif fits:
            # Those behind it follow from the first.
            fits = False
            yield Finding("D416", before if number else None, {"leaves": number, "before": before})
    # One whose signature is wrong was told of already.
    newest = max((checkpoint.leaves for checkpoint in kept), default=0)
    if newest < leaves:
        yield Finding("D411", newest, {"signed": newest, "leaves": leaves})


def check_cosignatures(store: LogStore, witnesses: Sequence[VerifierKey]) -> Iterator[Finding]:
    """Yield what is wrong with what witnesses signed: lines that are none, and those of ``witnesses`` that do not verify."""
    notes = dict(store.connection.execute(_CHECKPOINTS).fetchall())
    for leaves, line in store.connection.execute(_COSIGNATURES):
        try:
            (signature,) = read_signatures(f"{line}\n".encode())
            if any((signature.name, signature.key_id) == (key.name, key.key_id) for key in witnesses):
                note = read_note(notes[leaves])
                verify_note(type(note)(note.text, (signature,)), witnesses)
        except (NoteError, KeyError, ValueError):
            yield Finding("D415", None, {"leaves": leaves})
