"""Words and values of the syntax tree. Values keep the unit they were written with."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from ..diagnostics import Span
from ..record import record

Unit = Literal["minute", "hour", "day", "week", "month"]
Operator = Literal[
    "is", "is_not", "in", "not_in", "lt", "le", "gt", "ge", "between",
    "contains", "starts", "ends", "known", "unknown",
]
TypeWord = Literal["text", "number", "money", "date", "lunar_date", "instant", "yes_no"]


@record
class Name:
    """A name as written: ``quoted`` if it stood as a string. ``text`` is NFC; ``\\*`` stays as written in patterns."""

    text: str
    quoted: bool
    span: Span


@record
class Pattern:
    """A string that may end in a star: ``text`` without the star, unescaped; ``prefix`` if the star was there."""

    text: str
    prefix: bool
    span: Span


@record
class Text:
    """A string value, unescaped, NFC; of ``\"\"\"`` the common indentation is removed."""

    text: str
    span: Span


@record
class Number:
    """A plain number; ``text`` is canonical decimal (``500``, ``-0.5``)."""

    text: str
    span: Span


@record
class Money:
    """An amount in whole cents."""

    cents: int
    span: Span


@record
class Share:
    """A share in hundredths of a percent: ``33.33%`` is 3333, 100% is 10000."""

    parts: int
    span: Span


@record
class Duration:
    """``count`` times ``unit``; count is at least 1."""

    count: int
    unit: Unit
    span: Span


@record
class Date:
    value: date
    span: Span


@record
class MonthDay:
    """A day of every year, ``11-11``; with ``lunar`` of the lunar calendar."""

    month: int
    day: int
    lunar: bool
    span: Span


@record
class Clock:
    value: time
    span: Span


@record
class Instant:
    """A date and a clock in the playbook's zone; naive."""

    value: datetime
    span: Span


@record
class YesNo:
    value: bool
    span: Span


Value = Text | Number | Money | Share | Date | Instant | YesNo
