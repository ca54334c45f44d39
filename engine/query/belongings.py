"""Tests of what members hold and where they belong: coupons, red packets, customer groups, friends, playbooks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..program.ir import (
    FinishedPlaybook,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    IsFriend,
    ReceivedRedpacket,
    UsedCoupon,
)
from .events import after_event, lies_inside, seen_inside
from .relations import Holding
from .scopes import Builder, Scope, SingleFrame
from .sql import cross, disjunction, in_range, narrowed, number
from .states import counted_units, sum_of_counts, union_of

Belonging = HoldsCoupon | UsedCoupon | ReceivedRedpacket | InGroup | IsFriend | InPlaybook | FinishedPlaybook


def belonging_probe(builder: Builder, test: Belonging, scope: Scope) -> exp.Expression:
    """Whether a test is true of the scope's unit; never unknown."""
    queries = belonging_rows(builder, test, scope)
    least, most = _range(test)
    if not queries:
        return exp.false()
    if (least, most) == (1, None):
        return disjunction(exp.Exists(this=query.select(number(1), copy=False)) for query in queries)
    return in_range(sum_of_counts(queries), least, most)


def belonging_units(
    builder: Builder, test: Belonging, scope: Scope, single: SingleFrame
) -> exp.Query | None:
    """The units of which a test is true, each once; None where there are none."""
    selects: list[exp.Query] = []
    for arm in _arms(builder, test, scope, None):
        inside = _inside(builder, test, arm, Scope(arm.unit, scope.frame))
        query = narrowed(cross(arm.query, single.source), [single.only, *inside])
        selects.append(query.select(exp.alias_(arm.unit.copy(), "unit"), copy=False))
    if not selects:
        return None
    least, most = _range(test)
    return union_of(selects, repeated=True) if (least, most) == (1, None) else counted_units(builder, selects, least, most)


def belonging_rows(builder: Builder, test: Belonging, scope: Scope) -> list[exp.Select]:
    """What a test counts of the scope's unit, as selects without columns."""
    return [
        narrowed(arm.query, _inside(builder, test, arm, scope)) for arm in _arms(builder, test, scope, scope.unit)
    ]


def belonging_arms(builder: Builder, test: Belonging, scope: Scope) -> Sequence[Holding]:
    """All that the scope's unit holds of the kind, whatever window is asked about."""
    return _arms(builder, test, scope, scope.unit)


def _range(test: Belonging) -> tuple[int, int | None]:
    return (test.at_least, test.at_most) if isinstance(test, UsedCoupon | ReceivedRedpacket) else (1, None)


def _arms(builder: Builder, test: Belonging, scope: Scope, unit: exp.Expression | None) -> Sequence[Holding]:
    relations, prefix = builder.relations, builder.alias("h")
    match test:
        case HoldsCoupon(coupon=name):
            return relations.coupons_held(name, prefix, scope.t, unit)
        case UsedCoupon(coupon=name):
            return relations.coupons_used(name, prefix, scope.t, unit)
        case ReceivedRedpacket(redpacket=name):
            return relations.redpackets_given(name, prefix, scope.t, unit)
        case InGroup(group=group):
            return relations.groups_joined(
                lambda name: builder.values.matches(name, group.text, group.prefix), prefix, scope.t, unit
            )
        case IsFriend():
            return relations.friendships(prefix, scope.t, unit)
        case InPlaybook(playbook=name):
            return relations.journeys_in(name, builder.parameters.bind(name), prefix, scope.t, unit)
        case FinishedPlaybook(playbook=name):
            return relations.journeys_finished(builder.parameters.bind(name), prefix, scope.t, unit)


def _inside(builder: Builder, test: Belonging, arm: Holding, scope: Scope) -> list[exp.Expression]:
    match test:
        case HoldsCoupon(expiring=window) if window is not None:
            if window.low is None and window.high is None:
                # A coupon that never expires does not expire inside any window.
                never = exp.Is(this=arm.at.copy(), expression=exp.null())
                return [exp.Not(this=never), *after_event(arm.at, window, builder, scope)]
            return [lies_inside(arm.at.copy(), window, builder, scope)]
        case UsedCoupon(window=window) | ReceivedRedpacket(window=window) | FinishedPlaybook(window=window):
            return seen_inside(arm.at.copy(), window, builder, scope)
    return []
