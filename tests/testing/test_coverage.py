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
Cover = Callable[[str], Coverage]


@pytest.fixture
def cover(tmp_path: Path) -> Cover:
    """Plays cases over the journey and gives what they cover."""

    def covered(cases: str) -> Coverage:
        for name, text in (("qingting.yaml", SETTINGS), ("lib.sop", LIBRARY), ("shop.sop", JOURNEY)):
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
