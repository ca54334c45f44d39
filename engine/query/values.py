"""Tests of one value in a row: comparisons, windows, anniversaries.

The expressions are true where the test is true; of an unknown value they are unknown, which a WHERE takes for false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from ..program.ir import CompareOp, ValueType, Window
from .frames import FramePlan
from .relations import Dialect
from .sql import at_least, below, between, disjunction, eq, half_open, number, one_of
from .statements import Parameters

Value = int | str
LAST_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class ValueTests:
    """Builds tests of single values for one statement."""

    plan: FramePlan
    parameters: Parameters
    dialect: Dialect

    def compare(self, value: exp.Expression, op: CompareOp, constants: tuple[Value, ...]) -> exp.Expression:
        """An operand's value against constants."""
        if op in ("known", "unknown"):
            missing = exp.Is(this=value, expression=exp.null())
            return exp.Not(this=missing) if op == "known" else missing
        if op in ("in", "not_in"):
            return self._listed(value, constants, op == "in")
        if op in ("contains", "starts", "ends"):
            return self._part(value, op, str(constants[0]))
        places = [self.parameters.bind(constant) for constant in constants]
        if op == "between":
            return between(value, places[0], places[1])
        return _SIGNS[op](this=value, expression=places[0])

    def _listed(self, value: exp.Expression, constants: tuple[Value, ...], wanted: bool) -> exp.Expression:
        if not constants:
            return exp.false() if wanted else self.compare(value, "known", ())
        places = [self.parameters.bind(constant) for constant in constants]
        if wanted:
            return one_of(value, places)
        if len(places) == 1:
            return exp.NEQ(this=value, expression=places[0])
        return exp.Not(this=exp.In(this=value, expressions=places))

    def _part(self, value: exp.Expression, op: CompareOp, part: str) -> exp.Expression:
        if not part:
            return self.compare(value, "known", ())
        if op == "starts":
            return self.starts(value, part)
        place = self.parameters.bind(part)
        return self.dialect.contains(value, place) if op == "contains" else self.dialect.ends(value, place)

    def starts(self, value: exp.Expression, prefix: str) -> exp.Expression:
        """Whether a text begins with a prefix, as a range that an index can walk."""
        if not prefix:
            return self.compare(value, "known", ())
        low = at_least(value, self.parameters.bind(prefix))
        end = prefix_end(prefix)
        return low if end is None else exp.And(this=low, expression=below(value.copy(), self.parameters.bind(end)))

    def matches(self, value: exp.Expression, text: str, prefix: bool) -> exp.Expression:
        """Whether a text is another or, with ``prefix``, begins with it."""
        return self.starts(value, text) if prefix else eq(value, self.parameters.bind(text))

    def in_window(self, value: exp.Expression, kind: ValueType, window: Window, frame: str) -> exp.Expression:
        """Whether an instant, or the start of a date's day, lies in a window."""
        bounds = self.plan.date_bounds if kind is ValueType.DATE else self.plan.bounds
        low, high = bounds(window, frame)
        if low is None or high is None:
            # Half of all dates lie on one side of most; an index would be a detour.
            return half_open(self.dialect.unordered(value), low, high)
        return half_open(value, _plain(low), _plain(high))

    def anniversary(self, value: exp.Expression, kind: ValueType, window: Window, frame: str) -> exp.Expression:
        """Whether the month and day of a date fall on a day of a window."""
        lunar = kind is ValueType.LUNAR_DATE
        ranges = self.plan.month_days(window, lunar, frame)
        month_day = value if lunar else exp.Mod(this=value, expression=number(10_000))
        return disjunction(half_open(month_day.copy(), low, high) for low, high in ranges)


def _plain(bound: exp.Expression) -> exp.Expression:
    """A column of the frame as a plain number: beside a column's own type SQLite passes over untyped indexes."""
    return exp.Add(this=bound, expression=number(0)) if isinstance(bound, exp.Column) else bound


def prefix_end(prefix: str) -> str | None:
    """The least text above all that begin with ``prefix``, in the order of code points; None if there is none.

    >>> prefix_end("ab"), prefix_end("猫" + chr(0xD7FF)) == "猫" + chr(0xE000)
    ('ac', True)
    """
    kept = prefix.rstrip(chr(LAST_CODE_POINT))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    # Surrogates are no characters of a text, so their range is stepped over.
    return kept[:-1] + chr(SURROGATES.stop if following in SURROGATES else following)


_SIGNS: dict[CompareOp, Callable[..., exp.Expression]] = {
    "is": exp.EQ,
    "is_not": exp.NEQ,
    "lt": exp.LT,
    "le": exp.LTE,
    "gt": exp.GT,
    "ge": exp.GTE,
}
