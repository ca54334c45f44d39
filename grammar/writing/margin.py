"""The margin of a text: its comments and blank lines, told by the statements they stand at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ..diagnostics import Span
from ..layout import Layout, columns
from ..record import record
from ..source import LineIndex

_SPACES = " \t\u3000\u00a0\u202f\ufeff"
_BETWEEN_TESTS = re.compile(r"[\s)]*")


@record
class Remark:
    """A comment: where it stands, its text, whether it has a line of its own, that line's indentation and whether a
    blank line stands before it.
    """

    at: int
    text: str
    alone: bool
    indent: int
    after_blank: bool


class Margin:
    """The comments of a text by the logical lines they stand at, in order."""

    def __init__(self, layout: Layout) -> None:
        self.text = layout.text
        self.flat = layout.flat
        self.lines = layout.lines
        self._physical = LineIndex(layout.text).starts
        self._starts = [line.start for line in layout.lines]
        self._before: list[list[Remark]] = [[] for _ in range(len(self.lines) + 1)]
        self._within: list[list[Remark]] = [[] for _ in self.lines]
        for comment in layout.comments:
            self._place(self._remark(comment))

    def _remark(self, comment: Span) -> Remark:
        begin = self._line_start(comment.start)
        lead = self.text[begin : comment.start]
        alone = not lead.strip(_SPACES)
        return Remark(comment.start, comment_text(self.text, comment), alone, columns(lead), self._blank_above(begin))

    def _place(self, remark: Remark) -> None:
        place = bisect_right(self._starts, remark.at) - 1
        if place >= 0 and (remark.at < self.lines[place].end or not remark.alone):
            self._within[place].append(remark)
        else:
            self._before[place + 1].append(remark)

    def line_of(self, offset: int) -> int:
        """The number of the logical line that an offset stands in."""
        return bisect_right(self._starts, offset) - 1

    def before(self, place: int) -> list[Remark]:
        """The comments on lines of their own between a logical line and the one before it; of the end, one more."""
        return self._before[place]

    def within(self, place: int) -> list[Remark]:
        """The comments inside a logical line and behind it."""
        return self._within[place]

    def after_blank(self, place: int) -> bool:
        """Whether a blank line stands above a logical line."""
        return self._blank_above(self._line_start(self.lines[place].start))

    def joint(self, end: int) -> int:
        """Where the and/or stands that follows a test which ends at ``end``."""
        match = _BETWEEN_TESTS.match(self.flat, end)
        return match.end() if match else end

    def _line_start(self, offset: int) -> int:
        return self._physical[bisect_right(self._physical, offset) - 1]

    def _blank_above(self, begin: int) -> bool:
        number = bisect_right(self._physical, begin) - 1
        return number > 0 and not self.text[self._physical[number - 1] : begin].strip()


def comment_text(text: str, comment: Span) -> str:
    """A comment as it is written back: with a half-width sign and without spaces at its end."""
    return "#" + text[comment.start + 1 : comment.end].rstrip()


def comments_of(layout: Layout) -> Iterator[str]:
    """The comments of a text in order, as they are written back."""
    return (comment_text(layout.text, comment) for comment in layout.comments)
