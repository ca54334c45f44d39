"""What is called impossible is false in every state of a small universe, and what is false in all is called so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qingting.engine.program.ir import (
    DAY,
    NUMBER_SCALE,
    All,
    Always,
    Any,
    Attribute,
    AttributeRef,
    Compare,
    Condition,
    Cutoff,
    CutoffKind,
    Did,
    EventQuery,
    HasTag,
    InSegment,
    Library,
    MetricRef,
    MomentIn,
    Not,
    Sample,
    Tag,
    TagGroup,
    TextPattern,
    Total,
    ValueType,
    Window,
)
from qingting.engine.program.lint.satisfiable import core_of, is_impossible
from qingting.engine.program.lint.times import before
from sampling import sampled

POINTS = AttributeRef("points", ValueType.NUMBER)
AGE = AttributeRef("age", ValueType.NUMBER)
CITY = AttributeRef("city", ValueType.TEXT)
CARD = AttributeRef("card", ValueType.TEXT)
NOW = Cutoff(CutoffKind.T, 0, 1)
WEEK = EventQuery("order", window=Window(Cutoff(CutoffKind.T, 0, -7 * DAY + 1), NOW))
MONTH = EventQuery("order", window=Window(Cutoff(CutoffKind.T, 0, -30 * DAY + 1), NOW))
ORDERS = Total("number", MONTH, None, ValueType.NUMBER)
SEGMENT = HasTag((TextPattern("甲"),))
LIBRARY = Library(
    attributes={
        "points": Attribute("points", ValueType.NUMBER),
        "age": Attribute("age", ValueType.NUMBER),
        "city": Attribute("city", ValueType.TEXT),
        "card": Attribute("card", ValueType.TEXT, ("银", "金")),
    },
    events={}, tags={"甲": Tag("甲"), "乙": Tag("乙"), "丙": Tag("丙", "G"), "丁": Tag("丁", "G"), "戊": Tag("戊", "G")},
    tag_groups={"G": TagGroup("G", exclusive=True)}, segments={"S": SEGMENT}, metrics={"M": ORDERS},
    templates={}, coupons={},
)


@dataclass(frozen=True)
class State:
    """One member: tags, values (None: unknown; the age in quarters), orders of this week and of the rest of the month, and a draw."""

    tags: frozenset[str]
    points: int
    age: int | None
    city: str | None
    card: str | None
    week: int
    earlier: int
    draw: int


FREE = [frozenset(), frozenset("甲"), frozenset("乙"), frozenset("甲乙")]
ONE_OF = [frozenset[str](), frozenset("丙"), frozenset("丁"), frozenset("戊")]
TAGGED = [free | one for free, one in product(FREE, ONE_OF)]


def states(*, tags: bool, values: bool, counts: bool) -> Iterator[State]:
    """All members of the universe, what is not asked about left at one value."""
    for held, points, age, city, card, week, earlier, draw in product(
        TAGGED if tags else TAGGED[:1],
        range(-1, 4) if values else (0,),
        (None, *range(-1, 6)) if values else (None,),
        (None, "a", "b", "ab", "c") if values else (None,),
        (None, "银", "金") if values else (None,),
        range(4) if counts else (0,),
        range(4) if counts else (0,),
        (1000, 3000, 6000, 9000) if tags or counts else (1000,),
    ):
        yield State(held, points, age, city, card, week, earlier, draw)


def holds(test: Condition, state: State) -> bool:
    """Whether a condition is true of a member, told as plainly as can be."""
    match test:
        case Always(value):
            return value
        case Not(item):
            return not holds(item, state)
        case All(items):
            return all(holds(item, state) for item in items)
        case Any(items):
            return any(holds(item, state) for item in items)
        case InSegment():
            return holds(SEGMENT, state)
        case HasTag(patterns):
            return any(
                tag.startswith(pattern.text) if pattern.prefix else tag == pattern.text
                for pattern in patterns for tag in state.tags
            )
        case Did(query, low, high):
            done = state.week if query is WEEK or query == WEEK else state.week + state.earlier
            return done >= low and (high is None or done <= high)
        case Sample(_, low, high):
            return low <= state.draw < high
        case Compare(operand, op, values):
            return compares(value_of(operand, state), op, values)
    raise AssertionError(test)


def value_of(operand: object, state: State) -> int | str | None:
    match operand:
        case AttributeRef("points"):
            return state.points * NUMBER_SCALE
        case AttributeRef("age"):
            return None if state.age is None else state.age * NUMBER_SCALE // 4
        case AttributeRef("city"):
            return state.city
        case AttributeRef("card"):
            return state.card
    return (state.week + state.earlier) * NUMBER_SCALE


def compares(value: int | str | None, op: str, values: tuple[int | str, ...]) -> bool:
    if op in ("known", "unknown"):
        return (value is None) == (op == "unknown")
    if value is None:
        return False
    if isinstance(value, str):
        texts = [str(each) for each in values]
        return {
            "is": value == texts[0], "is_not": value != texts[0], "in": value in texts, "not_in": value not in texts,
            "starts": value.startswith(texts[0]), "ends": value.endswith(texts[0]), "contains": texts[0] in value,
        }[op]
    first, last = int(values[0]), int(values[-1])
    return {
        "is": value == first, "is_not": value != first, "in": value in values, "not_in": value not in values,
        "lt": value < first, "le": value <= first, "gt": value > first, "ge": value >= first,
        "between": first <= value <= last,
    }[op]


# Tests of each theory, with constants such that the universe tells all their combinations apart

patterns = st.sampled_from([*"甲乙丙丁戊"]).map(TextPattern)
tag_tests = st.lists(patterns, min_size=1, max_size=2, unique=True).map(lambda found: HasTag(tuple(found)))
shares = st.sampled_from([(0, 2500), (2500, 5000), (0, 5000), (5000, 10_000), (2500, 7500)])
sample_tests = shares.map(lambda span: Sample("x", *span))


def number_tests(operand: AttributeRef | Total | MetricRef) -> st.SearchStrategy[Condition]:
    one = st.integers(0, 2).map(lambda number: number * NUMBER_SCALE // (2 if operand is AGE else 1))
    single = st.sampled_from(["is", "is_not", "lt", "le", "gt", "ge"])
    spans = st.tuples(one, one).map(lambda pair: Compare(operand, "between", tuple(sorted(pair))))
    lists = st.builds(lambda op, many: Compare(operand, op, tuple(many)), st.sampled_from(["in", "not_in"]),
                      st.lists(one, min_size=1, max_size=2, unique=True))
    return st.one_of(st.builds(lambda op, value: Compare(operand, op, (value,)), single, one), spans, lists)


def text_tests(operand: AttributeRef, words: list[str]) -> st.SearchStrategy[Condition]:
    single = st.builds(lambda op, word: Compare(operand, op, (word,)), st.sampled_from(["is", "is_not"]),
                       st.sampled_from(words))
    return st.one_of(single, st.sampled_from([Compare(operand, "known"), Compare(operand, "unknown")]))


ranges = st.tuples(st.integers(0, 2), st.sampled_from([None, 0, 1, 2])).filter(lambda r: r[1] is None or r[1] >= r[0])
did_tests = st.builds(lambda query, span: Did(query, *span), st.sampled_from([WEEK, MONTH]), ranges)
segment_tests = st.just(InSegment("S"))
value_tests = st.one_of(number_tests(POINTS), number_tests(AGE), text_tests(CITY, ["a", "b"]), text_tests(CARD, ["银", "金"]))
loose_texts = st.builds(lambda op, word: Compare(CITY, op, (word,)), st.sampled_from(["starts", "ends", "contains"]),
                        st.sampled_from(["a", "b", "ab"]))


def combined(tests: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Audiences of some tests: nested, negated, with more ``and`` than ``or`` so that many are impossible."""
    literals = st.one_of(tests, tests.map(Not))
    return st.recursive(
        literals,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(lambda items: All(tuple(items))),
            st.lists(inner, min_size=2, max_size=2).map(lambda items: Any(tuple(items))),
            inner.map(Not),
        ),
        max_leaves=8,
    )


THEORIES = [
    (combined(st.one_of(tag_tests, segment_tests, sample_tests)), {"tags": True, "values": False, "counts": False}),
    (combined(value_tests), {"tags": False, "values": True, "counts": False}),
    (combined(st.one_of(did_tests, sample_tests)), {"tags": False, "values": False, "counts": True}),
]


@pytest.mark.parametrize("theory", sampled(3, range(len(THEORIES))), ids=["tags", "values", "counts"])
@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_it_finds_what_enumeration_finds(theory: int, data: st.DataObject) -> None:
    audiences, asked = THEORIES[theory]
    audience = data.draw(audiences)
    assert is_impossible(audience, LIBRARY) == (not any(holds(audience, state) for state in states(**asked)))


total_tests = st.one_of(number_tests(ORDERS), number_tests(MetricRef("M", ValueType.NUMBER)))


@given(combined(st.one_of(tag_tests, value_tests, did_tests, loose_texts, total_tests)))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_is_called_impossible_is_false_of_everybody(audience: Condition) -> None:
    if is_impossible(audience, LIBRARY):
        some = (state for held in TAGGED for state in varied(held))
        assert not any(holds(audience, state) for state in some)


def varied(held: frozenset[str]) -> Iterator[State]:
    """Members with these tags, in many other ways different."""
    for age, city, week in product((None, 0, 1, 3), (None, "a", "b", "ab", "ba"), range(4)):
        yield State(held, week, age, city, "银" if week else None, week, week % 2, 1000)


@given(st.lists(st.one_of(tag_tests, tag_tests.map(Not), sample_tests), min_size=2, max_size=6))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_core_is_impossible_and_no_part_of_it_can_go(parts: list[Condition]) -> None:
    if not is_impossible(All(tuple(parts)), LIBRARY):
        return
    core = core_of(parts, LIBRARY)
    assert is_impossible(All(tuple(parts[place] for place in core)), LIBRARY)
    for left_out in core:
        rest = [parts[place] for place in core if place != left_out]
        assert not rest or not is_impossible(All(tuple(rest)), LIBRARY)


def test_too_many_alternatives_are_not_judged() -> None:
    either = Any(tuple(HasTag((TextPattern(f"t{number}"),)) for number in range(20)))
    nobody = All((HasTag((TextPattern("甲"),)), Not(HasTag((TextPattern("甲"),)))))
    assert is_impossible(nobody, LIBRARY)
    assert not is_impossible(All((either, either, nobody)), LIBRARY)


def window(low: Cutoff | None, high: Cutoff | None) -> Window:
    return Window(low, high)


AGO = {days: Cutoff(CutoffKind.T, 0, -days * DAY + 1) for days in (3, 45)}
TODAY = window(Cutoff(CutoffKind.DAY, 0), Cutoff(CutoffKind.DAY, 1))
LONG_AGO = window(None, AGO[45])


@pytest.mark.parametrize(
    ("first", "second", "impossible"),
    [
        (MomentIn("last", EventQuery("order"), LONG_AGO), Did(EventQuery("order", window=TODAY)), True),
        (MomentIn("last", EventQuery("order"), LONG_AGO),
         Did(EventQuery("order", (TextPattern("猫"),), window=TODAY)), True),
        (MomentIn("last", EventQuery("order", (TextPattern("猫"),)), LONG_AGO), Did(EventQuery("order", window=TODAY)), False),
        (MomentIn("first", EventQuery("order"), LONG_AGO), Did(EventQuery("order", window=TODAY)), False),
        (MomentIn("first", EventQuery("order"), TODAY), Did(EventQuery("order", window=LONG_AGO)), True),
        (MomentIn("last", EventQuery("order"), LONG_AGO), Not(Did(EventQuery("order"))), True),
        (MomentIn("last", EventQuery("order"), LONG_AGO), Not(Did(EventQuery("order", window=TODAY))), False),
    ],
)
def test_moments(first: Condition, second: Condition, impossible: bool) -> None:
    assert is_impossible(All((first, second)), LIBRARY) is impossible


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Cutoff(CutoffKind.T, 0, -3 * DAY), Cutoff(CutoffKind.DAY, 0), True),
        (Cutoff(CutoffKind.T, 0, -DAY // 2), Cutoff(CutoffKind.DAY, 0), None),
        (Cutoff(CutoffKind.T, 0, DAY), Cutoff(CutoffKind.DAY, 0), False),
        (Cutoff(CutoffKind.DAY, -1), Cutoff(CutoffKind.T, 0, 1), True),
        (Cutoff(CutoffKind.DAY, 1), Cutoff(CutoffKind.T, 0, 1), None),
        (Cutoff(CutoffKind.DAY, 3), Cutoff(CutoffKind.T, 0, DAY), False),
        (Cutoff(CutoffKind.MONTHS, -1), Cutoff(CutoffKind.T, 0, 0), None),
    ],
)
def test_cutoffs_compared_from_wherever_they_are_seen(first: Cutoff, second: Cutoff, expected: bool | None) -> None:
    assert before(first, second) is expected
