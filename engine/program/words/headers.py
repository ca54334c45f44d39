"""Header lines of playbooks told back, as an operator writes them."""

from __future__ import annotations

from .. import ir
from .conditions import describe
from .schedules import activity_words, dates_words, during_words
from .steps import up_to_words
from .triggers import operand_words
from .values import Tongue, money, patterned, quoted, share
from .windows import elapsed_words, window_words

_WHICH = {"latest": "LATEST", "all": "EVERY_ONE", "none": "NOT_ONE"}


def active_words(active: ir.Window, lang: str) -> str:
    """Return the line that says from when to when a playbook runs; "" where it always does."""
    tongue = Tongue(lang)
    dates = dates_words(active, tongue)
    return f"{tongue.word('ACTIVE')} {dates}" if dates else ""


def during_line(during: ir.During, lang: str) -> str:
    """Return the line that ties a playbook to an activity, or keeps it out of one."""
    tongue = Tongue(lang)
    if not during.negated:
        return during_words(during.activity, tongue)
    words = activity_words(during.activity, tongue)
    if tongue.chinese:
        return f"{words} {tongue.word('NOT_THROUGHOUT')}"
    return f"{tongue.word('NOT_DURING')} {words}"


def zone_words(zone: ir.Zone, lang: str) -> str:
    """Return the line of the clock that a playbook goes by."""
    tongue = Tongue(lang)
    member = f"{tongue.word('BY_MEMBER')} {tongue.word('DEFAULT_ZONE')} " if zone.per_member else ""
    return f"{tongue.word('TIMEZONE')} {member}{zone.name}"


def goal_words(goal: ir.Goal, lang: str) -> str:
    """Return the line of a goal."""
    tongue = Tongue(lang)
    return f"{tongue.word('GOAL')} {describe(goal.condition, lang, limited=True)} {up_to_words(goal.up_to, tongue)}"


def exit_words(condition: ir.Condition, lang: str) -> str:
    """Return the line of what ends a journey."""
    return f"{Tongue(lang).word('EXIT_WHEN')} {describe(condition, lang, limited=True)}"


def budget_words(budget: ir.Budget, lang: str) -> str:
    """Return the line of a budget.

    >>> budget_words(ir.Budget(500, "coupons", True), "zh"), budget_words(ir.Budget(500_000, "money"), "en")
    ('预算 500张 每天', 'budget ¥5000')
    """
    tongue = Tongue(lang)
    if budget.kind == "money":
        amount = money(budget.amount)
    elif tongue.chinese:
        amount = f"{budget.amount}{tongue.word('MESSAGES' if budget.kind == 'pushes' else 'PIECES')}"
    else:
        amount = f"{budget.amount} {tongue.word('PUSHES' if budget.kind == 'pushes' else 'COUPONS')}"
    day = f" {tongue.word('EACH_DAY' if tongue.chinese else 'PER_DAY')}" if budget.per_day else ""
    return f"{tongue.word('BUDGET')} {amount}{day}"


def guard_words(guard: ir.Guard, lang: str) -> str:
    """Return the line of a guard."""
    tongue = Tongue(lang)
    if guard.share is not None:
        return f"{tongue.word('GUARD')} {share(guard.share)}"
    members = tongue.word("MEMBERS")
    return f"{tongue.word('GUARD')} {guard.members}{members if tongue.chinese else ' ' + members}"


def take_words(take: ir.Take, lang: str) -> str:
    """Return the line that says how many of the audience are taken."""
    tongue = Tongue(lang)
    if take.by is None:
        if tongue.chinese:
            return f"{tongue.word('TAKE_RANDOM')}{take.number}"
        return f"{tongue.word('TAKE')} {take.number} {tongue.word('AT_RANDOM')}"
    number = str(take.number) if tongue.chinese else f" {take.number}"
    return f"{tongue.word('TAKE_TOP')}{number} {tongue.word('BY')} {operand_words(take.by, tongue)}"


def only_one_words(name: str, lang: str) -> str:
    """Return the line of journeys that exclude each other."""
    return f"{Tongue(lang).word('ONLY_ONE_OF')} {quoted(name)}"


def catch_up_words(catch_up: ir.CatchUp, lang: str) -> str:
    """Return the line that says which missed occurrences still run."""
    tongue = Tongue(lang)
    words = f"{tongue.word('CATCH_UP')} {tongue.word(_WHICH[catch_up.which])}"
    if catch_up.within is None:
        return words
    far = elapsed_words(catch_up.within, tongue)
    return f"{words} {far}{tongue.word('INSIDE')}" if tongue.chinese else f"{words} {tongue.word('WITHIN')} {far}"


def group_audience_words(groups: ir.GroupAudience, lang: str) -> str:
    """Return the line that says to which groups a playbook speaks."""
    tongue = Tongue(lang)
    words = [tongue.word("FOR_GROUPS")]
    if groups.pattern is not None:
        words.append(patterned(groups.pattern))
    if groups.tag is not None:
        words += [tongue.word("GROUP_TAGGED"), patterned(groups.tag)]
    if groups.at_least is not None:
        members = tongue.word("MEMBERS")
        number = f"{groups.at_least}{members}" if tongue.chinese else f" {groups.at_least} {members}"
        words.append(tongue.word("GROUP_SIZE") + number)
    if groups.created is not None:
        created, window = tongue.word("GROUP_CREATED"), window_words(groups.created, tongue)
        words += [window, created] if tongue.chinese else [created, window]
    return " ".join(words)
