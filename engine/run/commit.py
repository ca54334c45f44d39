"""The end of a run: records are sealed beside the store, then everything is copied into it in one short transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from ..log.checkpoint import Checkpoint, present_checkpoint
from ..log.encoding import HeaderFields, header_body, header_digest, record_leaves
from ..log.keys import coupon_codes, record_keys
from ..log.store import leaf_count
from ..program.digest import encode, version_unit
from ..stores.sqlite.maintenance import maintain
from .agenda import Progress
from .context import RunContext

_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What a run is called: ``number`` in the store, ``id`` outside, the program's digest and the first leaf."""

    number: int
    id: str
    program: str
    first_leaf: int


def commit_run(
    ctx: RunContext, identity: RunIdentity, secret: bytes, progress: dict[tuple[str, str], Progress], started_wall: str,
    report: str,
) -> Checkpoint:
    """Seals the records and writes the run into the store; gives the checkpoint after it.

    Sealing (keys, leaves, codes) is done before the transaction; only if delivery records took leaf numbers
    meanwhile is it done again inside it, with the records behind them.
    """
    # One transaction around many small writes, though they go to temporary tables only.
    with ctx.store.snapshot() as connection:
        _seal(ctx, identity, secret)
        connection.execute("COMMIT")
    with ctx.store.transaction():
        leaves = leaf_count(ctx.store)
        if leaves != identity.first_leaf:
            identity = replace(identity, first_leaf=leaves)
            _seal(ctx, identity, secret)
        _copy(ctx, identity, progress, started_wall, report)
        checkpoint = present_checkpoint(ctx.store)
        ctx.execute(
            "INSERT OR REPLACE INTO checkpoints VALUES (:leaves, :run, :body)",
            {"leaves": checkpoint.leaves, "run": identity.number, "body": checkpoint.to_bytes()},
        )
    return checkpoint


def _create_sealed(ctx: RunContext) -> None:
    for statement in (
        "DROP TABLE IF EXISTS temp.sealed_headers",
        "DROP TABLE IF EXISTS temp.sealed",
        "DROP TABLE IF EXISTS temp.sealed_coupons",
        "CREATE TEMP TABLE sealed_headers (header INTEGER PRIMARY KEY, digest BLOB NOT NULL, body BLOB NOT NULL)",
        "CREATE TEMP TABLE sealed (seq INTEGER PRIMARY KEY, key BLOB NOT NULL, leaf BLOB NOT NULL)",
        "CREATE TEMP TABLE sealed_coupons (cause INTEGER PRIMARY KEY, code TEXT NOT NULL)",
    ):
        ctx.connection.execute(statement)


_HEADERS = """
SELECT h.header, o.playbook, s.name, o.name, v.digest, o.block, h.category, h.action, h.channel, h.content, h.params, h.arm,
       h.status, h.reason
FROM run_headers h JOIN run_occurrences o ON o.occurrence = h.occurrence JOIN run_steps s ON s.step = h.step
JOIN run_versions v ON v.version = h.version
ORDER BY h.header
"""
_RECORDS = """
SELECT d.header, d.seq + :base, d.kind, m.pseudonym, d.t, d.mark, d.not_before
FROM run_dispatches d JOIN members m ON m.unit = d.unit ORDER BY d.seq
"""


def _seal(ctx: RunContext, identity: RunIdentity, secret: bytes) -> None:
    _create_sealed(ctx)
    base = identity.first_leaf - 1
    digests: dict[int, tuple[bytes, str, str, str]] = {}
    bodies = []
    for (header, playbook, step, occurrence, version, block, *rest) in ctx.connection.execute(_HEADERS):
        category, action, channel, content, params, arm, status, reason = rest
        body = header_body(HeaderFields(
            identity.id, ctx.at, playbook, version, block, category, step, action, channel, content, params, arm, status, reason,
            occurrence,
        ))
        digests[header] = (header_digest(body), playbook, step, occurrence)
        bodies.append((header, digests[header][0], body))
    ctx.connection.executemany("INSERT INTO sealed_headers VALUES (?, ?, ?)", bodies)
    reader = ctx.connection.cursor().execute(_RECORDS, {"base": base})
    while rows := reader.fetchmany(_BATCH):
        ctx.connection.executemany("INSERT INTO sealed VALUES (?, ?, ?)", _sealed(ctx.store.store_id, base, digests, rows))
    coupons = ctx.connection.execute(
        "SELECT c.cause, s.key FROM run_coupons c JOIN sealed s ON s.seq = c.cause ORDER BY c.cause"
    ).fetchall()
    codes = coupon_codes(secret, (key for _, key in coupons))
    ctx.connection.executemany(
        "INSERT INTO sealed_coupons VALUES (?, ?)", ((cause, code) for (cause, _), code in zip(coupons, codes, strict=True))
    )


def _sealed(
    store_id: str, base: int, digests: dict[int, tuple[bytes, str, str, str]],
    rows: list[tuple[int, int, int, bytes, int, int, int]],
) -> Iterator[tuple[int, bytes, bytes]]:
    for header, group in groupby(rows, key=itemgetter(0)):
        digest, playbook, step, occurrence = digests[header]
        chunk = list(group)
        keys = record_keys(store_id, playbook, step, occurrence, [row[3] for row in chunk])
        leaves = record_leaves(
            (digest, seq, kind, pseudonym, t, mark, not_before, key)
            for (_, seq, kind, pseudonym, t, mark, not_before), key in zip(chunk, keys, strict=True)
        )
        yield from zip((row[1] - base for row in chunk), keys, leaves, strict=True)


_COPIES = (
    "INSERT INTO occurrences SELECT * FROM run_occurrences WHERE occurrence NOT IN (SELECT occurrence FROM occurrences)"
    " ORDER BY occurrence",
    "INSERT INTO steps SELECT * FROM run_steps s WHERE step NOT IN (SELECT step FROM steps) ORDER BY step",
    """INSERT INTO headers
       SELECT h.header, s.digest, s.body, :run, h.occurrence, h.step, h.version, h.category, h.action, h.channel, h.content,
              h.params, h.arm, h.status, h.reason
       FROM run_headers h JOIN sealed_headers s ON s.header = h.header ORDER BY h.header""",
    """INSERT INTO dispatches
       SELECT d.seq + :base, d.header, d.occurrence, d.step, d.kind, d.unit, d.t, d.mark, d.not_before, s.key, s.leaf
       FROM run_dispatches d JOIN sealed s ON s.seq = d.seq ORDER BY d.seq""",
    """INSERT INTO outbox (dispatch, channel, due)
       SELECT d.seq + :base, h.channel, d.not_before FROM run_dispatches d JOIN run_headers h ON h.header = d.header
       WHERE h.status = 'queued' ORDER BY d.seq""",
    """INSERT INTO tag_facts (seq, unit, tag, given, at, arrived, expires, cause)
       SELECT seq, unit, tag, given, at, arrived, expires, cause + :base FROM run_tag_facts ORDER BY seq""",
    """INSERT INTO coupon_facts (seq, code, coupon, unit, kind, at, arrived, expires, cause)
       SELECT c.seq, s.code, c.coupon, c.unit, c.kind, c.at, :at, c.expires, c.cause + :base
       FROM run_coupons c JOIN sealed_coupons s ON s.cause = c.cause ORDER BY c.seq""",
    "INSERT OR REPLACE INTO enrolments SELECT * FROM run_enrolments ORDER BY enrolment",
)


def _copy(
    ctx: RunContext, identity: RunIdentity, progress: dict[tuple[str, str], Progress], started_wall: str, report: str
) -> None:
    values = {"run": identity.number, "at": ctx.at, "base": identity.first_leaf - 1}
    leaves = ctx.counters.leaf
    _keep_versions(ctx)
    ctx.execute(
        "INSERT INTO runs VALUES (:run, :id, :at, :mark, :end_mark, :program, :first_leaf, :leaves, :wall, :report)",
        {"run": identity.number, "at": ctx.at, "id": identity.id, "mark": ctx.mark, "end_mark": ctx.counters.seq, "program": identity.program,
         "first_leaf": identity.first_leaf, "leaves": leaves, "wall": started_wall, "report": report},
    )
    for statement in _COPIES:
        ctx.execute(statement, {key: value for key, value in values.items() if ":" + key in statement})
    ctx.connection.executemany(
        "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)",
        [(playbook, block, done.handled, done.mark) for (playbook, block), done in progress.items()],
    )
    maintain(ctx.connection, ctx.mark + 1)
    ctx.store.use_seqs(ctx.counters.seq)
    ctx.store.set_meta("leaves", identity.first_leaf + leaves)
    ctx.store.set_meta("last_run", ctx.at)


def _keep_versions(ctx: RunContext) -> None:
    """Keeps the text of every version at work, so that members in flight can finish on it."""
    rows = [
        (v.number, v.playbook.name, v.playbook.version, encode(version_unit(v.playbook, v.program.library)), ctx.at)
        for v in ctx.versions.values()
    ]
    ctx.connection.executemany("INSERT OR IGNORE INTO playbook_versions VALUES (?, ?, ?, ?, ?)", rows)
