"""Values as they are written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ..syntax import (
    Clock,
    Date,
    Duration,
    Instant,
    Money,
    MonthDay,
    Number,
    Share,
    Text,
    Unit,
    Value,
    YesNo,
)
from .strings import string
from .tongue import Tongue

UNITS: dict[Unit, str] = {"minute": "MINUTES", "hour": "HOURS", "day": "DAYS", "week": "WEEKS", "month": "MONTHS"}
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def value(found: Value, tongue: Tongue) -> str:
    """A value of a comparison."""
    match found:
        case Text(text):
            return string(text)
        case Number(text):
            return text
        case Money(cents):
            return money(cents)
        case Share(parts):
            return share(parts)
        case YesNo(yes):
            return tongue.word("YES" if yes else "NO")
        case _:
            return day(found)


def values(found: Iterable[Value], tongue: Tongue) -> str:
    """Values with commas."""
    return ", ".join(value(one, tongue) for one in found)


def amount(found: Number | Money) -> str:
    """A plain number or an amount of money."""
    return found.text if isinstance(found, Number) else money(found.cents)


def money(cents: int) -> str:
    """An amount of whole cents; the shortest decimals.

    >>> money(2000), money(30), money(-1177)
    ('¥20', '¥0.3', '-¥11.77')
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}¥{_decimal(abs(cents))}"


def share(parts: int) -> str:
    """A share in hundredths of a percent.

    >>> share(3333), share(1000)
    ('33.33%', '10%')
    """
    return f"{_decimal(parts)}%"


def _decimal(hundredths: int) -> str:
    text = f"{Decimal(hundredths) / 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(found: Duration, tongue: Tongue) -> str:
    """A length of time: ``3 days``, ``3天``."""
    return tongue.counted(found.count, UNITS[found.unit])


def date(found: Date) -> str:
    """A date."""
    return found.value.isoformat()


def clock(found: Clock) -> str:
    """A clock."""
    return found.value.isoformat("minutes")


def clocks(found: Iterable[Clock], tongue: Tongue) -> str:
    """Clocks in a list, which Chinese writes with its own comma."""
    return enumerated((clock(one) for one in found), tongue)


def enumerated(items: Iterable[str], tongue: Tongue) -> str:
    """Days, clocks and marks in a list."""
    return ("、" if tongue.chinese else ", ").join(items)


def day(found: Date | Instant) -> str:
    """A date, with its clock where it has one."""
    if isinstance(found, Instant):
        return found.value.isoformat(" ", "minutes")
    return date(found)


def month_day(found: MonthDay) -> str:
    """A day of every year, without the word for the lunar calendar."""
    return f"{found.month:02d}-{found.day:02d}"


def clock_range(start: Clock, end: Clock, tongue: Tongue) -> str:
    """From one clock to another: ``22:00 to 08:00``."""
    return f"{clock(start)} {tongue.word('TO')} {clock(end)}"
