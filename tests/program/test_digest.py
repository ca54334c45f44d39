"""Versions: what changes them, what does not, and the canonical text that they are taken from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine.program import ir
from qingting.engine.program.digest import decode, encode, load_version, version_of, version_unit
from qingting.engine.program.resolve import resolve_condition
from qingting.grammar.parser import collect_names, parse_condition

from .texts import LIBRARY, SETTINGS, Checkup, check

PLAYBOOK = """
playbook "P"
  for in segment "上海人"
    and recent >= ¥300
  every day at 10:00
    push wecom "猫粮种草"
"""
CHINESE = """
属性 city 文本
事件 order 含 store 文本, 数量 数字
标签 "退订"
分群 "上海人"
  city 是 "上海"
指标 recent = 90天内 累计 order.金额
话术 "猫粮种草" 用于 企微
  正文 "{{ 姓名 | default: 'x' }} {{ 跟进人.姓名 }}"
全局规则
  永不推送 有标签 "退订"
剧本 "P"
  面向 属于分群 "上海人"
    且 recent >= ¥300
    且 3天内 未做过 order
  每天 10:00
    推送 企微 "猫粮种草"
    等待 2小时
"""
ENGLISH = """
attribute city text
event order with store text, qty number
tag "退订"
segment "上海人"
  city is "上海"
metric recent = sum of order.amount within 90 days
template "猫粮种草" on wecom
  text "{{ 姓名 | default: 'x' }} {{ 跟进人.姓名 }}"
policy
  never push members who tagged "退订"
playbook "P"
  for in segment "上海人"
    and recent >= 300
    and did not order within 3 days
  every day at 10:00
    push wecom "猫粮种草"
    wait 2 hours
"""


def version(text: str) -> str:
    result = check(text)
    assert result.syntax == ()
    return result.program.playbooks["P"].version


def test_both_languages_are_one_program() -> None:
    chinese, english = check(CHINESE), check(ENGLISH)
    assert chinese.syntax == english.syntax == ()
    assert chinese.program == english.program
    assert chinese.program.digest == english.program.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("today", "today"),
        ("¥300", "300.00"),
        ('playbook "P"\n', 'playbook "P"  # 说明\n  about "x"\n  owner "y"\n  paused\n'),
        ("今晚猫粮专场", "今晚罐头专场"),
        ("worth ¥20 off ¥100", "worth ¥30 off ¥100"),
        ("every day at 10:00", "每天 10:00"),
        ('tag "退订"\n', 'tag "退订"\ntag "别的"\n'),
        ('attribute spent money\n', ""),
    ],
)
def test_what_is_no_other_version(old: str, new: str) -> None:
    before = LIBRARY + PLAYBOOK
    assert version(before) == version(before.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("¥300", "¥301"),
        ('city is "上海"', 'city is "北京"'),
        ("within 90 days", "within 91 days"),
        ("every day at 10:00", "every day at 10:01"),
        ('push wecom "猫粮种草"', 'push wecom "猫粮种草" with coupon "满100减20"'),
        ('  for in segment', "  holdout 5%\n  for in segment"),
    ],
)
def test_what_is_another_version(old: str, new: str) -> None:
    before = LIBRARY + PLAYBOOK
    assert old in before
    assert version(before) != version(before.replace(old, new))


def test_the_program_digest_covers_texts_too() -> None:
    before = LIBRARY + PLAYBOOK
    assert check(before).program.digest != check(before.replace("今晚猫粮专场", "今晚罐头专场")).program.digest


def test_members_in_flight_run_on_the_stored_text() -> None:
    program = check(LIBRARY + PLAYBOOK).program
    playbook = program.playbooks["P"]
    unit = version_unit(playbook, program.library)
    assert (set(unit.segments), set(unit.metrics), set(unit.attributes), set(unit.fields)) == (
        {"上海人"}, {"recent"}, {"city"}, {"amount"},
    )
    stored = load_version(encode(unit))
    assert stored.playbook == playbook
    assert stored.playbook.version == version_of(playbook, program.library)
    assert stored.segments == {"上海人": program.library.segments["上海人"]}
    assert stored.metrics == {"recent": program.library.metrics["recent"]}


def test_a_whole_program_survives_its_text() -> None:
    for text in (CHINESE, LIBRARY + PLAYBOOK):
        program = check(text).program
        again = decode(encode(program), ir.Program)
        assert again == program
        assert encode(again) == encode(program)


def test_floats_and_strangers_have_no_text() -> None:
    with pytest.raises(TypeError):
        encode(0.5)
    with pytest.raises(ValueError, match="no part"):
        decode('{"is":"Path"}', ir.Wait)
    with pytest.raises(ValueError, match="expected Wait"):
        decode('{"is":"Stop"}', ir.Wait)


ATOMS = st.sampled_from([
    'city is "上海"', "points >= 5", 'tagged "新客" within 3 days', "did order where amount >= 5 within 1 month",
    "last order more than 45 days ago", "joined exactly 3 days ago", 'in segment "上海人"', "recent >= 3",
    'in sample 10% of "x"', 'received template "通用" at least 2 times', "anniversary of birthday today",
])
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.builds("({}) and not ({})".format, inner, inner) | st.builds("({}) or ({})".format, inner, inner),
    max_leaves=6,
)
READY: Checkup = check(LIBRARY)
NAMES = collect_names([LIBRARY])


@settings(max_examples=40, deadline=None)
@given(CONDITIONS)
def test_any_condition_survives_its_text(text: str) -> None:
    written, problems = parse_condition(text, NAMES)
    assert problems == ()
    assert written is not None
    condition, diagnostics = resolve_condition(written, READY.program, SETTINGS)
    assert diagnostics == ()
    assert condition is not None
    assert decode(encode(condition), type(condition)) == condition
