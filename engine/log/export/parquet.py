"""Exports as Parquet: typed columns, some thousand lines at a time; pyarrow is asked for only where such a file is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ....grammar.diagnostics import CannotRun
from .lines import KINDS, Column, Form, Kind, Line, reader_of
from .reading import Export
from .texts import FORMAT, NOTE, VERIFIER_KEY, hex_list

BATCH = 5_000
_METADATA = "qingting."


def write_parquet(export: Export, columns: tuple[Column, ...], path: Path) -> Iterator[Kind]:
    """Write the lines into a new file at ``path``, and yield the kind of each; read it to its end.

    With proofs the file's metadata hold the checkpoint. Raises CannotRun S217 where pyarrow is not installed.
    """
    arrow = _arrow()
    schema = _schema(arrow, columns, export)
    rows = {kind: _row(columns, kind) for kind in KINDS}
    with arrow.parquet.ParquetWriter(path, schema) as file:
        gathered: list[tuple[Any, ...]] = []
        for line in export.lines:
            gathered.append(rows[line.kind](line))
            yield line.kind
            if len(gathered) == BATCH:
                file.write_batch(_batch(arrow, gathered, schema))
                gathered = []
        if gathered:
            file.write_batch(_batch(arrow, gathered, schema))


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CannotRun("S217") from None
    return pyarrow


def _schema(arrow: Any, columns: tuple[Column, ...], export: Export) -> Any:
    types = {
        "text": arrow.string(), "integer": arrow.int64(), "instant": arrow.timestamp("us", tz="UTC"), "json": arrow.string(),
        "bytes": arrow.string(), "hashes": arrow.list_(arrow.string()),
    }
    metadata = {f"{_METADATA}format": str(FORMAT)}
    if export.signed is not None:
        metadata |= {f"{_METADATA}{NOTE}": export.signed.note.decode(), f"{_METADATA}{VERIFIER_KEY}": str(export.signed.key)}
    return arrow.schema([(column.name, types[column.form]) for column in columns], metadata=metadata)


def _row(columns: tuple[Column, ...], kind: Kind) -> Callable[[Line], tuple[Any, ...]]:
    """What gives the cells of a line of ``kind``; None where it has no such column."""
    own, read = reader_of(columns, kind)
    places = {column.name: (index, column.form) for index, column in enumerate(own)}
    cells = [places.get(column.name) for column in columns]

    def row(line: Line) -> tuple[Any, ...]:
        values = read(line)
        return tuple(None if cell is None else _value(cell[1], values[cell[0]]) for cell in cells)

    return row


def _value(form: Form, value: Any) -> Any:
    if value is None or form not in ("bytes", "hashes"):
        return value
    return value.hex() if form == "bytes" else hex_list(value)


def _batch(arrow: Any, rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [arrow.array(column, type=kind) for column, kind in zip(columns, schema.types, strict=True)]
    return arrow.RecordBatch.from_arrays(arrays, schema=schema)
