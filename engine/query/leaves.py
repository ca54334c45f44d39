"""The tests that conditions are made of, besides those of the member's row: as probes and as sets."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from ..program.ir import (
    Changed,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    HasTag,
    HeldFor,
    Invited,
    MomentHas,
    MomentIn,
    Received,
    TaskIs,
    TodayIs,
)
from .belongings import Belonging, belonging_probe, belonging_units
from .days import days_probe, days_units
from .event_tests import event_probe, event_units
from .events import Drive, EventTest
from .history import changed_probe, changed_units, held_probe
from .invited import Probe, invited_probe, invited_units
from .reorder import reorder_probe, reorder_units
from .scopes import Builder, Scope, SingleFrame
from .sql import eq, number
from .states import push_probe, push_units, tag_probe, tag_units
from .work import task_probe, task_units

OfEvents = EventTest | DidOnDays | DueToReorder


def leaf_probe(builder: Builder, test: Condition, scope: Scope, probe: Probe) -> exp.Expression:
    """Whether one test is true of the scope's unit; never unknown. ``probe`` compiles conditions about other members."""
    match test:
        case HasTag():
            return tag_probe(builder, test, scope)
        case Received():
            return push_probe(builder, test, scope)
        case Did() | Compare() | MomentIn() | MomentHas():
            return event_probe(builder, test, scope)
        case DidOnDays():
            return days_probe(builder, test, scope)
        case DueToReorder():
            return reorder_probe(builder, test, scope)
        case HeldFor():
            return held_probe(builder, test, scope)
        case Changed():
            return changed_probe(builder, test, scope)
        case Invited():
            return invited_probe(builder, test, scope, probe)
        case TodayIs(kind=kind):
            return eq(builder.plan.is_day(kind, scope.frame), number(1))
        case TaskIs():
            return task_probe(builder, test, scope)
    assert isinstance(test, Belonging), test
    return belonging_probe(builder, test, scope)


def leaf_units(
    builder: Builder, test: Condition, single: SingleFrame, drive: Callable[[OfEvents], Drive], probe: Probe
) -> exp.Query | None:
    """All units of which one test is true, found from its own rows; None where there are no such rows."""
    scope = Scope(number(0), single.alias)
    match test:
        case HasTag():
            return tag_units(builder, test, scope, single)
        case Received():
            return push_units(builder, test, scope, single)
        case Did() | Compare() | MomentIn() | MomentHas():
            return event_units(builder, test, scope, single, drive(test))
        case DidOnDays():
            return days_units(builder, test, scope, single, drive(test))
        case DueToReorder():
            return reorder_units(builder, test, scope, single, drive(test))
        case Changed():
            return changed_units(builder, test, scope, single)
        case Invited():
            return invited_units(builder, test, scope, single, probe)
        case TaskIs():
            return task_units(builder, test, scope, single)
    assert isinstance(test, Belonging), test
    return belonging_units(builder, test, scope, single)
