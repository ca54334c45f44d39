"""Whatever is changed in a log is found, the first wrong entry is named, and nothing is found in a log that is sound."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection, IntegrityError, connect
from typing import Any

import pytest
from qingting.engine.log.checkpoint import newest_checkpoint
from qingting.engine.log.encoding import record_leaf
from qingting.engine.log.notes import CheckpointBody, SigningKey, read_note, sign_note
from qingting.engine.log.signers import present_signer
from qingting.engine.log.store import leaf_count
from qingting.engine.log.tree import LogTree
from qingting.engine.log.verifying import Finding, Outside, Verification, verify_log
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import SETTINGS, Shop, when

TEXT = """
全局规则
  永不推送 有标签 "退订"
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
剧本 "乙"
  每天 20:00
    推送 短信 "推荐"
剧本 "群"
  面向群 "福利*"
  每天 21:00
    推送 "问候"
"""
CHANNELS = SETTINGS + "  群: {type: file, path: groups.jsonl}\n"
# What the log vouches for. When the wall clock said that a run was, and what it printed, is nobody's evidence.
COLUMNS: dict[str, tuple[str, ...]] = {
    "dispatches": ("seq", "header", "occurrence", "step", "kind", "unit", "t", "mark", "not_before", "key", "leaf"),
    "headers": (
        "header", "digest", "body", "run", "occurrence", "step", "version", "block", "category", "action", "channel",
        "content", "params", "arm", "status", "reason",
    ),
    "deliveries": ("seq", "dispatch", "at", "attempt", "outcome", "reason", "format", "private", "arrived_seq", "leaf"),
    "delivery_texts": ("seq", "salt", "channel_id", "error", "text_digest"),
    "erasures": ("seq", "pseudonym", "at", "leaf"),
    "occurrences": ("occurrence", "playbook", "name"),
    "steps": ("step", "playbook", "name"),
    "playbook_versions": ("version", "playbook", "digest", "source"),
    "members": ("unit", "pseudonym"),
    "groups": ("unit", "pseudonym"),
    "runs": ("run", "id", "at", "mark", "program", "first_leaf", "leaves"),
    "checkpoints": ("leaves", "note"),
    "signers": ("origin", "public"),
    "tree": ("level", "position", "hash"),
}
NUMBERED = ("dispatches", "deliveries", "erasures")
STATUS = {"queued": "done", "done": "queued", "suppressed": "queued"}
OUTCOMES = {"sent": "failed", "withdrawn": "sent"}
Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Kept:
    """The file of a log, and what is known of it beside: the fence and the workspace's public key."""

    path: Path
    outside: Outside

    def verified(self, path: Path | None = None, outside: Outside | None = None) -> Verification:
        with SqliteStore.open(path or self.path) as store, store.snapshot():
            return verify_log(store, outside or self.outside)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Four days of a shop, with entries of every kind."""
    shop = Shop(tmp_path_factory.mktemp("shop"), TEXT, settings=CHANNELS)
    shop.members(*(f"u{number:02}" for number in range(40)), 城市="上海")
    shop.tag("退订", "u03")
    shop.bring("groups", [{"group": "g1", "name": "福利一群"}, {"group": "g2", "name": "福利二群"}])
    for day in (18, 19, 20):
        shop.run(f"2026-11-{day} 21:05")
        shop.deliver(f"2026-11-{day} 21:06")
    shop.ws.members.erase(["u05", "u06"], at=when("2026-11-20 22:00"))
    shop.run("2026-11-21 21:05")
    # Nothing falls due in the last one, so that it ends without records.
    shop.run("2026-11-21 21:10")
    fence = (shop.root / ".qingting" / "fence").read_bytes()
    with SqliteStore.open(shop.path) as store:
        signer = present_signer(store)
        assert signer is not None
        assert leaf_count(store) > 2 * 256
    found = Kept(shop.path, Outside(fence=("fence", fence), public=signer.public))
    sound = found.verified()
    assert sound.findings == ()
    assert min(sound.counts.records, sound.counts.deliveries, sound.counts.erasures) > 0
    return found


@contextmanager
def tampered(kept: Kept, folder: Path, *statements: Statement) -> Iterator[Path]:
    """A copy of the store in which somebody did that."""
    path = Path(shutil.copy(kept.path, folder / "tampered.db"))
    with closing(unguarded(path)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
    yield path
    path.unlink()


def unguarded(path: Path) -> Connection:
    """The store as whoever owns the file can open it."""
    connection = connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def findings_after(kept: Kept, folder: Path, *statements: Statement) -> tuple[Finding, ...]:
    with tampered(kept, folder, *statements) as path:
        return kept.verified(path).findings


def rows_of(kept: Kept, table: str, *, every: bool = False) -> list[dict[str, Any]]:
    """Rows of a table by the names of their columns: all, or the first, one in the middle and the last."""
    with closing(connect(kept.path)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return rows if every else [rows[at] for at in sorted({0, len(rows) // 2, len(rows) - 1})]


def about_members(kept: Kept) -> list[int]:
    """The records about members that are still there."""
    known = {row["unit"] for row in rows_of(kept, "members", every=True)}
    records = rows_of(kept, "dispatches", every=True)
    return [row["seq"] for row in records if row["kind"] == 0 and row["unit"] in known]


def ends_of_runs(kept: Kept) -> set[int]:
    return {row["first_leaf"] + row["leaves"] for row in rows_of(kept, "runs", every=True) if row["leaves"]}


def other_values(column: str, value: Any) -> list[Any]:
    """Values to put in the place of one: alike, of another kind, and none."""
    if column == "status":
        return [STATUS[value]]
    if column == "outcome":
        return [OUTCOMES[value]]
    if value is None:
        return ["x", 1]
    if isinstance(value, int):
        return [value + 1, value - 1, "x"]
    if isinstance(value, str):
        return [value + "x", value[:-1], value.encode() + b"\xff"]
    return [bytes([value[0] ^ 1]) + value[1:], value[:-1], "x"]


def matching(row: dict[str, Any]) -> tuple[str, list[Any]]:
    return " AND ".join(f"{name} IS ?" for name in row), list(row.values())


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column"), [(table, name) for table, names in COLUMNS.items() for name in names])
def test_a_changed_column_is_found(kept: Kept, tmp_path: Path, table: str, column: str) -> None:
    tried = 0
    for row in rows_of(kept, table):
        if column == "first_leaf" and not row["leaves"]:
            # Where nothing begins says nothing.
            continue
        where, values = matching(row)
        for value in other_values(column, row[column]):
            change = (f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *values))
            try:
                found = findings_after(kept, tmp_path, change)
            except IntegrityError:
                # Somebody who wants to must be of the kind, or unlike all others.
                (tmp_path / "tampered.db").unlink()
                continue
            tried += 1
            assert found, (row, value)
            if table in NUMBERED and column != "seq":
                # Earlier records of an erased member speak of the erasure as well.
                assert row["seq"] in {each.seq for each in found} if table == "erasures" else found[0].seq == row["seq"], value
    assert tried


def test_text_that_is_none_is_found(kept: Kept, tmp_path: Path) -> None:
    for table, column in (("headers", "params"), ("occurrences", "name"), ("deliveries", "outcome"), ("runs", "program")):
        first = f"WHERE rowid = (SELECT min(rowid) FROM {table})"
        assert findings_after(kept, tmp_path, (f"UPDATE {table} SET {column} = CAST(x'ff' AS TEXT) {first}", ())), table


@pytest.mark.slow
@pytest.mark.parametrize("table", COLUMNS)
def test_a_row_that_was_deleted_is_found(kept: Kept, tmp_path: Path, table: str) -> None:
    # What was signed as a delivery ended is missed by nobody; the checkpoints at the ends of runs are.
    rows = rows_of(kept, table) if table != "checkpoints" else [
        row for row in rows_of(kept, table, every=True) if row["leaves"] in ends_of_runs(kept)
    ]
    for row in rows:
        where, values = matching(row)
        found = findings_after(kept, tmp_path, (f"DELETE FROM {table} WHERE {where}", values))
        assert found, row
        if table in NUMBERED:
            assert ("D401", row["seq"]) in {(each.code, each.seq) for each in found}
            assert table == "erasures" or found[0].seq == row["seq"]


def test_a_record_that_was_put_in_is_found(kept: Kept, tmp_path: Path) -> None:
    leaves = kept.verified().leaves
    columns = "header, occurrence, step, kind, unit + 1000, t, mark, not_before, key, leaf"
    first = (f"INSERT INTO dispatches SELECT ?, {columns} FROM dispatches WHERE seq = 0", (leaves,))
    longer = ("UPDATE meta SET value = ? WHERE key = 'leaves'", (leaves + 1,))
    assert next((each.code, each.seq) for each in findings_after(kept, tmp_path, first)) == ("D408", leaves)
    found = findings_after(kept, tmp_path, first, longer)
    assert found[0].seq == leaves
    assert {"D411", "D403"} <= {each.code for each in found}
    taken = ("INSERT INTO erasures SELECT 3, 999, pseudonym, at, leaf FROM erasures LIMIT 1", ())
    assert findings_after(kept, tmp_path, taken)[0].seq == 3


def test_two_records_that_were_swapped_are_found(kept: Kept, tmp_path: Path) -> None:
    members = about_members(kept)
    for first, second in ((members[0], members[1]), (members[5], members[60]), (members[2], members[-1])):
        moves = [(first, -1), (second, first), (-1, second)]
        swap = [("UPDATE dispatches SET seq = ? WHERE seq = ?", (to, seq)) for seq, to in moves]
        found = findings_after(kept, tmp_path, *swap)
        assert found[0].seq == first
        # With hashes that fit their new places again.
        with tampered(kept, tmp_path, *swap) as path:
            fit_leaf(path, first)
            fit_leaf(path, second)
            found = kept.verified(path).findings
        assert "D416" in {each.code for each in found}
        assert found[0].seq is not None
        assert found[0].seq <= first


def test_a_record_rewritten_with_its_leaf_and_tree_is_found(kept: Kept, tmp_path: Path) -> None:
    members = about_members(kept)
    for seq in (members[0], members[3], members[-1]):
        with tampered(kept, tmp_path, ("UPDATE dispatches SET not_before = not_before + 1 WHERE seq = ?", (seq,))) as path:
            fit_leaf(path, seq)
            fit_tree(path)
            found = kept.verified(path).findings
        codes = {each.code for each in found}
        assert "D416" in codes
        assert codes <= {"D416", "D419"}
        first = next(each for each in found if each.code == "D416")
        assert first.seq is not None
        assert first.seq <= seq < first.params["leaves"]  # type: ignore[operator]


def test_an_end_that_was_cut_off_is_found(kept: Kept, tmp_path: Path) -> None:
    leaves = kept.verified().leaves
    rows = [(f"DELETE FROM {table} WHERE seq >= ?", (leaves - 3,)) for table in (*NUMBERED, "delivery_texts")]
    assert findings_after(kept, tmp_path, *rows)[0].seq == leaves - 3
    shorter = ("UPDATE meta SET value = ? WHERE key = 'leaves'", (leaves - 3,))
    assert "D410" in {each.code for each in findings_after(kept, tmp_path, *rows, shorter)}
    # Somebody who cuts where a run ended, and everything with it.
    before = rows_of(kept, "checkpoints", every=True)[-2]["leaves"]
    run = rows_of(kept, "runs", every=True)[-2]["run"]
    everything = [
        *((f"DELETE FROM {table} WHERE seq >= ?", (before,)) for table in (*NUMBERED, "delivery_texts")),
        ("DELETE FROM headers WHERE run >= ?", (run,)),
        ("DELETE FROM runs WHERE run >= ?", (run,)),
        ("DELETE FROM checkpoints WHERE leaves > ?", (before,)),
        ("DELETE FROM tree WHERE (position + 1) * 256 > ?", (before,)),
        ("UPDATE meta SET value = ? WHERE key = 'leaves'", (before,)),
        ("UPDATE meta SET value = (SELECT max(at) FROM runs) WHERE key = 'last_run'", ()),
    ]
    with tampered(kept, tmp_path, *everything) as path:
        assert [each.code for each in kept.verified(path).findings] == ["D418"]
        assert kept.verified(path, replace(kept.outside, fence=None)).findings == (), "nothing outside could tell"


def test_a_store_that_was_put_back_is_found_by_an_outside_checkpoint(kept: Kept, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT, settings=CHANNELS, seed=2)
    shop.members("u1", "u2")
    shop.run("2026-11-18 21:05")
    shutil.copy(shop.path, tmp_path / "older.db")
    shop.run("2026-11-19 21:05")
    newest = shop.ws.audit.signed().note
    shutil.copy(tmp_path / "older.db", shop.path)
    (shop.root / ".qingting" / "fence").unlink()
    assert shop.ws.audit.verify().findings == ()
    found = shop.ws.audit.verify(checkpoints=[("kept.txt", newest)]).findings
    assert [(each.code, each.params["name"]) for each in found] == [("D418", "kept.txt")]
    # Decided anew, and signed with the key itself.
    shop.members("u3")
    shop.run("2026-11-19 21:05")
    shop.run("2026-11-20 21:05")
    found = shop.ws.audit.verify(checkpoints=[("kept.txt", newest)]).findings
    assert [each.code for each in found] == ["D419"]
    foreign = ("other.txt", kept.outside.fence[1])  # type: ignore[index]
    assert [each.code for each in shop.ws.audit.verify(checkpoints=[foreign]).findings] == ["D417"]


def test_a_checkpoint_that_was_edited_is_found(kept: Kept, tmp_path: Path) -> None:
    for row in rows_of(kept, "checkpoints"):
        note = read_note(row["note"])
        body = note.text.splitlines()
        for text in (
            "\n".join((body[0], str(row["leaves"] + 1), body[2])) + "\n",
            "\n".join((body[0] + "/x", *body[1:])) + "\n",
            note.text + "extension\n",
        ):
            edited = replace(note, text=text).to_bytes()
            found = findings_after(
                kept, tmp_path, ("UPDATE checkpoints SET note = ? WHERE leaves = ?", (edited, row["leaves"]))
            )
            assert "D415" in {each.code for each in found}


def test_keys_that_were_swapped_are_found(kept: Kept, tmp_path: Path) -> None:
    key = SigningKey(bytes(range(32)))
    origin = rows_of(kept, "signers")[0]["origin"]
    statements: list[Statement] = [("UPDATE signers SET public = ?", (key.public,))]
    assert {"D414", "D415"} <= {each.code for each in findings_after(kept, tmp_path, *statements)}
    for row in rows_of(kept, "checkpoints", every=True):
        note = sign_note(read_note(row["note"]).text, origin, key).to_bytes()
        statements.append(("UPDATE checkpoints SET note = ? WHERE leaves = ?", (note, row["leaves"])))
    with tampered(kept, tmp_path, *statements) as path:
        assert {each.code for each in kept.verified(path).findings} == {"D414", "D417"}
        signer = rows_of(kept, "signers")[0]
        given = Outside(keys=(SigningKey(bytes(32)).verifier(origin),))
        assert "D415" in {each.code for each in kept.verified(path, given).findings}
        assert kept.verified(path, Outside()).findings == (), "whoever has only the file cannot tell"
        assert signer["public"] != key.public


def test_a_checkpoint_over_something_else_is_found_though_it_is_signed(kept: Kept, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT, settings=CHANNELS)
    shop.members("u1", "u2")
    shop.run("2026-11-18 21:05")
    key = SigningKey(bytes.fromhex((shop.root / ".qingting" / "log.key").read_text()))
    with SqliteStore.open(shop.path) as store:
        newest = newest_checkpoint(store)
    assert newest is not None
    text = CheckpointBody(newest.origin, newest.leaves, bytes(32)).to_text()
    with closing(unguarded(shop.path)) as connection:
        connection.execute("UPDATE checkpoints SET note = ?", (sign_note(text, newest.origin, key).to_bytes(),))
    assert "D416" in {each.code for each in shop.ws.audit.verify().findings}


def test_what_is_done_by_the_rules_is_sound(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TEXT, settings=CHANNELS)
    assert shop.ws.audit.verify().findings == ()
    shop.members("u1", "u2", "u3", "u4")
    shop.run("2026-11-18 21:05")
    assert shop.ws.audit.verify().findings == ()
    shutil.copy(shop.path, tmp_path / "backup.db")
    shop.deliver("2026-11-18 21:06")
    shop.run("2026-11-18 21:30")
    shop.ws.members.merge("u1", "u2", at=when("2026-11-18 22:00"))
    shop.ws.members.erase(["u3"], at=when("2026-11-18 22:01"))
    assert shop.ws.audit.verify().findings == ()
    kept_outside = shop.ws.audit.signed().note
    assert shop.ws.audit.change_key()
    shop.run("2026-11-19 21:05")
    outside = [("kept.txt", kept_outside)]
    assert shop.ws.audit.verify(checkpoints=outside).findings == ()
    (shop.root / ".qingting" / "log.key").unlink()
    assert not shop.ws.audit.change_key()
    shop.run("2026-11-20 21:05")
    assert shop.ws.audit.verify(checkpoints=outside).findings == ()
    shop.path.chmod(0o444)
    assert shop.ws.audit.verify(checkpoints=outside).findings == ()
    shop.path.chmod(0o644)


def fit_leaf(path: Path, seq: int) -> None:
    """Let the leaf of a record be the hash of its columns as they are now."""
    with closing(unguarded(path)) as connection:
        row = connection.execute(
            "SELECT h.digest, d.seq, d.kind, m.pseudonym, d.t, d.mark, d.not_before, d.key FROM dispatches d"
            " JOIN headers h USING (header) JOIN members m USING (unit) WHERE d.seq = ?", (seq,)
        ).fetchone()
        connection.execute("UPDATE dispatches SET leaf = ? WHERE seq = ?", (record_leaf(*row), seq))


def fit_tree(path: Path) -> None:
    """Let the tree be that of the leaves as they are now."""
    with closing(unguarded(path)) as connection:
        connection.execute("DELETE FROM tree")
    with SqliteStore.open(path, writable=True) as store, store.transaction():
        LogTree(store).extend()
