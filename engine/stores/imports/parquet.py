"""Parquet files to rows of cells, a batch at a time; pyarrow is asked for only where such a file is read.

Numbers come as whole numbers and decimals: a float is the shortest decimal that reads back as it, so that 11.77 keeps its
cents. Instants come as texts of ISO 8601, with an offset where the column has a zone. Dictionaries are their values.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from ....grammar.diagnostics import CannotRun
from .values import Cell

BATCH = 10_000


def count_rows(path: Path) -> int:
    """The number of rows that a file says it has."""
    return int(_open(path).metadata.num_rows)


def read_rows(path: Path) -> tuple[list[str], Iterator[list[Cell]]]:
    """Return the names of the columns, and the cells of each row in their order.

    Raises CannotRun where pyarrow is not installed, the file is not Parquet or damaged, or a column has instants in the
    old form of 96 bits, which does not say whether it means a zone's clock or UTC.
    """
    file = _open(path)
    _refuse_old_instants(path, file)
    return list(file.schema_arrow.names), _rows(path, file)


def _rows(path: Path, file: Any) -> Iterator[list[Cell]]:
    arrow = _arrow()
    try:
        for batch in file.iter_batches(batch_size=BATCH):
            columns = [_cells(arrow, column) for column in batch.columns]
            yield from map(list, zip(*columns, strict=True))
    except (arrow.ArrowException, OSError) as error:
        raise CannotRun("S218", path=str(path)) from error


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CannotRun("S217") from None
    return pyarrow


def _open(path: Path) -> Any:
    arrow = _arrow()
    try:
        return arrow.parquet.ParquetFile(path)
    except (arrow.ArrowException, OSError) as error:
        raise CannotRun("S218", path=str(path)) from error


def _refuse_old_instants(path: Path, file: Any) -> None:
    for position in range(len(file.schema)):
        column = file.schema.column(position)
        if column.physical_type == "INT96":
            raise CannotRun("S219", path=str(path), column=column.name)


def _cells(arrow: Any, column: Any) -> list[Cell]:
    """The cells of a column of one batch."""
    types = arrow.types
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if types.is_floating(kind):
        return [None if text is None else Decimal(text) for text in column.cast("string").to_pylist()]
    if types.is_timestamp(kind):
        micros = column.cast(arrow.timestamp("us", kind.tz and "UTC"), safe=False)
        return [_instant(text) for text in micros.cast("string").to_pylist()]
    if types.is_date(kind):
        return list(column.cast("date32").cast("string").to_pylist())
    if types.is_binary(kind) or types.is_large_binary(kind):
        # Old writers do not say that bytes are text.
        return [None if value is None else value.decode(errors="surrogateescape") for value in column.to_pylist()]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _lists(_cells(arrow, column.flatten()), column)
    if _is_plain(arrow, kind):
        return list(column.to_pylist())
    # Times of day, durations, structures and maps are no values of any column.
    return [None if missing else {} for missing in column.is_null().to_pylist()]


def _is_plain(arrow: Any, kind: Any) -> bool:
    types = arrow.types
    texts = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    return bool(texts or any(test(kind) for test in (types.is_boolean, types.is_integer, types.is_decimal, types.is_null)))


def _lists(flat: list[Cell], column: Any) -> list[Cell]:
    """The lists of a column, cut out of their members laid end to end."""
    found: list[Cell] = []
    start = 0
    for value in column.to_pylist():
        end = start + len(value or ())
        found.append(None if value is None else list(flat[start:end]))
        start = end
    return found


def _instant(text: str | None) -> str | None:
    """A date alone where the clock of a column without a zone shows midnight, which is how many writers keep dates."""
    return text.removesuffix(" 00:00:00.000000") if text is not None else None
