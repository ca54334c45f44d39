"""YAML with places: texts as written, and every mistake with the span where it stands.

Scalars keep their text (``12:30`` is not 750, ``no`` is not false). Unknown and repeated keys are errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from ..grammar.diagnostics import Diagnostic, Span

MOST_CHARACTERS = 1_000_000
DEEPEST = 100


class YamlReader:
    """One reading of one ``file``; ``found`` gathers what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Diagnostic] = []

    def error(self, code: str, where: Node | Span, **params: str | int) -> None:
        """Note an error at a node or a span."""
        span = where if isinstance(where, Span) else span_of(where)
        self.found.append(Diagnostic(code, "error", self.file, span, params))

    def compose(self, text: str, empty: str) -> MappingNode | None:
        """The mapping that ``text`` is, None with an error; ``empty`` is the code for nothing at all."""
        start = Span(0, min(1, len(text)))
        if len(text) > MOST_CHARACTERS:
            self.error("C101", start, most=MOST_CHARACTERS)
            return None
        if _depth(text) > DEEPEST:
            # The parser's time grows with the square of the depth.
            self.error("C103", start)
            return None
        root = self._composed(text, start)
        if root is None and not self.found:
            self.error(empty, start)
        elif root is not None and not isinstance(root, MappingNode):
            self.error("C104", root, key=self.file)
        return root if isinstance(root, MappingNode) else None

    def _composed(self, text: str, start: Span) -> Node | None:
        try:
            root: Node | None = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            index = min(mark.index, max(0, len(text) - 1)) if mark else 0
            hint = "colon" if cut_by_a_colon(_line_until(text, index)) else None
            self.found.append(Diagnostic("C102", "error", self.file, Span(index, index + 1), {}, hint))
            return None
        except yaml.reader.ReaderError as error:
            self.error("C102", Span(error.position, error.position + 1))
            return None
        except RecursionError:
            self.error("C103", start)
            return None
        return root

    def entries(self, node: Node, allowed: tuple[str, ...] | None, key: str = "") -> dict[str, Node]:
        """The values of a mapping by key; repeated keys and those not ``allowed`` are errors."""
        if not isinstance(node, MappingNode):
            self.error("C104", node, key=key or self.file)
            return {}
        values: dict[str, Node] = {}
        for name, value in node.value:
            text = name.value if isinstance(name, ScalarNode) else ""
            if not text or (allowed is not None and text not in allowed):
                self.error("C109", name, key=text, known=", ".join(allowed or ()))
            elif text in values:
                self.error("C110", name, key=text)
            else:
                values[text] = value
        return values

    def text(self, node: Node, key: str) -> str:
        """A scalar's text without outer white space; "" with an error for anything else."""
        if isinstance(node, ScalarNode):
            return str(node.value).strip()
        self.error("C111", node, key=key)
        return ""

    def choice(self, nodes: Mapping[str, Node], key: str, choices: tuple[str, ...]) -> str | None:
        """One of ``choices``, None where the key is absent."""
        if key not in nodes:
            return None
        text = self.text(nodes[key], key)
        if text not in choices:
            self.error("C112", nodes[key], key=key, text=text, choices=", ".join(choices))
        return text


def cut_by_a_colon(text: str) -> bool:
    """Whether a plain text ends inside a quoted part of itself: a colon and a space in it have cut it.

    >>> cut_by_a_colon('alert staff "a'), cut_by_a_colon('alert staff "a"'), cut_by_a_colon('"a')
    (True, False, False)
    """
    return _OPEN_QUOTE.search(text) is not None


# A quote that begins a text of YAML stands behind a colon, a comma, a dash or a bracket.
_OPEN_QUOTE = re.compile(r'[^\s:,\[{-]\s+"(?:[^"]*"[^"]*")*[^"]*$')


def _line_until(text: str, index: int) -> str:
    """The line at ``index`` as far as the colon that was read last."""
    start = text.rfind("\n", 0, index) + 1
    colon = text.rfind(": ", start, index + 2)
    return text[start:colon] if colon >= 0 else ""


def span_of(node: Node) -> Span:
    """The span of a node, at least one character."""
    start, end = node.start_mark.index, node.end_mark.index
    return Span(start, max(end, start + 1))


def _depth(text: str) -> int:
    """How deep brackets nest; those in texts count too."""
    steps = ((char in "[{") - (char in "]}") for char in text)
    return max(accumulate(steps, initial=0))
