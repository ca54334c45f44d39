"""Writing a stretch of a store's log into a file of its own, and what is private of it into another beside it.

Both are made under a name that ends in ``.part``, and appear whole under their own.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

from ....grammar.diagnostics import CannotRun
from ...stores.sqlite.schema import statements
from ..durable import sync
from ..store import LogStore
from ..tree import LogTree
from .known import Archived

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
FORM = 1
"""The form of archives, which readers compare."""
_SCRIPT = Path(__file__).with_name("archive.sql")
_TEXTS_SCRIPT = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE delivery_texts (
  seq INTEGER PRIMARY KEY, unit INTEGER, salt BLOB, channel_id TEXT, error TEXT, text_digest BLOB
);
CREATE INDEX delivery_texts_unit ON delivery_texts (unit);
"""
_RECORDS = (
    """INSERT INTO dispatches SELECT seq, header, occurrence, step, kind, unit, t, mark, not_before, key, leaf
       FROM store.dispatches WHERE seq >= :first AND seq < :stop""",
    """INSERT INTO deliveries SELECT seq, dispatch, at, attempt, outcome, reason, format, private, arrived_seq, leaf
       FROM store.deliveries WHERE seq >= :first AND seq < :stop""",
    """INSERT INTO headers
       SELECT header, digest, body, run, occurrence, step, version, block, category, action, channel, content, params, arm, status,
         reason
       FROM store.headers WHERE header IN (SELECT header FROM dispatches)""",
    # The reports of runs may tell of members by name.
    """INSERT INTO runs SELECT run, id, at, mark, end_mark, program, first_leaf, leaves, started_wall, '', ahead
       FROM store.runs WHERE first_leaf >= :first AND first_leaf < :stop""",
    """INSERT INTO occurrences SELECT occurrence, playbook, name, at
       FROM store.occurrences WHERE occurrence IN (SELECT occurrence FROM dispatches UNION SELECT occurrence FROM headers)""",
    """INSERT INTO steps SELECT step, playbook, name
       FROM store.steps WHERE step IN (SELECT step FROM dispatches UNION SELECT step FROM headers)""",
    """INSERT INTO playbook_versions SELECT version, playbook, digest, source, first_seen
       FROM store.playbook_versions WHERE version IN (SELECT version FROM headers)""",
    """INSERT INTO members (unit, pseudonym) SELECT unit, pseudonym
       FROM store.members WHERE unit IN (SELECT unit FROM dispatches WHERE kind = 0)""",
    """INSERT INTO groups (unit, pseudonym) SELECT unit, pseudonym
       FROM store.groups WHERE unit IN (SELECT unit FROM dispatches WHERE kind = 1)""",
    """INSERT INTO erasures SELECT seq, unit, pseudonym, at, leaf
       FROM store.erasures
       WHERE seq >= :first AND seq < :stop OR unit IN (SELECT unit FROM dispatches WHERE kind = 0)""",
    "INSERT INTO checkpoints SELECT leaves, run, note FROM store.checkpoints WHERE leaves > :first AND leaves <= :stop",
    "INSERT INTO cosignatures SELECT leaves, line FROM store.cosignatures WHERE leaves > :first AND leaves <= :stop",
    "INSERT INTO signers SELECT number, origin, public, leaves FROM store.signers WHERE leaves < :stop",
)
_PRIVATE = """
INSERT INTO delivery_texts
SELECT p.seq, CASE WHEN d.kind = 0 THEN d.unit END, p.salt, p.channel_id, p.error, p.text_digest
FROM store.delivery_texts AS p JOIN store.deliveries AS v ON v.seq = p.seq JOIN store.dispatches AS d ON d.seq = v.dispatch
WHERE p.seq >= :first AND p.seq < :stop
"""
_ANY_TEXTS = "SELECT EXISTS (SELECT 1 FROM delivery_texts WHERE seq >= :first AND seq < :stop)"
_META = "INSERT INTO meta (key, value) VALUES (?, ?)"
_BEFORE = "INSERT INTO before (first, stop, hash) VALUES (?, ?, ?)"


def file_name(first: int, stop: int) -> str:
    """Return what the archive of a stretch is called.

    >>> file_name(0, 512)
    'log-0-512.db'
    """
    return f"log-{first}-{stop}.db"


def texts_beside(path: Path) -> Path:
    """Return the file that holds what is private of an archive."""
    return path.with_name(path.stem + "-texts" + path.suffix)


def write_records(store: LogStore, source: Path, path: Path, stretch: Archived) -> None:
    """Write the entries of a stretch of the log of ``store``, whose file is ``source``, to ``path`` with ``.part`` behind it.

    Raises CannotRun D447 where that cannot be written.
    """
    frontier = list(_frontier(LogTree(store), stretch.first))
    with _made(path, source, _SCRIPT.read_text(encoding="utf-8")) as archive:
        for statement in _RECORDS:
            archive.execute(statement, {"first": stretch.first, "stop": stretch.stop})
        archive.executemany(_META, _entries(store, stretch))
        archive.executemany(_BEFORE, frontier)


def write_texts(store: LogStore, source: Path, path: Path, stretch: Archived) -> None:
    """Write what is private of a stretch beside the archive that will be ``path``, likewise."""
    with _made(texts_beside(path), source, _TEXTS_SCRIPT) as texts:
        texts.execute(_PRIVATE, {"first": stretch.first, "stop": stretch.stop})
        texts.executemany(_META, _entries(store, stretch))


def has_texts(store: LogStore, first: int, stop: int) -> bool:
    """Whether a store keeps anything private of the deliveries [first, stop)."""
    return bool(store.connection.execute(_ANY_TEXTS, {"first": first, "stop": stop}).fetchone()[0])


def part_of(path: Path) -> Path:
    """Return the name under which a file is made."""
    return path.with_name(path.name + ".part")


def put_in_place(path: Path, mode: int) -> None:
    """Let a file that was made appear whole under its own name, durably; it replaces nothing.

    Raises CannotRun D443 where there is a file of this name, D447 where the disk says no.
    """
    part = part_of(path)
    with writing(path):
        with suppress(PermissionError):
            part.chmod(mode)
        sync(part)
        try:
            os.link(part, path)
        except FileExistsError:
            raise CannotRun("D443", path=str(path)) from None
        except OSError as error:
            # Disks that are carried around often know no links.
            if error.errno not in _NO_LINKS or path.exists():
                raise
            part.rename(path)
        part.unlink(missing_ok=True)
        sync(path.parent)


def digest_of_file(path: Path) -> bytes:
    """Return the SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn faults of the disk into CannotRun D447."""
    try:
        yield
    except OSError as error:
        raise CannotRun("D447", path=str(path), error=error.strerror or type(error).__name__) from error
    except sqlite3.OperationalError as error:
        raise CannotRun("D447", path=str(path), error=error.sqlite_errorname) from error


@contextmanager
def _made(path: Path, source: Path, script: str) -> Iterator[sqlite3.Connection]:
    part = part_of(path)
    with writing(path):
        part.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        # Nobody else may read it, from the first byte on.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        uri = f"{part.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            # What is left after a crash is thrown away, so that nothing needs undoing.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("ATTACH :source AS store", {"source": f"{source.resolve().as_uri()}?mode=ro"})
            connection.execute("BEGIN")
            for statement in statements(script):
                connection.execute(statement)
            yield connection
            connection.execute("COMMIT")


def _entries(store: LogStore, stretch: Archived) -> tuple[tuple[str, str | int], ...]:
    return (
        ("store_id", store.store_id), ("archive", FORM), ("first", stretch.first), ("stop", stretch.stop),
        ("until", stretch.until), ("leaves", stretch.stop),
    )


def _frontier(tree: LogTree, size: int) -> Iterator[tuple[int, int, bytes]]:
    """The complete subtrees over the first ``size`` leaves, the widest first."""
    first = 0
    while first < size:
        width = 1 << ((size - first).bit_length() - 1)
        yield first, first + width, tree.subtree(first, first + width)
        first += width
