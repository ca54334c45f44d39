"""Names and constants as an operator writes them, in Chinese or English."""

from __future__ import annotations

import re
from decimal import Decimal

from ....grammar.keywords import (
    BUILT_IN_ATTRIBUTES,
    BUILT_IN_FIELDS,
    TERMINALS_BY_SPELLING,
    WORDS_THAT_BEGIN_TESTS,
    canonical,
    spellings_of,
)
from ....grammar.record import record
from .. import ir
from ..ir import TextPattern, ValueType

_WORD = re.compile(r"[^\W\d]\w*")
_TEST_WORDS = (
    "FIRST", "LAST", "TODAY", "YESTERDAY", "THIS_WEEK", "THIS_MONTH", "LAST_WEEK", "LAST_MONTH", "DID", "DID_NOT",
    "WITHIN", "WITHIN_NEXT", "SINCE_NOW", "SUM_OF", "AVERAGE_OF", "LARGEST_OF", "SMALLEST_OF", "DISTINCT_OF",
    "RECEIVED", "RECEIVED_REDPACKET", "TAGGED", "NOT_TAGGED", "IN_SAMPLE", "IN_SEGMENT", "NOT", "EVER_DID",
    "NEVER_DID", "HOLDS_COUPON", "HAS_USED_COUPON", "IN_PLAYBOOK", "FINISHED_PLAYBOOK", "INVITED", "DUE_TO_REORDER",
    "IN_CUSTOMER_GROUP", "IS_FRIEND", "IS_NO_FRIEND", "TASK", "STEP", "ACTIVITY", "CONSECUTIVE", "SINCE_ENTRY",
    "DURING_SESSION",
)
_BEGINNINGS = tuple(word for name in _TEST_WORDS for word in spellings_of(name) if not word.isascii() and len(word) > 1)
_ENDINGS = tuple(word for name in ("COUNT_OF", "ANNIVERSARY", "KNOWN", "UNKNOWN", "CHANGED", "HAS_BEEN") for word in spellings_of(name))
_CHINESE_ATTRIBUTES = {name: chinese for chinese, name in BUILT_IN_ATTRIBUTES.items()}
# 时间 is a word for a type as well; the documented spelling of the field is the longer one.
_CHINESE_FIELDS = {name: chinese for chinese, name in BUILT_IN_FIELDS.items()} | {"time": "发生时间"}
_BUILT_IN = frozenset(
    [*BUILT_IN_ATTRIBUTES, *BUILT_IN_FIELDS, *BUILT_IN_ATTRIBUTES.values(), *BUILT_IN_FIELDS.values()]
)


@record
class Tongue:
    """The language in which something is said, ``zh`` or ``en``.

    ``limited``: where it is said, a behaviour without a window counts only since some instant (goals, exits, waits).
    """

    lang: str
    limited: bool = False

    @property
    def chinese(self) -> bool:
        """Whether it is Chinese."""
        return self.lang.startswith("zh")

    def word(self, terminal: str) -> str:
        """The spelling of a keyword that the formatter writes."""
        return canonical(terminal)[0 if self.chinese else 1]

    def attribute(self, name: str) -> str:
        """The name of an attribute, built-in ones in this language."""
        return bare(_CHINESE_ATTRIBUTES.get(name, name) if self.chinese else name)

    def field(self, name: str) -> str:
        """The name of an event field, built-in ones in this language."""
        return bare(_CHINESE_FIELDS.get(name, name) if self.chinese else name)


def quoted(text: str) -> str:
    r"""A text as a string.

    >>> quoted('a"b')
    '"a\\"b"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def patterned(pattern: TextPattern) -> str:
    """A pattern as a string with its star."""
    return quoted(pattern.text)[:-1].replace("*", "\\*") + ('*"' if pattern.prefix else '"')


def bare(name: str) -> str:
    """A name as it stands in a condition: in quotes where it could be read as something else."""
    if name in _BUILT_IN:
        return name
    doubtful = name in WORDS_THAT_BEGIN_TESTS or name in TERMINALS_BY_SPELLING
    if doubtful or not _WORD.fullmatch(name) or name.startswith(_BEGINNINGS) or name.endswith(_ENDINGS):
        return quoted(name)
    return name


def value_words(kind: ValueType, value: int | str, tongue: Tongue) -> str:
    """A constant of the checked program as it is written in a condition.

    >>> value_words(ValueType.MONEY, 2050, Tongue("en")), value_words(ValueType.NUMBER, 1_500_000, Tongue("en"))
    ('¥20.50', '1.5')
    """
    if isinstance(value, str):
        return quoted(value)
    match kind:
        case ValueType.NUMBER:
            return plain(Decimal(value) / ir.NUMBER_SCALE)
        case ValueType.MONEY:
            return money(value)
        case ValueType.DATE:
            return date_words(value)
        case ValueType.YES_NO:
            return tongue.word("YES" if value else "NO")
    return str(value)


def plain(number: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(cents: int) -> str:
    """An amount of money; cents only where there are any.

    >>> money(-2000)
    '-¥20'
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}¥{whole}" + (f".{rest:02d}" if rest else "")


def share(parts: int) -> str:
    """A share given in hundredths of a percent.

    >>> share(3333), share(1000)
    ('33.33%', '10%')
    """
    return plain(Decimal(parts) / 100) + "%"


def date_words(yyyymmdd: int) -> str:
    """A date from its number."""
    return f"{yyyymmdd // 10_000:04d}-{yyyymmdd // 100 % 100:02d}-{yyyymmdd % 100:02d}"
