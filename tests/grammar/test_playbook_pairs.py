"""Lines of libraries, headers, schedules, triggers and steps in both languages give equal trees."""

from __future__ import annotations

import pytest
from parsing.plain import plain
from parsing.playbook_samples import HEADER_LINES, LIBRARY, STEP_LINES, TIMETABLES, TRIGGERS
from parsing.samples import PRELUDE
from qingting.grammar.parser import collect_names, parse_schedule, parse_text
from qingting.grammar.syntax import Block, PlaybookDecl

MORE = """属性 会员到期日 日期
属性 下次上课 时间
属性 金卡 文本
"""
NAMES = collect_names([PRELUDE, MORE])


def declarations(text: str) -> object:
    file, diagnostics = parse_text(text, "a.sop", NAMES)
    assert diagnostics == ()
    assert file.declarations
    return plain(file.declarations)


@pytest.mark.parametrize(("chinese", "english"), LIBRARY)
def test_library(chinese: str, english: str) -> None:
    assert declarations(chinese) == declarations(english)


@pytest.mark.parametrize(("chinese", "english"), HEADER_LINES)
def test_headers(chinese: str, english: str) -> None:
    assert declarations(f'剧本 "p"\n  {chinese}\n') == declarations(f'playbook "p"\n  {english}\n')


@pytest.mark.parametrize(("chinese", "english"), TIMETABLES)
def test_timetables(chinese: str, english: str) -> None:
    left, problems = parse_schedule(chinese, NAMES)
    assert problems == ()
    right, problems = parse_schedule(english, NAMES)
    assert problems == ()
    assert left is not None
    assert plain(left) == plain(right)


@pytest.mark.parametrize(("chinese", "english"), TIMETABLES)
def test_a_timetable_starts_a_block(chinese: str, english: str) -> None:
    """A line may begin like a header and be a trigger: its block and its limits are there."""
    schedule, _ = parse_schedule(chinese, NAMES)
    assert schedule is not None
    for text in (f'剧本 "p"\n  {chinese}\n    结束\n', f'playbook "p"\n  {english}\n    stop\n'):
        file, problems = parse_text(text, "a.sop", NAMES)
        assert problems == ()
        (playbook,) = file.declarations
        assert isinstance(playbook, PlaybookDecl)
        (block,) = playbook.blocks
        assert isinstance(block, Block)
        assert plain(block.trigger) == plain(schedule.schedule)
        assert plain(block.limits) == plain(schedule.limits)
        assert len(block.steps) == 1


@pytest.mark.parametrize(("chinese", "english"), TRIGGERS)
def test_triggers(chinese: str, english: str) -> None:
    left = declarations(f'剧本 "p"\n  {chinese}\n    结束\n')
    assert left == declarations(f'playbook "p"\n  {english}\n    stop\n')


@pytest.mark.parametrize(("chinese", "english"), STEP_LINES)
def test_steps(chinese: str, english: str) -> None:
    left = declarations(f'剧本 "p"\n  每天 10:00\n    {chinese}\n')
    assert left == declarations(f'playbook "p"\n  every day at 10:00\n    {english}\n')


SHOP = """属性 满意度 数字
属性 当前城市 文本
属性 转入日 日期
属性 群等级 文本
属性 D1 数字
事件 核销
事件 到店
事件 进群签到
事件 加好友成功
事件 goal
指标 到店数 = 30天内 到店 次数
"""


@pytest.mark.parametrize(
    ("dense", "spaced"),
    [
        ("当核销", "当 核销"),
        ("当进群签到", "当 进群签到"),
        ("当加好友成功", "当 加好友成功"),
        ("when goal", "当 goal"),
        ("当当前城市变更", "当 当前城市 变更"),
        ("当满意度低于3", "当 满意度 低于 3"),
        ("当到店数达到3、5", "当 到店数 达到 3, 5"),
        ("当转入日前3天10:00", "当 转入日 前3天 10:00"),
        ('当第2次核销"猫*"面向群等级是"x"且D1>3', '当 第2次 核销 "猫*" 面向 群等级 是 "x" 且 D1 > 3'),
    ],
)
def test_names_of_a_shop_stay_usable_in_triggers(dense: str, spaced: str) -> None:
    names = collect_names([SHOP])
    trees = []
    for trigger in (dense, spaced):
        file, problems = parse_text(f'剧本 "p"\n  {trigger}\n    结束\n', "a.sop", names)
        assert problems == ()
        trees.append(plain(file.declarations))
    assert trees[0] == trees[1]
