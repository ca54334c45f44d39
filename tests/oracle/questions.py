"""Random conditions over the vocabulary: every node, every operator, every window, nested and negated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

from oracle import clock, vocabulary
from oracle.model import Value
from oracle.worlds import Coordinates
from qingting.engine.program import ir

T, DAY = ir.CutoffKind.T, ir.CutoffKind.DAY
NOW = ir.Cutoff(T, 0, 1)
SIGNS: tuple[ir.CompareOp, ...] = ("lt", "le", "gt", "ge", "between", "is", "is_not", "in", "not_in")
TEXT_OPS: tuple[ir.CompareOp, ...] = ("is", "is_not", "in", "not_in", "contains", "starts", "ends")
COUNTED = (ir.ValueType.NUMBER, ir.ValueType.MONEY)


class Questioner:
    """Makes random conditions that are worth asking at some coordinates."""

    def __init__(self, rng: Random, at: Coordinates) -> None:
        self.rng = rng
        self.today: date = clock.local(at.t, at.zone).date()
        self.segments: list[str] = []
        self.metrics: list[ir.MetricRef] = []
        self.ladders: list[str] = []
        self.leaves: tuple[Callable[[], ir.Condition], ...] = (
            self.has_tag,
            self.has_tag_gained,
            self.compare_attribute,
            self.compare_total,
            self.compare_metric,
            self.in_window,
            self.anniversary,
            self.did,
            self.did_counted,
            self.moment_in,
            self.moment_has,
            self.in_segment,
            self.received,
            self.sample,
            self.compare_large,
            self.compare_rung,
            self.held_for,
            self.changed,
            self.did_on_days,
            self.did_in_a_row,
            self.holds_coupon,
            self.used_coupon,
            self.received_redpacket,
            self.invited,
            self.due_to_reorder,
            self.in_group,
            self.is_friend,
            self.source_in,
            self.today_is,
            self.did_since,
            self.did_during,
        )
        self.asked_by_name: tuple[Callable[[], ir.Condition], ...] = (self.compare_average,)

    # Structure

    def condition(self, depth: int = 3, leaf: int | None = None) -> ir.Condition:
        """A condition of at most ``depth`` levels; ``leaf`` is a test that stands in it for certain."""
        shape = self.rng.random()
        if depth == 0 or shape < 0.3:
            return self.leaf(leaf)
        if shape < 0.45:
            return ir.Not(self.condition(depth - 1, leaf))
        items = [self.condition(depth - 1, leaf)]
        items += [self.condition(depth - 1) for _ in range(self.rng.choice((1, 1, 2)))]
        self.rng.shuffle(items)
        return (ir.All if shape < 0.72 else ir.Any)(tuple(items))

    def number_of(self, tests: tuple[str, ...], place: int) -> int:
        """The number of the test at a place, of the named ones in turn; of all where none is named."""
        names = [leaf.__name__ for leaf in (*self.leaves, *self.asked_by_name)]
        return names.index(tests[place % len(tests)]) if tests else place % len(self.leaves)

    def leaf(self, number: int | None = None) -> ir.Condition:
        """One test: the given one, or any."""
        if number is None:
            if self.rng.random() < 0.02:
                return ir.Always(self.rng.random() < 0.5)
            number = self.rng.randrange(len(self.leaves))
        return (*self.leaves, *self.asked_by_name)[number]()

    def library(self) -> ir.Library:
        """A library whose segments and metrics the conditions made from now on use."""
        self.metrics, self.segments, self.ladders = [], [], []
        metrics = {}
        for name in ("近期消费", "次数"):
            metrics[name] = self.total()
            self.metrics.append(ir.MetricRef(name, metrics[name].type))
        ladders = {name: self.ladder(name) for name in ("tier", "购买力")}
        self.ladders = list(ladders)
        segments: dict[str, ir.Condition] = {}
        for name in ("高价值", "沉睡", "it's"):
            segments[name] = self.condition(2)
            self.segments.append(name)
        return vocabulary.library(segments, metrics, ladders=ladders, days=self.holidays())

    def ladder(self, name: str) -> ir.Ladder:
        """A ladder by points (``tier``) or by a metric, with or without a rung for whoever is left."""
        operand: ir.AttributeRef | ir.MetricRef = ir.AttributeRef("points", ir.ValueType.NUMBER)
        if name != "tier":
            operand = self.rng.choice(self.metrics)
        marks = (500, 5, 0) if name == "tier" else (3, 1, 0)
        scale = ir.NUMBER_SCALE if operand.type is ir.ValueType.NUMBER else 1000
        rungs = [
            ir.Rung(rung, mark * scale, self.rng.random() < 0.5)
            for rung, mark in zip(vocabulary.RUNGS, marks, strict=False)
        ]
        if self.rng.random() < 0.5:
            rungs.append(ir.Rung(vocabulary.RUNGS[3], None))
        return ir.Ladder(name, operand, tuple(rungs))

    def holidays(self) -> dict[date, Literal["off", "work"]]:
        """Days off and workdays around today."""
        days = (self.today + timedelta(days=n) for n in (-1, 0, 0, 1))
        return {day: self.rng.choice(("off", "work")) for day in days if self.rng.random() < 0.7}

    # Windows

    def window(self) -> ir.Window:
        """Any window a text can say."""
        plain = (self.elapsed, self.elapsed, self.days, self.days, self.calendar, self.dates, self.months)
        makers: tuple[Callable[[], ir.Window], ...] = plain
        if self.rng.random() < 0.12:
            makers = (self.activity, self.since)
        return self.rng.choice(makers)()

    def elapsed(self) -> ir.Window:
        """Elapsed time before or after t."""
        micros = self.rng.choice((ir.MINUTE, ir.HOUR, ir.DAY, 3 * ir.DAY, 3 * ir.DAY, 7 * ir.DAY, 30 * ir.DAY))
        ago = ir.Cutoff(T, 0, 1 - micros)
        longer = ir.Cutoff(T, 0, 1 - 3 * micros)
        ahead = ir.Cutoff(T, 0, 1 + micros)
        choices = ((ago, NOW), (ago, NOW), (None, ago), (longer, ago), (NOW, ahead))
        return ir.Window(*self.rng.choice(choices))

    def days(self) -> ir.Window:
        """A local day, or a few."""
        first = self.rng.choice((-7, -3, -2, -1, -1, 0, 0, 3))
        return ir.Window(ir.Cutoff(DAY, first), ir.Cutoff(DAY, first + self.rng.choice((1, 1, 3))))

    def calendar(self) -> ir.Window:
        """A week, month or year, this one or the last."""
        kind = self.rng.choice((ir.CutoffKind.WEEK, ir.CutoffKind.MONTH, ir.CutoffKind.YEAR))
        first = self.rng.choice((-1, 0, 0))
        return ir.Window(ir.Cutoff(kind, first), ir.Cutoff(kind, first + 1))

    def months(self) -> ir.Window:
        """The last months by the clock, before them, or the day so many months ago."""
        number = -self.rng.choice((1, 1, 2, 3))
        ago = ir.Cutoff(ir.CutoffKind.MONTHS, number, 1)
        day = ir.Cutoff(ir.CutoffKind.MONTH_DAY, number)
        since = ir.Window(day, None)
        return self.rng.choice((ir.Window(ago, NOW), ir.Window(None, ago), since, ir.Window(None, day)))

    def dates(self) -> ir.Window:
        """On, before, since or between dates."""
        first = self.today + timedelta(days=self.rng.choice((-7, -3, -1, 0, 0, 1)))
        low = self._local(first)
        high = self._local(first + timedelta(days=self.rng.choice((1, 1, 3))))
        return ir.Window(*self.rng.choice(((low, high), (None, low), (low, None), (low, high))))

    def held_times(self) -> ir.Times:
        """Times of an activity: some hours or days around today, or hours of every week."""
        rng = self.rng
        if rng.random() < 0.4:
            weekdays = tuple(sorted(rng.sample(range(1, 8), rng.choice((1, 2, 5)))))
            start, end = rng.choice(((20 * 60, 22 * 60), (22 * 60, 2 * 60), (0, 0), (2 * 60 + 30, 9 * 60)))
            return ir.Times((), weekdays, start, end)
        midnight = clock.naive_micros(datetime(self.today.year, self.today.month, self.today.day))
        spans = set()
        for _ in range(rng.choice((1, 2))):
            start = midnight + rng.choice((-30, -7, -3, -1, 0, 1)) * ir.DAY + rng.choice((0, 2, 9)) * ir.HOUR
            spans.add((start, start + rng.choice((2 * ir.HOUR, ir.DAY, 3 * ir.DAY, 20 * ir.DAY))))
        return ir.Times(tuple(sorted(spans)))

    def activity(self) -> ir.Window:
        """While an activity went on last, or since it began or ended."""
        times = self.held_times()
        start = ir.Cutoff(ir.CutoffKind.LATEST_START, times=times)
        end = ir.Cutoff(ir.CutoffKind.LATEST_END, times=times)
        windows = (ir.Window(start, end), ir.Window(start, end), ir.Window(end, None), ir.Window(None, start))
        return self.rng.choice(windows)

    def since(self) -> ir.Window:
        """After the first or last time the member did something, alone or within other ends."""
        ends = ir.Window(None, None) if self.rng.random() < 0.6 else self.elapsed()
        query = ir.EventQuery(self.rng.choice(vocabulary.EVENTS).name)
        return replace(ends, since=ir.SinceEvent(self.rng.choice(("first", "last")), query))

    def _local(self, day: date) -> ir.Cutoff:
        clock_time = self.rng.choice(((0, 0), (0, 0), (2, 30), (20, 0)))
        moment = datetime(day.year, day.month, day.day, *clock_time)
        return ir.Cutoff(ir.CutoffKind.LOCAL, clock.naive_micros(moment), self.rng.choice((0, 0, 1)))

    # Tests

    def pattern(self, texts: tuple[str, ...]) -> ir.TextPattern:
        """A whole text, or the beginning of one; or what stands inside one, which is the beginning of none."""
        text = self.rng.choice(texts)
        if self.rng.random() < 0.6:
            return ir.TextPattern(text)
        first = self.rng.choice((0, 0, 0, 0, len(text) - 1))
        return ir.TextPattern(text[first : self.rng.randint(first, len(text))], prefix=True)

    def patterns(self, texts: tuple[str, ...]) -> tuple[ir.TextPattern, ...]:
        """One to three patterns."""
        return tuple(self.pattern(texts) for _ in range(self.rng.choice((1, 1, 2, 3))))

    def has_tag(self) -> ir.Condition:
        """Holds a tag."""
        return ir.HasTag(self.patterns(vocabulary.TAGS))

    def has_tag_gained(self) -> ir.Condition:
        """Holds a tag gained in a window."""
        return ir.HasTag(self.patterns(vocabulary.TAGS), self.window())

    def comparison(self, operand: ir.Operand, total: bool = False) -> ir.Condition:
        """A comparison that suits the operand's type; totals are never unknown."""
        if not total and (operand.type == ir.ValueType.INSTANT or self.rng.random() < 0.12):
            return ir.Compare(operand, self.rng.choice(("known", "unknown")))
        if operand.type in COUNTED:
            ops = SIGNS
        elif operand.type == ir.ValueType.YES_NO:
            ops = ("is", "is_not")
        elif operand.type == ir.ValueType.TEXT:
            ops = TEXT_OPS
        else:
            ops = ("is", "is_not", "in", "not_in")
        return self._compared(operand, self.rng.choice(ops))

    def _compared(self, operand: ir.Operand, op: ir.CompareOp) -> ir.Condition:
        values = [value for value in vocabulary.sample_values(operand.type) if value is not None]
        if isinstance(operand, ir.AttributeRef) and operand.name == "等级卡":
            values = list(vocabulary.CARDS)
        if isinstance(operand, ir.AttributeRef) and operand.name == "id":
            values = list(vocabulary.IDS)
        if op == "between":
            pair = self.rng.sample([value for value in values if isinstance(value, int)], 2)
            return ir.Compare(operand, op, (min(pair), max(pair)))
        if op in ("in", "not_in"):
            return ir.Compare(operand, op, tuple(self.rng.sample(values, self.rng.choice((1, 2)))))
        value = self.rng.choice(values)
        if op in ("contains", "starts", "ends") and isinstance(value, str):
            value = value[self.rng.choice((0, -1)) :][:1] or value
        return ir.Compare(operand, op, (value,))

    def compare_attribute(self) -> ir.Condition:
        """An attribute against constants."""
        names = [(a.name, a.type) for a in vocabulary.ATTRIBUTES] + [("points", COUNTED[0]), ("id", vocabulary.TEXT)]
        name, kind = self.rng.choice(names)
        if name == "points":
            op = self.rng.choice(SIGNS[:5])
            number = self.rng.choice((0, 1, 5, 500)) * ir.NUMBER_SCALE
            values = (0, number) if op == "between" else (number,)
            return ir.Compare(ir.AttributeRef(name, kind), op, values)
        return self.comparison(ir.AttributeRef(name, kind))

    def total(self) -> ir.Total:
        """A sum or number over events."""
        query = self.query()
        if self.rng.random() < 0.4:
            return ir.Total("number", query, None, ir.ValueType.NUMBER)
        fields = [field for field in vocabulary.fields_of(query.event) if field.type in COUNTED]
        field = self.rng.choice(fields)
        return ir.Total("sum", query, field, field.type)

    def compare_total(self) -> ir.Condition:
        """A sum or number against constants."""
        return self.comparison(self.total(), total=True)

    def compare_metric(self) -> ir.Condition:
        """A metric against constants."""
        if not self.metrics:
            return self.compare_total()
        return self.comparison(self.rng.choice(self.metrics), total=True)

    def in_window(self) -> ir.Condition:
        """An instant or a date in a window."""
        name, kind = self.rng.choice(
            (("joined", ir.ValueType.INSTANT), ("到期", ir.ValueType.INSTANT), ("生日", ir.ValueType.DATE))
        )
        return ir.InWindow(ir.AttributeRef(name, kind), self.window())

    def anniversary(self) -> ir.Condition:
        """A birthday, solar or lunar, on days around today."""
        if self.rng.random() < 0.6:
            operand = ir.AttributeRef("生日", ir.ValueType.DATE)
        else:
            operand = ir.AttributeRef("农历生日", ir.ValueType.LUNAR_DATE)
        month = ir.Window(ir.Cutoff(ir.CutoffKind.MONTH, 0), ir.Cutoff(ir.CutoffKind.MONTH, 1))
        return ir.Anniversary(operand, month if self.rng.random() < 0.5 else self.days())

    def query(self, windows: bool = True) -> ir.EventQuery:
        """Events of a type, by subject, fields and time."""
        event = self.rng.choice(vocabulary.EVENTS).name
        subjects = self.patterns(vocabulary.SUBJECTS) if self.rng.random() < 0.5 else ()
        where = self.where(event) if self.rng.random() < 0.4 else None
        window = self.window() if windows and self.rng.random() < 0.65 else None
        return ir.EventQuery(event, subjects, where, window)

    def where(self, event: str, depth: int = 1) -> ir.Condition:
        """Tests on the fields of an event."""
        shape = self.rng.random()
        if depth and shape < 0.15:
            return ir.Not(self.where(event, depth - 1))
        if depth and shape < 0.4:
            kind = ir.All if shape < 0.3 else ir.Any
            return kind((self.where(event, depth - 1), self.where(event, depth - 1)))
        field = self.rng.choice(vocabulary.fields_of(event))
        if field.type in (ir.ValueType.INSTANT, ir.ValueType.DATE) and self.rng.random() < 0.7:
            return ir.InWindow(field, self.window())
        return self.comparison(field)

    def did(self) -> ir.Condition:
        """Did something at least once."""
        return ir.Did(self.query())

    def did_counted(self) -> ir.Condition:
        """Did something so many times: at least, at most, exactly, in a range."""
        least, most = self.rng.choice(((2, None), (0, 1), (0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (3, None)))
        return ir.Did(self.query(), least, most)

    def moment_in(self) -> ir.Condition:
        """The first or last time of something in a window."""
        return ir.MomentIn(self.rng.choice(("first", "last")), self.query(windows=False), self.window())

    def moment_has(self) -> ir.Condition:
        """The first or last time of something had some fields."""
        query = self.query(windows=self.rng.random() < 0.4)
        return ir.MomentHas(self.rng.choice(("first", "last")), query, self.where(query.event))

    def in_segment(self) -> ir.Condition:
        """In a declared segment."""
        if not self.segments:
            return self.has_tag()
        return ir.InSegment(self.rng.choice(self.segments))

    def received(self) -> ir.Condition:
        """Received pushes of a playbook, a step or a template."""
        least, most = self.rng.choice(((1, None), (1, None), (2, None), (0, 1), (0, 0), (1, 1)))
        window = self.window() if self.rng.random() < 0.6 else None
        if self.rng.random() < 0.4:
            return ir.Received(None, None, self.pattern(vocabulary.TEMPLATES), least, most, window)
        step = self.rng.choice((None, "首触", "首触/push", "尾", "push 猫粮"))
        return ir.Received(self.rng.choice(vocabulary.PLAYBOOKS), step, None, least, most, window)

    def sample(self) -> ir.Condition:
        """A share of the members."""
        low, high = self.rng.choice(((0, 1000), (0, 5000), (5000, 10_000), (1000, 2000), (3333, 6666)))
        return ir.Sample(self.rng.choice(vocabulary.SAMPLES), low, high)

    # What was before, what adds up, what is held

    def compare_large(self) -> ir.Condition:
        """An average, a largest or smallest value, or a number of distinct ones against constants."""
        query = self.query()
        kind = self.rng.choice(("average", "average", "largest", "smallest", "distinct"))
        fields = vocabulary.fields_of(query.event)
        if kind == "distinct":
            field = self.rng.choice(fields)
            return self.comparison(ir.Total(kind, query, field, ir.ValueType.NUMBER), total=True)
        field = self.rng.choice([field for field in fields if field.type in COUNTED])
        return self.comparison(ir.Total(kind, query, field, field.type))

    def compare_average(self) -> ir.Condition:
        """An average over many amounts against what averages of few of them come close to."""
        query = ir.EventQuery(self.rng.choice(vocabulary.EVENTS).name, window=self.window() if self.rng.random() < 0.2 else None)
        amount = ir.FieldRef("amount", ir.ValueType.MONEY)
        op = self.rng.choice(("lt", "le", "gt", "ge", "is", "is_not"))
        cents = self.rng.choice((-589, -89, 500, 501, 1000, 1001, 1912, 3000))
        return ir.Compare(ir.Total("average", query, amount, ir.ValueType.MONEY), op, (cents,))

    def compare_rung(self) -> ir.Condition:
        """The rung of a ladder."""
        if not self.ladders:
            return self.compare_attribute()
        ref = ir.LadderRef(self.rng.choice(self.ladders))
        op = self.rng.choice(("is", "is", "is_not", "in", "not_in", "starts", "ends", "contains", "known", "unknown"))
        if op in ("known", "unknown"):
            return ir.Compare(ref, op)
        if op in ("in", "not_in"):
            return ir.Compare(ref, op, tuple(self.rng.sample(vocabulary.RUNGS, 2)))
        name = self.rng.choice(vocabulary.RUNGS)
        return ir.Compare(ref, op, (name if op in ("is", "is_not") else name[0],))

    def _attribute(self) -> tuple[ir.AttributeRef, tuple[Value, ...]]:
        if self.rng.random() < 0.15:
            return ir.AttributeRef("points", ir.ValueType.NUMBER), (0, 0, 500_000_000, 5_000_000)
        attribute = self.rng.choice([a for a in vocabulary.ATTRIBUTES if a.type is not ir.ValueType.INSTANT])
        values = attribute.choices or vocabulary.sample_values(attribute.type)
        return ir.AttributeRef(attribute.name, attribute.type), values

    def held_for(self) -> ir.Condition:
        """An attribute was a value all the time."""
        ref, values = self._attribute()
        found = [value for value in values if value is not None]
        lengths = (ir.HOUR, ir.DAY, 3 * ir.DAY, 30 * ir.DAY)
        duration = ir.Duration(self.rng.choice(lengths)) if self.rng.random() < 0.8 else ir.Duration(0, 1)
        return ir.HeldFor(ref, self.rng.choice(found), duration)

    def changed(self) -> ir.Condition:
        """An attribute took another value."""
        return ir.Changed(self._attribute()[0], self.window() if self.rng.random() < 0.6 else None)

    def did_on_days(self) -> ir.Condition:
        """Did something on so many days."""
        least, most = self.rng.choice(((2, None), (2, None), (3, None), (1, 1), (0, 2), (2, 3), (1, None)))
        return ir.DidOnDays(self.query(), least, most)

    def did_in_a_row(self) -> ir.Condition:
        """Did something on days that follow one another."""
        query = ir.EventQuery(self.rng.choice(vocabulary.EVENTS).name)
        return ir.DidOnDays(query, self.rng.choice((2, 2, 2, 3)), None, in_a_row=True)

    def _times(self) -> tuple[int, int | None]:
        return self.rng.choice(((1, None), (1, None), (2, None), (0, 0), (1, 1), (0, 1)))

    def _window_or_none(self, share: float = 0.5) -> ir.Window | None:
        return self.window() if self.rng.random() < share else None

    def holds_coupon(self) -> ir.Condition:
        """Holds a coupon, perhaps one that expires soon."""
        return ir.HoldsCoupon(self.rng.choice(vocabulary.COUPONS[:2]), self._window_or_none(0.4))

    def used_coupon(self) -> ir.Condition:
        """Used a coupon."""
        return ir.UsedCoupon(self.rng.choice(vocabulary.COUPONS[:2]), *self._times(), self._window_or_none())

    def received_redpacket(self) -> ir.Condition:
        """Was given a red packet."""
        name = self.rng.choice(vocabulary.REDPACKETS)
        return ir.ReceivedRedpacket(name, *self._times(), self._window_or_none(0.3))

    def invited(self) -> ir.Condition:
        """Brought members, of whom something may have to be true."""
        where = self.rng.choice((None, self.did, self.has_tag, self.compare_attribute, self.changed))
        inner = None if where is None else where()
        return ir.Invited(*self._times(), inner, self._window_or_none(0.3))

    def due_to_reorder(self) -> ir.Condition:
        """Bought something that will last until a window."""
        subjects = self.patterns(vocabulary.SUBJECTS) if self.rng.random() < 0.4 else ()
        quantity = self.rng.choice((None, vocabulary.FIELDS[1], vocabulary.FIELDS[1]))
        lasts = self.rng.choice((vocabulary.LASTS, ir.Duration(7 * ir.DAY), ir.Duration(0, 1)))
        query = ir.EventQuery("下单", subjects)
        return ir.DueToReorder("猫粮2kg", query, lasts, quantity, self.window())

    def in_group(self) -> ir.Condition:
        """Is in a customer group."""
        return ir.InGroup(self.pattern(vocabulary.GROUPS))

    def is_friend(self) -> ir.Condition:
        """Is a friend of somebody."""
        return ir.IsFriend()

    def source_in(self) -> ir.Condition:
        """Came from one of some sources."""
        return ir.SourceIn("线下", tuple(self.rng.sample(vocabulary.SOURCES, self.rng.choice((1, 2)))))

    def today_is(self) -> ir.Condition:
        """The day is a workday or a holiday, and something parts the members."""
        day = ir.TodayIs(self.rng.choice(("workday", "holiday")))
        kind = ir.All if self.rng.random() < 0.5 else ir.Any
        return kind((day, self.is_friend()))

    def did_since(self) -> ir.Condition:
        """Did something after the first or last time they did another thing."""
        makers = (
            lambda: ir.Did(replace(self.query(windows=False), window=self.since())),
            lambda: ir.HasTag(self.patterns(vocabulary.TAGS), self.since()),
            lambda: ir.InWindow(ir.AttributeRef("到期", ir.ValueType.INSTANT), self.since()),
            lambda: ir.InWindow(ir.AttributeRef("生日", ir.ValueType.DATE), self.since()),
            lambda: ir.MomentIn("last", self.query(windows=False), self.since()),
        )
        return self.rng.choice(makers)()

    def did_during(self) -> ir.Condition:
        """Did something while an activity went on."""
        return ir.Did(replace(self.query(windows=False), window=self.activity()))
