"""What a test may say shortly: tasks that are done, beginnings of long texts, a rotation that chose nothing; and its slips."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from qingting.engine.run.report import Blocked, RunReport
from qingting.engine.testing import shelf

from .conftest import Play
from .told import differing, passed

CALLING = """
剧本 "回访"
  每天 20:00
    派任务 "回访 {{ 城市 }}" 限2天内完成
    等客户 任务 "回访 {{ 城市 }}" 已完成 最长2天
      满足时
        加积分10
      超时
        扣积分10
"""
CASES = """
now: 2026-03-02 20:00
members: {u1: {积分: 50}, u2: {}}
cases:
- {name: 派了任务, expect: {u1: '派任务 "回访*"', u2: 'task "回访*"'}, offline: yes}
- name: 做完的和没做的
  at: 2026-03-03 19:00
  given: {u1: {%s}}
  expect: {u1: points +10}
"""


@pytest.mark.parametrize("said", [
    'tasks: ["回访*"]', "tasks: [{回访*: done}]", "任务: [{回访*: 完成}]", "tasks: [{回访*: 1 hour ago}]",
    'tasks: [{"回访 {{ 城市 }}": done}]',
])
def test_staff_have_done_a_task(play: Play, said: str) -> None:
    assert passed(play(CALLING, CASES % said))


def test_a_task_is_done_when_it_is_said_to_be(play: Play) -> None:
    early = CASES.replace("19:00", "18:59") % "points: 0"
    later = "- {name: 后来, at: 2026-03-03 19:00, given: {u1: {tasks: [{回访*: 30 minutes ago}]}}, expect: {%s}}\n"
    assert passed(play(CALLING, early.replace("{u1: points +10}", "{}") + later % "u1: points +10"))


@pytest.mark.parametrize(("said", "code"), [
    ("tasks: [回电]", "C415"), ("tasks: [回访]", "C415"), ("tasks: [回访*, 回访*]", "C415"), ("tasks: [{回访*: soon}]", "C402"),
    ("tasks: [{回访*: done, foo: 1}]", "C408"), ("tasks: [{回访*: in 1 hour}]", "C407"),
])
def test_a_task_that_nobody_was_given(play: Play, said: str, code: str) -> None:
    (problem,) = play(CALLING, CASES % said).problems
    assert problem.code == code


def test_an_alert_by_the_beginning_of_its_text(play: Play) -> None:
    text = '剧本 "店长看"\n  每天 20:00\n    提醒员工 "{{ 城市 | default: \'外地\' }} 的客户要流失"\n'
    cases = "now: 2026-03-02 20:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {u1: '提醒员工 \"%s\"'}}\n"
    assert passed(play(text, cases % "{{ 城市*"))
    (case,) = play(text, cases % "{{ 姓名*").cases
    assert [sign for sign, _, _ in differing(case)] == ["-", "+"]


ROTATING = """
剧本 "早安"
  每天 20:00
    推送 企微 轮换 "早安*" 7天内不重样
"""


def test_a_rotation_that_found_nothing_is_named_as_in_the_playbook(play: Play) -> None:
    cases = """
now: 2026-03-02 20:00
members: {u1: {}}
cases:
- {name: 一, expect: {u1: 推送 企微 "早安1"}}
- {name: 二, at: 1 day later, expect: {u1: 推送 企微 "早安2"}}
- {name: 三, at: 1 day later, expect: {u1: {suppressed: no_content, step: %s}}}
"""
    assert passed(play(ROTATING, cases % '推送 企微 轮换 "早安*" 7天内不重样'))
    assert passed(play(ROTATING, cases % 'push wecom rotating "早安*"'))
    case = play(ROTATING, cases % '推送 企微 轮换 "早*"').cases[2]
    assert differing(case)[1] == ("+", "u1", '{没给: no_content, 步骤: 推送 企微 轮换 "早安*" 7天内不重样}')


@pytest.mark.parametrize(("line", "hint"), [
    ("  - alert staff \"{{ 城市 | default: 'x' }} 到店\"", "colon"),
    ('  - alert staff "到店: 快去"', "colon"),
    ('  [alert staff "到店: 快去"]', "colon"),
    ('  "alert staff: 快去', None),
    ("  foo: bar: baz", None),
])
def test_a_colon_inside_a_line_gets_its_hint(play: Play, line: str, hint: str | None) -> None:
    head = "now: 2026-03-02 20:00\nmembers: {u1: {}}\ncases:\n- name: 一\n  expect:\n    u1:\n    "
    (problem,) = play(ROTATING, head + line + "\n").problems
    assert (problem.code, problem.hint) == ("C102", hint)


def test_a_fault_of_the_program_is_no_fault_of_the_playbook(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    run = shelf.execute_run

    def failing(*args: Any, **kwargs: Any) -> RunReport:
        return replace(run(*args, **kwargs), blocked=(Blocked("早安", "failed", where="RecursionError at copy.py:137"),))

    monkeypatch.setattr(shelf, "execute_run", failing)
    (case,) = play(ROTATING, "now: 2026-03-02 19:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {}}\n").cases
    (note,) = case.problems
    assert (note.code, dict(note.params)) == ("C416", {"name": "早安", "where": "RecursionError at copy.py:137"})


def test_who_joined_before_the_case_was_known_then(play: Play) -> None:
    """With all that is said of them; what joins later than a day after it happened would start nothing."""
    assert passed(play('剧本 "谢谢"\n  当 邀请成功\n    加积分10\n', """
now: 2026-03-02 19:00
members: {u1: {}}
cases:
- {name: 还没有, expect: {}}
- {name: 来了, at: 3 days later, given: {u9: {new: member, 邀请人: u1, joined: 2 days ago}}, expect: {u1: points +10}}
"""))
