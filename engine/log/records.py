"""Reading the log: records as people and programs see them, each with what its channel last answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from ...grammar.diagnostics import UsageError
from .archives.known import archived_stretches, stretch_of
from .keys import ID_LENGTH, record_id
from .store import LogStore

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = """
SELECT d.seq, r.id, o.name, r.at, o.playbook, v.digest, s.name, coalesce(m.pseudonym, g.pseudonym, e.pseudonym),
  h.action, h.channel, h.content, h.params, h.arm, h.status, h.reason, d.not_before, d.key, d.leaf, d.t, d.mark,
  coalesce(m.id, g.id), l.outcome, l.at, l.attempt, l.reason, p.channel_id, p.error
FROM dispatches AS d
JOIN headers AS h ON h.header = d.header
JOIN runs AS r ON r.run = h.run
JOIN occurrences AS o ON o.occurrence = d.occurrence
JOIN steps AS s ON s.step = d.step
JOIN playbook_versions AS v ON v.version = h.version
LEFT JOIN members AS m ON d.kind = 0 AND m.unit = d.unit
LEFT JOIN groups AS g ON d.kind = 1 AND g.unit = d.unit
LEFT JOIN erasures AS e ON d.kind = 0 AND e.unit = d.unit
LEFT JOIN deliveries AS l ON l.seq = (SELECT max(x.seq) FROM deliveries AS x WHERE x.dispatch = d.seq)
LEFT JOIN delivery_texts AS p ON p.seq = l.seq
WHERE """
_KEYS = "SELECT seq, key FROM dispatches WHERE key BETWEEN :low AND :high ORDER BY seq LIMIT 3"
_WHOLE = "d.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a)"
_FILTERS = {
    "member": """(d.kind = 0 AND d.unit = (SELECT unit FROM members WHERE id = :member)
      OR d.kind = 1 AND d.unit = (SELECT unit FROM groups WHERE id = :member))""",
    "pseudonym": "coalesce(m.pseudonym, g.pseudonym, e.pseudonym) = :pseudonym",
    "playbook": "o.playbook = :playbook",
    "run": "r.id = :run",
    "since": "r.at >= :since",
    "until": "r.at < :until",
    "status": "h.status = :status",
    "reason": "h.reason = :reason",
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which records to read; None does not filter.

    ``member`` is an outside id, ``pseudonym`` what the log knows a member or group by. ``since`` (included)
    and ``until`` (excluded) are microseconds and speak of the
    instant of the deciding run. ``limit`` keeps the newest.
    """

    member: str | None = None
    playbook: str | None = None
    run: str | None = None
    since: int | None = None
    until: int | None = None
    status: str | None = None
    reason: str | None = None
    limit: int | None = None
    pseudonym: bytes | None = None


@dataclass(frozen=True, slots=True)
class LatestDelivery:
    """What the channel last answered. ``at`` is in the zone of the record.

    ``channel_id`` and ``error`` are the channel's own words: None unless they were asked for, where it gave none, and of a
    member who was erased.
    """

    outcome: str
    at: datetime
    attempt: int
    reason: str | None
    channel_id: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One decision of the log. ``member`` is the pseudonym in hex, which says nothing any more of one who was erased.

    ``t`` and ``mark`` are the coordinates of the evaluation. ``params`` is canonical JSON text. Hashes are hex.
    ``member_id`` is the outside id, None unless it was asked for, and of one who was erased.
    """

    id: str
    seq: int
    run: str
    occurrence: str
    decided_at: datetime
    playbook: str
    version: str
    step: str
    member: str | None
    action: str
    channel: str | None
    content: str | None
    params: str
    arm: str | None
    status: str
    reason: str | None
    not_before: datetime
    key: str
    leaf: str
    t: datetime
    mark: int
    delivery: LatestDelivery | None
    member_id: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return the record as plain values under the documented keys, instants in ISO 8601 with offset."""
        plain: dict[str, object] = {name: _plain(getattr(self, name)) for name in _JSON_KEYS}
        plain["params"] = json.loads(self.params)
        plain["delivery"] = None
        if self.delivery is not None:
            plain["delivery"] = {name: _plain(getattr(self.delivery, name)) for name in LatestDelivery.__slots__}
        if self.member_id is not None:
            plain["member_id"] = self.member_id
        return plain


_JSON_KEYS = tuple(
    name for name in LogRecord.__slots__ if name not in ("t", "mark", "params", "delivery", "member_id")
)


def read_log(store: LogStore, filters: LogFilter, zone: tzinfo, *, reveal: bool = False) -> Iterator[LogRecord]:
    """Yield the records that pass ``filters`` in the order of decision, instants in ``zone``.

    ``reveal`` adds the outside id, and what the channel said in its own words.
    """
    conditions, bound = conditions_of(filters)
    # Of a record that is archived there is no more than a trace.
    where = _WHOLE + " AND " + conditions
    if filters.limit is None:
        rows = store.connection.execute(_COLUMNS + where + " ORDER BY d.seq", bound)
        yield from (_record(row, zone, reveal) for row in rows)
        return
    bound["limit"] = filters.limit
    newest = store.connection.execute(_COLUMNS + where + " ORDER BY d.seq DESC LIMIT :limit", bound).fetchall()
    yield from (_record(row, zone, reveal) for row in reversed(newest))


def conditions_of(filters: LogFilter) -> tuple[str, dict[str, str | int | bytes]]:
    """Return what a record has to meet as SQL over ``dispatches`` d, ``headers`` h, ``runs`` r, ``occurrences`` o, ``members`` m,
    ``groups`` g and ``erasures`` e, and its values; ``limit`` is no condition."""
    bound: dict[str, str | int | bytes] = {
        name: value for name in _FILTERS if (value := getattr(filters, name)) is not None
    }
    return " AND ".join(_FILTERS[name] for name in bound) or "1", bound


def find_record(store: LogStore, id_prefix: str, zone: tzinfo, *, reveal: bool = False) -> LogRecord:
    """Return the record whose id begins with ``id_prefix`` (hex digits, at most those of the id).

    Raises :class:`UsageError` ``D301`` where none does, ``D302`` where several do, ``D303`` for text that no id is, ``D440``
    where it is archived, ``D441`` where it may be.
    """
    seq, _ = find_dispatch(store, id_prefix)
    stretch = stretch_of(store, seq)
    if stretch is not None:
        raise UsageError("D440", id=id_prefix, path=stretch.path, at=_instant(stretch.at, zone).isoformat(timespec="seconds"))
    return _record(store.connection.execute(_COLUMNS + "d.seq = :seq", {"seq": seq}).fetchone(), zone, reveal)


def find_dispatch(store: LogStore, id_prefix: str) -> tuple[int, str]:
    """Return the seq and the whole id of the record whose id begins with ``id_prefix``, of which no more than a trace may be left.

    Raises as :func:`find_record`, but for D440.
    """
    digits = id_prefix.strip().lower()
    if not digits or len(digits) > ID_LENGTH or digits.strip("0123456789abcdef"):
        raise UsageError("D303", id=id_prefix)
    # Of an archived record there is but the part of the key that is the id.
    low = bytes.fromhex(digits.ljust(ID_LENGTH, "0"))
    high = bytes.fromhex(digits.ljust(64, "f"))
    rows = store.connection.execute(_KEYS, {"low": low, "high": high}).fetchall()
    if not rows:
        raise _missing(store, id_prefix)
    if len(rows) > 1:
        raise UsageError("D302", id=id_prefix, first=record_id(rows[0][1]), second=record_id(rows[1][1]))
    return int(rows[0][0]), record_id(rows[0][1])


def _missing(store: LogStore, id_prefix: str) -> UsageError:
    """What to say of an id that no record in the store has: what was suppressed leaves no trace where it is archived."""
    stretches = archived_stretches(store)
    if not stretches:
        return UsageError("D301", id=id_prefix)
    return UsageError("D441", id=id_prefix, number=stretches[-1].stop, path=stretches[-1].path)


def _record(row: tuple[Any, ...], zone: tzinfo, reveal: bool) -> LogRecord:
    seq, run, occurrence, at, playbook, version, step, pseudonym = row[:8]
    action, channel, content, params, arm, status, reason, not_before, key, leaf, t, mark, member_id = row[8:21]
    return LogRecord(
        id=record_id(key),
        seq=seq,
        run=run,
        occurrence=occurrence,
        decided_at=_instant(at, zone),
        playbook=playbook,
        version=version,
        step=step,
        member=None if pseudonym is None else pseudonym.hex(),
        action=action,
        channel=channel,
        content=content,
        params=params,
        arm=arm,
        status=status,
        reason=reason,
        not_before=_instant(not_before, zone),
        key=key.hex(),
        leaf=leaf.hex(),
        t=_instant(t, zone),
        mark=mark,
        delivery=_latest(row[21:], zone, reveal),
        member_id=member_id if reveal else None,
    )


def _latest(row: tuple[Any, ...], zone: tzinfo, reveal: bool) -> LatestDelivery | None:
    outcome, at, attempt, reason, channel_id, error = row
    if outcome is None:
        return None
    # Whatever a channel says in its own words may name whom it is about.
    said = (channel_id, error) if reveal else (None, None)
    return LatestDelivery(outcome, _instant(at, zone), attempt, reason, *said)


def _instant(micros: int, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(zone)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
