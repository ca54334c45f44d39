"""As-of views over the member store's tables, whatever database holds them.

The store's maintained tables answer where every fact of a kind is known at (t, T, mark); what is known of the facts
comes from ``extents``. Otherwise the facts are read and folded.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..program.ir import NUMBER_SCALE, AttributeRef, FieldRef, TextPattern
from ..query.calendar import EARLIEST
from ..query.relations import Delta, Dialect, Extent, FactRows, TagArm
from ..query.sql import column, complement, derived, eq, exists, number, one_of, scalar, select_from, table, union_all
from .holdings import HoldingRelations
from .journeys import JourneyRelations
from .known import NO_FACTS, Rows, latest_first, lies_at, own_rows
from .pushes import PushRelations
from .sqlite.intervals import tag_intervals
from .work import WorkRelations


class AsOfRelations(PushRelations, HoldingRelations, WorkRelations, JourneyRelations):
    """Views for t in [``t_low``, ``t_high``], at one T (``at``) and mark.

    ``rows`` runs a statement with positional parameters and gives all rows. With a ``delta`` the run's temporary
    tables exist; only what the delta names is read from them.
    """

    def __init__(
        self, rows: Rows, dialect: Dialect, at: int, mark: int, t_low: int, t_high: int, delta: Delta
    ) -> None:
        super().__init__(rows, dialect, at, mark, t_low, t_high, delta)
        self._matching: dict[TextPattern, list[int]] = {}

    # Members

    def member_filters(self, alias: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a row of ``members`` that has arrived and was not taken out since."""
        extent = self._extent("member")
        if extent is None:
            return []
        at_t = exp.LTE(this=column("arrived", alias), expression=t)
        arrived = [] if extent.max_arrived <= self.t_low else [at_t]
        return [*arrived, *self._known(extent, alias), *self._not_removed(alias, t)]

    def _not_removed(self, alias: str, t: exp.Expression) -> list[exp.Expression]:
        extent = self._extent("removal")
        if extent is None:
            return []
        where = [eq(column("unit", "gone"), column("unit", alias)), *self._seen(extent, "gone", t)]
        latest = latest_first(select_from([column("given", "gone")], table("removal_facts", "gone"), where), "gone")
        return [complement(eq(scalar(latest), number(1)))]

    def members(self) -> int:
        """About how many members there are."""
        return (self._extent("member") or NO_FACTS).rows

    def attribute(
        self, ref: AttributeRef, unit: exp.Expression, t: exp.Expression, members: str
    ) -> exp.Expression | None:
        """The value of an attribute at t."""
        if ref.name == "id":
            return column("id", members)
        if ref.name == "points":
            return self._points(unit, t, members)
        attribute = self._number("attributes", "attribute", ref.name)
        if attribute is None:
            return None
        if self._is_present(attribute):
            known = self._extent("attribute", attribute) is not None
            return column(f"a{attribute}", members) if known else None
        rows = self._facts_of(attribute, "a", t, unit)
        latest = latest_first(select_from([column("value", "a")], rows.source, rows.where), "a")
        return self.dialect.attribute_value(scalar(latest), ref.type)

    def _is_present(self, attribute: int) -> bool:
        """Whether the present value of an attribute is its value at every t."""
        extent = self._extent("attribute", attribute)
        if attribute in self.delta.attributes:
            return False
        return extent is None or not self._seen(extent, "a", number(self.t_low))

    def ever_said(self, ref: AttributeRef, value: exp.Expression, alias: str) -> exp.Expression | None:
        """The units of whom an attribute was ever said to be a value; None where present values are all there is."""
        attribute = self._number("attributes", "attribute", ref.name)
        if attribute is None or self._is_present(attribute):
            return None
        sources = ["attribute_facts", *(["run_attribute_facts"] if attribute in self.delta.attributes else [])]
        said = [
            select_from([column("unit", "stated")], table(source, "stated"), [
                eq(column("attribute", "stated"), number(attribute)), eq(column("value", "stated"), value.copy()),
            ])
            for source in sources
        ]
        union: exp.Query = said[0].distinct(copy=False) if len(said) == 1 else exp.Union(
            this=said[0], expression=said[1], distinct=True
        )
        return derived(union, alias)

    def attribute_facts(
        self, ref: AttributeRef, alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> FactRows | None:
        """What was said of an attribute, as seen at t; None where nothing was. Points are scaled, and 0 at first."""
        if ref.name == "points":
            return self._balances(alias, t, unit)
        attribute = self._number("attributes", "attribute", ref.name)
        if attribute is None or (
            self._extent("attribute", attribute) is None and attribute not in self.delta.attributes
        ):
            return None
        return self._facts_of(attribute, alias, t, unit)

    def attribute_extent(self, name: str) -> Extent | None:
        """The bounds over what was said of an attribute."""
        if name == "points":
            return self._extent("points")
        attribute = self._number("attributes", "attribute", name)
        return None if attribute is None else self._extent("attribute", attribute)

    def _facts_of(self, attribute: int, alias: str, t: exp.Expression, unit: exp.Expression | None) -> FactRows:
        extent = self._extent("attribute", attribute) or NO_FACTS

        def which(name: str) -> list[exp.Expression]:
            return [eq(column("attribute", name), number(attribute)), *own_rows(name, unit)]

        if attribute not in self.delta.attributes:
            return FactRows(table("attribute_facts", alias), (*which(alias), *self._seen(extent, alias, t)))
        # A table in FROM does not see its neighbours, so that t is asked outside.
        parts = [
            select_from([column(name, part) for name in ("unit", "value", "at", "seq")], table(source, part), where)
            for part, source, where in (
                ("stored", "attribute_facts", [*which("stored"), *self._known(extent, "stored")]),
                ("decided", "run_attribute_facts", which("decided")),
            )
        ]
        by_t = exp.LTE(this=column("at", alias), expression=t.copy())
        return FactRows(derived(union_all(parts), alias), (by_t,))

    def _points(self, unit: exp.Expression, t: exp.Expression, members: str) -> exp.Expression:
        extent = self._extent("points")
        by_t = [exp.LTE(this=column("at", "decided"), expression=t.copy())]
        now = [_sum_of("run_points", "decided", unit, by_t)] if self.delta.points else []
        if extent is None:
            return now[0] if now else number(0)
        filters = self._seen(extent, "p", t)
        stored = _sum_of("points", "p", unit, filters) if filters else column("points", members)
        return exp.Paren(this=exp.Add(this=stored, expression=now[0])) if now else stored

    def _balances(self, alias: str, t: exp.Expression, unit: exp.Expression | None) -> FactRows:
        """The balance of the ledger after each entry, and nothing before the first."""
        ledgers = [("points", self._known(self._extent("points"), "entry"))]
        ledgers += [("run_points", [])] if self.delta.points else []
        names = ("unit", "delta", "at", "seq")
        entries = union_all(
            select_from([column(name, "entry") for name in names], table(source, "entry"), [*own_rows("entry", unit), *known])
            for source, known in ledgers
        )
        order = exp.Order(expressions=[exp.Ordered(this=column(name, "ledger"), nulls_first=True) for name in names[2:]])
        running = exp.Window(
            this=exp.Sum(this=column("delta", "ledger")), partition_by=[column("unit", "ledger")], order=order,
            spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"),
        )
        scaled = exp.alias_(exp.Mul(this=running, expression=number(NUMBER_SCALE)), "value")
        told = [column("unit", "ledger"), scaled, column("at", "ledger"), column("seq", "ledger")]
        nothing = [column("unit", "owner"), *(
            exp.alias_(number(value), name) for name, value in (("value", 0), ("at", EARLIEST), ("seq", 0))
        )]
        parts = [
            select_from(nothing, table("members", "owner"), own_rows("owner", unit)),
            select_from(told, derived(entries, "ledger"), []),
        ]
        return FactRows(derived(union_all(parts), alias), (exp.LTE(this=column("at", alias), expression=t.copy()),))

    # Events

    def event(self, name: str) -> tuple[int, Extent] | None:
        """The number of a type of event with its extent."""
        found = self._number("event_types", "type", name)
        extent = None if found is None else self._extent("event", found)
        return None if found is None or extent is None else (found, extent)

    def event_filters(self, type_number: int, alias: str, t: exp.Expression, bounded: bool) -> list[exp.Expression]:
        """What must hold of an event that is seen."""
        extent = self._extent("event", type_number) or NO_FACTS
        return self._known(extent, alias) if bounded else self._seen(extent, alias, t)

    def field(self, ref: FieldRef, alias: str) -> exp.Expression | None:
        """The column of an event's field."""
        if ref.name in ("subject", "amount"):
            return column(ref.name, alias)
        if ref.name == "time":
            return column("at", alias)
        found = self._number("fields", "field", ref.name)
        return None if found is None else column(f"f{found}", alias)

    # Tags

    def tags(self, patterns: Sequence[TextPattern]) -> list[tuple[int, Extent]]:
        """The numbers of the tags that match one of the patterns, with their extents."""
        numbers = sorted({tag for pattern in patterns for tag in self._tags_like(pattern)})
        found = [(tag, self._extent("tag", tag)) for tag in numbers]
        return [
            (tag, extent or NO_FACTS) for tag, extent in found if extent is not None or tag in self.delta.tags
        ]

    def tag_arms(
        self, tags: Sequence[int], alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[TagArm]:
        """The intervals of tags that hold at t."""
        touched = [tag for tag in tags if tag in self.delta.tags]
        arms = [
            arm
            for group in (sorted(set(tags) - set(touched)), touched)
            for arm in self._stored_arms(group, alias, t, unit)
        ]
        if touched:
            changed = [*_of(touched, alias, unit), *lies_at(alias, t)]
            arms.append(TagArm(table("run_member_tags", alias), tuple(changed)))
        return arms

    def _stored_arms(
        self, tags: Sequence[int], alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[TagArm]:
        """The store's intervals of tags that are all touched by the run, or all not."""
        extents = {tag: extent for tag in tags if (extent := self._extent("tag", tag)) is not None}
        known = [tag for tag, extent in extents.items() if not self._known(extent, alias)]
        partly = [tag for tag in extents if tag not in known]
        kept = _unless_replaced(alias) if set(tags) & self.delta.tags else []
        arms = []
        if known:
            past = all(extents[tag].max_at <= self.t_low for tag in known)
            held = lies_at(alias, t)[1 if past else 0 :]
            arms.append(TagArm(table("member_tags", alias), (*_of(known, alias, unit), *held, *kept)))
        if partly:
            folded = exp.Subquery(this=self._fold(partly, unit), alias=exp.TableAlias(this=exp.to_identifier(alias)))
            arms.append(TagArm(folded, (*lies_at(alias, t), *kept), fold=True))
        return arms

    def _fold(self, tags: Sequence[int], unit: exp.Expression | None) -> exp.Select:
        what = [column(name, "g") for name in ("tag", "unit", "given", "at", "seq", "expires")]
        where = [*_of(tags, "g", unit), *self._known(None, "g")]
        return tag_intervals(select_from(what, table("tag_facts", "g"), where))

    def tag_holders(self, tags: Sequence[int], alias: str) -> list[TagArm]:
        """Rows with ``unit`` that cover whoever may hold one of the tags."""
        arms = [TagArm(table("tag_facts", alias), tuple(_of(tags, alias, None)))]
        touched = [tag for tag in tags if tag in self.delta.tags]
        if touched:
            arms.append(TagArm(table("run_member_tags", alias), tuple(_of(touched, alias, None))))
        return arms

    # Groups

    def group_has_tag(self, pattern: TextPattern, group: str, prefix: str, t: exp.Expression) -> exp.Expression:
        """Whether a group holds a tag that matches at t."""
        return self.group_tagged(self._tags_like(pattern), group, prefix, t)

    def group_members(self, group: str, prefix: str, t: exp.Expression) -> exp.Expression:
        """How many members are in a group at t, those taken out of the store left aside."""
        return self.group_size(group, prefix, t, self.member_filters(prefix + "m", t))

    def _tags_like(self, pattern: TextPattern) -> list[int]:
        found = self._matching.get(pattern)
        if found is None:
            if pattern.prefix:
                # Names are few; a prefix test in Python has no pitfalls.
                names = self._rows("SELECT tag, name FROM tags", ())
                found = [int(tag) for tag, name in names if str(name).startswith(pattern.text)]
            else:
                exact = self._number("tags", "tag", pattern.text)
                found = [] if exact is None else [exact]
            self._matching[pattern] = found
        return found


def _sum_of(name: str, alias: str, unit: exp.Expression, filters: Sequence[exp.Expression]) -> exp.Expression:
    total = exp.Coalesce(this=exp.Sum(this=column("delta", alias)), expressions=[number(0)])
    return scalar(select_from([total], table(name, alias), [*own_rows(alias, unit), *filters]))


def _of(tags: Sequence[int], alias: str, unit: exp.Expression | None) -> list[exp.Expression]:
    which = one_of(column("tag", alias), [number(tag) for tag in tags])
    return [which, *own_rows(alias, unit)]


def _unless_replaced(alias: str) -> list[exp.Expression]:
    same = [eq(column(name, "x"), column(name, alias)) for name in ("tag", "unit")]
    return [exp.Not(this=exists(table("run_tag_pairs", "x"), same))]
