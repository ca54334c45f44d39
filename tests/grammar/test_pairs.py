"""Statements in both languages give equal trees."""

from __future__ import annotations

import re

import pytest
from parsing.plain import plain
from parsing.samples import CHINESE, CONDITIONS, DECLS, ENGLISH, HEADERS, PRELUDE, SCHEDULES, STEPS
from qingting.grammar.parser import DeclaredNames, collect_names, parse_condition, parse_schedule, parse_text
from qingting.grammar.syntax import PlaybookDecl

NAMES = collect_names([PRELUDE])


def declarations(text: str, names: DeclaredNames = NAMES) -> object:
    file, diagnostics = parse_text(text, "a.sop", names)
    assert diagnostics == ()
    return plain(file.declarations)


@pytest.mark.parametrize(("chinese", "english"), CONDITIONS)
def test_conditions(chinese: str, english: str) -> None:
    left, problems = parse_condition(chinese, NAMES)
    assert problems == ()
    right, problems = parse_condition(english, NAMES)
    assert problems == ()
    assert left is not None
    assert plain(left) == plain(right)


IN_ENGLISH = {
    "当前城市": "current_city", "城市": "city", "等级卡": "card", "生日": "birthday", "已绑卡": "bound",
    "满意度": "satisfaction", "是否会员": "is_member", "到店": "visit", "核销": "redeem", "下单": "order",
    "订单号": "order_no", "门店": "store", "点击": "click", "近期消费": "recent", "签到": "checkin", "支付": "pay",
}
"""The names of the prelude as an English workspace would have them."""


def in_english(text: str) -> str:
    for chinese, english in IN_ENGLISH.items():
        text = text.replace(chinese, english)
    return text


@pytest.mark.parametrize("english", [english for _, english in CONDITIONS])
def test_conditions_with_english_names(english: str) -> None:
    left, problems = parse_condition(in_english(english), collect_names([in_english(PRELUDE)]))
    assert problems == ()
    right, _ = parse_condition(english, NAMES)
    assert repr(plain(left)) == in_english(repr(plain(right)))


@pytest.mark.parametrize(("chinese", "english"), SCHEDULES)
def test_schedules(chinese: str, english: str) -> None:
    left, problems = parse_schedule(chinese, NAMES)
    assert problems == ()
    right, problems = parse_schedule(english, NAMES)
    assert problems == ()
    assert left is not None
    assert plain(left) == plain(right)


@pytest.mark.parametrize(("chinese", "english"), HEADERS)
def test_lines_of_a_playbook(chinese: str, english: str) -> None:
    assert declarations(f'剧本 "p"\n  {chinese}\n') == declarations(f'playbook "p"\n  {english}\n')


@pytest.mark.parametrize(("chinese", "english"), STEPS)
def test_steps(chinese: str, english: str) -> None:
    left = declarations(f'剧本 "p"\n  每天 10:00\n    {chinese}\n')
    assert left == declarations(f'playbook "p"\n  every day at 10:00\n    {english}\n')


@pytest.mark.parametrize(("chinese", "english"), DECLS)
def test_declarations(chinese: str, english: str) -> None:
    assert declarations(chinese) == declarations(english)


def test_the_example_of_the_language() -> None:
    names = collect_names([CHINESE])
    tree = declarations(CHINESE, names)
    assert tree == declarations(ENGLISH, collect_names([ENGLISH]))
    assert tree == declarations(CHINESE.replace("\n", "\r\n"), names)
    assert tree == declarations("\ufeff" + CHINESE.replace("\n", "\r"), names)


def test_a_file_may_mix_the_languages() -> None:
    file, problems = parse_text(
        'playbook "p"\n  面向 tagged "x" 且 points >= 5\n  every day at 20点\n    打标签 "y"\n', "a.sop", NAMES
    )
    assert problems == ()
    assert isinstance(file.declarations[0], PlaybookDecl)


def test_runs_need_no_spaces() -> None:
    """Every pair without its spaces, where no space parts two ASCII words or stands in a string."""
    for chinese, _ in (*CONDITIONS, *SCHEDULES):
        if '" ' in chinese or "\n" in chinese or any(char.isascii() and char.isalpha() for char in chinese):
            continue
        if "点击" in chinese and "任一" in chinese:
            continue
        parse = parse_schedule if (chinese, _) in SCHEDULES else parse_condition
        spaced, problems = parse(chinese, NAMES)
        assert problems == ()
        if re.search("[0-9] [0-9]", chinese):
            continue
        dense, problems = parse(chinese.replace(" ", ""), NAMES)
        assert problems == (), chinese
        assert plain(spaced) == plain(dense), chinese
