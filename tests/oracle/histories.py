"""What an attribute was before, and when it changed, for the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import clock
from oracle.model import AttributeFact, Value
from qingting.engine.program import ir

if TYPE_CHECKING:
    from oracle.conditions import View


def history(view: View, attribute: str) -> list[AttributeFact]:
    """What was said of an attribute, in order; of points, which are 0 at first, their balances."""
    if attribute != "points":
        return view.seen(f for f in view.member.attributes if f.attribute == attribute)
    found = [AttributeFact(attribute, 0, -(2**60), 0, 0)]
    for fact in view.seen(view.member.points):
        balance = found[-1].value
        assert isinstance(balance, int)
        found.append(AttributeFact(attribute, balance + fact.delta * ir.NUMBER_SCALE, fact.at, fact.arrived, fact.seq))
    return found


def changing_facts(view: View, attribute: str) -> list[AttributeFact]:
    """The facts by which an attribute took another value; the first value it ever had is no change."""
    found = []
    before: list[Value] = []
    for fact in history(view, attribute):
        if any(value is not None for value in before) and fact.value != before[-1]:
            found.append(fact)
        before.append(fact.value)
    return found


def changes(view: View, attribute: str) -> list[int]:
    """When an attribute took another value."""
    return [fact.at for fact in changing_facts(view, attribute)]


def held_for(view: View, condition: ir.HeldFor) -> bool:
    """Whether an attribute was a value all the time."""
    begun = clock.add_duration(view.t, condition.duration, view.zone, -1) + 1
    facts = history(view, condition.operand.name)
    moments = [begun] + [fact.at for fact in facts if fact.at > begun]
    return all(_value_at(facts, moment) == condition.value for moment in moments)


def _value_at(facts: list[AttributeFact], moment: int) -> Value:
    values = [fact.value for fact in facts if fact.at <= moment]
    return values[-1] if values else None
