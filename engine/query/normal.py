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
    Compare,
    CompareOp,
    Condition,
    Did,
    EventQuery,
    InSegment,
    InWindow,
    Library,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Total,
)

Whole = tuple[CompareOp, tuple[int, ...]]


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
        case Compare(operand=MetricRef(name=name)):
            return _test(replace(test, operand=library.metrics[name]), library)
        case Compare(operand=Total(kind="number") as total):
            return _counted(whole(test.op, test.values), _query(total.query, library))
        case Compare(operand=Total() as total):
            if test.op in ("known", "unknown"):
                return Always(test.op == "known")
            return replace(test, operand=replace(total, query=_query(total.query, library)))
        case Did():
            return _ranged(replace(test, query=_query(test.query, library)))
        case Received():
            return _ranged(test)
        case MomentIn():
            return _moment(replace(test, query=_query(test.query, library)))
        case MomentHas():
            has = normal(test.has, library)
            return replace(test, query=_query(test.query, library), has=has)
        case InWindow(operand=operand, window=window) if window.low is None and window.high is None:
            return Compare(operand, "known")
    return test


def _query(query: EventQuery, library: Library) -> EventQuery:
    where = None if query.where is None else normal(query.where, library)
    if isinstance(where, Always) and where.value:
        where = None
    return replace(query, where=where)


def _ranged(test: Did | Received) -> Condition:
    """The test with a lower bound of 1 or more, or what it comes to without one."""
    least, most = test.at_least, test.at_most
    if most is not None and most < max(least, 0):
        return Always(False)
    if least > 0:
        return test
    if most is None:
        return Always(True)
    return Not(replace(test, at_least=most + 1, at_most=None))


def _moment(test: MomentIn) -> Condition:
    if test.window.low is None and test.window.high is None:
        return Did(test.query)
    return test


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


def _counted(comparison: Whole, query: EventQuery) -> Condition:
    """A comparison of a number of events as tests of how often they happened."""
    op, numbers = comparison
    match op:
        case "ge":
            return _ranged(Did(query, numbers[0]))
        case "gt":
            return _ranged(Did(query, numbers[0] + 1))
        case "lt":
            return Not(_ranged(Did(query, numbers[0])))
        case "le":
            return Not(_ranged(Did(query, numbers[0] + 1)))
        case "between":
            return _ranged(Did(query, numbers[0], numbers[1]))
        case "in" | "not_in":
            exact = tuple(_ranged(Did(query, n, n)) for n in numbers)
            found: Condition = Any(exact) if exact else Always(False)
            return found if op == "in" else Not(found)
    return Always(op == "known")
