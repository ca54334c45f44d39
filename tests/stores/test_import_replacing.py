"""Files that are the whole truth: what they do not have is over, from the instant of the import on."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program import ir
from qingting.engine.stores.imports import Replacing
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import QingtingError
from stores.support import FOREVER, NOW, bring, faults, intervals, new_store, present, rows, when

DAY = ir.DAY
LATER = NOW + DAY
NAMED, ALL = Replacing.NAMED, Replacing.ALL


def shop(folder: Path) -> SqliteStore:
    store = new_store(folder)
    bring(store, "members", "id,城市,身高\nu1,上海,170\nu2,北京,160\nu3,,\n")
    return store


def removals(store: SqliteStore) -> list[tuple[str, int, int]]:
    """The facts about members taken out or back."""
    return rows(
        store, "SELECT id, given, at FROM removal_facts JOIN members USING (unit) ORDER BY removal_facts.seq"
    )


def test_what_a_row_lacks_becomes_unknown(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        report = bring(store, "members", "id,城市\nu1,上海\nu9,广州\n,广州\n", replace=NAMED, at=LATER)
        assert (report.added, report.changed, report.removed, faults(report)) == (1, 1, 0, [(4, "S101")])
        assert (present(store, "u1", "城市"), present(store, "u1", "身高")) == ("上海", None)
        assert (present(store, "u2", "城市"), present(store, "u2", "身高")) == ("北京", 160_000_000)
        assert rows(store, "SELECT value FROM attribute_facts WHERE unit = 1 AND at = ?", LATER) == [(None,)]
        # Without asking, an absent column changes nothing.
        assert bring(store, "members", "id\nu2\n", at=LATER).ignored == 1
        assert present(store, "u2", "城市") == "北京"
        assert removals(store) == []


def test_members_that_the_file_does_not_name_are_taken_out(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        report = bring(store, "members", "id,城市\nu1,上海\n", replace=ALL, at=LATER)
        assert (report.changed, report.removed) == (1, 2)
        assert removals(store) == [("u2", 1, LATER), ("u3", 1, LATER)]
        # Once is enough, and who is named again is back.
        assert bring(store, "members", "id,城市\nu1,上海\n", replace=ALL, at=LATER + DAY).removed == 0
        bring(store, "members", "id\nu3\n", at=LATER + DAY)
        assert removals(store)[2:] == [("u3", 0, LATER + DAY)]
        assert rows(store, "SELECT rows, max_at FROM extents WHERE relation = 'removal'") == [(3, LATER + DAY)]


def test_tags_of_the_members_named(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,plain,2026-01-01\nu1,C,2026-01-01\nu2,plain,2026-01-01\n")
        report = bring(store, "tags", "member,tag\nu1,plain\n", replace=NAMED, at=LATER)
        assert (report.ignored, report.removed) == (1, 1)
        assert intervals(store) == [("C", when("2026-01-01"), LATER), ("plain", when("2026-01-01"), FOREVER)]
        assert intervals(store, "u2") == [("plain", when("2026-01-01"), FOREVER)]
        report = bring(store, "tags", "member,tag\nu1,plain\n", replace=ALL, at=LATER)
        assert report.removed == 1
        assert intervals(store, "u2") == [("plain", when("2026-01-01"), LATER)]
        assert rows(store, "SELECT given, arrived FROM tag_facts WHERE at = ?", LATER) == [(0, LATER), (0, LATER)]


def test_a_tag_that_an_exclusive_group_closes_is_taken_once(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag\nu1,A\n")
        report = bring(store, "tags", "member,tag\nu1,B\n", replace=NAMED, at=LATER)
        assert (report.added, report.removed) == (1, 1)
        assert intervals(store) == [("A", NOW, LATER), ("B", LATER, FOREVER)]
        assert rows(store, "SELECT COUNT(*) FROM tag_facts WHERE given = 0") == [(1,)]


def test_friends(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "members", "id,joined\nu3,2026-01-01\n")
        bring(store, "friends", "member,staff,since\nu1,zs,2026-01-01\nu1,ls,2026-01-01\nu2,zs,2026-01-01\n")
        assert bring(store, "friends", "member,staff\nu1,ls\n", replace=NAMED, at=LATER).removed == 1
        assert _open(store) == [("u1", "ls"), ("u2", "zs"), ("u3", None)]
        # A friend since `joined` alone is none by a fact, so no file ends that without naming the member.
        assert bring(store, "friends", "member,staff\nu1,ls\n", replace=ALL, at=LATER).removed == 1
        assert _open(store) == [("u1", "ls"), ("u3", None)]


def _open(store: SqliteStore) -> list[tuple[str, str | None]]:
    return rows(
        store, "SELECT m.id, s.id FROM friendships f JOIN members m USING (unit) LEFT JOIN staff s USING (staff)"
        " WHERE f.until = ? ORDER BY 1, 2", FOREVER,
    )


def test_groups(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(
            store, "groups", "group,name,owner,tags,member\ng1,福利群,zs,A|plain,\ng2,二群,,plain,\n"
            "g1,,,,u1\ng1,,,,u2\ng2,,,,u1\n",
        )
        # A description without tags in its columns leaves them, as one without members leaves those.
        report = bring(store, "groups", "group,name\ng1,福利群\n", replace=NAMED, at=LATER)
        assert (report.changed, report.removed) == (1, 0)
        assert rows(store, "SELECT name, owner FROM groups WHERE id = 'g1'") == [("福利群", None)]
        report = bring(store, "groups", "group,name,tags,member\ng1,福利群,plain,\ng1,,,u2\n", replace=NAMED, at=LATER)
        assert report.removed == 2
        assert _in_groups(store) == [("g1", "plain", "u2"), ("g2", "plain", "u1")]
        assert bring(store, "groups", "group,tags\ng1,\n", replace=NAMED, at=LATER).removed == 1
        assert bring(store, "groups", "group,member\ng1,u2\n", replace=ALL, at=LATER).removed == 1
        assert _in_groups(store) == [("g1", None, "u2"), ("g2", "plain", None)]


def _in_groups(store: SqliteStore) -> list[tuple[str, str | None, str | None]]:
    return rows(
        store, "SELECT g.id, t.name, m.id FROM groups g"
        " LEFT JOIN group_tags gt ON gt.unit = g.unit AND gt.until = ?1 LEFT JOIN tags t USING (tag)"
        " LEFT JOIN group_members gm ON gm.grp = g.unit AND gm.until = ?1 LEFT JOIN members m ON m.unit = gm.unit"
        " ORDER BY 1, 2, 3", FOREVER,
    )


def test_staff(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "staff", "id,name,manager\nzs,张三,ls\nww,王五,ls\n")
        assert bring(store, "staff", "id,name\nzs,张三\n", replace=NAMED, at=LATER).changed == 1
        assert rows(store, "SELECT id, name, manager FROM staff ORDER BY id") == [("ww", "王五", "ls"), ("zs", "张三", None)]


@pytest.mark.parametrize(("kind", "text", "replace"), [
    ("members", "id,身高\nu1,170\nu2,tall\n", ALL),
    ("tags", "member,tag\nu1,plain\nu2,nobody\n", NAMED),
    ("friends", "member,staff\nu1,zs\n,zs\n", NAMED),
    ("groups", "group,member\ng1,u1\ng1,u9\n", NAMED),
])
def test_one_bad_row_refuses_the_file(tmp_path: Path, kind: str, text: str, replace: Replacing) -> None:
    """A row that cannot be read would otherwise count as absent, and take something away."""
    with shop(tmp_path) as store:
        before = store.next_seq
        report = bring(store, kind, text, replace=replace)
        assert (report.stored, report.removed, [entry.line for entry in report.rejected]) == (False, 0, [3])
        assert store.next_seq == before


@pytest.mark.parametrize(("kind", "text", "replace", "code"), [
    ("events", "id,member,type,at\ne1,u1,order,2026-01-01\n", NAMED, "S214"),
    ("coupons", "coupon,member,code\ntoday,u1,x\n", ALL, "S214"),
    ("staff", "id\nzs\n", ALL, "S214"),
    ("members", "id\n", ALL, "S215"),
    ("tags", "member,tag\n", ALL, "S215"),
])
def test_what_cannot_be_replaced(tmp_path: Path, kind: str, text: str, replace: Replacing, code: str) -> None:
    with shop(tmp_path) as store:
        before = store.next_seq
        with pytest.raises(QingtingError) as caught:
            bring(store, kind, text, replace=replace)
        assert caught.value.code == code
        assert store.next_seq == before
