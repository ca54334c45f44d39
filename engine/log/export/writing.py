"""Putting an export onto a stream or into a file, which appears whole or not at all."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Literal, TextIO

from ....grammar.diagnostics import CannotRun, UsageError
from ..durable import sync
from .lines import Column, Kind
from .reading import Export
from .texts import csv_lines, json_lines

Format = Literal["jsonl", "csv", "parquet"]
_TEXTS = {"jsonl": json_lines, "csv": csv_lines}
_OPEN, _PRIVATE = 0o666, 0o600
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
# Spreadsheets take a file for one of the system's own encoding unless it begins with this.
_ENCODINGS = {"jsonl": "utf-8", "csv": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Exported:
    """How many lines of each kind were written; ``size`` is that of the checkpoint that proves them, None without proofs."""

    records: int
    deliveries: int
    erasures: int
    size: int | None


def write_text(
    export: Export, columns: tuple[Column, ...], form: Literal["jsonl", "csv"], zone: tzinfo, stream: TextIO
) -> Exported:
    """Write an export to a stream as it is read."""

    def kinds() -> Iterator[Kind | None]:
        for kind, line in _TEXTS[form](export, columns, zone):
            stream.write(line)
            yield kind

    return _counted(export, kinds())


def write_file(
    export: Export, columns: tuple[Column, ...], form: Format, zone: tzinfo, path: Path, *, force: bool, private: bool
) -> Exported:
    """Write an export to a file; ``private`` makes it its owner's alone.

    Raises UsageError D423 for a file that is there already, unless it is to be replaced (``force``), CannotRun C301 or C302
    where it cannot be written, S217 for Parquet without pyarrow.
    """
    with _appearing(path, force, _PRIVATE if private else _OPEN) as draft:
        if form == "parquet":
            from .parquet import write_parquet

            return _counted(export, write_parquet(export, columns, draft))
        with draft.open("w", encoding=_ENCODINGS[form], newline="") as stream:
            return write_text(export, columns, form, zone, stream)


def _counted(export: Export, kinds: Iterable[Kind | None]) -> Exported:
    counts = Counter(kinds)
    size = None if export.signed is None else export.signed.size
    return Exported(counts["record"], counts["delivery"], counts["erasure"], size)


@contextmanager
def _appearing(path: Path, force: bool, mode: int) -> Iterator[Path]:
    """A draft beside ``path``, empty, which takes its place when the block ends well and goes when it does not."""
    if not force and os.path.lexists(path):
        raise UsageError("D423", path=str(path))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _make(draft, mode)
        try:
            yield draft
            sync(draft)
            if force:
                draft.replace(path)
            else:
                # Unlike a rename, a link never takes the place of a file that came meanwhile.
                os.link(draft, path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError("D423", path=str(path)) from None
    except OSError as error:
        if error.errno in _FULL:
            raise CannotRun("C302", path=str(path)) from None
        raise CannotRun("C301", path=str(path), reason=error.strerror or type(error).__name__) from None


def _make(draft: Path, mode: int) -> None:
    """Make an empty file, in the place of one that a process of the same number left behind."""
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    except ValueError as error:
        # A name with a character that none has.
        raise CannotRun("C301", path=str(draft), reason=str(error)) from None
