"""From conditions to relational expressions, in two shapes.

The *probe* is a boolean expression about one unit in one frame. The *set* finds all units in one frame: it starts
from the test that is the cheapest to find everybody by, and probes the others behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..program.ir import (
    All,
    Always,
    Anniversary,
    Any,
    Compare,
    Condition,
    HasTag,
    HeldFor,
    LadderRef,
    Library,
    Not,
    TodayIs,
)
from .costs import MEMBER_ROW, NEVER, SEEK, Cost, Costs, nothing_is_enough, probes_cost, rank
from .events import Drive, query_of
from .frames import FramePlan
from .leaves import OfEvents, leaf_probe, leaf_units
from .members import is_member_test, member_probe, member_row
from .normal import joined, normal
from .operands import Shown, value_of
from .relations import Relations
from .scopes import Builder, Scope, SingleFrame
from .sql import column, complement, conjunction, cross, derived, disjunction, eq, narrowed, number, select_from, table
from .statements import Parameters
from .states import tag_source, union_of
from .values import ValueTests

FRAME = "f"
MOST_UNITED = 100  # SQLite unites at most 500 selects
UNIONS = 3
SHALLOW = 10  # deeper conditions need the room on the parser stack that unions take
LONG = 30


class Compiler:
    """Compiles the conditions of one statement; what they bind gathers in :attr:`parameters`.

    ``plan`` must cover the conditions. The statement's own tables need aliases other than those of
    ``parameters.alias`` (a letter and a number).
    """

    def __init__(self, library: Library, relations: Relations, plan: FramePlan) -> None:
        self.parameters = Parameters()
        self._library = library
        self._relations = relations
        self._builder = Builder(
            relations, plan, self.parameters, ValueTests(plan, self.parameters, relations.dialect)
        )
        self._costs = Costs(relations)

    def predicate(self, condition: Condition, unit: exp.Expression, frame: str) -> exp.Expression:
        """Whether a condition is true of ``unit``, an expression of the number of a member who has arrived.

        ``frame`` is the alias of the unit's row of ``frames``. The result is never unknown.
        """
        return self.probe(normal(condition, self._library), Scope(unit, frame))

    def select_units(self, condition: Condition, frame: int) -> exp.Query:
        """All units (column ``unit``, each once) of which a condition is true in the frame of that number."""
        wanted = normal(condition, self._library)
        unions = UNIONS if depth(wanted) <= SHALLOW else 0
        return self._select(wanted, SingleFrame(FRAME, self.parameters.bind(frame)), unions)

    def value(self, operand: Shown, unit: exp.Expression, frame: str) -> exp.Expression:
        """The value of an operand of ``unit``, as :func:`operands.value_of` gives it; of a ladder the rung's name."""
        if isinstance(operand, LadderRef):
            return self._rung(operand, unit, frame)
        return value_of(self._builder, self._library, operand, Scope(unit, frame))

    def _rung(self, ladder: LadderRef, unit: exp.Expression, frame: str) -> exp.Expression:
        """The rung by the tests themselves, so that no average is rounded before it is compared."""
        rungs = [
            exp.If(
                this=self.predicate(Compare(ladder, "is", (rung.name,)), unit.copy(), frame),
                true=self.parameters.bind(rung.name),
            )
            for rung in self._library.ladders[ladder.name].rungs
        ]
        return exp.Case(ifs=rungs)

    @property
    def relations(self) -> Relations:
        """The views of the store that the conditions are asked of."""
        return self._relations

    @property
    def builder(self) -> Builder:
        """What further expressions of the same statement are built with."""
        return self._builder

    def probe(self, condition: Condition, scope: Scope) -> exp.Expression:
        """Whether a condition in normal form is true of the scope's unit; never unknown."""
        match condition:
            case Always(value=value):
                return exp.true() if value else exp.false()
            case All(items=items):
                return conjunction(self._probes(list(items), scope, both=True))
            case Any(items=items):
                return disjunction(self._probes(list(items), scope, both=False))
        if is_member_test(condition):
            return member_probe(self._builder, condition, scope)
        if isinstance(condition, Not):
            return complement(self.probe(condition.item, scope))
        return leaf_probe(self._builder, condition, scope, self.probe)

    def _probes(self, items: list[Condition], scope: Scope, both: bool) -> list[exp.Expression]:
        """The items as probes, in the order in which they decide soonest; tests of the member's row are one probe."""
        own = [item for item in items if is_member_row(item)]
        others = [item for item in items if not is_member_row(item)]
        ranked = [(self._rank(item, both), item) for item in others]
        if own:
            ranked.append((min(self._rank(item, both) for item in own), joined(own, both)))
        ranked.sort(key=lambda pair: pair[0])
        return [
            member_probe(self._builder, item, scope) if is_member_row(item) else self.probe(item, scope)
            for _, item in ranked
        ]

    def _rank(self, item: Condition, both: bool) -> float:
        cost = self._costs.of(item)
        return rank(cost) if both else cost.probe / max(1e-6, cost.share)

    # Sets

    def _select(self, condition: Condition, single: SingleFrame, unions: int) -> exp.Query:
        """All units of which a condition in normal form is true, with so many unions in one another."""
        if isinstance(condition, Always) and not condition.value:
            return self._nobody()
        items = condition.items if isinstance(condition, All) else (condition,)
        driver = self._driver(items, unions)
        if driver is None:
            return self._from_members(items, single)
        rest = [item for item in items if item is not driver]
        if isinstance(driver, HasTag):
            plain = self._from_holders(driver, rest, single)
            if plain is not None:
                return plain
        if isinstance(driver, Any):
            found: exp.Query | None = self._united(driver, single, unions - 1)
            arrived = True
        else:
            found = self._driven(driver, single)
            arrived = False
        if found is None:
            return self._nobody()
        return self._behind(found, rest, single, arrived)

    def _united(self, condition: Any, single: SingleFrame, unions: int) -> exp.Query:
        return union_of([self._select(item, single, unions) for item in condition.items], repeated=True)

    def _from_holders(self, test: HasTag, rest: list[Condition], single: SingleFrame) -> exp.Query | None:
        """The holders of a tag of whom the other conditions are true; None where they are no plain rows."""
        source = tag_source(self._builder, test, Scope(number(0), single.alias))
        if source is None:
            return None
        rows, unit, where = source
        return self._checked(single.select([unit], rows, where), unit, rest, single, arrived=False)

    def _behind(self, found: exp.Query, rest: list[Condition], single: SingleFrame, arrived: bool) -> exp.Query:
        """Those found of whom the other conditions are true and who have arrived."""
        alias = self._builder.alias("d")
        unit = column("unit", alias)
        outer = single.behind([unit], derived(found, alias), [])
        checked = self._checked(outer.copy(), unit, rest, single, arrived)
        return found if checked == outer else checked

    def _checked(
        self, query: exp.Select, unit: exp.Column, rest: list[Condition], single: SingleFrame, arrived: bool
    ) -> exp.Select:
        """The select with what is left to ask of its units. The member's row is joined where it decides soonest."""
        scope = Scope(unit, single.alias)
        filters = [] if arrived else self._relations.member_filters("m", scope.t)
        own = [item for item in rest if is_member_row(item)]
        others = [item for item in rest if not is_member_row(item)]
        first = min((self._rank(item, True) for item in others), default=NEVER)
        if not filters and not (own and min(self._rank(item, True) for item in own) <= first):
            return narrowed(query, self._probes(rest, scope, both=True)) if rest else query
        alias = self._builder.alias("m")
        member = Scope(column("unit", alias), single.alias)
        row = member_row(self._builder, joined(own, True), alias, single.alias) if own else exp.true()
        filters = [] if arrived else self._relations.member_filters(alias, scope.t)
        where = [eq(member.unit, unit.copy()), *filters, row, *self._probes(others, member, both=True)]
        return narrowed(cross(query, table("members", alias)), where)

    def _from_members(self, items: Sequence[Condition], single: SingleFrame) -> exp.Query:
        alias = self._builder.alias("m")
        scope = Scope(column("unit", alias), single.alias)
        own = [item for item in items if is_member_row(item)]
        probes = self._probes([item for item in items if not is_member_row(item)], scope, both=True)
        row = [member_row(self._builder, joined(own, True), alias, single.alias)] if own else []
        where = [*self._relations.member_filters(alias, scope.t), *row, *probes]
        return single.select([column("unit", alias)], table("members", alias), where)

    def _nobody(self) -> exp.Query:
        alias = self._builder.alias("m")
        return select_from([column("unit", alias)], table("members", alias), [exp.false()])

    def _driven(self, test: Condition, single: SingleFrame) -> exp.Query | None:
        """All units of which one test is true, found from its own rows; None where there are no such rows."""
        return leaf_units(self._builder, test, single, self._drive, self.probe)

    def _drive(self, test: OfEvents) -> Drive:
        return "instant" if self._costs.is_narrow(query_of(test)) else "order"

    def _driver(self, items: Sequence[Condition], unions: int) -> Condition | None:
        """The item by which everybody is found of whom all are true; None for going through all members."""
        costs = [self._costs.of(item) for item in items]
        others = [cost for item, cost in zip(items, costs, strict=True) if not is_member_row(item)]
        least = self._members_cost([item for item in items if is_member_row(item)], others)
        best = None
        for place, item in enumerate(items):
            cost = costs[place]
            if cost.drive == NEVER or not is_drivable(item) or (isinstance(item, Any) and unions == 0):
                continue
            # In a long list one test more or less is not worth a closer look.
            rest = costs if len(costs) > LONG else [*costs[:place], *costs[place + 1 :]]
            total = cost.drive + cost.units * probes_cost(rest)
            if total < least:
                best, least = item, total
        return best

    def _members_cost(self, own: Sequence[Condition], others: list[Cost]) -> float:
        share = 1.0
        for item in own:
            share *= self._costs.of(item).share
        indexed = any(isinstance(item, Anniversary) for item in own)
        return self._costs.members * ((share * SEEK if indexed else MEMBER_ROW) + share * probes_cost(others))


def is_member_row(condition: Condition) -> bool:
    """Whether a condition in normal form asks for nothing but the member's row."""
    if isinstance(condition, All | Any):
        return all(is_member_row(item) for item in condition.items)
    return is_member_test(condition)


def depth(condition: Condition) -> int:
    """How many lists of conditions stand in one another."""
    return 1 + max(map(depth, condition.items)) if isinstance(condition, All | Any) else 0


def is_drivable(condition: Condition) -> bool:
    """Whether rows of the store lead to everybody of whom a condition is true."""
    match condition:
        case Any(items=items):
            return len(items) <= MOST_UNITED and all(is_drivable(item) for item in items)
        case All(items=items):
            return any(is_drivable(item) for item in items)
        case Compare() if not is_member_test(condition):
            return not nothing_is_enough(condition)
    return not isinstance(condition, Always | Not | HeldFor | TodayIs) and not is_member_test(condition)
