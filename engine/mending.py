"""Safe fixes written into the texts of a workspace, each proved by checking again.

A fix is kept only if its diagnostic goes away and no error comes that was not there, but for those that come to light in
the block under a mended line, which nobody could read before. All fixes are tried at once; where
that is no improvement, halves of them are, down to single lines. A statement with several mistakes shows them one after
the other, so that what a fix brings to light may be mended in the same attempt.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path

from ..grammar.diagnostics import CannotRun, Diagnostic, Edit
from ..grammar.fixes import apply_edits, fix_of
from ..grammar.record import record
from ..grammar.source import LineIndex, read_source
from .answers import Change

MAX_ROUNDS = 10
"""How many mistakes of one statement are followed."""

_BOM = b"\xef\xbb\xbf"

Check = Callable[[Mapping[str, bytes]], Sequence[Diagnostic]]
"""Everything that is wrong with files, given as bytes by path."""

Line = tuple[str, int]
"""A line of a file."""

Mistake = tuple[str, int, str]
"""A file, a line and a code."""


def mend(
    files: Mapping[str, bytes], check: Check, chosen: Callable[[str], bool]
) -> tuple[Mapping[str, bytes], tuple[Change, ...]]:
    """Return the files with the safe fixes of the ``chosen`` ones that prove good, and the lines they change."""
    attempt = _Attempts(check, chosen)
    start = _State(files, tuple(check(files)), {})
    end = attempt.best(start, sorted(attempt.mendable(start)))
    return end.files, tuple(_changes(files, end))


@record
class _State:
    """Files with what is wrong with them, and the codes mended so far by line."""

    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    mended: Mapping[Line, tuple[str, ...]]

    def text(self, path: str) -> str:
        return read_source(self.files[path], path)[0] or ""


class _Attempts:
    """Tries fixes on states; a fix never moves a line, so that lines name places across attempts."""

    def __init__(self, check: Check, chosen: Callable[[str], bool]) -> None:
        self.check = check
        self.chosen = chosen

    def best(self, state: _State, lines: Sequence[Line]) -> _State:
        """The state after as many of the lines as can be mended."""
        if not lines:
            return state
        mended = self._mended(state, frozenset(lines))
        if mended is not None:
            return mended
        if len(lines) == 1:
            return state
        half = len(lines) // 2
        return self.best(self.best(state, lines[:half]), lines[half:])

    def mendable(self, state: _State) -> Mapping[Line, list[Diagnostic]]:
        """The diagnostics with safe fixes in chosen files, by line."""
        found: dict[Line, list[Diagnostic]] = {}
        indexes: dict[str, LineIndex] = {}
        for diagnostic in state.diagnostics:
            if diagnostic.file not in state.files or not self.chosen(diagnostic.file):
                continue
            index = indexes.setdefault(diagnostic.file, LineIndex(state.text(diagnostic.file)))
            fix = fix_of(diagnostic, index.text)
            if fix is not None and fix.safe and not any(_breaks_lines(index.text, edit) for edit in fix.edits):
                line = index.position(diagnostic.span.start)[0]
                found.setdefault((diagnostic.file, line), []).append(diagnostic)
        return found

    def _mended(self, state: _State, lines: frozenset[Line]) -> _State | None:
        """The state with all the lines mended, None where that would bring new errors or leave one of theirs."""
        allowed = _errors(state)
        meant = (found for line, several in self.mendable(state).items() if line in lines for found in several)
        allowed.subtract(_counted(state, meant))
        known = set(_errors(state))
        files = {file for file, _ in lines}
        now, good = state, None
        for _ in range(MAX_ROUNDS):
            # What comes to light may stand on the next line of the same statement.
            new = {(file, line) for file, line, _ in _errors(now).keys() - known if file in files}
            at_hand = {line: found for line, found in self.mendable(now).items() if line in lines | new}
            if not at_hand:
                break
            now = self._applied(now, at_hand)
            left = _errors(now) - allowed
            if not left:
                return now
            if all(_lies_under(now, mistake, at_hand.keys() | lines) for mistake in left):
                good = now
        return good

    def _applied(self, state: _State, at_hand: Mapping[Line, Sequence[Diagnostic]]) -> _State:
        files, mended = dict(state.files), dict(state.mended)
        edits: dict[str, list[Edit]] = {}
        for line, diagnostics in at_hand.items():
            text = state.text(line[0])
            for diagnostic in diagnostics:
                fix = fix_of(diagnostic, text)
                taken = edits.setdefault(line[0], [])
                if fix is not None and not any(_overlap(one, other) for one in fix.edits for other in taken):
                    taken += fix.edits
                    mended[line] = (*mended.get(line, ()), diagnostic.code)
        for path, wanted in edits.items():
            bom = _BOM if files[path].startswith(_BOM) else b""
            files[path] = bom + apply_edits(state.text(path), wanted).encode("utf-8")
        return _State(files, tuple(self.check(files)), mended)


def _lies_under(state: _State, mistake: Mistake, mended: Set[Line]) -> bool:
    """Whether a mistake stands in the block under one of the mended lines."""
    file, place, _ = mistake
    text = state.text(file).splitlines()
    depth = _indentation(text[place - 1]) if place <= len(text) else 0
    for number in range(place - 1, 0, -1):
        above = text[number - 1]
        if above.strip() and _indentation(above) < depth:
            if (file, number) in mended:
                return True
            depth = _indentation(above)
    return False


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _errors(state: _State) -> Counter[Mistake]:
    return _counted(state, (d for d in state.diagnostics if d.severity == "error"))


def _counted(state: _State, diagnostics: Iterable[Diagnostic]) -> Counter[Mistake]:
    indexes: dict[str, LineIndex] = {}
    counted: Counter[Mistake] = Counter()
    for found in diagnostics:
        if found.file not in indexes:
            indexes[found.file] = LineIndex(state.text(found.file) if found.file in state.files else "")
        counted[found.file, indexes[found.file].position(found.span.start)[0], found.code] += 1
    return counted


def _breaks_lines(text: str, edit: Edit) -> bool:
    return any(char in "\r\n" for char in text[edit.span.start : edit.span.end] + edit.text)


def _overlap(one: Edit, other: Edit) -> bool:
    return (one.span.start < other.span.end and other.span.start < one.span.end) or one.span == other.span


def _changes(before: Mapping[str, bytes], end: _State) -> Iterable[Change]:
    for (path, line), codes in sorted(end.mended.items()):
        old, new = LineIndex(read_source(before[path], path)[0] or ""), LineIndex(end.text(path))
        yield Change(path, line, _line(old, line), _line(new, line), codes)


def _line(index: LineIndex, line: int) -> str:
    span = index.line_span(line)
    return index.text[span.start : span.end].strip()


def write_files(root: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    """Write the files that changed, each whole or not at all.

    Raises CannotRun C130 where a file is no longer as it was read, C301 where one cannot be written.
    """
    for path, data in after.items():
        if data == before[path]:
            continue
        place = (root / path).resolve()
        try:
            if place.read_bytes() != before[path]:
                raise CannotRun("C130", path=path)
            _write_whole(place, data)
        except OSError as error:
            raise CannotRun("C301", path=path, reason=error.strerror or type(error).__name__) from None


def _write_whole(place: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(place, temporary)
        os.replace(temporary, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
