"""Conditions told back: reading them gives the same condition, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine.program import ir
from qingting.engine.program.resolve import resolve_condition
from qingting.engine.program.scope import Context
from qingting.engine.program.words.conditions import describe, describe_total
from qingting.engine.program.words.values import bare
from qingting.grammar.parser import collect_names, parse_condition

from .places import AFTER_LESSON, GOAL, WAITING, meant
from .texts import LIBRARY, SETTINGS, check, condition_of

NAMED = (
    LIBRARY
    + """
attribute "首次下单" date
event 下单 with 订单号 文本, "最大" 数字, 到货 时间
attribute 已绑卡 是否
playbook "猫粮跟进"
  every day at 20:00
    step "首触"
      push wecom "猫粮种草"
"""
)

ENGLISH = [
    'tagged "新客"',
    'tagged "兴趣:*"',
    'not tagged "退订"',
    'tagged any of "新客", "老客"',
    'tagged "新客" and tagged "老客"',
    'tagged "退订" or tagged all of "新客", "老客"',
    'tagged "新客" within 3 days',
    'not tagged "新客" within 3 days',
    'city is "上海"',
    'city is not "a\\"b"',
    'city in "上海", "杭州"',
    'not city in "上海", "杭州"',
    'name contains "王"',
    "city is unknown",
    "points >= 500",
    "points between -0.5 and 1999",
    "bound is yes",
    "bound is not no",
    "spent >= ¥20.50",
    "birthday is 2000-02-29",
    "birthday < 2000-01-01",
    "joined exactly 3 days ago",
    "joined before 2026-01-01",
    "joined > 2026-01-01 20:00",
    "joined <= 2026-01-01",
    "joined since 2026-01-01",
    "joined between 2026-01-01 and 2026-01-31",
    "joined on 2026-01-01 20:00",
    "joined yesterday",
    "joined within the next 3 days",
    "birthday in 1 month",
    "anniversary of birthday today",
    "anniversary of lunar_birthday in 3 days",
    "anniversary of birthday within the next 3 days",
    "anniversary of birthday within 2 months",
    "anniversary of birthday between 7 days ago and 2 days ago",
    "anniversary of birthday this month",
    "did click",
    'did click "猫*" yesterday',
    'did click any of "狗*", "猫粮"',
    'did click "五\\*"',
    "did not order within 7 days",
    'did order where amount >= ¥50, store is "静安" at least 2 times within 30 days',
    'did order where store in "a", "b", qty > 1 within 90 minutes',
    'did order where (qty > 1 or store is "a") last week',
    "did order where arrives yesterday, (not qty is 1) exactly 3 times",
    'did order "猫粮2kg" at most 1 time last month',
    "did not order at least 3 times",
    "sum of order.amount within 90 days >= ¥300",
    'sum of order.qty "猫*" where store is "a" between 1 and 2.5',
    "number of order within 30 days >= 2",
    "number of order is known",
    "last order more than 45 days ago",
    "first order within 7 days",
    'last order has store is "静安", qty >= 2',
    'first order "猫*" where qty > 1 has amount < ¥5',
    'in segment "上海人"',
    "recent >= ¥300",
    'received "猫粮跟进"',
    'received "猫粮跟进" step "首触" at least 2 times within 30 days',
    'not received template "猫*" exactly 1 time today',
    'in sample 10% of "九月实验"',
    'in sample 33.33% to 50% of "九月实验"',
    '(tagged "新客" or points > 1) and not (points > 5 and city is known)',
    "did click between 7 days ago and 36 hours ago",
    "did click within 6 hours",
]
CHINESE = [
    '有标签 "新客" 且 昨天 做过 click "猫*" 且 7天内 未做过 下单 "猫粮2kg"',
    '无标签 "新客" 或 3天内 打上 "新客"',
    '有任一标签 "新客", "老客"',
    '3天内 有任一标签 "新客", "老客"',
    "积分 >= 2000",
    '姓名 包含 "王"',
    '跟进人 是 "张三"',
    "加好友时间 3天前当天",
    "加好友时间 2026-01-01到2026-01-31",
    "加好友时间 2026-01-01 20:00之前",
    "加好友时间 2026-01-01起",
    "加好友时间 2026-01-01当天",
    "已绑卡 为是",
    "今天 birthday 周年",
    "3天后当天 birthday 周年",
    "距今2到7天 做过 click",
    "距今36小时到7天 做过 click",
    '30天内 做过 下单 其中 金额 >= ¥50, 订单号 是 "静安" 至少2次',
    '做过 下单 其中 对象 是 "a", ("最大" > 5), 发生时间 昨天',
    "90天内 累计 下单.金额 >= ¥300",
    "90天内 累计 下单.金额 介于 ¥1 到 ¥2",
    "30天内 下单 次数 >= 2",
    '最近一次 下单 带有 订单号 是 "静安"',
    "最近一次 下单 距今超过45天",
    "首次 下单 7天内",
    '"首次下单" 有值',
    '属于分群 "上海人"',
    '30天内 收到过 "猫粮跟进" 步骤 "首触" 至少2次',
    '收到过话术 "猫*"',
    '抽样 10% 按 "九月实验"',
    '抽样 10% 到 20% 按 "九月实验"',
    "未来3天内 birthday 周年",
    "加好友时间 未来2小时内",
]


PLACED_ENGLISH = [
    "did order on at least 5 days within 7 days",
    "did order on at most 5 days",
    "did order on at least 1 day",
    "did order on 7 days in a row",
    'did order in category "猫粮" where qty > 1 at least 2 times within 3 days',
    "average of order.amount within 90 days >= ¥300",
    "largest of order.qty < 5",
    "smallest of order.qty is known",
    'number of distinct order.subject where store is "a" >= 2',
    'card has been "金卡" for 30 days',
    "bound has been no for 1 month",
    "card changed within 3 days",
    "not card changed",
    'tier is "A级用户"',
    '购买力 in "低", "高"',
    'holds coupon "满100减20"',
    'holds coupon "满100减20" expiring within the next 2 days',
    'used coupon "满100减20" at least 2 times within 7 days',
    'received redpacket "新客红包" exactly 3 times',
    'in playbook "猫粮跟进"',
    'not finished playbook "猫粮跟进" within 30 days',
    "invited",
    'invited at least 3 members where (tagged "新客" and did not click) within 7 days',
    "not invited at most 1 member",
    'due to reorder "猫粮2kg" within the next 3 days',
    'in group "福利群*"',
    "is friend",
    "is not friend",
    'source in group "线下门店"',
    'task "电话回访" done within 3 days',
    "today is workday",
    "today is not holiday",
    'did order during activity "双十一" phase "预热"',
    'tagged "新客" during activity "周五直播"',
    'did click since last order "猫*"',
    "joined since first click",
]
PLACED_CHINESE = [
    "7天内 至少5天 做过 order",
    "连续7天 做过 click",
    '做过 order 类目 "猫粮"',
    "90天内 平均 order.金额 >= ¥300",
    "去重数 order.对象 >= 2",
    '等级 是 "A级用户"',
    'card 保持 "金卡" 30天',
    "3天内 card 变更",
    '持有券 "满100减20" 未来2天内 过期',
    '7天内 用过券 "满100减20" 至少2次',
    '领过红包 "新客红包"',
    '正在剧本 "猫粮跟进"',
    '30天内 走完剧本 "猫粮跟进"',
    '7天内 邀请过 至少3人 其中 (有标签 "新客")',
    '未来3天内 该复购 "猫粮2kg"',
    '在群 "福利群*"',
    "是好友 或 不是好友",
    '来源 归入 "线下门店"',
    '任务 "电话回访" 未完成',
    "今天 是 节假日",
    '活动"双十一"阶段"预热"期间 做过 order',
    '最近一次 order "猫*" 后 做过 click',
]


@pytest.mark.parametrize("text", PLACED_ENGLISH)
def test_every_kind_in_english_as_written(text: str) -> None:
    assert describe(meant(text), "en") == text


@pytest.mark.parametrize("text", PLACED_CHINESE)
def test_every_kind_in_chinese_as_written(text: str) -> None:
    assert describe(meant(text), "zh") == text


@pytest.mark.parametrize("text", PLACED_ENGLISH + PLACED_CHINESE)
def test_every_kind_means_the_same_in_both_languages(text: str) -> None:
    for lang in ("zh", "en"):
        assert meant(describe(meant(text), lang)) == meant(text)


@pytest.mark.parametrize(
    "text",
    [
        "did order", "never did order", "ever did order", "not did order within 3 days", "ever did order on 2 days in a row",
        "did order since entry", 'did order since step "首触"', "card changed", "did order with same store",
    ],
)
@pytest.mark.parametrize("place", [GOAL, WAITING], ids=["goal", "wait"])
def test_what_is_limited_to_a_journey_keeps_its_limits(text: str, place: Context) -> None:
    place = replace(place, event="order")
    for lang in ("zh", "en"):
        assert meant(describe(meant(text, place), lang, limited=True), place) == meant(text, place)


def _joined(word: str) -> Callable[[list[str]], str]:
    return lambda parts: word.join(f"({part})" for part in parts)


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        inner.map("not ({})".format), inner.map("invited at least 2 members where ({})".format),
        several.map(_joined(" and ")), several.map(_joined(" or ")),
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.recursive(st.sampled_from(PLACED_ENGLISH + PLACED_CHINESE), _wider, max_leaves=6))
def test_what_is_put_together_means_the_same_in_both_languages(text: str) -> None:
    found = meant(text)
    for lang in ("zh", "en"):
        said = describe(found, lang)
        assert meant(said) == found
        assert describe(meant(said), lang) == said


def test_the_session_that_started_a_block() -> None:
    found = meant("did order during this session", AFTER_LESSON)
    assert [describe(found, lang) for lang in ("zh", "en")] == ["该场期间 做过 order", "did order during this session"]


@pytest.fixture(scope="module")
def program() -> ir.Program:
    return check(NAMED).program


def read(text: str, program: ir.Program) -> ir.Condition:
    written, problems = parse_condition(text, collect_names([NAMED]))
    assert problems == (), text
    assert written is not None
    found, diagnostics = resolve_condition(written, program, SETTINGS)
    assert found is not None, (text, diagnostics)
    return found


@pytest.mark.parametrize("text", ENGLISH)
def test_english_as_written(text: str, program: ir.Program) -> None:
    assert describe(read(text, program), "en") == text


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_as_written(text: str, program: ir.Program) -> None:
    assert describe(read(text, program), "zh") == text


@pytest.mark.parametrize("text", ENGLISH + CHINESE)
def test_both_languages_mean_the_same(text: str, program: ir.Program) -> None:
    meant = read(text, program)
    for lang in ("zh", "en"):
        assert read(describe(meant, lang), program) == meant


def test_everyone_and_nobody() -> None:
    assert [describe(ir.Always(True), lang) for lang in ("zh", "en")] == ["所有客户", "everyone"]
    assert describe(ir.Always(False), "en") == "nobody"


def test_names_that_could_be_read_otherwise_are_quoted() -> None:
    assert [bare(name) for name in ("城市", "最大", "首次下单", "a b", "加好友时间", "下单次数", "points")] == [
        "城市", '"最大"', '"首次下单"', '"a b"', "加好友时间", '"下单次数"', "points",
    ]


def test_what_no_line_can_say_is_still_told() -> None:
    strange = ir.Window(ir.Cutoff(ir.CutoffKind.YEAR, -1), ir.Cutoff(ir.CutoffKind.T, 0, 5))
    assert describe(ir.HasTag((ir.TextPattern("a"),), strange), "en") == 'tagged "a" [year-1+0us, t+0+5us)'
    assert describe(ir.Did(ir.EventQuery("order"), 2, 5), "en") == "did order at least 2 times at most 5 times"


def test_a_total_as_in_its_metric() -> None:
    total = check(LIBRARY).program.library.metrics["recent"]
    assert describe_total(total, "zh") == "90天内 累计 order.金额"
    assert describe_total(total, "en") == "sum of order.amount within 90 days"


def test_conditions_of_segments_are_read_with_the_library() -> None:
    assert describe(condition_of('in segment "上海人"'), "zh") == '属于分群 "上海人"'
