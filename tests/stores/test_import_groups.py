"""Customer groups: what they are called, their tags, and who is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.facts import write_facts
from stores.support import FOREVER, LIBRARY, NOW, ZONE, bring, counted_bytes, faults, new_store, rows, when

DAY = ir.DAY


def shop(folder: Path) -> SqliteStore:
    store = new_store(folder)
    bring(store, "members", "id\nu1\nu2\n")
    return store


def groups(store: SqliteStore) -> list[tuple[str, str, str | None, int | None]]:
    """What is known of each group now."""
    return rows(store, "SELECT id, name, owner, created FROM groups ORDER BY id")


def members(store: SqliteStore, group: str = "g1") -> list[tuple[str, int, int]]:
    """The intervals (member, since, until) of a group."""
    return rows(
        store, "SELECT m.id, h.since, h.until FROM group_members h JOIN groups g ON g.unit = h.grp"
        " JOIN members m ON m.unit = h.unit WHERE g.id = ? ORDER BY m.id, h.since", group,
    )


def tags(store: SqliteStore, group: str = "g1") -> list[tuple[str, int, int]]:
    """The intervals (tag, since, until) of a group."""
    return rows(
        store, "SELECT t.name, h.since, h.until FROM group_tags h JOIN groups g USING (unit) JOIN tags t USING (tag)"
        " WHERE g.id = ? ORDER BY t.name, h.since", group,
    )


def test_descriptions_and_memberships(tmp_path: Path) -> None:
    text = (
        "群号,群名,群主,建群时间,群标签,客户号,进群时间,退群时间\n"
        'g1,福利群,zs,2026-01-01 10:00,"A，plain",,,\n'
        "g1,,,,,u1,2026-01-02,\ng1,,,,,u2,2026-01-02,2026-02-01\ng2,,,,,u1,,\n"
    )
    with shop(tmp_path) as store:
        report = bring(store, "groups", text)
        assert (report.read, report.added, report.changed, report.rejected) == (4, 4, 0, ())
        # A group that nobody described bears its id.
        assert groups(store) == [("g1", "福利群", "zs", when("2026-01-01 10:00")), ("g2", "g2", None, None)]
        assert tags(store) == [("A", NOW, FOREVER), ("plain", NOW, FOREVER)]
        assert members(store) == [
            ("u1", when("2026-01-02"), FOREVER), ("u2", when("2026-01-02"), when("2026-02-01"))
        ]
        assert members(store, "g2") == [("u1", NOW, FOREVER)]
        assert bring(store, "groups", text, at=NOW + DAY).ignored == 4


def test_changes_and_what_a_row_leaves_out(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "groups", "group,name,owner\ng1,福利群,zs\n")
        # An absent column changes nothing; an empty cell makes the value unknown.
        report = bring(store, "groups", "group,owner\ng1,\n", at=NOW + DAY)
        assert (report.added, report.changed) == (0, 1)
        assert groups(store) == [("g1", "福利群", None, None)]
        # A membership row that repeats the group's columns says nothing by leaving one empty.
        report = bring(store, "groups", "group,name,owner,member\ng1,,ls,u1\ng1,福利一群,,u2\n", at=NOW + 2 * DAY)
        assert groups(store) == [("g1", "福利一群", "ls", None)]
        assert (report.read, report.added + report.changed, report.ignored) == (2, 2, 0)
        assert rows(store, "SELECT value FROM group_facts WHERE property = 'name' ORDER BY seq") == [
            ("福利群",), ("福利一群",)
        ]


def test_a_row_counts_once_whatever_it_brings(tmp_path: Path) -> None:
    text = "group,name,tags,member\ng1,福利群,plain,u1\ng1,福利群,plain,u2\ng1,福利群,plain,u2\n"
    with shop(tmp_path) as store:
        report = bring(store, "groups", text)
        assert (report.read, report.added + report.changed, report.ignored) == (3, 2, 1)
        assert (len(members(store)), len(tags(store)), groups(store)[0][1]) == (2, 1, "福利群")


def test_tags_of_groups_expire_and_exclude_one_another(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "groups", "group,tags\ng1,A;short\n")
        bring(store, "groups", '{"group": "g1", "tags": ["B"]}\n', ending="jsonl", at=NOW + DAY)
        assert tags(store) == [
            ("A", NOW, NOW + DAY), ("B", NOW + DAY, FOREVER), ("short", NOW, NOW + 30 * DAY)
        ]
        assert rows(store, "SELECT COUNT(*) FROM member_tags") == [(0,)]


@pytest.mark.parametrize(("row", "line_and_code"), [
    (",福利群,,,", (2, "S101")),
    ("g1,,nobody,,", (2, "S117")),
    ("g1,,A|nobody,,", (2, "S117")),
    ("g1,,,u9,", (2, "S116")),
    ("g1,,,,2026-01-01", (2, "S135")),
    ("g1,,,u1,yesterday", (2, "S111")),
])
def test_rejected_rows(tmp_path: Path, row: str, line_and_code: tuple[int, str]) -> None:
    text = f"group,name,tags,member,since\n{row}\ng2,,,u2,\n"
    with shop(tmp_path) as store:
        report = bring(store, "groups", text)
        assert faults(report) == [line_and_code]
        assert (report.read, report.added) == (2, 1)
        assert [group[0] for group in groups(store)] == ["g2"]
        strict = bring(store, "groups", text.replace("g2", "g3"), strict=True)
        assert (strict.stored, strict.added) == (False, 0)
        assert [group[0] for group in groups(store)] == ["g2"]


def test_unknown_tags_are_left_out_on_request(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        report = bring(store, "groups", "group,tags\ng1,A、nobody\n", ignore_unknown=True)
        assert (report.unknown, report.rejected) == ((("nobody", 1),), ())
        assert [tag for tag, *_ in tags(store)] == ["A"]


def test_backfilled_groups_arrive_with_their_earliest_fact(tmp_path: Path) -> None:
    text = "group,name,created,member,since\ng1,福利群,2026-01-05,,\ng1,,,u1,2026-01-03\n"
    with shop(tmp_path) as store:
        bring(store, "groups", text, backfill=True)
        assert rows(store, "SELECT arrived FROM groups") == [(when("2026-01-03"),)]
        assert rows(store, "SELECT backfilled FROM groups") == [(1,)]
        assert set(rows(store, "SELECT at, arrived, backfilled FROM group_facts")) == {
            (when("2026-01-05"), when("2026-01-05"), 1)
        }


def test_groups_arrive_with_the_import(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "groups", "group,created\ng1,2026-01-05\n")
        assert rows(store, "SELECT arrived, created FROM groups") == [(NOW, when("2026-01-05"))]


def test_a_stated_arrival_wins(tmp_path: Path) -> None:
    text = "group,member,since,arrived\ng1,u1,2026-01-03,2026-01-04\n"
    with shop(tmp_path) as store:
        bring(store, "groups", text, backfill=True)
        assert rows(store, "SELECT at, arrived FROM group_member_facts") == [(when("2026-01-03"), when("2026-01-04"))]
        assert rows(store, "SELECT arrived FROM groups") == [(when("2026-01-04"),)]


def test_extents_of_each_group_and_tag(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "groups", "group,tags,member,since\ng1,A,,\ng1,,u1,2026-01-02\ng1,,u2,2026-01-03\ng2,,u1,2026-01-04\n")
        found = rows(store, "SELECT relation, key, rows, max_at FROM extents WHERE relation LIKE 'group%' ORDER BY 1, 2")
        assert found == [
            ("group", 0, 2, NOW), ("group_member", 1, 2, when("2026-01-03")), ("group_member", 2, 1, when("2026-01-04")),
            ("group_tag", store.tag_number("A"), 1, NOW),
        ]


def test_the_writer_adds_groups_and_red_packets(tmp_path: Path) -> None:
    library = ir.Library(**{
        name: getattr(LIBRARY, name)
        for name in ("attributes", "events", "tags", "tag_groups", "segments", "metrics", "templates", "coupons")
    }, redpackets={"新客红包": ir.Redpacket("新客红包", 30, 500)})
    with shop(tmp_path) as store:
        with write_facts(store, library, zone=ZONE, random_bytes=counted_bytes) as writer:
            group = writer.add_group("g1", arrived=NOW)
            writer.add_group_fact(group, "name", "福利群", at=NOW, arrived=NOW)
            writer.add_group_tag(group, "plain", at=NOW, arrived=NOW)
            writer.add_group_member(group, 1, at=NOW, arrived=NOW)
        with write_facts(store, library, zone=ZONE, random_bytes=counted_bytes) as writer:
            writer.add_redpacket("k1", "新客红包", 1, "reserved", 120, at=NOW, arrived=NOW, cause=3)
            writer.add_redpacket("k2", "新客红包", 2, "reserved", 30, at=NOW, arrived=NOW, cause=4)
            writer.add_redpacket("k1", "新客红包", 1, "issued", 120, at=NOW + DAY, arrived=NOW + DAY, cause=3)
            writer.add_redpacket("k2", "新客红包", 2, "cancelled", 30, at=NOW + DAY, arrived=NOW + DAY, cause=4)
        assert groups(store) == [("g1", "福利群", None, None)]
        assert (tags(store), members(store)) == ([("plain", NOW, FOREVER)], [("u1", NOW, FOREVER)])
        assert rows(store, "SELECT code, unit, amount, taken, issued, cancelled FROM redpackets ORDER BY code") == [
            ("k1", 1, 120, NOW, NOW + DAY, None), ("k2", 2, 30, NOW, None, NOW + DAY)
        ]
        assert store.redpacket_number("新客红包") == 1
