"""Archives of the log, opened: each a log of its own to whoever reads or recomputes one, with some entries of the whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ....grammar.diagnostics import CannotRun
from ..store import LogStore
from .known import Archived, archived_stretches
from .writing import FORM, digest_of_file, texts_beside

_META = "SELECT key, value FROM meta"
_TEXTS = (
    """CREATE TEMP VIEW delivery_texts AS
       SELECT seq, salt, channel_id, error, text_digest FROM texts.delivery_texts""",
)
_NO_TEXTS = (
    "CREATE TEMP TABLE delivery_texts (seq INTEGER PRIMARY KEY, salt BLOB, channel_id TEXT, error TEXT, text_digest BLOB)",
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive with the entries [``first``, ``stop``) of the log of the store ``store_id``; itself a ``LogStore``.

    Decisions of runs before the instant ``until`` stand in it or in an older one. ``has_texts`` says whether what is private
    of its deliveries lies beside it.
    """

    path: Path
    connection: sqlite3.Connection
    store_id: str
    first: int
    stop: int
    until: int
    has_texts: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """An archive that a store knows of: its stretch, where its file should be, and what was found there.

    ``archive`` is None where there is no file that can be read as one; ``fits`` says whether its bytes are those that were put
    there.
    """

    stretch: Archived
    path: Path
    is_there: bool
    fits: bool
    archive: Archive | None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive for reading. Raises CannotRun D442 for a file that is none, or cannot be read."""
    try:
        uri = f"{path.resolve(strict=True).as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise CannotRun("D442", path=str(path)) from error
    with closing(connection):
        yield _opened(path, connection)


def _opened(path: Path, connection: sqlite3.Connection) -> Archive:
    try:
        known = dict(connection.execute(_META).fetchall())
        if known.get("archive") != FORM:
            raise CannotRun("D442", path=str(path))
        texts = texts_beside(path)
        has_texts = texts.is_file()
        if has_texts:
            connection.execute("ATTACH :texts AS texts", {"texts": f"{texts.resolve().as_uri()}?mode=ro"})
        for statement in _TEXTS if has_texts else _NO_TEXTS:
            connection.execute(statement)
        first, stop, until = (int(known[name]) for name in ("first", "stop", "until"))
        return Archive(path, connection, str(known["store_id"]), first, stop, until, has_texts)
    except (KeyError, ValueError, sqlite3.Error) as error:
        raise CannotRun("D442", path=str(path)) from error


def is_of(path: Path, store: LogStore, first: int, stop: int) -> bool:
    """Whether a file is an archive of the entries [``first``, ``stop``) of the log of ``store``, by what it says itself."""
    try:
        with open_archive(path) as archive:
            return (archive.store_id, archive.first, archive.stop) == (store.store_id, first, stop)
    except CannotRun:
        return False


def expected_archives(store: LogStore, folder: Path) -> Iterator[Expected]:
    """Yield each archive of a log in order, open until the next is asked for. ``folder`` is that of the store's file."""
    for stretch in archived_stretches(store):
        path = stretch.place(folder)
        try:
            fits = digest_of_file(path) == stretch.digest
        except (OSError, ValueError):
            yield Expected(stretch, path, is_there=False, fits=False, archive=None)
            continue
        with _perhaps(path) as archive:
            yield Expected(stretch, path, is_there=True, fits=fits, archive=archive)


@contextmanager
def _perhaps(path: Path) -> Iterator[Archive | None]:
    try:
        opened = open_archive(path)
        archive = opened.__enter__()
    except CannotRun:
        yield None
        return
    try:
        yield archive
    finally:
        opened.__exit__(None, None, None)
