"""Files to records: CSV and JSON Lines, a line at a time.

The encoding is UTF-8, with or without a byte order mark. A line that cannot be a record is a fault of that line; bytes
that are not UTF-8 and a header that does not fit are faults of the file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO

from ....grammar.diagnostics import CannotRun, UsageError
from .columns import Columns
from .report import RowError
from .values import Cell

MOST_IN_LINE = 1_048_576
CSV_ENDINGS = (".csv",)
JSON_ENDINGS = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Record:
    """A row by canonical column; a column that the row lacks is absent. ``fault`` says why it is none."""

    line: int
    cells: dict[str, Cell]
    fault: RowError | None = None


def read_records(path: Path, columns: Columns, leave_out: Callable[[str], None]) -> Iterator[Record]:
    """Yield the records of a file whose ending says what it is; ``leave_out`` is told of unknown columns.

    Raises UsageError for another ending, CannotRun where the file cannot be read, is not UTF-8, or its header does
    not fit.
    """
    ending = path.suffix.lower()
    if ending not in CSV_ENDINGS + JSON_ENDINGS:
        raise UsageError("S205", path=str(path), known=", ".join(CSV_ENDINGS + JSON_ENDINGS))
    with _open(path) as file:
        lines = _Lines(path, file)
        reader = _csv_records if ending in CSV_ENDINGS else _json_records
        yield from reader(lines, columns, leave_out)


def estimate_rows(path: Path) -> int:
    """The number of line ends of a file, which is about its number of rows."""
    _open(path).close()
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _open(path: Path) -> IO[str]:
    try:
        # Bad bytes come through as lone surrogates, so that the line they stand in is known.
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except (FileNotFoundError, NotADirectoryError):
        raise CannotRun("S201", path=str(path)) from None
    except IsADirectoryError:
        raise CannotRun("S202", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise CannotRun("S203", path=str(path), error=str(getattr(error, "strerror", None) or error)) from error


class _Lines(Iterator[str]):
    """The lines of a file with their ends; ``number`` is that of the line last given."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path = path
        self.number = 0
        self._file = file

    def __next__(self) -> str:
        try:
            line = self._file.readline(MOST_IN_LINE + 1)
        except OSError as error:
            raise CannotRun("S203", path=str(self.path), error=error.strerror or "") from error
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MOST_IN_LINE:
            raise CannotRun("S211", path=str(self.path), line=self.number, most=MOST_IN_LINE)
        if not line.isascii():
            self._check_encoding(line)
        return line

    def _check_encoding(self, line: str) -> None:
        try:
            line.encode()
        except UnicodeEncodeError as error:
            column = error.start + 1
            raise CannotRun("S204", path=str(self.path), line=self.number, column=column) from None


def _csv_records(lines: _Lines, columns: Columns, leave_out: Callable[[str], None]) -> Iterator[Record]:
    rows = csv.reader(lines, strict=True)
    header = _header(lines, rows, columns, leave_out)
    while True:
        start = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(start, {}, _malformed(start, lines.number, str(error)))
            continue
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if len(row) != len(header):
            code = "S122" if len(row) > len(header) else "S123"
            yield Record(start, {}, RowError(code, cells=len(row), columns=len(header)))
            continue
        yield Record(start, {name: cell for name, cell in zip(header, row, strict=True) if name is not None})


def _malformed(start: int, last: int, error: str) -> RowError:
    if "field larger" in error:
        return RowError("S133", last=last)
    if last > start or "end of data" in error:
        return RowError("S131", last=last)
    return RowError("S134")


def _header(
    lines: _Lines, rows: Iterator[list[str]], columns: Columns, leave_out: Callable[[str], None]
) -> list[str | None]:
    """The canonical name of each column, None for one that is left out."""
    path = str(lines.path)
    try:
        names = next(row for row in rows if any(cell.strip() for cell in row))
    except StopIteration:
        raise CannotRun("S206", path=path) from None
    except csv.Error:
        raise CannotRun("S213", path=path, line=lines.number) from None
    found: list[str | None] = []
    for position, name in enumerate(names, 1):
        column = columns.canonical(name)
        if column is None and not columns.ignore_unknown:
            code = "S208" if name.strip() else "S210"
            raise CannotRun(code, path=path, column=name.strip(), position=position, known=columns.listed)
        if column is None:
            leave_out(name.strip())
        if column is not None and column in found:
            raise CannotRun("S209", path=path, column=name.strip())
        found.append(column)
    missing = [name for name in columns.required if name not in found]
    if missing:
        raise CannotRun("S207", path=path, column=", ".join(missing))
    return found


def _json_records(lines: _Lines, columns: Columns, leave_out: Callable[[str], None]) -> Iterator[Record]:
    for line in lines:
        if line.isspace():
            continue
        try:
            yield Record(lines.number, _json_cells(line, columns, leave_out))
        except RowError as fault:
            yield Record(lines.number, {}, fault)


def _json_cells(line: str, columns: Columns, leave_out: Callable[[str], None]) -> dict[str, Cell]:
    try:
        pairs = json.loads(
            line, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=lambda found: _Pairs(found)
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise RowError("S124") from None
    if not isinstance(pairs, _Pairs):
        raise RowError("S125")
    cells: dict[str, Cell] = {}
    for name, cell in pairs:
        column = columns.canonical(name)
        if column is None:
            shown = name[:100].encode(errors="replace").decode()
            if not columns.ignore_unknown:
                raise RowError("S121", column=shown)
            leave_out(shown)
        elif column in cells:
            raise RowError("S126", column=column)
        else:
            cells[column] = {} if isinstance(cell, _Pairs) else cell
    return cells


class _Pairs(list[tuple[str, Cell]]):
    """The members of a JSON object in order, repeated names included."""


def _no_constant(name: str) -> Cell:
    raise ValueError(name)
