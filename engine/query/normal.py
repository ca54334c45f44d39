"""A condition in the form that the compiler reads: names put in place, negation only at the tests, counts as ranges.

Since every test is two-valued, De Morgan's laws hold and a negation can be moved down to the tests. What comes out
is made of Always, All, Any, tests, and Not directly above a test; All and Any are flat and have two items or more.
"""

from __future__ import annotations

from dataclasses import replace

from ..program.ir import (
    NUMBER_SCALE,
    All,
    Always,
    Any,
    AttributeRef,
    Changed,
    Compare,
    CompareOp,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    EventQuery,
    FinishedPlaybook,
    HasTag,
    HeldFor,
    HoldsCoupon,
    InSegment,
    Invited,
    InvitedNumber,
    InWindow,
    LadderRef,
    Library,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    SourceIn,
    TaskIs,
    Total,
    UsedCoupon,
    ValueType,
    Window,
)
from .ladders import on_rungs

Whole = tuple[CompareOp, tuple[int, ...]]
Counted = Did | DidOnDays | Received | UsedCoupon | ReceivedRedpacket | Invited
_SOURCE = AttributeRef("source", ValueType.TEXT)


def normal(condition: Condition, library: Library, negated: bool = False) -> Condition:
    """The normal form of a condition, or of its complement."""
    match condition:
        case Always(value=value):
            return Always(value != negated)
        case Not(item=item):
            return normal(item, library, not negated)
        case All(items=items) | Any(items=items):
            both = isinstance(condition, All) != negated
            return joined([normal(item, library, negated) for item in items], both)
        case InSegment(name=name):
            return normal(library.segments[name], library, negated)
        case Compare(operand=LadderRef(name=name), op=op, values=values):
            return normal(on_rungs(library.ladders[name], op, values), library, negated)
        case SourceIn(sources=sources):
            return normal(Compare(_SOURCE, "in", sources), library, negated)
        case HeldFor(operand=operand, value=value):
            # Whoever has another value now is turned away by the member's row.
            now = normal(Compare(operand, "is", (value,)), library, negated)
            return joined([now, Not(condition) if negated else condition], not negated)
    return _signed(_test(condition, library), negated, library)


def joined(items: list[Condition], both: bool) -> Condition:
    """All (``both``) or any of conditions in normal form, flat, without repeats and constants."""
    kind = All if both else Any
    flat: dict[Condition, None] = {}
    for item in items:
        for part in item.items if isinstance(item, kind) else (item,):
            if isinstance(part, Always) and part.value != both:
                return part
            if not isinstance(part, Always):
                flat[part] = None
    if not flat:
        return Always(both)
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def _signed(test: Condition, negated: bool, library: Library) -> Condition:
    if isinstance(test, Always | All | Any | Not):
        return normal(test, library, negated)
    return Not(test) if negated else test


def _test(test: Condition, library: Library) -> Condition:
    """One test with its parts in normal form; a count that is no test of its own becomes one of :class:`Did`."""
    match test:
        case Compare():
            return _comparison(test, library)
        case Did() | DidOnDays() | Received() | UsedCoupon() | ReceivedRedpacket() | Invited():
            return _ranged(_counted_parts(test, library))
        case MomentIn(query=query, window=window):
            return _moment(replace(test, query=_query(query, library), window=_window(window, library)))
        case MomentHas(query=query):
            return replace(test, query=_query(query, library), has=normal(test.has, library))
        case DueToReorder(query=query, window=window):
            if _is_all(window):
                return Did(_query(query, library))
            return replace(test, query=_query(query, library), window=_window(window, library))
        case InWindow(operand=operand, window=window) if _is_all(window):
            return Compare(operand, "known")
        case InWindow(window=window):
            return replace(test, window=_window(window, library))
        case (
            HasTag(window=Window() as window) | Changed(window=Window() as window) | TaskIs(window=Window() as window)
            | FinishedPlaybook(window=Window() as window)
        ):
            return replace(test, window=_window(window, library))
        case HoldsCoupon(expiring=Window() as window):
            return replace(test, expiring=_window(window, library))
    return test


def _comparison(test: Compare, library: Library) -> Condition:
    match test.operand:
        case MetricRef(name=name):
            return _comparison(replace(test, operand=library.metrics[name]), library)
        case InvitedNumber():
            return _counted(whole(test.op, test.values), Invited())
        case Total(kind="number", query=query):
            return _counted(whole(test.op, test.values), Did(_query(query, library)))
        case Total() as total if test.op in ("known", "unknown"):
            return _known_total(total, test.op == "known", library)
        case Total() as total:
            return replace(test, operand=replace(total, query=_query(total.query, library)))
    return test


def _known_total(total: Total, known: bool, library: Library) -> Condition:
    """Over nothing a sum and a number of distinct values are 0; the others need an event whose field is known."""
    if total.kind in ("sum", "distinct"):
        return Always(known)
    assert total.field is not None
    has_field: Condition = Compare(total.field, "known")
    where = has_field if total.query.where is None else All((total.query.where, has_field))
    found = _ranged(Did(_query(replace(total.query, where=where), library)))
    return found if known else Not(found)


def _counted_parts(test: Counted, library: Library) -> Counted:
    match test:
        case Did() | DidOnDays():
            return replace(test, query=_query(test.query, library))
        case Invited(where=where):
            inner = None if where is None else normal(where, library)
            if isinstance(inner, Always) and inner.value:
                inner = None
            test = replace(test, where=inner)
    return test if test.window is None else replace(test, window=_window(test.window, library))


def _query(query: EventQuery, library: Library) -> EventQuery:
    where = None if query.where is None else normal(query.where, library)
    if isinstance(where, Always) and where.value:
        where = None
    return replace(query, where=where, window=None if query.window is None else _window(query.window, library))


def _window(window: Window, library: Library) -> Window:
    if window.since is None:
        return window
    return replace(window, since=replace(window.since, query=_query(window.since.query, library)))


def _is_all(window: Window) -> bool:
    return window.low is None and window.high is None and window.since is None


def _ranged(test: Counted) -> Condition:
    """The test with a lower bound of 1 or more, or what it comes to without one."""
    least, most = test.at_least, test.at_most
    if most is not None and most < max(least, 0):
        return Always(False)
    if least > 0:
        return Did(test.query) if isinstance(test, DidOnDays) and (least, most) == (1, None) else test
    if most is None:
        return Always(True)
    return Not(replace(test, at_least=most + 1, at_most=None))


def _moment(test: MomentIn) -> Condition:
    return Did(test.query) if _is_all(test.window) else test


def whole(op: CompareOp, values: tuple[int | str, ...]) -> Whole:
    """A comparison of a scaled number as one of whole numbers that have no fractions.

    >>> whole("ge", (1_500_000,)), whole("is", (1_500_000,))
    (('ge', (2,)), ('in', ()))
    """
    numbers = [int(value) for value in values]
    match op:
        case "lt" | "ge":
            return op, (-(-numbers[0] // NUMBER_SCALE),)
        case "le" | "gt":
            return op, (numbers[0] // NUMBER_SCALE,)
        case "between":
            return op, (-(-numbers[0] // NUMBER_SCALE), numbers[1] // NUMBER_SCALE)
        case "is" | "in":
            return "in", tuple(n // NUMBER_SCALE for n in numbers if n % NUMBER_SCALE == 0)
        case "is_not" | "not_in":
            return "not_in", tuple(n // NUMBER_SCALE for n in numbers if n % NUMBER_SCALE == 0)
    return op, ()


def _counted(comparison: Whole, test: Did | Invited) -> Condition:
    """A comparison of a number of something as tests of how often there is any."""
    op, numbers = comparison
    match op:
        case "ge":
            return _ranged(replace(test, at_least=numbers[0]))
        case "gt":
            return _ranged(replace(test, at_least=numbers[0] + 1))
        case "lt":
            return Not(_ranged(replace(test, at_least=numbers[0])))
        case "le":
            return Not(_ranged(replace(test, at_least=numbers[0] + 1)))
        case "between":
            return _ranged(replace(test, at_least=numbers[0], at_most=numbers[1]))
        case "in" | "not_in":
            exact = tuple(_ranged(replace(test, at_least=n, at_most=n)) for n in numbers)
            found: Condition = Any(exact) if exact else Always(False)
            return found if op == "in" else Not(found)
    return Always(op == "known")
