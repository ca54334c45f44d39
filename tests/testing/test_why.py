"""What is told of the members of a failed case: little, and of those concerned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.cli import run_command

from .conftest import LIBRARY, SETTINGS

PLAYBOOKS = """
剧本 "七天"
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 3天
    推送 企微 轮换 "早安*"
剧本 "别的"
  面向 有标签 "好友" 且 未做过 下单
  每天 09:00
    加积分10
剧本 "许多"
  面向 有标签 "好友" 且 {many}
  每天 10:00
    推送 企微 "早安1"
""".format(many=" 且 ".join(f'未做过 点击 "猫{n}"' for n in range(30)))
HEAD = """
playbooks: [shop.sop]
now: 2026-03-02 20:00
members: {u1: {}, u2: {}, u3: {tags: [好友]}}
cases:
- {name: 新客来了, given: {u1: {tags: [新客]}}, others: any, expect: {u1: 推送 "问候"}}
"""
Tell = Callable[[str], list[str]]


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tell:
    """The lines about members that a case behind :data:`HEAD` brings."""

    def told(case: str) -> list[str]:
        (tmp_path / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "library.sop").write_text(LIBRARY, encoding="utf-8")
        (tmp_path / "shop.sop").write_text(PLAYBOOKS, encoding="utf-8")
        (tmp_path / "shop_test.yaml").write_text(HEAD + case, encoding="utf-8")
        capsys.readouterr()
        assert run_command(["-C", str(tmp_path), "--lang", "zh", "test"], {"LANG": "C.UTF-8"}) == 1
        lines = capsys.readouterr().out.splitlines()
        first = next(n for n, line in enumerate(lines) if line.startswith("  客户 "))
        return lines[first : lines.index("", first)]

    return told


def test_who_is_inside_a_journey_is_told_where_they_stand(tell: Tell) -> None:
    lines = tell('- {name: 太早, at: 2 days later, others: any, expect: {u1: [推送 "早安2"]}}')
    assert lines == [
        "  客户 u1  2026-03-04T20:00:00+08:00",
        "    七天 · 当 打上标签 \"新客\"",
        "      2026-03-02T20:00:00+08:00 进入,等到 2026-03-05T20:00:00+08:00",
        "      推送 \"早安*\" → 以后  还在等,最早 2026-03-05T20:00:00+08:00",
    ]  # fmt: skip


def test_of_the_audience_only_what_is_not_so(tell: Tell) -> None:
    lines = tell('- {name: 好友, at: 1 day later, others: any, expect: {u2: 加积分10}}')
    assert lines[1:] == ["    别的 · 每天 09:00", '      ✗ 有标签 "好友"  → 打上标签 "好友"']


def test_no_more_than_a_dozen_lines_of_one_member(tell: Tell) -> None:
    lines = tell("- {name: 许多, at: 1 day later, others: any, expect: {u3: 加积分10}}")
    assert len(lines) == 12
    assert lines[11] == "    ……还有 23 行,--json 里有全部"
