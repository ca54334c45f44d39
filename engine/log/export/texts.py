"""Exports as JSON Lines and as CSV: a line for each entry, in the order of the log.

In CSV nothing stands for what is absent and ``""`` for an empty text. Spreadsheets take a text that begins with a sign for a
formula: such a text, and one that begins with an apostrophe, has an apostrophe in front.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from ..merkle import HASH_LENGTH
from .lines import KINDS, Column, Form, Kind, Line, reader_of
from .reading import Export

FORMAT = 1
"""Of lines and columns: another one where a reader would have to change."""
NOTE = "note"
VERIFIER_KEY = "verifier_key"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMULAS = tuple("=+-@＝＋－＠\t\r'")
_NEEDS_QUOTES = frozenset(',"\r\n')

Forms = Mapping[Form, Callable[[Any], Any]]


def json_lines(export: Export, columns: tuple[Column, ...], zone: tzinfo) -> Iterator[tuple[Kind | None, str]]:
    """Yield a JSON object for each line, with the line's kind; instants are ISO 8601 in ``zone``.

    With proofs the checkpoint comes first, of no kind.
    """
    dump = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    if export.signed is not None:
        signed = export.signed
        checkpoint = {
            "kind": "checkpoint", "format": FORMAT, "origin": signed.checkpoint.origin, "size": signed.size,
            "root": signed.checkpoint.root.hex(), NOTE: signed.note.decode(), VERIFIER_KEY: str(signed.key),
        }
        yield None, dump(checkpoint) + "\n"
    forms: Forms = {
        "instant": _instants(zone), "json": lru_cache(maxsize=4096)(json.loads), "bytes": bytes.hex,
        "hashes": hex_list,
    }
    shapes = {kind: _shape(columns, kind, forms) for kind in KINDS}
    for line in export.lines:
        yield line.kind, dump(dict(shapes[line.kind](line))) + "\n"


def csv_lines(export: Export, columns: tuple[Column, ...], zone: tzinfo) -> Iterator[tuple[Kind | None, str]]:
    """Yield the line of names, then a line for each line of the export, with its kind; instants are ISO 8601 in ``zone``.

    With proofs the checkpoint comes before the entries, with a column for its note.
    """
    names = [column.name for column in columns]
    signed = export.signed
    ends = ",,\n" if signed is not None else "\n"
    if signed is None:
        yield None, ",".join(names) + "\n"
    else:
        yield None, ",".join((*names, NOTE, VERIFIER_KEY)) + "\n"
        note, key = _cell(signed.note.decode()), _cell(str(signed.key))
        yield None, f"checkpoint{',' * len(names)}{note},{key}\n"
    forms: Forms = {
        "text": _safe_cell, "integer": str, "instant": _instants(zone), "json": _cell, "bytes": bytes.hex,
        "hashes": lambda path: b"".join(path).hex(" ", HASH_LENGTH),
    }
    shapes = {kind: _shape(columns, kind, forms) for kind in KINDS}
    places = {name: index for index, name in enumerate(names)}
    for line in export.lines:
        row = [""] * len(names)
        for name, value in shapes[line.kind](line):
            if value is not None:
                row[places[name]] = value
        yield line.kind, ",".join(row) + ends


def hex_list(path: tuple[bytes, ...]) -> list[str]:
    """Return hashes as hex digits each.

    >>> hex_list((bytes(32), b"\\1" * 32))[1][:4], hex_list(())
    ('0101', [])
    """
    return b"".join(path).hex(" ", HASH_LENGTH).split()


def _shape(columns: tuple[Column, ...], kind: Kind, forms: Forms) -> Callable[[Line], list[tuple[str, Any]]]:
    """What gives names and values of a line of ``kind``, each in its form; None stays None."""
    own, read = reader_of(columns, kind)
    names = [(column.name, forms.get(column.form)) for column in own]

    def shaped(line: Line) -> list[tuple[str, Any]]:
        return [
            (name, value if form is None or value is None else form(value))
            for (name, form), value in zip(names, read(line), strict=True)
        ]

    return shaped


def _instants(zone: tzinfo) -> Callable[[int], str]:
    @lru_cache(maxsize=4096)
    def shown(micros: int) -> str:
        return (_EPOCH + timedelta(microseconds=micros)).astimezone(zone).isoformat()

    return shown


def _safe_cell(text: str) -> str:
    return _cell(f"'{text}" if text.startswith(_FORMULAS) else text)


def _cell(text: str) -> str:
    if text and _NEEDS_QUOTES.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
