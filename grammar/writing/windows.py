"""Windows as they are written: where something lies, seen from t."""

from __future__ import annotations

from ..syntax import (
    BetweenAgo,
    CalendarWindow,
    DuringActivity,
    DuringSession,
    ExactlyDays,
    MoreThanAgo,
    Name,
    OnDate,
    SinceEntry,
    SinceEvent,
    SinceStep,
    Window,
    Within,
)
from .strings import pattern, string
from .tongue import Tongue
from .values import day, duration

_CALENDAR = {
    ("day", 0): "TODAY", ("day", -1): "YESTERDAY", ("week", 0): "THIS_WEEK", ("month", 0): "THIS_MONTH",
    ("week", -1): "LAST_WEEK", ("month", -1): "LAST_MONTH",
}
_AROUND = {"on": ("ON", "THAT_DAY"), "before": ("BEFORE", "BEFORE_DAY"), "since": ("SINCE", "FROM_DAY")}


def window(found: Window, tongue: Tongue) -> str:
    """The words of a window."""
    match found:
        case Within() | MoreThanAgo() | BetweenAgo() | ExactlyDays():
            return _distance(found, tongue)
        case CalendarWindow(unit, shift):
            return tongue.word(_CALENDAR[unit, shift])
        case OnDate():
            return _dates(found, tongue)
        case DuringActivity(name, phase):
            return during(name, phase, tongue)
        case DuringSession():
            return tongue.word("DURING_SESSION")
        case SinceEntry():
            return tongue.word("SINCE_ENTRY")
        case SinceStep(step):
            return _since(f"{tongue.word('STEP')}{'' if tongue.chinese else ' '}{string(step.text)}", tongue)
        case SinceEvent():
            return _since_event(found, tongue)


def during(activity: Name, phase: Name | None, tongue: Tongue) -> str:
    """The time of an activity or of one of its phases."""
    named = activity_words(activity, phase, tongue)
    return f"{named}{tongue.word('THROUGHOUT')}" if tongue.chinese else f"{tongue.word('DURING')} {named}"


def activity_words(activity: Name, phase: Name | None, tongue: Tongue) -> str:
    """An activity and its phase; Chinese writes both without spaces inside a longer word."""
    space = "" if tongue.chinese else " "
    named = f"{tongue.word('ACTIVITY')}{space}{string(activity.text)}"
    return named if phase is None else f"{named}{space}{tongue.word('PHASE')}{space}{string(phase.text)}"


def _distance(found: Within | MoreThanAgo | BetweenAgo | ExactlyDays, tongue: Tongue) -> str:
    if isinstance(found, BetweenAgo):
        return _between(found, tongue)
    far = duration(found.duration, tongue)
    match found:
        case Within(_, ahead):
            if tongue.chinese:
                return f"{tongue.word('WITHIN_NEXT') if ahead else ''}{far}{tongue.word('INSIDE')}"
            return f"{tongue.word('WITHIN_NEXT' if ahead else 'WITHIN')} {far}"
        case MoreThanAgo():
            if tongue.chinese:
                return f"{tongue.word('SINCE_NOW_MORE')}{far}"
            return f"{tongue.word('MORE_THAN')} {far} {tongue.word('AGO')}"
        case ExactlyDays(_, ahead):
            if tongue.chinese:
                return f"{far}{tongue.word('THAT_DAY_AHEAD' if ahead else 'THAT_DAY_AGO')}"
            return f"{tongue.word('IN')} {far}" if ahead else f"{tongue.word('EXACTLY')} {far} {tongue.word('AGO')}"


def _between(found: BetweenAgo, tongue: Tongue) -> str:
    far, near = duration(found.earlier, tongue), duration(found.later, tongue)
    if tongue.chinese:
        if found.earlier.unit == found.later.unit:
            near = str(found.later.count)
        return f"{tongue.word('SINCE_NOW')}{near}{tongue.word('TO')}{far}"
    ago = tongue.word("AGO")
    return f"{tongue.word('BETWEEN')} {far} {ago} {tongue.word('AND')} {near} {ago}"


def _dates(found: OnDate, tongue: Tongue) -> str:
    first = day(found.first)
    if found.last is not None:
        last = day(found.last)
        if tongue.chinese:
            return f"{first}{tongue.word('TO')}{last}"
        return f"{tongue.word('BETWEEN')} {first} {tongue.word('AND')} {last}"
    english, chinese = _AROUND[found.relation]
    return f"{first}{tongue.word(chinese)}" if tongue.chinese else f"{tongue.word(english)} {first}"


def _since(words: str, tongue: Tongue) -> str:
    return f"{words}{tongue.word('AHEAD')}" if tongue.chinese else f"{tongue.word('SINCE')} {words}"


def _since_event(found: SinceEvent, tongue: Tongue) -> str:
    """The event of a since takes at most one subject and nothing else."""
    words = [tongue.word("LAST" if found.which == "last" else "FIRST"), tongue.plain(found.events.event)]
    words += [pattern(subject) for subject in found.events.subjects]
    if tongue.chinese:
        return " ".join([*words, tongue.word("AHEAD")])
    return " ".join([tongue.word("SINCE"), *words])
