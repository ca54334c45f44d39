"""Whole texts in both languages from the pairs of statements that the grammar is tested with, and more of them."""

from __future__ import annotations

from parsing.playbook_samples import HEADER_LINES, LIBRARY, STEP_LINES, TIMETABLES, TRIGGERS
from parsing.samples import CONDITIONS, DECLS, HEADERS, PRELUDE, SCHEDULES, STEPS
from qingting.grammar.names import collect_names

MORE = """属性 会员到期日 日期
属性 下次上课 时间
属性 金卡 文本
"""
NAMES = collect_names([PRELUDE, MORE])
Pair = tuple[str, str]


def _segment(chinese: str, english: str) -> Pair:
    return f'分群 "s"\n  {_deeper(chinese)}\n', f'segment "s"\n  {_deeper(english)}\n'


def _deeper(text: str) -> str:
    return text.replace("\n", "\n  ")


def _in_playbook(chinese: str, english: str) -> Pair:
    return f'剧本 "p"\n  {chinese}\n', f'playbook "p"\n  {english}\n'


def _trigger(chinese: str, english: str) -> Pair:
    return _in_playbook(f"{chinese}\n    结束", f"{english}\n    stop")


def _step(chinese: str, english: str) -> Pair:
    return _in_playbook(f"每天 10:00\n    {chinese}", f"every day at 10:00\n    {english}")


PAIRS: list[Pair] = [
    *(_segment(*pair) for pair in CONDITIONS),
    *(_trigger(*pair) for pair in (*SCHEDULES, *TIMETABLES, *TRIGGERS)),
    *(_in_playbook(*pair) for pair in (*HEADERS, *HEADER_LINES)),
    *(_step(*pair) for pair in (*STEPS, *STEP_LINES)),
    *((f"{chinese}\n", f"{english}\n") for chinese, english in (*DECLS, *LIBRARY)),
]
