"""The sheet on which statements are written: indentation, rows, comments, blank lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from ..diagnostics import Span
from ..syntax import And, Condition, Or
from .breaking import STEP, Row, breaks, chains, rows_of
from .conditions import condition_words, list_at_end
from .margin import Margin, Remark
from .phrases import Phrase
from .tongue import Tongue

Say: TypeAlias = Callable[[Tongue], "Phrase | str"]
"""Says a statement in a language."""


@dataclass(slots=True)
class _Open:
    """A statement whose block may still be written: its indentation as read and its depth as written."""

    indent: int
    depth: int


class Sheet:
    """Collects the lines of a text. ``margin`` holds the comments to keep, None for a tree without a text.

    Where a line is broken is decided for both languages at once, so that a text keeps its shape when translated.
    """

    def __init__(self, tongue: Tongue, other: Tongue, margin: Margin | None) -> None:
        self.tongue = tongue
        self._other = other
        self._margin = margin
        self._lines: list[str] = []
        self._done = -1
        self._open: list[_Open] = []
        # Comments inside a statement that had no row to stand at; they follow it.
        self._carried: list[Remark] = []

    def text(self) -> str:
        """The text, with what stands at its end."""
        if self._margin is not None:
            self._catch_up(len(self._margin.lines), 0)
        return "\n".join([*self._lines, ""]) if self._lines else ""

    def statement(self, depth: int, span: Span, say: Say) -> bool:
        """Write a statement that begins in the line of ``span``; True where its own chain of tests is broken."""
        place = self._margin.line_of(span.start) if self._margin is not None else 0
        return self._write(depth, place, say)

    def statement_above(self, depth: int, span: Span, say: Say) -> None:
        """Write a statement whose line stands directly above that of ``span``."""
        place = self._margin.line_of(span.start) - 1 if self._margin is not None else 0
        self._write(depth, place, say)

    def with_condition(self, depth: int, span: Span, say: Say, condition: Condition) -> None:
        """Write a statement that ends with a condition, and the block of conditions under it."""
        broken = self.statement(depth, span, say)
        found = list_at_end(condition)
        if found is not None:
            self.conditions(depth + (2 if broken else 1), found.items)

    def lines(self, depth: int, lines: Iterable[tuple[int, Say]]) -> None:
        """Write statements in the order in which they stand, each given with a place in its line."""
        for start, say in sorted(lines, key=lambda line: line[0]):
            self.statement(depth, Span(start, start), say)

    def conditions(self, depth: int, conditions: Sequence[Condition]) -> None:
        """Write conditions, one a statement."""
        for condition in conditions:
            self.with_condition(depth, condition.span, partial(condition_words, condition), condition)

    def _write(self, depth: int, place: int, say: Say) -> bool:
        margin = self._margin
        remarks: list[Remark] = []
        if margin is not None and place > self._done:
            self._catch_up(place, depth)
            if margin.after_blank(place):
                self._blank()
            self._enter(margin.lines[place].indent, depth)
            remarks = margin.within(place)
            self._done = place
        phrase = _as_phrase(say(self.tongue))
        broken = self._broken(phrase, say, depth, remarks)
        self._carried = self._rows(rows_of(phrase, broken), remarks, depth)
        return any(chain.leads and id(chain.node) in broken for chain in chains(phrase))

    def _broken(self, phrase: Phrase, say: Say, depth: int, remarks: Sequence[Remark]) -> frozenset[int]:
        """The chains to break, decided for both languages."""
        if all(isinstance(part, str) for part in phrase):
            return frozenset()
        forced = self._forced(phrase, remarks) if remarks else frozenset()
        indent = len(STEP) * depth
        return breaks(phrase, indent, forced) | breaks(_as_phrase(say(self._other)), indent, forced)

    def _forced(self, phrase: Phrase, remarks: Sequence[Remark]) -> frozenset[int]:
        """The chains that a comment keeps apart: it stands before their last test, or in a chain inside them."""
        found: frozenset[int] = frozenset()
        for chain in phrase:
            if isinstance(chain, str):
                continue
            inner = frozenset[int]().union(*(self._forced(item, remarks) for item in chain.items))
            last = self._joint(chain.node, len(chain.items) - 1)
            following = bisect_right(remarks, chain.node.span.start, key=lambda remark: remark.at)
            if inner or (following < len(remarks) and remarks[following].at < last):
                inner |= {id(chain.node)}
            found |= inner
        return found

    def _rows(self, rows: list[Row], remarks: Sequence[Remark], depth: int) -> list[Remark]:
        """Write rows with the comments inside them; those that find no place are returned."""
        starts = [self._joint(row.chain, row.item) for row in rows if row.chain is not None]
        place = 0
        for row, start, until in zip(rows, [0, *starts], [*starts, None], strict=True):
            first = place
            while place < len(remarks) and remarks[place].at < start:
                place += 1
            self._alone(remarks[first:place], depth + row.level)
            self._lines.append(_indented(row.text, depth, row.level))
            behind = remarks[place] if place < len(remarks) and not remarks[place].alone else None
            if behind is not None and (until is None or behind.at < until):
                self._lines[-1] += f"  {behind.text}"
                place += 1
        return list(remarks[place:])

    def _joint(self, node: And | Or, item: int) -> int:
        """Where the and/or before a test stands in the text."""
        return self._margin.joint(node.items[item - 1].span.end) if self._margin is not None else 0

    def _catch_up(self, place: int, depth: int) -> None:
        """Write the comments up to a logical line, also those of lines for which no statement was written."""
        margin = self._margin
        assert margin is not None
        for passed in range(self._done + 1, place + 1):
            self._beside([*self._carried, *margin.before(passed)], passed, depth)
            self._carried = margin.within(passed) if passed < place else []
        self._done = place - 1

    def _beside(self, remarks: Sequence[Remark], place: int, depth: int) -> None:
        """Write comments that stand above a statement, those of the block before it with the block."""
        assert self._margin is not None
        lines = self._margin.lines
        indent = lines[place].indent if place < len(lines) else 0
        for remark in remarks:
            if remark.after_blank and remark.alone:
                self._blank()
            self._alone([remark], self._depth_of(remark, indent, depth))

    def _depth_of(self, remark: Remark, indent: int, depth: int) -> int:
        fitting = [each for each in self._open if indent < each.indent <= remark.indent]
        return fitting[-1].depth if fitting else depth

    def _enter(self, indent: int, depth: int) -> None:
        while self._open and self._open[-1].depth >= depth:
            self._open.pop()
        self._open.append(_Open(indent, depth))

    def _alone(self, remarks: Sequence[Remark], depth: int) -> None:
        self._lines += [STEP * depth + remark.text for remark in remarks]

    def _blank(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")


def _as_phrase(words: Phrase | str) -> Phrase:
    return (words,) if isinstance(words, str) else words


def _indented(text: str, depth: int, level: int) -> str:
    """A row with its indentation; the lines of a long string are indented as the statement is."""
    first, *more = text.split("\n")
    rest = "".join(f"\n{STEP * depth + line}" if line else "\n" for line in more)
    return STEP * (depth + level) + first + rest
