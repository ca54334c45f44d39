"""Rules told back: the lines of the policy, re-entry and limits, as an operator writes them."""

from __future__ import annotations

from ....grammar.keywords import spellings_of
from .. import ir
from .conditions import describe
from .schedules import clock_words
from .steps import channel_words
from .triggers import trigger_words
from .values import Tongue, quoted, share
from .windows import elapsed_words

__all__ = [
    "cap_words", "channel_words", "clock_words", "consent_words", "holdout_words", "limit_words", "quiet_words",
    "reentry_words", "trigger_words",
]


def cap_words(cap: ir.Cap, lang: str) -> str:
    """Return the line of a frequency cap.

    >>> cap_words(ir.Cap(1, None, "wecom", False), "zh")
    '每人每天最多1条 企微'
    >>> cap_words(ir.Cap(3, ir.Duration(7 * ir.DAY), None, True), "en")
    'at most 3 pushes per 7 days per member defer'
    """
    tongue = Tongue(lang)
    defer = f" {tongue.word('DEFER')}" if cap.defer else ""
    if tongue.chinese:
        per = tongue.word("EACH_DAY") if cap.per is None else elapsed_words(cap.per, tongue)
        channel = "" if cap.channel is None else f" {channel_words(cap.channel, lang)}"
        most = f"{tongue.word('AT_MOST')}{cap.number}{tongue.word('MESSAGES')}"
        each = tongue.word("EACH_GROUP" if cap.groups else "EACH_MEMBER")
        return f"{each}{per}{most}{channel}{defer}"
    per = tongue.word("PER_DAY") if cap.per is None else f"{tongue.word('PER')} {elapsed_words(cap.per, tongue)}"
    channel = "" if cap.channel is None else f" {tongue.word('ON_CHANNEL')} {cap.channel}"
    pushes = "push" if cap.number == 1 else tongue.word("PUSHES")
    each = tongue.word("PER_GROUP" if cap.groups else "PER_MEMBER")
    return f"{tongue.word('AT_MOST')} {cap.number} {pushes} {per} {each}{channel}{defer}"


def quiet_words(quiet: ir.QuietHours, lang: str) -> str:
    """Return the line of quiet hours."""
    tongue = Tongue(lang)
    overflow = tongue.word("DEFER" if quiet.overflow == "defer" else "SKIP")
    hours = f"{clock_words(quiet.start)} {tongue.word('TO')} {clock_words(quiet.end)}"
    return f"{tongue.word('QUIET_HOURS')} {hours} {overflow}"


def holdout_words(parts: int, lang: str) -> str:
    """Return the line of a holdout."""
    return f"{Tongue(lang).word('HOLDOUT')} {share(parts)}"


def reentry_words(reentry: ir.Reentry, lang: str) -> str:
    """Return the line of a re-entry rule."""
    tongue = Tongue(lang)
    match reentry.kind:
        case "again":
            far = elapsed_words(reentry.after or ir.Duration(0), tongue)
            words = tongue.word("AGAIN_AFTER") + ("" if tongue.chinese else " ") + far
        case "at_most":
            words = _times_per_member(reentry.number or 1, tongue)
        case "once":
            words = _once_chinese(reentry, tongue) if tongue.chinese else _once_english(reentry, tongue)
    if not reentry.in_all:
        return words
    return tongue.word("WHOLE_PLAYBOOK") + words if tongue.chinese else f"{words} {tongue.word('IN_ALL')}"


def _times_per_member(number: int, tongue: Tongue) -> str:
    if tongue.chinese:
        return f"{tongue.word('EACH_MEMBER')}{tongue.word('AT_MOST')}{number}{tongue.word('TIMES')}"
    times = tongue.word("TIMES")
    times = times.removesuffix("s") if number == 1 else times
    return f"{tongue.word('AT_MOST')} {number} {times} {tongue.word('PER_MEMBER')}"


def _once_chinese(reentry: ir.Reentry, tongue: Tongue) -> str:
    if reentry.field is not None:
        return f"{spellings_of('EVERY')[-1]} {tongue.field(reentry.field.name)} {tongue.word('ONLY_ONCE')}"
    if reentry.activity is not None:
        activity = f"{tongue.word('EACH_ACTIVITY')} {quoted(reentry.activity)} "
        return f"{tongue.word('EACH_MEMBER')}{activity}{tongue.word('ONLY_ONCE')}"
    unit = "" if reentry.per is None else tongue.word(f"EACH_{reentry.per.upper()}")
    return f"{tongue.word('EACH_MEMBER')}{unit}{tongue.word('ONLY_ONCE')}"


def _once_english(reentry: ir.Reentry, tongue: Tongue) -> str:
    if reentry.field is not None:
        return f"{tongue.word('ONCE')} {tongue.word('PER')} {tongue.field(reentry.field.name)}"
    if reentry.activity is not None:
        unit = f"{tongue.word('PER_ACTIVITY')} {quoted(reentry.activity)} "
    else:
        unit = "" if reentry.per is None else f"{tongue.word(f'PER_{reentry.per.upper()}')} "
    return f"{tongue.word('ONCE')} {unit}{tongue.word('PER_MEMBER')}"


def consent_words(consent: ir.Consent, lang: str) -> str:
    """Return the line of a consent."""
    word = Tongue(lang).word("NEVER_MARKET" if consent.marketing_only else "NEVER_PUSH")
    return f"{word} {describe(consent.condition, lang)}"


def limit_words(item: ir.Coupon | ir.Redpacket, lang: str) -> str:
    """Return the line that says how many coupons or red packets one member may have; "" without a limit."""
    if item.limit is None:
        return ""
    tongue = Tongue(lang)
    per = None if item.limit_per is None else item.limit_per.upper()
    if tongue.chinese:
        unit = "" if per is None else tongue.word(f"EACH_{per}")
        pieces = tongue.word("PIECES" if isinstance(item, ir.Coupon) else "ITEMS")
        return f"{tongue.word('EACH_MEMBER')}{unit}{tongue.word('LIMIT')}{item.limit}{pieces}"
    unit = "" if per is None else f" {tongue.word(f'PER_{per}')}"
    return f"{tongue.word('AT_MOST')} {item.limit} {tongue.word('PER_MEMBER')}{unit}"
