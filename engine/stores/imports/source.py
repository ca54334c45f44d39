"""Files to records: CSV and JSON Lines a line at a time, Parquet a batch of rows at a time.

The encoding is UTF-8, with or without a byte order mark, unless another is asked for. A line that cannot be a record is a
fault of that line; bytes that are not of the encoding and a header that does not fit are faults of the file. What divides
the cells of a line is what the header fits best: a comma, a semicolon or a tab.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO

from ....grammar.diagnostics import CannotRun, UsageError
from .columns import Columns
from .parquet import count_rows, read_rows
from .report import RowError
from .values import Cell

MOST_IN_LINE = 1_048_576
CSV_ENDINGS = (".csv", ".tsv", ".txt")
JSON_ENDINGS = (".jsonl", ".ndjson")
PARQUET_ENDINGS = (".parquet",)
SPREADSHEET_ENDINGS = (".xlsx", ".xls", ".et", ".numbers")
ENCODINGS = ("utf-8", "gb18030", "utf-16")
_DIVIDERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Record:
    """A row by canonical column; a column that the row lacks is absent. ``fault`` says why it is none."""

    line: int
    cells: dict[str, Cell]
    fault: RowError | None = None


def read_records(
    path: Path, columns: Columns, leave_out: Callable[[str], None], encoding: str = "utf-8"
) -> Iterator[Record]:
    """Yield the records of a file whose ending says what it is; ``leave_out`` is told of unknown columns.

    ``encoding`` is one of :data:`ENCODINGS`. Raises UsageError for another ending, CannotRun where the file cannot be
    read, is not in that encoding, or its header does not fit.
    """
    ending = path.suffix.lower()
    known = CSV_ENDINGS + JSON_ENDINGS + PARQUET_ENDINGS
    if ending in SPREADSHEET_ENDINGS:
        raise UsageError("S221", path=str(path))
    if ending not in known:
        raise UsageError("S205", path=str(path), known=", ".join(known))
    if ending in PARQUET_ENDINGS:
        _open(path, encoding).close()
        yield from _parquet_records(path, columns, leave_out)
        return
    if encoding != "utf-8" and _is_utf_8(path):
        raise CannotRun("S220", path=str(path), encoding=encoding)
    with _open(path, encoding) as file:
        lines = _Lines(path, file, encoding)
        reader = _csv_records if ending in CSV_ENDINGS else _json_records
        yield from reader(lines, columns, leave_out)


def estimate_rows(path: Path) -> int:
    """About the number of rows of a file: of Parquet what it says, of others the line ends."""
    _open(path, "utf-8").close()
    if path.suffix.lower() in PARQUET_ENDINGS:
        return count_rows(path)
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _open(path: Path, encoding: str) -> IO[str]:
    try:
        # Bad bytes come through as lone surrogates, so that the line they stand in is known.
        return path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="surrogateescape", newline="")
    except (FileNotFoundError, NotADirectoryError):
        raise CannotRun("S201", path=str(path)) from None
    except IsADirectoryError:
        raise CannotRun("S202", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise CannotRun("S203", path=str(path), error=str(getattr(error, "strerror", None) or error)) from error


def _is_utf_8(path: Path) -> bool:
    """Whether the beginning of a file is UTF-8 beyond doubt, which GB18030 would often take for other characters."""
    _open(path, "utf-8").close()
    with path.open("rb") as file:
        start = file.read(1 << 20)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return not start.isascii()


class _Lines(Iterator[str]):
    """The lines of a file with their ends; ``number`` is that of the line last given."""

    def __init__(self, path: Path, file: IO[str], encoding: str) -> None:
        self.path = path
        self.number = 0
        self._file = file
        self._encoding = encoding
        self._pushed: str | None = None

    def push_back(self, line: str) -> None:
        """Let the line last given be given once more."""
        self._pushed = line
        self.number -= 1

    def __next__(self) -> str:
        if self._pushed is not None:
            line, self._pushed = self._pushed, None
            self.number += 1
            return line
        try:
            line = self._file.readline(MOST_IN_LINE + 1)
        except OSError as error:
            raise CannotRun("S203", path=str(self.path), error=error.strerror or "") from error
        # A file without the mark that UTF-16 begins with, or cut off.
        except UnicodeError:
            raise self._undecodable(1) from None
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
            raise self._undecodable(error.start + 1) from None

    def _undecodable(self, column: int) -> CannotRun:
        # A CSV file that Excel wrote as Unicode text begins with the mark of UTF-16.
        code = "S204" if self._encoding == "utf-8" else "S216"
        return CannotRun(code, path=str(self.path), line=self.number, column=column, encoding=self._encoding)


def _csv_records(lines: _Lines, columns: Columns, leave_out: Callable[[str], None]) -> Iterator[Record]:
    rows = csv.reader(lines, strict=True, delimiter=_divider(lines, columns))
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


def _divider(lines: _Lines, columns: Columns) -> str:
    """What divides the cells of the header: of what it may be, what gives most columns that are known."""
    for line in lines:
        stated = _STATED_DIVIDER.fullmatch(line)
        if stated is not None:
            return stated[1]
        if not line.isspace():
            lines.push_back(line)
            return max(_DIVIDERS, key=lambda divider: _fit(line, divider, columns))
    return ","


# Excel reads and writes such a line above the header.
_STATED_DIVIDER = re.compile(r"\s*\"?sep=([,;\t])\"?\s*", re.IGNORECASE)


def _fit(line: str, divider: str, columns: Columns) -> tuple[int, int]:
    try:
        names = next(csv.reader([line], delimiter=divider), [])
    except csv.Error:
        return 0, 0
    return sum(columns.canonical(name) is not None for name in names), len(names)


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
    return _canonical(path, names, columns, leave_out)


def _canonical(
    path: str, names: list[str], columns: Columns, leave_out: Callable[[str], None]
) -> list[str | None]:
    """The name inside of each column of a file, None for one that is left out."""
    if names and all(columns.canonical(name) is None for name in names):
        # They may well be the cells of a row, about a member: they are not told.
        raise CannotRun("S222", path=path, known=columns.listed)
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


def _parquet_records(path: Path, columns: Columns, leave_out: Callable[[str], None]) -> Iterator[Record]:
    names, rows = read_rows(path)
    header = _canonical(str(path), names, columns, leave_out)
    for number, cells in enumerate(rows, 1):
        yield Record(number, {name: cell for name, cell in zip(header, cells, strict=True) if name is not None})


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
