"""Members: columns in both languages, changes of attributes, balances, arrival."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program import ir
from stores.support import NOW, bring, faults, new_store, present, rows, when

DAY = ir.DAY


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("csv", """id,name,joined,城市,身高,余额,生日,lunar_birthday,bound,card
u1,"王, 五",2026-01-02 03:04,上海,1.75,20.5,1990-02-28,08-15,yes,金卡
"""),
        ("csv", """\ufeff客户号,姓名,加好友时间,城市,身高,余额,生日,lunar_birthday,bound,card\r
  u1 ,"王, 五",2026-01-02T03:04+08:00, 上海 ,1.75,20.5,1990-02-28,08-15,是,金卡\r
"""),
        ("jsonl", """{"客户号": "u1", "姓名": "王, 五", "joined": "2026-01-01T19:04Z", "城市": "上海", "身高": 1.75, \
"余额": 20.50, "生日": "1990-02-28", "lunar_birthday": "08-15", "bound": true, "card": "金卡"}

"""),
        ("ndjson", """{"id": "u1", "name": "王, 五", "joined": "2026-01-02 03:04", "城市": "上海", "身高": "1.75", \
"余额": "20.5", "生日": "1990-02-28", "lunar_birthday": "08-15", "bound": "true", "card": "金卡"}"""),
    ],
)
def test_both_languages_and_formats(tmp_path: Path, ending: str, text: str) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", text, ending=ending)
        assert (report.read, report.added, report.rejected) == (1, 1, ())
        found = {name: present(store, "u1", name) for name in store.attributes()}
        expected = {
            "name": "王, 五", "joined": when("2026-01-02 03:04"), "城市": "上海", "身高": 1_750_000, "余额": 2050,
            "生日": 19900228, "lunar_birthday": 815, "bound": 1, "card": "金卡",
        }
        assert {name: value for name, value in found.items() if value is not None} == expected


def test_values_that_do_not_differ_are_no_facts(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市,bound\nu1,上海,yes\nu2,杭州,no\n")
        report = bring(store, "members", "id,城市\nu1,上海\nu2,宁波\n", at=NOW + DAY)
        assert (report.added, report.changed, report.ignored) == (0, 1, 1)
        assert present(store, "u2", "城市") == "宁波"
        assert present(store, "u2", "bound") == 0
        assert rows(store, "SELECT COUNT(*) FROM attribute_facts") == [(5,)]


def test_an_empty_cell_makes_unknown_and_an_absent_column_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市,身高\nu1,上海,1.8\n")
        assert bring(store, "members", "id,城市\nu1,\n").changed == 1
        assert bring(store, "members", '{"id": "u1", "城市": null}', ending="jsonl").ignored == 1
        assert (present(store, "u1", "城市"), present(store, "u1", "身高")) == (None, 1_800_000)


def test_a_value_from_before_does_not_replace_the_present_one(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市,at\nu1,上海,2026-05-01\n")
        report = bring(store, "members", "id,城市,at\nu1,杭州,2026-04-01\nu1,杭州,2026-04-15\nu1,上海,2026-06-01\n")
        assert (report.changed, report.ignored) == (1, 2)
        assert present(store, "u1", "城市") == "上海"
        assert rows(store, "SELECT at, arrived, backfilled FROM attribute_facts WHERE value = '杭州'") == [
            (when("2026-04-01"), NOW, 0)
        ]


def test_a_member_twice_in_one_file(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", "id,城市\nu1,上海\nu1,杭州\nu1,杭州\n")
        assert (report.added, report.changed, report.ignored) == (1, 1, 1)
        assert present(store, "u1", "城市") == "杭州"


def test_points_book_the_difference(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,积分\nu1,500\nu2,0\n")
        report = bring(store, "members", "id,points\nu1,480\nu2,0\nu3,\n", at=NOW + DAY)
        assert (report.added, report.changed, report.ignored) == (1, 1, 1)
        assert rows(store, "SELECT delta, at FROM points ORDER BY seq") == [(500, NOW), (-20, NOW + DAY)]
        assert rows(store, "SELECT id, points FROM members ORDER BY id") == [("u1", 480), ("u2", 0), ("u3", 0)]
        # An earlier balance is compared with the ledger as it was then.
        bring(store, "members", "id,points,at\nu1,10,2026-01-01\nu1,30,2026-01-02\n")
        ledger = rows(store, "SELECT delta FROM points WHERE at < ? ORDER BY at", NOW)
        assert ledger == [(10,), (20,)]


def test_arrival(tmp_path: Path) -> None:
    arrivals = "SELECT id, arrived FROM members ORDER BY id"
    text = "id,joined,at\nu1,2026-01-01,2026-02-01\nu2,2026-01-01,\nu3,,\n"
    with new_store(tmp_path) as store:
        bring(store, "members", text)
        assert {arrived for _, arrived in rows(store, arrivals)} == {NOW}
    (tmp_path / "old").mkdir()
    with new_store(tmp_path / "old") as store:
        bring(store, "members", text, backfill=True)
        assert rows(store, arrivals) == [("u1", when("2026-02-01")), ("u2", when("2026-01-01")), ("u3", NOW)]
        assert rows(store, "SELECT DISTINCT backfilled FROM attribute_facts") == [(1,)]
        bring(store, "members", "id,城市,at,arrived\nu9,上海,2026-03-01,2026-04-01\n")
        assert rows(store, "SELECT arrived, seq FROM members WHERE id = 'u9'")[0][0] == when("2026-04-01")
        assert rows(store, "SELECT at, arrived FROM attribute_facts WHERE value = '上海'") == [
            (when("2026-03-01"), when("2026-04-01"))
        ]


def test_pseudonyms_are_apart(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id\nu1\nu2\n")
        found = rows(store, "SELECT pseudonym FROM members")
        assert len(set(found)) == 2
        assert all(len(pseudonym) == 16 for (pseudonym,) in found)


def test_bad_rows_are_left_out_and_told_by_line(tmp_path: Path) -> None:
    text = (
        "id,生日,城市,timezone,card,at\n"
        "u1,2026-02-30,,,,\n"
        ",,,,,\n"
        " ,2000-01-01,,,,\n"
        "u2,1990-01-01,\"上\n海\",Asia/Shanghai,,\n"
        "u3,,,Mars/Base,,\n"
        "u4,,,,铜卡,\n"
        "u5,,,,\n"
        "u6,,,,,,\n"
        "u7,,,,,1762862400\n"
        "u8,,上\0海,,,\n"
        "u9,,,UTC,银卡,2026-01-01\n"
    )
    with new_store(tmp_path) as store:
        report = bring(store, "members", text)
        assert faults(report) == [
            (2, "S109"), (4, "S101"), (7, "S114"), (8, "S115"), (9, "S123"), (10, "S122"), (11, "S112"), (12, "S103"),
        ]
        assert (report.read, report.added) == (10, 2)
        assert rows(store, "SELECT id FROM members ORDER BY id") == [("u2",), ("u9",)]
        assert present(store, "u2", "城市") == "上\n海"


def test_bad_json_lines(tmp_path: Path) -> None:
    lines = [
        '{"id": "u1"', "[1]", '{"id": "u2", "id": "u3"}', '{"id": 5}', '{"id": "u4", "城市": ["上海"]}',
        '{"id": "u5", "身高": NaN}', '{"id": "u6", "nope": 1}', "[" * 50_000, '{"id": "u7", "name": "\\ud800"}',
        '{"id": "u8", "身高": 1e999999999}', '{"id": null}', '{"name": "x"}', '{"id": "u9", "城市": 7}',
        '{"id": "u10", "身高": ' + "9" * 5000 + "}", '{"id": "ok"}',
    ]
    with new_store(tmp_path) as store:
        report = bring(store, "members", "\n".join(lines), ending="jsonl")
        codes = "S124 S125 S126 S102 S128 S124 S121 S124 S105 S108 S101 S101 S102 S124"
        assert [code for _, code in faults(report)] == codes.split()
        assert [line for line, _ in faults(report)] == list(range(1, 15))
        assert rows(store, "SELECT id FROM members") == [("ok",)]


def test_strict_takes_all_or_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", "id,生日\nu1,2000-01-01\nu2,2000-02-30\n", strict=True)
        assert (report.stored, report.added, faults(report)) == (False, 0, [(3, "S109")])
        assert rows(store, "SELECT COUNT(*) FROM members") == [(0,)]
        assert (store.next_seq, store.tags()) == (1, {})
        assert bring(store, "members", "id,生日\nu1,2000-01-01\n", strict=True).stored


def test_unknown_columns_can_be_left_out(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", "id,星座,城市\nu1,狮子,上海\n", ignore_unknown=True)
        assert (report.added, report.unknown) == (1, (("星座", 1),))
        report = bring(store, "members", '{"id": "u2", "星座": 1}\n{"id": "u3", "星座": 1}', ending="jsonl",
                       ignore_unknown=True)
        assert report.unknown == (("星座", 2),)


def test_extents(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市\nu1,上海\nu2,杭州\n")
        bring(store, "members", "id,城市,at\nu1,宁波,2026-12-01\nu3,宁波,2026-01-01\n", at=NOW + 5)
        number = store.attribute_number("城市")
        assert rows(store, "SELECT rows, units, min_at, max_at, max_arrived FROM extents"
                           " WHERE relation = 'attribute' AND key = ?", number) == [
            (4, 3, when("2026-01-01"), when("2026-12-01"), NOW + 5)
        ]
        assert rows(store, "SELECT rows, units, max_seq FROM extents WHERE relation = 'member'") == [(3, 3, 5)]


def test_the_built_in_columns_are_facts(tmp_path: Path) -> None:
    text = "客户号,姓名,来源,邀请人,跟进人,加好友时间,时区\nu1,王五,静安店,u0,zs,2026-01-01 10:00,Asia/Tokyo\n"
    said = {
        "name": "王五", "source": "静安店", "inviter": "u0", "staff": "zs", "joined": when("2026-01-01 10:00"),
        "timezone": "Asia/Tokyo",
    }
    with new_store(tmp_path) as store:
        bring(store, "members", text)
        assert {name: present(store, "u1", name) for name in said} == said
        facts = rows(store, "SELECT a.name, f.value, f.at FROM attribute_facts f JOIN attributes a USING (attribute)")
        assert {(name, value, at) for name, value, at in facts} == {(name, value, NOW) for name, value in said.items()}
