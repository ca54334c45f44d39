"""Everyday Chinese is answered with the exact words, and a line mended so is read."""

from __future__ import annotations

import pytest
from parsing.plain import told
from qingting.grammar.everyday_words import read_number
from qingting.grammar.fixes import apply_edits
from qingting.grammar.messages import render
from qingting.grammar.parser import collect_names, parse_condition, parse_text

NAMES = collect_names([
    "属性 城市 文本\n属性 生日 日期\n属性 会员到期日 日期\n属性 已绑卡 是否\n事件 点击\n事件 签到\n事件 看直播\n"
    "事件 下单 含 门店 文本\n指标 近期消费 = 90天内 累计 下单.金额\n"
])

SAFE_TESTS = [
    ('标签 "新客"', "标签", "有标签"),
    ('客户标签包含 "新客"', "客户标签包含", "有标签"),
    ('不包含标签 "新客"', "不包含标签", "无标签"),
    ("30天内 做过 下单 超过3次", "超过3次", "至少4次"),
    ("30天内 做过 下单 不到3次", "不到3次", "最多2次"),
    ("做过 下单 至少两次", "至少两次", "至少2次"),
    ("做过 下单 两次以上", "两次以上", "至少2次"),
    ("最近30天内 下单 超过3次", "超过3次", "次数 > 3"),
    ("做过 下单 金额大于100", "金额", "其中 金额"),
    ("最近30天内 没买过猫粮2kg", "没买过猫粮2kg", '未做过 下单 "猫粮2kg"'),
    ("最近30天 下过单", "下过单", "做过 下单"),
    ("没看过直播", "没看过直播", "未做过 看直播"),
    ("从未下单", "从未下单", "从未做过 下单"),
    ("连续签到7天", "连续签到7天", "连续7天 做过 签到"),
    ("积分 高于 500", "高于", "大于"),
    ("积分 大于等于 五百", "五百", "500"),
    ("积分 > 500分", "500分", "500"),
    ("积分在500到1999之间", "积分在500到1999之间", "积分 介于 500 到 1999"),
    ("积分 500-1999", "积分 500-1999", "积分 介于 500 到 1999"),
    ("城市是上海", "城市是上海", '城市 是 "上海"'),
    ('城市 在 "上海", "杭州"', "在", "属于"),
    ('城市 是 "上海" 或 "杭州"', '是 "上海" 或 "杭州"', '属于 "上海", "杭州"'),
    ("城市不为空", "城市不为空", "城市 有值"),
    ('有标签 "新客" 或 "老客"', '有标签 "新客" 或 "老客"', '有任一标签 "新客", "老客"'),
    ('有标签 "新客" 且 "老客"', '有标签 "新客" 且 "老客"', '有全部标签 "新客", "老客"'),
    ('有标签 "新客" 和 积分 >= 500', "和", "且"),
    ("未绑卡", "未绑卡", "已绑卡 为否"),
    ("非好友", "非好友", "不是好友"),
    ("生日 是 今天", "生日 是 今天", "今天 生日周年"),
    ("今天过生日", "今天过生日", "今天 生日周年"),
    ("本周内 做过 下单", "本周内", "本周"),
    ("加好友超过3天", "加好友超过3天", "加好友时间 距今超过3天"),
    ("最近一次 下单 超过45天", "超过45天", "距今超过45天"),
    ("最后一次 下单 距今超过45天", "最后一次", "最近一次"),
]
UNSURE_TESTS = [
    ('有标签 "新客", 积分 >= 500', ",", "且"),
    ('有标签 "新客"、"老客"', '有标签 "新客"、"老客"', '有任一标签 "新客", "老客"'),
    ('城市 不是 "上海" 或 "杭州"', '不是 "上海" 或 "杭州"', '不属于 "上海", "杭州"'),
    ("45天没下单", "45天没下单", "45天内 未做过 下单"),
    ("超过45天没有下单", "超过45天没有下单", "最近一次 下单 距今超过45天"),
    ("最近下单 7天内", "最近下单", "最近一次 下单"),
    ('领过券 "满100减20"', "领过券", "持有券"),
]
TRIGGERS = [
    ("每周一三五 10:00", "每周一三五", "每周一、周三、周五"),
    ("每周一、三、五 10:00", "每周一,三,五", "每周一、周三、周五"),
    ("每礼拜五 10:00", "每礼拜五", "每周五"),
    ("周五 10:00", "周五", "每周五"),
    ("工作日 10:00", "工作日", "每个工作日"),
    ("每月1号和15号 10:00", "和", "、"),
    ("每天10:00和20:00", "和", "、"),
    ("每小时", "每小时", "每隔1小时"),
    ("2026-11-11 20:00", "2026-11-11", "定时 2026-11-11"),
    ("当客户加好友时", "当客户加好友时", "当 加好友"),
    ("第一次下单", "第一次下单", "当 首次 下单"),
    ("生日前3天 10:00", "生日前3天", "当 生日周年 前3天"),
    ("会员到期前7天 10:00", "会员到期前7天", "当 会员到期日 前7天"),
    ('当 有标签 "新客"', "有标签", "打上标签"),
    ("every day at 8pm", "8pm", "20:00"),
    ("every day at 12:30am", "12:30am", "00:30"),
    ("when a customer joins", "when a customer joins", "when joined"),
    ("每天 10:00 除节假日", "除节假日", "节假日除外"),
]
STEPS = [
    ('发送 企微 "x"', "发送", "推送"),
    ('send wecom "x"', "send", "push"),
    ('发朋友圈 "x"', "发朋友圈", "推送 朋友圈"),
    ('加标签 "新客"', "加标签", "打标签"),
    ('删除标签 "新客"', "删除标签", "去标签"),
    ('送券 "满100减20"', "送券", "发券"),
    ("送积分100", "送积分", "加积分"),
    ("积分 +100", "积分 +100", "加积分100"),
    ("等3天", "等3天", "等待 3天"),
    ("3天后", "3天后", "等待 3天"),
    ('转入 "召回"', "转入", "转入剧本"),
    ('设置 城市 = "上海"', "=", "为"),
    ('城市 改为 "上海"', "城市 改为", "设置 城市 为"),
    ("结束流程", "结束流程", "结束"),
    ('推送 企微 "x" 加券 "满100减20"', "加券", "附券"),
]


@pytest.mark.parametrize(
    ("text", "covered", "write", "safe"),
    [(*row, True) for row in SAFE_TESTS] + [(*row, False) for row in UNSURE_TESTS],
)
def test_a_condition_in_everyday_words(text: str, covered: str, write: str, safe: bool) -> None:
    _, (found,) = parse_condition(text, NAMES)
    assert (found.code, text[found.span.start : found.span.end]) == ("E130", covered)
    assert render(found.code, found.params, "zh", found.hint)[1] == f"写成 {write}"
    assert found.fix is not None
    assert found.fix.safe is safe
    mended = apply_edits(text, found.fix.edits)
    assert parse_condition(mended, NAMES)[1] == (), mended


@pytest.mark.parametrize(("line", "covered", "write"), TRIGGERS)
def test_a_trigger_in_everyday_words(line: str, covered: str, write: str) -> None:
    _mended(f'剧本 "p"\n  {line}\n    推送 企微 "x"\n', covered, write)


@pytest.mark.parametrize(("line", "covered", "write"), STEPS)
def test_a_step_in_everyday_words(line: str, covered: str, write: str) -> None:
    _mended(f'剧本 "p"\n  每天 10:00\n    {line}\n', covered, write)


@pytest.mark.parametrize(("said", "write"), [("打五折", "打5折"), ("打八八折", "打8.8折"), ("半价", "打5折")])
def test_a_discount_in_everyday_words(said: str, write: str) -> None:
    _mended(f'券 "x" {said}\n', said, write)


def _mended(text: str, covered: str, write: str) -> None:
    _, (found,) = parse_text(text, "a.sop", NAMES)
    assert (found.code, text[found.span.start : found.span.end].replace("、", ",")) == ("E130", covered.replace("、", ","))
    assert render(found.code, found.params, "zh", found.hint)[1] == f"写成 {write}"
    assert found.fix is not None
    mended = apply_edits(text, found.fix.edits)
    assert parse_text(mended, "a.sop", NAMES)[1] == (), mended


@pytest.mark.parametrize(
    ("text", "expected"),
    [("所有人", [("E120", "所有人")]), ("在 7天内 做过 下单", [("E106", "在")]), ("做过 下单 三次", [("E130", "三次")])],
)
def test_what_has_no_words_of_its_own(text: str, expected: list[tuple[str, str]]) -> None:
    _, diagnostics = parse_condition(text, NAMES)
    if text == "所有人":
        text = f'剧本 "p"\n  面向 {text}\n  每天 10:00\n    结束\n'
        _, diagnostics = parse_text(text, "a.sop", NAMES)
        assert [each.hint for each in diagnostics] == ["everyone"]
    assert told(diagnostics, text) == expected


def test_declared_names_are_never_reworded() -> None:
    """A workspace that declares 在册 or 标签是 as its own names keeps them."""
    names = collect_names(["属性 没下单 是否\n属性 标签是 文本\n事件 看过\n"])
    for text in ("没下单 为是", '标签是 "a"', '标签是 是 "a"', "做过 看过"):
        _, diagnostics = parse_condition(text, names)
        assert all(found.code != "E130" for found in diagnostics), text


@pytest.mark.parametrize(
    ("text", "number"),
    [("五百", 500), ("一万二千", 12_000), ("十", 10), ("二十", 20), ("两", 2), ("三百五十", 350), ("12", 12),
     ("十百", None), ("一二", None), ("零", None)],
)
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("转化目标 下单", "做过 下单 最长7天"),
        ("转化目标 下单 最长3天", "做过 下单"),
        ("退出条件 下单", "做过 下单"),
        ("goal 下单 up to 3 days", "did 下单"),
    ],
)
def test_an_event_alone_where_something_done_is_meant(line: str, write: str) -> None:
    text = f'剧本 "甲"\n  {line}\n  每天 20:00\n    结束\n'
    (problem,) = parse_text(text, "x.sop", NAMES)[1]
    assert (problem.code, problem.params["write"]) == ("E130", write)
    assert text[problem.span.start : problem.span.end] == "下单"
    assert problem.fix is not None
    mended = apply_edits(text, problem.fix.edits)
    assert parse_text(mended, "x.sop", NAMES)[1] == ()


def test_an_event_alone_that_is_waited_for() -> None:
    text = '剧本 "甲"\n  当 点击\n    等客户 下单 最长3天\n      满足时\n        结束\n'
    (problem,) = parse_text(text, "x.sop", NAMES)[1]
    assert (problem.code, problem.params["write"]) == ("E130", "做过 下单")


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("每2天 10:00", 'cron "0 10 */2 * *"'),
        ("每隔3天 9:30", 'cron "30 9 */3 * *"'),
        ("every 2 days at 10:05", 'cron "5 10 */2 * *"'),
    ],
)
def test_a_schedule_that_counts_days(line: str, write: str) -> None:
    text = f'剧本 "甲"\n  {line}\n    结束\n'
    (problem,) = parse_text(text, "x.sop", NAMES)[1]
    assert (problem.code, problem.params["write"]) == ("E130", write)
    assert text[problem.span.start : problem.span.end] == line
    assert problem.fix is not None
    assert parse_text(apply_edits(text, problem.fix.edits), "x.sop", NAMES)[1] == ()


@pytest.mark.parametrize("line", ["每1天 10:00", "每40天 10:00"])
def test_days_that_are_no_such_schedule(line: str) -> None:
    problems = parse_text(f'剧本 "甲"\n  {line}\n    结束\n', "x.sop", NAMES)[1]
    assert problems
    assert all("cron" not in str(problem.params) for problem in problems)
