"""A small shop in a real store: members, one run, its records and what waits in the outbox."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qingting.engine.log.encoding import HeaderFields, canonical_params, header_body, header_digest, record_leaf
from qingting.engine.log.keys import coupon_codes, record_key, run_id
from qingting.engine.log.store import leaf_count
from qingting.engine.program.ir import DAY, Template
from qingting.engine.stores.sqlite.database import SqliteStore

T = 1_763_726_400_000_000
"""2025-11-21 12:00 UTC."""
OCCURRENCE = "2025-11-21T20:00:00+08:00"
VERSION = "ab" * 32
SECRET = b"a secret of the workspace"


def open_shop(path: Path, members: int = 3, start: int = T - DAY) -> SqliteStore:
    """A new store with members m00, m01 ... and one coupon kind."""
    random_bytes = random.Random(7).randbytes
    store = SqliteStore.create(path, at=start, random_bytes=random_bytes)
    with store.transaction() as db:
        seqs = store.take_seqs(members)
        db.executemany(
            "INSERT INTO members (unit, id, pseudonym, arrived, seq) VALUES (?, ?, ?, ?, ?)",
            [(n + 1, f"m{n:02}", random_bytes(16), start, seqs[n]) for n in range(members)],
        )
        db.execute("INSERT INTO coupon_kinds (coupon, name) VALUES (1, '满100减20')")
    return store


@dataclass(frozen=True)
class Push:
    """A push to be recorded; everybody who is given gets one record."""

    members: tuple[int, ...]
    channel: str | None = "wecom"
    template: str = "猫粮种草"
    step: str = "push 猫粮种草"
    playbook: str = "猫粮跟进"
    status: str = "queued"
    reason: str | None = None
    category: str = "marketing"
    not_before: int = T
    coupon: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    occurrence: str = OCCURRENCE


def record_run(store: SqliteStore, pushes: Iterable[Push], at: int = T) -> str:
    """Write a run with the records of ``pushes``, as a run's commit does; return its id."""
    with store.transaction() as db:
        mark = store.last_seq
        previous = db.execute("SELECT id FROM runs ORDER BY run DESC").fetchone()
        run = run_id(previous[0] if previous else None, at, "cd" * 32, mark)
        first = leaf_count(store)
        (number,) = db.execute(
            "INSERT INTO runs (id, at, mark, end_mark, program, first_leaf, leaves, started_wall, report)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, '', '{}') RETURNING run",
            (run, at, mark, mark, "cd" * 32, first),
        ).fetchone()
        for push in pushes:
            _record(store, push, run, number, at, mark)
    return run


def _record(store: SqliteStore, push: Push, run: str, number: int, at: int, mark: int) -> None:
    db = store.connection
    version = _interned(
        db, "playbook_versions", "version", playbook=push.playbook, digest=VERSION, source="", first_seen=at
    )
    occurrence = _interned(
        db, "occurrences", "occurrence", playbook=push.playbook, name=push.occurrence, at=at
    )
    step = _interned(db, "steps", "step", playbook=push.playbook, name=push.step)
    fields = HeaderFields(
        run=run,
        decided_at=at,
        playbook=push.playbook,
        version=VERSION,
        block=0,
        category=push.category,
        step=push.step,
        action="push",
        channel=push.channel,
        content=f"{push.template}@{'0' * 64}",
        params=canonical_params(dict(push.params)),
        arm=None,
        status=push.status,
        reason=push.reason,
        occurrence=push.occurrence,
    )
    body = header_body(fields)
    digest = header_digest(body)
    (header,) = db.execute(
        "INSERT INTO headers (digest, body, run, occurrence, step, version, block, category, action, channel, content, params,"
        " arm, status, reason) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING header",
        (
            digest,
            body,
            number,
            occurrence,
            step,
            version,
            push.category,
            "push",
            push.channel,
            fields.content,
            fields.params,
            None,
            push.status,
            push.reason,
        ),
    ).fetchone()
    pseudonyms = [
        db.execute("SELECT pseudonym FROM members WHERE unit = ?", (unit,)).fetchone()[0] for unit in push.members
    ]
    keys = [record_key(store.store_id, push.playbook, push.step, each, push.occurrence) for each in pseudonyms]
    first = leaf_count(store)
    rows = [(digest, first + n, 0, pseudonyms[n], at, mark, push.not_before, keys[n]) for n in range(len(keys))]
    db.executemany(
        "INSERT INTO dispatches (header, seq, kind, occurrence, step, unit, t, mark, not_before, key, leaf)"
        " VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (header, row[1], occurrence, step, unit, at, mark, push.not_before, row[7], leaf)
            for row, unit, leaf in zip(rows, push.members, (record_leaf(*row) for row in rows), strict=True)
        ],
    )
    store.set_meta("leaves", first + len(rows))
    if push.status == "queued":
        db.executemany(
            "INSERT INTO outbox (dispatch, channel, due) VALUES (?, ?, ?)",
            [(row[1], push.channel, push.not_before) for row in rows],
        )
    if push.coupon:
        seqs = store.take_seqs(len(rows))
        for code, row, unit, seq in zip(coupon_codes(SECRET, keys), rows, push.members, seqs, strict=True):
            expires = at + 7 * DAY
            db.execute(
                "INSERT INTO coupon_facts VALUES (?, ?, 1, ?, 'reserved', ?, ?, ?, ?, 0)",
                (seq, code, unit, at, at, expires, row[1]),
            )
            db.execute(
                "INSERT INTO coupons (code, coupon, unit, taken, expires) VALUES (?, 1, ?, ?, ?)",
                (code, unit, at, expires),
            )


def _interned(db, table: str, number: str, **columns) -> int:
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    keys = [name for name in columns if name in ("playbook", "name", "digest")]
    db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))
    where = " AND ".join(f"{name} = ?" for name in keys)
    return db.execute(f"SELECT {number} FROM {table} WHERE {where}", tuple(columns[k] for k in keys)).fetchone()[0]


def template(
    name: str = "猫粮种草",
    body: str = "{{ 姓名 | default: '朋友' }},今晚猫粮专场。",
    variables: tuple[str, ...] = ("name",),
    parts: tuple = (),
) -> Template:
    return Template(name, "wecom", body, parts, variables, (), "0" * 64)
