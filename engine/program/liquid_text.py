"""Liquid texts: the variables they take from outside, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...grammar.record import record

# What most texts consist of. It is read here because loading the Liquid library takes longer than all other checks.
_PLAIN = re.compile(
    r"""\{\{-?\s*(?P<path>[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*)\s*
        (?:\|\s*(?P<default>default)\s*:\s*(?:'[^'{}]*'|"[^"{}]*"|\d+(?:\.\d+)?)\s*)?-?\}\}""",
    re.VERBOSE,
)
_MARKS = ("{{", "{%", "}}", "%}")
_RESERVED = frozenset({"true", "false", "nil", "null", "empty", "blank", "forloop", "tablerowloop"})
_SHOWN = 20


@record
class VariableUse:
    """A variable in a text: its path, where it begins, and whether it is written out without a default."""

    path: str
    index: int
    bare: bool


@record
class LiquidFault:
    """A message ``code`` for what cannot be read, the ``part`` of the text that is wrong, and where it begins."""

    code: str
    part: str
    index: int


def read_liquid(text: str) -> tuple[VariableUse, ...] | LiquidFault:
    """Return the variables that a Liquid text takes from outside, in order, or what is wrong with it.

    >>> read_liquid("{{ name }}, {{ city | default: 'x' }}")[1]
    VariableUse(path='city', index=15, bare=False)
    """
    if "{{" not in text and "{%" not in text:
        return ()
    rest = _PLAIN.sub("", text)
    plain = list(_PLAIN.finditer(text))
    if any(mark in rest for mark in _MARKS) or any(match["path"].split(".")[0] in _RESERVED for match in plain):
        return _read_with_library(text)
    return tuple(VariableUse(match["path"], match.start("path"), match["default"] is None) for match in plain)


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of a code point in a text."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _read_with_library(text: str) -> tuple[VariableUse, ...] | LiquidFault:
    from liquid import Environment
    from liquid.exceptions import LiquidError

    environment = Environment()
    try:
        template = environment.from_string(text)
        analysis = template.analyze(include_partials=False)
    except LiquidError as error:
        return _fault(text, error.token.start_index if error.token else -1)
    for name, spans in analysis.filters.items():
        if name not in environment.filters:
            return LiquidFault("E351", name, spans[0].index)
    bare = _bare_places(template.nodes)
    uses = [
        VariableUse(str(variable), variable.span.index, variable.span.index in bare)
        for variables in analysis.globals.values()
        for variable in variables
    ]
    return tuple(sorted(uses, key=lambda use: use.index))


def _fault(text: str, index: int) -> LiquidFault:
    # The library gives no place for what ends too early; the first opening mark is then the best there is.
    start = index if index >= 0 else min(i for i in (text.find("{{"), text.find("{%")) if i >= 0)
    return LiquidFault("E350", text[start : start + _SHOWN].split("\n")[0], start)


def _bare_places(nodes: object) -> frozenset[int]:
    """Where a variable is written out with no ``default`` behind it."""
    from liquid.builtin.expressions import FilteredExpression, Path
    from liquid.builtin.output import OutputNode

    places: set[int] = set()
    for node in _all_nodes(nodes):
        if not isinstance(node, OutputNode) or not isinstance(node.expression, FilteredExpression):
            continue
        names = [each.name for each in node.expression.filters or []]
        if "default" not in names and isinstance(node.expression.left, Path):
            places.add(node.expression.left.token.start_index)
    return frozenset(places)


def _all_nodes(nodes: object) -> Iterator[object]:
    from liquid import RenderContext, Template

    static = RenderContext(Template(""))
    waiting = list(nodes) if isinstance(nodes, list | tuple) else []
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children(static, include_partials=False))
