"""What a condition means, for one member: the second opinion on the compiler of ``engine/query``.

Nothing here is fast and nothing here is clever. A fact is seen if it happened by t, had arrived by T and has a seq
up to the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from oracle import clock
from oracle.histories import changes, held_for
from oracle.holding import belonging
from oracle.journeys import in_journey
from oracle.lunar import lunar_month_day, lunar_month_length
from oracle.model import Enrolment, EventFact, Member, PushRecord, Value, World
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
    """One member seen from (t, T, mark) in a zone; ``event`` is the event under test inside where and has.

    ``journey`` is the one in which something is asked.
    """

    world: World
    member: Member
    t: int
    T: int
    mark: int
    zone: str
    library: ir.Library
    event: EventFact | None = None
    journey: Enrolment | None = None

    def seen(self, facts: Iterable[F]) -> list[F]:
        """The facts this view sees, in the order of (at, seq)."""
        visible = [f for f in facts if f.at <= self.t and f.arrived <= self.T and f.seq <= self.mark]
        return sorted(visible, key=lambda f: (f.at, f.seq))

    def inside(self, instant: int, window: ir.Window | None) -> bool:
        """Whether an instant lies in a window, seen from here."""
        window = window and in_journey(window, self.journey, self.t)
        if not clock.inside(instant, window, self.t, self.zone):
            return False
        if window is None or window.since is None:
            return True
        found = matching_events(self, window.since.query)
        if not found:
            return False
        return instant > (found[0] if window.since.which == "first" else found[-1]).at


def holds(
    condition: ir.Condition, world: World, member: Member, t: int, now: int, mark: int, zone: str, library: ir.Library
) -> bool:
    """Whether a condition is true of a member, seen from (t, T = ``now``, mark) in a zone."""
    return true_of(condition, View(world, member, t, now, mark, zone, library))


def exists(member: Member, t: int, now: int, mark: int) -> bool:
    """Whether the store knew the member: members exist from their arrival until an import takes them out."""
    said = [(f.at, f.seq, f.given) for f in member.removals if f.at <= t and f.arrived <= now and f.seq <= mark]
    return member.arrived <= min(t, now) and member.seq <= mark and not max(said, default=(0, 0, False))[2]


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
    told = view.seen(f for f in view.member.attributes if f.attribute == name)
    return told[-1].value if told else None


def matching_events(view: View, query: ir.EventQuery) -> list[EventFact]:
    """The events of a query in the order of (at, seq)."""
    found = []
    for event in view.seen(e for e in view.member.events if e.event == query.event):
        if query.same is not None and not _same(view, event, query.same.name):
            continue
        right_subject = not query.subjects or any(text_matches(event.subject, p) for p in query.subjects)
        right_fields = query.where is None or true_of(query.where, replace(view, event=event))
        if right_subject and right_fields and view.inside(event.at, query.window):
            found.append(event)
    return found


def _same(view: View, event: EventFact, field: str) -> bool:
    """Whether an event has the value of the one that started the journey; what is unknown is never the same."""
    start = view.journey.event if view.journey is not None else None
    return start is not None and event.value(field) is not None and event.value(field) == start.value(field)


def text_matches(text: str | None, pattern: ir.TextPattern) -> bool:
    """Whether a text is the pattern's or, with ``prefix``, begins with it."""
    if text is None:
        return False
    return text.startswith(pattern.text) if pattern.prefix else text == pattern.text


def operand_value(view: View, operand: ir.Operand) -> Any:
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
        case ir.LadderRef(name=name):
            return rung(view, view.library.ladders[name])
        case ir.InvitedNumber():
            return len(invited(view, ir.Invited())) * ir.NUMBER_SCALE


def total_value(view: View, total: ir.Total) -> int | Fraction | None:
    """A total over the matching events; over nothing 0, or unknown."""
    events = matching_events(view, total.query)
    if total.kind == "number":
        return len(events) * ir.NUMBER_SCALE
    assert total.field is not None
    known = [value for event in events if (value := event.value(total.field.name)) is not None]
    if total.kind == "distinct":
        return len(set(known)) * ir.NUMBER_SCALE
    numbers = [value for value in known if isinstance(value, int)]
    if total.kind == "sum":
        return sum(numbers)
    if not numbers:
        return None
    if total.kind == "average":
        return Fraction(sum(numbers), len(numbers))
    return max(numbers) if total.kind == "largest" else min(numbers)


def rung(view: View, ladder: ir.Ladder) -> str | None:
    """The rung a member stands on; None below the lowest."""
    value = operand_value(view, ladder.operand)
    for one in ladder.rungs:
        if one.mark is None:
            return one.name
        if value is not None and (value > one.mark or (one.included and value == one.mark)):
            return one.name
    return None


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
        case ir.HeldFor():
            return held_for(view, condition)
        case ir.Changed():
            return any(view.inside(at, condition.window) for at in changes(view, condition.operand.name))
        case ir.DidOnDays():
            return _did_on_days(condition, view)
        case ir.DueToReorder():
            return _due_to_reorder(condition, view)
        case ir.TodayIs(kind=kind):
            day = clock.local(view.t, view.zone).date()
            return view.library.holidays.days.get(day) == {"workday": "work", "holiday": "off"}[kind]
        case ir.SourceIn(sources=sources):
            return attribute_value(view, "source") in sources
        case ir.Invited(at_least=least, at_most=most):
            return _in_range(len(invited(view, condition)), least, most)
    return belonging(condition, view)


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


def _compares(value: Any, op: ir.CompareOp, values: tuple[int | str, ...]) -> bool:
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


# Days and what lasts


def _did_on_days(condition: ir.DidOnDays, view: View) -> bool:
    days = {clock.local(event.at, view.zone).date() for event in matching_events(view, condition.query)}
    if not condition.in_a_row:
        return _in_range(len(days), condition.at_least, condition.at_most)
    return any(all(day + timedelta(days=n) in days for n in range(condition.at_least)) for day in days)


def _due_to_reorder(condition: ir.DueToReorder, view: View) -> bool:
    events = matching_events(view, condition.query)
    if not events:
        return False
    known = None if condition.quantity is None else events[-1].value(condition.quantity.name)
    pieces = Fraction(known, ir.NUMBER_SCALE) if isinstance(known, int) else Fraction(1)
    lasts = condition.lasts.micros + condition.lasts.months * 30 * ir.DAY
    due = events[-1].at + lasts * pieces
    assert due.denominator == 1
    return view.inside(int(due), condition.window)


# Others


def invited(view: View, condition: ir.Invited) -> list[Member]:
    """The members whom the member brought."""
    found = []
    for member in view.world.members:
        other = replace(view, member=member)
        if not exists(member, view.t, view.T, view.mark) or attribute_value(other, "inviter") != view.member.id:
            continue
        joined = attribute_value(other, "joined")
        in_time = condition.window is None or (
            isinstance(joined, int) and joined <= view.t and view.inside(joined, condition.window)
        )
        if in_time and (condition.where is None or true_of(condition.where, other)):
            found.append(member)
    return found
