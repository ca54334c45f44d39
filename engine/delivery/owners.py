"""Who delivers: names that hold leases, and a way to see that one of them is dead."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SUFFIX = ".deliver"


@contextmanager
def present_owner(folder: Path, name: str) -> Iterator[None]:
    """Hold a file in ``folder`` locked while ``name`` delivers; the operating system lets go when the process dies.

    ``name`` must be new and fit a file name. The file goes when the block is left in order, and stays, unlocked,
    after a kill.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name + _SUFFIX)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def owner_is_dead(folder: Path, name: str) -> bool:
    """Whether ``name`` delivered from this machine and works no more: its file is there, and nobody locks it.

    Without a file nothing is known, and the answer is no: its lease has to end.
    """
    try:
        with (folder / (name + _SUFFIX)).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
    except (FileNotFoundError, BlockingIOError):
        return False


def forget_dead_owners(folder: Path, holders: frozenset[str]) -> None:
    """Remove the files of dead owners that hold no lease any more; ``holders`` are those who do."""
    for path in sorted(folder.glob("*" + _SUFFIX)):
        name = path.name.removesuffix(_SUFFIX)
        if name not in holders and owner_is_dead(folder, name):
            path.unlink(missing_ok=True)
