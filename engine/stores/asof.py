"""As-of views over the member store's tables, whatever database holds them.

The store's maintained tables answer where every fact of a kind is known at (t, T, mark); what is known of the facts
comes from ``extents``. Otherwise the facts are read and folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlglot import exp

from ..program.ir import AttributeRef, FieldRef, TextPattern
from ..query.relations import Delta, Dialect, Extent, TagArm
from ..query.sql import column, eq, exists, number, one_of, scalar, select_from, table
from .pushes import PushRelations
from .sqlite.intervals import tag_intervals

Rows = Callable[[str, tuple[int | str, ...]], list[tuple[int | str, ...]]]
_NO_FACTS = Extent(0, 0, 0, 0, 0, 0)


class AsOfRelations(PushRelations):
    """Views for t in [``t_low``, ``t_high``], at one T (``at``) and mark.

    ``rows`` runs a statement with positional parameters and gives all rows. With a ``delta`` the run's temporary
    tables exist; only what the delta names is read from them.
    """

    def __init__(
        self, rows: Rows, dialect: Dialect, at: int, mark: int, t_low: int, t_high: int, delta: Delta
    ) -> None:
        super().__init__(rows, at, mark, delta)
        self.dialect = dialect
        self.t_low, self.t_high = t_low, t_high
        self._extents: dict[tuple[str, int], Extent | None] = {}
        self._matching: dict[TextPattern, list[int]] = {}

    # Members

    def member_filters(self, alias: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a row of ``members`` that has arrived; a member exists from the arrival on."""
        extent = self._extent("member", 0)
        if extent is None:
            return []
        at_t = exp.LTE(this=column("arrived", alias), expression=t)
        return [*([] if extent.max_arrived <= self.t_low else [at_t]), *self._known(extent, alias)]

    def members(self) -> int:
        """About how many members there are."""
        return (self._extent("member", 0) or _NO_FACTS).rows

    def attribute(
        self, ref: AttributeRef, unit: exp.Expression, t: exp.Expression, members: str
    ) -> exp.Expression | None:
        """The value of an attribute at t."""
        if ref.name == "id":
            return column("id", members)
        if ref.name == "points":
            return self._points(unit, t, members)
        attribute = self._number("attributes", "attribute", ref.name)
        extent = None if attribute is None else self._extent("attribute", attribute)
        if attribute is None or extent is None:
            return None
        filters = self._seen(extent, "a", t)
        if not filters:
            return column(f"a{attribute}", members)
        where = [eq(column("attribute", "a"), number(attribute)), eq(column("unit", "a"), unit), *filters]
        latest = select_from([column("value", "a")], table("attribute_facts", "a"), where)
        latest.set("order", exp.Order(expressions=[exp.Ordered(this=column(n, "a"), desc=True) for n in ("at", "seq")]))
        return self.dialect.attribute_value(scalar(latest.limit(1, copy=False)), ref.type)

    def _points(self, unit: exp.Expression, t: exp.Expression, members: str) -> exp.Expression:
        extent = self._extent("points", 0)
        if extent is None:
            return number(0)
        filters = self._seen(extent, "p", t)
        if not filters:
            return column("points", members)
        total = exp.Coalesce(this=exp.Sum(this=column("delta", "p")), expressions=[number(0)])
        return scalar(select_from([total], table("points", "p"), [eq(column("unit", "p"), unit), *filters]))

    # Events

    def event(self, name: str) -> tuple[int, Extent] | None:
        """The number of a type of event with its extent."""
        found = self._number("event_types", "type", name)
        extent = None if found is None else self._extent("event", found)
        return None if found is None or extent is None else (found, extent)

    def event_filters(self, type_number: int, alias: str, t: exp.Expression, bounded: bool) -> list[exp.Expression]:
        """What must hold of an event that is seen."""
        extent = self._extent("event", type_number) or _NO_FACTS
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
            (tag, extent or _NO_FACTS) for tag, extent in found if extent is not None or tag in self.delta.tags
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
            changed = [*_of(touched, alias, unit), *_held(alias, t)]
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
            held = _held(alias, t)[1 if past else 0 :]
            arms.append(TagArm(table("member_tags", alias), (*_of(known, alias, unit), *held, *kept)))
        if partly:
            folded = exp.Subquery(this=self._fold(partly, unit), alias=exp.TableAlias(this=exp.to_identifier(alias)))
            arms.append(TagArm(folded, (*_held(alias, t), *kept), fold=True))
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

    # What is known

    def _known(self, extent: Extent | None, alias: str) -> list[exp.Expression]:
        """What must hold of a row that had arrived at T with a seq up to the mark; nothing where all rows had."""
        filters: list[exp.Expression] = []
        if extent is None or extent.max_arrived > self.at:
            filters.append(exp.LTE(this=column("arrived", alias), expression=number(self.at)))
        if extent is None or extent.max_seq > self.mark:
            filters.append(exp.LTE(this=column("seq", alias), expression=number(self.mark)))
        return filters

    def _seen(self, extent: Extent, alias: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a fact that is seen at t; nothing where all are."""
        past = [] if extent.max_at <= self.t_low else [exp.LTE(this=column("at", alias), expression=t)]
        return [*past, *self._known(extent, alias)]

    def _number(self, names: str, key: str, name: str) -> int | None:
        found = self._rows(_number_query(names, key, self.dialect.name), (name,))
        return int(found[0][0]) if found else None

    def _extent(self, relation: str, key: int) -> Extent | None:
        place = (relation, key)
        if place not in self._extents:
            rows = self._rows(_EXTENT, place)
            self._extents[place] = Extent(*map(int, rows[0])) if rows else None
        return self._extents[place]


@lru_cache
def _number_query(names: str, key: str, dialect: str) -> str:
    return select_from([column(key, "n")], table(names, "n"), [eq(column("name", "n"), exp.Placeholder())]).sql(dialect)


_EXTENT = """
SELECT rows, units, min_at, max_at, max_arrived, max_seq FROM extents WHERE relation = ? AND key = ?
"""


def _of(tags: Sequence[int], alias: str, unit: exp.Expression | None) -> list[exp.Expression]:
    which = one_of(column("tag", alias), [number(tag) for tag in tags])
    return [which] if unit is None else [which, eq(column("unit", alias), unit.copy())]


def _held(alias: str, t: exp.Expression) -> list[exp.Expression]:
    return [
        exp.LTE(this=column("since", alias), expression=t.copy()),
        exp.GT(this=column("until", alias), expression=t.copy()),
    ]


def _unless_replaced(alias: str) -> list[exp.Expression]:
    same = [eq(column(name, "x"), column(name, alias)) for name in ("tag", "unit")]
    return [exp.Not(this=exists(table("run_tag_pairs", "x"), same))]
