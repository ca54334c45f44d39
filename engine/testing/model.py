"""A test file as it was read: who there is, what happens, and what each case expects."""

from __future__ import annotations

from typing import Literal

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.record import record

UnitKind = Literal["member", "group"]
FactKind = Literal["staff", "members", "tags", "events", "friends", "groups", "coupons", "tasks"]
Answered = Literal["sent", "confirmed", "failed", "refused", "unknown"]
Cell = str | tuple[str, ...]

FACT_KINDS: tuple[FactKind, ...] = ("staff", "members", "tags", "events", "friends", "groups", "coupons", "tasks")
"""In the order in which they go into a store."""


@record
class Fact:
    """One row for an import of ``kind``: ``cells`` by column; ``at`` is when it happened, microseconds.

    Of ``tasks`` it is one that staff have done: its ``member`` and ``title``.

    ``arrived`` is when it becomes known, None for at once.
    """

    kind: FactKind
    cells: tuple[tuple[str, Cell], ...]
    at: int
    span: Span
    arrived: int | None = None


@record
class Expected:
    """One entry of an expectation: ``text`` as written, where it stands.

    A ``deed`` is what happens; with ``reason`` it is suppressed instead, whatever it is where ``deed`` is None.
    """

    text: str
    span: Span
    deed: syntax.Action | None
    reason: str | None = None


@record
class UnitExpectation:
    """All that one member or group is to get, as exactly as it stands."""

    unit: str
    span: Span
    entries: tuple[Expected, ...]


@record
class Case:
    """One case. ``at`` is its instant; ``facts`` came between the case before and it.

    ``offline``: no run between the case before and this one. ``refused`` are playbooks that their guard refuses.
    ``exact`` says that members without an expectation must get nothing.
    """

    name: str
    span: Span
    at: int
    facts: tuple[Fact, ...]
    expected: tuple[UnitExpectation, ...]
    answers: tuple[tuple[str, Answered], ...] = ()
    refused: tuple[str, ...] = ()
    offline: bool = False
    exact: bool = True


@record
class Script:
    """A test file: ``playbooks`` are names. ``facts`` were so before ``now``. ``units`` are all members and groups."""

    file: str
    text: str
    playbooks: tuple[str, ...]
    now: int
    facts: tuple[Fact, ...]
    units: tuple[tuple[str, UnitKind], ...]
    cases: tuple[Case, ...]
