"""Tests of behaviour as they are written: events that happened, totals over them, the first and the last of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..syntax import (
    And,
    Comparison,
    Condition,
    Count,
    DayCount,
    Did,
    EventFilter,
    EventMoment,
    MomentOfAttribute,
    Pattern,
    SinceEvent,
    Total,
    TotalComparison,
    Window,
)
from .comparisons import compared
from .phrases import Phrase, joined, listed, spaced
from .strings import pattern, string
from .tongue import Tongue
from .windows import window

Inner: TypeAlias = Callable[[Condition, Tongue], Phrase]
"""Writes a condition in parentheses."""

COUNTS = {"at_least": "AT_LEAST", "at_most": "AT_MOST", "exactly": "EXACTLY"}
_TOTALS = {
    "sum": "SUM_OF", "average": "AVERAGE_OF", "largest": "LARGEST_OF", "smallest": "SMALLEST_OF",
    "distinct": "DISTINCT_OF",
}


def timed(words: str | Phrase, found: Window | None, tongue: Tongue) -> Phrase:
    """A test with its window: Chinese says when first, English last."""
    if found is None:
        return spaced(words)
    when = window(found, tongue)
    return spaced(when, words) if tongue.chinese else spaced(words, when)


def did(test: Did, negated: bool, tongue: Tongue, inner: Inner) -> Phrase:
    """``did order at least 2 times within 30 days``, with ``negated`` ``did not …``."""
    verb = tongue.word(("NEVER_DID" if negated else "EVER_DID") if test.ever else ("DID_NOT" if negated else "DID"))
    words = spaced(verb, filtered(test.events, tongue, inner), count(test.count, "TIMES", tongue))
    if test.days is not None:
        days = _days(test.days, tongue)
        words = spaced(days, words) if tongue.chinese else spaced(words, days)
    return timed(words, test.events.window, tongue)


def filtered(events: EventFilter, tongue: Tongue, inner: Inner) -> Phrase:
    """Events without their window."""
    return spaced(tongue.plain(events.event), _restricted(events, tongue, inner))


def _restricted(events: EventFilter, tongue: Tongue, inner: Inner) -> Phrase:
    """What a filter says of its events: subjects or category, the field that is the same, a where."""
    category = f"{tongue.word('IN_CATEGORY')} {string(events.category.text)}" if events.category else ""
    same = f"{tongue.word('SAME')} {tongue.field(events.same)}" if events.same else ""
    where = spaced(tongue.word("WHERE"), fields(events.where, tongue, inner)) if events.where else ""
    return spaced(_subjects(events.subjects, tongue), category, same, where)


def _subjects(subjects: tuple[Pattern, ...], tongue: Tongue) -> str:
    words = ", ".join(pattern(subject) for subject in subjects)
    return f"{tongue.word('ANY_SUBJECT')} {words}" if len(subjects) > 1 else words


def fields(condition: Condition, tongue: Tongue, inner: Inner) -> Phrase:
    """The tests of a where or has; a comma joins them."""
    tongue = tongue.of_fields()
    items = condition.items if isinstance(condition, And) else (condition,)
    return listed([_field_test(item, place == 0, tongue, inner) for place, item in enumerate(items)])


def _field_test(item: Condition, is_first: bool, tongue: Tongue, inner: Inner) -> Phrase:
    words = inner(item, tongue)
    plain = isinstance(item, Comparison | MomentOfAttribute)
    # A string behind a comma goes on with the list before it, so a quoted name stands in parentheses.
    bare = is_first or (isinstance(words[0], str) and words[0][0] not in "\"'「『“")
    return words if plain and bare else joined("(", words, ")")


def count(found: Count | None, things: str, tongue: Tongue) -> str:
    """How many: ``at least 2 times``; "" without a count."""
    if found is None:
        return ""
    words = tongue.counted(found.number, things)
    return f"{tongue.word(COUNTS[found.kind])}{'' if tongue.chinese else ' '}{words}"


def _days(found: DayCount, tongue: Tongue) -> str:
    days = tongue.counted(found.number, "DAYS")
    if found.kind == "in_a_row":
        if tongue.chinese:
            return f"{tongue.word('CONSECUTIVE')}{days}"
        return f"{tongue.word('ON')} {days} {tongue.word('IN_A_ROW')}"
    word = tongue.word(COUNTS[found.kind])
    return f"{word}{days}" if tongue.chinese else f"{tongue.word('ON')} {word} {days}"


def total(found: Total, tongue: Tongue, inner: Inner) -> Phrase:
    """``sum of order.amount within 90 days``, ``30天内 下单 次数``."""
    return _timed_total(_total_words(found, tongue, inner), found, tongue)


def _timed_total(words: Phrase, found: Total, tongue: Tongue) -> Phrase:
    """A since that ends with a name cannot stand before a test that begins with one."""
    if isinstance(found.events.window, SinceEvent) and found.kind == "number":
        return spaced(words, window(found.events.window, tongue))
    return timed(words, found.events.window, tongue)


def _total_words(found: Total, tongue: Tongue, inner: Inner) -> Phrase:
    events = found.events
    if found.field is not None:
        operand = f"{tongue.plain(events.event)}.{tongue.field(found.field)}"
        return spaced(tongue.word(_TOTALS[found.kind]), operand, _restricted(events, tongue, inner))
    words = filtered(events, tongue, inner)
    return spaced(words, tongue.word("COUNT_OF")) if tongue.chinese else spaced(tongue.word("NUMBER_OF"), words)


def total_test(test: TotalComparison, tongue: Tongue, inner: Inner) -> Phrase:
    """A total against values."""
    return spaced(total(test.total, tongue, inner), compared(test.operator, test.values, tongue))


def moment(test: EventMoment, tongue: Tongue, inner: Inner) -> Phrase:
    """``last order more than 45 days ago``; the window follows in both languages."""
    which = tongue.word("LAST" if test.which == "last" else "FIRST")
    has = spaced(tongue.word("HAS"), fields(test.has, tongue, inner)) if test.has is not None else ""
    when = window(test.window, tongue) if test.window is not None else ""
    return spaced(which, filtered(test.events, tongue, inner), has, when)
