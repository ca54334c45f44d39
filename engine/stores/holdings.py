"""What members hold and where they belong: coupons, red packets, customer groups, friendships.

The maintained tables answer where all facts are seen; otherwise the facts of each code or pair are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp

from ..program.ir import ValueType
from ..query.relations import Extent, Holding, HoldingKind
from ..query.sql import (
    column,
    cross,
    derived,
    disjunction,
    eq,
    exists,
    narrowed,
    number,
    one_of,
    scalar,
    select_from,
    table,
)
from .groups import GroupRelations
from .known import lies_at, own_rows
from .sqlite.intervals import joined_intervals, tag_intervals

_NAMES = {"coupon": ("coupon_kinds", "coupon"), "redpacket": ("redpacket_kinds", "redpacket")}
_RELATIONS = {"group": "group_member", "friendship": "friendship"}


class HoldingRelations(GroupRelations):
    """The views of what members hold, as of (t, T, mark), and of what the run itself gave."""

    def holding_rows(self, kind: HoldingKind, name: str) -> int:
        """About how many facts there are."""
        if kind in _RELATIONS:
            extent = self._extent(_RELATIONS[kind], None)
        else:
            found = self._number(*_NAMES[kind], name)
            extent = None if found is None else self._extent(kind, found)
        given = self.delta.coupons if kind == "coupon" else self.delta.redpackets if kind == "redpacket" else False
        return (0 if extent is None else extent.rows) + (1000 if given else 0)

    # Coupons

    def coupons_held(
        self, coupon: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Coupons issued, not used, cancelled or expired at t; ``at`` is when they expire."""
        found = self._number(*_NAMES["coupon"], coupon)
        if found is None:
            return []
        code, given = prefix + "c", prefix + "r"
        arms = []
        extent = self._extent("coupon", found)
        if extent is not None:
            state, expires = self._coupon_state(extent, code, prefix + "x", t)
            arms.append(_holding("coupons", code, [*_kept("coupon", found, code, unit), *state], expires, t))
        if self.delta.coupons:
            issued = [eq(column("kind", given), exp.Literal.string("issued")), _by("at", given, t)]
            where = [*_kept("coupon", found, given, unit), *issued]
            arms.append(_holding("run_coupons", given, where, column("expires", given), t))
        return arms

    def _coupon_state(
        self, extent: Extent, code: str, fact: str, t: exp.Expression
    ) -> tuple[list[exp.Expression], exp.Expression]:
        """What says that a code is issued and neither used nor cancelled, and until when it lives."""
        seen = self._seen(extent, fact, t)
        if not seen:
            issued = exp.Not(this=exp.Is(this=column("issued", code), expression=exp.null()))
            gone = [exp.Is(this=column(name, code), expression=exp.null()) for name in ("used", "cancelled")]
            return [issued, *gone], column("expires", code)

        def facts(*kinds: str) -> list[exp.Expression]:
            return _of_code("code", code, fact, kinds, seen)

        source = table("coupon_facts", fact)
        lives = select_from([exp.Max(this=column("expires", fact))], source.copy(), facts("reserved", "issued"))
        state = [
            exists(source.copy(), facts("issued")),
            exp.Not(this=exists(source.copy(), facts("used", "cancelled"))),
        ]
        return state, scalar(lives)

    def coupons_used(
        self, coupon: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Coupons used by t; ``at`` is when."""
        found = self._number(*_NAMES["coupon"], coupon)
        extent = None if found is None else self._extent("coupon", found)
        if found is None or extent is None:
            return []
        code, fact = prefix + "c", prefix + "x"
        used: exp.Expression = column("used", code)
        if self._known(extent, fact):
            where = _of_code("code", code, fact, ("used",), self._seen(extent, fact, t))
            used = scalar(select_from([exp.Min(this=column("at", fact))], table("coupon_facts", fact), where))
        where = [*_kept("coupon", found, code, unit), exp.LTE(this=used, expression=t.copy())]
        return [Holding(select_from([], table("coupons", code), where), column("unit", code), used)]

    # Red packets

    def redpackets_given(
        self, redpacket: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Red packets reserved or issued by t and not cancelled; ``at`` is when first."""
        found = self._number(*_NAMES["redpacket"], redpacket)
        if found is None:
            return []
        code, given = prefix + "c", prefix + "r"
        arms = []
        extent = self._extent("redpacket", found)
        if extent is not None:
            taken, kept = self._packet_state(extent, code, prefix + "x", t)
            where = [*_kept("redpacket", found, code, unit), kept, exp.LTE(this=taken, expression=t.copy())]
            arms.append(Holding(select_from([], table("redpackets", code), where), column("unit", code), taken))
        if self.delta.redpackets:
            where = [*_kept("redpacket", found, given, unit), _by("at", given, t)]
            query = select_from([], table("run_redpackets", given), where)
            arms.append(Holding(query, column("unit", given), column("at", given)))
        return arms

    def _packet_state(
        self, extent: Extent, code: str, fact: str, t: exp.Expression
    ) -> tuple[exp.Expression, exp.Expression]:
        """When a packet was taken, and what says that it was not cancelled."""
        if not self._known(extent, fact):
            cancelled = column("cancelled", code)
            missing = exp.Is(this=cancelled, expression=exp.null())
            return column("taken", code), disjunction([missing, exp.GT(this=cancelled.copy(), expression=t.copy())])
        seen = self._seen(extent, fact, t)
        source = table("redpacket_facts", fact)
        gone = _of_code("code", code, fact, ("cancelled",), seen)
        taken = _of_code("code", code, fact, ("reserved", "issued"), seen)
        first = select_from([exp.Min(this=column("at", fact))], source.copy(), taken)
        return scalar(first), exp.Not(this=exists(source.copy(), gone))

    # Groups and friendships

    def groups_joined(
        self, named: Callable[[exp.Expression], exp.Expression], prefix: str, t: exp.Expression,
        unit: exp.Expression | None,
    ) -> list[Holding]:
        """Memberships at t of groups whose name meets ``named``; ``at`` is when they began."""
        extent = self._extent("group_member", None)
        if extent is None:
            return []
        place, group = prefix + "k", prefix + "g"
        columns = ("grp", "unit", "given", "at", "seq")
        places = self._intervals(extent, "group_members", "group_member_facts", columns, place, unit)
        where = [
            eq(column("unit", group), column("grp", place)), *own_rows(place, unit), *lies_at(place, t),
            named(self.group_said("name", group, prefix, t)),
        ]
        sources = [table("groups", group), places] if unit is None else [places, table("groups", group)]
        query = narrowed(cross(select_from([], sources[0], []), sources[1]), where)
        return [Holding(query, column("unit", place), column("since", place))]

    def friendships(self, prefix: str, t: exp.Expression, unit: exp.Expression | None) -> list[Holding]:
        """Friendships at t; ``at`` is when they began."""
        extent = self._extent("friendship")
        if extent is None:
            return []
        friend, joined = prefix + "k", prefix + "j"
        columns = ("staff", "unit", "given", "at", "seq")
        arms = [
            _held(self._intervals(extent, "friendships", "friendship_facts", columns, friend, unit), friend, t, unit)
        ]
        if self._known(extent, friend):
            arms += [_held(self._joined(joined, unit), joined, t, unit)] if self._has_joined() else []
        return arms

    def _has_joined(self) -> bool:
        attribute = self._number("attributes", "attribute", "joined")
        return attribute is not None and self._extent("attribute", attribute) is not None

    def _joined(self, alias: str, unit: exp.Expression | None) -> exp.Expression:
        """The friendships that follow from ``joined`` alone, folded from what was known."""
        attribute = self._number("attributes", "attribute", "joined")
        assert attribute is not None
        met = select_from(
            [column(name, "met") for name in ("unit", "at")], table("friendship_facts", "met"),
            [*own_rows("met", unit), *self._known(None, "met")],
        )
        said = select_from(
            [column(name, "said") for name in ("unit", "value", "at", "seq")], table("attribute_facts", "said"),
            [eq(column("attribute", "said"), number(attribute)), *own_rows("said", unit), *self._known(None, "said")],
        )
        value = said.expressions[1]
        said.expressions[1].replace(exp.alias_(self.dialect.attribute_value(value.copy(), ValueType.INSTANT), "value"))
        return derived(joined_intervals(met, said), alias)

    def _intervals(
        self, extent: Extent, held: str, facts: str, columns: Sequence[str], alias: str, unit: exp.Expression | None
    ) -> exp.Expression:
        """The table of intervals, or their fold from the facts that were known."""
        if not self._known(extent, alias):
            return table(held, alias)
        what: list[exp.Expr] = [column(name, "told") for name in columns]
        never = exp.cast(exp.null(), "BIGINT")
        known = select_from(
            [*what, exp.alias_(never, "expires")], table(facts, "told"), [*own_rows("told", unit), *self._known(None, "told")]
        )
        return derived(tag_intervals(known, columns[0]), alias)


def _kept(key: str, found: int, alias: str, unit: exp.Expression | None) -> list[exp.Expression]:
    return [eq(column(key, alias), number(found)), *own_rows(alias, unit)]


def _by(name: str, alias: str, t: exp.Expression) -> exp.Expression:
    return exp.LTE(this=column(name, alias), expression=t.copy())


def _of_code(
    key: str, code: str, fact: str, kinds: Sequence[str], seen: Iterable[exp.Expression]
) -> list[exp.Expression]:
    """What must hold of the facts of a code that are of some kinds."""
    wanted = one_of(column("kind", fact), [exp.Literal.string(kind) for kind in kinds])
    return [eq(column(key, fact), column(key, code)), wanted, *(part.copy() for part in seen)]


def _holding(
    name: str, alias: str, where: Iterable[exp.Expression], expires: exp.Expression, t: exp.Expression
) -> Holding:
    """Coupons that have not expired."""
    never = exp.Is(this=expires.copy(), expression=exp.null())
    lives = disjunction([never, exp.GT(this=expires.copy(), expression=t.copy())])
    return Holding(select_from([], table(name, alias), [*where, lives]), column("unit", alias), expires)


def _held(source: exp.Expression, alias: str, t: exp.Expression, unit: exp.Expression | None) -> Holding:
    query = select_from([], source, [*own_rows(alias, unit), *lies_at(alias, t)])
    return Holding(query, column("unit", alias), column("since", alias))
