"""Notaries for tests: keys that repeat, so that logs of two equal stores are equal to the byte."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from qingting.engine.log.notary import LogNotary
from qingting.engine.log.store import LogStore


def notary_in(folder: Path) -> LogNotary:
    """The notary that keeps its key and the fence in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return LogNotary(folder, "fence", "qingting.log", lambda length: sha256(b"key").digest()[:length])


def attest(store: LogStore, folder: Path) -> None:
    """Sign what is there, and move the fence in ``folder`` there."""
    notary = notary_in(folder)
    store.connection.execute("BEGIN IMMEDIATE")
    notary.attest(store)
    store.connection.execute("COMMIT")
    notary.confirm(store)
