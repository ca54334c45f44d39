"""Tags: gains, losses, intervals, expiry, exclusive groups."""

from __future__ import annotations

from pathlib import Path

from qingting.engine.program import ir
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.engine.stores.sqlite.held import rebuild_intervals
from stores.support import FOREVER, NOW, bring, faults, intervals, new_store, rows, when

DAY = ir.DAY


def shop(folder: Path) -> SqliteStore:
    store = new_store(folder)
    bring(store, "members", "id\nu1\nu2\n")
    return store


def test_since_and_until(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        report = bring(store, "tags", "客户号,标签,since,until\nu1,plain,2026-01-01,\nu2,plain,,\n")
        assert report.added == 2
        assert intervals(store) == [("plain", when("2026-01-01"), FOREVER)]
        assert intervals(store, "u2") == [("plain", NOW, FOREVER)]
        # A known since with an until closes the interval; so does an until alone.
        report = bring(store, "tags", "member,tag,since,until\nu1,plain,2026-01-01,2026-02-01\nu2,plain,,2026-12-01\n")
        assert (report.added, report.changed) == (0, 2)
        assert intervals(store) == [("plain", when("2026-01-01"), when("2026-02-01"))]
        assert intervals(store, "u2") == [("plain", NOW, when("2026-12-01"))]


def test_repeats_are_ignored(tmp_path: Path) -> None:
    text = "member,tag,since,until\nu1,plain,2026-01-01,2026-02-01\nu1,plain,2026-01-01,2026-02-01\nu2,plain,,\n"
    with shop(tmp_path) as store:
        assert bring(store, "tags", text).ignored == 1
        facts = rows(store, "SELECT COUNT(*) FROM tag_facts")
        # Later, a row without instants says nothing new of a tag that is held.
        assert bring(store, "tags", text, at=NOW + DAY).ignored == 3
        assert rows(store, "SELECT COUNT(*) FROM tag_facts") == facts


def test_a_row_without_instants_gains_again_what_the_file_takes(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,plain,2026-01-01\n")
        bring(store, "tags", "member,tag,until\nu1,plain,2026-02-01\nu1,plain,\n")
        assert intervals(store) == [
            ("plain", when("2026-01-01"), when("2026-02-01")), ("plain", NOW, FOREVER)
        ]


def test_expiry_counts_from_the_latest_gain(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,short,2026-01-01\nu1,month,2026-01-31\n")
        assert intervals(store) == [
            ("month", when("2026-01-31"), when("2026-02-28")), ("short", when("2026-01-01"), when("2026-01-31")),
        ]
        bring(store, "tags", "member,tag,since\nu1,short,2026-01-15\n")
        assert intervals(store)[1] == ("short", when("2026-01-01"), when("2026-02-14"))
        bring(store, "tags", "member,tag,since\nu1,short,2026-02-14\n")
        assert intervals(store)[2] == ("short", when("2026-02-14"), when("2026-03-16"))


def test_an_exclusive_group(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,A,2026-01-01\nu1,B,2026-02-01\nu2,A,2026-01-01\n")
        assert intervals(store) == [
            ("A", when("2026-01-01"), when("2026-02-01")), ("B", when("2026-02-01"), FOREVER),
        ]
        assert intervals(store, "u2") == [("A", when("2026-01-01"), FOREVER)]
        # One gained between ends the earlier and is ended by the later.
        bring(store, "tags", "member,tag,since\nu1,C,2026-01-20\n")
        assert intervals(store) == [
            ("A", when("2026-01-01"), when("2026-01-20")), ("B", when("2026-02-01"), FOREVER),
            ("C", when("2026-01-20"), when("2026-02-01")),
        ]
        facts = rows(store, "SELECT COUNT(*) FROM tag_facts")
        bring(store, "tags", "member,tag,since\nu1,C,2026-01-20\nu1,A,2026-01-01\n")
        assert rows(store, "SELECT COUNT(*) FROM tag_facts") == facts


def test_of_two_at_one_instant_the_last_to_arrive_is_held(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,A,2026-01-01\nu1,B,2026-01-01\n")
        assert intervals(store) == [("B", when("2026-01-01"), FOREVER)]


def test_what_an_exclusive_group_takes_arrives_with_what_took_it(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,A,2026-01-01\nu1,B,2026-02-01\n", backfill=True)
        assert rows(store, "SELECT given, at, arrived, backfilled, cause FROM tag_facts ORDER BY seq") == [
            (1, when("2026-01-01"), when("2026-01-01"), 1, None),
            (1, when("2026-02-01"), when("2026-02-01"), 1, None),
            (0, when("2026-02-01"), when("2026-02-01"), 1, None),
        ]


def test_faults(tmp_path: Path) -> None:
    text = (
        "member,tag,since,until\nu1,nope,,\nu9,plain,,\nu1,,,\nu1,plain,2026-02-01,2026-02-01\n"
        "u1,plain,2026-02-30,\nu2,plain,,\n"
    )
    with shop(tmp_path) as store:
        report = bring(store, "tags", text)
        assert faults(report) == [(2, "S117"), (3, "S116"), (4, "S101"), (5, "S127"), (6, "S111")]
        assert report.added == 1
        report = bring(store, "tags", "member,tag\nu1,nope\nu1,nope\n", ignore_unknown=True)
        assert (report.ignored, report.unknown) == (2, (("nope", 2),))


def test_bare_members_arrive_with_their_earliest_fact(tmp_path: Path) -> None:
    text = "member,tag,since\nn1,plain,2026-02-01\nn1,A,2026-01-01\n"
    with shop(tmp_path) as store:
        report = bring(store, "tags", text, create_members=True, backfill=True)
        assert (report.added, report.members) == (2, 1)
        assert rows(store, "SELECT arrived FROM members WHERE id = 'n1'") == [(when("2026-01-01"),)]


def test_intervals_of_several_tables_of_facts(tmp_path: Path) -> None:
    with shop(tmp_path) as store:
        bring(store, "tags", "member,tag,since\nu1,plain,2026-01-01\n")
        execute = store.connection.execute
        execute("CREATE TEMP TABLE run_tag_facts AS SELECT * FROM tag_facts WHERE 0")
        execute("CREATE TEMP TABLE run_member_tags AS SELECT * FROM member_tags WHERE 0")
        execute("CREATE TEMP TABLE run_pairs AS SELECT tag, unit FROM tag_facts")
        execute("INSERT INTO temp.run_tag_facts SELECT 99, unit, tag, 0, ?, ?, NULL, NULL, 0 FROM tag_facts",
                (NOW, NOW))
        rebuild_intervals(store.connection, "temp.run_pairs", ("tag_facts", "temp.run_tag_facts"),
                          "temp.run_member_tags")
        assert rows(store, "SELECT since, until FROM temp.run_member_tags") == [(when("2026-01-01"), NOW)]
        assert intervals(store) == [("plain", when("2026-01-01"), FOREVER)]
