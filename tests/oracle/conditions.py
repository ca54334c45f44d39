"""What a condition means, for one member: the second opinion on the compiler of ``engine/query``.

Nothing here is fast and nothing here is clever. A fact is seen if it happened by t, had arrived by T and has a seq
up to the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from oracle import clock
from oracle.lunar import lunar_month_day, lunar_month_length
from oracle.model import EventFact, Member, PushRecord, Value, World
from qingting.engine.program import ir


class Fact(Protocol):
    """What everything the store was told has in common."""

    @property
    def at(self) -> int: ...
    @property
    def arrived(self) -> int: ...
    @property
    def seq(self) -> int: ...


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class View:
    """One member seen from (t, T, mark) in a zone; ``event`` is the event under test inside where and has."""

    world: World
    member: Member
    t: int
    T: int
    mark: int
    zone: str
    library: ir.Library
    event: EventFact | None = None

    def seen(self, facts: Iterable[F]) -> list[F]:
        """The facts this view sees, in the order of (at, seq)."""
        visible = [f for f in facts if f.at <= self.t and f.arrived <= self.T and f.seq <= self.mark]
        return sorted(visible, key=lambda f: (f.at, f.seq))

    def inside(self, instant: int, window: ir.Window | None) -> bool:
        """Whether an instant lies in a window, seen from here."""
        return clock.inside(instant, window, self.t, self.zone)


def holds(
    condition: ir.Condition, world: World, member: Member, t: int, now: int, mark: int, zone: str, library: ir.Library
) -> bool:
    """Whether a condition is true of a member, seen from (t, T = ``now``, mark) in a zone."""
    return true_of(condition, View(world, member, t, now, mark, zone, library))


def exists(member: Member, t: int, now: int, mark: int) -> bool:
    """Whether the store knew the member: members exist from their arrival."""
    return member.arrived <= min(t, now) and member.seq <= mark


def draw(name: str, member_id: str) -> int:
    """The draw of a member under a name: 0 up to 2**64."""
    return int.from_bytes(sha256(f"{name}\0{member_id}".encode()).digest()[:8], "big")


def share_holds(number: int, low: int, high: int) -> bool:
    """Whether a draw lies in [low, high) of 10,000."""
    return low * 2**64 <= number * 10_000 < high * 2**64


def held_since(view: View, tag: str) -> int | None:
    """Since when the member holds the tag at t, None where not."""
    since: int | None = None
    until: int | None = None
    for fact in view.seen(f for f in view.member.tags if f.tag == tag):
        held = since is not None and (until is None or fact.at < until)
        if fact.given:
            since = since if held else fact.at
            until = fact.expires
        elif held:
            until = fact.at
    if since is None or (until is not None and until <= view.t):
        return None
    return since


def attribute_value(view: View, name: str) -> Value:
    """The value of an attribute at t; None where unknown."""
    if name == "id":
        return view.member.id
    if name == "points":
        return sum(f.delta for f in view.seen(view.member.points)) * ir.NUMBER_SCALE
    changes = view.seen(f for f in view.member.attributes if f.attribute == name)
    return changes[-1].value if changes else None


def matching_events(view: View, query: ir.EventQuery) -> list[EventFact]:
    """The events of a query in the order of (at, seq)."""
    found = []
    for event in view.seen(e for e in view.member.events if e.event == query.event):
        right_subject = not query.subjects or any(text_matches(event.subject, p) for p in query.subjects)
        right_fields = query.where is None or true_of(query.where, replace(view, event=event))
        if right_subject and right_fields and view.inside(event.at, query.window):
            found.append(event)
    return found


def text_matches(text: str | None, pattern: ir.TextPattern) -> bool:
    """Whether a text is the pattern's or, with ``prefix``, begins with it."""
    if text is None:
        return False
    return text.startswith(pattern.text) if pattern.prefix else text == pattern.text


def operand_value(view: View, operand: ir.Operand) -> Value:
    """The value of an operand; None where unknown."""
    match operand:
        case ir.AttributeRef(name=name):
            return attribute_value(view, name)
        case ir.FieldRef(name=name):
            assert view.event is not None
            return view.event.value(name)
        case ir.MetricRef(name=name):
            return total_value(view, view.library.metrics[name])
        case ir.Total():
            return total_value(view, operand)


def total_value(view: View, total: ir.Total) -> int:
    """A sum or number over the matching events; 0 over nothing."""
    events = matching_events(view, total.query)
    if total.kind == "number":
        return len(events) * ir.NUMBER_SCALE
    assert total.field is not None
    values = [event.value(total.field.name) for event in events]
    return sum(value for value in values if isinstance(value, int))


def true_of(condition: ir.Condition, view: View) -> bool:  # noqa: C901 - one case for each node
    """Whether a condition is true of the member of the view (and of its event, inside where and has)."""
    match condition:
        case ir.Always(value=value):
            return value
        case ir.All(items=items):
            return all(true_of(item, view) for item in items)
        case ir.Any(items=items):
            return any(true_of(item, view) for item in items)
        case ir.Not(item=item):
            return not true_of(item, view)
        case ir.InSegment(name=name):
            return true_of(view.library.segments[name], view)
        case ir.Sample(name=name, low=low, high=high):
            return share_holds(draw(name, view.member.id), low, high)
        case ir.HasTag():
            return _has_tag(condition, view)
        case ir.Compare():
            return _compares(operand_value(view, condition.operand), condition.op, condition.values)
        case ir.InWindow():
            return _in_window(condition, view)
        case ir.Anniversary():
            return _anniversary(condition, view)
        case ir.Did(query=query, at_least=least, at_most=most):
            return _in_range(len(matching_events(view, query)), least, most)
        case ir.MomentIn() | ir.MomentHas():
            return _moment(condition, view)
        case ir.Received():
            return _received(condition, view)


def _in_range(number: int, least: int, most: int | None) -> bool:
    return least <= number and (most is None or number <= most)


def _has_tag(condition: ir.HasTag, view: View) -> bool:
    for tag in {fact.tag for fact in view.member.tags}:
        since = held_since(view, tag)
        if since is None or not any(text_matches(tag, pattern) for pattern in condition.patterns):
            continue
        if view.inside(since, condition.window):
            return True
    return False


def _compares(value: Value, op: ir.CompareOp, values: tuple[int | str, ...]) -> bool:
    if op == "unknown":
        return value is None
    if value is None:
        return False
    return OPERATORS[op](value, values)


OPERATORS: dict[str, Callable[[Any, tuple[Any, ...]], bool]] = {
    "known": lambda value, values: True,
    "is": lambda value, values: value == values[0],
    "is_not": lambda value, values: value != values[0],
    "in": lambda value, values: value in values,
    "not_in": lambda value, values: value not in values,
    "lt": lambda value, values: value < values[0],
    "le": lambda value, values: value <= values[0],
    "gt": lambda value, values: value > values[0],
    "ge": lambda value, values: value >= values[0],
    "between": lambda value, values: values[0] <= value <= values[1],
    "contains": lambda value, values: values[0] in value,
    "starts": lambda value, values: value.startswith(values[0]),
    "ends": lambda value, values: value.endswith(values[0]),
}


def _as_date(value: int) -> date:
    return date(value // 10_000, value // 100 % 100, value % 100)


def _in_window(condition: ir.InWindow, view: View) -> bool:
    value = operand_value(view, condition.operand)
    if value is None:
        return False
    assert isinstance(value, int)
    if condition.operand.type == ir.ValueType.DATE:
        value = clock.start_of_day(_as_date(value), view.zone)
    return view.inside(value, condition.window)


def _anniversary(condition: ir.Anniversary, view: View) -> bool:
    value = attribute_value(view, condition.operand.name)
    if value is None:
        return False
    assert isinstance(value, int)
    days = clock.days_of(condition.window, view.t, view.zone)
    if condition.operand.type == ir.ValueType.LUNAR_DATE:
        return any(_is_lunar_day(day, value) for day in days)
    return any(_is_birthday(day, value % 10_000) for day in days)


def _is_birthday(day: date, month_day: int) -> bool:
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    if month_day == 229 and not leap:
        month_day = 228
    return day.month * 100 + day.day == month_day


def _is_lunar_day(day: date, month_day: int) -> bool:
    month, number = lunar_month_day(day)
    wanted_month, wanted = divmod(month_day, 100)
    return month == wanted_month and number == min(wanted, lunar_month_length(day))


def _moment(condition: ir.MomentIn | ir.MomentHas, view: View) -> bool:
    events = matching_events(view, condition.query)
    if not events:
        return False
    event = events[0] if condition.which == "first" else events[-1]
    if isinstance(condition, ir.MomentIn):
        return view.inside(event.at, condition.window)
    return true_of(condition.has, replace(view, event=event))


def _received(condition: ir.Received, view: View) -> bool:
    found = [
        push
        for push in view.seen(view.member.pushes)
        if not push.lost and _right_push(condition, push) and view.inside(push.at, condition.window)
    ]
    return _in_range(len(found), condition.at_least, condition.at_most)


def _right_push(condition: ir.Received, push: PushRecord) -> bool:
    if condition.template is not None:
        return text_matches(push.template, condition.template)
    if push.playbook != condition.playbook:
        return False
    step = condition.step
    return step is None or push.step == step or push.step.startswith(step + "/")
