"""The end of a run: records are sealed beside the store, then everything is copied into it in one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..log.encoding import HeaderFields, LeafMaker, header_body, header_digest, leaf_maker
from ..log.keys import coupon_codes, key_maker
from ..log.notary import Notary
from ..log.store import leaf_count
from ..program.digest import encode, version_unit
from ..program.ir import DAY
from ..stores.sqlite.maintenance import close_exclusive, exclusive_groups, maintain
from .agenda import ProgressTable
from .context import RunContext


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What a run is called: ``number`` in the store, ``id`` outside, the program's digest and the first leaf."""

    number: int
    id: str
    program: str
    first_leaf: int


def commit_run(
    ctx: RunContext, identity: RunIdentity, secret: bytes, progress: ProgressTable, started_wall: str, report: str,
    notary: Notary,
) -> None:
    """Seals the records (keys, leaves, codes) into the store with all that follows from them, and has them attested.

    Records follow the leaves that are there at that moment, since deliveries may have added some while the run decided.
    """
    with ctx.store.transaction():
        identity = replace(identity, first_leaf=leaf_count(ctx.store))
        leaves = _copy(ctx, identity, secret, progress, started_wall, report)
        notary.attest(ctx.store, leaves)


_HEADERS = """
SELECT h.header, o.playbook, s.name, o.name, v.digest, h.block, h.category, h.action, h.channel, h.content, h.params,
       h.arm, h.status, h.reason, h.occurrence, h.step, h.version
FROM run_headers h JOIN run_occurrences o ON o.occurrence = h.occurrence JOIN run_steps s ON s.step = h.step
JOIN run_versions v ON v.version = h.version
ORDER BY h.header
"""
_RECORDS = """
INSERT INTO dispatches
SELECT seq, header, occurrence, step, kind, unit, t, mark, not_before, substr(sealed, 1, 32), substr(sealed, 33)
FROM (
  SELECT *, qingting_seal(header, seq, kind, pseudonym, t, mark, not_before) AS sealed FROM (
    SELECT seq + :base AS seq, header, occurrence, step, kind, unit, t, mark, not_before, pseudonym
    FROM run_dispatches ORDER BY seq)
  LIMIT -1 OFFSET 0)
"""
_COUPONS = """
SELECT c.seq, c.coupon, c.unit, c.kind, c.at, c.expires, c.cause + :base, d.key
FROM run_coupons c JOIN dispatches d ON d.seq = c.cause + :base ORDER BY c.seq
"""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What gives the records of a header their keys, by pseudonym, and their leaves."""

    key: Callable[[bytes], bytes]
    leaf: LeafMaker


def _seal_headers(ctx: RunContext, identity: RunIdentity) -> dict[int, _Sealed]:
    sealed: dict[int, _Sealed] = {}
    rows = []
    for header, playbook, step, occurrence, version, block, *shared, numbers in _header_rows(ctx):
        category, action, channel, content, params, arm, status, reason = shared
        body = header_body(HeaderFields(
            identity.id, ctx.at, playbook, version, block, category, step, action, channel, content, params, arm,
            status, reason, occurrence,
        ))
        digest = header_digest(body)
        sealed[header] = _Sealed(key_maker(ctx.store.store_id, playbook, step, occurrence), leaf_maker(digest))
        rows.append((header, digest, body, identity.number, *numbers, block, *shared))
    ctx.connection.executemany(_INSERT_HEADER, rows)
    return sealed


def _header_rows(ctx: RunContext) -> Iterator[tuple[Any, ...]]:
    """The headers with their names, and last the numbers of occurrence, step and version."""
    for row in ctx.connection.execute(_HEADERS):
        yield (*row[:-3], row[-3:])


_INSERT_HEADER = """
INSERT INTO headers (
  header, digest, body, run, occurrence, step, version, block, category, action, channel, content, params, arm, status,
  reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def _seal_records(ctx: RunContext, identity: RunIdentity, headers: dict[int, _Sealed]) -> Sequence[bytes]:
    """Copies the records with key and leaf; gives the leaves.

    These are computed by a function inside the statement, which costs half of handing each row to Python and back. The
    limit in the statement keeps the function at one call a row.
    """
    leaves: list[bytes] = []
    keep, first = leaves.append, identity.first_leaf

    def seal(header: int, seq: int, kind: int, pseudonym: bytes, t: int, mark: int, not_before: int) -> bytes:
        if seq != first + len(leaves):
            raise RuntimeError("records are sealed in their order, each once")
        sealed = headers[header]
        key = sealed.key(pseudonym)
        leaf = sealed.leaf(seq, kind, pseudonym, t, mark, not_before, key)
        keep(leaf)
        return key + leaf

    ctx.connection.create_function("qingting_seal", 7, seal)
    ctx.execute(_RECORDS, {"base": identity.first_leaf - 1})
    return leaves


_PACKETS = """
SELECT c.seq, c.redpacket, c.unit, c.kind, c.amount, c.at, c.cause + :base, d.key
FROM run_redpackets c JOIN dispatches d ON d.seq = c.cause + :base ORDER BY c.seq
"""


def _seal_codes(ctx: RunContext, identity: RunIdentity, secret: bytes) -> None:
    """Copies coupons and red packets with the codes that their records' keys give."""
    for query, insert in ((_COUPONS, _INSERT_COUPON), (_PACKETS, _INSERT_PACKET)):
        rows = ctx.rows(query, {"base": identity.first_leaf - 1})
        codes = coupon_codes(secret, (key for *_, key in rows))
        ctx.connection.executemany(insert, [(*row[:-1], code, ctx.at) for row, code in zip(rows, codes, strict=True)])


_INSERT_COUPON = """
INSERT INTO coupon_facts (seq, coupon, unit, kind, at, expires, cause, code, arrived)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_PACKET = """
INSERT INTO redpacket_facts (seq, redpacket, unit, kind, amount, at, cause, code, arrived)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_RUN = """
INSERT INTO runs VALUES (:run, :id, :at, :mark, :end_mark, :program, :first_leaf, :leaves, :wall, :report, :ahead)
"""
_NAMES = (
    """INSERT INTO occurrences SELECT * FROM run_occurrences
       WHERE occurrence NOT IN (SELECT occurrence FROM occurrences) ORDER BY occurrence""",
    "INSERT INTO steps SELECT * FROM run_steps s WHERE step NOT IN (SELECT step FROM steps) ORDER BY step",
)
_CONSEQUENCES = (
    """INSERT INTO outbox (dispatch, channel, due, latest)
       SELECT d.seq + :base, h.channel, d.not_before, l.latest
       FROM run_dispatches d JOIN run_headers h ON h.header = d.header LEFT JOIN run_latest l ON l.cause = d.seq
       WHERE h.status = 'queued' ORDER BY d.seq""",
    """INSERT INTO tag_facts (seq, unit, tag, given, at, arrived, expires, cause)
       SELECT seq, unit, tag, given, at, arrived, expires, cause + :base FROM run_tag_facts ORDER BY seq""",
    """INSERT INTO points (seq, unit, delta, reason, at, arrived, cause)
       SELECT seq, unit, delta, reason, at, :at, cause + :base FROM run_points ORDER BY seq""",
    """INSERT INTO attribute_facts (seq, unit, attribute, value, at, arrived, cause)
       SELECT seq, unit, attribute, value, at, :at, cause + :base FROM run_attribute_facts ORDER BY seq""",
    """INSERT INTO tasks (seq, dispatch, kind, unit_kind, unit, title, staff, manager, otherwise, at, due, arrived)
       SELECT seq, cause + :base, kind, unit_kind, unit, title, staff, manager, otherwise, at, due, :at
       FROM run_tasks ORDER BY seq""",
)


# An update leaves alone what does not change about a journey, and the indexes over it.
_ENROLMENTS = """
INSERT INTO enrolments SELECT * FROM run_enrolments WHERE 1 ORDER BY enrolment
ON CONFLICT (enrolment) DO UPDATE SET
  version = excluded.version, position = excluded.position, due = excluded.due, deferrals = excluded.deferrals,
  arm = excluded.arm, counted = excluded.counted, ended = excluded.ended, why = excluded.why, waited = excluded.waited,
  looked = excluded.looked, seen = excluded.seen, goal = excluded.goal
"""


def _copy(
    ctx: RunContext, identity: RunIdentity, secret: bytes, progress: ProgressTable, started_wall: str, report: str
) -> Sequence[bytes]:
    """Copies all of it; gives the leaves of the records in their order."""
    base = identity.first_leaf - 1
    leaves = ctx.counters.leaf
    _keep_versions(ctx)
    _watch_goals(ctx)
    ctx.execute(_INSERT_RUN, {
        "run": identity.number, "id": identity.id, "at": ctx.at, "mark": ctx.mark, "end_mark": ctx.counters.seq,
        "program": identity.program, "first_leaf": identity.first_leaf, "leaves": leaves, "wall": started_wall,
        "report": report, "ahead": int(ctx.ahead),
    })
    for statement in _NAMES:
        ctx.execute(statement)
    fresh = _seal_records(ctx, identity, _seal_headers(ctx, identity))
    for statement in _CONSEQUENCES:
        ctx.execute(statement, {"base": base, "at": ctx.at})
    _seal_codes(ctx, identity, secret)
    ctx.execute(_ENROLMENTS)
    ctx.connection.executemany(
        "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)",
        [(playbook, block, done.handled, done.mark) for (playbook, block), done in progress.items()],
    )
    last = _close_groups(ctx)
    maintain(ctx.connection, ctx.mark + 1)
    ctx.store.use_seqs(last)
    ctx.store.set_meta("leaves", identity.first_leaf + leaves)
    ctx.store.set_meta("last_run", ctx.at)
    return fresh


def _close_groups(ctx: RunContext) -> int:
    """Ends tags that the run gave at instants before a gain of another tag of their exclusive group; gives the last seq in use.

    Such gains were imported for later instants than the run decided on, or came while it decided.
    """
    last = ctx.counters.seq

    def take(count: int) -> range:
        nonlocal last
        last += count
        return range(last - count + 1, last + 1)

    if ctx.counters.tags:
        groups = exclusive_groups(ctx.program.library, ctx.store.tags())
        close_exclusive(ctx.connection, ctx.mark + 1, groups, take, backfilled=False)
    return last


def _keep_versions(ctx: RunContext) -> None:
    """Keeps the text of every version at work, so that members in flight can finish on it."""
    rows = [
        (v.number, v.playbook.name, v.playbook.version, encode(version_unit(v.playbook, v.program.library)), ctx.at)
        for v in ctx.versions.values()
    ]
    ctx.connection.executemany("INSERT OR IGNORE INTO playbook_versions VALUES (?, ?, ?, ?, ?)", rows)


def _watch_goals(ctx: RunContext) -> None:
    """Keeps until when goals are watched of the versions that members enter, or are in flight on.

    A month counts 31 days and there is a day to spare, since the calendar of members does not matter here.
    """
    for loaded in ctx.versions.values():
        playbook = loaded.playbook
        if playbook.goal is not None:
            window = playbook.goal.up_to.micros + playbook.goal.up_to.months * 31 * DAY + DAY
            newest = ctx.program.playbooks[playbook.name].version == playbook.version
            ctx.execute(_WATCH, {"version": loaded.number, "until": ctx.at + window, "newest": newest})


_WATCH = """
INSERT INTO watched_versions
SELECT :version, :until WHERE :newest OR EXISTS (SELECT 1 FROM enrolments WHERE version = :version AND ended IS NULL)
ON CONFLICT (version) DO UPDATE SET until = max(until, excluded.until)
"""
