"""What is missing, in the words of operators and as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from insight.shop import Shop, block_of, when
from qingting.engine.insight.answers import Node
from qingting.engine.insight.missing.parts import Missing

Make = Callable[[str], Shop]
AT = "2026-11-20 20:00"
LIBRARY = """
属性 评分 数字
等级规则
  "金卡" 满 1000
  "银卡" 满 300
  "普通" 其余
券 "满50减5" 减¥5
"""


@pytest.fixture
def shop_with(tmp_path: Path) -> Make:
    def make(condition: str) -> Shop:
        shop = Shop(tmp_path, f'{LIBRARY}剧本 "甲"\n  面向 {condition}\n  每天 20:00\n    打标签 "已跟进"\n')
        assert not shop.program.blocked, shop.program.blocked
        unit = shop.member("M1", 城市="上海", 生日=19900305)
        with shop.facts() as writer:
            writer.add_points(unit, 220, "test", at=when("2026-11-02 10:00"), arrived=when("2026-11-02 10:00"))
            for number, at in enumerate(("2026-10-28 09:00", "2026-11-15 10:00")):
                writer.add_event(f"o{number}", "下单", unit, at=when(at), arrived=when("2026-11-15 10:00"), amount=6_000)
        return shop

    return make


def root(shop: Shop, lang: str, at: str = AT) -> Node:
    """The tree of the one audience."""
    return block_of(shop.explain("M1", at, lang=lang)).tree


CASES = [
    ("积分 >= 300", "还差 80 积分", "80 more points"),
    ("积分 < 200", "要少 21 积分", "21 points fewer"),
    ("等级 是 \"银卡\"", "还差 80 积分", "80 more points"),
    ("30天内 做过 下单 至少3次", "还差 1 次 下单,最迟 2026-11-27 08:59 周五", "1 more 下单, by 2026-11-27 08:59 Friday"),
    (
        "7天内 未做过 下单", "2026-11-22 10:00 周日 之前不再有 下单,到时自动成立",
        "no 下单 until 2026-11-22 10:00 Sunday; true from then on",
    ),
    (
        "90天内 累计 下单.金额 >= ¥200", "下单 的 金额 还差 ¥80,最迟 2027-01-26 08:59 周二",
        "¥80 more amount in 下单, by 2027-01-26 08:59 Tuesday",
    ),
    ("有标签 \"兴趣:猫粮\"", "打上标签 \"兴趣:猫粮\"", "tag \"兴趣:猫粮\""),
    ("无标签 \"企微好友\"", "去掉标签 \"企微好友\"", "tag \"企微好友\" taken away"),
    ("城市 是 \"杭州\"", "城市 要改成 \"杭州\"", "城市 set to \"杭州\""),
    ("评分 >= 4", "需要:评分 >= 4", "needed: 评分 >= 4"),
    ("今天 生日周年", "客户自己做不到,2027-03-05 周五 起成立", "cannot be made true by anything done; true from 2027-03-05 Friday"),
    ("昨天 做过 点击", "还差 1 次 点击,2026-11-21 周六 起算数", "1 more 点击; counts from 2026-11-21 Saturday"),
    ("持有券 \"满50减5\"", "发到券 \"满50减5\"", "coupon \"满50减5\" issued"),
    ("抽样 0.01% 按 \"甲\"", "由抽签决定,不会变", "decided by the member's draw, which never changes"),
]


@pytest.mark.parametrize(("condition", "chinese", "english"), CASES, ids=[case[0] for case in CASES])
def test_the_least_in_both_languages(shop_with: Make, condition: str, chinese: str, english: str) -> None:
    shop = shop_with(condition)
    for lang, text in (("zh", chinese), ("en", english)):
        node = root(shop, lang)
        assert not node.true
        assert [part.text for part in node.missing] == [text]


def test_of_several_tests_all_is_missing_and_of_alternatives_the_cheapest_comes_first(shop_with: Make) -> None:
    both = root(shop_with('积分 >= 300 且 (有标签 "兴趣:猫粮" 或 30天内 做过 点击 至少2次) 且 城市 是 "上海"'), "zh")
    points, ways = both.missing
    assert (points.kind, points.number) == ("points", 80)
    assert ways.text == '打上标签 "兴趣:猫粮";或者 还差 2 次 点击'
    assert [[part.kind for part in way] for way in ways.ways] == [["tag"], ["event"]]
    assert [bool(child.missing) for child in both.children] == [True, True, False]


def test_what_becomes_true_later_moves_the_deadline_of_the_rest(shop_with: Make) -> None:
    node = root(shop_with("今天 生日周年 且 30天内 做过 下单"), "en", "2026-12-31 12:00")
    assert [part.text for part in node.missing] == [
        "cannot be made true by anything done; true from 2027-03-05 Friday",
        "1 more 下单, from 2027-02-03 00:01 Wednesday on",
    ]


def test_as_data(shop_with: Make) -> None:
    node = root(shop_with("90天内 累计 下单.金额 >= ¥200"), "en")
    assert node.to_json()["missing"] == [{
        "kind": "event", "text": "¥80 more amount in 下单, by 2027-01-26 08:59 Tuesday", "name": "下单", "number": 1,
        "values": {"amount": 80.0}, "by": "2027-01-26T08:59:59.999999+08:00",
    }]


def test_nothing_is_missing_of_a_true_test(shop_with: Make) -> None:
    node = root(shop_with('城市 是 "上海" 且 30天内 做过 下单'), "zh")
    assert node.true
    assert node.missing == ()
    assert node.to_json()["missing"] == []


RULED = """
全局规则
  永不推送 有标签 "退订"
  每人3天最多1条
剧本 "甲"
  再进间隔7天
  每天 20:00
    推送 企微 "问候"
剧本 "乙"
  每天 21:00
    推送 企微 "问候"
"""


def test_rules_say_when_they_end(tmp_path: Path) -> None:
    shop = Shop(tmp_path, RULED)
    unit = shop.member("M1")
    shop.run("2026-11-01 20:00")
    with shop.facts() as writer:
        writer.add_tag(unit, "退订", at=when("2026-11-01 20:30"), arrived=when("2026-11-01 20:30"))
    rules = {rule.test: rule for rule in block_of(shop.explain("M1", "2026-11-01 21:00", "甲", "en")).rules}
    ends = {test: [part.text for part in rule.missing] for test, rule in rules.items()}
    assert ends == {
        "again after 7 days": ["from 2026-11-08 20:00 Sunday on"],
        'never push members who tagged "退订"': ['tag "退订" taken away'],
        "at most 1 push per 3 days per member": ["from 2026-11-04 20:00 Wednesday on"],
    }


def test_a_verdict_names_what_won_instead(tmp_path: Path) -> None:
    shop = Shop(tmp_path, RULED)
    shop.member("M1")
    shop.run("2026-11-01 20:00")
    (step,) = block_of(shop.explain("M1", "2026-11-01 21:00", "乙", "en")).steps
    assert (step.verdict, step.reason) == ("suppressed", "cap")
    assert step.why is not None
    assert step.why.startswith('has had as many pushes as a cap allows: push "问候" of playbook "甲" (record ')
    assert [child.value for child in step.cause[0].children] == ["2026-11-01T20:00:00+08:00"]


def test_no_kind_is_without_a_sentence() -> None:
    part = Missing("points", "x", "UTC", number=1)
    assert part.to_json() == {"kind": "points", "text": "x", "number": 1}


LEAVING = """
剧本 "甲"
  转化目标 城市 是 "上海" 最长7天
  每天 20:00
    打标签 "已跟进"
剧本 "乙"
  退出条件 有标签 "退订"
  每天 20:00
    打标签 "已跟进"
"""


def test_who_reached_the_goal_or_may_not_stay_is_told_why(tmp_path: Path) -> None:
    shop = Shop(tmp_path, LEAVING)
    unit = shop.member("M1", 城市="上海")
    with shop.facts() as writer:
        writer.add_tag(unit, "退订", at=when("2026-11-01 08:00"), arrived=when("2026-11-01 08:00"))
    for playbook, reason, test in (("甲", "goal_reached", '转化目标 城市 是 "上海" 最长7天'), ("乙", "exited", '退出条件 有标签 "退订"')):
        (step,) = block_of(shop.explain("M1", "2026-11-01 20:00", playbook)).steps
        assert (step.reason, [node.test for node in step.cause]) == (reason, [test])
    shop.run("2026-11-01 20:00")
    causes = [shop.explain_record(seq).record for seq, *_ in shop.records("M1")]
    assert [[node.test for node in record.cause] for record in causes if record is not None] == [
        ['退出条件 有标签 "退订"'], ['转化目标 城市 是 "上海" 最长7天'],
    ]
