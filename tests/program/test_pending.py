"""What is checked but not carried out yet: told by check, refused as a question, never run half."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from qingting.engine.program import ir
from qingting.engine.program.pending import not_asked, not_carried_out
from qingting.engine.program.resolve import resolve_condition
from qingting.grammar.messages import render
from qingting.grammar.messages.pending import MESSAGES
from qingting.grammar.parser import collect_names, parse_condition

from .places import PROGRAM, TEXT
from .texts import LIBRARY as DECLARED
from .texts import SETTINGS, check, playbook_of, unmarked

PLAIN = playbook_of("""
playbook "P"
  for tagged "新客"
  every day at 10:00
    push wecom "猫粮种草"
    wait 2 hours
    if did click
      tag "老客"
  when tagged "老客"
    stop
""")
LIBRARY = PROGRAM.library
ORDER = ir.EventQuery("order")
STORE = ir.FieldRef("store", ir.ValueType.TEXT)
ENTERED = ir.Window(ir.Cutoff(ir.CutoffKind.ENTRY, 0, 1), None)
DONE = ir.Window(ir.Cutoff(ir.CutoffKind.STEP, 0, 1, "首触"), None)
INSIDE = ir.InPlaybook("猫粮跟进")


def started(trigger: ir.Trigger) -> ir.Playbook:
    return replace(PLAIN, blocks=(replace(PLAIN.blocks[0], trigger=trigger),))


def doing(*code: ir.Instruction) -> ir.Playbook:
    return replace(PLAIN, blocks=(replace(PLAIN.blocks[0], code=code),))


def asking(condition: ir.Condition) -> ir.Playbook:
    return replace(PLAIN, audience=ir.All((PLAIN.audience, ir.Not(condition))))


ALWAYS, DAY = ir.Always(True), ir.Duration(ir.DAY)
KINDS: list[tuple[str, ir.Playbook]] = [
    ("pending.joined", started(ir.Joined())),
    ("pending.left", started(ir.Left())),
    ("pending.event", started(ir.EventHappens(ORDER))),
    ("pending.event", doing(ir.SetAttribute("set", ir.AttributeRef("city", ir.ValueType.TEXT), STORE))),
    ("pending.untagged", started(ir.TagLost(ir.TextPattern("新客")))),
    ("pending.mark", started(ir.MarkReached(ir.InvitedNumber(), "reach", (3,)))),
    ("pending.tier", started(ir.TierMoves("tier", "rises", "A级用户"))),
    ("pending.segment", started(ir.SegmentCrossed("上海人", "enters"))),
    ("pending.changes", started(ir.AttributeChanges(ir.AttributeRef("city", ir.ValueType.TEXT)))),
    ("pending.coupon_expires", started(ir.CouponExpires("满100减20", DAY))),
    ("pending.coupon_used", started(ir.CouponUsed("满100减20"))),
    ("pending.handed_over", started(ir.HandedOver())),
    ("pending.invited", started(ir.SomebodyInvited())),
    ("pending.entered", started(ir.Entered())),
    ("pending.group_event", started(ir.GroupEvent("joins"))),
    ("pending.goal", replace(PLAIN, goal=ir.Goal(ALWAYS, DAY))),
    ("pending.exit", replace(PLAIN, exit=ALWAYS)),
    ("pending.per_field", replace(PLAIN, blocks=(replace(PLAIN.blocks[0], reentry=ir.Reentry("once", "field")),))),
    ("pending.enter", doing(ir.EnterPlaybook("enter", "猫粮跟进"))),
    ("pending.wait_until", doing(ir.WaitUntil(600))),
    ("pending.day", doing(ir.WaitDay(3, None, 1))),
    ("pending.wait_for", doing(ir.WaitFor(ALWAYS, DAY, 1))),
    ("pending.since_entry", asking(ir.HasTag((ir.TextPattern("新客"),), ENTERED))),
    ("pending.since_step", asking(ir.Did(replace(ORDER, window=DONE)))),
    ("pending.same", asking(ir.Did(replace(ORDER, same=STORE)))),
]


@pytest.mark.parametrize(("code", "playbook"), KINDS, ids=[f"{code}-{n}" for n, (code, _) in enumerate(KINDS)])
def test_each_is_found_wherever_it_stands(code: str, playbook: ir.Playbook) -> None:
    assert [found.code for found in not_carried_out(playbook, LIBRARY)] == [code]


def test_what_runs_is_not_held_back() -> None:
    assert not_carried_out(PLAIN, LIBRARY) == ()


def test_inside_what_is_named() -> None:
    library = replace(
        LIBRARY,
        segments={"A": ir.InSegment("B"), "B": ir.All((ir.InSegment("A"), INSIDE))},
        metrics={"m": ir.Total("number", replace(ORDER, same=STORE), None, ir.ValueType.NUMBER)},
        ladders={"l": ir.Ladder("l", ir.MetricRef("m", ir.ValueType.NUMBER), ())},
    )
    assert [found.code for found in not_asked(ir.InSegment("A"), library)] == ["pending.in_playbook"]
    rung = ir.Compare(ir.LadderRef("l"), "is", ("x",))
    assert [found.code for found in not_asked(rung, library)] == ["pending.same"]
    assert not_asked(ir.InSegment("gone"), library) == ()


def test_every_name_has_a_case_and_both_languages() -> None:
    assert {code for code, _ in KINDS} == {code for code in MESSAGES if code.startswith("pending.")}


def test_every_trigger_wait_and_condition_is_settled_one_way_or_the_other() -> None:
    """A new kind must either be carried out or be told of here."""
    carried_out = {
        "TagGained", "Wait", "Push", "GiveTags", "TakeTags", "IssueCoupon", "IssueRedpacket", "ChangePoints",
        "SetAttribute", "Welcome", "GiveTask", "Alert",
    }
    kinds = {kind.__name__ for group in (ir.EventTrigger, ir.Waiting, ir.Action) for kind in get_args(group)}
    told = {
        type(item).__name__
        for _, playbook in KINDS
        for block in playbook.blocks
        for item in (block.trigger, *block.code)
    }
    assert kinds <= carried_out | told


PLAYBOOK = DECLARED + """
playbook "猫粮跟进"
  every day at 20:00
    push wecom "猫粮种草"
"""
BODY = """playbook ⟦"P"⟧
  for in playbook "猫粮跟进"
  every day at 10:00
    tag "新客"
"""


def test_check_tells_of_the_playbook_and_keeps_it() -> None:
    text, span = unmarked(PLAYBOOK + BODY)
    result = check(text)
    (found,) = result.found
    assert (found.code, found.severity, found.span) == ("W190", "warning", span)
    assert render("W190", found.params, "zh")[0] == "剧本“P”检查过了,但这个版本还不能运行它:里面有 正在剧本。"
    assert "in playbook" in render("W190", found.params, "en")[0]
    assert "P" in result.program.playbooks


def test_a_policy_that_cannot_be_asked_blocks_everything() -> None:
    text = PLAYBOOK + 'policy\n  never push members who in playbook "猫粮跟进"\n'
    result = check(text)
    (found,) = result.found
    assert (found.code, text[found.span.start : found.span.end]) == ("E390", "policy")
    assert dict(result.program.blocked) == {"猫粮跟进": ("E390",)}


def test_a_question_that_cannot_be_answered_is_refused() -> None:
    text = 'tagged "新客" or in playbook "猫粮跟进"'
    written, problems = parse_condition(text, collect_names([TEXT]))
    assert problems == ()
    assert written is not None
    found, (problem,) = resolve_condition(written, PROGRAM, SETTINGS)
    assert (found, problem.code, problem.span.start, problem.span.end) == (None, "E390", 0, len(text))
