"""From conditions to relational expressions, in two shapes.

The *probe* is a boolean expression about one unit in one frame. The *set* finds all units in one frame: it starts
from the test that is the cheapest to find everybody by, and probes the others behind it.
"""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import (
    All,
    Always,
    Anniversary,
    Any,
    Compare,
    Condition,
    Did,
    HasTag,
    Library,
    MomentHas,
    MomentIn,
    Not,
    Received,
)
from .costs import MEMBER_ROW, NEVER, SEEK, Costs, nothing_is_enough, probes_cost, rank
from .events import Drive, event_probe, event_units, query_of
from .frames import FramePlan
from .members import is_member_test, member_probe, member_row
from .normal import joined, normal
from .relations import Relations
from .scopes import Builder, Scope, SingleFrame
from .sql import column, complement, conjunction, cross, derived, disjunction, eq, narrowed, number, select_from, table
from .statements import Parameters
from .states import push_probe, push_units, tag_probe, tag_source, tag_units, union_of
from .values import ValueTests

FRAME = "f"
MOST_UNITED = 100  # SQLite unites at most 500 selects
UNIONS = 3


class Compiler:
    """Compiles the conditions of one statement; what they bind gathers in :attr:`parameters`.

    ``plan`` must cover the conditions. The statement's own tables need aliases other than those of
    ``parameters.alias`` (a letter and a number).
    """

    def __init__(self, library: Library, relations: Relations, plan: FramePlan) -> None:
        self.parameters = Parameters()
        self._library = library
        self._relations = relations
        self._plan = plan
        self._builder = Builder(
            relations, plan, self.parameters, ValueTests(plan, self.parameters, relations.dialect)
        )
        self._costs = Costs(relations)

    def predicate(self, condition: Condition, unit: exp.Expression, frame: str) -> exp.Expression:
        """Whether a condition is true of ``unit``, an expression of the number of a member who has arrived.

        ``frame`` is the alias of the unit's row of ``frames``. The result is never unknown.
        """
        return self._probe(normal(condition, self._library), Scope(unit, frame))

    def select_units(self, condition: Condition, frame: int) -> exp.Query:
        """All units (column ``unit``, each once) of which a condition is true in the frame of that number."""
        wanted = normal(condition, self._library)
        return self._select(wanted, SingleFrame(FRAME, self.parameters.bind(frame)))

    @property
    def relations(self) -> Relations:
        """The views of the store that the conditions are asked of."""
        return self._relations

    @property
    def builder(self) -> Builder:
        """What further expressions of the same statement are built with."""
        return self._builder

    # Probes

    def _probe(self, condition: Condition, scope: Scope) -> exp.Expression:
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
            return complement(self._probe(condition.item, scope))
        if isinstance(condition, HasTag):
            return tag_probe(self._builder, condition, scope)
        if isinstance(condition, Received):
            return push_probe(self._builder, condition, scope)
        assert isinstance(condition, Did | Compare | MomentIn | MomentHas), condition
        return event_probe(self._builder, condition, scope)

    def _probes(self, items: list[Condition], scope: Scope, both: bool) -> list[exp.Expression]:
        """The items as probes, in the order in which they decide soonest; tests of the member's row are one probe."""
        own = [item for item in items if is_member_row(item)]
        others = [item for item in items if not is_member_row(item)]
        ranked = [(self._rank(item, both), item) for item in others]
        if own:
            ranked.append((min(self._rank(item, both) for item in own), joined(own, both)))
        ranked.sort(key=lambda pair: pair[0])
        return [
            member_probe(self._builder, item, scope) if is_member_row(item) else self._probe(item, scope)
            for _, item in ranked
        ]

    def _rank(self, item: Condition, both: bool) -> float:
        cost = self._costs.of(item)
        return rank(cost) if both else cost.probe / max(1e-6, cost.share)

    # Sets

    def _select(self, condition: Condition, single: SingleFrame) -> exp.Query:
        """All units of which a condition in normal form is true."""
        if isinstance(condition, Always) and not condition.value:
            return self._nobody()
        driver = self._driver(condition)
        if driver is None:
            return self._from_members(condition, single)
        items = condition.items if isinstance(condition, All) else (condition,)
        rest = [item for item in items if item != driver]
        if isinstance(driver, HasTag):
            plain = self._from_holders(driver, rest, single)
            if plain is not None:
                return plain
        if isinstance(driver, Any):
            found: exp.Query | None = union_of([self._select(item, single) for item in driver.items], repeated=True)
            arrived = True
        else:
            found = self._driven(driver, single)
            arrived = False
        if found is None:
            return self._nobody()
        return self._behind(found, rest, single, arrived)

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

    def _from_members(self, condition: Condition, single: SingleFrame) -> exp.Query:
        alias = self._builder.alias("m")
        scope = Scope(column("unit", alias), single.alias)
        items = condition.items if isinstance(condition, All) else (condition,)
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
        scope = Scope(number(0), single.alias)
        if isinstance(test, HasTag):
            return tag_units(self._builder, test, scope, single)
        if isinstance(test, Received):
            return push_units(self._builder, test, scope, single)
        assert isinstance(test, Did | Compare | MomentIn | MomentHas), test
        drive: Drive = "instant" if self._costs.is_narrow(query_of(test)) else "order"
        return event_units(self._builder, test, scope, single, drive)

    def _driver(self, condition: Condition) -> Condition | None:
        """The part of a condition by which everybody is found; None for going through all members."""
        items: list[Condition] = list(condition.items) if isinstance(condition, All) else [condition]
        costs = {item: self._costs.of(item) for item in items}
        own: list[Condition] = [item for item in items if is_member_row(item)]
        best, least = None, self._members_cost(items, own)
        for item in items:
            cost = costs[item]
            if not is_drivable(item) or cost.drive == NEVER:
                continue
            total = cost.drive + cost.units * self._rest_cost(items, item)
            if total < least:
                best, least = item, total
        return best

    def _members_cost(self, items: list[Condition], own: list[Condition]) -> float:
        share = 1.0
        for item in own:
            share *= self._costs.of(item).share
        rest = self._chain_cost([item for item in items if item not in own])
        indexed = any(isinstance(item, Anniversary) for item in own)
        return self._costs.members * ((share * SEEK if indexed else MEMBER_ROW) + share * rest)

    def _rest_cost(self, items: list[Condition], driver: Condition) -> float:
        return self._chain_cost([item for item in items if item != driver])

    def _chain_cost(self, items: list[Condition]) -> float:
        return probes_cost([self._costs.of(item) for item in items])


def is_member_row(condition: Condition) -> bool:
    """Whether a condition in normal form asks for nothing but the member's row."""
    if isinstance(condition, All | Any):
        return all(is_member_row(item) for item in condition.items)
    return is_member_test(condition)


def is_drivable(condition: Condition, levels: int = UNIONS) -> bool:
    """Whether rows of the store lead to everybody of whom a condition is true, with so many unions in one another."""
    match condition:
        case Any(items=items):
            few = levels > 0 and len(items) <= MOST_UNITED
            return few and all(is_drivable(item, levels - 1) for item in items)
        case All(items=items):
            return any(is_drivable(item, levels) for item in items)
        case Compare() if not is_member_test(condition):
            return not nothing_is_enough(condition)
    return isinstance(condition, HasTag | Did | MomentIn | MomentHas | Received)
