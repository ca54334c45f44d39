"""A small reader of TextMate grammars, for tests: match, begin/end, captures and includes, on Python's regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Coloured:
    """A piece of a line and its scopes, from the outermost."""

    text: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class _Open:
    """A rule between its begin and its end."""

    rule: dict[str, Any]
    scopes: tuple[str, ...]


class Grammar:
    """Colours texts by a grammar as ``json.load`` gives it."""

    def __init__(self, written: dict[str, Any]) -> None:
        self.written = written
        self._compiled: dict[str, re.Pattern[str]] = {}

    def colour(self, text: str) -> list[list[Coloured]]:
        """The coloured pieces of each line."""
        stack = [_Open(self.written, (self.written["scopeName"],))]
        return [self._line(line, stack) for line in text.split("\n")]

    def regexes(self) -> Iterator[str]:
        """All regular expressions of the grammar."""
        waiting: list[Any] = [self.written]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                yield from (node[key] for key in ("match", "begin", "end") if key in node)
                waiting.extend(node.values())
            elif isinstance(node, list):
                waiting.extend(node)

    def _rules(self, patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for pattern in patterns:
            if "include" in pattern:
                yield from self._rules(self.written["repository"][pattern["include"].removeprefix("#")]["patterns"])
            else:
                yield pattern

    def _find(self, regex: str, line: str, at: int) -> re.Match[str] | None:
        if regex not in self._compiled:
            self._compiled[regex] = re.compile(regex)
        return self._compiled[regex].search(line, at)

    def _line(self, line: str, stack: list[_Open]) -> list[Coloured]:
        pieces: list[Coloured] = []
        at, turns = 0, 0
        while turns < 4 * len(line) + 8:
            turns += 1
            rule, found = self._next(line, at, stack[-1])
            if found is None:
                break
            _put(pieces, line[at : found.start()], stack[-1].scopes)
            at = found.end()
            if rule is None:
                opened = stack.pop()
                self._captures(pieces, found, opened.rule.get("endCaptures", {}), opened.scopes)
            elif "begin" in rule:
                scopes = stack[-1].scopes + ((rule["name"],) if "name" in rule else ())
                self._captures(pieces, found, rule.get("beginCaptures", {}), scopes)
                stack.append(_Open(rule, scopes))
            else:
                scopes = stack[-1].scopes + ((rule["name"],) if "name" in rule else ())
                self._captures(pieces, found, rule.get("captures", {}), scopes)
        _put(pieces, line[at:], stack[-1].scopes)
        return pieces

    def _next(self, line: str, at: int, opened: _Open) -> tuple[dict[str, Any] | None, re.Match[str] | None]:
        """The rule that matches first, None for the end of the open one; of several at one place the first written."""
        best: tuple[dict[str, Any] | None, re.Match[str] | None] = (None, None)
        if "end" in opened.rule:
            best = (None, self._find(opened.rule["end"], line, at))
        for rule in self._rules(opened.rule["patterns"]):
            found = self._find(rule.get("begin") or rule["match"], line, at)
            if found is not None and (best[1] is None or found.start() < best[1].start()):
                best = (rule, found)
        return best

    def _captures(
        self, pieces: list[Coloured], found: re.Match[str], captures: dict[str, Any], scopes: tuple[str, ...]
    ) -> None:
        at = found.start()
        if "0" in captures:
            scopes = (*scopes, captures["0"]["name"])
        for number in sorted(int(number) for number in captures if number != "0"):
            if found.group(number):
                _put(pieces, found.string[at : found.start(number)], scopes)
                _put(pieces, found.group(number), (*scopes, captures[str(number)]["name"]))
                at = found.end(number)
        _put(pieces, found.string[at : found.end()], scopes)


def _put(pieces: list[Coloured], text: str, scopes: tuple[str, ...]) -> None:
    if text:
        pieces.append(Coloured(text, scopes))
