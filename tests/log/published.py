"""A log with everything in it: groups of records, deliveries of both formats with texts, an erasure, a signed end."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from delivery.shop import Push, T, open_shop, record_run
from log.notaries import attest
from qingting.engine.log.encoding import DeliveryFields, PrivateTexts, delivery_leaf, private_digest
from qingting.engine.log.erasures import record_erasures
from qingting.engine.log.first_format import first_leaf, first_texts
from qingting.engine.log.signers import present_signer
from qingting.engine.program.ir import HOUR
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.erasing import forget


def deliver(store: SqliteStore, dispatch: int, outcome: str = "sent", error: str | None = None) -> None:
    """A delivery record with what a channel said."""
    with store.transaction() as db:
        seq = store.meta("leaves")
        texts = PrivateTexts(bytes([seq % 256]) * 16, f"wx-{seq}", error, b"d" * 32)
        fields = DeliveryFields(seq, dispatch, T + seq, 1, outcome, None, private_digest(texts), store.take_seqs(1)[0])
        columns = (seq, dispatch, fields.at, outcome, fields.private, fields.arrived_seq, delivery_leaf(fields))
        db.execute("INSERT INTO deliveries VALUES (?, ?, ?, 1, ?, NULL, 2, ?, ?, ?)", columns)
        db.execute("INSERT INTO delivery_texts VALUES (?, ?, ?, ?, ?)", (seq, texts.salt, f"wx-{seq}", error, b"d" * 32))
        store.set_meta("leaves", seq + 1)


def deliver_in_the_first_format(store: SqliteStore, dispatch: int) -> None:
    """A delivery record as logs of older stores have them."""
    known = ("failed", None, "wx-old", "=cmd", None)
    digest = sha256(first_texts(*known)).digest()
    with store.transaction() as db:
        seq, arrived = store.meta("leaves"), store.take_seqs(1)[0]
        leaf = first_leaf(seq, dispatch, T, 1, arrived, digest)
        db.execute(
            "INSERT INTO deliveries VALUES (?, ?, ?, 1, 'failed', NULL, 1, ?, ?, ?)", (seq, dispatch, T, digest, arrived, leaf)
        )
        db.execute("INSERT INTO delivery_texts VALUES (?, NULL, 'wx-old', '=cmd', NULL)", (seq,))
        store.set_meta("leaves", seq + 1)


def erase(store: SqliteStore, unit: int) -> None:
    """Forget a member, for good."""
    with store.transaction() as db:
        record_erasures(store, [unit], T + HOUR)
        forget(db, [unit], T + HOUR)


def make_log(root: Path, members: int = 300) -> None:
    """A workspace's store with its key: more than a tile of records, and all other kinds."""
    everybody = tuple(range(1, members + 1))
    with open_shop(root / "qingting.db", members) as store:
        record_run(store, [
            Push(everybody[:-1], params={"coupon": "满100减20"}), Push(everybody[-1:], status="suppressed", reason="cap"),
        ])
        deliver(store, 0)
        deliver(store, 1, "unknown", "13800000000 refused")
        deliver(store, 1, "confirmed")
        deliver_in_the_first_format(store, 2)
        record_run(store, [Push((1, 2), playbook="生日", step="push 生日", occurrence="later")], at=T + HOUR)
        erase(store, 1)
        attest(store, root / ".qingting")


def opened_at(root: Path):
    """What opens the store of a workspace."""

    @contextmanager
    def opened(writable: bool):
        with SqliteStore.open(root / "qingting.db", writable=writable) as store:
            yield store

    return opened


def key_of(root: Path):
    """The public key of the log."""
    with opened_at(root)(False) as store:
        return present_signer(store).verifier
