"""Random schedules by the calendar, around activities and by members' own dates, and the dates that narrow them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from oracle import clock
from qingting.engine.program import ir
from qingting.engine.program.holidays import HolidayCalendar

# Spring Festival of 2026 with a make-up Saturday before it, its eve without a 30th; a repeated month; National Day.
PLACES = (
    ("Asia/Shanghai", date(2026, 2, 13)),
    ("Asia/Shanghai", date(2026, 2, 15)),
    ("Asia/Shanghai", date(2025, 7, 24)),
    ("Asia/Shanghai", date(2026, 10, 8)),
    ("Asia/Shanghai", date(2026, 12, 29)),
    ("Asia/Shanghai", date(2026, 5, 28)),
    ("America/New_York", date(2026, 3, 7)),
    ("Europe/London", date(2024, 2, 28)),
)
OWN_DATES = {"生日": ir.ValueType.DATE, "到期": ir.ValueType.INSTANT, "农历生日": ir.ValueType.LUNAR_DATE}


@dataclass(slots=True)
class Calendars:
    """Makes what runs around ``day`` in a zone."""

    rng: Random
    zone: str
    day: date

    @property
    def holidays(self) -> HolidayCalendar:
        """China's calendar with two days of the shop's own."""
        return HolidayCalendar("CN", {self.day + timedelta(days=1): "off", self.day + timedelta(days=3): "work"})

    def schedule(self, clocks: tuple[int, ...]) -> ir.Schedule:
        """A schedule by the calendar, or around an activity."""
        rng, day = self.rng, self.day
        near = [day + timedelta(days=n) for n in range(4)]
        found: tuple[ir.Schedule, ...] = (
            ir.DayKind("workday", clocks),
            ir.DayKind("holiday", clocks),
            ir.EveryWeeks(rng.choice((2, 2, 3)), tuple(sorted({d.isoweekday() for d in near[1:3]})), self._number(-9, 2), clocks),
            ir.MonthlyWeekday(rng.choice((2, 4, 5, -1, -1)), rng.choice(near[1:3]).isoweekday(), clocks),
            ir.MonthlyWeekday(-1 if near[1].day > 24 else (near[1].day - 1) // 7 + 1, near[1].isoweekday(), clocks),
            ir.Yearly(tuple(sorted({d.month * 100 + d.day for d in near[1:3]} | {229})), (), clocks),
            ir.Yearly((), rng.choice(((101, 1230), (1229, 1230), (601, 602, 603), (830, 901), (1111, 1112))), clocks),
            self.edge(clocks[0]),
            self.edge(clocks[0]),
            self.edge(clocks[0]),
        )
        return rng.choice(found)

    def edge(self, at: int) -> ir.ActivityEdge:
        """A schedule around the start or end of an activity or of each of its sessions."""
        rng = self.rng
        times = rng.choice((self.activity(), self.by_dates()))
        lengths = (ir.MINUTE * 30, ir.HOUR, ir.DAY, 2 * ir.DAY)
        offset = rng.choice((None, *(ir.Offset(ir.Duration(micros), rng.random() < 0.6) for micros in lengths)))
        in_days = offset is None or offset.duration.micros % ir.DAY == 0
        shown = at if in_days and rng.random() < 0.7 else None
        return ir.ActivityEdge("活动", times, rng.random() < 0.5, rng.choice(("start", "end")), offset, shown)

    def by_dates(self) -> ir.Times:
        """An activity of two whole days."""
        start = clock.naive_micros(datetime.combine(self.day, time(0)))
        return ir.Times(((start + ir.DAY, start + 3 * ir.DAY),))

    def activity(self) -> ir.Times:
        """When an activity goes on: by dates, at some hours, in sessions, or every week."""
        start = clock.naive_micros(datetime.combine(self.day, time(0)))
        days, evening = ir.DAY, 20 * ir.HOUR
        weekdays = tuple(sorted({(self.day + timedelta(days=n)).isoweekday() for n in (1, 3)}))
        return self.rng.choice((
            self.by_dates(),
            ir.Times(((start + days + evening, start + 3 * days + 2 * ir.HOUR),)),
            ir.Times(tuple((start + n * days + evening, start + n * days + evening + ir.HOUR) for n in (0, 1, 3))),
            ir.Times((), weekdays, 20 * 60, 22 * 60),
            ir.Times((), weekdays, 21 * 60, 9 * 60),
        ))

    def during(self) -> tuple[ir.During, ...]:
        """Only during an activity, or not during it."""
        return tuple(ir.During("活动", self.activity(), self.rng.random() < 0.5) for _ in range(self.rng.choice((1, 1, 2))))

    def limits(self, narrowed: bool, spread: bool) -> ir.Limits:
        """What narrows a schedule, and over how long its sends are spread."""
        rng = self.rng
        window = times = None
        if narrowed and rng.random() < 0.2:
            window = ir.Window(self._local(rng.choice((0, 1))), self._local(rng.choice((2, 3))))
        if narrowed and rng.random() < 0.2:
            times = self.activity()
        over = rng.choice((ir.HOUR, 2 * ir.HOUR, 90 * ir.MINUTE)) if spread else None
        return ir.Limits(window, None if times is None else "活动", times, narrowed and rng.random() < 0.3, over)

    def own_date(self, at: int) -> ir.MemberDate:
        """A schedule by a date of the members' own."""
        rng = self.rng
        name = rng.choice(tuple(OWN_DATES))
        anniversary = name == "农历生日" or (name == "生日" and rng.random() < 0.6)
        lengths = (ir.Duration(ir.DAY), ir.Duration(2 * ir.DAY), ir.Duration(3 * ir.HOUR), ir.Duration(30 * ir.MINUTE))
        if not anniversary:
            lengths += (ir.Duration(0, 1),)
        offset = rng.choice((None, *(ir.Offset(length, rng.random() < 0.7) for length in lengths)))
        in_days = offset is None or offset.duration.micros % ir.DAY == 0
        shown = at if in_days and rng.random() < 0.7 else None
        return ir.MemberDate(ir.AttributeRef(name, OWN_DATES[name]), anniversary, offset, shown)

    def likely(self, trigger: ir.MemberDate, before: int) -> list[int]:
        """Instants at which something of a schedule of own dates may fall due."""
        at = 0 if trigger.clock is None else trigger.clock
        day = clock.local(before, self.zone).date() + timedelta(days=1)
        return [clock.instant_of(datetime.combine(day, time(at // 60, at % 60)), self.zone)]

    def _number(self, least: int, most: int) -> int:
        day = self.day + timedelta(days=self.rng.randint(least, most))
        return day.year * 10_000 + day.month * 100 + day.day

    def _local(self, days: int) -> ir.Cutoff:
        day = datetime.combine(self.day + timedelta(days=days), time(0))
        return ir.Cutoff(ir.CutoffKind.LOCAL, clock.naive_micros(day))
