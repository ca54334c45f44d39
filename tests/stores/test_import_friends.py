"""Friends: who is a friend of which staff member, and of nobody known since they joined; the directory of staff."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import write_facts
from qingting.engine.stores.sqlite.intervals import joined_intervals, tag_intervals
from sqlglot import parse_one
from stores.support import FOREVER, LIBRARY, NOW, ZONE, bring, counted_bytes, faults, new_store, rows, when

DAY = ir.DAY
NOBODY = None


def shop(folder: Path) -> SqliteStore:
    store = new_store(folder)
    bring(store, "members", "id\nu1\nu2\nu3\n")
    return store


def friendships(store: SqliteStore, member: str = "u1") -> list[tuple[str | None, int, int]]:
    """The intervals (staff id, since, until) of a member; the staff is None where nobody is known."""
    return rows(
        store, "SELECT s.id, f.since, f.until FROM friendships f JOIN members m USING (unit)"
        " LEFT JOIN staff s ON s.staff = f.staff WHERE m.id = ? ORDER BY f.since, s.id", member,
    )


def test_since_and_until(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        report = bring(store, "friends", "客户号,跟进人,加好友时间,删好友时间\nu1,zs,2026-01-01,\nu2,zs,,\n")
        assert (report.read, report.added, report.changed) == (2, 2, 0)
        assert friendships(store) == [("zs", when("2026-01-01"), FOREVER)]
        assert friendships(store, "u2") == [("zs", NOW, FOREVER)]
        report = bring(store, "friends", "member,staff,since,until\nu1,zs,2026-01-01,2026-02-01\nu2,zs,,2026-12-01\n")
        assert (report.added, report.changed) == (0, 2)
        assert friendships(store) == [("zs", when("2026-01-01"), when("2026-02-01"))]
        assert friendships(store, "u2") == [("zs", NOW, when("2026-12-01"))]


def test_repeats_are_ignored_and_the_first_gain_stands(tmp_path: Path) -> None:
    text = "member,staff,since,until\nu1,zs,2026-01-01,\nu1,zs,2026-01-01,\nu2,zs,,\n"
    with shop(tmp_path) as store:
        assert bring(store, "friends", text).ignored == 1
        assert bring(store, "friends", text, at=NOW + DAY).ignored == 3
        bring(store, "friends", "member,staff,since\nu1,zs,2026-03-01\nu1,ls,2026-02-01\n")
        assert friendships(store) == [("zs", when("2026-01-01"), FOREVER), ("ls", when("2026-02-01"), FOREVER)]


@pytest.mark.parametrize(("row", "line_and_code"), [
    ("u9,zs,,", (2, "S116")),
    (",zs,,", (2, "S101")),
    ("u1,,,", (2, "S101")),
    ("u1,zs,2026-02-30,", (2, "S111")),
    ("u1,zs,20260101,", (2, "S112")),
    ("u1,zs,2026-02-01,2026-02-01", (2, "S127")),
    ("u1,zs", (2, "S123")),
])
def test_rejected_rows(tmp_path: Path, row: str, line_and_code: tuple[int, str]) -> None:
    text = f"member,staff,since,until\n{row}\nu2,zs,,\n"
    with shop(tmp_path) as store:
        report = bring(store, "friends", text)
        assert faults(report) == [line_and_code]
        assert report.added == 1
        strict = bring(store, "friends", text.replace("u2", "u3"), strict=True)
        assert not strict.stored
        assert friendships(store, "u3") == []


def test_bare_members_and_staff_arrive_with_their_earliest_fact(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        text = "member,staff,since,arrived\nn1,zs,2026-03-01,2026-03-02\nn1,ls,2026-01-01,2026-01-02\n"
        report = bring(store, "friends", text, create_members=True)
        assert (report.added, report.members) == (2, 1)
        assert rows(store, "SELECT arrived FROM members WHERE id = 'n1'") == [(when("2026-01-02"),)]
        arrivals = rows(store, "SELECT id, arrived FROM staff ORDER BY id")
        assert arrivals == [("ls", when("2026-01-02")), ("zs", when("2026-03-02"))]


def test_backfilled_facts_arrive_at_their_own_instant(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "friends", "member,staff,since,until\nu1,zs,2026-01-01,2026-02-01\n", backfill=True)
        facts = rows(store, "SELECT given, at, arrived, backfilled FROM friendship_facts ORDER BY seq")
        assert facts == [(1, when("2026-01-01"), when("2026-01-01"), 1), (0, when("2026-02-01"), when("2026-02-01"), 1)]


def test_who_joined_is_a_friend_since_then(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "members", "id,joined\nu1,2026-01-01\nu2,2026-01-01\nu3,\n")
        assert friendships(store) == [(NOBODY, when("2026-01-01"), FOREVER)]
        assert friendships(store, "u3") == []
        # A friends row, whatever it says, ends what follows from `joined` alone.
        bring(store, "friends", "member,staff,since,until\nu1,zs,2026-03-01,\nu2,zs,,2026-04-01\n")
        assert friendships(store) == [
            (NOBODY, when("2026-01-01"), when("2026-03-01")), ("zs", when("2026-03-01"), FOREVER)
        ]
        assert friendships(store, "u2") == [(NOBODY, when("2026-01-01"), when("2026-04-01"))]
        # Who joined when the friendship began was never a friend of nobody known.
        bring(store, "members", "id,joined\nu1,2026-03-01\n", at=NOW + DAY)
        assert friendships(store) == [("zs", when("2026-03-01"), FOREVER)]
        bring(store, "members", "id,joined\nu2,\n", at=NOW + DAY)
        assert friendships(store, "u2") == []


def test_what_is_known_as_of_an_arrival(tmp_path: Path) -> None:
    """The folds that maintain the table answer as of any arrival when only the facts known then go in."""
    with shop(tmp_path) as store:
        bring(store, "members", "id,joined\nu1,2026-01-01\n")
        bring(store, "friends", "member,staff,since\nu1,zs,2026-03-01\n", at=NOW + DAY)
        assert _as_of(store, NOW) == [(0, when("2026-01-01"), FOREVER)]
        assert _as_of(store, NOW + DAY) == [(0, when("2026-01-01"), when("2026-03-01")), (1, when("2026-03-01"), FOREVER)]
        assert _as_of(store, NOW + DAY) == rows(store, "SELECT staff, since, until FROM friendships ORDER BY since")


def _as_of(store: SqliteStore, arrived: int) -> list[tuple[int, int, int]]:
    facts = f"SELECT staff, unit, given, at, seq, NULL AS expires FROM friendship_facts WHERE arrived <= {arrived}"
    joins = f"SELECT unit, value, at, seq FROM attribute_facts JOIN attributes USING (attribute) \
        WHERE name = 'joined' AND arrived <= {arrived}"
    known = parse_one(facts, read="sqlite")
    implied = joined_intervals(known, parse_one(joins, read="sqlite")).sql("sqlite")
    stated = tag_intervals(known, "staff").sql("sqlite")
    return rows(store, f"SELECT staff, since, until FROM ({implied} UNION ALL {stated}) ORDER BY since")


def test_extents_cover_friends_and_who_joined(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "members", "id,joined\nu1,2026-01-01\n")
        bring(store, "friends", "member,staff,since\nu1,zs,2027-03-01\n", at=NOW + DAY)
        extent = rows(store, "SELECT rows, min_at, max_at, max_arrived, max_seq FROM extents WHERE relation = 'friendship'")
        assert extent == [(2, when("2026-01-01"), when("2027-03-01"), NOW + DAY, store.last_seq)]


def test_the_writer_adds_friendships(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        with write_facts(store, LIBRARY, zone=ZONE, random_bytes=counted_bytes) as writer:
            staff = writer.add_staff("zs", arrived=NOW)
            writer.add_friendship(1, staff, at=NOW, arrived=NOW, cause=7)
            writer.add_friendship(1, staff, at=NOW + DAY, arrived=NOW, given=False)
        assert friendships(store) == [("zs", NOW, NOW + DAY)]
        assert rows(store, "SELECT cause FROM friendship_facts ORDER BY seq") == [(7,), (None,)]


def test_staff_and_what_is_said_of_them(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "friends", "member,staff\nu1,zs\n")
        report = bring(store, "staff", "员工号,姓名,上级\nzs,张三,ls\nls,李四,\n,王五,\n")
        assert (report.added, report.changed, faults(report)) == (1, 1, [(4, "S101")])
        assert rows(store, "SELECT id, name, manager FROM staff ORDER BY id") == [
            ("ls", "李四", None), ("zs", "张三", "ls")
        ]
        assert bring(store, "staff", "id,name\nzs,张三\n").ignored == 1
        assert bring(store, "staff", "id,name\nzs,张三丰\n", at=NOW + DAY).changed == 1
        # What is said of an earlier instant does not hold now.
        bring(store, "staff", "id,name\nzs,小张\n", at=NOW - DAY)
        assert rows(store, "SELECT name, manager FROM staff WHERE id = 'zs'") == [("张三丰", "ls")]
        assert rows(store, "SELECT value FROM staff_facts WHERE property = 'name' AND unit = 1 ORDER BY at") == [
            ("小张",), ("张三",), ("张三丰",)
        ]
