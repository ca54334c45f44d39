"""Proofs from a store: of a record with all that its channel answered, and of growth since an earlier checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo

from ....grammar.diagnostics import CannotRun, UsageError
from ..checkpoint import Checkpoint, checkpoint_at, newest_checkpoint, with_cosignatures
from ..entries import LogEntry, read_entries
from ..merkle import consistency_proof
from ..notes import read_note
from ..paths import inclusion_paths
from ..signers import all_signers
from ..store import LogStore
from ..tree import LogTree
from ..whole_log import WholeLog
from .model import Consistency, Inclusion, ProvenEntry

_DELIVERIES = "SELECT seq FROM deliveries WHERE dispatch = :seq AND seq >= :first"


def prove_record(log: WholeLog, id_prefix: str, zone: tzinfo) -> Inclusion:
    """Return the proof of a record and of its delivery records, to the newest checkpoint; inside a snapshot.

    The record is found by the beginning of its id, in the store or an archive. Raises as ``find_record``, CannotRun D428 for an
    archive that is not there, D460 where the log has no checkpoint that covers them yet, D207 and D420 where they are not what was
    hashed.
    """
    seq = log.find(id_prefix, zone).seq
    deliveries = {
        number for part in log.stretches(seq)
        for (number,) in part.log.connection.execute(_DELIVERIES, {"seq": seq, "first": part.first})
    }
    return prove_entries(log.store, [seq, *sorted(deliveries)], log.entries)


def prove_entries(
    store: LogStore, indexes: Sequence[int], read: Callable[[int, int], Iterator[LogEntry]] | None = None
) -> Inclusion:
    """Return the proof of entries, given by ascending index and by default read from the store. Raises as :func:`prove_record`."""
    checkpoint = _newest(store)
    if indexes[-1] >= checkpoint.leaves:
        raise CannotRun("D460")
    tree = LogTree(store)
    paths = inclusion_paths(tree, checkpoint.leaves, indexes)
    entries = [next(iter(read(index, index + 1) if read else read_entries(store, index, index + 1))) for index in indexes]
    proven = (ProvenEntry(entry.seq, entry.data, entry.part, path) for entry, path in zip(entries, paths, strict=True))
    return Inclusion(with_cosignatures(store, checkpoint), key_of(store, checkpoint), tuple(proven))


def prove_growth(store: LogStore, old: Checkpoint | int, new: int | None) -> Consistency:
    """Return the proof that the log at ``new`` leaves (None: now) begins with the log of ``old``; inside a snapshot.

    ``old`` is a checkpoint or a number of leaves. Raises UsageError D462 for a length without checkpoint, D463 where the new
    one is shorter, CannotRun D464 for a checkpoint of another log, or not signed by it, D465 where this log is not the one of the
    checkpoint.
    """
    newer = _newest(store) if new is None else checkpoint_at(store, new)
    if newer is None:
        raise UsageError("D462", leaves=new or 0)
    leaves = old if isinstance(old, int) else old.leaves
    if leaves > newer.leaves:
        raise UsageError("D463", old=leaves, new=newer.leaves)
    tree = LogTree(store)
    root = tree.root(leaves)
    note, old_key = _old_note(store, old, root, newer.origin)
    path = consistency_proof(leaves, newer.leaves, tree.subtree)
    return Consistency(note, leaves, root, old_key, with_cosignatures(store, newer), key_of(store, newer), path)


def key_of(store: LogStore, checkpoint: Checkpoint) -> str:
    """Return the key (vkey) that signed a checkpoint of the store. Raises CannotRun D460 where the store does not know it."""
    key = _signer_of(store, checkpoint)
    if key is None:
        raise CannotRun("D460")
    return key


def _signer_of(store: LogStore, checkpoint: Checkpoint) -> str | None:
    signed = {(line.name, line.key_id) for line in read_note(checkpoint.note).signatures}
    keys = (signer.verifier for signer, _ in all_signers(store) if signer.origin == checkpoint.origin)
    return next((key.to_text() for key in keys if (key.name, key.key_id) in signed), None)


def _old_note(store: LogStore, old: Checkpoint | int, root: bytes, origin: str) -> tuple[bytes | None, str | None]:
    """The signed note of the older state, and the key that signed it."""
    if isinstance(old, int):
        kept = checkpoint_at(store, old)
        # What was signed before a store was put back was signed for another log.
        if kept is None or kept.origin != origin:
            return None, None
        return with_cosignatures(store, kept), key_of(store, kept)
    key = _signer_of(store, old) if old.origin == origin else None
    if key is None:
        raise CannotRun("D464", origin=old.origin)
    if old.root != root:
        raise CannotRun("D465", leaves=old.leaves)
    return old.note, key


def _newest(store: LogStore) -> Checkpoint:
    checkpoint = newest_checkpoint(store)
    if checkpoint is None:
        raise CannotRun("D460")
    return checkpoint
