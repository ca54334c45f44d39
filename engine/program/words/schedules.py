"""Schedules told back, as an operator writes them."""

from __future__ import annotations

from ....grammar.keywords import spellings_of
from .. import ir
from ..clock import naive_datetime
from ..ir import CutoffKind
from .values import Tongue, date_words, quoted
from .windows import elapsed_words

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_ORDINALS = {1: "NTH_FIRST", 2: "NTH_SECOND", 3: "NTH_THIRD", 4: "NTH_FOURTH", 5: "NTH_FIFTH", -1: "NTH_LAST"}
# Chinese counts days with a measure word where a noun follows.
_EACH = spellings_of("EVERY")[-1]
_LAST_DAY = -1
_RANGE = 3
_EDGES = {
    ("start", True): "START_BEFORE", ("start", False): "START_AFTER", ("end", True): "END_BEFORE",
    ("end", False): "END_AFTER",
}


def clock_words(minutes: int) -> str:
    """A clock given in minutes after midnight.

    >>> clock_words(545)
    '09:05'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def schedule_words(schedule: ir.Schedule, tongue: Tongue) -> str:
    """Return a schedule without its limits."""
    match schedule:
        case ir.Daily(weekdays, clocks):
            return at(_days_of_week(weekdays, tongue), _clocks(clocks, tongue), tongue)
        case ir.DayKind(kind, clocks):
            day = tongue.word("WORKDAY" if kind == "workday" else "HOLIDAY")
            every = _EACH if tongue.chinese else f"{tongue.word('EVERY')} "
            return at(every + day, _clocks(clocks, tongue), tongue)
        case ir.EveryWeeks():
            return _every_weeks(schedule, tongue)
        case ir.Monthly(days, clocks):
            return at(_days_of_month(days, tongue), _clocks(clocks, tongue), tongue)
        case ir.MonthlyWeekday(nth, weekday, clocks):
            return at(_weekday_of_month(nth, weekday, tongue), _clocks(clocks, tongue), tongue)
        case ir.Yearly():
            return at(_days_of_year(schedule, tongue), _clocks(schedule.clocks, tongue), tongue)
        case _:
            return _moment_words(schedule, tongue)


def _moment_words(
    schedule: ir.Interval | ir.Cron | ir.Once | ir.ActivityEdge | ir.MemberDate, tongue: Tongue
) -> str:
    match schedule:
        case ir.Interval(minutes, between):
            return _interval(minutes, between, tongue)
        case ir.Cron(text):
            return f"{tongue.word('CRON')} {quoted(text)}"
        case ir.Once(local):
            day, clock = naive_datetime(local).isoformat(" ", "minutes").split(" ")
            return f"{tongue.word('ONCE_AT')} {at(day, clock, tongue)}"
        case ir.ActivityEdge():
            return _activity_edge(schedule, tongue)
        case ir.MemberDate():
            return _member_date(schedule, tongue)


def at(days: str, clock: str | None, tongue: Tongue) -> str:
    """Days with a clock behind them, if any."""
    if clock is None:
        return days
    return f"{days} {clock}" if tongue.chinese else f"{days} {tongue.word('AT')} {clock}"


def _clocks(clocks: tuple[int, ...], tongue: Tongue) -> str:
    return listed([clock_words(clock) for clock in clocks], tongue)


def listed(items: list[str], tongue: Tongue) -> str:
    """Words of one kind, one after the other."""
    return ("、" if tongue.chinese else ", ").join(items)


def weekday_word(weekday: int, tongue: Tongue) -> str:
    """The name of an ISO weekday."""
    return tongue.word(_WEEKDAYS[weekday - 1])


def _days_of_week(weekdays: tuple[int, ...] | None, tongue: Tongue) -> str:
    if weekdays is None:
        return tongue.word("EVERY_DAY")
    names = [weekday_word(day, tongue) for day in weekdays]
    every = tongue.word("EVERY") + ("" if tongue.chinese else " ")
    if len(weekdays) < _RANGE or weekdays[-1] - weekdays[0] != len(weekdays) - 1:
        return every + listed(names, tongue)
    to = tongue.word("TO") if tongue.chinese else f" {tongue.word('TO')} "
    return every + names[0] + to + names[-1]


def _every_weeks(schedule: ir.EveryWeeks, tongue: Tongue) -> str:
    weeks = tongue.word("WEEKS")
    weeks = f"{schedule.weeks}{weeks}" if tongue.chinese else f"{schedule.weeks} {_plural(weeks, schedule.weeks)}"
    days = listed([weekday_word(day, tongue) for day in schedule.weekdays], tongue)
    start = date_words(schedule.start)
    if tongue.chinese:
        words = f"{tongue.word('EVERY')}{weeks} {days} {tongue.word('FROM')} {start}"
    else:
        words = f"{tongue.word('EVERY')} {weeks} {tongue.word('ON_DAYS')} {days} {tongue.word('FROM')} {start}"
    return at(words, _clocks(schedule.clocks, tongue), tongue)


def _plural(word: str, count: int) -> str:
    return word.removesuffix("s") if count == 1 else word


def _days_of_month(days: tuple[int, ...], tongue: Tongue) -> str:
    number = tongue.word("MONTH_DAY") if tongue.chinese else ""
    names = listed([tongue.word("LAST_DAY") if day == _LAST_DAY else f"{day}{number}" for day in days], tongue)
    return tongue.word("EVERY_MONTH") + (names if tongue.chinese else f" {tongue.word('ON_DAYS')} {names}")


def _weekday_of_month(nth: int, weekday: int, tongue: Tongue) -> str:
    day = weekday_word(weekday, tongue)
    if not tongue.chinese:
        return f"{tongue.word('EVERY_MONTH')} {tongue.word('ON_DAYS')} {tongue.word(_ORDINALS[nth])} {day}"
    if nth == _LAST_DAY:
        return f"{tongue.word('EVERY_MONTH')}{tongue.word('NTH_LAST')}{day}"
    return f"{tongue.word('EVERY_MONTH')}{tongue.word('NTH')}{nth}{tongue.word('ITEMS')}{day}"


def _days_of_year(schedule: ir.Yearly, tongue: Tongue) -> str:
    solar = [_month_day(day) for day in schedule.days]
    lunar = [f"{tongue.word('LUNAR')} {_month_day(day)}" for day in schedule.lunar]
    names = listed([*solar, *lunar], tongue)
    return tongue.word("EVERY_YEAR") + (names if tongue.chinese else f" {tongue.word('ON_DAYS')} {names}")


def _month_day(mmdd: int) -> str:
    return f"{mmdd // 100:02d}-{mmdd % 100:02d}"


def _interval(minutes: int, between: tuple[int, int] | None, tongue: Tongue) -> str:
    far = elapsed_words(ir.Duration(minutes * ir.MINUTE), tongue)
    words = tongue.word("EVERY_INTERVAL") + far if tongue.chinese else f"{tongue.word('EVERY')} {far}"
    if between is None:
        return words
    start, end = (clock_words(clock) for clock in between)
    if tongue.chinese:
        return f"{words} {start}{tongue.word('TO')}{end}"
    return f"{words} {tongue.word('BETWEEN')} {start} {tongue.word('AND')} {end}"


# Around activities and the member's own dates


def activity_words(label: str, tongue: Tongue) -> str:
    """An activity, or a phase of one (``activity/phase``)."""
    activity, _, phase = label.partition("/")
    words = f"{tongue.word('ACTIVITY')} {quoted(activity)}"
    return f"{words} {tongue.word('PHASE')} {quoted(phase)}" if phase else words


def _activity_edge(edge: ir.ActivityEdge, tongue: Tongue) -> str:
    clock = clock_words(edge.clock) if edge.clock is not None else None
    return at(_edge_chinese(edge, tongue) if tongue.chinese else _edge_english(edge, tongue), clock, tongue)


def _edge_chinese(edge: ir.ActivityEdge, tongue: Tongue) -> str:
    words = activity_words(edge.activity, tongue)
    if edge.each_session:
        words += f" {tongue.word('EACH_SESSION')}"
    if edge.offset is None:
        return f"{words} {tongue.word('STARTS' if edge.edge == 'start' else 'ENDS')}"
    return f"{words} {tongue.word(_EDGES[edge.edge, edge.offset.before])}{elapsed_words(edge.offset.duration, tongue)}"


def _edge_english(edge: ir.ActivityEdge, tongue: Tongue) -> str:
    ends = tongue.word("STARTS" if edge.edge == "start" else "ENDS")
    words = activity_words(edge.activity, tongue)
    if edge.each_session:
        words = f"{tongue.word('EACH_SESSION')} {words}"
    if edge.offset is None:
        return f"{tongue.word('WHEN')} {words} {ends}"
    far = f"{elapsed_words(edge.offset.duration, tongue)} {tongue.word('BEFORE' if edge.offset.before else 'AFTER')}"
    usual = edge.each_session and (edge.edge == "start") == edge.offset.before
    return f"{far} {words}" if usual else f"{far} {words} {ends}"


def _member_date(date: ir.MemberDate, tongue: Tongue) -> str:
    clock = clock_words(date.clock) if date.clock is not None else None
    name = tongue.attribute(date.operand.name)
    if tongue.chinese:
        words = f"{tongue.word('WHEN')} {name}{tongue.word('ANNIVERSARY') if date.anniversary else ''}"
        return at(f"{words} {_away_chinese(date.offset, tongue)}", clock, tongue)
    name = f"{tongue.word('ANNIVERSARY_OF')} {name}" if date.anniversary else name
    if date.offset is None:
        return at(f"{tongue.word('ONCE_AT')} {name}", clock, tongue)
    side = tongue.word("BEFORE" if date.offset.before else "AFTER")
    return at(f"{elapsed_words(date.offset.duration, tongue)} {side} {name}", clock, tongue)


def _away_chinese(offset: ir.Offset | None, tongue: Tongue) -> str:
    if offset is None:
        return tongue.word("THAT_DAY")
    return tongue.word("DATE_BEFORE" if offset.before else "DATE_AFTER") + elapsed_words(offset.duration, tongue)


# Limits


def limits_words(limits: ir.Limits | None, tongue: Tongue) -> str:
    """Return what narrows a schedule, "" where nothing does."""
    if limits is None:
        return ""
    words = []
    if limits.window is not None:
        words.append(dates_words(limits.window, tongue))
    if limits.activity is not None:
        words.append(during_words(limits.activity, tongue))
    if limits.except_holidays:
        words.append(tongue.word("EXCEPT_HOLIDAYS"))
    if limits.over is not None:
        far = elapsed_words(ir.Duration(limits.over), tongue)
        words.append(tongue.word("OVER") + ("" if tongue.chinese else " ") + far)
    return " ".join(words)


def during_words(label: str, tongue: Tongue) -> str:
    """The time of an activity or a phase."""
    words = activity_words(label, tongue)
    return f"{words} {tongue.word('THROUGHOUT')}" if tongue.chinese else f"{tongue.word('DURING')} {words}"


def dates_words(window: ir.Window, tongue: Tongue) -> str:
    """From one local date to another, both included; either may be open."""
    words = []
    if window.low is not None:
        words.append(f"{tongue.word('FROM')} {_moment(window.low, last=False)}")
    if window.high is not None:
        words.append(f"{tongue.word('TO')} {_moment(window.high, last=True)}")
    return " ".join(words)


def _moment(cutoff: ir.Cutoff, *, last: bool) -> str:
    assert cutoff.kind is CutoffKind.LOCAL
    whole = cutoff.n % ir.DAY == 0
    moment = naive_datetime(cutoff.n - (0 if not last else ir.DAY if whole else ir.MINUTE))
    return moment.date().isoformat() if whole else moment.isoformat(" ", "minutes")
