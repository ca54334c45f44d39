"""Text rules: strings, widths, comments, indentation, continuation lines, recovery, limits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing.plain import plain, told
from parsing.samples import CHINESE, CONDITIONS, DECLS, PRELUDE
from qingting.grammar.parser import collect_names, parse_condition, parse_schedule, parse_text
from qingting.grammar.source import LineIndex, display_cells, read_source
from qingting.grammar.syntax import (
    And,
    Comparison,
    Did,
    Listed,
    Money,
    Name,
    Number,
    Or,
    Pattern,
    SegmentDecl,
    Tagged,
    TemplateDecl,
    Text,
)

NAMES = collect_names([PRELUDE])


def condition(text: str) -> object:
    made, problems = parse_condition(text, NAMES)
    assert problems == ()
    return made


def tag(text: str) -> Pattern:
    made = condition(text)
    assert isinstance(made, Tagged)
    return made.patterns[0]


@pytest.mark.parametrize(
    "quoted", ['"新客"', "'新客'", "“新客”", "‘新客’", "「新客」", "『新客』", "＂新客＂", '"""新客"""']
)
def test_every_form_of_string(quoted: str) -> None:
    assert tag(f"有标签 {quoted}").text == "新客"


def test_escapes_stand_in_straight_quotes_only() -> None:
    assert tag(r'有标签 "a\"b\\c\*"').text == 'a"b\\c*'
    assert not tag(r'有标签 "a\*"').prefix
    assert tag('有标签 "a*"').prefix
    assert tag('有标签 "*"') == Pattern("", True, tag('有标签 "*"').span)
    assert tag("有标签 “a\\b”").text == "a\\b"


def test_text_is_nfc_and_never_nfkc() -> None:
    assert tag('有标签 "e\u0301"').text == "\u00e9"
    assert tag('有标签 "Ａ１"').text == "Ａ１"


def test_a_hash_in_a_string_is_no_comment() -> None:
    file, problems = parse_text('标签 "a#b" # 说明 "x\n# 整行\n标签 "c"\n', "a.sop", NAMES)
    assert problems == ()
    assert len(file.declarations) == 2


def test_long_strings_lose_their_common_indentation() -> None:
    text = '话术 "a"\n  正文 """\n    一 # 不是说明\n      二 "三"\n\n    四\n  """\n'
    file, problems = parse_text(text, "a.sop", NAMES)
    assert problems == ()
    made = file.declarations[0]
    assert isinstance(made, TemplateDecl)
    assert made.body is not None
    assert made.body.text == '一 # 不是说明\n  二 "三"\n\n四'


def test_full_width_forms_mean_their_twins() -> None:
    assert plain(condition("（积分＞＝５００）且 城市 ＝ “上海”")) == plain(
        condition('(points >= 500) and 城市 = "上海"')
    )
    assert plain(condition("近期消费 >= ￥３００")) == plain(condition("近期消费 >= ¥300"))
    assert plain(condition("积分\u00a0>\u202f5")) == plain(condition("积分 > 5"))


def test_values() -> None:
    made = condition('城市 属于 "a", 5, -0.50, ¥1.5, 20元, 20 yuan')
    assert isinstance(made, Comparison)
    kinds = [plain(value) for value in made.values]
    span = made.span
    assert kinds == [
        plain(value)
        for value in (
            Text("a", span),
            Number("5", span),
            Number("-0.5", span),
            Money(150, span),
            Money(2000, span),
            Money(2000, span),
        )
    ]


def test_built_in_names_have_one_spelling() -> None:
    made = condition("做过 下单 其中 金额 > 1")
    assert isinstance(made, Did)
    where = made.events.where
    assert isinstance(where, Comparison)
    assert where.name == Name("amount", False, where.name.span)
    assert made.events.event.text == "下单"


def test_a_declared_name_wins_over_a_cut() -> None:
    assert plain(condition("是否会员 为是")) == plain(condition('"是否会员" is yes'))


def test_continuation_lines() -> None:
    text = '分群 "a"\n  有标签 "x" # 一\n\n  # 二\n  且 (有标签 "y"\n    或 积分 > 5\n  )\n  且积分<9\n'
    file, problems = parse_text(text, "a.sop", NAMES)
    assert problems == ()
    made = file.declarations[0]
    assert isinstance(made, SegmentDecl)
    assert isinstance(made.condition, And)
    assert len(made.condition.items) == 3
    assert isinstance(made.condition.items[1], Or)


def test_a_name_may_begin_like_or() -> None:
    names = collect_names(["属性 或许 文本"])
    text = '分群 "a"\n  任一满足\n    有标签 "x"\n    或许 是 "y"\n'
    file, problems = parse_text(text, "a.sop", names)
    assert problems == ()
    made = file.declarations[0]
    assert isinstance(made, SegmentDecl)
    assert isinstance(made.condition, Listed)
    assert isinstance(made.condition.items[1], Comparison)
    assert made.condition.items[1].name.text == "或许"


def test_wide_spaces_count_two_columns() -> None:
    text = '剧本 "p"\n\u3000草稿\n  每天 10:00\n\u3000\u3000结束\n'
    _, problems = parse_text(text, "a.sop", NAMES)
    assert problems == ()


def test_mixed_indentation_shows_both_lines() -> None:
    _, (found,) = parse_text('剧本 "p"\n  草稿\n\t暂停\n', "a.sop", NAMES)
    assert found.code == "E107"
    assert LineIndex('剧本 "p"\n  草稿\n\t暂停\n').position(found.related[0].start)[0] == 2


MISTAKEN = """\
属性 乡镇文本
属性 首次下单 数字
标签 新客
标签 "a" 有效期 0天
活动 "a"
券 "a" 打0折
分群 "a"
  积分 >= 1万
分群 "b"
  有标签 "x" 且 积分 > 3 或 积分 < 9
分群 "c"
  做过下但至少3次
分群 "d"
  做过 下单 3次
分群 "e"
  做过 下单 3天前
分群 "f"
  城市 = "x"。
分群 "g"
  (有标签 "x"
分群 "h"
  有标签 "x
指标 甲 = 累计 下单
话术 "a"
  正闻 "b"
  图片 posters
全局规则
  熔断 200%
  每人每天最多1条 企微 企微
剧本 "p"
  优先级 101
  负责人 张三
  面向 3天内 做过 下单 7天内
  每天 晚8点
    推送 企微 "a
  每周八 10:00
    结速
    等待 半小时
    如果 有标签
      去标签 "x" "y"
    否则
      结束
  每天 25:00
    派任务 "x"
    打标签 "a*b", 5
"""


def test_thirty_mistakes_in_thirty_statements() -> None:
    _, problems = parse_text(MISTAKEN, "a.sop", NAMES)
    index = LineIndex(MISTAKEN)
    lines = [index.position(found.span.start)[0] for found in problems]
    assert len(lines) == len(set(lines)) == 32, told(problems, MISTAKEN)


def test_statements_beside_a_mistake_are_kept() -> None:
    file, problems = parse_text('标签 "a"\n标签 b\n标签 "c"\n', "a.sop", NAMES)
    assert [found.code for found in problems] == ["E164"]
    assert [declaration.name.text for declaration in file.declarations] == ["a", "c"]  # type: ignore[union-attr]


def test_bytes_that_are_no_utf8() -> None:
    text, (found,) = read_source("标签 ".encode() + b"\xff", "a.sop")
    assert text is None
    assert (found.code, found.span.start) == ("E101", 3)
    assert read_source(b"\xef\xbb\xbfa", "a.sop") == ("a", ())


def test_a_file_can_be_too_long() -> None:
    file, (found,) = parse_text("a" * 10_000_000, "a.sop", NAMES)
    assert found.code == "E100"
    assert file.declarations == ()


def test_very_many_mistakes_are_counted() -> None:
    _, problems = parse_text("坏\n" * 1500, "a.sop", NAMES)
    assert len(problems) == 1001
    assert (problems[-1].code, problems[-1].params["count"]) == ("E191", 500)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + '有标签 "x"' + ")" * 2000,
        "not " * 3000 + 'tagged "x"',
        "做过下单" * 5000,
        "1" * 50_000,
        "\0" * 1000,
        '"' * 9999,
        "{{" * 5000,
        "且" * 500,
        "或" * 500 + "\n" + "或" * 500,
        "\ufeff\u200b\u2028\ud800",
        "，。、；：" * 100,
    ],
)
def test_noise_gets_an_answer(text: str) -> None:
    assert parse_condition(text, NAMES)[1]
    assert parse_schedule(text, NAMES)[1]
    assert parse_text(f'分群 "a"\n  {text}', "a.sop", NAMES)[1]


def test_deep_parentheses_are_one_mistake() -> None:
    _, problems = parse_condition("(" * 2000 + '有标签 "x"' + ")" * 2000, NAMES)
    assert [found.code for found in problems] == ["E110"]
    assert parse_condition("(" * 100 + '有标签 "x"' + ")" * 100, NAMES)[1] == ()


def test_reading_takes_linear_time() -> None:
    def seconds(copies: int) -> float:
        text = CHINESE * copies
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            parse_text(text, "a.sop", NAMES)
            best = min(best, time.process_time() - start)
        return best

    seconds(1)
    assert seconds(40) / seconds(10) < 8


FRAGMENTS = [text for pair in (*CONDITIONS, *DECLS) for text in pair] + [
    "\n",
    "\n  ",
    "(",
    ")",
    '"',
    "且",
    "或",
    "#",
    "、",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=6)), max_size=8))
def test_whatever_is_written_nothing_breaks(parts: list[str]) -> None:
    text = "".join(parts)
    names = collect_names([PRELUDE, text])
    for diagnostics in (parse_text(text, "a.sop", names)[1], parse_condition(text, names)[1]):
        for found in diagnostics:
            assert 0 <= found.span.start <= found.span.end <= len(text) + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([text for pair in CONDITIONS for text in pair]), st.data())
def test_a_lost_character_never_breaks_it(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    broken = text[:at] + data.draw(st.sampled_from(["", "x", "(", "的", '"', " "])) + text[at + 1 :]
    made, problems = parse_condition(broken, NAMES)
    assert (made is None) == bool(problems)


def test_cells_and_positions() -> None:
    assert display_cells("蜻蜓 a\u200b") == 6
    index = LineIndex("a\r\n蜻\U0001f98b蜓\rb")
    assert index.position(6) == (2, 4)
    assert index.utf16_position(5) == (1, 3)
    assert index.offset(2, 3) == 5
