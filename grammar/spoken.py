"""Spoken times and numbers (``晚8点``, ``半小时``, ``两天``, ``1万``) and how to write them."""

from __future__ import annotations

import re

from .diagnostics import Span
from .record import record

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"[0-9]{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_CLOCK = re.compile(
    rf"(?P<part>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|夜)?(?P<hour>{_NUMBER})点(?P<rest>半|一刻|三刻|(?:{_NUMBER})分)?"
)
_DURATION = re.compile(
    rf"(?P<count>{_NUMBER})(?P<unit>个?小时|分钟|天|个?星期|周(?![一二三四五六日天末])|个月|个?钟头)"
)
_COUNTED_DAY = re.compile(rf"第 ?(?P<count>{_NUMBER}) ?天")
_HALF = re.compile(r"半(?P<unit>个?小时|个?钟头|天|个月|年)")
_MYRIAD = re.compile(r"(?P<count>[0-9]+(?:\.[0-9]+)?)(?P<unit>万|千|亿)")
_NEARBY_DAYS = {"大前天": "3天前当天", "前天": "2天前当天", "明天": "1天后当天", "后天": "2天后当天", "大后天": "3天后当天"}
_NEARBY = re.compile("|".join(sorted(_NEARBY_DAYS, key=len, reverse=True)))
_AT_LEAST = re.compile(r"(?P<count>[0-9]+(?:\.[0-9]+)?元?)(?P<unit>次|人|)(?P<side>及?以上|及?以下)")
_UNITS = {
    "小时": "小时",
    "个小时": "小时",
    "分钟": "分钟",
    "天": "天",
    "星期": "周",
    "个星期": "周",
    "周": "周",
    "个月": "个月",
    "钟头": "小时",
    "个钟头": "小时",
}
_HALVES = {
    "小时": "30分钟",
    "个小时": "30分钟",
    "钟头": "30分钟",
    "个钟头": "30分钟",
    "天": "12小时",
    "个月": "15天",
    "年": "6个月",
}
_LATE = frozenset({"下午", "傍晚"})
_NIGHT = frozenset({"晚上", "晚", "夜里", "夜"})
_ROUGH = ("半天", "半个月")
"""What people say for about so long; the hint gives a length, which only they can say is meant."""


@record
class Spoken:
    """Something spoken: where it stands, the words and what to write. ``sure`` says that nothing else can be meant."""

    span: Span
    written: str
    write: str
    sure: bool


def spoken_value(flat: str, start: int, end: int) -> Spoken | None:
    """The first thing spoken in a run; None where there is nothing such.

    >>> spoken_value("晚8点", 0, 3)
    Spoken(span=Span(start=0, end=3), written='晚8点', write='20:00', sure=True)
    """
    for pattern, write in _PATTERNS:
        for match in pattern.finditer(flat, start, end):
            written = write(match)
            if written is not None and written != match.group():
                return Spoken(Span(*match.span()), match.group(), written, _sure(match))
    return None


def _sure(match: re.Match[str]) -> bool:
    """Whether there is one reading: not of 晚上1点 and 晚12点, whose day is open, nor of 半天."""
    part = match.groupdict().get("part")
    hour = _number(match["hour"]) if part else 0
    return not (part in _NIGHT and (hour < 5 or hour == 12)) and match.group() not in _ROUGH


def counted_day(flat: str, start: int, end: int) -> tuple[Span, int] | None:
    """Where ``第3天`` stands at the beginning of a line, and its number; None where there is nothing such.

    >>> counted_day("第三天 20:00", 0, 9)
    (Span(start=0, end=3), 3)
    """
    match = _COUNTED_DAY.match(flat, start, end)
    return (Span(*match.span()), _number(match["count"])) if match else None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _clock(match: re.Match[str]) -> str | None:
    rest = match["rest"] or ""
    if not match["part"] and match["hour"].isdigit() and rest not in ("半", "一刻", "三刻"):
        return None
    hour = _number(match["hour"])
    minute = {"": 0, "半": 30, "一刻": 15, "三刻": 45}.get(rest)
    minute = _number(rest[:-1]) if minute is None else minute
    part = match["part"]
    if part in _NIGHT and hour == 12:
        hour = 24
    elif part in _NIGHT:
        hour += 12 if 5 <= hour < 12 else 0
    elif hour < 12 and (part in _LATE or (part == "中午" and hour < 3)):
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}" if minute < 60 and hour <= 24 else None


def _half(match: re.Match[str]) -> str | None:
    return _HALVES[match["unit"]]


def _duration(match: re.Match[str]) -> str | None:
    return f"{_number(match['count'])}{_UNITS[match['unit']]}"


def _nearby(match: re.Match[str]) -> str | None:
    return _NEARBY_DAYS[match.group()]


def _at_least(match: re.Match[str]) -> str | None:
    """``3次以上`` counts, ``500以上`` compares; both include the number."""
    upward = match["side"].endswith("上")
    if match["unit"]:
        return f"{'至少' if upward else '最多'}{match['count']}{match['unit']}"
    return f"{'>=' if upward else '<='} {match['count']}"


def _myriad(match: re.Match[str]) -> str | None:
    factor = {"千": 3, "万": 4, "亿": 8}[match["unit"]]
    whole, _, fraction = match["count"].partition(".")
    return str(int(whole + fraction.ljust(factor, "0")[:factor])) if len(whole) < 12 else None


_PATTERNS = (
    (_CLOCK, _clock), (_HALF, _half), (_AT_LEAST, _at_least), (_NEARBY, _nearby), (_DURATION, _duration),
    (_MYRIAD, _myriad),
)
