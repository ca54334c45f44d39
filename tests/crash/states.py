"""All that a workspace holds, to be compared with all that another holds; and whether it is sound in itself."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import Any

from crash.shop import SENT, STATE, STORE
from qingting.engine.delivery.outbox import DeliveryPolicy
from qingting.engine.log.checkpoint import newest_checkpoint
from qingting.engine.log.fence import check_fence, read_fence
from qingting.engine.log.recompute import recompute_deliveries, recompute_records
from qingting.engine.log.store import leaf_count
from qingting.engine.log.tree import LogTree
from qingting.engine.stores.sqlite.database import SqliteStore

Row = tuple[Any, ...]


@dataclass(frozen=True)
class State:
    """The rows of every table by the table's name, the store's schema, and the files beside it."""

    tables: dict[str, list[Row]]
    schema: list[str]
    files: dict[str, bytes]

    def differences(self, other: State) -> list[str]:
        """What differs, in words short enough to read."""
        found = [f"schema: {sql}" for sql in set(self.schema) ^ set(other.schema)]
        for name in sorted(self.tables.keys() | other.tables.keys()):
            mine, theirs = Counter(self.tables.get(name, ())), Counter(other.tables.get(name, ()))
            found += [f"{name}: only here {row}" for row in list(mine - theirs)[:3]]
            found += [f"{name}: only there {row}" for row in list(theirs - mine)[:3]]
            if mine == theirs and self.tables.get(name) != other.tables.get(name):
                found.append(f"{name}: another order")
        for name in sorted(self.files.keys() | other.files.keys()):
            if self.files.get(name) != other.files.get(name):
                found.append(f"file {name}: {self.files.get(name, b'-')[-300:]!r} / {other.files.get(name, b'-')[-300:]!r}")
        return found


def state_of(root: Path) -> State:
    """Everything in the workspace ``root``, after checking that it is sound."""
    with SqliteStore.open(root / STORE, writable=True) as store:
        check_sound(store, root)
        schema = [sql for (sql,) in store.connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        return State(_tables(store.connection), sorted(schema), _files(root))


def _tables(connection: Connection) -> dict[str, list[Row]]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    names = [name for (name,) in connection.execute(named)]
    return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def _files(root: Path) -> dict[str, bytes]:
    """The files of the state's folder and what was sent; a draft of a secret is left where its process was killed."""
    paths = [path for path in (root / STATE).rglob("*") if path.is_file() and not path.name.startswith("secret.")]
    return {str(path.relative_to(root)): path.read_bytes() for path in [*paths, root / SENT] if path.exists()}


def check_sound(store: SqliteStore, root: Path) -> None:
    """Assert what must hold of a store whatever happened to it."""
    connection = store.connection
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    _check_log(store)
    _check_extents(connection)
    check_fence(store, root / STATE / "fence")
    if store.last_run is not None:
        fence = read_fence(root / STATE / "fence")[store.store_id]
        assert fence == newest_checkpoint(store), "the fence lags behind"
        assert fence.leaves == leaf_count(store), "leaves without a checkpoint"
        assert fence.root == LogTree(store).root(fence.leaves)
    sent = {key for key, outcome in connection.execute(_OUTCOMES) if outcome == "sent"}
    keys = sent_keys(root)
    assert len(keys) == len(set(keys)), "something was sent twice"
    assert set(keys) == sent, "the channel and the log differ"


def _check_log(store: SqliteStore) -> None:
    leaves = leaf_count(store)
    checks = sorted((*recompute_records(store, 0, leaves), *recompute_deliveries(store, 0, leaves)), key=lambda c: c.seq)
    assert [check.seq for check in checks] == list(range(leaves)), "a leaf is missing"
    assert all(check.sound for check in checks)


def _check_extents(connection: Connection) -> None:
    """Rows are counted exactly and instants bounded; units are at least those there are."""
    stored = {row[:2]: row[2:] for row in connection.execute("SELECT * FROM extents")}
    found = {row[:2]: row[2:] for row in connection.execute(_EXTENTS)}
    assert stored.keys() == found.keys()
    for key, (rows, units, *bounds) in found.items():
        assert stored[key][0] == rows, key
        assert stored[key][2:] == tuple(bounds), key
        assert key[0] not in ("attribute", "tag") or stored[key][1] >= units, key


_EXTENT = "SELECT '{0}', {1}, count(*), count(DISTINCT unit), min({3}), max({3}), max(arrived), max(seq) FROM {2} GROUP BY 2"
_FRIENDSHIPS = """(
  SELECT unit, at, arrived, seq FROM friendship_facts
  UNION ALL
  SELECT unit, coalesce(value, at) AS at, arrived, seq FROM attribute_facts
  WHERE attribute = (SELECT attribute FROM attributes WHERE name = 'joined')
)"""
_EXTENTS = " UNION ALL ".join(
    _EXTENT.format(*row)
    for row in (
        ("attribute", "attribute", "attribute_facts", "at"),
        ("tag", "tag", "tag_facts", "at"),
        ("event", "type", "events", "at"),
        ("points", "0 + 0", "points", "at"),
        ("coupon", "coupon", "coupon_facts", "at"),
        ("redpacket", "redpacket", "redpacket_facts", "at"),
        ("member", "0 + 0", "members", "arrived"),
        ("friendship", "0 + 0", _FRIENDSHIPS, "at"),
    )
)
_OUTCOMES = """
SELECT lower(hex(d.key)), (SELECT outcome FROM deliveries v WHERE v.dispatch = d.seq ORDER BY v.seq DESC LIMIT 1)
FROM dispatches d
"""


def put_back(backup: Path, root: Path) -> None:
    """Put the store of the workspace ``backup`` in the place of that of ``root``, and nothing else."""
    for path in root.glob(STORE + "*"):
        path.unlink()
    shutil.copy(backup / STORE, root)


def sent_keys(root: Path) -> list[str]:
    """The keys of the messages that the file channel took, in its order."""
    path = root / SENT
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [json.loads(line)["key"] for line in lines]


def is_torn(root: Path) -> bool:
    """Whether a killed delivery left a batch that is recorded otherwise than in one piece, cut where it was.

    So it is with a batch that its channel took a part of, and with one that it took nothing of, where the place of those
    that were withdrawn from it goes to the next that wait.
    """
    with TemporaryDirectory() as folder:
        for path in root.glob(STORE + "*"):
            shutil.copy(path, folder)
        with closing(connect(Path(folder) / STORE)) as store:
            leased = "SELECT lower(hex(key)) FROM outbox JOIN dispatches ON seq = dispatch WHERE lease_owner IS NOT NULL"
            handed = {key for (key,) in store.execute(leased)}
            (more,) = store.execute("SELECT EXISTS (SELECT 1 FROM outbox WHERE lease_owner IS NULL)").fetchone()
    taken = whole_keys(root) & handed
    room = bool(more) and 0 < len(handed) < DeliveryPolicy().batch
    return taken != handed if taken else room


def whole_keys(root: Path) -> set[str]:
    """The keys of the whole lines of the file channel, where a line may have been cut off."""
    text = (root / SENT).read_bytes() if (root / SENT).exists() else b""
    return {json.loads(line)["key"] for line in text.splitlines(keepends=True) if line.endswith(b"\n")}


def regardless_of_wall_clock(state: State) -> State:
    """The state without the instants on the wall at which runs began, which the command line reads itself."""
    runs = [(*row[:8], row[9]) for row in state.tables["runs"]]
    return State({**state.tables, "runs": runs}, state.schema, state.files)


_CAUSE = 8  # the place of the column in both tables


def regardless_of_order(state: State) -> State:
    """The state without the order in which the outcomes of deliveries were written down.

    A batch of which the channel took a part is recorded in two parts, the part taken first.
    """
    tables = dict(state.tables)
    dispatch = {row[0]: row[1] for row in tables["deliveries"]}
    # Neither seq, nor arrived_seq and leaf, which follow from it.
    tables["deliveries"] = sorted((row[1:-2] for row in tables["deliveries"]), key=repr)
    tables["delivery_texts"] = sorted(((dispatch[row[0]], *row[1:]) for row in tables["delivery_texts"]), key=repr)
    for name in ("coupon_facts", "redpacket_facts"):
        rows = tables[name]
        tables[name] = sorted(
            ((*row[1:_CAUSE], "delivered", dispatch[row[_CAUSE]]) if row[_CAUSE] in dispatch else row for row in rows),
            key=repr,
        )
    # What vouches for the leaves, which is held to be sound by itself, follows their order.
    tables["tree"] = tables["checkpoints"] = []
    # The last seq of what is settled by deliveries depends on their order too.
    tables["extents"] = [row[:-1] if row[0] in ("coupon", "redpacket") else row for row in tables["extents"]]
    files = {name: text for name, text in state.files.items() if name != f"{STATE}/fence"}
    files[SENT] = b"".join(sorted(files.get(SENT, b"").splitlines(keepends=True)))
    return State(tables, state.schema, files)
