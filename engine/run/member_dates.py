"""Schedules of members' own dates: a block that runs around a date or instant that each member has.

Such a schedule is a series of occurrences, each for the members with one value: seen from the instant t of an occurrence
the value lies a known way ahead or behind, which is a condition like any other. The occurrence is named after the
value, so that a member meets it once for a value, whatever becomes of offset and clock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..program.clock import add_duration, iso_utc, local_day, local_of
from ..program.ir import (
    DAY,
    Anniversary,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Daily,
    InWindow,
    MemberDate,
    Offset,
    ValueType,
    Window,
)
from .context import RunContext
from .schedules import Due, dues


@dataclass(frozen=True, slots=True)
class ValueDue:
    """When the members with one value fall due, the ``name`` of that value, and what is true of ``only`` those members."""

    due: Due
    name: str
    only: Condition


def of_value(trigger: MemberDate) -> Condition:
    """What is true of the members whose value falls due at t."""
    window = _value_window(trigger)
    if trigger.anniversary:
        return Anniversary(trigger.operand, window)
    return InWindow(trigger.operand, window)


def value_dues(ctx: RunContext, trigger: MemberDate, zone: str, since: int) -> list[ValueDue]:
    """What falls due in (since, T] on the clock of a zone, by instant."""
    return _daily(trigger, zone, since, ctx.at) if _is_daily(trigger) else _exact(ctx, trigger, zone, since)


def next_value_due(connection: sqlite3.Connection, trigger: MemberDate, zone: str, after: int) -> int | None:
    """An instant later than ``after``, no later than the next at which members' own dates fall due in a zone.

    For a schedule at a clock of the day that is the next such clock, whoever falls due then.
    """
    if _is_daily(trigger):
        return next(_instants(dues(Daily(None, (trigger.clock or 0,)), zone, after, after + 2 * DAY)), None)
    offset, months = trigger.offset, 0
    low = after - DAY
    if offset is not None:
        months = offset.duration.months
        low += _sign(offset) * offset.duration.micros + min(_sign(offset) * months * days * DAY for days in (28, 31))
    if trigger.operand.type is ValueType.INSTANT and not trigger.anniversary:
        values = {"name": trigger.operand.name, "low": low}
        starts: Iterator[int] = (int(value) for (value,) in connection.execute(_LATER_VALUES, values))
    else:
        starts = _instants(dues(Daily(None, (0,)), zone, low, low + (3 * months + 4) * DAY))
    return next((moved for start in starts if (moved := _moved(start, offset, zone)) > after), None)


_LATER_VALUES = """
SELECT DISTINCT a.value FROM attribute_facts a JOIN attributes n ON n.attribute = a.attribute
WHERE n.name = :name AND a.value > :low ORDER BY a.value
"""


def _instants(found: Iterator[Due]) -> Iterator[int]:
    return (due.instant for due in found)


def _is_daily(trigger: MemberDate) -> bool:
    """Whether due instants lie at one clock of the day; otherwise they follow the value to the microsecond."""
    whole_days = trigger.offset is None or trigger.offset.duration.micros % DAY == 0
    return trigger.clock is not None or (whole_days and trigger.operand.type is not ValueType.INSTANT)


def _value_window(trigger: MemberDate) -> Window:
    days, months = _ahead(trigger.offset)
    if not _is_daily(trigger) and not months:
        micros = 0 if trigger.offset is None else trigger.offset.duration.micros * _sign(trigger.offset)
        return Window(Cutoff(CutoffKind.T, 0, micros), Cutoff(CutoffKind.T, 0, micros + 1))
    if months:
        return Window(Cutoff(CutoffKind.DAY_SINCE, -months), Cutoff(CutoffKind.DAY_PAST, -months))
    return Window(Cutoff(CutoffKind.DAY, days), Cutoff(CutoffKind.DAY, days + 1))


def _ahead(offset: Offset | None) -> tuple[int, int]:
    """How many days and months the value lies ahead of the occurrence; negative is behind."""
    if offset is None:
        return 0, 0
    return _sign(offset) * offset.duration.micros // DAY, _sign(offset) * offset.duration.months


def _sign(offset: Offset) -> int:
    return 1 if offset.before else -1


def _daily(trigger: MemberDate, zone: str, since: int, until: int) -> list[ValueDue]:
    days, months = _ahead(trigger.offset)

    def name(due: Due) -> str:
        day = local_day(due.instant, zone)
        # Several days move by months to one; they share an occurrence, which is then named after its own day.
        return f"{day.isoformat()}{-months:+d}m" if months else (day + timedelta(days=days)).isoformat()

    only = of_value(trigger)
    return [ValueDue(due, name(due), only) for due in dues(Daily(None, (trigger.clock or 0,)), zone, since, until)]


def _exact(ctx: RunContext, trigger: MemberDate, zone: str, since: int) -> list[ValueDue]:
    """What follows values to the microsecond; months go to the same day and clock, or the month's last day."""
    found = []
    for start, only in _starts(ctx, trigger, zone, since):
        instant = _moved(start, trigger.offset, zone)
        if since < instant <= ctx.at:
            found.append(ValueDue(Due(instant, local_of(instant, zone)), iso_utc(start), only))
    return sorted(found, key=lambda one: (one.due.instant, one.name))


def _moved(start: int, offset: Offset | None, zone: str) -> int:
    if offset is None:
        return start
    return add_duration(start, offset.duration, zone, -_sign(offset))


def _starts(ctx: RunContext, trigger: MemberDate, zone: str, since: int) -> Iterator[tuple[int, Condition]]:
    """The instants at which values that may matter lie, each with what is true of the members who have it.

    Those are the instants that the attribute has ever had, as far as has arrived; a date is the start of its day.
    """
    offset = trigger.offset
    reach = DAY if offset is None else offset.duration.micros + offset.duration.months * 31 * DAY + DAY
    operand, low, high = trigger.operand, since - reach, ctx.at + reach
    if operand.type is ValueType.INSTANT:
        values: dict[str, int | str] = {"name": operand.name, "since": low, "until": high, "at": ctx.at}
        for (value,) in ctx.rows(_VALUES, values):
            yield int(value), Compare(operand, "is", (int(value),))
        return
    for midnight in dues(Daily(None, (0,)), zone, low, high):
        day = local_day(midnight.instant, zone)
        number = day.year * 10_000 + day.month * 100 + day.day
        yield midnight.instant, of_value(trigger) if trigger.anniversary else Compare(operand, "is", (number,))


_VALUES = """
SELECT DISTINCT a.value FROM attribute_facts a JOIN attributes n ON n.attribute = a.attribute
WHERE n.name = :name AND a.arrived <= :at AND a.value > :since AND a.value <= :until
"""
