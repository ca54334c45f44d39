"""Header lines of playbooks and lines of the policy as they are written."""

from __future__ import annotations

from ..syntax import (
    AboutLine,
    ActiveLine,
    AgainLine,
    AtMostLine,
    AudienceLine,
    BudgetLine,
    CapLine,
    CatchUpLine,
    CategoryLine,
    Duration,
    DuringLine,
    ExitLine,
    GoalLine,
    GroupAudienceLine,
    GuardLine,
    Header,
    HoldoutLine,
    Name,
    NeverPush,
    OnceLine,
    OnlyOneLine,
    OwnerLine,
    PolicyDecl,
    PolicyLine,
    PriorityLine,
    QuietHours,
    ReentryLine,
    StateLine,
    TakeLine,
    TimezoneLine,
)
from .behaviour import total
from .benefits import budget_words
from .conditions import condition_words, inner_words
from .phrases import Phrase, joined, spaced
from .sheet import Sheet
from .strings import pattern, string
from .tongue import Tongue
from .values import clock_range, day, duration, share
from .windows import activity_words, during, window

_PERIODS = {
    "year": ("EACH_YEAR", "PER_YEAR"), "month": ("EACH_MONTH", "PER_MONTH"), "week": ("EACH_WEEK", "PER_WEEK"),
    "day": ("EACH_DAY", "PER_DAY"),
}
_CATCH_UP = {"latest": "LATEST", "all": "EVERY_ONE", "none": "NOT_ONE"}


def write_policy(sheet: Sheet, node: PolicyDecl) -> None:
    """The policy with its lines."""
    sheet.statement(0, node.span, lambda tongue: tongue.word("POLICY"))
    for line in node.lines:
        _write_policy_line(sheet, line)


def _write_policy_line(sheet: Sheet, line: PolicyLine) -> None:
    match line:
        case NeverPush(marketing_only, condition):
            word = "NEVER_MARKET" if marketing_only else "NEVER_PUSH"
            sheet.with_condition(
                1, line.span, lambda tongue: spaced(tongue.word(word), condition_words(condition, tongue)), condition
            )
        case CapLine():
            sheet.statement(1, line.span, lambda tongue: _cap(line, tongue))
        case _:
            write_header(sheet, line)


def _cap(line: CapLine, tongue: Tongue) -> str:
    defer = f" {tongue.word('DEFER')}" if line.defer else ""
    if tongue.chinese:
        unit = tongue.word("EACH_GROUP" if line.unit == "group" else "EACH_MEMBER")
        per = tongue.word("EACH_DAY") if line.per is None else duration(line.per, tongue)
        channel = f" {tongue.channel(line.channel)}" if line.channel else ""
        return f"{unit}{per}{tongue.word('AT_MOST')}{tongue.counted(line.number, 'MESSAGES')}{channel}{defer}"
    unit = tongue.word("PER_GROUP" if line.unit == "group" else "PER_MEMBER")
    per = tongue.word("PER_DAY") if line.per is None else f"{tongue.word('PER')} {duration(line.per, tongue)}"
    channel = f" {tongue.word('ON_CHANNEL')} {tongue.channel(line.channel)}" if line.channel else ""
    return f"{tongue.word('AT_MOST')} {tongue.counted(line.number, 'PUSHES')} {per} {unit}{channel}{defer}"


def write_header(sheet: Sheet, line: Header | AudienceLine | GroupAudienceLine) -> None:
    """A header line, with the block of conditions under it where it has one."""
    match line:
        case AudienceLine(condition):
            sheet.with_condition(
                1, line.span, lambda tongue: spaced(tongue.word("FOR"), condition_words(condition, tongue)), condition
            )
        case ExitLine(condition):
            sheet.with_condition(
                1, line.span, lambda tongue: spaced(tongue.word("EXIT_WHEN"), condition_words(condition, tongue)),
                condition,
            )
        case GoalLine(condition):
            sheet.with_condition(1, line.span, lambda tongue: _goal(line, tongue), condition)
        case _:
            sheet.statement(1, line.span, lambda tongue: _header(line, tongue))


def _goal(line: GoalLine, tongue: Tongue) -> Phrase:
    return spaced(tongue.word("GOAL"), condition_words(line.condition, tongue), up_to(line.up_to, tongue))


def _header(line: Header | GroupAudienceLine, tongue: Tongue) -> Phrase | str:
    match line:
        case AboutLine(text):
            return f"{tongue.word('ABOUT')} {string(text.text)}"
        case OwnerLine(name):
            return f"{tongue.word('OWNER')} {string(name.text)}"
        case OnlyOneLine(name):
            return f"{tongue.word('ONLY_ONE_OF')} {string(name.text)}"
        case CategoryLine(category):
            return f"{tongue.word('CATEGORY')} {tongue.word('MARKETING' if category == 'marketing' else 'SERVICE')}"
        case PriorityLine(number):
            return f"{tongue.word('PRIORITY')} {number}"
        case StateLine(state):
            return tongue.word("DRAFT" if state == "draft" else "PAUSED")
        case OnceLine() | AgainLine() | AtMostLine():
            return reentry_words(line, tongue)
        case GroupAudienceLine():
            return _groups(line, tongue)
        case _:
            return _limit(line, tongue)


def _limit(line: Header, tongue: Tongue) -> Phrase | str:
    """The lines that bound when, how often and to how many a playbook speaks."""
    match line:
        case TimezoneLine():
            return _timezone(line, tongue)
        case ActiveLine():
            return _active(line, tongue)
        case DuringLine(activity, phase, negated):
            return _during(activity, phase, negated, tongue)
        case QuietHours(start, end, overflow):
            word = tongue.word("DEFER" if overflow == "defer" else "SKIP")
            return f"{tongue.word('QUIET_HOURS')} {clock_range(start, end, tongue)} {word}"
        case HoldoutLine(found):
            return f"{tongue.word('HOLDOUT')} {share(found.parts)}"
        case GuardLine(members, found):
            most = share(found.parts) if found is not None else tongue.counted(members or 0, "MEMBERS")
            return f"{tongue.word('GUARD')} {most}"
        case BudgetLine(budget):
            return budget_words(budget, tongue)
        case TakeLine():
            return _take(line, tongue)
        case CatchUpLine(which, within):
            words = f"{tongue.word('CATCH_UP')} {tongue.word(_CATCH_UP[which])}"
            return f"{words} {_inside(within, tongue)}" if within is not None else words
    raise AssertionError(line)


def up_to(found: Duration, tongue: Tongue) -> str:
    """``up to 7 days``"""
    return f"{tongue.word('UP_TO')}{'' if tongue.chinese else ' '}{duration(found, tongue)}"


def _inside(found: Duration, tongue: Tongue) -> str:
    far = duration(found, tongue)
    return f"{far}{tongue.word('INSIDE')}" if tongue.chinese else f"{tongue.word('WITHIN')} {far}"


def _timezone(line: TimezoneLine, tongue: Tongue) -> Phrase:
    member = f"{tongue.word('BY_MEMBER')} {tongue.word('DEFAULT_ZONE')}" if line.per_member else ""
    return spaced(tongue.word("TIMEZONE"), member, tongue.zone(line.zone))


def _active(line: ActiveLine, tongue: Tongue) -> Phrase:
    first = f"{tongue.word('FROM')} {day(line.first)}" if line.first is not None else ""
    last = f"{tongue.word('TO')} {day(line.last)}" if line.last is not None else ""
    return spaced(tongue.word("ACTIVE"), first, last)


def _during(activity: Name, phase: Name | None, negated: bool, tongue: Tongue) -> str:
    if not negated:
        return during(activity, phase, tongue)
    named = activity_words(activity, phase, tongue)
    return named + tongue.word("NOT_THROUGHOUT") if tongue.chinese else f"{tongue.word('NOT_DURING')} {named}"


def _take(line: TakeLine, tongue: Tongue) -> Phrase:
    if line.by is None:
        if tongue.chinese:
            return (f"{tongue.word('TAKE_RANDOM')}{line.number}",)
        return (f"{tongue.word('TAKE')} {line.number} {tongue.word('AT_RANDOM')}",)
    by = tongue.attribute(line.by) if isinstance(line.by, Name) else total(line.by, tongue, inner_words)
    top = f"{tongue.word('TAKE_TOP')}{'' if tongue.chinese else ' '}{line.number}"
    return spaced(top, tongue.word("BY"), by)


def _groups(line: GroupAudienceLine, tongue: Tongue) -> Phrase:
    tag = f"{tongue.word('GROUP_TAGGED')} {pattern(line.tag)}" if line.tag else ""
    least, created = "", ""
    if line.at_least is not None:
        members = tongue.counted(line.at_least, "MEMBERS")
        least = f"{tongue.word('GROUP_SIZE')}{'' if tongue.chinese else ' '}{members}"
    if line.created is not None:
        when, word = window(line.created, tongue), tongue.word("GROUP_CREATED")
        created = f"{when} {word}" if tongue.chinese else f"{word} {when}"
    return spaced(tongue.word("FOR_GROUPS"), pattern(line.pattern) if line.pattern else "", tag, least, created)


def reentry_words(line: ReentryLine, tongue: Tongue) -> Phrase:
    """``once per year per member in all``"""
    if tongue.chinese:
        words = _chinese_reentry(line, tongue)
        return joined(tongue.word("WHOLE_PLAYBOOK"), words) if line.in_all else (words,)
    return spaced(_english_reentry(line, tongue), tongue.word("IN_ALL") if line.in_all else "")


def _chinese_reentry(line: ReentryLine, tongue: Tongue) -> str:
    match line:
        case AgainLine(after):
            return f"{tongue.word('AGAIN_AFTER')}{duration(after, tongue)}"
        case AtMostLine(number):
            return f"{tongue.word('EACH_MEMBER')}{tongue.word('AT_MOST')}{tongue.counted(number, 'TIMES')}"
        case OnceLine("field", name) if name is not None:
            return f"{tongue.noun('EVERY')} {tongue.field(name)} {tongue.word('ONLY_ONCE')}"
        case OnceLine("activity", name) if name is not None:
            period = f"{tongue.word('EACH_ACTIVITY')}{string(name.text)}"
        case OnceLine(per):
            period = tongue.word(_PERIODS[per][0]) if per in _PERIODS else ""
    return f"{tongue.word('EACH_MEMBER')}{period}{tongue.word('ONLY_ONCE')}"


def _english_reentry(line: ReentryLine, tongue: Tongue) -> str:
    match line:
        case AgainLine(after):
            return f"{tongue.word('AGAIN_AFTER')} {duration(after, tongue)}"
        case AtMostLine(number):
            return f"{tongue.word('AT_MOST')} {tongue.counted(number, 'TIMES')} {tongue.word('PER_MEMBER')}"
        case OnceLine("field", name) if name is not None:
            return f"{tongue.word('ONCE')} {tongue.word('PER')} {tongue.field(name)}"
        case OnceLine("activity", name) if name is not None:
            period = f"{tongue.word('PER_ACTIVITY')} {string(name.text)} "
        case OnceLine(per):
            period = f"{tongue.word(_PERIODS[per][1])} " if per in _PERIODS else ""
    return f"{tongue.word('ONCE')} {period}{tongue.word('PER_MEMBER')}"
