"""Conditions read at some place of a playbook, with a library that declares one of everything."""

from __future__ import annotations

from dataclasses import replace

from qingting.engine.program import ir
from qingting.engine.program.conditions import resolve_member_condition
from qingting.engine.program.entries import Entry, Key
from qingting.engine.program.resolve import scope_of
from qingting.engine.program.scope import Context
from qingting.grammar.diagnostics import Diagnostic, Span
from qingting.grammar.parser import collect_names, parse_condition

from .texts import LIBRARY, SETTINGS, check

TEXT = LIBRARY + """
attribute visits number
event 到店 with store text
redpacket "新客红包" ¥0.3 to ¥5 random
product "猫粮2kg" in "猫粮" lasts 30 days
product "猫粮5kg" in "猫粮"
source "静安店" in group "线下门店"
source "官网"
activity "双十一" from 1970-01-01 to 1970-01-10
  phase "预热" from 1970-01-01 to 1970-01-02
activity "周五直播" every friday 20:00 to 22:00
activity "养猫课"
  session "第1课" 1970-01-01 00:00 to 01:00
  session "第2课" 1970-01-04 00:00 to 01:00
tiers
  "A级用户" above 2000
  "B级用户" otherwise
tiers "购买力" by recent
  "高" above ¥1000
  "低" otherwise
playbook "猫粮跟进"
  every day at 20:00
    step "首触"
      push wecom "猫粮种草"
    task "电话回访" due within 1 day
"""


def _program() -> ir.Program:
    result = check(TEXT)
    assert result.syntax == ()
    assert result.found == ()
    return result.program


PROGRAM = _program()
HOURS = ir.Times((), (5,), 20 * 60, 22 * 60)
LESSONS = ir.Times(((0, ir.HOUR), (3 * ir.DAY, 3 * ir.DAY + ir.HOUR)))
NOWHERE = Context(scope_of(PROGRAM, SETTINGS), Entry(Key("segment", "S"), "a.sop", Span(0, 0)), None)
GOAL = replace(NOWHERE, since=ir.CutoffKind.ENTRY, steps=frozenset({"首触"}))
WAITING = replace(GOAL, since=ir.CutoffKind.WAIT)
AFTER_ORDER = replace(NOWHERE, event="order", steps=frozenset({"首触"}))
AFTER_LESSON = replace(
    NOWHERE, session=ir.ActivityEdge("养猫课", LESSONS, True, "end", ir.Offset(ir.Duration(ir.HOUR), before=False))
)


def ask(text: str, place: Context = NOWHERE) -> tuple[ir.Condition | None, list[Diagnostic]]:
    """The meaning of a condition at a place, and what is wrong with it."""
    entry = Entry(Key("playbook", "P"), "a.sop", Span(0, 0))
    written, problems = parse_condition(text, collect_names([TEXT]))
    assert problems == ()
    assert written is not None
    return resolve_member_condition(replace(place, entry=entry), written), entry.diagnostics


def meant(text: str, place: Context = NOWHERE) -> ir.Condition:
    """The meaning of a sound condition."""
    found, diagnostics = ask(text, place)
    assert found is not None, diagnostics
    assert diagnostics == []
    return found
