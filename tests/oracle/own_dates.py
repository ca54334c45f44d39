"""When members' own dates fall due: every value that the attribute was ever given, tried by itself.

Several values may fall due under one name, such as two instants of one day at a clock: whoever has one of them meets it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from oracle import clock
from oracle.model import Member
from qingting.engine.program import ir


@dataclass(frozen=True, slots=True)
class OwnDate:
    """What falls due: its instant, the local date-time, its name, and what must be true of the member then."""

    instant: int
    shown: int
    name: str
    only: ir.Condition


def dues(member: Member, trigger: ir.MemberDate, zone: str, after: int, until: int) -> list[OwnDate]:
    """What the values of a member's attribute let fall due in (after, until]."""
    name = trigger.operand.name
    values = {f.value for f in member.attributes if f.attribute == name and isinstance(f.value, int)}
    found: dict[tuple[int, str], OwnDate] = {}
    for value in sorted(values):
        for day in _days(trigger, value, zone, after, until):
            start = value if trigger.operand.type == ir.ValueType.INSTANT else None
            instant, shown, called = _due(trigger.offset, trigger.clock, start, day, zone)
            if after < instant <= until:
                own = OwnDate(instant, shown, called, _still(trigger, value, day, zone))
                same = found.get((own.instant, own.name))
                found[own.instant, own.name] = own if same is None else replace(own, only=ir.Any((same.only, own.only)))
    return list(found.values())


def _days(trigger: ir.MemberDate, value: int, zone: str, after: int, until: int) -> list[datetime]:
    """The local moments that a value stands for, around the time in question."""
    if trigger.anniversary:
        first = clock.local(after, zone).date() - timedelta(days=70)
        number = (clock.local(until, zone).date() - first).days + 70
        return [datetime.combine(first + timedelta(days=n), time(0)) for n in range(number)]
    if trigger.operand.type == ir.ValueType.INSTANT:
        return [clock.local(value, zone)]
    return [datetime.combine(date(value // 10_000, value // 100 % 100, value % 100), time(0))]


@cache
def _due(
    offset: ir.Offset | None, minute: int | None, start: int | None, moment: datetime, zone: str
) -> tuple[int, int, str]:
    """When a moment falls due, which is the instant ``start`` or a day: the instant, what the clock shows then, its name."""
    duration = ir.Duration(0) if offset is None else offset.duration
    sign = -1 if offset is not None and offset.before else 1
    if minute is None and (duration.micros % ir.DAY or start is not None):
        start = clock.instant_of(moment, zone) if start is None else start
        instant = clock.add_duration(start, duration, zone, sign)
        shown, name = clock.naive_micros(clock.local(instant, zone)), clock.utc_name(start)
    else:
        day = clock.add_months(moment.date(), sign * duration.months)
        day += timedelta(days=sign * duration.micros // ir.DAY)
        due = datetime.combine(day, time(0)) + timedelta(minutes=minute or 0)
        instant, shown = clock.instant_of(due, zone), clock.naive_micros(due)
        name = moment.date().isoformat()
        if duration.months:
            name = f"{due.date().isoformat()}{sign * duration.months:+d}m"
    return instant, shown, name


def _still(trigger: ir.MemberDate, value: int, moment: datetime, zone: str) -> ir.Condition:
    """That the value is still the member's when it falls due."""
    if not trigger.anniversary:
        return ir.Compare(trigger.operand, "is", (value,))
    start = clock.naive_micros(moment)
    day = ir.Window(ir.Cutoff(ir.CutoffKind.LOCAL, start), ir.Cutoff(ir.CutoffKind.LOCAL, start + ir.DAY))
    return ir.Anniversary(trigger.operand, day)
