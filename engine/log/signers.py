"""The names and public keys under which a log signed its checkpoints, each from a length of the log on."""

from __future__ import annotations

from dataclasses import dataclass

from .notes import VerifierKey
from .store import LogStore

_ALL = "SELECT origin, public, leaves FROM signers ORDER BY number"
_ADD = "INSERT INTO signers (origin, public, leaves) VALUES (:origin, :public, :leaves)"


@dataclass(frozen=True, slots=True)
class Signer:
    """What a log is called, and the 32 bytes of the public key that signs for it."""

    origin: str
    public: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The key in the form of signed notes, by which others verify."""
        return VerifierKey(self.origin, self.public)


def all_signers(store: LogStore) -> tuple[tuple[Signer, int], ...]:
    """Return every signer of a log, oldest first, with the length of the log from which on it signed."""
    rows = store.connection.execute(_ALL)
    return tuple((Signer(origin, public), leaves) for origin, public, leaves in rows)


def present_signer(store: LogStore) -> Signer | None:
    """Return who signs for a log now, None where it was never signed."""
    signers = all_signers(store)
    return signers[-1][0] if signers else None


def add_signer(store: LogStore, signer: Signer, leaves: int) -> None:
    """Let somebody sign from a length of the log on; inside a write transaction."""
    values = {"origin": signer.origin, "public": signer.public, "leaves": leaves}
    store.connection.execute(_ADD, values)
