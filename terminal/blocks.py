"""Tables, trees and lines: plain text for a pipe, drawn by rich in a terminal.

What is shown is described as values; only :class:`Screen` knows how. Widths are display cells, so that columns stand
under each other when the text is Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TextIO

from ..grammar.record import record
from ..grammar.source import display_cells

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

Style = Literal["", "bold", "dim", "good", "bad", "warning", "number"]
_RICH_STYLES = {
    "good": "green",
    "bad": "red",
    "warning": "yellow",
    "number": "cyan",
    "dim": "dim",
    "bold": "bold",
    "": "",
}


@record
class Column:
    """A column's heading; numbers stand to the right."""

    heading: str
    is_number: bool = False


@record
class Table:
    """Rows of texts under columns. ``title`` stands above, if any."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@record
class Branch:
    """A node of a tree: a label with a style, and what hangs under it."""

    label: str
    style: Style = ""
    children: tuple[Branch, ...] = ()


class Screen:
    """Puts blocks out: with rich where a person watches (``pretty``), as plain lines else."""

    def __init__(self, out: TextIO, *, pretty: bool, color: bool) -> None:
        self.out = out
        self.pretty = pretty
        self.color = color
        self._console: Console | None = None

    def line(self, text: str = "", style: Style = "") -> None:
        """One line of text."""
        if self.color and style:
            self.console.print(self._text(text, style), soft_wrap=True)
        else:
            self.out.write(text + "\n")

    def table(self, table: Table) -> None:
        """A table; without rows only its title."""
        if table.title:
            self.line(table.title, "bold")
        if not table.rows:
            return
        if self.pretty:
            self._rich_table(table)
        else:
            for line in plain_table(table):
                self.out.write(line + "\n")

    def tree(self, root: Branch) -> None:
        """A tree with its root."""
        if self.pretty:
            self.console.print(self._rich_tree(root), soft_wrap=True)
        else:
            for line in plain_tree(root):
                self.out.write(line + "\n")

    @property
    def console(self) -> Console:
        """The rich console, loaded when first needed."""
        if self._console is None:
            from rich.console import Console

            self._console = Console(file=self.out, no_color=not self.color, highlight=False, emoji=False, markup=False)
        return self._console

    def _text(self, text: str, style: Style) -> Text:
        from rich.text import Text

        return Text(text, style=_RICH_STYLES[style])

    def _rich_table(self, table: Table) -> None:
        from rich import box
        from rich.table import Table as RichTable

        drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for column in table.columns:
            drawn.add_column(column.heading, justify="right" if column.is_number else "left", overflow="fold")
        for row in table.rows:
            drawn.add_row(*(self._text(cell, "") for cell in row))
        self.console.print(drawn)

    def _rich_tree(self, branch: Branch) -> Tree:
        from rich.tree import Tree

        tree = Tree(self._text(branch.label, branch.style), guide_style="dim")
        # An own stack instead of recursion: conditions nest as deep as the language allows.
        waiting = [(tree, child) for child in reversed(branch.children)]
        while waiting:
            parent, child = waiting.pop()
            node = parent.add(self._text(child.label, child.style))
            waiting.extend((node, grandchild) for grandchild in reversed(child.children))
        return tree


def plain_table(table: Table) -> Iterator[str]:
    """The lines of a table, columns two spaces apart.

    >>> list(plain_table(Table((Column("客户"), Column("n", True)), (("甲", "1"), ("乙丙丁", "20")))))
    ['客户     n', '甲       1', '乙丙丁  20']
    """
    rows = [tuple(c.heading for c in table.columns), *table.rows]
    widths = [max(display_cells(row[i]) for row in rows) for i in range(len(table.columns))]
    for row in rows:
        padded = [_padded(text, width, c.is_number) for text, width, c in zip(row, widths, table.columns, strict=True)]
        yield "  ".join(padded).rstrip()


def plain_tree(root: Branch) -> Iterator[str]:
    """The lines of a tree, each level drawn with ├ and └."""
    yield root.label
    waiting = [(child, "", number == len(root.children) - 1) for number, child in enumerate(root.children)][::-1]
    while waiting:
        branch, indent, is_last = waiting.pop()
        yield f"{indent}{'└─' if is_last else '├─'} {branch.label}"
        deeper = indent + ("   " if is_last else "│  ")
        last = len(branch.children) - 1
        waiting.extend([(child, deeper, number == last) for number, child in enumerate(branch.children)][::-1])


def _padded(text: str, width: int, to_the_right: bool) -> str:
    space = " " * (width - display_cells(text))
    return space + text if to_the_right else text + space


def rows_of(items: Sequence[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Rows of texts from rows of values; None is an empty cell."""
    return tuple(tuple("" if cell is None else str(cell) for cell in row) for row in items)
