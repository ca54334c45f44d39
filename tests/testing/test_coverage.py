"""Coverage: what the cases of a file have tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.testing.coverage import Coverage
from qingting.engine.testing.session import run_tests
from qingting.engine.workspace import Workspace

from .conftest import LIBRARY, SETTINGS

JOURNEY = """
剧本 "迎新"
  面向 均不满足
    有标签 "退订"
    城市 是 "北京"
  当 打上标签 "新客"
    如果 积分 >= 100
      加积分10
    等客户 做过 点击 最长1天
      满足时
        打标签 "意向"
    分流 "试"
      100% "甲"
        推送 企微 "问候"
剧本 "没测到"
  每天 12:00
    加积分1
"""
CASES = """
playbooks: [shop.sop]
now: 2026-03-02 20:00
members:
  a: {points: 100}
  b: {}
cases:
- name: 一
  given: {a: {tags: [新客]}}
  expect: {a: [points +10]}
"""
MORE = """
- name: 二
  at: 1 hour later
  given: {a: {events: [点击]}}
  expect: {a: [tag "意向", push wecom "问候"]}
- name: 三
  at: today 21:30
  given: {b: {tags: [新客], 城市: 北京}}
  expect: {}
"""
Cover = Callable[..., Coverage]


@pytest.fixture
def cover(tmp_path: Path) -> Cover:
    """Plays cases over the journey and gives what they cover."""

    def covered(cases: str, playbooks: str = JOURNEY) -> Coverage:
        for name, text in (("qingting.yaml", SETTINGS), ("lib.sop", LIBRARY), ("shop.sop", playbooks)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "shop_test.yaml").write_text(cases, encoding="utf-8")
        answer = run_tests(Workspace.open(tmp_path), coverage=True)
        assert answer.failed == 0, [case.differences for case in answer.cases]
        assert answer.coverage is not None
        return answer.coverage

    return covered


def missing(coverage: Coverage) -> list[tuple[str, str, str | None]]:
    """What is not covered."""
    return [(piece.kind, piece.text, piece.never) for piece in coverage.pieces if piece.never is not None]


def test_what_was_not_tried_is_named(cover: Cover) -> None:
    assert missing(cover(CASES)) == [
        ("step", "points +1", "reached"),
        ("test", '有标签 "退订"', "true"), ("test", '城市 是 "北京"', "true"),
        ("branch", "积分 >= 100", "false"), ("branch", "等客户 做过 点击 最长1天", "true"),
        ("step", 'tag "意向"', "reached"), ("arm", '分流 "试" "甲"', "reached"), ("step", 'push "问候"', "reached"),
    ]  # fmt: skip


def test_more_cases_cover_more(cover: Cover) -> None:
    assert missing(cover(CASES + MORE)) == [
        ("step", "points +1", "reached"), ("test", '有标签 "退订"', "true"),
        ("branch", "积分 >= 100", "false"), ("branch", "等客户 做过 点击 最长1天", "false"),
    ]  # fmt: skip


def test_both_ways_are_counted(cover: Cover) -> None:
    pieces = {piece.text: piece for piece in cover(CASES + MORE).pieces}
    assert (pieces["积分 >= 100"].yes, pieces["积分 >= 100"].no) == (1, 0)
    assert (pieces['push "问候"'].yes, pieces['push "问候"'].no) == (1, 0)


def test_the_audience_of_a_schedule_by_own_dates_is_asked_when_it_falls_due(cover: Cover) -> None:
    playbook = '属性 生日 日期\n剧本 "生日"\n  面向 有标签 "新客"\n  当 生日 周年 当天 10:00\n    加积分10\n'
    cases = """
playbooks: [shop.sop]
now: 2026-03-02 09:00
members:
  a: {生日: 1990-03-02, tags: [新客]}
  b: {生日: 1990-03-02}
cases:
- name: 早上
  at: 2026-03-02 09:30
  expect: {}
"""
    later = """
- name: 十点
  at: 2026-03-02 10:00
  expect: {a: [points +10]}
"""
    assert missing(cover(cases, playbook)) == [("test", '有标签 "新客"', "true"), ("step", "points +10", "reached")]
    assert missing(cover(cases + later, playbook)) == []
