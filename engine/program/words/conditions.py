"""Conditions told back: a checked condition in one line, as an operator would write it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ....grammar.messages import render
from .. import ir
from ..ir import All, Any, Condition, EventQuery, HasTag, Not, TextPattern, Window
from .histories import bound_words, count_words, history_words
from .values import Tongue, bare, patterned, quoted, share, value_words
from .windows import elapsed_words, timed, window_words

_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_WORDS = {
    "is": "IS", "is_not": "IS_NOT", "in": "IN", "not_in": "NOT_IN", "contains": "CONTAINS", "starts": "STARTS_WITH",
    "ends": "ENDS_WITH", "known": "KNOWN", "unknown": "UNKNOWN",
}
_TOTALS = {
    "sum": "SUM_OF", "average": "AVERAGE_OF", "largest": "LARGEST_OF", "smallest": "SMALLEST_OF",
    "distinct": "DISTINCT_OF",
}


def describe(condition: Condition, lang: str, *, limited: bool = False) -> str:
    """Return a condition in one line of the operator's language (``zh`` or ``en``).

    Reading the line gives an equal condition, except for what no line can say: constants, and ranges of counts.
    ``limited``: the line stands in a goal, exit or wait, where a behaviour without a window counts only since then.

    >>> from ..ir import CutoffKind, Cutoff
    >>> yesterday = Window(Cutoff(CutoffKind.DAY, -1), Cutoff(CutoffKind.DAY, 0))
    >>> describe(ir.Did(EventQuery("点击", (TextPattern("猫", True),), None, yesterday)), "zh")
    '昨天 做过 点击 "猫*"'
    """
    return _words(condition, Tongue(lang, limited))


def describe_total(total: ir.Total, lang: str) -> str:
    """Return a number over events as it stands in a metric."""
    return _total(total, Tongue(lang))


def describe_events(query: EventQuery, lang: str) -> str:
    """Return the events of a query without their window, as they stand behind a verb."""
    return _query(query, Tongue(lang))


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
        case ir.HeldFor():
            return _held(condition, tongue)
        case ir.Changed(operand, window):
            return timed(f"{_operand(operand, tongue)} {tongue.word('CHANGED')}", window, tongue)
        case ir.Did(query, least, most):
            words = _did(_verb(query, tongue), query, tongue)
            return timed(words + count_words(least, most, "TIMES", tongue), query.window, tongue)
        case ir.DidOnDays():
            return _did_on_days(condition, tongue)
        case ir.MomentIn(which, query, window):
            return f"{_moment(which, query, tongue)} {window_words(window, tongue)}"
        case ir.MomentHas(which, query, has):
            return f"{_moment(which, query, tongue)} {tongue.word('HAS')} {_fields(has, tongue)}"
        case ir.Invited():
            return _invited(condition, tongue)
        case ir.InSegment() | ir.InGroup() | ir.IsFriend() | ir.SourceIn() | ir.TodayIs() | ir.Sample():
            return _standing(condition, tongue)
        case (
            ir.HoldsCoupon() | ir.UsedCoupon() | ir.ReceivedRedpacket() | ir.Received() | ir.InPlaybook()
            | ir.FinishedPlaybook() | ir.DueToReorder() | ir.TaskIs()
        ):
            return history_words(condition, tongue)
    raise AssertionError(condition)


_Standing = ir.InSegment | ir.InGroup | ir.IsFriend | ir.SourceIn | ir.TodayIs | ir.Sample


def _standing(condition: _Standing, tongue: Tongue) -> str:
    match condition:
        case ir.InSegment(name):
            return f"{tongue.word('IN_SEGMENT')} {quoted(name)}"
        case ir.InGroup(group):
            return f"{tongue.word('IN_CUSTOMER_GROUP')} {patterned(group)}"
        case ir.IsFriend():
            return tongue.word("IS_FRIEND")
        case ir.SourceIn(group):
            return f"{tongue.attribute('source')} {tongue.word('INTO_GROUP')} {quoted(group)}"
        case ir.TodayIs(kind):
            return _today(kind, "IS", tongue)
        case ir.Sample():
            return _sample(condition, tongue)


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
        words = _did(_verb(item.query, tongue, negated=True), item.query, tongue)
        return timed(words + count_words(item.at_least, item.at_most, "TIMES", tongue), item.query.window, tongue)
    if isinstance(item, ir.IsFriend):
        return tongue.word("IS_NO_FRIEND")
    if isinstance(item, ir.TodayIs):
        return _today(item.kind, "IS_NOT", tongue)
    if isinstance(item, HasTag) and len(item.patterns) == 1 and item.window is None and tongue.chinese:
        return f"{tongue.word('NOT_TAGGED')} {patterned(item.patterns[0])}"
    return f"{tongue.word('NOT')} {_within_parentheses(item, tongue)}"


# Tags, attributes, history


def _tagged(test: HasTag, tongue: Tongue) -> str:
    if len(test.patterns) > 1:
        return _tag_list("TAGGED_ANY", test.patterns, test.window, tongue)
    gained = tongue.chinese and test.window is not None
    return timed(f"{tongue.word('GAINED' if gained else 'TAGGED')} {patterned(test.patterns[0])}", test.window, tongue)


def _tag_list(word: str, patterns: tuple[TextPattern, ...], window: Window | None, tongue: Tongue) -> str:
    return timed(f"{tongue.word(word)} {', '.join(patterned(pattern) for pattern in patterns)}", window, tongue)


def _operand(operand: ir.Operand, tongue: Tongue) -> str:
    match operand:
        case ir.AttributeRef(name):
            return tongue.attribute(name)
        case ir.FieldRef(name):
            return tongue.field(name)
        case ir.LadderRef("tier"):
            return tongue.attribute("tier")
        case ir.MetricRef(name) | ir.LadderRef(name):
            return bare(name)
        case ir.Total():
            return _total(operand, tongue)
        case ir.InvitedNumber():
            return tongue.word("INVITED")


def _compared(kind: ir.ValueType, op: str, values: tuple[int | str, ...], tongue: Tongue) -> str:
    if kind is ir.ValueType.YES_NO and op == "is" and tongue.chinese:
        return tongue.word("IS_YES" if values[0] else "IS_NO")
    written = [value_words(kind, value, tongue) for value in values]
    if op == "between":
        return f"{tongue.word('BETWEEN')} {written[0]} {tongue.word('TO' if tongue.chinese else 'AND')} {written[1]}"
    word = _SIGNS.get(op) or tongue.word(_WORDS[op])
    return f"{word} {', '.join(written)}" if written else word


def _today(kind: str, word: str, tongue: Tongue) -> str:
    return f"{tongue.word('TODAY')} {tongue.word(word)} {tongue.word('WORKDAY' if kind == 'workday' else 'HOLIDAY')}"


def _held(test: ir.HeldFor, tongue: Tongue) -> str:
    value = value_words(test.operand.type, test.value, tongue)
    words = f"{_operand(test.operand, tongue)} {tongue.word('HAS_BEEN')} {value}"
    length = elapsed_words(test.duration, tongue)
    return f"{words} {length}" if tongue.chinese else f"{words} {tongue.word('FOR')} {length}"


def _anniversary(operand: ir.AttributeRef, window: Window, tongue: Tongue) -> str:
    name = tongue.attribute(operand.name)
    words = f"{name} {tongue.word('ANNIVERSARY')}" if tongue.chinese else f"{tongue.word('ANNIVERSARY_OF')} {name}"
    return timed(words, window, tongue)


def _sample(test: ir.Sample, tongue: Tongue) -> str:
    low = f"{share(test.low)} {tongue.word('TO')} " if test.low else ""
    name = f" {tongue.word('OF_NAME')} {quoted(test.name)}" if test.name else ""
    return f"{tongue.word('IN_SAMPLE')} {low}{share(test.high)}{name}"


# Behaviour


def _verb(query: EventQuery, tongue: Tongue, *, negated: bool = False) -> str:
    """Did; where tests are limited in time, ever did for one without a window."""
    if tongue.limited and query.window is None:
        return tongue.word("NEVER_DID" if negated else "EVER_DID")
    return tongue.word("DID_NOT" if negated else "DID")


def _did(verb: str, query: EventQuery, tongue: Tongue) -> str:
    words = f"{verb} {_query(query, tongue)}"
    return words if query.same is None else f"{words} {tongue.word('SAME')} {tongue.field(query.same.name)}"


def _did_on_days(test: ir.DidOnDays, tongue: Tongue) -> str:
    words = _did(_verb(test.query, tongue), test.query, tongue)
    days = _days(test, tongue)
    return timed(f"{days} {words}" if tongue.chinese else f"{words} on {days}", test.query.window, tongue)


def _days(test: ir.DidOnDays, tongue: Tongue) -> str:
    if test.in_a_row and tongue.chinese:
        return f"{tongue.word('CONSECUTIVE')}{test.at_least}{tongue.word('DAYS')}"
    if test.in_a_row:
        return f"{test.at_least} {tongue.word('DAYS')} {tongue.word('IN_A_ROW')}"
    bounds = count_words(test.at_least, test.at_most, "DAYS", tongue)
    return (bounds or bound_words("AT_LEAST", 1, "DAYS", tongue)).strip()


def _invited(test: ir.Invited, tongue: Tongue) -> str:
    words = tongue.word("INVITED") + count_words(test.at_least, test.at_most, "MEMBERS", tongue)
    if test.where is not None:
        # What is asked of other members is not limited by this one's journey.
        words += f" {tongue.word('WHERE')} ({_words(test.where, Tongue(tongue.lang))})"
    return timed(words, test.window, tongue)


def _query(query: EventQuery, tongue: Tongue) -> str:
    """The events of a query without their window."""
    words = bare(query.event)
    if query.subjects:
        several = f" {tongue.word('ANY_SUBJECT')}" if len(query.subjects) > 1 else ""
        words += f"{several} {', '.join(patterned(subject) for subject in query.subjects)}"
    if query.category is not None:
        words = f"{bare(query.event)} {tongue.word('IN_CATEGORY')} {quoted(query.category)}"
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
    return timed(_counted(total, tongue), total.query.window, tongue)


def _counted(total: ir.Total, tongue: Tongue) -> str:
    words = _query(total.query, tongue)
    if total.field is not None:
        event = bare(total.query.event)
        word = tongue.word(_TOTALS[total.kind])
        return f"{word} {event}.{tongue.field(total.field.name)}{words.removeprefix(event)}"
    return f"{words} {tongue.word('COUNT_OF')}" if tongue.chinese else f"{tongue.word('NUMBER_OF')} {words}"


def _total_compared(total: ir.Total, op: str, values: tuple[int | str, ...], tongue: Tongue) -> str:
    return f"{_total(total, tongue)} {_compared(total.type, op, values, tongue)}"
