"""What is missing to make a condition true: of all tests that are false everything, of several ways the cheapest."""

from __future__ import annotations

from ...program.ir import (
    All,
    Always,
    Anniversary,
    Any,
    AttributeRef,
    Changed,
    Compare,
    Condition,
    Did,
    DidOnDays,
    DueToReorder,
    FinishedPlaybook,
    HasTag,
    HeldFor,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    InWindow,
    IsFriend,
    MomentHas,
    MomentIn,
    Not,
    Received,
    ReceivedRedpacket,
    Sample,
    TaskIs,
    TodayIs,
    UsedCoupon,
)
from ...query.normal import normal
from ..view import View
from .ask import Ask, either
from .attributes import anniversary, attribute, changed, held_for, in_window, today_is
from .behaviour import did, did_on_days, due_to_reorder, moment_has, moment_in
from .holdings import held, holds_coupon, invited, other, tagged, task_is, times
from .parts import Missing, Way, latest
from .totals import total_missing
from .values import speaks_of_time

_ROUNDS = 4
"""How often a list of tests is looked at anew as of the instant at which one of them becomes true by itself."""


def missing_of(condition: Condition, view: View, lang: str) -> tuple[Missing, ...]:
    """Return the least that makes a false condition true of the member of a view; nothing of a true one.

    All parts together suffice, if nothing else happens. Segments, metrics and tiers are gone through to what they mean.
    """
    return _missing(normal(condition, view.library), Ask(view, lang, view.t))


def _missing(wanted: Condition, ask: Ask) -> tuple[Missing, ...]:
    if ask.is_true(wanted):
        return ()
    match wanted:
        case Always():
            return (ask.never(),)
        case All(items):
            return _all(items, ask)
        case Any(items):
            return either(ask, [_missing(item, ask) for item in items])
        case Not(item):
            return _of_test(item, True, ask)
    return _of_test(wanted, False, ask)


def _all(items: tuple[Condition, ...], ask: Ask) -> tuple[Missing, ...]:
    """What all tests lack together: what has to happen is asked as of the instant at which the rest is true by itself."""
    now, timed = ask, dict[Condition, Way]()
    found: dict[Condition, Way] = {}
    for _ in range(_ROUNDS):
        found = {item: _kept(timed.get(item, ())) or _missing(item, now) for item in items}
        moment = max((then for parts in found.values() if (then := latest(parts)) is not None), default=now.t)
        if moment <= now.t:
            break
        timed |= {item: parts for item, parts in found.items() if latest(parts) is not None}
        now = now.later(moment)
    # What has become true by itself is told by what was waited for.
    told = [found[item] or timed.get(item, ()) for item in items]
    parts = tuple(dict.fromkeys(part for way in told for part in way))
    return (*parts, ask.waiting(now.t)) if now.t > ask.t and latest(parts) != now.t else parts


def _kept(parts: Way) -> Way:
    """What was found to happen now and count later; what only had to wait is asked anew."""
    return () if _only_waits(parts) else parts


def _only_waits(parts: tuple[Missing, ...]) -> bool:
    """Whether nothing has to happen but that time passes."""
    return all(part.kind == "wait" or (part.kind == "either" and _only_waits(part.ways[0])) for part in parts)


def _of_test(test: Condition, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """What one test lacks, or (``negated``) its complement."""
    return ask.view.once(("missing", test, negated, ask.began, ask.lang), lambda: _possible(test, negated, ask))


def _possible(test: Condition, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    """What one test lacks; where that could be more than was looked for, nothing is called impossible."""
    found = _one(test, negated, ask)
    if any(part.is_hopeless for part in found) and _may_change(test):
        return (other(Not(test) if negated else test, ask),)
    return found


def _may_change(test: Condition) -> bool:
    """Whether a test asks for the time of events beyond a window: from an event that may come again, or in a where."""
    query = getattr(test, "query", None) or getattr(getattr(test, "operand", None), "query", None)
    windows = [getattr(test, "window", None), getattr(test, "expiring", None), getattr(query, "window", None)]
    asks_time = speaks_of_time(getattr(test, "has", None)) or (query is not None and speaks_of_time(query.where))
    return asks_time or any(window is not None and window.since is not None for window in windows)


def _one(test: Condition, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    match test:
        case Compare(AttributeRef()):
            return attribute(test, negated, ask)
        case Compare():
            return total_missing(test, negated, ask)
        case InWindow():
            return in_window(test, negated, ask)
        case Anniversary():
            return anniversary(test, negated, ask)
        case HeldFor():
            return held_for(test, negated, ask)
        case Changed():
            return changed(test, negated, ask)
        case TodayIs():
            return today_is(test, negated, ask)
        case Sample():
            return (ask.never("draw"),)
    return _of_history(test, negated, ask)


def _of_history(test: Condition, negated: bool, ask: Ask) -> tuple[Missing, ...]:
    match test:
        case Did():
            return did(test, negated, ask)
        case DidOnDays():
            return did_on_days(test, negated, ask)
        case MomentIn():
            return moment_in(test, negated, ask)
        case MomentHas():
            return moment_has(test, negated, ask)
        case DueToReorder():
            return due_to_reorder(test, negated, ask)
        case HasTag():
            return tagged(test, negated, ask)
        case UsedCoupon() | ReceivedRedpacket() | Received() | FinishedPlaybook():
            return times(test, negated, ask)
        case HoldsCoupon():
            return holds_coupon(test, negated, ask)
        case InGroup() | IsFriend() | InPlaybook():
            return held(test, negated, ask)
        case TaskIs():
            return task_is(test, negated, ask)
        case Invited():
            return invited(test, negated, ask)
    return (other(Not(test) if negated else test, ask),)
