"""The shape of a text before its words: logical lines, their indentation, strings, comments and parentheses.

One pass over the physical lines. A line that begins with and/or, or lies in parentheses, continues the one before
it; everything else begins a logical line. What is wrong with the shape of a line is told here, and such a line is
not read further.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .characters import character_names
from .diagnostics import Diagnostic, Span
from .record import record

MAX_DEPTH = 100
RUN = re.compile(
    r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}(?![0-9-])|[0-9]{1,2}:[0-9]{2}(?![0-9])"
    r"|[0-9]+(?:\.[0-9]+)?%?"
    r"|[^\W0-9]|[\u0300-\u036f\u3099\u309a])+"
)
"""Letters, digits and CJK characters up to a space, quote or sign; numbers, dates and clocks whole."""

_MARKS = re.compile(r"//|--|[\"'“”‘’「」『』#()\r\n]")
_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』"}
_ONE_LINE = {
    opening: re.compile(rf"(?:\\[^\r\n]|[^{closing}\\\r\n])*{closing}") if opening in "\"'"
    else re.compile(rf"[^{closing}\r\n]*{closing}")
    for opening, closing in _CLOSING.items()
}
JOINTS = ("&&", "||")
"""What programmers write for and/or: no words of the language, but such a line is meant to continue the one before."""
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_TWINS = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20, 0x00A0: 0x20, 0x202F: 0x20, 0xFFE5: 0xA5, 0x3001: 0x2C,
}
_OPEN_LIQUID = re.compile(r"\{\{(?:(?!\}\}).)*$|\{%(?:(?!%\}).)*$")


@record
class StringPiece:
    """Where a string stands: with quotes from ``start`` to ``end``, its content between the inner two."""

    start: int
    end: int
    content_start: int
    content_end: int
    kind: Literal["triple", "straight", "other"]


@dataclass(slots=True)
class LogicalLine:
    """A statement with its continuation lines. ``problem`` is what is wrong with its shape, if anything."""

    indent: int
    indentation: str
    start: int
    end: int
    problem: Diagnostic | None = None
    children: list[LogicalLine] = field(default_factory=list)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True)
class Layout:
    """``flat`` has the length of the text: half-width outside strings, comments blanked, for the scanner."""

    path: str
    text: str
    flat: str
    lines: list[LogicalLine]
    strings: dict[int, StringPiece]
    comments: list[Span]
    diagnostics: list[Diagnostic]


Continues = Callable[[str, int, int, LogicalLine], bool]
"""Of the flat text, a run's start and end, and the line before: does the run begin with and/or?"""


def half_width(text: str) -> str:
    """The text with full-width forms as their half-width twins, of the same length."""
    return text.translate(_TWINS)


def read_layout(text: str, path: str, continues: Continues, begins_statement: Callable[[str], bool]) -> Layout:
    """Cut a text into logical lines.

    ``continues`` decides about a line's first run, ``begins_statement`` whether it begins a declaration, header,
    trigger or step and so ends an open parenthesis.
    """
    return _Reader(text, path, continues, begins_statement).read()


class _Reader:
    def __init__(self, text: str, path: str, continues: Continues, begins_statement: Callable[[str], bool]) -> None:
        self.flat = half_width(text)
        self.layout = Layout(path, text, self.flat, [], {}, [], [])
        self.continues = continues
        self.begins_statement = begins_statement
        self.current: LogicalLine | None = None
        self.open: list[int] = []

    def read(self) -> Layout:
        for match in _DIRECTION.finditer(self.layout.text):
            named = character_names(match.group())
            self.layout.diagnostics.append(self._problem("E104", match.start(), match.end(), **named))
        self.flat = _DIRECTION.sub(" ", self.flat)
        position = 1 if self.flat.startswith("\ufeff") else 0
        while position < len(self.flat):
            position = self._physical_line(position)
        self._finish()
        self.layout.flat = self._without_comments()
        return self.layout

    def _physical_line(self, start: int) -> int:
        flat = self.flat
        begin = start
        while begin < len(flat) and flat[begin] in " \t":
            begin += 1
        if begin < len(flat) and flat[begin] not in "\r\n#" and not flat.startswith(("//", "--"), begin):
            self._place(start, begin)
        return self._content(begin)

    def _place(self, start: int, begin: int) -> None:
        """Decide whether the line that begins here continues the current one."""
        indentation = self.layout.text[start:begin]
        indent = columns(indentation)
        current = self.current
        if current is not None:
            run = RUN.match(self.flat, begin)
            joined = self.flat.startswith(JOINTS, begin) or (
                run is not None and self.continues(self.flat, run.start(), run.end(), current)
            )
            ends = indent < current.indent or (run is not None and self.begins_statement(run.group()))
            if joined or (self.open and not ends):
                if indent < current.indent:
                    end = run.end() if run is not None else begin + 1
                    self._blame("E114", begin, end, related=(Span(current.start, current.start + 1),))
                return
        self._finish()
        self.current = LogicalLine(indent, indentation, begin, begin)
        self.layout.lines.append(self.current)

    def _finish(self) -> None:
        if self.current is not None and self.open:
            self._blame("E111", self.open[-1], self.open[-1] + 1)
        self.current = None
        self.open = []

    def _content(self, position: int) -> int:
        """Read a physical line from its first character to behind its line end."""
        flat = self.flat
        while True:
            match = _MARKS.search(flat, position)
            at = match.start() if match else len(flat)
            self._reach(position, at)
            if match is None:
                return at
            mark = match.group()
            if mark in "\r\n":
                return at + (2 if flat.startswith("\r\n", at) else 1)
            if mark == "#":
                position = self._comment(at)
            elif mark in "()":
                position = self._parenthesis(mark, at)
            elif mark in ("//", "--"):
                self.layout.diagnostics.append(self._problem("E169", at, at + 2, mark=mark))
                position = self._comment(at)
            elif mark in _CLOSING:
                position = self._string(mark, at)
            else:
                self._blame("E105", at, at + 1, mark=mark)
                position = at + 1

    def _reach(self, start: int, end: int) -> None:
        """The statement goes on to the last character before ``end`` that is no space."""
        if self.current is None:
            return
        end = start + len(self.flat[start:end].rstrip())
        if end > start:
            self.current.end = end

    def _comment(self, at: int) -> int:
        end = at
        while end < len(self.flat) and self.flat[end] not in "\r\n":
            end += 1
        self.layout.comments.append(Span(at, end))
        return end

    def _parenthesis(self, mark: str, at: int) -> int:
        if self.current is not None:
            self.current.end = at + 1
        if mark == "(":
            self.open.append(at)
            if len(self.open) == MAX_DEPTH + 1:
                self._blame("E110", at, at + 1, limit=MAX_DEPTH)
        elif self.open:
            self.open.pop()
        else:
            self._blame("E112", at, at + 1)
        return at + 1

    def _string(self, mark: str, at: int) -> int:
        if self.flat.startswith('"""', at):
            return self._triple(at)
        match = _ONE_LINE[mark].match(self.flat, at + 1)
        if match is None:
            end = _line_end(self.flat, at)
            self._blame("E102", at, at + 1, mark=_CLOSING[mark])
            self._reach(at, end)
            return end
        end = match.end()
        self._keep(StringPiece(at, end, at + 1, end - 1, "straight" if mark in "\"'" else "other"))
        if mark == '"' and _OPEN_LIQUID.search(self.flat, at + 1, end - 1) and _goes_on(self.flat, end):
            self._blame("E126", end - 1, end)
        return end

    def _triple(self, at: int) -> int:
        close = self.flat.find('"""', at + 3)
        while close > 0 and self.flat[close - 1] == "\\":
            close = self.flat.find('"""', close + 1)
        if close < 0:
            self._blame("E102", at, at + 3, mark='"""')
            end = _line_end(self.flat, at)
            self._reach(at, end)
            return end
        self._keep(StringPiece(at, close + 3, at + 3, close, "triple"))
        return close + 3

    def _keep(self, piece: StringPiece) -> None:
        self.layout.strings[piece.start] = piece
        if self.current is not None:
            self.current.end = piece.end

    def _blame(self, code: str, start: int, end: int, related: tuple[Span, ...] = (), **params: str | int) -> None:
        if self.current is not None and self.current.problem is None:
            self.current.problem = self._problem(code, start, end, related, **params)

    def _problem(
        self, code: str, start: int, end: int, related: tuple[Span, ...] = (), **params: str | int
    ) -> Diagnostic:
        return Diagnostic(code, "error", self.layout.path, Span(start, end), params, None, related)

    def _without_comments(self) -> str:
        pieces: list[str] = []
        position = 0
        for comment in self.layout.comments:
            pieces += (self.flat[position : comment.start], " " * (comment.end - comment.start))
            position = comment.end
        pieces.append(self.flat[position:])
        return "".join(pieces)


def columns(indentation: str) -> int:
    return sum(2 if char == "\u3000" else 4 if char == "\t" else 1 for char in indentation)


def _line_end(text: str, position: int) -> int:
    match = re.compile(r"[\r\n]").search(text, position)
    return match.start() if match else len(text)


def _goes_on(flat: str, position: int) -> bool:
    """Whether the line goes on behind a string with something that cannot follow one."""
    return position < len(flat) and flat[position] not in " \t\r\n,()#"
