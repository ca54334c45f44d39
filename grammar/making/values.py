"""Words and values of the syntax tree from their tokens: strings, numbers, money, shares, durations, dates, clocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from ..characters import character_names
from ..diagnostics import Diagnostic, Span
from ..keywords import BUILT_IN_FIELDS
from ..layout import Layout, StringPiece
from ..names import DeclaredNames
from ..syntax import Clock, Date, Duration, Instant, Money, Name, Number, Pattern, Share, Text, Unit, Value, YesNo
from ..trees import Token as Token
from ..trees import Tree as Tree

Branch = Tree | Token

MAX_DIGITS = 15
MAX_DECIMALS = 6
_UNITS: dict[str, Unit] = {"MINUTES": "minute", "HOURS": "hour", "DAYS": "day", "WEEKS": "week", "MONTHS": "month"}
_DIGITS = re.compile(r"[0-9]+")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_STAR = "\ue000"
"""Stands for an escaped star while a pattern is read."""


class Maker:
    """Makes values and collects what is wrong with them.

    A value that is wrong is reported and replaced by a harmless one, so that the rest of the line is still checked.
    """

    def __init__(self, layout: Layout, names: DeclaredNames) -> None:
        self.layout = layout
        self.names = names
        self.diagnostics: list[Diagnostic] = []

    def blame(self, code: str, span: Span, hint: str | None = None, related: tuple[Span, ...] = (),
              **params: str | int) -> None:
        """Report an error at a span."""
        self.diagnostics.append(Diagnostic(code, "error", self.layout.path, span, params, hint, related))

    def source(self, span: Span) -> str:
        """The text of a span on one line, for messages."""
        return " ".join(self.layout.flat[span.start : span.end].split())

    # Strings and names

    def content(self, token: Token, in_pattern: bool = False) -> str:
        """What a string says: unescaped, NFC, without the common indentation of a long one."""
        piece = self.layout.strings[_start(token)]
        raw = self.layout.text[piece.content_start : piece.content_end]
        self._invisible(raw, piece.content_start)
        if piece.kind != "other":
            raw = self._unescape(raw, piece, in_pattern)
        if piece.kind == "triple":
            raw = dedent(raw)
        return unicodedata.normalize("NFC", raw)

    def _unescape(self, raw: str, piece: StringPiece, in_pattern: bool) -> str:
        def replace(match: re.Match[str]) -> str:
            if match[1] == "*":
                return _STAR if in_pattern else "*"
            if match[1] in ('"', "\\"):
                return match[1]
            at = piece.content_start + match.start()
            self.blame("E125", Span(at, at + len(match[0])), written=match[0].strip() or "\\")
            return match[0]

        return _ESCAPE.sub(replace, raw) if "\\" in raw else raw

    def _invisible(self, raw: str, start: int) -> None:
        at = raw.find("\0")
        if at >= 0:
            self.blame("E103", Span(start + at, start + at + 1), **character_names("\0"))

    def text(self, tree: Tree) -> Text:
        return Text(self.content(first_token(tree)), span(tree))

    def title(self, tree: Tree) -> Name:
        """A name that is always a string."""
        text = self.content(first_token(tree))
        if not text.strip():
            self.blame("E137", span(tree))
        return Name(text, True, span(tree))

    def name(self, tree: Tree, table: Mapping[str, str]) -> Name:
        """A name, bare or as a string; built-in ones in their one spelling."""
        token = first_token(tree)
        quoted = token.type == "STRING"
        text = self.content(token) if quoted else unicodedata.normalize("NFC", str(token))
        if not text.strip():
            self.blame("E137", span(tree))
        return Name(table.get(text, text), quoted, span(tree))

    def field(self, tree: Tree) -> Name:
        return self.name(tree, BUILT_IN_FIELDS)

    def pattern(self, tree: Tree) -> Pattern:
        """A string in which a star at the end means any continuation."""
        token = first_token(tree)
        text = self.content(token, in_pattern=True)
        prefix = text.endswith("*")
        body = text[:-1] if prefix else text
        if "*" in body:
            at = self.layout.text.index("*", _start(token))
            self.blame("E124", Span(at, at + 1))
        if not text.strip():
            self.blame("E137", span(tree))
        return Pattern(body.replace(_STAR, "*"), prefix, span(tree))

    # Numbers

    def decimal(self, token: Token, decimals: int, code: str = "E134") -> Decimal:
        text = re.sub(r"[¥元%\s]", "", str(token))
        sign = "-" if "-" in text else ""
        text = text.lstrip("+-").replace("-", "")
        whole, _, fraction = text.partition(".")
        if len(whole.lstrip("0")) > MAX_DIGITS or len(fraction.rstrip("0")) > decimals:
            self.blame(code, span(token), digits=MAX_DIGITS, decimals=decimals)
            return Decimal(1)
        return Decimal(f"{sign}{whole}.{fraction or 0}")

    def number(self, token: Token) -> Number:
        value = self.decimal(token, MAX_DECIMALS)
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return Number("0" if text == "-0" else text, span(token))

    def whole(self, token: Token, low: int, high: int) -> int:
        """A whole number between two bounds."""
        text = str(token).lstrip("+")
        if not _DIGITS.fullmatch(text) or len(text) > MAX_DIGITS or not low <= int(text) <= high:
            self.blame("E138", span(token), low=low, high=high)
            return low
        return int(text)

    def amount(self, tree: Tree) -> Money | Number:
        child = tree.children[0]
        return self.money(child) if isinstance(child, Tree) else self.number(child)

    def cents(self, tree: Tree) -> int:
        """An amount in cents; a plain number counts as money. It must be more than nothing."""
        token = first_token(tree)
        cents = int(self.decimal(token, 2, "E135") * 100)
        if cents <= 0:
            self.blame("E139", span(tree))
            return 100
        return cents

    def money(self, tree: Tree) -> Money:
        return Money(int(self.decimal(first_token(tree), 2, "E135") * 100), span(tree))

    def share(self, tree: Branch) -> Share:
        token = tree if isinstance(tree, Token) else first_token(tree)
        value = self.decimal(token, 2, "E136")
        if not 0 <= value <= 100:
            self.blame("E136", span(token), decimals=2)
            value = Decimal(1)
        return Share(int(value * 100), span(token))

    def duration(self, tree: Tree) -> Duration:
        number, unit = tree.children
        assert isinstance(number, Token)
        assert isinstance(unit, Tree)
        return Duration(self.count_of(number), _UNITS[first_token(unit).type], span(tree))

    def count_of(self, token: Token) -> int:
        """The count of a duration: a whole number of at least 1."""
        if re.fullmatch(r"\+?0+(\.0+)?", str(token)):
            self.blame("E133", span(token))
            return 1
        return self.whole(token, 1, 100_000)

    # Dates and clocks

    def date(self, token: Token) -> Date:
        year, month, day = (int(part) for part in _DIGITS.findall(str(token)))
        try:
            return Date(date(year, month, day), span(token))
        except ValueError:
            self.blame("E131", span(token), written=str(token))
            return Date(date(2000, 1, 1), span(token))

    def clock(self, token: Token) -> Clock:
        parts = [int(part) for part in _DIGITS.findall(str(token))]
        hour, minute = parts[0], parts[1] if len(parts) > 1 else 0
        if hour > 23 or minute > 59:
            self.blame("E132", span(token), written=str(token))
            return Clock(time(0, 0), span(token))
        return Clock(time(hour, minute), span(token))

    def day(self, tree: Tree) -> Date | Instant:
        return self.instant(tokens(tree), span(tree))

    def instant(self, found: list[Token], where: Span) -> Date | Instant:
        """A date, or an instant where a clock stands beside it."""
        day = self.date(found[0])
        if len(found) == 1:
            return day
        return Instant(datetime.combine(day.value, self.clock(found[1]).value), where)

    def value(self, tree: Tree) -> Value:
        child = tree.children[0]
        if isinstance(child, Tree):
            return self.money(child) if child.data == "money" else self.day(child)
        if child.type == "STRING":
            return Text(self.content(child), span(child))
        if child.type == "NUMBER":
            return self.number(child)
        if child.type == "SHARE":
            return self.share(child)
        return YesNo(child.type == "YES", span(child))


def dedent(text: str) -> str:
    """The text of a long string without the common indentation and the line ends at its quotes."""
    lines = re.split(r"\r\n|\r|\n", text)
    if len(lines) > 1 and not lines[0].strip():
        lines = lines[1:]
    if len(lines) > 1 and not lines[-1].strip():
        lines = lines[:-1]
    indents = [line[: len(line) - len(line.lstrip(" \t\u3000"))] for line in lines if line.strip()]
    common = _common_prefix(indents)
    return "\n".join(line[common:] if line.strip() else "" for line in lines)


def _common_prefix(indents: list[str]) -> int:
    if not indents:
        return 0
    low, high = min(indents), max(indents)
    return next((i for i, char in enumerate(low) if i >= len(high) or char != high[i]), len(low))


def span(branch: Branch) -> Span:
    """Where a token or tree stands. No tree is empty, so the first and the last token tell."""
    first = last = branch
    while isinstance(first, Tree):
        first = first.children[0]
    while isinstance(last, Tree):
        last = last.children[-1]
    return Span(first.start_pos or 0, last.end_pos or 0)


def _start(token: Token) -> int:
    return token.start_pos or 0


def numbers_of(token: Token) -> list[int]:
    """The whole numbers that a token is made of, as month and day of ``11-11``."""
    return [int(part) for part in _DIGITS.findall(str(token))]


def first_token(tree: Tree) -> Token:
    """The first token anywhere in a tree."""
    branch: Branch = tree
    while isinstance(branch, Tree):
        branch = branch.children[0]
    return branch


def tokens(tree: Tree) -> list[Token]:
    """The tokens directly in a tree."""
    return [child for child in tree.children if isinstance(child, Token)]


def trees(tree: Tree, *rules: str) -> list[Tree]:
    """The trees directly in a tree, all or those of some rules."""
    return [child for child in tree.children if isinstance(child, Tree) and (not rules or child.data in rules)]


def token_types(tree: Tree) -> set[str]:
    """The terminals directly in a tree."""
    return {token.type for token in tokens(tree)}
