"""The oracle itself, against what the language says in so many words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from oracle import clock, vocabulary
from oracle.conditions import draw, holds, share_holds
from oracle.lunar import lunar_month_day
from oracle.model import AttributeFact, CodeFact, EventFact, Member, PlaceFact, TagFact, World
from oracle.own_dates import dues as own_dues
from oracle.schedules import dues
from qingting.engine.program import ir

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
T = ir.CutoffKind.T
NOON = clock.instant_of(datetime(2026, 11, 21, 12), SHANGHAI)


def ask(condition: ir.Condition, member: Member, t: int = NOON, now: int | None = None, mark: int = 99) -> bool:
    world = World([member])
    return holds(condition, world, member, t, t if now is None else now, mark, SHANGHAI, vocabulary.library())


def within(days: int) -> ir.Window:
    return ir.Window(ir.Cutoff(T, 0, 1 - days * ir.DAY), ir.Cutoff(T, 0, 1))


@pytest.mark.parametrize(("ago", "seen"), [(0, True), (-1, False), (3 * ir.DAY - 1, True), (3 * ir.DAY, False)])
def test_within_three_days_is_open_below_and_closed_at_t(ago: int, seen: bool) -> None:
    member = Member("u1", 0, 1, events=[EventFact("点击", NOON - ago, 0, 2)])
    assert ask(ir.Did(ir.EventQuery("点击", window=within(3))), member) is seen


def test_a_test_of_an_unknown_value_is_false_and_not_is_the_complement() -> None:
    is_not = ir.Compare(ir.AttributeRef("城市", ir.ValueType.TEXT), "is_not", ("上海",))
    assert not ask(is_not, Member("u1", 0, 1))
    assert ask(ir.Not(is_not), Member("u1", 0, 1))


def test_an_evaluation_sees_what_had_arrived_by_the_run_up_to_the_mark() -> None:
    clicked = ir.Did(ir.EventQuery("点击"))
    late = Member("u1", 0, 1, events=[EventFact("点击", NOON, NOON + 1, 7)])
    assert not ask(clicked, late)
    assert ask(clicked, late, now=NOON + 1)
    assert not ask(clicked, late, now=NOON + 1, mark=6)


def test_the_latest_gain_moves_the_expiry_and_the_first_begins_the_interval() -> None:
    gains = [TagFact("新客", True, NOON - 9, 0, 2), TagFact("新客", True, NOON - 5, 0, 3, NOON)]
    member = Member("u1", 0, 1, tags=gains)
    held = ir.HasTag((ir.TextPattern("新客"),))
    assert ask(held, member, NOON - 1)
    assert not ask(held, member, NOON)
    begun = ir.Window(ir.Cutoff(T, 0, -8), ir.Cutoff(T, 0, -7))
    assert ask(ir.HasTag(held.patterns, begun), member, NOON - 1)


def test_a_null_makes_an_attribute_unknown_again() -> None:
    facts = [AttributeFact("城市", "上海", 1, 1, 2), AttributeFact("城市", None, 2, 2, 3)]
    known = ir.Compare(ir.AttributeRef("城市", ir.ValueType.TEXT), "known")
    assert ask(known, Member("u1", 0, 1, attributes=facts[:1]))
    assert not ask(known, Member("u1", 0, 1, attributes=facts))


def test_months_go_to_the_same_day_or_the_last_one() -> None:
    t = clock.instant_of(datetime(2026, 3, 31, 12), SHANGHAI)
    back = clock.cutoff(ir.Cutoff(ir.CutoffKind.MONTHS, -1), t, SHANGHAI)
    assert clock.local(back, SHANGHAI) == datetime(2026, 2, 28, 12)


def test_a_skipped_clock_is_the_jump_and_a_doubled_one_the_first() -> None:
    jump = clock.instant_of(datetime(2026, 3, 8, 2, 30), NEW_YORK)
    assert clock.local(jump, NEW_YORK) == datetime(2026, 3, 8, 3)
    doubled = clock.instant_of(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    assert clock.local(doubled + ir.HOUR, NEW_YORK) == datetime(2026, 11, 1, 1, 30)


def test_a_schedule_runs_once_on_days_on_which_clocks_change() -> None:
    after = clock.start_of_day(date(2026, 3, 8), NEW_YORK)
    found = dues(ir.Daily(None, (150,)), NEW_YORK, after, after + 2 * ir.DAY)
    assert [clock.local(instant, NEW_YORK) for instant, _ in found] == [
        datetime(2026, 3, 8, 3),
        datetime(2026, 3, 9, 2, 30),
    ]


def test_lunar_days_around_known_festivals() -> None:
    assert lunar_month_day(date(2026, 2, 17)) == (1, 1)
    assert lunar_month_day(date(2026, 9, 25)) == (8, 15)
    assert lunar_month_day(date(2025, 7, 25)) == (6, 1)  # the repeated sixth month


CARD = ir.AttributeRef("等级卡", ir.ValueType.TEXT)


def cards(*values: str | None) -> list[AttributeFact]:
    """What a card was, one day after the other up to noon."""
    days = len(values)
    return [
        AttributeFact("等级卡", value, NOON - (days - 1 - n) * ir.DAY, 0, n + 2) for n, value in enumerate(values)
    ]


def test_the_first_value_is_no_change_and_becoming_unknown_is_one() -> None:
    changed = ir.Changed(CARD)
    told = {"u1": ("金卡",), "u2": (None, "金卡"), "u3": ("金卡", "金卡"), "u4": ("金卡", None), "u5": ("银卡", "金卡")}
    seen = {name for name, values in told.items() if ask(changed, Member(name, 0, 1, attributes=cards(*values)))}
    assert seen == {"u4", "u5"}


def test_held_for_a_time_means_at_every_instant_of_it() -> None:
    member = Member("u1", 0, 1, attributes=cards("银卡", "金卡", "金卡"))
    assert ask(ir.HeldFor(CARD, "金卡", ir.Duration(ir.DAY)), member)
    assert ask(ir.HeldFor(CARD, "金卡", ir.Duration(ir.DAY + 1)), member)
    assert not ask(ir.HeldFor(CARD, "金卡", ir.Duration(ir.DAY + 2)), member)
    assert not ask(ir.HeldFor(CARD, "银卡", ir.Duration(ir.DAY)), member)


def test_days_are_those_of_the_local_clock() -> None:
    midnight = clock.start_of_day(date(2026, 11, 21), SHANGHAI)
    member = Member("u1", 0, 1, events=[EventFact("点击", midnight - 1, 0, 2), EventFact("点击", midnight, 0, 3)])
    assert ask(ir.DidOnDays(ir.EventQuery("点击"), 2), member)
    assert ask(ir.DidOnDays(ir.EventQuery("点击"), 2, in_a_row=True), member)
    later = Member("u1", 0, 1, events=[EventFact("点击", midnight, 0, 2), EventFact("点击", midnight + 1, 0, 3)])
    assert not ask(ir.DidOnDays(ir.EventQuery("点击"), 2), later)


def test_the_average_of_nothing_is_unknown_and_others_are_not_rounded() -> None:
    amount = ir.FieldRef("amount", ir.ValueType.MONEY)
    average = ir.Total("average", ir.EventQuery("点击"), amount, ir.ValueType.MONEY)
    amounts = (100, 100, 101, None)
    member = Member("u1", 0, 1, events=[EventFact("点击", n, 0, n + 2, None, cents) for n, cents in enumerate(amounts)])
    assert ask(ir.Compare(average, "gt", (100,)), member)
    assert not ask(ir.Compare(average, "is", (100,)), member)
    assert not ask(ir.Compare(average, "ge", (0,)), Member("u1", 0, 1))


def test_who_joined_is_a_friend_until_something_is_said_about_friends() -> None:
    joined = [AttributeFact("joined", NOON - 9, NOON - 5, 0, 2)]
    assert ask(ir.IsFriend(), Member("u1", 0, 1, attributes=joined))
    assert not ask(ir.IsFriend(), Member("u1", 0, 1, attributes=joined), NOON - 10, NOON)
    met = [PlaceFact("张三", True, NOON - 4, 0, 3), PlaceFact("张三", False, NOON - 2, 0, 4)]
    assert ask(ir.IsFriend(), Member("u1", 0, 1, attributes=joined, friends=met), NOON - 3)
    assert not ask(ir.IsFriend(), Member("u1", 0, 1, attributes=joined, friends=met))


def test_a_coupon_is_held_from_its_issue_until_it_expires_or_is_used() -> None:
    issued = CodeFact("a", "满减", "issued", NOON - 5, 0, 2, NOON)
    used = CodeFact("a", "满减", "used", NOON - 2, 0, 3)
    assert ask(ir.HoldsCoupon("满减"), Member("u1", 0, 1, codes=[issued]), NOON - 1)
    assert not ask(ir.HoldsCoupon("满减"), Member("u1", 0, 1, codes=[issued]), NOON)
    assert not ask(ir.HoldsCoupon("满减"), Member("u1", 0, 1, codes=[issued, used]), NOON - 1)
    assert not ask(ir.HoldsCoupon("满减"), Member("u1", 0, 1, codes=[replace(issued, kind="reserved")]), NOON - 1)


def test_the_published_vectors_of_draws() -> None:
    assert draw("", "u1") == 0x98EFBBAB5BE43E89
    assert draw("holdout:猫粮跟进", "u1") == -7650215470328874176 + 2**63
    assert share_holds(2**63, 5000, 5001)
    assert not share_holds(2**63, 0, 5000)


@pytest.mark.parametrize("values", [(NOON, NOON + 1), (NOON + 1, NOON)])
def test_two_values_of_one_day_fall_due_together_for_whoever_has_either(values: tuple[int, int]) -> None:
    ends = ir.AttributeRef("到期", ir.ValueType.INSTANT)
    member = Member("u1", 0, 1, [AttributeFact("到期", value, 0, 0, seq) for seq, value in enumerate(values, start=2)])
    trigger = ir.MemberDate(ends, offset=ir.Offset(ir.Duration(2 * ir.DAY), before=False), clock=600)
    (own,) = own_dues(member, trigger, SHANGHAI, NOON, NOON + 3 * ir.DAY)
    assert own.name == "2026-11-21"
    assert ask(own.only, member, own.instant)
