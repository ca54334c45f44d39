"""The log as evidence: verified, proven, signed, and checked by others; what an auditor asks of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from ..grammar.diagnostics import CannotRun, UsageError
from ..grammar.record import record
from .log.checkpoint import (
    Checkpoint,
    add_cosignatures,
    checkpoint_at,
    newest_checkpoint,
    read_checkpoint,
    with_cosignatures,
)
from .log.notary import LogNotary
from .log.notes import (
    MAX_SIGNATURES,
    NoteError,
    NoteSignature,
    SignedNote,
    VerifierKey,
    read_note,
    read_signatures,
    read_verifier_key,
    verify_note,
)
from .log.proving import Consistency, Inclusion
from .log.proving.making import prove_growth, prove_record
from .log.signers import all_signers, present_signer
from .log.store import leaf_count
from .log.verifying import Outside, Verification, verify_log
from .log.whole_log import WholeLog
from .program.clock import zone_of
from .program_log import note
from .run.lock import run_lock
from .stores.sqlite.database import SqliteStore

if TYPE_CHECKING:
    from .exporting import ExportAsked
    from .log.export.writing import Exported, Format
    from .log.tiles.publishing import Published

Opened = Callable[[bool], AbstractContextManager[SqliteStore]]


@record
class SignedState:
    """The newest checkpoint of a log as a signed note with all cosignatures, and the key (vkey) that verifies it.

    ``leaves`` is its length, ``root`` its root, 32 bytes; ``unsigned`` is how many entries the log has behind it.
    """

    note: bytes
    key: str
    leaves: int
    root: bytes
    unsigned: int


class AuditDesk:
    """The log of one workspace as evidence.

    ``opened`` opens its store, for writing or not; ``zone`` shows instants, ``holder`` holds the run lock.
    """

    def __init__(self, opened: Opened, zone: str, holder: str, notary: LogNotary) -> None:
        self._opened = opened
        self._holder = holder
        self._zone = zone
        self._notary = notary

    # Verifying

    def verify(
        self, *, keys: Sequence[VerifierKey] = (), witnesses: Sequence[VerifierKey] = (),
        checkpoints: Sequence[tuple[str, bytes]] = (), workers: int = 1,
        progress: Callable[[int, int], None] = lambda done, of: None,
    ) -> Verification:
        """Compute the whole log anew and say what is wrong with it. Writes nothing.

        ``keys`` are the keys by which checkpoints are to be verified, else those that the store names; ``checkpoints`` are
        signed notes that were kept elsewhere, by name. ``workers`` processes share the work; a program that wants several must
        be importable without running, as for ``multiprocessing``. ``progress`` hears of entries examined and all entries.
        """
        with self._opened(False) as store, store.snapshot():
            fence, public = self._notary.known_outside(store), self._notary.public()
            outside = Outside(tuple(keys), tuple(witnesses), tuple(checkpoints), fence, public)
            began = monotonic()
            found = verify_log(store, outside, workers, progress)
            note("log.verified", entries=found.leaves, findings=len(found.findings), seconds=monotonic() - began)
            return found

    # Proving

    def prove(self, record_id: str) -> Inclusion:
        """Return the proof that a record, by its id or the beginning of it, is in the log, with what its channel answered.

        It may be archived. Raises UsageError D301 to D303 for the id, CannotRun D460 where nothing is signed yet, D428 where an
        archive is not where it was put.
        """
        with self._opened(False) as store, store.snapshot(), WholeLog(store, store.path.parent) as log:
            return prove_record(log, record_id, zone_of(self._zone))

    def consistency(self, old: int | bytes, new: int | None = None) -> Consistency:
        """Return the proof that the log at ``new`` leaves, or now, begins with what it was at ``old``.

        ``old`` is a number of leaves or a checkpoint that was kept elsewhere. Raises as ``prove_growth``, UsageError D466 for
        bytes that are no checkpoint.
        """
        with self._opened(False) as store, store.snapshot():
            return prove_growth(store, old if isinstance(old, int) else read_kept(old), new)

    # Handing on

    def export(self, out: Path | TextIO, form: Format, asked: ExportAsked, *, force: bool = False) -> Exported:
        """Export records with all that became of them to a file or stream. For what it raises see ``engine/exporting.py``."""
        from .exporting import export_log

        return export_log(self._opened, self._zone, out, form, asked, force=force)

    def publish(self, folder: Path) -> Published:
        """Bring a folder of plain files up to the newest checkpoint. For what it raises see ``engine/exporting.py``."""
        from .exporting import publish_log

        return publish_log(self._opened, folder)

    # Signing

    def signed(self, leaves: int | None = None) -> SignedState:
        """Return the newest checkpoint, or that at a length. Raises CannotRun D460 without one, UsageError D462."""
        with self._opened(False) as store, store.snapshot():
            checkpoint = newest_checkpoint(store) if leaves is None else checkpoint_at(store, leaves)
            signer = present_signer(store)
            if signer is None or (checkpoint is None and leaves is None):
                raise CannotRun("D460")
            if checkpoint is None:
                raise UsageError("D462", leaves=leaves or 0)
            return SignedState(
                with_cosignatures(store, checkpoint), signer.verifier.to_text(), checkpoint.leaves, checkpoint.root,
                leaf_count(store) - checkpoint.leaves,
            )

    def cosign(self, given: bytes, witnesses: Sequence[VerifierKey] = ()) -> int:
        """Keep what witnesses signed: a whole note, or lines for the newest checkpoint; return how many lines are new.

        With ``witnesses`` their signatures must be among them and verify. Raises UsageError D466 for bytes that are neither,
        D467 for a checkpoint that this log never had, D468 where a signature does not verify, D479 for too many.
        """
        with self._opened(True) as store, store.transaction():
            checkpoint, signatures = _signed_by_others(store, given)
            _check_signatures(store, checkpoint, signatures, witnesses)
            try:
                return add_cosignatures(store, checkpoint, signatures)
            except NoteError:
                raise UsageError("D479", most=MAX_SIGNATURES) from None

    def key(self) -> VerifierKey:
        """Return the public key that verifies the log's checkpoints. Raises CannotRun D460 where nothing is signed yet."""
        with self._opened(False) as store:
            signer = present_signer(store)
            if signer is None:
                raise CannotRun("D460")
            return signer.verifier

    def change_key(self, wait_seconds: float = 0.0) -> bool:
        """Sign with a new key from here on; whether the former key was there to sign for it.

        Raises CannotRun R301 while a run is at work, C125 where the key file cannot be written, and where the store is older
        than its fence.
        """
        with self._opened(True) as store, run_lock(store.path, self._holder, wait_seconds):
            with store.transaction():
                agrees = self._notary.change_key(store)
            self._notary.adopt_key()
        note("log.rekeyed", signed=agrees)
        return agrees


def read_kept(note: bytes) -> Checkpoint:
    """Return a checkpoint that was kept elsewhere. Raises UsageError D466."""
    try:
        return read_checkpoint(note)
    except NoteError:
        raise UsageError("D466") from None


def read_key(text: str) -> VerifierKey:
    """Return a public key from its text form (vkey). Raises UsageError D469."""
    try:
        return read_verifier_key(text.strip())
    except NoteError:
        raise UsageError("D469", text=text.strip()[:80]) from None


def _check_signatures(
    store: SqliteStore, checkpoint: Checkpoint, signatures: tuple[NoteSignature, ...], witnesses: Sequence[VerifierKey]
) -> None:
    """Refuse what is said to be signed by the log or by ``witnesses`` and is not; one witness at least must have signed."""
    own = tuple(signer.verifier for signer, _ in all_signers(store))
    try:
        note = SignedNote(read_note(checkpoint.note).text, signatures)
        signed = {by.key for by in verify_note(note, (*own, *witnesses))}
    except NoteError as error:
        if witnesses or error.reason != "unknown":
            raise UsageError("D468") from None
        return
    if witnesses and signed.isdisjoint(witnesses):
        raise UsageError("D468")


def _signed_by_others(store: SqliteStore, given: bytes) -> tuple[Checkpoint, tuple[NoteSignature, ...]]:
    try:
        note = read_note(given)
    except NoteError:
        newest = newest_checkpoint(store)
        if newest is None:
            raise CannotRun("D460") from None
        try:
            return newest, read_signatures(given)
        except NoteError:
            raise UsageError("D466") from None
    said = read_kept(given)
    kept = checkpoint_at(store, said.leaves)
    if kept is None or read_note(kept.note).text != note.text:
        raise UsageError("D467", leaves=said.leaves)
    return kept, note.signatures
