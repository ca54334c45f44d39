"""What starts a block, as it is written: schedules with their limits, and events."""

from __future__ import annotations

from ..syntax import (
    ActivityEdge,
    CronLine,
    Daily,
    DayKind,
    EventTrigger,
    EveryWeeks,
    Interval,
    MemberDate,
    Monthly,
    MonthlyWeekday,
    Offset,
    Once,
    Schedule,
    ScheduleLimits,
    Trigger,
    Yearly,
)
from .happenings import happening
from .phrases import Phrase, spaced
from .strings import string
from .tongue import Tongue
from .values import WEEKDAYS, clock, clocks, date, day, duration, enumerated, month_day
from .windows import activity_words, during

_WORKING_WEEK, _WEEKEND = (1, 2, 3, 4, 5), (6, 7)
_RANGE = 3
_LAST = -1
_NTH = {1: "NTH_FIRST", 2: "NTH_SECOND", 3: "NTH_THIRD", 4: "NTH_FOURTH", 5: "NTH_FIFTH", _LAST: "NTH_LAST"}
_EDGES = {
    ("start", True): "START_BEFORE", ("start", False): "START_AFTER", ("end", True): "END_BEFORE",
    ("end", False): "END_AFTER",
}


def trigger_words(trigger: Trigger, limits: ScheduleLimits | None, tongue: Tongue) -> Phrase:
    """The line that begins a block, with the limits of a schedule."""
    match trigger:
        case (
            Daily() | DayKind() | EveryWeeks() | Monthly() | MonthlyWeekday() | Yearly() | Interval() | CronLine()
            | Once() | ActivityEdge() | MemberDate()
        ):
            return spaced(schedule_words(trigger, tongue), _limits(limits, tongue) if limits is not None else "")
        case _:
            return _event(trigger, tongue)


def _event(trigger: EventTrigger, tongue: Tongue) -> Phrase:
    return spaced(tongue.word("WHEN"), happening(trigger, tongue))


def schedule_words(found: Schedule, tongue: Tongue) -> str:
    """A schedule without its limits.

    A schedule told by days and clocks has both in that order; English puts ``at`` between them.
    """
    match found:
        case Interval():
            return _interval(found, tongue)
        case CronLine(text):
            return f"{tongue.word('CRON')} {string(text.text)}"
        case ActivityEdge():
            return _activity_edge(found, tongue)
        case MemberDate():
            return _member_date(found, tongue)
        case Once(at):
            moment = day(at).split(" ")
            return f"{tongue.word('ONCE_AT')} {_at(moment[0], moment[1], tongue)}"
        case _:
            return _at(_days(found, tongue), clocks(found.clocks, tongue), tongue)


def _at(days: str, times: str, tongue: Tongue) -> str:
    return f"{days} {times}" if tongue.chinese else f"{days} {tongue.word('AT')} {times}"


def _days(found: Daily | DayKind | EveryWeeks | Monthly | MonthlyWeekday | Yearly, tongue: Tongue) -> str:
    match found:
        case Daily(None):
            return tongue.word("EVERY_DAY")
        case Daily(weekdays) if weekdays is not None:
            return weekday_words(weekdays, tongue)
        case DayKind(kind):
            space = "" if tongue.chinese else " "
            return f"{tongue.noun('EVERY')}{space}{tongue.word('WORKDAY' if kind == 'workday' else 'HOLIDAY')}"
        case EveryWeeks():
            return _weeks(found, tongue)
        case Monthly(numbers):
            return _month_days(numbers, tongue)
        case MonthlyWeekday(nth, weekday):
            return _nth_weekday(nth, weekday, tongue)
        case Yearly():
            return _year_days(found, tongue)
    raise AssertionError(found)


def weekday_words(weekdays: tuple[int, ...], tongue: Tongue) -> str:
    """``every monday, friday``, ``每周一到周五``"""
    space = "" if tongue.chinese else " "
    if weekdays == _WEEKEND:
        return f"{tongue.noun('EVERY')}{space}{tongue.word('WEEKEND')}"
    if weekdays == _WORKING_WEEK and not tongue.chinese:
        return f"{tongue.word('EVERY')} {tongue.word('WEEKDAY')}"
    names = [tongue.word(WEEKDAYS[number - 1]) for number in weekdays]
    every = f"{tongue.word('EVERY')}{space}"
    if len(weekdays) < _RANGE or weekdays[-1] - weekdays[0] != len(weekdays) - 1:
        return every + enumerated(names, tongue)
    return f"{every}{names[0]}{space}{tongue.word('TO')}{space}{names[-1]}"


def _weeks(found: EveryWeeks, tongue: Tongue) -> str:
    names = enumerated((tongue.word(WEEKDAYS[number - 1]) for number in found.weekdays), tongue)
    start = f"{tongue.word('FROM')} {date(found.start)}"
    every = tongue.counted(found.weeks, "WEEKS")
    if tongue.chinese:
        return f"{tongue.word('EVERY')}{every} {names} {start}"
    return f"{tongue.word('EVERY')} {every} {tongue.word('ON_DAYS')} {names} {start}"


def _month_days(numbers: tuple[int, ...], tongue: Tongue) -> str:
    unit = tongue.word("MONTH_DAY") if tongue.chinese else ""
    names = enumerated((tongue.word("LAST_DAY") if day == _LAST else f"{day}{unit}" for day in numbers), tongue)
    if tongue.chinese:
        return tongue.word("EVERY_MONTH") + names
    return f"{tongue.word('EVERY_MONTH')} {tongue.word('ON_DAYS')} {names}"


def _nth_weekday(nth: int, weekday: int, tongue: Tongue) -> str:
    name = tongue.word(WEEKDAYS[weekday - 1])
    if not tongue.chinese:
        return f"{tongue.word('EVERY_MONTH')} {tongue.word('ON_DAYS')} {tongue.word(_NTH[nth])} {name}"
    which = tongue.word("NTH_LAST") if nth == _LAST else f"{tongue.word('NTH')}{nth}{tongue.word('ITEMS')}"
    return f"{tongue.word('EVERY_MONTH')}{which}{name}"


def _year_days(found: Yearly, tongue: Tongue) -> str:
    """The word for the lunar calendar speaks of all days behind it, so it stands once."""
    names: list[str] = []
    lunar = False
    for each in found.days:
        word = f"{tongue.word('LUNAR')} " if each.lunar and not lunar else ""
        lunar = lunar or each.lunar
        names.append(word + month_day(each))
    days = enumerated(names, tongue)
    if tongue.chinese:
        return f"{tongue.word('EVERY_YEAR')} {days}"
    return f"{tongue.word('EVERY_YEAR')} {tongue.word('ON_DAYS')} {days}"


def _interval(found: Interval, tongue: Tongue) -> str:
    far = duration(found.every, tongue)
    words = f"{tongue.word('EVERY_INTERVAL')}{far}" if tongue.chinese else f"{tongue.word('EVERY')} {far}"
    if found.between is None:
        return words
    start, end = (clock(each) for each in found.between)
    if tongue.chinese:
        return f"{words} {start} {tongue.word('TO')} {end}"
    return f"{words} {tongue.word('BETWEEN')} {start} {tongue.word('AND')} {end}"


# Around something


def _activity_edge(found: ActivityEdge, tongue: Tongue) -> str:
    if tongue.chinese:
        return _chinese_edge(found, tongue)
    edge = tongue.word("STARTS" if found.edge == "start" else "ENDS")
    if found.each_session:
        named = f"{tongue.word('EACH_SESSION')} {activity_words(found.activity, None, tongue)}"
        # After a session means after its end, before one before its beginning, unless the line says otherwise.
        usual = "start" if found.offset is None or found.offset.before else "end"
        words = named if found.offset is not None and found.edge == usual else f"{named} {edge}"
    else:
        words = f"{activity_words(found.activity, found.phase, tongue)} {edge}"
    if found.offset is None:
        return f"{tongue.word('WHEN')} {words}"
    words = f"{_offset(found.offset, tongue)} {words}"
    return words if found.clock is None else _at(words, clock(found.clock), tongue)


def _chinese_edge(found: ActivityEdge, tongue: Tongue) -> str:
    words = [tongue.word("ACTIVITY"), string(found.activity.text)]
    if found.phase is not None:
        words += [tongue.word("PHASE"), string(found.phase.text)]
    if found.each_session:
        words.append(tongue.word("EACH_SESSION"))
    if found.offset is None:
        words.append(tongue.word("STARTS" if found.edge == "start" else "ENDS"))
    else:
        far = duration(found.offset.duration, tongue)
        words.append(tongue.word(_EDGES[found.edge, found.offset.before]) + far)
    if found.clock is not None:
        words.append(clock(found.clock))
    return " ".join(words)


def _offset(found: Offset, tongue: Tongue) -> str:
    return f"{duration(found.duration, tongue)} {tongue.word('BEFORE' if found.before else 'AFTER')}"


def _member_date(found: MemberDate, tongue: Tongue) -> str:
    name = tongue.attribute(found.name)
    if tongue.chinese:
        return _chinese_date(found, f"{name} {tongue.word('ANNIVERSARY')}" if found.anniversary else name, tongue)
    own = f"{tongue.word('ANNIVERSARY_OF')} {name}" if found.anniversary else name
    words = f"{_offset(found.offset, tongue) if found.offset is not None else tongue.word('ONCE_AT')} {own}"
    return words if found.clock is None else _at(words, clock(found.clock), tongue)


def _chinese_date(found: MemberDate, own: str, tongue: Tongue) -> str:
    if found.offset is None:
        when = tongue.word("THAT_DAY")
    else:
        word = tongue.word("DATE_BEFORE" if found.offset.before else "DATE_AFTER")
        when = word + duration(found.offset.duration, tongue)
    words = f"{tongue.word('WHEN')} {own} {when}"
    return words if found.clock is None else f"{words} {clock(found.clock)}"


def _limits(found: ScheduleLimits, tongue: Tongue) -> Phrase:
    first = f"{tongue.word('FROM')} {day(found.first)}" if found.first is not None else ""
    last = f"{tongue.word('TO')} {day(found.last)}" if found.last is not None else ""
    activity = during(found.activity, found.phase, tongue) if found.activity is not None else ""
    holidays = tongue.word("EXCEPT_HOLIDAYS") if found.except_holidays else ""
    over = ""
    if found.over is not None:
        over = f"{tongue.word('OVER')}{'' if tongue.chinese else ' '}{duration(found.over, tongue)}"
    return spaced(first, last, activity, holidays, over)
