"""The parse tree of one line, before it becomes syntax nodes."""

from __future__ import annotations

from collections.abc import Iterator


class Token(str):
    """The text of a token, its terminal (``type``), and where it stands."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int

    def __new__(cls, terminal: str, text: str, start: int, end: int) -> Token:
        """A token of some terminal at a place."""
        made = super().__new__(cls, text)
        made.type, made.start_pos, made.end_pos = terminal, start, end
        return made

    def reading(self, text: str) -> Token:
        """The same token in the same place with another text."""
        return Token(self.type, text, self.start_pos, self.end_pos)


class Tree:
    """What a rule of the grammar matched: ``data`` is the name of the rule or alternative."""

    __slots__ = ("children", "data")

    def __init__(self, data: str, children: list[Tree | Token]) -> None:
        self.data = data
        self.children = children

    def find_data(self, data: str) -> Iterator[Tree]:
        """The trees of some rule within this one, itself included, in the order of the text."""
        if self.data == data:
            yield self
        for child in self.children:
            if isinstance(child, Tree):
                yield from child.find_data(data)

    def __repr__(self) -> str:
        return f"Tree({self.data!r}, {self.children!r})"
