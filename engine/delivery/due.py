"""What waits in the outbox: dispatches that are due, and those that a lost deliverer left behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .store import DeliveryStore

_COLUMNS = """
SELECT b.dispatch, b.channel, b.attempt, b.lease_owner, b.text_digest, d.key, d.kind, d.unit, coalesce(m.id, g.id),
  d.t, r.at, d.mark, o.playbook, s.name, h.category, h.content, f.code,
  p.code, k.name, p.amount, b.latest, w.title,
  d.kind = 0 AND EXISTS (SELECT 1 FROM merges AS x WHERE x.unit = d.unit)
FROM outbox AS b
JOIN dispatches AS d ON d.seq = b.dispatch
JOIN headers AS h ON h.header = d.header
JOIN runs AS r ON r.run = h.run
JOIN occurrences AS o ON o.occurrence = d.occurrence
JOIN steps AS s ON s.step = d.step
LEFT JOIN members AS m ON d.kind = 0 AND m.unit = d.unit
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit
LEFT JOIN coupon_facts AS f ON f.cause = b.dispatch AND f.kind = 'reserved'
LEFT JOIN redpacket_facts AS p ON p.cause = b.dispatch AND p.kind = 'reserved'
LEFT JOIN redpacket_kinds AS k ON k.redpacket = p.redpacket
LEFT JOIN tasks AS w ON w.dispatch = b.dispatch AND w.kind = 'alert'
"""
_DUE = (
    _COLUMNS
    + "WHERE b.channel = :channel AND b.due <= :at AND b.lease_owner IS NULL ORDER BY b.due, b.dispatch LIMIT :limit"
)
_OWNED = (
    _COLUMNS
    + "WHERE b.channel = :channel AND b.lease_owner = :owner AND b.lease_until = :until ORDER BY b.due, b.dispatch"
)
_OF_MEMBERS = _COLUMNS + "JOIN json_each(:units) AS u ON u.value = d.unit WHERE d.kind = 0 ORDER BY b.dispatch"
_TAKE_OVER = """
UPDATE outbox SET lease_owner = :owner, lease_until = :until WHERE dispatch IN (
  SELECT dispatch FROM outbox
  WHERE channel = :channel AND lease_owner IS NOT NULL
    AND (lease_until <= :at OR lease_owner IN (SELECT value FROM json_each(:dead)))
  ORDER BY due, dispatch LIMIT :limit)
"""
_OWNERS = "SELECT DISTINCT lease_owner FROM outbox WHERE lease_owner IS NOT NULL ORDER BY lease_owner"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a dispatch in hand, and until when (microseconds) they may be taken to be at work on it."""

    owner: str
    until: int


@dataclass(frozen=True, slots=True)
class DueDispatch:
    """A dispatch in the outbox with what its text and its channel need.

    ``recipient`` is the outside id of the member or group, None where it was erased. ``t``, ``decided_at``
    (T) and ``mark`` are the coordinates of the decision. ``content`` is ``template@digest``. ``coupon`` is the
    code reserved for it, ``packet`` that of its red packet with ``packet_name`` and ``packet_cents``. ``attempt`` counts
    the hand-overs so far, ``text_digest`` is that of the last text handed over. After ``latest`` it must not be handed over
    any more, None never. ``alert`` is the Liquid text of an alert of staff, whose recipient is for the outbox to find.
    ``merged`` is true where the recipient's id has been merged into another.
    """

    seq: int
    channel: str
    attempt: int
    owner: str | None
    text_digest: bytes | None
    key: bytes
    kind: int
    unit: int
    recipient: str | None
    t: int
    decided_at: int
    mark: int
    playbook: str
    step: str
    category: str
    content: str | None
    coupon: str | None
    packet: str | None
    packet_name: str | None
    packet_cents: int | None
    latest: int | None = None
    alert: str | None = None
    merged: bool = False

    @property
    def template(self) -> str | None:
        """The name of the template, without its digest."""
        return self.content.rpartition("@")[0] if self.content else None


def due_dispatches(store: DeliveryStore, channel: str, at: int, limit: int) -> list[DueDispatch]:
    """Return the dispatches of ``channel`` due by ``at`` that nobody has in hand, the earliest first."""
    return _read(store, _DUE, {"channel": channel, "at": at, "limit": limit})


def take_over_lapsed(
    store: DeliveryStore, channel: str, at: int, lease: Lease, dead: Sequence[str], limit: int
) -> list[DueDispatch]:
    """Put dispatches under ``lease`` whose lease ended by ``at`` or whose holder is among ``dead``; return them.

    Inside a write transaction. They were handed over, and what became of them nobody wrote down.
    """
    bound: dict[str, str | int] = {"channel": channel, "owner": lease.owner, "until": lease.until}
    store.connection.execute(_TAKE_OVER, {**bound, "at": at, "dead": json.dumps(list(dead)), "limit": limit})
    return _read(store, _OWNED, bound)


def waiting_for_members(store: DeliveryStore, units: Sequence[int]) -> list[DueDispatch]:
    """Return what is in the outbox for, or about, the members ``units``, due or not, in somebody's hands (``owner``) or not."""
    return _read(store, _OF_MEMBERS, {"units": json.dumps(list(units))})


def lease_owners(store: DeliveryStore) -> list[str]:
    """Return the names of those who hold leases, living or dead."""
    return [name for (name,) in store.connection.execute(_OWNERS)]


def waiting_count(store: DeliveryStore) -> int:
    """Return how many dispatches are in the outbox, due or not."""
    return int(store.connection.execute("SELECT count(*) FROM outbox").fetchone()[0])


def waiting_channels(store: DeliveryStore) -> Sequence[str]:
    """Return the channels that something waits for, by name."""
    return [name for (name,) in store.connection.execute("SELECT DISTINCT channel FROM outbox ORDER BY channel")]


def _read(store: DeliveryStore, query: str, bound: dict[str, Any]) -> list[DueDispatch]:
    return [DueDispatch(*row) for row in store.connection.execute(query, bound)]
