"""Spoken times and numbers (``晚8点``, ``半小时``, ``两天``, ``1万``) and how to write them."""

from __future__ import annotations

import re

from .diagnostics import Span

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"[0-9]{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_CLOCK = re.compile(
    rf"(?P<part>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里|夜)?(?P<hour>{_NUMBER})点(?P<rest>半|一刻|三刻|(?:{_NUMBER})分)?"
)
_DURATION = re.compile(
    rf"(?P<count>{_NUMBER})(?P<unit>个?小时|分钟|天|个?星期|周(?![一二三四五六日天末])|个月|个?钟头)"
)
_HALF = re.compile(r"半(?P<unit>个?小时|个?钟头|天|个月|年)")
_MYRIAD = re.compile(r"(?P<count>[0-9]+(?:\.[0-9]+)?)(?P<unit>万|千|亿)")
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
_LATE = frozenset({"下午", "傍晚", "晚上", "晚"})


def spoken_value(flat: str, start: int, end: int) -> tuple[Span, str, str] | None:
    """Where something spoken stands in a run, what it is and what to write; None where there is nothing such.

    >>> spoken_value("晚8点", 0, 3)
    (Span(start=0, end=3), '晚8点', '20:00')
    """
    for pattern, write in ((_CLOCK, _clock), (_HALF, _half), (_DURATION, _duration), (_MYRIAD, _myriad)):
        for match in pattern.finditer(flat, start, end):
            written = write(match)
            if written is not None and written != match.group():
                return Span(*match.span()), match.group(), written
    return None


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
    if hour < 12 and (match["part"] in _LATE or (match["part"] == "中午" and hour < 3)):
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}" if minute < 60 and hour <= 24 else None


def _half(match: re.Match[str]) -> str | None:
    return _HALVES[match["unit"]]


def _duration(match: re.Match[str]) -> str | None:
    return f"{_number(match['count'])}{_UNITS[match['unit']]}"


def _myriad(match: re.Match[str]) -> str | None:
    factor = {"千": 3, "万": 4, "亿": 8}[match["unit"]]
    whole, _, fraction = match["count"].partition(".")
    return str(int(whole + fraction.ljust(factor, "0")[:factor])) if len(whole) < 12 else None
