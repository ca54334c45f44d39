"""Where a test is asked: of which unit, in which frame; and what all builders of one statement share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlglot import exp

from ..program.ir import All, Always, Any, Condition, Not
from .frames import FramePlan
from .relations import Relations
from .sql import column, complement, conjunction, cross, disjunction, eq, filtered, table
from .statements import Parameters
from .values import ValueTests


@dataclass(frozen=True, slots=True)
class Scope:
    """The unit under test and the alias of its row of ``frames``."""

    unit: exp.Expression
    frame: str

    @property
    def t(self) -> exp.Column:
        """The instant of the evaluation."""
        return column("t", self.frame)


@dataclass(frozen=True, slots=True)
class SingleFrame:
    """The one frame in which all units are asked, joined under the alias of the scope."""

    alias: str
    frame: exp.Placeholder

    @property
    def source(self) -> exp.Table:
        """The table of frames."""
        return table("frames", self.alias)

    @property
    def only(self) -> exp.Expression:
        """The condition that picks the frame."""
        return eq(column("frame", self.alias), self.frame.copy())

    def select(
        self, what: Iterable[exp.Expr], source: exp.Expression, where: Iterable[exp.Expression]
    ) -> exp.Select:
        """A select over a source that the frame drives."""
        query = exp.Select(expressions=list(what), from_=exp.From(this=self.source))
        return filtered(cross(query, source), [self.only, *where])

    def behind(
        self, what: Iterable[exp.Expr], source: exp.Expression, where: Iterable[exp.Expression]
    ) -> exp.Select:
        """A select over a source that drives, with the frame looked up behind it."""
        query = exp.Select(expressions=list(what), from_=exp.From(this=source))
        return filtered(cross(query, self.source), [self.only, *where])


@dataclass(frozen=True, slots=True)
class Builder:
    """What all parts of one statement are built with."""

    relations: Relations
    plan: FramePlan
    parameters: Parameters
    values: ValueTests

    def alias(self, prefix: str) -> str:
        """An alias that the statement does not use yet."""
        return self.parameters.alias(prefix)


def combine(condition: Condition, test: Callable[[Condition], exp.Expression]) -> exp.Expression:
    """A condition in normal form over one row, given how its tests are written."""
    match condition:
        case Always(value=value):
            return exp.true() if value else exp.false()
        case All(items=items):
            return conjunction([combine(item, test) for item in items])
        case Any(items=items):
            return disjunction([combine(item, test) for item in items])
        case Not(item=item):
            return complement(test(item))
    return test(condition)
