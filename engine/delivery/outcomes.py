"""Recording what became of dispatches: delivery records, coupons, red packets and the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..log.encoding import DELIVERY_FORMAT, SALT_LENGTH, DeliveryFields, PrivateTexts, delivery_leaf, private_digest
from ..log.store import leaf_count
from ..stores.sqlite.identifiers import with_names
from .due import DueDispatch
from .store import DeliveryStore

Outcome = Literal["sent", "failed", "unknown", "confirmed", "refused", "withdrawn"]

GIVES_COUPON: frozenset[Outcome] = frozenset(("sent", "confirmed", "unknown"))
"""The outcomes after which what was reserved is the member's; after any other it goes back."""

_INSERT = """
INSERT INTO deliveries (seq, dispatch, at, attempt, outcome, reason, format, private, arrived_seq, leaf)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_TEXTS = "INSERT INTO delivery_texts (seq, salt, channel_id, error, text_digest) VALUES (?, ?, ?, ?, ?)"
_HELD = """
SELECT EXISTS (SELECT 1 FROM dispatches d JOIN erasures e ON e.unit = d.unit WHERE d.seq = :dispatch AND d.kind = 0)
WHERE EXISTS (SELECT 1 FROM outbox WHERE dispatch = :dispatch AND lease_owner IS :owner)
  OR EXISTS (
    SELECT 1 FROM deliveries WHERE outcome = 'unknown'
      AND seq = (SELECT max(seq) FROM deliveries WHERE dispatch = :dispatch))
"""
_EXTENT = """
INSERT INTO extents (relation, key, rows, min_at, max_at, max_arrived, max_seq)
SELECT :relation, $kind, 1, :at, :at, :at, :seq FROM $table WHERE code = :code
ON CONFLICT (relation, key) DO UPDATE SET rows = rows + 1, min_at = min(min_at, excluded.min_at),
  max_at = max(max_at, excluded.max_at), max_arrived = max(max_arrived, excluded.max_arrived),
  max_seq = max(max_seq, excluded.max_seq)
"""


@dataclass(frozen=True, slots=True)
class _Reserved:
    """What a push reserved: its ``kind``, the maintained ``table`` of it, and the statement of the ``fact`` that settles it."""

    kind: str
    table: str
    fact: str

    def marks(self, column: str) -> str:
        """The statement that says when it was ``issued`` or ``cancelled``."""
        return with_names("UPDATE $table SET $column = :at WHERE code = :code", table=self.table, column=column)

    @property
    def extent(self) -> str:
        """The statement that lets the extent of its facts grow."""
        return with_names(_EXTENT, kind=self.kind, table=self.table)


_COUPON = _Reserved("coupon", "coupons", """
INSERT INTO coupon_facts (seq, code, coupon, unit, kind, at, arrived, expires, cause)
SELECT :seq, code, coupon, unit, :kind, :at, :at, CASE :kind WHEN 'issued' THEN expires END, :cause
FROM coupons WHERE code = :code AND issued IS NULL AND cancelled IS NULL
""")
_PACKET = _Reserved("redpacket", "redpackets", """
INSERT INTO redpacket_facts (seq, code, redpacket, unit, kind, amount, at, arrived, cause)
SELECT :seq, code, redpacket, unit, :kind, amount, :at, :at, :cause
FROM redpackets WHERE code = :code AND issued IS NULL AND cancelled IS NULL
""")


@dataclass(frozen=True, slots=True)
class Settled:
    """The final outcome of one dispatch. ``private`` is what of it may be personal, None where there is nothing."""

    dispatch: DueDispatch
    attempt: int
    outcome: Outcome
    reason: str | None = None
    private: PrivateTexts | None = None


def salted(
    random_bytes: Callable[[int], bytes],
    channel_id: str | None = None,
    error: str | None = None,
    text_digest: bytes | None = None,
) -> PrivateTexts | None:
    """Return what of a delivery may be personal under a salt of its own, None where there is nothing.

    ``random_bytes`` must be unpredictable; ``text_digest`` is that of the text handed over.
    """
    if channel_id is None and error is None and text_digest is None:
        return None
    return PrivateTexts(random_bytes(SALT_LENGTH), channel_id, error, text_digest)


def record_outcomes(store: DeliveryStore, at: int, settled: Sequence[Settled], owner: str | None) -> None:
    """Write ``settled`` as delivery records at the instant ``at``, inside a write transaction.

    Each is a leaf of the log. A reserved coupon or red packet is issued or given back, once. The dispatch leaves the outbox.
    An answer to somebody who by now has lost the lease (``owner``, None for no lease) counts only if all that was
    written down meanwhile is that nobody knew. Of a member who was erased meanwhile nothing personal is kept.
    """
    settled = _counted(store, settled, owner)
    if not settled:
        return
    connection = store.connection
    leaves = leaf_count(store)
    arrived = store.take_seqs(len(settled))
    rows = [_columns(item, at, leaves + index, arrived[index]) for index, item in enumerate(settled)]
    connection.executemany(_INSERT, rows)
    connection.executemany(_INSERT_TEXTS, _texts(settled, leaves))
    connection.execute("UPDATE meta SET value = ? WHERE key = 'leaves'", (leaves + len(settled),))
    for index, item in enumerate(settled):
        if item.dispatch.coupon is not None:
            _settle(store, _COUPON, item.dispatch.coupon, item.outcome, at, leaves + index)
        if item.dispatch.packet is not None:
            _settle(store, _PACKET, item.dispatch.packet, item.outcome, at, leaves + index)
    connection.executemany(
        "DELETE FROM outbox WHERE dispatch = ? AND lease_owner IS ?", [(item.dispatch.seq, owner) for item in settled]
    )


def _counted(store: DeliveryStore, settled: Sequence[Settled], owner: str | None) -> list[Settled]:
    counted = []
    for item in settled:
        held = store.connection.execute(_HELD, {"dispatch": item.dispatch.seq, "owner": owner}).fetchone()
        if held is not None:
            (is_erased,) = held
            counted.append(replace(item, private=None) if is_erased else item)
    return counted


def _columns(item: Settled, at: int, seq: int, arrived: int) -> tuple[object, ...]:
    private = None if item.private is None else private_digest(item.private)
    fields = DeliveryFields(
        seq=seq,
        dispatch=item.dispatch.seq,
        at=at,
        attempt=item.attempt,
        outcome=item.outcome,
        reason=item.reason,
        private=private,
        arrived_seq=arrived,
    )
    return (
        seq, item.dispatch.seq, at, item.attempt, item.outcome, item.reason, DELIVERY_FORMAT, private, arrived,
        delivery_leaf(fields),
    )  # fmt: skip


def _texts(settled: Sequence[Settled], first: int) -> list[tuple[object, ...]]:
    return [
        (seq, texts.salt, texts.channel_id, texts.error, texts.text_digest)
        for seq, texts in enumerate((item.private for item in settled), first) if texts is not None
    ]  # fmt: skip


def _settle(store: DeliveryStore, given: _Reserved, code: str, outcome: Outcome, at: int, cause: int) -> None:
    kind = "issued" if outcome in GIVES_COUPON else "cancelled"
    (seq,) = store.take_seqs(1)
    fact = {"seq": seq, "code": code, "at": at, "cause": cause, "kind": kind}
    if store.connection.execute(given.fact, fact).rowcount:
        store.connection.execute(given.marks(kind), {"code": code, "at": at})
        store.connection.execute(given.extent, {"relation": given.kind, "code": code, "at": at, "seq": seq})
