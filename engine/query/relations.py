"""What the compiler asks of a store: relations as of (t, T, mark), free of where and how they are kept.

A store answers with sqlglot expressions. Where the facts known at T and mark are all there is, the expressions read
what the store maintains; otherwise they read the facts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlglot import exp

from ..program.ir import AttributeRef, FieldRef, TextPattern, ValueType

HoldingKind = Literal["coupon", "redpacket", "group", "friendship"]


@dataclass(frozen=True, slots=True)
class Delta:
    """What a run has decided so far; ``run/tables.py`` says in which tables it stands.

    ``tags`` are the numbers of tags given or taken, ``attributes`` those of attributes changed. The others say whether
    there is anything of the kind: pushes, entries of the ledger of points, coupons and red packets given, work for staff,
    journeys begun or changed. ``inside`` is the playbook that those in ``flow`` without an enrolment have just entered.
    """

    tags: frozenset[int] = frozenset()
    pushes: bool = False
    points: bool = False
    attributes: frozenset[int] = frozenset()
    coupons: bool = False
    redpackets: bool = False
    tasks: bool = False
    enrolments: bool = False
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """Upper bounds over the facts of one key. ``rows`` counts facts, ``units`` those who have any."""

    rows: int
    units: int
    min_at: int
    max_at: int
    max_arrived: int
    max_seq: int


@dataclass(frozen=True, slots=True)
class TagArm:
    """A part of the intervals of some tags: rows (tag, unit, since, until) of ``source`` where ``where`` holds.

    ``fold`` says that the intervals are folded from facts for each unit asked about, so that nothing drives them.
    """

    source: exp.Expression
    where: tuple[exp.Expression, ...]
    fold: bool = False


@dataclass(frozen=True, slots=True)
class FactRows:
    """Facts (unit, value, at, seq) of one attribute: rows of ``source`` where ``where`` holds."""

    source: exp.Expression
    where: tuple[exp.Expression, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A part of what members hold or got: ``query`` has sources and conditions but no columns yet.

    ``at`` is the instant that a window speaks of; each method of :class:`Relations` says which that is.
    """

    query: exp.Select
    unit: exp.Expression
    at: exp.Expression


@dataclass(frozen=True, slots=True)
class PushArm:
    """A part of the pushes that count: ``query`` has sources and conditions but no columns yet."""

    query: exp.Select
    kind: exp.Expression
    unit: exp.Expression
    at: exp.Expression
    playbook: exp.Expression
    step: exp.Expression
    template: exp.Expression
    channel: exp.Expression
    category: exp.Expression


class Dialect(Protocol):
    """What differs between databases in the expressions of conditions."""

    @property
    def name(self) -> str:
        """The name of the dialect in sqlglot."""

    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text contains another, by code points."""

    def ends(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text ends with another, by code points."""

    def draw(self, name: exp.Expression, member_id: exp.Expression) -> exp.Expression:
        """The draw of ``draws.draw``."""

    def quotient(self, value: exp.Expression, divisor: exp.Expression) -> exp.Expression:
        """The quotient of two whole numbers, cut off towards 0."""

    def attribute_value(self, value: exp.Expression, kind: ValueType) -> exp.Expression:
        """The value of an attribute fact in its type."""

    def unordered(self, value: exp.Expression) -> exp.Expression:
        """The value of a number, hidden from the choice of an index."""

    def rare(self, condition: exp.Expression) -> exp.Expression:
        """A condition that few rows meet, so that an index on it is worth walking."""

    def common(self, condition: exp.Expression) -> exp.Expression:
        """A condition that says little beside the others, so that no index should be chosen for it."""


class Relations(Protocol):
    """As-of views of one store for evaluations with t in a known range, at one T and mark."""

    @property
    def dialect(self) -> Dialect:
        """The database's own ways."""

    @property
    def t_high(self) -> int:
        """The latest t asked about."""

    def member_filters(self, alias: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a row of ``members`` that has arrived by T and by t; nothing where all have."""

    def members(self) -> int:
        """About how many members there are."""

    def attribute(
        self, ref: AttributeRef, unit: exp.Expression, t: exp.Expression, members: str
    ) -> exp.Expression | None:
        """The value of an attribute at t, given the unit and the alias of its row of ``members``; None if unknown.

        ``points`` comes in whole points.
        """

    def attribute_facts(
        self, ref: AttributeRef, alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> FactRows | None:
        """What was said of an attribute, as seen at t; None where nothing was. ``unit`` limits it to one unit."""

    def ever_said(self, ref: AttributeRef, value: exp.Expression, alias: str) -> exp.Expression | None:
        """A source of the units (column ``unit``, each once) of whom an attribute was ever said to be a value.

        None where its present values are all there is, so that :meth:`attribute` is a column.
        """

    def attribute_extent(self, name: str) -> Extent | None:
        """The bounds over what was said of an attribute; None where nothing was."""

    def event(self, name: str) -> tuple[int, Extent] | None:
        """The number of a type of event with its extent; None where there are none."""

    def event_filters(self, type_number: int, alias: str, t: exp.Expression, bounded: bool) -> list[exp.Expression]:
        """What must hold of an event that is seen; ``bounded`` says that at <= t is asked anyway."""

    def field(self, ref: FieldRef, alias: str) -> exp.Expression | None:
        """The column of an event's field; None where the store has not met it."""

    def tags(self, patterns: Sequence[TextPattern]) -> list[tuple[int, Extent]]:
        """The numbers of the tags that match one of the patterns and are not held by nobody, with their extents."""

    def tag_arms(
        self, tags: Sequence[int], alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[TagArm]:
        """The intervals of tags that hold at t, in parts without common rows; ``unit`` limits them to one unit."""

    def tag_holders(self, tags: Sequence[int], alias: str) -> list[TagArm]:
        """Rows with ``unit`` that cover whoever may hold one of the tags, perhaps repeated and perhaps too many."""

    def push_arms(self, prefix: str) -> list[PushArm]:
        """The pushes that count, in parts without common rows; the aliases of their tables begin with ``prefix``."""

    def push_rows(self) -> int:
        """About how many pushes there are; 0 says none."""

    def pushes(self) -> exp.Query:
        """The pushes that count: (kind, unit, at, playbook, step, template, channel, category)."""

    def holding_rows(self, kind: HoldingKind, name: str) -> int:
        """About how many facts there are of a coupon or red packet by name, of all groups, or of all friendships."""

    def coupons_held(
        self, coupon: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Coupons issued, not used, cancelled or expired at t, in parts; ``at`` is when they expire, NULL never.

        The aliases of all tables begin with ``prefix``; ``unit`` limits them to one unit. The same goes for what follows.
        """

    def coupons_used(
        self, coupon: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Coupons used by t; ``at`` is when."""

    def redpackets_given(
        self, redpacket: str, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """Red packets reserved or issued by t and not cancelled; ``at`` is when first."""

    def groups_joined(
        self, named: Callable[[exp.Expression], exp.Expression], prefix: str, t: exp.Expression,
        unit: exp.Expression | None,
    ) -> list[Holding]:
        """Memberships at t of groups whose name, an expression, meets ``named``; ``at`` is when they began."""

    def group_filters(self, group: str, t: exp.Expression) -> list[exp.Expression]:
        """What must hold of a row of ``groups``, under the alias ``group``, that has arrived by T and by t."""

    def group_said(
        self, what: Literal["name", "created"], group: str, prefix: str, t: exp.Expression
    ) -> exp.Expression:
        """The name of a group at t, or the instant at which it was created, unknown as NULL."""

    def group_has_tag(self, pattern: TextPattern, group: str, prefix: str, t: exp.Expression) -> exp.Expression:
        """Whether a group holds a tag that matches at t."""

    def group_members(self, group: str, prefix: str, t: exp.Expression) -> exp.Expression:
        """How many members are in a group at t."""

    def friendships(self, prefix: str, t: exp.Expression, unit: exp.Expression | None) -> list[Holding]:
        """Friendships at t; ``at`` is when they began. Who joined and has no other facts is a friend since then."""

    def journey_rows(self) -> int:
        """About how many journeys there are; 0 says none."""

    def journeys_in(
        self, playbook: str, named: exp.Expression, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """The journeys of a playbook that members are in at t, holdouts left out; ``at`` is when they entered.

        ``named`` is the name as the statement binds it.
        """

    def journeys_finished(
        self, named: exp.Expression, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """The journeys of a playbook, by its bound name, that came to their end by t; ``at`` is when."""

    def task_rows(self) -> int:
        """About how many tasks of staff there are; 0 says none."""

    def tasks(
        self, title: exp.Expression, alias: str, t: exp.Expression, unit: exp.Expression | None
    ) -> FactRows | None:
        """The tasks (seq, unit, at, due) of a title that were given by t; None where there are none of any title."""

    def task_said(
        self, what: Literal["done", "at"], task: exp.Expression, alias: str, t: exp.Expression
    ) -> exp.Expression:
        """What was said last of a task by t: whether it is ``done`` (1 or 0), or when that was; NULL where nothing was."""
