"""When members' own dates fall due: every value that the attribute was ever given, tried by itself.

Several values may fall due under one name, such as two instants of one day at a clock: whoever has one of them meets it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

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
            own = _due(trigger, value, day, zone)
            if after < own.instant <= until:
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


def _due(trigger: ir.MemberDate, value: int, moment: datetime, zone: str) -> OwnDate:
    """When a moment falls due. That the value still is the member's is asked then."""
    duration = ir.Duration(0) if trigger.offset is None else trigger.offset.duration
    sign = -1 if trigger.offset is not None and trigger.offset.before else 1
    is_instant = trigger.operand.type == ir.ValueType.INSTANT
    if trigger.clock is None and (duration.micros % ir.DAY or is_instant):
        start = value if is_instant else clock.instant_of(moment, zone)
        instant = clock.add_duration(start, duration, zone, sign)
        shown, name = clock.naive_micros(clock.local(instant, zone)), clock.utc_name(start)
    else:
        day = clock.add_months(moment.date(), sign * duration.months)
        day += timedelta(days=sign * duration.micros // ir.DAY)
        due = datetime.combine(day, time(0)) + timedelta(minutes=trigger.clock or 0)
        instant, shown = clock.instant_of(due, zone), clock.naive_micros(due)
        name = moment.date().isoformat()
        if duration.months:
            name = f"{due.date().isoformat()}{sign * duration.months:+d}m"
    return OwnDate(instant, shown, name, _still(trigger, value, moment, zone))


def _still(trigger: ir.MemberDate, value: int, moment: datetime, zone: str) -> ir.Condition:
    """That the value is the member's."""
    if not trigger.anniversary:
        return ir.Compare(trigger.operand, "is", (value,))
    start = clock.naive_micros(moment)
    day = ir.Window(ir.Cutoff(ir.CutoffKind.LOCAL, start), ir.Cutoff(ir.CutoffKind.LOCAL, start + ir.DAY))
    return ir.Anniversary(trigger.operand, day)
