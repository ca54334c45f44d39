"""Windows, conditions, triggers, steps and playbooks made at random, as a parser could have read them."""

from __future__ import annotations

import functools
from typing import get_args

import hypothesis.strategies as st
from formatting.making import (
    ATTRIBUTES,
    CHANNELS,
    EVENTS,
    FIELDS,
    SPAN,
    Strategy,
    bare,
    made,
    maybe,
    money,
    nested,
    node,
    numbers,
    of,
    patterns,
    some,
    titles,
)
from qingting.grammar import syntax as tree

# Windows and conditions


def between_ago() -> Strategy:
    pairs = st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["hour", "day", "week"]))
    return pairs.map(lambda found: tree.BetweenAgo(
        tree.Duration(found[0] + found[1], found[2], SPAN), tree.Duration(found[1], found[2], SPAN), SPAN
    ))


def dates() -> Strategy:
    days = of(tree.Date | tree.Instant)
    return st.one_of(
        made(tree.OnDate, relation=st.sampled_from(["on", "before", "since"]), first=days, last=st.none()),
        made(tree.OnDate, relation=st.just("between"), first=days, last=days),
    )


def filters(where: bool = True, same: bool = False, window: bool = True, fields: bool = True) -> Strategy:
    asked = maybe(field_tests()) if where else st.none()
    which = st.one_of(
        st.tuples(st.just(()), st.none()), st.tuples(some(patterns()), st.none()),
        st.tuples(st.just(()), titles() if fields else st.none()),
    )
    return which.flatmap(lambda found: made(
        tree.EventFilter, event=bare(*EVENTS), subjects=st.just(found[0]), category=st.just(found[1]), where=asked,
        same=maybe(bare(*FIELDS)) if same else st.none(), window=maybe(of(tree.Window)) if window else st.none(),
    ))


def picked() -> Strategy:
    return filters(window=False)


def since_event() -> Strategy:
    events = made(
        tree.EventFilter, event=bare(*EVENTS), subjects=some(patterns(), 0, 1), category=st.none(), where=st.none(),
        same=st.none(), window=st.none(),
    )
    return made(tree.SinceEvent, events=events)


def comparisons(names: Strategy) -> Strategy:
    one, amounts = of(tree.Value), st.one_of(numbers(), money())
    plain = ("is", "is_not", "lt", "le", "gt", "ge", "contains", "starts", "ends")
    return st.one_of(
        made(tree.Comparison, name=names, operator=st.sampled_from(plain), values=some(one, 1, 1)),
        made(tree.Comparison, name=names, operator=st.sampled_from(["in", "not_in"]), values=some(one)),
        made(tree.Comparison, name=names, operator=st.just("between"), values=some(amounts, 2, 2)),
        made(tree.Comparison, name=names, operator=st.sampled_from(["known", "unknown"]), values=st.just(())),
    )


def field_tests() -> Strategy:
    names = bare(*FIELDS)
    test = st.one_of(comparisons(names), made(tree.MomentOfAttribute, name=names))
    inner = st.one_of(test, test.map(lambda found: tree.Not(found, SPAN)), joined(test, tree.Or))
    return st.one_of(inner, joined(inner, tree.And), joined(test, tree.Or))


def joined(test: Strategy, kind: type) -> Strategy:
    return made(kind, items=some(test, 2, 3))


def did() -> Strategy:
    number = st.one_of(
        st.just((None, None)), st.tuples(node(tree.Count), st.none()), st.tuples(st.none(), node(tree.DayCount))
    )
    return number.flatmap(lambda found: made(
        tree.Did, events=filters(same=True), count=st.just(found[0]), days=st.just(found[1])
    ))


def totals() -> Strategy:
    return st.one_of(
        made(tree.Total, kind=st.just("number"), field=st.none(), events=filters()),
        made(tree.Total, kind=st.sampled_from(["sum", "average", "largest", "smallest", "distinct"]),
             field=bare(*FIELDS), events=filters()),
    )


def total_tests() -> Strategy:
    one, amounts = of(tree.Value), st.one_of(numbers(), money())
    plain = ("is", "is_not", "lt", "le", "gt", "ge")
    return st.one_of(
        made(tree.TotalComparison, operator=st.sampled_from(plain), values=some(one, 1, 1)),
        made(tree.TotalComparison, operator=st.just("between"), values=some(amounts, 2, 2)),
        made(tree.TotalComparison, operator=st.sampled_from(["known", "unknown"]), values=st.just(())),
    )


def moments() -> Strategy:
    events = filters(window=False)
    return st.one_of(
        made(tree.EventMoment, events=events, has=st.none(), window=of(tree.Window)),
        made(tree.EventMoment, events=events, has=field_tests(), window=st.none()),
    )


def samples() -> Strategy:
    shares = st.tuples(st.integers(0, 9_998), st.integers(1, 9_999)).filter(lambda found: found[0] < found[1])
    return st.tuples(shares, st.booleans(), maybe(titles())).map(lambda found: tree.InSample(
        tree.Share(found[0][0], SPAN) if found[1] else None, tree.Share(found[0][1], SPAN), found[2], SPAN
    ))


def tags() -> Strategy:
    return made(tree.Tagged, patterns=some(patterns()))


_TESTS = tuple(kind for kind in get_args(tree.Condition) if kind not in (tree.And, tree.Or, tree.Not, tree.Listed))


def conditions() -> Strategy:
    """Conditions without lists."""
    test = st.one_of(*(node(kind) for kind in _TESTS))

    def larger(inner: Strategy) -> Strategy:
        return st.one_of(
            inner.map(lambda found: tree.Not(found, SPAN)), joined(inner, tree.And), joined(inner, tree.Or)
        )

    return nested(test, larger)


@functools.cache
def one_line() -> Strategy:
    return conditions()


def line_conditions() -> Strategy:
    """Conditions of a line of its own, which may end with a list."""
    lists = made(tree.Listed, items=some(one_line()))
    deeper = st.one_of(lists, made(tree.Listed, items=st.tuples(one_line(), lists)))
    after = st.tuples(one_line(), deeper)
    return st.one_of(
        one_line(), deeper, deeper.map(lambda found: tree.Not(found, SPAN)),
        made(tree.And, items=after), made(tree.Or, items=after),
    )


# Triggers, steps, headers


def weekdays(most: int = 7) -> Strategy:
    return st.sets(st.integers(1, 7), min_size=1, max_size=most).map(lambda found: tuple(sorted(found)))


def year_days() -> Strategy:
    def lunar(found: tuple[list[tuple[int, int]], int]) -> tuple[tree.MonthDay, ...]:
        days, first = found
        return tuple(tree.MonthDay(*day, place >= first, SPAN) for place, day in enumerate(days))

    days = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=1, max_size=3)
    return st.tuples(days, st.integers(0, 3)).map(lunar)


def edges() -> Strategy:
    def valid(found: tree.ActivityEdge) -> bool:
        short = found.offset is None or found.offset.duration.unit in ("minute", "hour")
        return not (found.clock is not None and short) and not (found.each_session and found.phase is not None)

    return made(tree.ActivityEdge).filter(valid)


def own_dates() -> Strategy:
    def valid(found: tree.MemberDate) -> bool:
        return found.clock is None or found.offset is None or found.offset.duration.unit not in ("minute", "hour")

    return made(tree.MemberDate, name=bare(*ATTRIBUTES)).filter(valid)


def limits() -> Strategy:
    def valid(found: tree.ScheduleLimits) -> bool:
        given = (found.first, found.last, found.activity, found.over)
        return (any(given) or found.except_holidays) and (found.phase is None or found.activity is not None)

    return made(tree.ScheduleLimits).filter(valid)


def blocks() -> Strategy:
    schedules = st.one_of(*(node(kind) for kind in get_args(tree.Schedule)))
    happenings = st.one_of(*(node(kind) for kind in get_args(tree.EventTrigger)))
    trigger = st.one_of(st.tuples(schedules, maybe(node(tree.ScheduleLimits))), st.tuples(happenings, st.none()))
    return trigger.flatmap(lambda found: made(
        tree.Block, trigger=st.just(found[0]), limits=st.just(found[1]), audience=maybe(one_line()),
        reentry=some(of(tree.ReentryLine), 0, 2), steps=steps(),
    ))


def plain_steps() -> Strategy:
    kinds = (*get_args(tree.Action), tree.Stop, tree.Wait, tree.WaitUntil)
    return st.one_of(*(node(kind) for kind in kinds))


@functools.cache
def steps() -> Strategy:
    def larger(inner: Strategy) -> Strategy:
        block = some(inner, 1, 2)
        arms = st.one_of(
            made(tree.Arm, name=titles(), steps=some(inner, 0, 2)),
            made(tree.Arm, name=st.none(), steps=st.just(())),
        )
        return st.one_of(
            made(tree.NamedStep, name=titles(), steps=block),
            made(tree.DayBlock, day=st.integers(0, 99), steps=block),
            made(tree.WaitFor, condition=one_line(), then=some(inner, 0, 2), otherwise=some(inner, 0, 2)),
            made(tree.Repeat, steps=block),
            made(tree.If, branches=some(st.tuples(one_line(), block), 1, 2), otherwise=some(inner, 0, 2)),
            made(tree.Split, name=titles(), arms=some(arms)),
        )

    return some(nested(plain_steps(), larger), 1, 2)


def pushes() -> Strategy:
    gifts = st.one_of(
        st.just((None, None)), st.tuples(titles(), st.none()), st.tuples(st.none(), titles())
    )
    places = st.one_of(
        st.tuples(maybe(bare(*CHANNELS)), st.none()), st.tuples(bare("group"), patterns())
    )
    content = st.one_of(titles(), node(tree.Rotation))
    # What a despite says stands in a comment, which a tree without a text has none of.
    return st.tuples(gifts, places).flatmap(lambda found: made(
        tree.Push, channel=st.just(found[1][0]), groups=st.just(found[1][1]), content=content,
        coupon=st.just(found[0][0]), redpacket=st.just(found[0][1]), despite=st.just(()),
    ))


def once() -> Strategy:
    calendar = (None, "year", "month", "week", "day")
    return st.one_of(
        made(tree.OnceLine, per=st.sampled_from(calendar), name=st.none()),
        made(tree.OnceLine, per=st.just("activity"), name=titles()),
        made(tree.OnceLine, per=st.just("field"), name=bare(*FIELDS)),
    )


def groups() -> Strategy:
    closed = st.one_of(*(node(kind) for kind in get_args(tree.Window) if kind is not tree.SinceEvent))
    return made(tree.GroupAudienceLine, created=maybe(closed)).filter(
        lambda found: any((found.pattern, found.tag, found.at_least, found.created))
    )


def playbooks() -> Strategy:
    return made(
        tree.PlaybookDecl, lines=some(of(tree.Header), 0, 3),
        audiences=some(of(tree.AudienceLine | tree.GroupAudienceLine), 0, 1), blocks=some(node(tree.Block), 0, 2),
    ).filter(lambda found: found.lines or found.audiences or found.blocks)
