"""Windows told back: from cutoffs to the words that an operator would use."""

from __future__ import annotations

from .. import ir
from ..clock import naive_datetime
from ..ir import Cutoff, CutoffKind, Window
from .values import Tongue, bare, patterned, quoted

Length = tuple[int, str]
"""A count, negative for the past, and the terminal of its unit."""

_UNITS = ((ir.DAY, "DAYS"), (ir.HOUR, "HOURS"), (ir.MINUTE, "MINUTES"))
_CALENDAR = {
    (CutoffKind.DAY, 0): "TODAY", (CutoffKind.DAY, -1): "YESTERDAY", (CutoffKind.WEEK, 0): "THIS_WEEK",
    (CutoffKind.WEEK, -1): "LAST_WEEK", (CutoffKind.MONTH, 0): "THIS_MONTH", (CutoffKind.MONTH, -1): "LAST_MONTH",
}
_NOW = Cutoff(CutoffKind.T, 0, 1)
_TOMORROW = Cutoff(CutoffKind.DAY, 1)


def timed(words: str, window: Window | None, tongue: Tongue) -> str:
    """A test with its window: Chinese says when first, English last.

    A window that begins with the wait at hand is what a test without words means there.
    """
    if window is None or (window.low is not None and window.low.kind is CutoffKind.WAIT):
        return words
    when = window_words(window, tongue)
    return f"{when} {words}" if tongue.chinese else f"{words} {when}"


def window_words(window: Window, tongue: Tongue) -> str:
    """Return a window in words; one that no words say is written as its two ends."""
    low, high = window.low, window.high
    placed = _in_place(window, tongue)
    if placed is not None:
        return placed
    if low is None:
        found = None if high is None else _until(high, tongue)
    elif high is None:
        found = _from(low, tongue)
    else:
        ways = (_one_moment, _calendar, _elapsed, _whole_days)
        found = next((words for way in ways if (words := way(low, high, tongue))), None)
    return found or f"[{_end(low)}, {_end(high)})"


def _one_moment(low: Cutoff, high: Cutoff, tongue: Tongue) -> str | None:
    """What schedules of members' own dates ask: exactly so long away, or a day that months lead to."""
    if low.kind is CutoffKind.DAY_SINCE and high.kind is CutoffKind.DAY_PAST:
        return _day_away((-low.n, "MONTHS"), tongue)
    if not low.kind is high.kind is CutoffKind.T or (high.n + high.plus) - (low.n + low.plus) != ir.MICROSECOND:
        return None
    length = length_of(low.n + low.plus)
    if length is None or length[0] == 0:
        return None
    far = duration_words(length, tongue)
    ahead = length[0] > 0
    if tongue.chinese:
        return far + tongue.word("AHEAD" if ahead else "AGO")
    return f"{tongue.word('IN')} {far}" if ahead else f"{far} {tongue.word('AGO')}"


def _in_place(window: Window, tongue: Tongue) -> str | None:
    """Windows that speak of an activity, a journey or another event."""
    low = window.low
    if window.since is not None:
        return _since_event(window.since, tongue)
    if window.activity is not None:
        sessions = low is not None and low.kind is CutoffKind.LATEST_START and low.times.spans
        return tongue.word("DURING_SESSION") if sessions else _during(window.activity, tongue)
    if low is not None and low.kind is CutoffKind.ENTRY:
        return tongue.word("SINCE_ENTRY")
    if low is not None and low.kind is CutoffKind.STEP:
        step = f"{tongue.word('STEP')} {quoted(low.name)}"
        return f"{step} {tongue.word('AHEAD')}" if tongue.chinese else f"{tongue.word('SINCE')} {step}"
    return None


def _since_event(since: ir.SinceEvent, tongue: Tongue) -> str:
    which = tongue.word("LAST" if since.which == "last" else "FIRST")
    events = " ".join([which, bare(since.query.event), *map(patterned, since.query.subjects)])
    return f"{events} {tongue.word('AHEAD')}" if tongue.chinese else f"{tongue.word('SINCE')} {events}"


def _during(label: str, tongue: Tongue) -> str:
    activity, _, phase = label.partition("/")
    words = [tongue.word("ACTIVITY"), quoted(activity)]
    if phase:
        words += [tongue.word("PHASE"), quoted(phase)]
    if tongue.chinese:
        return "".join([*words, tongue.word("THROUGHOUT")])
    return " ".join([tongue.word("DURING"), *words])


def _until(high: Cutoff, tongue: Tongue) -> str | None:
    if high.kind is CutoffKind.LOCAL:
        if high.plus:
            return f"<= {_moment(high.n)}"
        return _around(tongue, "BEFORE", _moment(high.n), "BEFORE_DAY")
    length = _moved(high)
    if length is None or length[0] >= 0:
        return None
    if tongue.chinese:
        return tongue.word("SINCE_NOW_MORE") + duration_words(length, tongue)
    return f"{tongue.word('MORE_THAN')} {_ago(length, tongue)}"


def _from(low: Cutoff, tongue: Tongue) -> str | None:
    if low.kind is not CutoffKind.LOCAL:
        return None
    return f"> {_moment(low.n)}" if low.plus else _around(tongue, "SINCE", _moment(low.n), "FROM_DAY")


def _calendar(low: Cutoff, high: Cutoff, tongue: Tongue) -> str | None:
    """Days, weeks and months of the calendar, by name, by distance or by date."""
    if low.kind is CutoffKind.LOCAL and high.kind is CutoffKind.LOCAL:
        return _dates(low.n, high.n, tongue)
    if low.kind is high.kind and low.plus == high.plus == 0 and high.n == low.n + 1:
        name = _CALENDAR.get((low.kind, low.n))
        if name is not None:
            return tongue.word(name)
        return _day_away((low.n, "DAYS"), tongue) if low.kind is CutoffKind.DAY else None
    if low.kind is CutoffKind.MONTH_DAY and high == Cutoff(low.kind, low.n, ir.DAY) and low.plus == 0:
        return _day_away((low.n, "MONTHS"), tongue)
    return None


def _dates(low: int, high: int, tongue: Tongue) -> str:
    if high == low + (ir.MINUTE if low % ir.DAY else ir.DAY):
        return _around(tongue, "ON", _moment(low), "THAT_DAY")
    last = _moment(high - (ir.MINUTE if high % ir.DAY else ir.DAY))
    if tongue.chinese:
        return f"{_moment(low)}{tongue.word('TO')}{last}"
    return f"{tongue.word('BETWEEN')} {_moment(low)} {tongue.word('AND')} {last}"


def _day_away(length: Length, tongue: Tongue) -> str:
    far = duration_words(length, tongue)
    if tongue.chinese:
        return far + tongue.word("THAT_DAY_AGO" if length[0] < 0 else "THAT_DAY_AHEAD")
    return f"{tongue.word('EXACTLY')} {_ago(length, tongue)}" if length[0] < 0 else f"{tongue.word('IN')} {far}"


def _elapsed(low: Cutoff, high: Cutoff, tongue: Tongue) -> str | None:
    earlier, later = _moved(low), _moved(high)
    if high == _NOW and earlier is not None and earlier[0] < 0:
        return _within(earlier, tongue)
    if low == _NOW and later is not None and later[0] > 0:
        return _within(later, tongue)
    if earlier is not None and later is not None and earlier[0] < 0 and later[0] < 0:
        return _between(earlier, later, tongue)
    return None


def _whole_days(low: Cutoff, high: Cutoff, tongue: Tongue) -> str | None:
    """The calendar days of an anniversary: each end is the day after the one in words."""
    if high == _TOMORROW:
        earlier = _day_before(low)
        return _within(earlier, tongue) if earlier is not None and earlier[0] < 0 else None
    later = _day_before(high)
    if low == _TOMORROW:
        return _within(later, tongue) if later is not None and later[0] > 0 else None
    earlier = _day_before(low)
    if earlier is not None and later is not None and earlier[0] < 0 and later[0] < 0:
        return _between(earlier, later, tongue)
    return None


def _within(length: Length, tongue: Tongue) -> str:
    far = duration_words(length, tongue)
    if tongue.chinese:
        return (tongue.word("WITHIN_NEXT") if length[0] > 0 else "") + far + tongue.word("INSIDE")
    return f"{tongue.word('WITHIN_NEXT' if length[0] > 0 else 'WITHIN')} {far}"


def _between(earlier: Length, later: Length, tongue: Tongue) -> str:
    if not tongue.chinese:
        return f"{tongue.word('BETWEEN')} {_ago(earlier, tongue)} {tongue.word('AND')} {_ago(later, tongue)}"
    near = str(-later[0]) if later[1] == earlier[1] else duration_words(later, tongue)
    return f"{tongue.word('SINCE_NOW')}{near}{tongue.word('TO')}{duration_words(earlier, tongue)}"


def _ago(length: Length, tongue: Tongue) -> str:
    return f"{duration_words(length, tongue)} {tongue.word('AGO')}"


def _around(tongue: Tongue, before: str, middle: str, after: str) -> str:
    """English says its word before the day, Chinese after it."""
    return middle + tongue.word(after) if tongue.chinese else f"{tongue.word(before)} {middle}"


def duration_words(length: Length, tongue: Tongue) -> str:
    """Return a length of time without its direction."""
    count, unit = abs(length[0]), tongue.word(length[1])
    if tongue.chinese:
        return f"{count}{unit}"
    return f"{count} {unit.removesuffix('s') if count == 1 else unit}"


def elapsed_words(duration: ir.Duration, tongue: Tongue) -> str:
    """Return a duration of the checked program, in whole months or the largest unit it is a whole number of."""
    if duration.months:
        return duration_words((duration.months, "MONTHS"), tongue)
    return duration_words(length_of(duration.micros) or (duration.micros // ir.MINUTE, "MINUTES"), tongue)


def length_of(micros: int) -> Length | None:
    """Return elapsed time in the largest unit of which it is a whole number; None below whole minutes.

    >>> length_of(-48 * ir.HOUR)
    (-2, 'DAYS')
    """
    for size, unit in _UNITS:
        if micros % size == 0:
            return micros // size, unit
    return None


def _moved(cutoff: Cutoff) -> Length | None:
    """How far a cutoff lies from t; those of elapsed time are one microsecond later than their bound."""
    if cutoff.kind is CutoffKind.T:
        return length_of(cutoff.n + cutoff.plus - 1)
    if cutoff.kind is CutoffKind.MONTHS and cutoff.plus == 1:
        return cutoff.n, "MONTHS"
    return None


def _day_before(cutoff: Cutoff) -> Length | None:
    if cutoff.kind is CutoffKind.DAY and cutoff.plus == 0:
        return cutoff.n - 1, "DAYS"
    if cutoff.kind is CutoffKind.MONTH_DAY and cutoff.plus == ir.DAY:
        return cutoff.n, "MONTHS"
    return None


def _moment(local: int) -> str:
    moment = naive_datetime(local)
    return moment.date().isoformat() if local % ir.DAY == 0 else moment.isoformat(" ", "minutes")


def _end(cutoff: Cutoff | None) -> str:
    return "…" if cutoff is None else f"{cutoff.kind}{cutoff.n:+d}{cutoff.plus:+d}us"
