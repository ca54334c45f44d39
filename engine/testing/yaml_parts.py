"""The parts that test files are made of: mappings under known keys, lists, instants; mistakes are noted with their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..yaml_text import YamlReader, span_of
from .instants import read_instant
from .keys import NO, YES, Spellings
from .names import unknown_name


class TestReader(YamlReader):
    """Reads nodes; ``zone`` is that of clocks and dates."""

    __test__ = False

    def __init__(self, file: str, zone: str) -> None:
        super().__init__(file)
        self.zone = zone

    def keyed(self, node: Node, spellings: Spellings, key: str) -> dict[str, Node]:
        """The values of a mapping by their English keys."""
        found: dict[str, Node] = {}
        for written, value in self.entries(node, tuple(spellings), key).items():
            name = spellings[written]
            if name in found:
                self.error("C110", value, key=written)
            found.setdefault(name, value)
        return found

    def pairs(self, node: Node, key: str) -> list[tuple[str, Node, Node]]:
        """The entries of a mapping with any keys: name, the key's node, the value."""
        values = self.entries(node, None, key)
        named: list[tuple[Node, Node]] = node.value if isinstance(node, MappingNode) else []
        return [(str(name.value), name, value) for name, value in named if values.get(str(name.value)) is value]

    def items(self, node: Node) -> Sequence[Node]:
        """The entries of a list; one thing alone is a list of itself, nothing is an empty one."""
        if isinstance(node, SequenceNode):
            return list(node.value)
        return [] if is_blank(node) else [node]

    def instant(self, node: Node, origin: int) -> int | None:
        """The instant of a text seen from ``origin``; None with an error."""
        text = self.text(node, "at")
        found = read_instant(text, origin, self.zone) if text else None
        if found is None and isinstance(node, ScalarNode):
            self.error("C402", node, text=text)
        return found

    def yes(self, node: Node, key: str) -> bool:
        """Whether a text says yes."""
        text = self.text(node, key).lower()
        if text not in YES | NO:
            self.error("C112", node, key=key, text=text, choices="yes, no")
        return text in YES

    def unknown(self, code: str, name: str, known: Iterable[str], node: Node, **params: str) -> None:
        """Note a name that is not known, with the nearest one."""
        self.found.append(unknown_name(self.file, code, name, known, span_of(node), **params))

    def known(self, code: str, node: Node, key: str, declared: Mapping[str, object]) -> str | None:
        """A text that must be a declared name; None with an error."""
        name = self.text(node, key)
        if name in declared:
            return name
        if isinstance(node, ScalarNode):
            self.unknown(code, name, declared, node)
        return None


def is_blank(node: Node) -> bool:
    """Whether a node says nothing: an empty text, or nothing behind the colon."""
    return isinstance(node, ScalarNode) and not str(node.value).strip()
