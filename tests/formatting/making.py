"""How syntax nodes are made at random from their definitions: names, texts, numbers, and records of them.

What a type does not say, such as that exactly one of two fields is given, stands in ``SPECIAL``, which ``generated``
fills.
"""

from __future__ import annotations

import functools
import types
import typing
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, get_args, get_origin, get_type_hints

import hypothesis.strategies as st
from qingting.grammar import syntax as tree
from qingting.grammar.diagnostics import Span
from qingting.grammar.names import DeclaredNames

SPAN = Span(0, 0)
ATTRIBUTES = ("城市", "等级卡", "生日", "首次下单", "a b", "today", "vip_level", "points", "joined")
EVENTS = ("下单", "点击", "分享 链接", "order", "last", "核销")
FIELDS = ("门店", "订单号", "amount", "qty", "subject", "where")
METRICS = ("近期消费", "recent")
CHANNELS = ("wecom", "group", "sms", "自有")
NAMES = DeclaredNames(
    attributes=frozenset(ATTRIBUTES), events=frozenset(EVENTS), fields={"下单": frozenset(FIELDS)},
    metrics=frozenset(METRICS), quoted=frozenset({"首次下单", "a b", "today", "分享 链接", "last", "where"}),
)

Strategy = st.SearchStrategy[Any]
SPECIAL: dict[type, Callable[[], Strategy]] = {}
_CHARACTERS = st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00a0\u202f")
WORDS = st.text(
    st.one_of(st.sampled_from("猫粮AB12 \"'「」『』“”\\*#,,。:()"), _CHARACTERS), min_size=1, max_size=8
).map(lambda text: unicodedata.normalize("NFC", text)).filter(lambda text: bool(text.strip()))


def _lines(lines: list[str]) -> str:
    """Several lines as they come out of a long string: blank ones empty, none of the others indented by all."""
    kept = [line if line.strip() else "" for line in lines]
    first = next((number for number, line in enumerate(kept) if line), None)
    if first is not None:
        kept[first] = kept[first].lstrip(" \t\u3000")
    return "\n".join(kept)


def titles() -> Strategy:
    return WORDS.map(lambda text: tree.Name(text, True, SPAN))


def bare(*names: str) -> Strategy:
    return st.sampled_from(names).map(lambda text: tree.Name(text, False, SPAN))


def patterns() -> Strategy:
    return st.builds(tree.Pattern, WORDS, st.booleans(), st.just(SPAN))


def texts(several: bool = False) -> Strategy:
    one = WORDS
    if several:
        one = st.one_of(WORDS, st.lists(st.one_of(st.just(""), WORDS), min_size=2, max_size=4).map(_lines))
    return one.map(lambda text: tree.Text(text, SPAN))


def numbers() -> Strategy:
    return st.one_of(
        st.integers(-(10**6), 10**6).map(str), st.sampled_from(["0.5", "-0.5", "1.234567", "3.14"])
    ).map(lambda text: tree.Number(text, SPAN))


def money(low: int = -100_000) -> Strategy:
    return st.integers(low, 10**7).map(lambda cents: tree.Money(cents, SPAN))


def counts(low: int = 0) -> Strategy:
    return st.integers(low, 1000)


def durations(*units: str) -> Strategy:
    chosen = units or ("minute", "hour", "day", "week", "month")
    return st.builds(tree.Duration, st.integers(1, 100), st.sampled_from(chosen), st.just(SPAN))


def clocks() -> Strategy:
    return st.times(min_value=time(0, 0), max_value=time(23, 59)).map(
        lambda found: tree.Clock(found.replace(second=0, microsecond=0), SPAN)
    )


def some(strategy: Strategy, least: int = 1, most: int = 3) -> Strategy:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def maybe(strategy: Strategy) -> Strategy:
    return st.one_of(st.none(), strategy)


def nested(leaf: Strategy, larger: Callable[[Strategy], Strategy], depth: int = 2) -> Strategy:
    """What grows from leaves, so many levels deep; ``st.recursive`` shows itself in messages of megabytes."""
    found = leaf
    for _ in range(depth):
        found = st.one_of(leaf, leaf, larger(found))
    return found


def made(kind: type, /, **fields: Strategy) -> Strategy:
    """Nodes of a kind, the fields that are not given from their types."""
    hints = _hints(kind)
    parts = {name: fields[name] if name in fields else of(hint) for name, hint in hints.items() if name != "span"}
    return st.builds(kind, **parts, span=st.just(SPAN))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    spaces: dict[str, Any] = {**vars(tree), "Literal": typing.Literal, "Span": Span, "date": date, "time": time,
                              "datetime": datetime}
    return get_type_hints(kind, globalns=spaces)


def of(hint: Any) -> Strategy:
    """Values of a type."""
    if hint is type(None):
        return st.none()
    if isinstance(hint, types.UnionType) or get_origin(hint) is typing.Union:
        return st.one_of(*(of(each) for each in get_args(hint)))
    if get_origin(hint) is typing.Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        return some(of(inner[0])) if inner[-1] is Ellipsis else st.tuples(*(of(each) for each in inner))
    if hint is int:
        return counts(1)
    if hint is bool:
        return st.booleans()
    return node(hint)


@functools.cache
def node(kind: type) -> Strategy:
    """Nodes of a kind, made when they are needed; a strategy that shows its parts would fill megabytes."""
    return _drawn(functools.cache(lambda: SPECIAL[kind]() if kind in SPECIAL else made(kind)))


@st.composite
def _drawn(draw: Callable[[Strategy], Any], make: Callable[[], Strategy]) -> Any:
    return draw(make())
