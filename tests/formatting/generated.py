"""Declarations made at random, as a parser could have read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

import hypothesis.strategies as st
from formatting.made_playbooks import (
    between_ago,
    blocks,
    comparisons,
    dates,
    did,
    edges,
    groups,
    limits,
    line_conditions,
    moments,
    once,
    one_line,
    own_dates,
    picked,
    playbooks,
    pushes,
    samples,
    since_event,
    tags,
    total_tests,
    totals,
    weekdays,
    year_days,
)
from formatting.making import (
    ATTRIBUTES,
    CHANNELS,
    METRICS,
    SPAN,
    SPECIAL,
    Strategy,
    bare,
    clocks,
    counts,
    durations,
    made,
    maybe,
    money,
    node,
    numbers,
    of,
    patterns,
    some,
    texts,
    titles,
)
from qingting.grammar import syntax as tree

# Library


def types_of_values() -> Strategy:
    words = tuple(get_args(tree.TypeWord))
    return st.one_of(
        made(tree.TypeName, word=st.sampled_from(words), choices=st.just(())),
        made(tree.TypeName, word=st.just("text"), choices=some(texts())),
    )


def new_names() -> Strategy:
    return st.sampled_from(("城市二", "x_1", "a b", "首次下单")).map(
        lambda text: tree.Name(text, text in ("a b", "首次下单"), SPAN)
    )


def worths() -> Strategy:
    threshold = st.one_of(st.just(0), st.integers(1, 10**6))
    nothing = {"off_cents": st.none(), "percent_off": st.none(), "gift": st.none()}
    return st.one_of(
        made(tree.Worth, **{**nothing, "threshold_cents": threshold, "off_cents": st.integers(1, 10**6)}),
        made(tree.Worth, **{**nothing, "threshold_cents": threshold, "percent_off": st.integers(0, 10_000)}),
        made(tree.Worth, **{**nothing, "threshold_cents": st.just(0), "gift": texts()}),
    )


def per_member() -> Strategy:
    return st.one_of(
        made(tree.PerMember, per=st.sampled_from([None, "day", "year"]), activity=st.none()),
        made(tree.PerMember, per=st.just("activity"), activity=titles()),
    )


def validities() -> Strategy:
    return made(tree.Validity).filter(lambda found: found.duration is None or found.until is None)


def packets() -> Strategy:
    budgets = maybe(made(tree.Budget, kind=st.just("money")))
    return st.tuples(st.integers(1, 1000), maybe(st.integers(1, 1000))).flatmap(lambda found: made(
        tree.RedpacketDecl, low=st.just(tree.Money(found[0], SPAN)), budget=budgets,
        high=st.just(None if found[1] is None else tree.Money(found[0] + found[1], SPAN)),
    ))


def periods() -> Strategy:
    days = of(tree.Date | tree.Instant)
    return st.one_of(
        made(tree.Period, first=days, last=days),
        made(tree.Period, first=of(tree.Instant), last=clocks()),
    )


def parts() -> Strategy:
    kinds = ("image", "video", "file", "group_code", "comment")
    return st.one_of(
        made(tree.TemplatePart, kind=st.sampled_from(kinds), title=st.none(), page=st.none()),
        made(tree.TemplatePart, kind=st.just("link"), page=st.none()),
        made(tree.TemplatePart, kind=st.just("miniprogram")),
    )


def templates() -> Strategy:
    return made(
        tree.TemplateDecl, channel=maybe(bare(*CHANNELS)), body=maybe(texts(several=True)), parts=some(parts(), 0, 2)
    ).filter(lambda found: found.body is not None or found.parts)


def rungs() -> Strategy:
    marks = st.one_of(numbers(), money())
    return st.one_of(
        made(tree.Rung, relation=st.sampled_from(["above", "from"]), mark=marks),
        made(tree.Rung, relation=st.just("otherwise"), mark=st.none()),
    )


def ladders() -> Strategy:
    return st.one_of(
        made(tree.TiersDecl, name=st.none(), metric=st.none()),
        made(tree.TiersDecl, name=titles(), metric=bare(*METRICS)),
    )


def values_to_set() -> Strategy:
    return st.one_of(of(tree.Value), bare("门店", "订单号", "amount", "qty", "subject"))


SPECIAL.update({
    tree.Name: titles, tree.Pattern: patterns, tree.Text: texts, tree.Number: numbers, tree.Money: money,
    tree.Share: lambda: st.integers(0, 10_000).map(lambda parts: tree.Share(parts, SPAN)),
    tree.Duration: durations, tree.Clock: clocks,
    tree.Date: lambda: st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(lambda found: tree.Date(found, SPAN)),
    tree.Instant: lambda: st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
        lambda found: tree.Instant(found.replace(second=0, microsecond=0), SPAN)
    ),
    tree.BetweenAgo: between_ago, tree.OnDate: dates, tree.SinceEvent: since_event,
    tree.ExactlyDays: lambda: made(tree.ExactlyDays, duration=durations("day", "week", "month")),
    tree.CalendarWindow: lambda: made(tree.CalendarWindow, shift=st.sampled_from([0, -1])),
    tree.Comparison: lambda: comparisons(bare(*ATTRIBUTES, *METRICS)),
    tree.MomentOfAttribute: lambda: made(tree.MomentOfAttribute, name=bare(*ATTRIBUTES)),
    tree.Anniversary: lambda: made(tree.Anniversary, name=bare(*ATTRIBUTES)),
    tree.HeldFor: lambda: made(tree.HeldFor, name=bare(*ATTRIBUTES)),
    tree.Changed: lambda: made(tree.Changed, name=bare(*ATTRIBUTES)),
    tree.SourceInGroup: lambda: made(tree.SourceInGroup, name=bare("source")),
    tree.Did: did, tree.Total: totals, tree.TotalComparison: total_tests, tree.EventMoment: moments,
    tree.InSample: samples, tree.Tagged: tags,
    tree.HoldsCoupon: lambda: made(tree.HoldsCoupon).filter(  # what a coupon held expires within lies ahead
        lambda found: not isinstance(found.expiring, tree.Within) or found.expiring.ahead),
    tree.Invited: lambda: made(tree.Invited, where=maybe(comparisons(bare(*ATTRIBUTES)))),
    tree.Daily: lambda: made(tree.Daily, weekdays=maybe(weekdays())),
    tree.EveryWeeks: lambda: made(tree.EveryWeeks, weekdays=weekdays(3)),
    tree.Monthly: lambda: made(tree.Monthly, days=st.lists(
        st.sampled_from([*range(1, 32), -1]), min_size=1, max_size=3, unique=True).map(tuple)),
    tree.MonthlyWeekday: lambda: made(
        tree.MonthlyWeekday, nth=st.sampled_from([1, 2, 3, 4, 5, -1]), weekday=st.integers(1, 7)),
    tree.Yearly: lambda: made(tree.Yearly, days=year_days()),
    tree.Interval: lambda: made(tree.Interval, every=durations("minute", "hour")),
    tree.ActivityEdge: edges, tree.MemberDate: own_dates, tree.ScheduleLimits: limits, tree.Block: blocks,
    tree.WhenEvent: lambda: made(tree.WhenEvent, events=picked()),
    tree.WhenMark: lambda: made(
        tree.WhenMark, operand=st.one_of(bare(*ATTRIBUTES, *METRICS), totals(), node(tree.InvitedCount))),
    tree.WhenTier: lambda: made(tree.WhenTier, ladder=bare("tier", "城市")),
    tree.WhenChanged: lambda: made(tree.WhenChanged, name=bare(*ATTRIBUTES)),
    tree.Push: pushes, tree.ChangePoints: lambda: made(
        tree.ChangePoints, delta=st.integers(-1000, 1000).filter(bool)),
    tree.SetAttribute: lambda: made(tree.SetAttribute, name=bare(*ATTRIBUTES), value=values_to_set()),
    tree.GiveTask: lambda: made(tree.GiveTask).filter(lambda found: found.staff is None or not found.manager),
    tree.Alert: lambda: made(tree.Alert, text=texts(several=True)),
    tree.WaitUntil: lambda: made(tree.WaitUntil, weekday=maybe(st.integers(1, 7))),
    tree.TimezoneLine: lambda: made(
        tree.TimezoneLine, zone=bare("Asia/Shanghai", "UTC", "Etc/GMT+5")),
    tree.GuardLine: lambda: st.one_of(
        made(tree.GuardLine, members=counts(1), share=st.none()), made(tree.GuardLine, members=st.none(),
                                                                     share=node(tree.Share))),
    tree.CapLine: lambda: made(tree.CapLine, channel=maybe(bare(*CHANNELS))),
    tree.ActiveLine: lambda: made(tree.ActiveLine).filter(lambda found: found.first or found.last),
    tree.PriorityLine: lambda: made(tree.PriorityLine, number=st.integers(0, 100)),
    tree.OnceLine: once, tree.TakeLine: lambda: made(
        tree.TakeLine, by=st.one_of(st.none(), bare(*METRICS, "points"), totals())),
    tree.GoalLine: lambda: made(tree.GoalLine, condition=one_line()),
    tree.ExitLine: lambda: made(tree.ExitLine, condition=line_conditions()),
    tree.NeverPush: lambda: made(tree.NeverPush, condition=line_conditions()),
    tree.AudienceLine: lambda: made(tree.AudienceLine, condition=line_conditions()),
    tree.GroupAudienceLine: groups, tree.PlaybookDecl: playbooks,
    tree.TypeName: types_of_values,
    tree.AttributeDecl: lambda: made(tree.AttributeDecl, name=new_names()),
    tree.FieldDecl: lambda: made(tree.FieldDecl, name=bare("门店", "qty", "订单号")),
    tree.EventDecl: lambda: made(tree.EventDecl, name=new_names(), fields=some(node(tree.FieldDecl), 0, 2)),
    tree.SegmentDecl: lambda: made(tree.SegmentDecl, condition=line_conditions()),
    tree.MetricDecl: lambda: made(tree.MetricDecl, name=new_names()),
    tree.TemplateDecl: templates, tree.TemplatePart: parts, tree.Worth: worths, tree.PerMember: per_member,
    tree.Validity: validities, tree.RedpacketDecl: packets, tree.Period: periods,
    tree.CouponDecl: lambda: made(
        tree.CouponDecl, stock=maybe(counts().map(lambda found: tree.Number(str(found), SPAN)))),
    tree.SourceDecl: lambda: made(tree.SourceDecl, cost=maybe(money(1))),
    tree.EarnLine: lambda: made(tree.EarnLine, events=picked(), per=maybe(money(1))),
    tree.RecurringHours: lambda: made(tree.RecurringHours, weekdays=maybe(weekdays())),
    tree.ActivityDecl: lambda: made(
        tree.ActivityDecl, phases=some(node(tree.NamedPeriod), 0, 2), sessions=some(node(tree.NamedPeriod), 0, 2)
    ).filter(lambda found: found.when or found.phases or found.sessions),
    tree.Rung: rungs, tree.TiersDecl: ladders,
    tree.WheneverDecl: lambda: made(tree.WheneverDecl, events=picked()),
})


def declarations() -> Strategy:
    """A declaration of any kind."""
    return st.one_of(*(node(kind) for kind in get_args(tree.Declaration)))
