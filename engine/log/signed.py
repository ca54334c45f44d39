"""The signed end of a log: the checkpoint over all its leaves, to whose root everything that is handed on is proven."""

from __future__ import annotations

from dataclasses import dataclass

from ...grammar.diagnostics import CannotRun
from .checkpoint import Checkpoint, newest_checkpoint, with_cosignatures
from .notes import NoteError, SignedNote, VerifierKey, read_note, verify_checkpoint
from .signers import all_signers
from .store import LogStore, leaf_count
from .tree import LogTree

# A column of another type than any note.
_NO_NOTE = (NoteError, AttributeError, TypeError)


@dataclass(frozen=True, slots=True)
class SignedEnd:
    """The newest checkpoint, its ``note`` with the signatures of witnesses, and the log's own ``key`` that signed it.

    Whoever trusts nobody has the key from elsewhere.
    """

    checkpoint: Checkpoint
    note: bytes
    key: VerifierKey

    @property
    def size(self) -> int:
        """How many leaves the log has."""
        return self.checkpoint.leaves


def signed_end(store: LogStore) -> SignedEnd:
    """Return the checkpoint over all leaves of a log.

    Raises CannotRun D421 where the newest one does not reach the end, D422 where its signature or its root is not that of
    the log, D207 where a leaf is missing.
    """
    leaves = leaf_count(store)
    try:
        checkpoint = newest_checkpoint(store)
    except _NO_NOTE:
        raise CannotRun("D422", leaves=leaves) from None
    if checkpoint is None or checkpoint.leaves != leaves:
        raise CannotRun("D421", leaves=leaves, signed=0 if checkpoint is None else checkpoint.leaves)
    note = read_note(checkpoint.note)
    key = _signer_of(store, note)
    try:
        if key is None:
            raise NoteError("unknown")
        verify_checkpoint(note, key)
    except NoteError:
        raise CannotRun("D422", leaves=leaves) from None
    if LogTree(store).root(leaves) != checkpoint.root:
        raise CannotRun("D422", leaves=leaves)
    return SignedEnd(checkpoint, with_cosignatures(store, checkpoint), key)


def _signer_of(store: LogStore, note: SignedNote) -> VerifierKey | None:
    """Of the log's keys, the newest by whose name and id there is a signature."""
    signatures = {(line.name, line.key_id) for line in note.signatures}
    keys = [signer.verifier for signer, _ in all_signers(store)]
    return next((key for key in reversed(keys) if (key.name, key.key_id) in signatures), None)
