"""Two ids that are one person: what is known comes together, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import Any

import pytest
from qingting.engine.workspace import ImportSwitches
from qingting.grammar.diagnostics import UsageError
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
AT = "2026-11-19 09:00"
LATER = "2026-11-19 09:30"
DECLARED = """
属性 手机 文本
券 "立减5" 减¥5
  有效期 7天
  库存 10
  每人限2张
红包 "见面礼" ¥1 到 ¥3 随机
  预算 ¥100
"""
JOURNEY = DECLARED + """
剧本 "甲"
  {reentry}
  面向 有标签 "新客"
  每天 10:00
    推送 企微 "问候"
    等待 3天
    打标签 "老客"
"""
CAPPED = """
全局规则
  时区 Asia/Shanghai
  每人每天最多1条
剧本 "甲"
  面向 有标签 "新客"
  每天 10:00
    推送 企微 "问候"
剧本 "乙"
  面向 有标签 "老客"
  每天 11:00
    推送 企微 "推荐"
"""


def merged(shop: Shop, old: str = "u1", into: str = "u2", at: str = AT) -> bool:
    return shop.ws.members.merge(old, into, at=when(at))


def of(shop: Shop, member: str) -> list[str]:
    return [f"{r.step} {r.reason or r.t.strftime('%d %H:%M')}" for r in shop.log(member=member)]


def known(shop: Shop) -> Shop:
    """A shop that knows all sorts of things about u1 and u2, who are one person."""
    shop.bring("members", [
        {"id": "u1", "姓名": "王芳", "手机": "139", "points": 120, "joined": "2026-11-18 01:00"},
        {"id": "u2", "姓名": "芳芳", "points": 30}, {"id": "u3", "inviter": "u1"},
    ])
    shop.tag("新客", "u1")
    shop.event("下单", "u1", at="2026-11-18 09:00", 门店="静安")
    shop.bring("coupons", [{"coupon": "立减5", "member": "u1", "code": "C1", "issued": "2026-11-18 08:00"}])
    shop.bring("friends", [{"member": "u1", "staff": "zs", "since": "2026-11-18 08:00"}])
    shop.bring("groups", [{"group": "g1", "name": "一群"}, {"group": "g1", "member": "u1", "since": "2026-11-18 08:00"}])
    return shop


CONDITIONS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ('姓名 是 "芳芳"', ("u2",), ("u2",)),
    ('姓名 是 "王芳"', ("u1",), ()),
    ('手机 是 "139"', ("u1",), ("u2",)),
    ('有标签 "新客"', ("u1",), ("u2",)),
    ('做过 下单 where 门店 是 "静安"', ("u1",), ("u2",)),
    ("积分 等于 150", (), ("u2",)),
    ("积分 大于 0", ("u1", "u2"), ("u2",)),
    ('持有券 "立减5"', ("u1",), ("u2",)),
    ('在群 "一群"', ("u1",), ("u2",)),
    ("是好友", ("u1",), ("u2",)),
    ('邀请人 是 "u1"', ("u3",), ()),
    ('邀请人 是 "u2"', (), ("u3",)),
    ("邀请过 至少1人", ("u1",), ("u2",)),
    ('城市 是 "上海"', ("u1", "u2", "u3", "u4"), ("u2", "u3", "u4")),
]


def test_what_was_known_of_the_old_id_is_known_of_the_other(open_shop: Open) -> None:
    shop = known(open_shop(DECLARED))
    for condition, before, _ in CONDITIONS:
        assert shop.who(condition, LATER) == before, condition
    assert merged(shop)
    for condition, before, after in CONDITIONS:
        assert shop.who(condition, LATER) == after, condition
        # Before the merge all was as it was.
        assert shop.who(condition, "2026-11-19 08:59") == before, condition


def test_what_comes_later_for_the_old_id_is_the_others(open_shop: Open) -> None:
    shop = known(open_shop(DECLARED))
    merged(shop)
    shop.event("点击", "u1", at="2026-11-19 10:00")
    shop.tag("老客", "u1", at="2026-11-19 10:00")
    shop.bring("coupons", [{"coupon": "立减5", "member": "u1", "code": "C1", "used": "2026-11-19 10:00"}], "2026-11-19 10:00")
    shop.bring("members", [{"id": "u1", "姓名": "旧名"}], "2026-11-19 10:00")
    for condition in ("做过 点击", '有标签 "老客"', '用过券 "立减5"', '姓名 是 "芳芳"'):
        assert shop.who(condition, "2026-11-19 11:00") == ("u2",), condition
    assert "u1" not in shop.who("城市 有值", "2026-11-19 11:00")


def test_the_same_events_again_are_the_same(open_shop: Open) -> None:
    shop = known(open_shop(DECLARED))
    merged(shop)
    row = {"id": "e1", "type": "下单", "at": "2026-11-18 09:00", "门店": "静安"}
    shop.bring("events", [{**row, "member": "u1"}], LATER)
    shop.bring("events", [{**row, "member": "u2"}], LATER)
    assert shop.rows("SELECT id FROM events ORDER BY id") == [("e1",), ("merged:e1",)]


def test_stock_counts_each_coupon_once(open_shop: Open) -> None:
    text = DECLARED + '剧本 "丙"\n  面向 有标签 "新客"\n  每天 10:00\n    发券 "立减5"\n    推送 企微 "问候" 附红包 "见面礼"\n'
    shop = known(open_shop(text))
    shop.run("2026-11-18 10:00")
    shop.deliver("2026-11-18 10:01")
    (stock,) = shop.plan("2026-11-19 10:00").report.playbooks[0].stock
    (budget,) = shop.plan("2026-11-19 10:00").report.playbooks[0].budgets
    merged(shop)
    report = shop.plan("2026-11-19 10:00").report.playbooks[0]
    assert report.stock[0].before == stock.before == 8
    assert report.budgets[0].before == budget.before < 10_000
    # u2 has u1's two, and may have no more.
    assert next((s.action, dict(s.suppressed)) for s in report.steps) == ("coupon", {"per_member_limit": 1})


def test_it_starts_nothing(open_shop: Open) -> None:
    text = DECLARED + "".join(
        f'剧本 "{name}"\n  当 {trigger}\n    打标签 "已触达"\n'
        for name, trigger in (
            ("一", "下单"), ("二", '打上标签 "新客"'), ("三", '进群 "一群"'), ("四", "加好友"), ("五", "手机 变更"), ("六", '用券 "立减5"'),
        )
    )
    shop = open_shop(text)
    shop.run("2026-11-18 07:00")
    known(shop)
    shop.run("2026-11-18 23:00")
    before = len(shop.log())
    assert before
    merged(shop)
    assert shop.run(LATER).report.records == 0
    assert len(shop.log()) == before


def test_the_old_journey_ends_and_the_others_goes_on(open_shop: Open) -> None:
    shop = open_shop(JOURNEY.format(reentry="每人仅一次"))
    shop.tag("新客", "u1", "u2")
    shop.run("2026-11-18 10:00")
    merged(shop)
    report = shop.run(LATER)
    assert dict(report.report.playbooks[0].left) == {"merged": 1}
    left = "SELECT m.id, e.why, e.ended FROM enrolments e JOIN members m ON m.unit = e.unit ORDER BY m.id"
    assert shop.rows(left) == [("u1", "merged", micros(LATER)), ("u2", None, None)]
    shop.run("2026-11-21 10:00")
    assert of(shop, "u1") == ['push "问候" 18 10:00']
    assert of(shop, "u2") == ['push "问候" 18 10:00', 'tag "老客" 21 10:00']


@pytest.mark.parametrize("reentry", ["每人每月仅一次", "每人最多1次", "全剧本每人仅一次"])
def test_who_had_it_under_the_old_id_does_not_get_it_again(open_shop: Open, reentry: str) -> None:
    shop = open_shop(JOURNEY.format(reentry=reentry))
    shop.tag("新客", "u1")
    shop.run("2026-11-18 10:00")
    merged(shop)
    shop.run("2026-11-19 10:00")
    assert of(shop, "u2") == []
    assert shop.who('有标签 "新客"', "2026-11-19 10:00") == ("u2",)


def test_pushes_to_the_old_id_count_for_the_cap(open_shop: Open) -> None:
    shop = open_shop(CAPPED)
    shop.tag("新客", "u1")
    shop.tag("老客", "u2", "u3")
    shop.run("2026-11-18 10:30")
    shop.deliver("2026-11-18 10:31")
    merged(shop, at="2026-11-18 10:45")
    shop.run("2026-11-18 11:00")
    assert of(shop, "u2") == ['push "推荐" cap']
    assert of(shop, "u3") == ['push "推荐" 18 11:00']


def test_what_waits_for_the_old_id_is_withdrawn(open_shop: Open) -> None:
    shop = open_shop(CAPPED)
    shop.tag("新客", "u1")
    shop.run("2026-11-18 10:30")
    merged(shop, at="2026-11-18 10:45")
    assert shop.deliver("2026-11-18 10:46").withdrawn == 1
    (record,) = shop.log()
    assert record.delivery is not None
    assert (record.delivery.outcome, record.delivery.reason) == ("withdrawn", "merged")


def test_explaining_the_old_id_names_the_other(open_shop: Open) -> None:
    shop = open_shop()
    merged(shop)
    (note,) = shop.ws.explain("u1", at=when(LATER)).notes
    assert note.text == "2026-11-19T09:00:00+08:00 起并入了 u2,由 u2 继续"
    assert shop.ws.explain("u1", at=when("2026-11-19 08:00")).notes == ()


def test_what_cannot_be_merged(open_shop: Open) -> None:
    shop = open_shop()
    for done, old, into, code in (
        (None, "u1", "nobody", "C128"), (None, "nobody", "u1", "C128"), (None, "u1", "u1", "C295"),
        (("u1", "u2"), "u2", "u1", "C295"), (None, "u1", "u3", "C296"), (("u2", "u3"), "u3", "u1", "C295"),
    ):
        assert done is None or merged(shop, *done)
        before = shop.dump()
        with pytest.raises(UsageError) as caught:
            merged(shop, old, into)
        assert caught.value.code == code
        assert shop.dump() == before


def test_again_is_no_news(open_shop: Open) -> None:
    shop = known(open_shop(DECLARED))
    assert merged(shop)
    assert not merged(shop)
    assert shop.who("积分 等于 150", LATER) == ("u2",)


def test_a_chain_ends_at_the_last(open_shop: Open) -> None:
    shop = known(open_shop(DECLARED))
    merged(shop)
    merged(shop, "u2", "u3", at=LATER)
    assert shop.who('积分 等于 150 且 姓名 是 "芳芳" 且 持有券 "立减5"', "2026-11-19 10:00") == ("u3",)
    assert shop.who("积分 大于 0", LATER.replace("30", "29")) == ("u2",)
    shop.event("点击", "u1", at="2026-11-19 11:00")
    assert shop.who("做过 点击", "2026-11-19 11:00") == ("u3",)


def bring(shop: Shop, rows: list[dict[str, Any]], at: str = AT, **switches: Any) -> Any:
    path = shop.root / "rows.jsonl"
    path.write_text("".join(dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return shop.ws.import_file("members", path, at=when(at), switches=ImportSwitches(**switches))[0]


def test_a_column_of_the_members_file_says_it_for_many(open_shop: Open) -> None:
    """In any order, new ids among them; the next night's file changes nothing."""
    shop = known(open_shop(DECLARED))
    rows: list[dict[str, Any]] = [
        {"id": "u1", "并入": "u2", "姓名": "不看"}, {"id": "u2", "merged_into": "n9"}, {"id": "n8", "merged_into": "u4"}, {"id": "n9"},
        {"id": "u4", "merged_into": ""},
    ]
    report = bring(shop, rows)
    assert (report.merged, report.rejected, report.added) == (3, (), 2)
    assert shop.who('积分 等于 150', LATER) == ("n9",)
    again = bring(shop, rows, LATER)
    assert (again.merged, again.added, again.changed, again.rejected, again.ignored) == (0, 0, 0, (), 5)
    assert shop.who("城市 有值", "2026-11-19 10:00") == ("n9", "u3", "u4")


def test_a_file_that_replaces_all_does_not_bring_the_old_id_back(open_shop: Open) -> None:
    shop = open_shop()
    merged(shop)
    report = bring(shop, [{"id": "u1", "城市": "旧城"}, {"id": "u2", "城市": "上海"}, {"id": "u3"}], LATER, replace="all")
    assert (report.removed, report.ignored) == (1, 2)
    assert shop.who('无标签 "退订"', "2026-11-19 10:00") == ("u2", "u3")


def test_rows_that_cannot_be_merged_are_told_by_line(open_shop: Open) -> None:
    shop = open_shop()
    rows = [
        {"id": "u1", "merged_into": "nobody"}, {"id": "u2", "merged_into": "u2"}, {"id": "u3", "merged_into": "u4"},
        {"id": "u4", "merged_into": "u3"}, {"id": "u3", "merged_into": "u1"},
    ]
    report = bring(shop, rows)
    assert [(r.line, r.code) for r in report.rejected] == [(1, "C294"), (2, "C295"), (4, "C295"), (5, "C296")]
    assert report.merged == 1
    strict = open_shop()
    refused = bring(strict, rows, strict=True)
    assert not refused.stored
    assert strict.rows("SELECT count(*) FROM merges") == [(0,)]


def test_the_person_is_erased_by_either_id(open_shop: Open) -> None:
    for member in ("u1", "u2"):
        shop = known(open_shop(DECLARED))
        merged(shop)
        erased = shop.ws.members.erase([member], at=when(LATER))
        assert (erased.persons, erased.ids) == (1, 2)
        assert shop.rows("SELECT id FROM members ORDER BY id") == [("u3",), ("u4",)]
        assert shop.rows("SELECT count(*) FROM merges") == [(0,)]
        assert shop.rows("SELECT count(*) FROM erasures") == [(2,)]


def test_what_was_received_or_finished_under_the_old_id_counts(open_shop: Open) -> None:
    shop = open_shop("""
话术 "早安1"
  正文 "早"
话术 "早安2"
  正文 "早啊"
剧本 "甲"
  面向 有标签 "新客"
  每天 10:00
    推送 企微 "早安1"
    等待 10分钟
剧本 "乙"
  面向 有标签 "老客"
  每天 11:00
    推送 企微 轮换 "早安*" 30天内不重样
""")
    shop.tag("新客", "u1")
    shop.tag("老客", "u2", "u3")
    shop.run("2026-11-18 10:30")
    shop.deliver("2026-11-18 10:31")
    merged(shop, at="2026-11-18 10:45")
    for condition in ('收到过话术 "早安1"', '收到过 "甲" 至少1次 30天内', '走完剧本 "甲"'):
        assert shop.who(condition, "2026-11-18 10:50") == ("u2",), condition
        assert shop.who(condition, "2026-11-18 10:44") == ("u1",), condition
    explained = shop.ws.explain("u2", at=when("2026-11-18 11:00"), playbook="乙")
    assert [step.verdict for block in explained.playbooks[0].blocks for step in block.steps] == ["dispatched"]
    shop.run("2026-11-18 11:00")
    assert {r.member_id: (r.content or "").partition("@")[0] for r in shop.log(playbook="乙")} == {"u2": "早安2", "u3": "早安1"}


def test_explaining_agrees_with_what_was_counted(open_shop: Open) -> None:
    shop = open_shop(CAPPED)
    shop.tag("新客", "u1")
    shop.tag("老客", "u2")
    shop.run("2026-11-18 10:30")
    merged(shop, at="2026-11-18 10:45")
    shop.run("2026-11-18 11:00")
    (record,) = shop.log(member="u2")
    explained = shop.ws.explain("u2", at=when(AT), dispatch=record.id)
    assert explained.record is not None
    assert (explained.record.reason, explained.record.agrees) == ("cap", True)
