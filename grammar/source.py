"""From bytes to text, and from offsets in a text to the places that people and editors name.

Offsets are code points everywhere inside; lines and columns are 1-based; UTF-16 units are for editors that speak the
language server protocol, display cells for terminals, in which a Chinese character is two wide.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from .diagnostics import Diagnostic, Span

MAX_CHARACTERS = 2_000_000
LINE_END = re.compile(r"\r\n|\r|\n")


def read_source(data: bytes, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Decode the bytes of a file as UTF-8, without a byte order mark.

    Where they are not UTF-8 the text is None and one diagnostic stands at the first bad byte, counted in code points
    of what could be read before it.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        start = len(data[: error.start].decode("utf-8"))
        hint = "utf16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
        return None, (Diagnostic("E101", "error", path, Span(start, start + 1), {"byte": f"0x{data[error.start]:02X}"},
                                 hint),)


def decode_leniently(data: bytes) -> str:
    """The text of a file as far as it can be read, for showing the line of a decoding error."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")


class LineIndex:
    """Finds lines and columns of offsets in one text.

    >>> LineIndex("a\\n蜻蜓").position(3)
    (2, 2)
    """

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both 1-based, the column in code points."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and column; places past the end give the end."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def line_span(self, line: int) -> Span:
        """The span of a 1-based line without its line end."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    def utf16_position(self, offset: int) -> tuple[int, int]:
        """Line and character of an offset as the language server protocol counts them: 0-based, UTF-16 units."""
        line, column = self.position(offset)
        start = self.starts[line - 1]
        return line - 1, utf16_length(self.text[start : start + column - 1])


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text takes."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def display_cells(text: str) -> int:
    """How many terminal cells a text takes: wide characters two, combining and invisible ones none.

    >>> display_cells("蜻蜓 ok")
    7
    """
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
