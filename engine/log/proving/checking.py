"""Checking a proof without any store: everything it says is read from the bytes that lead to the signed root."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..checkpoint import Checkpoint
from ..merkle import ProofError, leaf_hash, verify_consistency, verify_inclusion
from ..notes import CheckpointBody, NoteError, VerifiedBy, VerifierKey, read_note, read_verifier_key, verify_checkpoint
from .model import FORMAT
from .telling import told

MAX_BYTES = 50_000_000


class BadProof(ValueError):
    """A file that proves nothing: ``reason`` is a word for what is wrong, ``place`` the key in the file where it is.

    Reasons: ``form`` (not a proof of this format, or a part is missing), ``key`` (no key that can be used), ``signature`` (a
    signature does not verify), ``unknown`` (none of the keys signed), ``checkpoint`` (not the checkpoint of that log),
    ``entry`` (the bytes are no entry, or its header or answer is another), ``says`` (the words are not those of the bytes),
    ``differs`` (a checkpoint is another than it should be), and those of :class:`~..merkle.ProofError`.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        """Keep both."""
        super().__init__(reason, place)
        self.reason = reason
        self.place = place


@dataclass(frozen=True, slots=True)
class Shown:
    """What a proof shows of the log that ``body`` speaks of, verified by ``key`` and by those of the witnesses given.

    ``is_trusted`` says that the caller gave the key; otherwise it is the proof's own. ``says`` are the entries proven;
    ``old_leaves`` is the length that the log grew from, None in a proof of entries.
    """

    body: CheckpointBody
    key: VerifierKey
    is_trusted: bool
    witnesses: tuple[VerifiedBy, ...]
    says: tuple[Mapping[str, Any], ...] = ()
    old_leaves: int | None = None


def check_proof(
    text: bytes, keys: Sequence[VerifierKey] = (), witnesses: Sequence[VerifierKey] = (), kept: Checkpoint | None = None
) -> Shown:
    """Check a proof and return what it shows. Raises :class:`BadProof`.

    ``keys`` are those of logs that the caller trusts. Without any the proof's own key is taken, which shows only that whoever
    has that key signed. ``kept`` is the checkpoint that the caller holds: that of the entries, or the one the log grew from.
    """
    proof = _read(text)
    given = tuple(keys) or _own_keys(proof)
    if proof.get("proof") == "inclusion":
        shown = _check_inclusion(proof, given, witnesses, is_trusted=bool(keys))
        place, held = "checkpoint", (shown.body.size, shown.body.root)
    elif proof.get("proof") == "consistency":
        shown = _check_growth(proof, given, witnesses, is_trusted=bool(keys))
        place, held = "old", (proof["old_leaves"], bytes.fromhex(proof["old_root"]))
    else:
        raise BadProof("form", "proof")
    if kept is not None and (kept.origin, kept.leaves, kept.root) != (shown.body.origin, *held):
        raise BadProof("differs", place)
    return shown


def _check_inclusion(
    proof: Mapping[str, Any], keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey], *, is_trusted: bool
) -> Shown:
    body, key, signed_by = _checkpoint(proof, "checkpoint", keys, witnesses)
    entries = _list(proof, "entries", "entries")
    if not entries:
        raise BadProof("form", "entries")
    says = tuple(_check_entry(each, f"entries[{number}]", body) for number, each in enumerate(entries))
    return Shown(body, key, is_trusted, signed_by, says)


def _check_entry(given: object, place: str, body: CheckpointBody) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadProof("form", place)
    index, data = _number(given, "index", place), _bytes(given.get("entry"), place)
    parts: list[bytes | None] = [_bytes(given[name], place) for name in ("header", "answer") if name in given]
    path = [_bytes(node, place) for node in _list(given, "path", place)]
    try:
        verify_inclusion(index, body.size, leaf_hash(data), path, body.root)
    except ProofError as error:
        raise BadProof(error.reason, place) from None
    try:
        says = told(data, *(parts or [None]))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise BadProof("entry", place) from None
    if says["seq"] != index:
        raise BadProof("entry", place)
    # Compared as text, since for Python 0, 0.0 and false are the same.
    if json.dumps(given.get("says"), sort_keys=True) != json.dumps(says, sort_keys=True):
        raise BadProof("says", place)
    return says


def _check_growth(
    proof: Mapping[str, Any], keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey], *, is_trusted: bool
) -> Shown:
    new, key, signed_by = _checkpoint(proof, "new", keys, witnesses)
    leaves, root = _number(proof, "old_leaves", "old_leaves"), _bytes(proof.get("old_root"), "old_root")
    if proof.get("old") is not None:
        old, _, _ = _checkpoint(proof, "old", keys, ())
        if (old.origin, old.size, old.root) != (new.origin, leaves, root):
            raise BadProof("differs", "old")
    try:
        verify_consistency(leaves, new.size, root, new.root, [_bytes(node, "path") for node in _list(proof, "path", "path")])
    except ProofError as error:
        raise BadProof(error.reason, "path") from None
    return Shown(new, key, is_trusted, signed_by, old_leaves=leaves)


def _checkpoint(
    proof: Mapping[str, Any], name: str, keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey]
) -> tuple[CheckpointBody, VerifierKey, tuple[VerifiedBy, ...]]:
    """The checkpoint under ``name``, with the first of ``keys`` that signed it and the witnesses who did."""
    text, reason = proof.get(name), "unknown"
    if not isinstance(text, str):
        raise BadProof("form", name)
    try:
        note = read_note(text.encode())
    except (NoteError, UnicodeEncodeError):
        raise BadProof("form", name) from None
    for key in keys:
        try:
            verified = verify_checkpoint(note, key, witnesses)
        except NoteError as error:
            reason = "checkpoint" if error.reason == "body" else reason if error.reason == "unknown" else error.reason
        else:
            return verified.body, key, verified.witnesses
    raise BadProof(reason, name)


def _read(text: bytes) -> Mapping[str, Any]:
    if len(text) > MAX_BYTES:
        raise BadProof("form")
    try:
        proof = json.loads(text)
    except (ValueError, RecursionError):
        raise BadProof("form") from None
    if not isinstance(proof, dict) or type(proof.get("format")) is not int or proof["format"] != FORMAT:
        raise BadProof("form", "format")
    return proof


def _own_keys(proof: Mapping[str, Any]) -> tuple[VerifierKey, ...]:
    """The keys that the proof names itself: that of its checkpoint, and of an old one where another signed it."""
    names = ("key",) if proof.get("old_key") is None else ("key", "old_key")
    return tuple(dict.fromkeys(_own_key(proof, name) for name in names))


def _own_key(proof: Mapping[str, Any], name: str) -> VerifierKey:
    try:
        return read_verifier_key(str(proof.get(name)))
    except NoteError:
        raise BadProof("key", name) from None


def _number(values: Mapping[str, Any], name: str, place: str) -> int:
    value = values.get(name)
    if type(value) is not int:
        raise BadProof("form", place)
    return value


def _list(values: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = values.get(name)
    if not isinstance(value, list):
        raise BadProof("form", place)
    return value


def _bytes(value: object, place: str) -> bytes:
    try:
        data = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if not data or data.hex() != value:
        raise BadProof("form", place)
    return data
