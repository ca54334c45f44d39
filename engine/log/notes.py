"""Signed notes: a text with lines of signatures beneath it, and the checkpoint that such a text can be.

The forms are those of C2SP: signed-note (notes, names and ids of keys), tlog-checkpoint (the body) and
tlog-cosignature (what a witness signs). Whatever is read is written back byte for byte, so that two texts are never
read as the same note. Keys are Ed25519 (RFC 8032). Signatures of other kinds are carried along and never trusted.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = 0x01
"""A key that signs the text of a note."""
COSIGNATURE = 0x04
"""A key of a witness: it signs a checkpoint together with the time at which it saw it."""

SEED_BYTES = 32
PUBLIC_BYTES = 32
HASH_BYTES = 32
MAX_SIGNATURES = 100
MAX_BYTES = 1_000_000
MAX_SIZE = 2**63 - 1

_ID_BYTES = 4
_TIME_BYTES = 8
_MARK = "—"
_SPLIT = "\n\n"
_VERIFIER_KEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_NOT_IN_NOTES = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class NoteError(ValueError):
    """What is wrong with a note, its keys or its signatures, as one word.

    ``reason`` is ``form`` (not a note or line of signature), ``key`` (not a key, or keys that cannot be told apart),
    ``body`` (not a checkpoint), ``text`` (signatures of another text), ``unknown`` (no known key signed) or
    ``signature`` (a known key's signature is not one).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What tells whether a key signed: its name, 32 bytes and the kind of signature. Raises :class:`NoteError`.

    >>> str(VerifierKey("example.com/log", bytes(32), ED25519))
    'example.com/log+a3ad76db+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public) != PUBLIC_BYTES or self.kind not in (ED25519, COSIGNATURE):
            raise NoteError("key")

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before a signature of this key: SHA-256 over name, newline, kind and key, cut."""
        return sha256(self.name.encode() + b"\n" + self._encoded()).digest()[:_ID_BYTES]

    def to_text(self) -> str:
        """Return the form in which the key is handed on: name, id in hex and key in base64, joined by ``+``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(self._encoded())}"

    def __str__(self) -> str:
        return self.to_text()

    def _encoded(self) -> bytes:
        return bytes((self.kind,)) + self.public


def read_verifier_key(text: str) -> VerifierKey:
    """Return the key that ``text`` is the form of. Raises :class:`NoteError` ``key``, also where the id is another's.

    >>> read_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").name
    'PeterNeumann'
    """
    parts = _VERIFIER_KEY.fullmatch(text)
    encoded = _from_base64(parts[3]) if parts else None
    if parts is None or not encoded:
        raise NoteError("key")
    key = VerifierKey(parts[1], encoded[1:], encoded[0])
    if key.to_text() != text:
        raise NoteError("key")
    return key


class SigningKey:
    """An Ed25519 key that signs, made from its seed of 32 bytes; it is loaded when first asked, and never shown.

    Raises :class:`NoteError` ``key`` for a seed of another length.
    """

    __slots__ = ("_loaded", "_seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise NoteError("key")
        self._seed = seed
        self._loaded: Ed25519PrivateKey | None = None

    def __repr__(self) -> str:
        return "SigningKey(...)"

    @property
    def public(self) -> bytes:
        """The 32 bytes that verify what this key signs."""
        return self._private().public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of ``message``, 64 bytes, the same ones every time."""
        return self._private().sign(message)

    def verifier(self, name: str) -> VerifierKey:
        """Return what verifies notes that this key signs under ``name``. Raises :class:`NoteError` ``key``."""
        return VerifierKey(name, self.public, ED25519)

    def _private(self) -> Ed25519PrivateKey:
        if self._loaded is None:
            # Importing takes longer than a command that signs nothing may wait.
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            self._loaded = Ed25519PrivateKey.from_private_bytes(self._seed)
        return self._loaded


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line of signature: whose it is, by name and 4 bytes of key id, and the bytes of the signature.

    What the bytes mean depends on the key. Raises :class:`NoteError` ``form``.
    """

    name: str
    key_id: bytes
    blob: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.key_id) != _ID_BYTES or not self.blob:
            raise NoteError("form")

    def to_line(self) -> str:
        """Return the line, with its newline."""
        return f"{_MARK} {self.name} {_base64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, which ends with a newline, and at least one signature. Nothing is verified yet, see :func:`verify_note`.

    Raises :class:`NoteError` ``form``, also for more than 100 signatures and more than a million bytes.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES or len(self.to_bytes()) > MAX_BYTES:
            raise NoteError("form")

    def to_bytes(self) -> bytes:
        """Return the note as it is kept and sent, UTF-8."""
        return (self.text + "\n" + "".join(line.to_line() for line in self.signatures)).encode()


def read_note(data: bytes) -> SignedNote:
    """Return the note that ``data`` is, exactly; the last empty line ends the text.

    Raises :class:`NoteError` ``form``. The signatures are not verified.
    """
    if len(data) > MAX_BYTES:
        raise NoteError("form")
    text, split, lines = _decode(data).rpartition(_SPLIT)
    if not split:
        raise NoteError("form")
    return SignedNote(text + "\n", _read_lines(lines))


def read_signatures(data: bytes) -> tuple[NoteSignature, ...]:
    """Return the lines of signature that ``data`` is, as a witness answers them. Raises :class:`NoteError` ``form``."""
    if len(data) > MAX_BYTES:
        raise NoteError("form")
    return _read_lines(_decode(data))


def sign_note(text: str, name: str, key: SigningKey) -> SignedNote:
    """Return ``text`` signed by ``key`` under ``name``. Raises :class:`NoteError` ``key`` or ``form``.

    >>> note = sign_note("example.com/log\\n", "example.com/log", SigningKey(bytes(32)))
    >>> verify_note(note, [SigningKey(bytes(32)).verifier("example.com/log")])[0].key.name
    'example.com/log'
    """
    _check_text(text)
    signature = NoteSignature(name, key.verifier(name).key_id, key.sign(text.encode()))
    return SignedNote(text, (signature,))


def add_signatures(note: SignedNote, added: Iterable[NoteSignature]) -> SignedNote:
    """Return ``note`` with the signatures of others beneath its own, in their order, none of them twice.

    Whether they are signatures of this text is for :func:`verify_note` to say. Raises :class:`NoteError` ``form``.
    """
    return SignedNote(note.text, tuple(dict.fromkeys((*note.signatures, *added))))


def merge_notes(note: SignedNote, other: SignedNote) -> SignedNote:
    """Return ``note`` with the signatures of ``other``. Raises :class:`NoteError` ``text`` where the texts differ."""
    if note.text != other.text:
        raise NoteError("text")
    return add_signatures(note, other.signatures)


@dataclass(frozen=True, slots=True)
class VerifiedBy:
    """A key whose signature was verified. ``time`` is that of a witness, in seconds since 1970; None for other keys."""

    key: VerifierKey
    time: int | None


def verify_note(note: SignedNote, keys: Sequence[VerifierKey]) -> tuple[VerifiedBy, ...]:
    """Return which of ``keys`` signed ``note``, each once, in the order of their first signatures.

    Of several times of a witness the latest counts. Signatures of keys that are not known, by name and id, say
    nothing. Raises :class:`NoteError`: ``signature`` where one of a known key does not verify, ``unknown`` where no
    known key signed, ``key`` where two different keys have the same name and id.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise NoteError("key")
    verified: dict[VerifierKey, int | None] = {}
    for line in note.signatures:
        signer = known.get((line.name, line.key_id))
        if signer is None:
            continue
        time = _verify(signer, line.blob, note.text)
        before = verified.get(signer)
        verified[signer] = time if before is None or time is None else max(before, time)
    if not verified:
        raise NoteError("unknown")
    return tuple(VerifiedBy(key, time) for key, time in verified.items())


@dataclass(frozen=True, slots=True)
class CheckpointBody:
    """What a checkpoint says: of the log ``origin``, the root over its first ``size`` leaves, 32 bytes.

    ``extensions`` are further lines of other logs, which nobody can check; those of this program have none. Raises
    :class:`NoteError` ``body``.

    >>> print(CheckpointBody("example.com/log", 0, bytes(32)).to_text(), end="")
    example.com/log
    0
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in line or _NOT_IN_NOTES.search(line) for line in lines):
            raise NoteError("body")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_BYTES:
            raise NoteError("body")

    def to_text(self) -> str:
        """Return the text that is signed, of three lines and the extensions."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, _base64(self.root), *self.extensions))


def read_body(text: str) -> CheckpointBody:
    """Return the checkpoint whose text is ``text``, exactly. Raises :class:`NoteError` ``body``."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not _SIZE.fullmatch(lines[1]):
        raise NoteError("body")
    return CheckpointBody(lines[0], int(lines[1]), _from_base64(lines[2]) or b"", tuple(lines[3:]))


@dataclass(frozen=True, slots=True)
class VerifiedCheckpoint:
    """A checkpoint that its log signed, and those known witnesses that signed it as well, with their times."""

    body: CheckpointBody
    witnesses: tuple[VerifiedBy, ...]


def verify_checkpoint(note: SignedNote, log: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> VerifiedCheckpoint:
    """Return what ``note`` says if the log itself signed it, whatever witnesses did.

    Raises :class:`NoteError`: ``unknown`` where the log's own signature is missing, ``body`` where the text is no
    checkpoint or that of another origin than the key's name, and as :func:`verify_note` does.
    """
    verified = verify_note(note, (log, *witnesses))
    if log not in {signer.key for signer in verified}:
        raise NoteError("unknown")
    body = read_body(note.text)
    if body.origin != log.name:
        raise NoteError("body")
    return VerifiedCheckpoint(body, tuple(signer for signer in verified if signer.key != log))


def _verify(key: VerifierKey, blob: bytes, text: str) -> int | None:
    if key.kind == ED25519:
        _check_signature(key.public, blob, text.encode())
        return None
    time = int.from_bytes(blob[:_TIME_BYTES], "big")
    if time > MAX_SIZE:
        raise NoteError("signature")
    _check_signature(key.public, blob[_TIME_BYTES:], f"cosignature/v1\ntime {time}\n{text}".encode())
    return time


def _check_signature(public: bytes, signature: bytes, message: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise NoteError("signature") from None


def _read_lines(lines: str) -> tuple[NoteSignature, ...]:
    if not lines.endswith("\n"):
        raise NoteError("form")
    # The bound comes first: a million bytes of empty lines are not worth reading.
    if lines.count("\n") > MAX_SIGNATURES:
        raise NoteError("form")
    return tuple(_read_line(line) for line in lines[:-1].split("\n"))


def _read_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _MARK:
        raise NoteError("form")
    blob = _from_base64(parts[2]) or b""
    return NoteSignature(parts[1], blob[:_ID_BYTES], blob[_ID_BYTES:])


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise NoteError("form") from None


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _NOT_IN_NOTES.search(text):
        raise NoteError("form")


def _is_name(name: str) -> bool:
    return bool(name) and not any(c == "+" or c.isspace() for c in name) and not _NOT_IN_NOTES.search(name)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes | None:
    """Return the bytes whose only base64 form is ``text``, None where it is none."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if _base64(data) == text else None
