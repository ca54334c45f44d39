"""Groups as of (t, T, mark): which there are, what is said of them, their tags and how many members they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlglot import exp

from ..query.sql import column, derived, eq, exists, number, one_of, scalar, select_from, table
from .known import KnownFacts, latest_first, lies_at
from .sqlite.intervals import tag_intervals


class GroupRelations(KnownFacts):
    """The views of groups themselves; ``group`` is the alias of a row of ``groups``."""

    def group_filters(self, group: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a row of ``groups`` that has arrived by T and by t."""
        extent = self._extent("group")
        if extent is None:
            return [exp.false()]
        at_t = exp.LTE(this=column("arrived", group), expression=t.copy())
        return [*([] if extent.max_arrived <= self.t_low else [at_t]), *self._known(extent, group)]

    def group_said(
        self, what: Literal["name", "created"], group: str, prefix: str, t: exp.Expression
    ) -> exp.Expression:
        """The name of a group at t, or the instant at which it was created; a group without a name bears its id."""
        extent, fact = self._extent("group_fact"), prefix + "x"
        if extent is None or not self._seen(extent, fact, t):
            return column(what, group)
        said = eq(column("property", fact), exp.Literal.string(what))
        where = [said, eq(column("unit", fact), column("unit", group)), *self._seen(extent, fact, t)]
        latest = latest_first(select_from([column("value", fact)], table("group_facts", fact), where), fact)
        return exp.Coalesce(this=scalar(latest), expressions=[column("id", group)]) if what == "name" else scalar(latest)

    def group_tagged(self, tags: Sequence[int], group: str, prefix: str, t: exp.Expression) -> exp.Expression:
        """Whether a group holds one of some tags at t."""
        extent, held = self._extent("group_tag", None), prefix + "k"
        if extent is None or not tags:
            return exp.false()
        which = [one_of(column("tag", held), [number(tag) for tag in tags]), eq(column("unit", held), column("unit", group))]
        if not self._known(extent, held):
            return exists(table("group_tags", held), [*which, *lies_at(held, t)])
        what = [column(name, "told") for name in ("tag", "unit", "given", "at", "seq", "expires")]
        own = eq(column("unit", "told"), column("unit", group))
        known = select_from(what, table("group_tag_facts", "told"), [own, *self._known(None, "told")])
        return exists(derived(tag_intervals(known), held), [*which, *lies_at(held, t)])

    def group_size(
        self, group: str, prefix: str, t: exp.Expression, member_filters: Sequence[exp.Expression]
    ) -> exp.Expression:
        """How many members are in a group at t; ``member_filters`` speak of the alias ``prefix`` + ``m``."""
        extent, place, member = self._extent("group_member", None), prefix + "k", prefix + "m"
        if extent is None:
            return number(0)
        of_group = eq(column("grp", place), column("unit", group))
        source: exp.Expression = table("group_members", place)
        if self._known(extent, place):
            never = exp.alias_(exp.cast(exp.null(), "BIGINT"), "expires")
            what: list[exp.Expr] = [column(name, "told") for name in ("grp", "unit", "given", "at", "seq")]
            own = eq(column("grp", "told"), column("unit", group))
            known = select_from([*what, never], table("group_member_facts", "told"), [own, *self._known(None, "told")])
            source = derived(tag_intervals(known, "grp"), place)
        where = [of_group, *lies_at(place, t)]
        if member_filters:
            there = [eq(column("unit", member), column("unit", place)), *member_filters]
            where.append(exists(table("members", member), there))
        return scalar(select_from([exp.Count(this=exp.Star())], source, where))
