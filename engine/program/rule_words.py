"""Rules told back: triggers, caps, quiet hours, re-entry and consents, as an operator writes them."""

from __future__ import annotations

from ...grammar.keywords import BUILT_IN_CHANNELS
from . import ir
from .clock import naive_datetime
from .value_words import Tongue, patterned, quoted, share
from .window_words import duration_words, length_of
from .wording import describe

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_CHINESE_CHANNELS = {name: chinese for chinese, name in BUILT_IN_CHANNELS.items()}
_LAST_DAY = -1
_RANGE = 3


def clock_words(minutes: int) -> str:
    """A clock given in minutes after midnight.

    >>> clock_words(545)
    '09:05'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def trigger_words(trigger: ir.Trigger, lang: str) -> str:
    """Return the line that begins a block.

    >>> trigger_words(ir.Daily((1, 5), (600,)), "zh"), trigger_words(ir.Daily(None, (1200,)), "en")
    ('每周一、周五 10:00', 'every day at 20:00')
    """
    tongue = Tongue(lang)
    match trigger:
        case ir.TagGained(pattern):
            return f"{tongue.word('WHEN')} {tongue.word('GETS_TAG')} {patterned(pattern)}"
        case ir.Cron(text):
            return f"{tongue.word('CRON')} {quoted(text)}"
        case ir.Once(local):
            day, clock = naive_datetime(local).isoformat(" ", "minutes").split(" ")
            return f"{tongue.word('ONCE_AT')} {_at(day, clock, tongue)}"
        case ir.Interval(minutes, between):
            return _interval(minutes, between, tongue)
        case ir.Daily(weekdays, clocks):
            return _at(_days_of_week(weekdays, tongue), _clocks(clocks, tongue), tongue)
        case ir.Monthly(days, clocks):
            return _at(_days_of_month(days, tongue), _clocks(clocks, tongue), tongue)


def _at(days: str, clock: str, tongue: Tongue) -> str:
    return f"{days} {clock}" if tongue.chinese else f"{days} {tongue.word('AT')} {clock}"


def _clocks(clocks: tuple[int, ...], tongue: Tongue) -> str:
    return _listed([clock_words(clock) for clock in clocks], tongue)


def _listed(items: list[str], tongue: Tongue) -> str:
    return ("、" if tongue.chinese else ", ").join(items)


def _days_of_week(weekdays: tuple[int, ...] | None, tongue: Tongue) -> str:
    if weekdays is None:
        return tongue.word("EVERY_DAY")
    names = [tongue.word(_WEEKDAYS[day - 1]) for day in weekdays]
    every = tongue.word("EVERY") + ("" if tongue.chinese else " ")
    if len(weekdays) < _RANGE or weekdays[-1] - weekdays[0] != len(weekdays) - 1:
        return every + _listed(names, tongue)
    to = tongue.word("TO") if tongue.chinese else f" {tongue.word('TO')} "
    return every + names[0] + to + names[-1]


def _days_of_month(days: tuple[int, ...], tongue: Tongue) -> str:
    number = tongue.word("MONTH_DAY") if tongue.chinese else ""
    names = _listed([tongue.word("LAST_DAY") if day == _LAST_DAY else f"{day}{number}" for day in days], tongue)
    return tongue.word("EVERY_MONTH") + (names if tongue.chinese else f" {tongue.word('ON_DAYS')} {names}")


def _interval(minutes: int, between: tuple[int, int] | None, tongue: Tongue) -> str:
    far = span_words(ir.Duration(minutes * ir.MINUTE), tongue)
    words = tongue.word("EVERY_INTERVAL") + far if tongue.chinese else f"{tongue.word('EVERY')} {far}"
    if between is None:
        return words
    start, end = (clock_words(clock) for clock in between)
    if tongue.chinese:
        return f"{words} {start}{tongue.word('TO')}{end}"
    return f"{words} {tongue.word('BETWEEN')} {start} {tongue.word('AND')} {end}"


def span_words(duration: ir.Duration, tongue: Tongue) -> str:
    """A length of time."""
    if duration.months:
        return duration_words((duration.months, "MONTHS"), tongue)
    return duration_words(length_of(duration.micros) or (duration.micros // ir.MINUTE, "MINUTES"), tongue)


def channel_words(channel: str, lang: str) -> str:
    """The name of a channel, built-in ones in the language."""
    return _CHINESE_CHANNELS.get(channel, channel) if Tongue(lang).chinese else channel


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
        per = tongue.word("EACH_DAY") if cap.per is None else span_words(cap.per, tongue)
        channel = "" if cap.channel is None else f" {channel_words(cap.channel, lang)}"
        most = f"{tongue.word('AT_MOST')}{cap.number}{tongue.word('MESSAGES')}"
        return f"{tongue.word('EACH_MEMBER')}{per}{most}{channel}{defer}"
    per = tongue.word("PER_DAY") if cap.per is None else f"{tongue.word('PER')} {span_words(cap.per, tongue)}"
    channel = "" if cap.channel is None else f" {tongue.word('ON_CHANNEL')} {cap.channel}"
    pushes = "push" if cap.number == 1 else tongue.word("PUSHES")
    return f"{tongue.word('AT_MOST')} {cap.number} {pushes} {per} {tongue.word('PER_MEMBER')}{channel}{defer}"


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
    if reentry.after is not None:
        far = span_words(reentry.after, tongue)
        words = tongue.word("AGAIN_AFTER") + ("" if tongue.chinese else " ") + far
    elif tongue.chinese:
        unit = "" if reentry.per is None else tongue.word(f"EACH_{reentry.per.upper()}")
        words = f"{tongue.word('EACH_MEMBER')}{unit}{tongue.word('ONLY_ONCE')}"
    else:
        unit = "" if reentry.per is None else f"{tongue.word(f'PER_{reentry.per.upper()}')} "
        words = f"{tongue.word('ONCE')} {unit}{tongue.word('PER_MEMBER')}"
    if not reentry.in_all:
        return words
    return tongue.word("WHOLE_PLAYBOOK") + words if tongue.chinese else f"{words} {tongue.word('IN_ALL')}"


def consent_words(consent: ir.Consent, lang: str) -> str:
    """Return the line of a consent."""
    word = Tongue(lang).word("NEVER_MARKET" if consent.marketing_only else "NEVER_PUSH")
    return f"{word} {describe(consent.condition, lang)}"


def limit_words(coupon: ir.Coupon, lang: str) -> str:
    """Return the line that says how many of a coupon one member may have; "" without a limit."""
    if coupon.limit is None:
        return ""
    tongue = Tongue(lang)
    per = None if coupon.limit_per is None else coupon.limit_per.upper()
    if tongue.chinese:
        unit = "" if per is None else tongue.word(f"EACH_{per}")
        return f"{tongue.word('EACH_MEMBER')}{unit}{tongue.word('LIMIT')}{coupon.limit}{tongue.word('PIECES')}"
    unit = "" if per is None else f" {tongue.word(f'PER_{per}')}"
    return f"{tongue.word('AT_MOST')} {coupon.limit} {tongue.word('PER_MEMBER')}{unit}"
