"""What a verification says about single things: which finding comes first, what follows from what, what is nobody's fault."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

import pytest
from qingting.engine.log.keys import run_id
from qingting.engine.log.notes import CheckpointBody, SigningKey, sign_note
from qingting.engine.log.store import leaf_count
from qingting.engine.log.tree import LogTree
from qingting.engine.log.verifying import Outside, Verification, verify_log
from qingting.engine.log.verifying.growth import Growth
from qingting.engine.log.verifying.model import Finding
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop, when

TEXT = """
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
"""
WITNESS = SigningKey(bytes(range(32))).verifier("witness.example")


@dataclass(frozen=True)
class Log:
    """A copy of a log to tamper with, the key that signs it, and what is known of it outside."""

    path: Path
    key: SigningKey
    origin: str
    outside: Outside
    ends: tuple[int, ...]

    @property
    def leaves(self) -> int:
        """How long it is; the last checkpoint stands there."""
        return self.ends[-1]

    def change(self, *statements: tuple[str, Sequence[Any]] | str) -> None:
        """Do what the owner of the file can."""
        with closing(unguarded(self.path)) as connection:
            for each in statements:
                statement, values = (each, ()) if isinstance(each, str) else each
                assert connection.execute(statement, values).rowcount > 0, statement

    def verified(self, outside: Outside | None = None, **options: Any) -> Verification:
        with SqliteStore.open(self.path) as store, store.snapshot():
            return verify_log(store, outside or self.outside, **options)

    def findings(self, outside: Outside | None = None) -> list[tuple[str, int | None]]:
        return [(each.code, each.seq) for each in self.verified(outside).findings]

    def root(self, size: int) -> bytes:
        with SqliteStore.open(self.path) as store:
            return LogTree(store).root(size)

    def note(self, size: int, root: bytes, origin: str = "", *extensions: str) -> bytes:
        """A checkpoint that the key of the log signed."""
        name = origin or self.origin
        return sign_note(CheckpointBody(name, size, root, extensions).to_text(), name, self.key).to_bytes()


def unguarded(path: Path) -> Connection:
    connection = connect(path, isolation_level=None)
    for name, value in (("foreign_keys", "OFF"), ("ignore_check_constraints", "ON")):
        connection.execute(f"PRAGMA {name} = {value}")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A shop of some days whose log has more than one tile."""
    shop = Shop(tmp_path_factory.mktemp("shop"), TEXT)
    shop.members(*(f"u{number:02}" for number in range(50)))
    for day in (18, 19, 20):
        shop.run(f"2026-11-{day} 20:05")
        shop.deliver(f"2026-11-{day} 20:06")
    shop.ws.members.erase(["u05"], at=when("2026-11-20 22:00"))
    shop.run("2026-11-21 20:05")
    key = SigningKey(bytes.fromhex((shop.root / ".qingting" / "log.key").read_text()))
    fence = (shop.root / ".qingting" / "fence").read_bytes()
    ends = tuple(leaves for (leaves,) in shop.rows("SELECT leaves FROM checkpoints ORDER BY 1"))
    (origin,) = shop.rows("SELECT origin FROM signers")[0]
    return Log(shop.path, key, origin, Outside(fence=("fence", fence), public=key.public), ends)


@pytest.fixture
def log(grown: Log, tmp_path: Path) -> Log:
    return replace(grown, path=Path(shutil.copy(grown.path, tmp_path / "log.db")))


def test_it_is_sound_and_progress_is_heard(log: Log) -> None:
    heard: list[tuple[int, int]] = []
    found = log.verified(progress=lambda done, of: heard.append((done, of)))
    assert (found.findings, heard) == ((), [(log.leaves, log.leaves)])
    assert log.leaves > 256 + 1
    counts = found.counts
    assert counts.records + counts.deliveries + counts.erasures == log.leaves
    assert (found.origin, found.root, found.checkpoints, found.runs) == (log.origin, log.root(log.leaves), len(log.ends), 4)


def test_what_is_wrong_with_one_entry_comes_first(log: Log) -> None:
    log.change(
        ("UPDATE checkpoints SET note = ? WHERE leaves = ?", (log.note(log.ends[0], bytes(32)), log.ends[0])),
        ("UPDATE checkpoints SET note = x'00' WHERE leaves = ?", (log.ends[1],)),
        "UPDATE tree SET hash = zeroblob(32) WHERE level = 1 AND position = 0",
        "UPDATE runs SET mark = mark + 1 WHERE run = 1",
        "UPDATE dispatches SET t = t + 1 WHERE seq IN (7, 9)",
    )
    codes = log.findings()
    assert codes[:2] == [("D405", 7), ("D405", 9)]
    rest = codes[2:]
    assert {code for code, _ in rest} >= {"D409", "D412", "D415", "D416"}
    assert [seq is None for _, seq in rest] == sorted(seq is None for _, seq in rest)


# Checkpoints


def test_of_checkpoints_that_say_something_else_the_first_is_told(log: Log) -> None:
    for at in log.ends[1:3]:
        log.change(("UPDATE checkpoints SET note = ? WHERE leaves = ?", (log.note(at, bytes(32)), at)))
    (only,) = log.verified().findings
    assert (only.code, only.seq) == ("D416", log.ends[0])
    assert (only.params["before"], only.params["leaves"]) == (log.ends[0], log.ends[1])


def test_a_checkpoint_for_another_length_or_with_more_lines_is_found(log: Log) -> None:
    first, second = log.ends[:2]
    root = log.root(first)
    for note in (log.note(second, log.root(second)), log.note(first, root, "", "more"), b"none", "text", 7):
        log.change(("UPDATE checkpoints SET note = ? WHERE leaves = ?", (note, first)))
        assert log.findings() == [("D415", None)], note
    log.change(("UPDATE checkpoints SET note = ? WHERE leaves = ?", (log.note(first, root), first)))
    assert log.findings() == []


def test_a_checkpoint_one_leaf_ahead_is_found(log: Log) -> None:
    ahead = log.note(log.leaves + 1, bytes(32))
    outside = replace(log.outside, checkpoints=(("mine", ahead),))
    assert log.findings(outside) == [("D418", None)]
    log.change(("INSERT INTO checkpoints SELECT ?, run, ? FROM checkpoints LIMIT 1", (log.leaves + 1, ahead)))
    assert log.findings() == [("D410", None)]


def test_entries_behind_the_last_checkpoint_are_told(log: Log) -> None:
    log.change(("DELETE FROM checkpoints WHERE leaves = ?", (log.leaves,)))
    found = log.findings()
    assert ("D411", log.ends[-2]) in found
    # What was signed wrongly is told as such, and not as missing besides.
    log.change(("INSERT INTO checkpoints VALUES (?, 1, x'00')", (log.leaves,)))
    assert log.findings() == [("D415", None)]


def test_a_checkpoint_of_another_log_by_a_key_that_counts_is_found(log: Log) -> None:
    root = log.root(log.ends[0])
    keys = (log.key.verifier(log.origin), log.key.verifier("other.example"))
    for origin, expected in ((log.origin, []), ("other.example", [("D417", None)])):
        kept = ("mine", log.note(log.ends[0], root, origin))
        assert log.findings(Outside(keys=keys, checkpoints=(kept,))) == expected


def test_what_witnesses_signed_is_verified(log: Log) -> None:
    key, end = SigningKey(bytes(range(32))), log.ends[0]
    outside = replace(log.outside, witnesses=(WITNESS,))
    text = CheckpointBody(log.origin, end, log.root(end)).to_text()
    (sound,) = sign_note(text, WITNESS.name, key).signatures
    (wrong,) = sign_note(text.replace(log.origin, "x"), WITNESS.name, key).signatures
    (other,) = sign_note(text, "nobody.example", SigningKey(bytes(32))).signatures
    line, another = sound.to_line().rstrip("\n"), other.to_line().rstrip("\n")
    for leaves, given, expected in (
        (end, line, []), (end, another, []), (end, wrong.to_line().rstrip("\n"), [("D415", None)]),
        (end, "x", [("D415", None)]), (end, "", [("D415", None)]), (end, f"{line}\n{another}", [("D415", None)]),
        (end + 1, line, [("D415", None)]),
    ):
        log.change(("INSERT INTO cosignatures (leaves, line) VALUES (?, ?)", (leaves, given)))
        assert log.findings(outside) == expected, given
        log.change("DELETE FROM cosignatures")


# The tree


def test_a_subtree_that_never_was_is_found(log: Log) -> None:
    for level, position in ((1, 99), (2, 0), (9, 0), (100_000_000, 0), (-1, 0), (1, -1), ("x", "y")):
        log.change(("INSERT INTO tree (level, position, hash) VALUES (?, ?, zeroblob(32))", (level, position)))
        assert [code for code, _ in log.findings()] == ["D409"]
        log.change(("DELETE FROM tree WHERE level = ? AND position = ?", (level, position)))


def test_a_tree_with_a_hole_gives_the_same_roots(log: Log) -> None:
    root = log.root(log.leaves)
    log.change("DELETE FROM tree WHERE level = 1 AND position = 0")
    assert log.root(log.leaves) == root
    assert log.findings() == [("D409", 0)]


def test_leaves_that_are_none_are_told_and_so_is_what_is_behind_them(log: Log) -> None:
    seq = log.leaves - 1
    for leaf in (b"", b"x" * 31, "text", 7):
        log.change(("UPDATE dispatches SET leaf = ? WHERE seq IN (3, ?)", (leaf, seq)))
        found = log.findings()
        assert found[:2] == [("D405", 3), ("D405", seq)]
        assert "D416" in {code for code, _ in found}


def test_roots_that_a_log_grew_through(log: Log) -> None:
    with SqliteStore.open(log.path) as store:
        tree = LogTree(store)
        leaves = list(tree.leaves(0, leaf_count(store)))
        growth = Growth(list(tree.nodes(1, 0, len(leaves) // 256)), lambda first, end: leaves[first:end])
        for size in (0, 1, 2, 255, 256, 257, 258, len(leaves)):
            assert growth.root(size) == tree.root(size), size


# Runs


def test_runs_in_another_order_are_found_though_their_ids_follow(log: Log) -> None:
    with closing(connect(log.path)) as connection:
        runs = connection.execute("SELECT run, at, mark, program FROM runs ORDER BY run").fetchall()
    run, at, mark, program = runs[-1]
    # The last one, empty and consistent but for being before the one before it.
    earlier = runs[-2][1] - 1
    add = "INSERT INTO runs SELECT ?, ?, ?, mark, end_mark, program, (SELECT value FROM meta WHERE key = 'leaves'), 0, '', '', 0"
    (last,) = [each for each in _ids(log) if each[0] == run]
    for when_, expected in ((at + 1, []), (earlier, [("D412", log.leaves)])):
        name = run_id(last[1], when_, program, mark)
        log.change(
            (f"{add} FROM runs WHERE run = ?", (run + 1, name, when_, run)),
            ("UPDATE meta SET value = ? WHERE key = 'last_run'", (when_,)),
        )
        assert log.findings() == expected
        log.change(("DELETE FROM runs WHERE run = ?", (run + 1,)))


def _ids(log: Log) -> list[tuple[int, str]]:
    with closing(connect(log.path)) as connection:
        return connection.execute("SELECT run, id FROM runs ORDER BY run").fetchall()


def test_runs_with_gaps_in_their_numbers_or_of_other_types_are_found(log: Log) -> None:
    last = _ids(log)[-1][0]
    log.change(
        ("UPDATE runs SET run = run + 1 WHERE run = ?", (last,)), ("UPDATE headers SET run = run + 1 WHERE run = ?", (last,))
    )
    assert "D412" in {code for code, _ in log.findings()}
    log.change(
        ("UPDATE runs SET run = run - 1 WHERE run > ?", (last,)), ("UPDATE headers SET run = run - 1 WHERE run > ?", (last,))
    )
    assert log.findings() == []
    for column in ("at", "mark", "first_leaf", "leaves"):
        with closing(connect(log.path)) as connection:
            before = connection.execute(f"SELECT {column} FROM runs WHERE run = 2").fetchone()
        log.change((f"UPDATE runs SET {column} = ? WHERE run = 2", (b"\xff",)))
        assert {"D402", "D412"} & {code for code, _ in log.findings()}, column
        log.change((f"UPDATE runs SET {column} = ? WHERE run = 2", before))


def test_the_end_of_each_run_was_signed_since_the_log_was(log: Log) -> None:
    (first, *_), second = log.ends, log.ends[2]
    # A log that was signed from its third commit on, as one that an older program began.
    log.change(
        ("DELETE FROM checkpoints WHERE leaves < ?", (second,)), ("UPDATE signers SET leaves = ?", (second,)),
    )
    assert log.findings() == []
    log.change(("UPDATE signers SET leaves = ?", (first,)))
    assert [code for code, _ in log.findings()] == ["D459"]
    log.change(
        ("UPDATE signers SET leaves = ?", (second,)),
        ("INSERT INTO signers (origin, public, leaves) SELECT 'earlier', public, ? FROM signers", (log.leaves,)),
        ("DELETE FROM checkpoints WHERE leaves = ?", (log.ends[4],)),
    )
    assert [code for code, _ in log.findings(Outside(keys=(log.key.verifier(log.origin),)))] == ["D459"]


def test_a_run_has_just_the_records_that_it_says(log: Log) -> None:
    for statement in (
        "UPDATE runs SET leaves = leaves - 1 WHERE run = 2", "UPDATE runs SET first_leaf = first_leaf + 1 WHERE run = 2",
        "DELETE FROM dispatches WHERE seq = (SELECT first_leaf + 3 FROM runs WHERE run = 2)",
    ):
        with closing(connect(log.path)) as before:
            kept = before.serialize()
        log.change(statement)
        assert "D413" in {code for code, _ in log.findings()}, statement
        log.path.write_bytes(kept)


def test_a_last_run_that_is_missing_or_too_many_is_found(log: Log) -> None:
    log.change("UPDATE meta SET value = value + 1 WHERE key = 'last_run'")
    assert log.findings() == [("D412", None)]


# Entries


def test_an_entry_that_is_none_in_two_tables_is_found(log: Log) -> None:
    with closing(connect(log.path)) as connection:
        (delivery,) = connection.execute("SELECT min(seq) FROM deliveries").fetchone()
    copied = "header, occurrence, step, kind, unit + 500, t, mark, not_before, key, leaf"
    log.change((f"INSERT INTO dispatches SELECT ?, {copied} FROM dispatches WHERE seq = 0", (delivery,)))
    assert ("D407", delivery) in log.findings()


def test_a_member_is_never_taken_for_a_group(log: Log) -> None:
    log.change("UPDATE dispatches SET kind = 1 WHERE seq = 4")
    assert log.findings()[0] == ("D403", 4)


def test_who_finds_says_of_which_record(log: Log) -> None:
    log.change("UPDATE dispatches SET t = t + 1 WHERE seq = 4")
    (found, *_) = log.verified().findings
    assert found.params["playbook"] == "甲"
    assert isinstance(found, Finding)
    log.change("UPDATE dispatches SET key = 7 WHERE seq = 4")
    (found, *_) = log.verified().findings
    assert (found.seq, "id" in found.params) == (4, False)
