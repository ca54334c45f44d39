"""The oracle itself, against what the language says in so many words."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from oracle import clock, vocabulary
from oracle.conditions import draw, holds, share_holds
from oracle.lunar import lunar_month_day
from oracle.model import AttributeFact, EventFact, Member, TagFact, World
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


def test_the_published_vectors_of_draws() -> None:
    assert draw("", "u1") == 0x98EFBBAB5BE43E89
    assert draw("holdout:猫粮跟进", "u1") == -7650215470328874176 + 2**63
    assert share_holds(2**63, 5000, 5001)
    assert not share_holds(2**63, 0, 5000)
