"""Windows: the words of LANGUAGE section 4 against cutoffs."""

from __future__ import annotations

import pytest
from qingting.engine.program import ir
from qingting.engine.program.ir import DAY, HOUR, MINUTE, Cutoff, CutoffKind, Window
from qingting.engine.program.windows import duration, local_start, resolve_window, whole_days
from qingting.grammar import syntax as s

from .trees import SPAN, day, entry, instant, span_of

T, DAYS, MONTHS, MONTH_DAY = CutoffKind.T, CutoffKind.DAY, CutoffKind.MONTHS, CutoffKind.MONTH_DAY
JAN_1 = local_start(day("2026-01-01"))
NOW = Cutoff(T, 0, 1)


def at(micros: int) -> Cutoff:
    return Cutoff(CutoffKind.LOCAL, micros)


CASES = {
    "within 3 days": (s.Within(span_of(3, "day"), False, SPAN), Window(Cutoff(T, 0, -3 * DAY + 1), NOW)),
    "within 1 month": (s.Within(span_of(1, "month"), False, SPAN), Window(Cutoff(MONTHS, -1, 1), NOW)),
    "within the next 2 hours": (s.Within(span_of(2, "hour"), True, SPAN), Window(NOW, Cutoff(T, 0, 2 * HOUR + 1))),
    "more than 3 days ago": (s.MoreThanAgo(span_of(3, "day"), SPAN), Window(None, Cutoff(T, 0, -3 * DAY + 1))),
    "between 1 week ago and 2 days ago": (
        s.BetweenAgo(span_of(1, "week"), span_of(2, "day"), SPAN),
        Window(Cutoff(T, 0, -7 * DAY + 1), Cutoff(T, 0, -2 * DAY + 1)),
    ),
    "exactly 3 days ago": (s.ExactlyDays(span_of(3, "day"), False, SPAN), Window(Cutoff(DAYS, -3), Cutoff(DAYS, -2))),
    "in 1 week": (s.ExactlyDays(span_of(1, "week"), True, SPAN), Window(Cutoff(DAYS, 7), Cutoff(DAYS, 8))),
    "in 1 month": (
        s.ExactlyDays(span_of(1, "month"), True, SPAN),
        Window(Cutoff(MONTH_DAY, 1), Cutoff(MONTH_DAY, 1, DAY)),
    ),
    "yesterday": (s.CalendarWindow("day", -1, SPAN), Window(Cutoff(DAYS, -1), Cutoff(DAYS, 0))),
    "this week": (
        s.CalendarWindow("week", 0, SPAN),
        Window(Cutoff(CutoffKind.WEEK, 0), Cutoff(CutoffKind.WEEK, 1)),
    ),
    "last month": (
        s.CalendarWindow("month", -1, SPAN),
        Window(Cutoff(CutoffKind.MONTH, -1), Cutoff(CutoffKind.MONTH, 0)),
    ),
    "on D": (s.OnDate("on", day("2026-01-01"), None, SPAN), Window(at(JAN_1), at(JAN_1 + DAY))),
    "on D at a clock": (
        s.OnDate("on", instant("2026-01-01 20:00"), None, SPAN),
        Window(at(JAN_1 + 20 * HOUR), at(JAN_1 + 20 * HOUR + MINUTE)),
    ),
    "before D": (s.OnDate("before", day("2026-01-01"), None, SPAN), Window(None, at(JAN_1))),
    "since D": (s.OnDate("since", day("2026-01-01"), None, SPAN), Window(at(JAN_1), None)),
    "between D and E": (
        s.OnDate("between", day("2026-01-01"), day("2026-01-02"), SPAN),
        Window(at(JAN_1), at(JAN_1 + 2 * DAY)),
    ),
}


@pytest.mark.parametrize("words", CASES)
def test_words_become_cutoffs(words: str) -> None:
    written, expected = CASES[words]
    found = entry()
    assert resolve_window(found, written) == expected
    assert found.diagnostics == []


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("E315", s.OnDate("between", day("2026-01-02"), day("2026-01-01"), SPAN)),
        ("E316", s.BetweenAgo(span_of(2, "day"), span_of(7, "day"), SPAN)),
        ("E316", s.BetweenAgo(span_of(2, "day"), span_of(1, "month"), SPAN)),
        ("E326", s.Within(span_of(1201, "month"), False, SPAN)),
    ],
)
def test_windows_that_cannot_be(code: str, written: s.Window) -> None:
    found = entry()
    assert resolve_window(found, written) is None
    assert [(d.code, d.span) for d in found.diagnostics] == [(code, SPAN)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (s.CalendarWindow("day", 0, SPAN), Window(Cutoff(DAYS, 0), Cutoff(DAYS, 1))),
        (s.Within(span_of(3, "day"), True, SPAN), Window(Cutoff(DAYS, 1), Cutoff(DAYS, 4))),
        (s.Within(span_of(3, "day"), False, SPAN), Window(Cutoff(DAYS, -2), Cutoff(DAYS, 1))),
        (s.BetweenAgo(span_of(7, "day"), span_of(2, "day"), SPAN), Window(Cutoff(DAYS, -6), Cutoff(DAYS, -1))),
    ],
)
def test_an_anniversary_is_a_day(written: s.Window, expected: Window) -> None:
    assert whole_days(entry(), written) == expected


@pytest.mark.parametrize(
    "written",
    [
        s.Within(span_of(3, "hour"), True, SPAN),
        s.MoreThanAgo(span_of(3, "day"), SPAN),
        s.OnDate("since", day("2026-01-01"), None, SPAN),
        s.OnDate("on", instant("2026-01-01 20:00"), None, SPAN),
    ],
)
def test_an_anniversary_has_no_clock_and_no_open_end(written: s.Window) -> None:
    found = entry()
    assert whole_days(found, written) is None
    assert [d.code for d in found.diagnostics] == ["E320"]


def test_durations_keep_months_apart() -> None:
    assert duration(entry(), span_of(2, "month")) == ir.Duration(0, 2)
    assert duration(entry(), span_of(90, "minute")) == ir.Duration(90 * MINUTE)
