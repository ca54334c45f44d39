"""The rules beside an audience, told as tests: a rule that is true applies to the member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeGuard

from ...grammar.messages import render
from ...grammar.step_names import shown_step
from ..program.clock import iso
from ..program.ir import (
    Alert,
    Cap,
    Compare,
    Condition,
    Cutoff,
    IsFriend,
    Library,
    Not,
    Push,
    QuietHours,
    Sample,
    Welcome,
    Window,
)
from ..program.words.conditions import describe
from ..program.words.headers import exit_words, goal_words
from ..program.words.rules import cap_words, consent_words, holdout_words, quiet_words, reentry_words
from ..program.words.values import quoted
from ..run.entry import forbidden_span
from ..run.quiet import quiet_until
from ..run.units import GROUP
from ..run.variables import needed_by, templates_of
from .answers import Node
from .asked import EVERY_LEAF, Asked, Rule
from .given import budgets, journeys, rotations, stock_and_limits, taking
from .groups import group_holdout
from .history import CountedPush, cap_begins, counted_pushes, forbidding_entry
from .missing.ask import Ask
from .missing.conditions import missing_of
from .missing.moments import leaving
from .missing.parts import Missing
from .tree import tree_of
from .view import View

RULED = frozenset({
    "never_push", "holdout", "quiet_hours", "cap", "stock", "per_member_limit", "no_content", "incomplete",
})
"""The reasons that follow from a rule shown here."""

WAYS_OUT = frozenset({"goal_reached", "exited", "not_friend"})
"""The reasons that :func:`ways_out` tells of."""


def rules_of(asked: Asked) -> Iterator[Rule]:
    """The rules that bind the steps, in the order in which they apply."""
    yield from _reentry(asked)
    yield from journeys(asked)
    yield from _consents(asked)
    yield from _holdouts(asked)
    yield from taking(asked)
    if any(not push.despite_quiet for push in asked.pushes):
        yield from _quiet_hours(asked)
    yield from _caps(asked)
    yield from budgets(asked)
    yield from stock_and_limits(asked)
    yield from rotations(asked)
    yield from _needed(asked)


def _reentry(asked: Asked) -> Iterator[Rule]:
    reentry = asked.block.reentry
    if reentry is None or asked.leaf != EVERY_LEAF:
        return
    earlier = forbidding_entry(asked.view, asked.playbook.name, asked.number, reentry)
    when = None if earlier is None else iso(earlier, asked.view.zone)
    low, _ = forbidden_span(reentry)
    ends = () if earlier is None else _ends(earlier, low, asked)
    yield Rule("duplicate", Node(reentry_words(reentry, asked.lang), earlier is not None, when, missing=ends))


def ways_out(asked: Asked) -> Iterator[Rule]:
    """The goal and the exit of the playbook, as who enters is asked them at T; they are no rules beside the audience."""
    playbook, view = asked.playbook, asked.view.as_of_run()
    if view.kind == GROUP:
        return
    if playbook.goal is not None:
        seen = tree_of(playbook.goal.condition, view, asked.lang)
        yield Rule("goal_reached", replace(seen, test=goal_words(playbook.goal, asked.lang)))
    if playbook.exit is not None:
        seen = tree_of(playbook.exit, view, asked.lang)
        ends = missing_of(Not(playbook.exit), view, asked.lang)
        yield Rule("exited", replace(seen, test=exit_words(playbook.exit, asked.lang), missing=ends))
    friend = tree_of(IsFriend(), view, asked.lang)
    yield Rule("not_friend", Node(describe(Not(IsFriend()), asked.lang), not friend.true, friend.value, missing=friend.missing))


def _ends(instant: int, low: Cutoff | None, asked: Asked) -> tuple[Missing, ...]:
    """When a rule that counts from a cutoff no longer counts what happened at an instant."""
    view = asked.view
    since = leaving(instant, None if low is None else Window(low, None), view.t, view.zone)
    ask = Ask(view, asked.lang, view.t)
    return (ask.never(),) if since is None else (ask.free(since),)


def _consents(asked: Asked) -> Iterator[Rule]:
    if not asked.block.pushes or asked.view.kind == GROUP:
        return
    for consent in asked.program.policy.consents_for(asked.playbook.category):
        view = asked.view.as_of_run()
        seen = tree_of(consent.condition, view, asked.lang)
        ends = missing_of(Not(consent.condition), view, asked.lang) if seen.true else ()
        yield Rule("never_push", Node(consent_words(consent, asked.lang), seen.true, seen.value, seen.children, missing=ends))


def _holdouts(asked: Asked) -> Iterator[Rule]:
    if asked.view.kind == GROUP:
        yield from group_holdout(asked)
        return
    policy = asked.program.policy.holdout if asked.is_marketing else 0
    for name, parts in (("holdout", policy), ("holdout:" + asked.playbook.name, asked.playbook.holdout)):
        if parts:
            seen = tree_of(Sample(name, 0, parts), asked.view, asked.lang)
            yield Rule("holdout", Node(holdout_words(parts, asked.lang), seen.true, seen.value))


def _quiet_hours(asked: Asked) -> Iterator[Rule]:
    quiet = asked.playbook.quiet or asked.program.policy.quiet
    if quiet is not None:
        until = _quiet_end(quiet, asked.view)
        ends = None if until is None else iso(until, asked.view.zone)
        yield Rule("quiet_hours", Node(quiet_words(quiet, asked.lang), until is not None, ends))


def _quiet_end(quiet: QuietHours, view: View) -> int | None:
    """When the quiet hours end in which t or T lies, the later of the two."""
    ends = [quiet_until(quiet, instant, view.zone) for instant in (view.t, view.at)]
    return max((end for end in ends if end is not None), default=None)


def _caps(asked: Asked) -> Iterator[Rule]:
    channels = {push.channel for push in asked.pushes if not push.despite_caps}
    if not channels:
        return
    for cap in asked.program.policy.caps if asked.is_marketing else ():
        if cap.groups == (asked.view.kind == GROUP) and (cap.channel is None or cap.channel in channels):
            yield Rule("cap", _cap(asked, cap))


def _cap(asked: Asked, cap: Cap) -> Node:
    counted = counted_pushes(asked.view, cap, asked.leaf)
    earlier = tuple(Node(_named(push, asked.lang), True, iso(push.at, asked.view.zone)) for push in counted)
    full = len(counted) >= cap.number
    # The places are free again when all but one less than allowed have left the window.
    ends = _ends(counted[len(counted) - cap.number].at, cap_begins(cap), asked) if full and cap.number else ()
    return Node(cap_words(cap, asked.lang), full, f"{len(counted)}/{cap.number}", earlier, missing=ends)


def _named(push: CountedPush, lang: str) -> str:
    said = {"playbook": quoted(push.playbook), "step": shown_step(push.step, lang), "id": push.id}
    return render("explain.push", said, lang)[0]


def _has_texts(step: object, library: Library) -> TypeGuard[Push | Welcome | Alert]:
    """Whether a step has texts, and they are still there."""
    match step:
        case Push():
            return all(name in library.templates for name in templates_of(step))
        case Welcome(template=template):
            return template in library.templates
    return isinstance(step, Alert)


def _needed(asked: Asked) -> Iterator[Rule]:
    """What texts need to know, where it is unknown and has no default."""
    library = asked.program.library
    known: dict[Condition, None] = {
        test: None
        for step in asked.steps if asked.concerns(step) and _has_texts(step, library)
        for test in needed_by(library, step)
    }
    for test in known:
        assert isinstance(test, Compare)
        missing = replace(test, op="unknown")
        # What is known of members is unknown of a group.
        is_missing = asked.view.kind == GROUP or asked.view.is_true(missing)
        yield Rule("incomplete", Node(describe(missing, asked.lang), is_missing))
