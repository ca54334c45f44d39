"""The store of a workspace, made where it is missing, with the secret of coupon codes and the key of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .answers import Note
from .log.notary import LogNotary
from .log.secrets import LOG_KEY, SECRET, make_secret
from .program_log import note
from .stores.sqlite.database import SqliteStore


@contextmanager
def store_made(
    path: Path, state: Path, at: int, notary: LogNotary, random_bytes: Callable[[int], bytes]
) -> Iterator[tuple[SqliteStore, tuple[Note, ...]]]:
    """The store at ``path``, open for writing; one that is made now starts at the instant ``at``.

    ``state`` is the folder of what belongs to it. Notes say what was made.
    """
    opened, is_new = SqliteStore.open_or_create(path, at=at, random_bytes=random_bytes)
    with opened as store:
        _, is_new_secret = make_secret(state, random_bytes)
        is_new_key = notary.make_key(store)
        if is_new:
            note("store.made")
        made = [("N102", is_new, path), ("N103", is_new_secret, state / SECRET), ("N104", is_new_key, state / LOG_KEY)]
        yield store, tuple(Note(code, {"path": str(place)}) for code, is_made, place in made if is_made)
