"""Random conditions over the vocabulary: every node, every operator, every window, nested and negated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from oracle import clock, vocabulary
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
        )

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
        names = [leaf.__name__ for leaf in self.leaves]
        return names.index(tests[place % len(tests)]) if tests else place

    def leaf(self, number: int | None = None) -> ir.Condition:
        """One test: the given one, or any."""
        if number is None:
            if self.rng.random() < 0.02:
                return ir.Always(self.rng.random() < 0.5)
            number = self.rng.randrange(len(self.leaves))
        return self.leaves[number % len(self.leaves)]()

    def library(self) -> ir.Library:
        """A library whose segments and metrics the conditions made from now on use."""
        self.metrics, self.segments = [], []
        metrics = {}
        for name in ("近期消费", "次数"):
            metrics[name] = self.total()
            self.metrics.append(ir.MetricRef(name, metrics[name].type))
        segments: dict[str, ir.Condition] = {}
        for name in ("高价值", "沉睡", "it's"):
            segments[name] = self.condition(2)
            self.segments.append(name)
        return vocabulary.library(segments, metrics)

    # Windows

    def window(self) -> ir.Window:
        """Any window a text can say."""
        makers = (self.elapsed, self.elapsed, self.days, self.days, self.calendar, self.dates, self.months)
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
