"""Why a line cannot be read, and what to write instead: one diagnostic for the first thing that is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from .characters import character_names
from .diagnostics import Diagnostic, Fix, Span
from .expectations import PLACES, describe, expected_words
from .fixes import is_alone, replacement
from .habits import find_habit, reworded
from .keywords import BUILT_IN_ATTRIBUTES, KEYWORDS, TERMINALS_BY_SPELLING
from .layout import RUN, LogicalLine
from .lines import ReadLine, Stumble
from .nearest import nearest
from .record import record
from .scanner import MAX_RUN, Piece, Scanner
from .slips import is_slip
from .spoken import counted_day, spoken_value
from .tables import END, Stack

_SHOWN = 40
_JOINT_AT_END = re.compile(r"(?:并且|且|或者|或|\b(?:and|or))$")


@record
class NearestCut:
    """A run cut into words, one of them replaced by the nearest; ``sure`` where that is plainly a slip."""

    text: str
    sure: bool

    def fix(self, where: Span) -> Fix:
        """The cut in the place of the run."""
        return replacement(where, self.text, safe=self.sure)


class Explainer:
    """Makes the diagnostic of a line that was read with one of the start rules; None where nothing is wrong."""

    def __init__(self, path: str, text: str, scanner: Scanner) -> None:
        self.path = path
        self.text = text
        self.scanner = scanner
        self.flat = scanner.flat

    def explain(self, line: LogicalLine, start: str, result: ReadLine) -> Diagnostic | None:
        """The first thing that is wrong with a line."""
        stumble = result.stumble
        if stumble is None:
            return self._swallowed(result, line.end)
        return (
            self._habit(line, result)
            or self._character(stumble)
            or self._counted_day(line, start)
            or self._spoken(line, stumble, result)
            or self._missing_space(line, stumble, result)
            or self._unknown_before(stumble, result)
            or self._no_standing_rule(start, stumble, result)
            or self._unquoted(stumble)
            or self._unreadable_run(stumble)
            or self._generic(line, stumble)
        )

    def _make(
        self, code: str, where: Span, hint: str | None = None, fix: Fix | None = None, **params: str | int
    ) -> Diagnostic:
        return Diagnostic(code, "error", self.path, where, params, hint, fix=fix)

    def _shown(self, where: Span) -> str:
        text = " ".join(self.text[where.start : where.end].split())
        return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

    def _habit(self, line: LogicalLine, result: ReadLine) -> Diagnostic | None:
        """What somebody writes who knows SQL, Python or YAML."""
        found = find_habit(self.text, self.scanner, line, result)
        return self._make(found.code, found.span, found.hint, found.fix, **found.params) if found else None

    def _character(self, stumble: Stumble) -> Diagnostic | None:
        """Signs that mean nothing outside strings."""
        if stumble.terminal is not None or RUN.match(self.flat, stumble.span.start):
            return None
        char = self.flat[stumble.span.start]
        if char == "。":
            return self._make("E106", stumble.span, mark=char)
        if unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co", "Cn"):
            return self._make("E103", stumble.span, **character_names(char))
        return self._make("E109", stumble.span, mark=char)

    def _spoken(self, line: LogicalLine, stumble: Stumble, result: ReadLine) -> Diagnostic | None:
        """``晚8点``, ``半小时``, ``两天``, ``1万``: say exactly what to write."""
        places = [(piece.start, piece.end) for piece, _ in result.unknown]
        run = RUN.match(self.flat, stumble.span.start, line.end)
        if run:
            places.append(run.span())
        for start, end in places:
            found = spoken_value(self.flat, start, min(end, start + MAX_RUN))
            if found is not None:
                fix = replacement(found.span, found.write, safe=found.sure)
                return self._make("E130", found.span, fix=fix, written=found.written, write=found.write)
        return None

    def _counted_day(self, line: LogicalLine, start: str) -> Diagnostic | None:
        """``第3天``: say both ways of counting."""
        found = counted_day(self.flat, line.start, line.end) if start == "block_line" else None
        if found is None:
            return None
        where, number = found
        return self._make("E176", where, written=self._shown(where), number=number, before=max(0, number - 1))

    def _no_standing_rule(self, start: str, stumble: Stumble, result: ReadLine) -> Diagnostic | None:
        """A step of playbooks where only what a standing rule does can stand."""
        if start != "whenever_line" and result.first != "WHENEVER":
            return None
        stack = self.scanner.tables.start_stack("block_line")
        start_at, end = stumble.span.start, stumble.span.end
        piece, _ = next(self.scanner.pieces_at(start_at, end, stack), (None, None)) if start_at < end else (None, None)
        if piece is None or piece.terminal not in KEYWORDS:
            return None
        return self._make("E196", _span(piece), written=self._shown(_span(piece)))

    def _missing_space(self, line: LogicalLine, stumble: Stumble, result: ReadLine) -> Diagnostic | None:
        """``属性 城市文本``: the new name has swallowed the type."""
        before = self.flat[line.start : stumble.span.start].rstrip()
        end = line.start + len(before)
        runs = [match for match in RUN.finditer(self.flat, line.start, end) if match.end() == end]
        words = expected_words(self.scanner.tables.expected(stumble.stack))
        if not runs or result.first not in ("ATTRIBUTE", "EVENT"):
            return None
        run = runs[0]
        for word in sorted(words, key=len, reverse=True):
            if run.group().endswith(word) and len(word) < len(run.group()):
                name = run.group().removesuffix(word)
                return self._make("E121", Span(*run.span()), name=name, word=word)
        return None

    def _unknown_before(self, stumble: Stumble, result: ReadLine) -> Diagnostic | None:
        """A run that no cut reads, taken for a name over which the line then stumbles."""
        if not result.unknown:
            return None
        piece, stack = result.unknown[-1]
        expected = self.scanner.tables.expected(stack)
        behind = not self.flat[piece.end : stumble.span.start].strip()
        if stumble.terminal == END:
            meant = not self._takes_name_last(stack) and (behind or "TAGGED" in expected)
        else:
            meant = behind or nearest(self.flat[piece.start : piece.end], expected_words(expected)) is not None
        return self._run_at(_span(piece), stack) if meant else None

    def _unreadable_run(self, stumble: Stumble) -> Diagnostic | None:
        if stumble.terminal is not None:
            return None
        return self._misplaced(stumble) or self._run_at(stumble.span, stumble.stack)

    def _misplaced(self, stumble: Stumble) -> Diagnostic | None:
        """A line that stands in a block of another kind: say where it belongs."""
        if len(stumble.stack) > 1:
            return None
        tables = self.scanner.tables
        for start in PLACES:
            stack = tables.start_stack(start)
            piece, _ = next(self.scanner.pieces_at(stumble.span.start, stumble.span.end, stack), (None, None))
            if piece is not None and piece.terminal in KEYWORDS and (piece.end - piece.start > 1 or piece.terminal == "WHEN"):
                chinese, english = PLACES[start]
                where = _span(piece)
                return self._make("E166", where, written=self._shown(where), place_zh=chinese, place_en=english)
        return None

    def _takes_name_last(self, stack: Stack) -> bool:
        after = self.scanner.tables.advance(stack, "NAME")
        return after is not None and self.scanner.tables.advance(after, END) is not None

    def _run_at(self, where: Span, stack: Stack) -> Diagnostic:
        written = self._shown(where)
        cut = self.nearest_cut(where.start, where.end, stack)
        if cut is not None:
            return self._make("E120", where, fix=cut.fix(where), written=written, cut=cut.text)
        expected = self.scanner.tables.expected(stack)
        words = self._words(expected)
        near = nearest(self.flat[where.start : where.end], words)
        rest = self._unknown_rest(where, stack)
        if rest is not None:
            return self._make("E120", rest, "undeclared", written=self._shown(rest))
        chinese, english = describe(expected)
        hint = "near" if near else "unknown" if "NAME" in expected else "expected"
        return self._make("E120", where, hint, self._renamed(where, near, words), written=written, near=near or "", expected_zh=chinese,
                          expected_en=english)

    def _words(self, expected: frozenset[str]) -> list[str]:
        """Every keyword and declared name that can stand where ``expected`` can.

        A test begins with what is known of a member; at other places the checker knows the kind of the name.
        """
        if "NAME" not in expected:
            return expected_words(expected)
        names = self.scanner.names
        if "DID" in expected:
            built_in = [name for pair in BUILT_IN_ATTRIBUTES.items() for name in pair]
            return [*expected_words(expected), *sorted({*names.attributes, *names.metrics, *built_in})]
        return [*expected_words(expected), *sorted(names.words)]

    def _renamed(self, where: Span, near: str | None, words: Collection[str]) -> Fix | None:
        """The nearest word written in the place of a span; safe where it is plainly a slip and no other is as near."""
        written = self.flat[where.start : where.end]
        if near is None:
            return None
        return replacement(where, near, safe=is_slip(written, near) and is_alone(written, near, words))

    def _unknown_rest(self, where: Span, stack: Stack) -> Span | None:
        """The end of a run that begins with keywords and goes on with a name nobody declared."""
        position, cut = where.start, False
        while position < where.end and where.end - position <= MAX_RUN:
            piece, following = next(self.scanner.pieces_at(position, where.end, stack), (None, stack))
            if piece is None or piece.end >= where.end:
                break
            position, stack = piece.end, following
            cut = cut or (piece.terminal in KEYWORDS and piece.end - piece.start > 1)
        takes_name = self.scanner.tables.advance(stack, "NAME") is not None
        return Span(position, where.end) if cut and takes_name and position < where.end else None

    def _swallowed(self, result: ReadLine, end: int) -> Diagnostic | None:
        """A run read as an unknown name that is nearly a cut into several words.

        A name that is only near to a declared one is left to the checker, which knows the kinds of names.
        """
        for piece, stack in result.unknown:
            written = self.flat[piece.start : piece.end]
            said = reworded(self.scanner, piece.start, end, stack)
            if said is not None:
                return self._make(said.code, said.span, said.hint, said.fix, **said.params)
            cut = self.nearest_cut(piece.start, piece.end, stack)
            if cut is not None:
                where = _span(piece)
                return self._make("E120", where, fix=cut.fix(where), written=self._shown(where), cut=cut.text)
            rest = self._unknown_rest(_span(piece), stack)
            if rest is not None and nearest(written, self.scanner.names.words) is None:
                return self._make("E120", rest, "undeclared", written=self._shown(rest))
        return None

    def nearest_cut(self, start: int, end: int, stack: Stack) -> NearestCut | None:
        """The cut of a run in which one word is replaced by the nearest that can stand there."""
        if end - start > MAX_RUN:
            return None
        pieces, position = [], start
        attempts: list[tuple[list[str], int, Stack]] = [([], start, stack)]
        while position < end and len(attempts) < 20:
            found = next(self.scanner.pieces_at(position, end, stack), None)
            if found is None:
                break
            piece, stack = found
            pieces.append(self.flat[piece.start : piece.end])
            position = piece.end
            attempts.append((list(pieces), position, stack))
        for before, place, here in reversed(attempts):
            cut = self._with_one_word_replaced(before, place, end, here)
            if cut is not None:
                return cut
        return None

    def _with_one_word_replaced(
        self, before: list[str], place: int, end: int, stack: Stack
    ) -> NearestCut | None:
        tables = self.scanner.tables
        expected = tables.expected(stack)
        words = self._words(expected)
        for length in range(min(end - place, 8), 1, -1):
            written = self.flat[place : place + length]
            word = nearest(written, words, most=1)
            if word is None or (place + length == end and not before):
                continue
            following = self._after(word, expected, stack)
            rest = self.scanner.cut(place + length, end, following) if following else None
            if rest is not None:
                text = " ".join([*before, word, *(self.flat[piece.start : piece.end] for piece in rest)])
                return NearestCut(text, is_slip(written, word) and is_alone(written, word, words))
        return None

    def _after(self, word: str, expected: frozenset[str], stack: Stack) -> Stack | None:
        terminal = next((name for name in TERMINALS_BY_SPELLING.get(word, ()) if name in expected), "NAME")
        return self.scanner.tables.advance(stack, terminal)

    def _unquoted(self, stumble: Stumble) -> Diagnostic | None:
        """A name that stands in quotes was written without."""
        expected = self.scanner.tables.expected(stumble.stack)
        if "STRING" not in expected or "NAME" in expected or stumble.terminal in (END, "STRING"):
            return None
        run = RUN.match(self.flat, stumble.span.start)
        if run is None or "IS" in expected or run.group()[0].isdigit():
            return None
        if nearest(run.group(), expected_words(expected)) or self.nearest_cut(*run.span(), stumble.stack):
            return None
        return self._make("E164", Span(*run.span()), name=run.group()[:_SHOWN])

    def _generic(self, line: LogicalLine, stumble: Stumble) -> Diagnostic:
        expected = self.scanner.tables.expected(stumble.stack)
        if expected == {"DOT"}:
            return self._without_field(line, stumble)
        chinese, english = describe(expected)
        if stumble.terminal == END:
            where = Span(max(line.end - 1, line.start), line.end)
            joint = _JOINT_AT_END.search(self.flat, line.start, line.end)
            if joint and "TAGGED" in expected:
                return self._make("E168", Span(*joint.span()), written=joint.group())
            return self._make("E116", where, expected_zh=chinese, expected_en=english)
        near = nearest(self.flat[stumble.span.start : stumble.span.end], expected_words(expected))
        hint = "near" if near else None
        fix = self._renamed(stumble.span, near, expected_words(expected))
        return self._make("E115", stumble.span, hint, fix, written=self._shown(stumble.span), near=near or "",
                          expected_zh=chinese, expected_en=english)

    def _without_field(self, line: LogicalLine, stumble: Stumble) -> Diagnostic:
        """``累计 下单 > 3``: an event stands where one of its fields is counted."""
        end = line.start + len(self.flat[line.start : stumble.span.start].rstrip())
        start = max(self.flat.rfind(" ", line.start, end) + 1, line.start)
        events = [word for word in self.scanner.names.events if self.flat.endswith(word, start, end)]
        where = Span(end - len(max(events, key=len)) if events else start, end)
        return self._make("E182", where, written=self._shown(where))


def _span(piece: Piece) -> Span:
    return Span(piece.start, piece.end)
