"""Small constructors of syntax trees, for tests that need no text."""

from __future__ import annotations

from datetime import date, datetime, time

from qingting.engine.program.entries import Entry, Key
from qingting.engine.program.resolve import CheckSettings
from qingting.grammar import syntax as s
from qingting.grammar.diagnostics import Span

SPAN = Span(3, 9)
SETTINGS = CheckSettings(frozenset({"wecom", "sms"}), "Asia/Shanghai", "CNY")


def entry() -> Entry:
    """An entry that collects what is wrong."""
    return Entry(Key("condition", ""), "a.sop", SPAN)


def name(text: str) -> s.Name:
    return s.Name(text, False, SPAN)


def span_of(count: int, unit: s.Unit) -> s.Duration:
    return s.Duration(count, unit, SPAN)


def day(text: str) -> s.Date:
    return s.Date(date.fromisoformat(text), SPAN)


def instant(text: str) -> s.Instant:
    return s.Instant(datetime.fromisoformat(text), SPAN)


def clock(text: str) -> s.Clock:
    return s.Clock(time.fromisoformat(text), SPAN)
