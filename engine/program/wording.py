"""Conditions told back: a checked condition in one line, as an operator would write it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ...grammar.messages import render
from . import ir
from .ir import All, Any, Condition, EventQuery, HasTag, Not, TextPattern, Window
from .value_words import Tongue, bare, patterned, quoted, share, value_words
from .window_words import window_words

_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_WORDS = {
    "is": "IS", "is_not": "IS_NOT", "in": "IN", "not_in": "NOT_IN", "contains": "CONTAINS", "starts": "STARTS_WITH",
    "ends": "ENDS_WITH", "known": "KNOWN", "unknown": "UNKNOWN",
}


def describe(condition: Condition, lang: str) -> str:
    """Return a condition in one line of the operator's language (``zh`` or ``en``).

    Reading the line gives an equal condition, except for what no line can say: constants, and ranges of counts.

    >>> from .ir import CutoffKind, Cutoff
    >>> yesterday = Window(Cutoff(CutoffKind.DAY, -1), Cutoff(CutoffKind.DAY, 0))
    >>> describe(ir.Did(EventQuery("点击", (TextPattern("猫", True),), None, yesterday)), "zh")
    '昨天 做过 点击 "猫*"'
    """
    return _words(condition, Tongue(lang))


def describe_total(total: ir.Total, lang: str) -> str:
    """Return a sum or number of events as it stands in a metric."""
    return _total(total, Tongue(lang))


def _words(condition: Condition, tongue: Tongue) -> str:
    match condition:
        case ir.Always(value):
            return render("explain.everyone" if value else "explain.nobody", {}, tongue.lang)[0]
        case All(items):
            return f" {tongue.word('AND')} ".join(_items(items, tongue))
        case Any(items):
            return f" {tongue.word('OR')} ".join(_items(items, tongue))
        case Not(item):
            return _negated(item, tongue)
        case HasTag():
            return _tagged(condition, tongue)
        case ir.Compare(operand, op, values):
            if isinstance(operand, ir.Total):
                return _total_compared(operand, op, values, tongue)
            return f"{_operand(operand, tongue)} {_compared(operand.type, op, values, tongue)}"
        case ir.InWindow(operand, window):
            return f"{_operand(operand, tongue)} {window_words(window, tongue)}"
        case _:
            return _test(condition, tongue)


def _test(condition: Condition, tongue: Tongue) -> str:
    match condition:
        case ir.Anniversary(operand, window):
            return _anniversary(operand, window, tongue)
        case ir.Did(query):
            return _did(condition, tongue.word("DID"), tongue)
        case ir.MomentIn(which, query, window):
            return f"{_moment(which, query, tongue)} {window_words(window, tongue)}"
        case ir.MomentHas(which, query, has):
            return f"{_moment(which, query, tongue)} {tongue.word('HAS')} {_fields(has, tongue)}"
        case ir.InSegment(name):
            return f"{tongue.word('IN_SEGMENT')} {quoted(name)}"
        case ir.Received():
            return _received(condition, tongue)
        case ir.Sample():
            return _sample(condition, tongue)
    raise AssertionError(condition)


# How tests are joined


def _items(items: Iterable[Condition], tongue: Tongue) -> list[str]:
    return [_within_parentheses(item, tongue) for item in items]


def _within_parentheses(item: Condition, tongue: Tongue) -> str:
    tags = _tags_of_all(item)
    if tags is not None:
        return _tag_list("TAGGED_ALL", tags.patterns, tags.window, tongue)
    return f"({_words(item, tongue)})" if isinstance(item, All | Any) else _words(item, tongue)


def _tags_of_all(item: Condition) -> HasTag | None:
    """The tags that must all be held, where a condition asks for nothing else."""
    if not isinstance(item, All):
        return None
    patterns: list[TextPattern] = []
    windows: set[Window | None] = set()
    for test in item.items:
        if not isinstance(test, HasTag) or len(test.patterns) != 1:
            return None
        patterns.extend(test.patterns)
        windows.add(test.window)
    ordered = all((a.text, a.prefix) < (b.text, b.prefix) for a, b in pairwise(patterns))
    return HasTag(tuple(patterns), windows.pop()) if ordered and len(windows) == 1 else None


def _negated(item: Condition, tongue: Tongue) -> str:
    if isinstance(item, ir.Did):
        return _did(item, tongue.word("DID_NOT"), tongue)
    if isinstance(item, HasTag) and len(item.patterns) == 1 and item.window is None and tongue.chinese:
        return f"{tongue.word('NOT_TAGGED')} {patterned(item.patterns[0])}"
    return f"{tongue.word('NOT')} {_within_parentheses(item, tongue)}"


def _timed(words: str, window: Window | None, tongue: Tongue) -> str:
    """A test with its window: Chinese says when first, English last."""
    if window is None:
        return words
    when = window_words(window, tongue)
    return f"{when} {words}" if tongue.chinese else f"{words} {when}"


# Tags, attributes, history


def _tagged(test: HasTag, tongue: Tongue) -> str:
    if len(test.patterns) > 1:
        return _tag_list("TAGGED_ANY", test.patterns, test.window, tongue)
    gained = tongue.chinese and test.window is not None
    return _timed(f"{tongue.word('GAINED' if gained else 'TAGGED')} {patterned(test.patterns[0])}", test.window, tongue)


def _tag_list(word: str, patterns: tuple[TextPattern, ...], window: Window | None, tongue: Tongue) -> str:
    return _timed(f"{tongue.word(word)} {', '.join(patterned(pattern) for pattern in patterns)}", window, tongue)


def _operand(operand: ir.Operand, tongue: Tongue) -> str:
    match operand:
        case ir.AttributeRef(name):
            return tongue.attribute(name)
        case ir.FieldRef(name):
            return tongue.field(name)
        case ir.MetricRef(name):
            return bare(name)
        case ir.Total():
            return _total(operand, tongue)


def _compared(kind: ir.ValueType, op: str, values: tuple[int | str, ...], tongue: Tongue) -> str:
    if kind is ir.ValueType.YES_NO and op == "is" and tongue.chinese:
        return tongue.word("IS_YES" if values[0] else "IS_NO")
    written = [value_words(kind, value, tongue) for value in values]
    if op == "between":
        return f"{tongue.word('BETWEEN')} {written[0]} {tongue.word('TO' if tongue.chinese else 'AND')} {written[1]}"
    word = _SIGNS.get(op) or tongue.word(_WORDS[op])
    return f"{word} {', '.join(written)}" if written else word


def _anniversary(operand: ir.AttributeRef, window: Window, tongue: Tongue) -> str:
    name = tongue.attribute(operand.name)
    words = name + tongue.word("ANNIVERSARY") if tongue.chinese else f"{tongue.word('ANNIVERSARY_OF')} {name}"
    return _timed(words, window, tongue)


def _received(test: ir.Received, tongue: Tongue) -> str:
    if test.template is not None:
        words = f"{tongue.word('RECEIVED_TEMPLATE')} {patterned(test.template)}"
    else:
        words = f"{tongue.word('RECEIVED')} {quoted(test.playbook or '')}"
    if test.step is not None:
        words += f" {tongue.word('STEP')} {quoted(test.step)}"
    return _timed(words + _count(test.at_least, test.at_most, tongue), test.window, tongue)


def _sample(test: ir.Sample, tongue: Tongue) -> str:
    low = f"{share(test.low)} {tongue.word('TO')} " if test.low else ""
    name = f" {tongue.word('OF_NAME')} {quoted(test.name)}" if test.name else ""
    return f"{tongue.word('IN_SAMPLE')} {low}{share(test.high)}{name}"


# Behaviour


def _did(test: ir.Did, verb: str, tongue: Tongue) -> str:
    words = f"{verb} {_query(test.query, tongue)}"
    return _timed(words + _count(test.at_least, test.at_most, tongue), test.query.window, tongue)


def _count(least: int, most: int | None, tongue: Tongue) -> str:
    if (least, most) == (1, None):
        return ""
    if most is None:
        return _times("AT_LEAST", least, tongue)
    if least == most:
        return _times("EXACTLY", most, tongue)
    lower = _times("AT_LEAST", least, tongue) if least > 0 else ""
    return lower + _times("AT_MOST", most, tongue)


def _times(word: str, number: int, tongue: Tongue) -> str:
    if tongue.chinese:
        return f" {tongue.word(word)}{number}{tongue.word('TIMES')}"
    times = tongue.word("TIMES")
    return f" {tongue.word(word)} {number} {times.removesuffix('s') if number == 1 else times}"


def _query(query: EventQuery, tongue: Tongue) -> str:
    """The events of a query without their window."""
    words = bare(query.event)
    if query.subjects:
        several = f" {tongue.word('ANY_SUBJECT')}" if len(query.subjects) > 1 else ""
        words += f"{several} {', '.join(patterned(subject) for subject in query.subjects)}"
    if query.where is not None:
        words += f" {tongue.word('WHERE')} {_fields(query.where, tongue)}"
    return words


def _fields(condition: Condition, tongue: Tongue) -> str:
    """The tests of a where or has list: a comma joins them."""
    items = condition.items if isinstance(condition, All) else (condition,)
    return ", ".join(_field_test(item, first=place == 0, tongue=tongue) for place, item in enumerate(items))


def _field_test(item: Condition, first: bool, tongue: Tongue) -> str:
    words = _words(item, tongue)
    plain = isinstance(item, ir.Compare | ir.InWindow)
    # A string behind a comma goes on with the list before it, so a quoted name stands in parentheses.
    return words if plain and (first or not words.startswith('"')) else f"({words})"


def _moment(which: str, query: EventQuery, tongue: Tongue) -> str:
    return f"{tongue.word('LAST' if which == 'last' else 'FIRST')} {_query(query, tongue)}"


def _total(total: ir.Total, tongue: Tongue) -> str:
    return _timed(_counted(total, tongue), total.query.window, tongue)


def _counted(total: ir.Total, tongue: Tongue) -> str:
    words = _query(total.query, tongue)
    if total.field is not None:
        event = bare(total.query.event)
        return f"{tongue.word('SUM_OF')} {event}.{tongue.field(total.field.name)}{words.removeprefix(event)}"
    return f"{words} {tongue.word('COUNT_OF')}" if tongue.chinese else f"{tongue.word('NUMBER_OF')} {words}"


def _total_compared(total: ir.Total, op: str, values: tuple[int | str, ...], tongue: Tongue) -> str:
    return f"{_total(total, tongue)} {_compared(total.type, op, values, tongue)}"
