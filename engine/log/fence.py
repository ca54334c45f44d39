"""The fence: the newest checkpoint kept beside the workspace, which an older copy of the store does not pass.

A store put back from a backup has forgotten decisions that were made, and would make and send them again. It has
fewer leaves than the fence, or another root there, and is refused until somebody says up to when all is settled.
The file holds the signed note of one checkpoint for each store that ran in the workspace, separated by empty lines. In its
place may stand what was written before checkpoints were signed: four lines with the hash of the last leaf.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...grammar.diagnostics import CannotRun
from .checkpoint import Checkpoint, read_checkpoint
from .durable import sync
from .store import LogStore, leaf_at, leaf_count
from .tree import LogTree

_LEAF = "leaf "


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What a fence held before checkpoints were signed: length and last leaf of a log, as ``note`` says them."""

    origin: str
    leaves: int
    leaf: bytes | None
    note: bytes


Fence = Checkpoint | Unsigned


def check_fence(store: LogStore, path: Path) -> None:
    """Refuse a store that is older than its fence, or not the one that wrote it.

    Raises :class:`CannotRun` with code ``D201`` (fewer leaves), ``D202`` (another root) or ``D203`` (the fence
    cannot be read). A store without a fence passes: it has not run here.
    """
    fence = read_fence(path).get(store.store_id)
    if fence is None:
        return
    leaves = leaf_count(store)
    if leaves < fence.leaves:
        raise CannotRun("D201", path=str(path), leaves=leaves, fence=fence.leaves)
    if not _fits(store, fence):
        raise CannotRun("D202", path=str(path), fence=fence.leaves)


def write_fence(path: Path, store_id: str, checkpoint: Checkpoint) -> None:
    """Make ``checkpoint`` the fence of its store, durably: the old fence or the new one is there after a crash.

    A shorter checkpoint replaces a longer one only through :func:`accept_restored`; else the longer one stays.
    Raises :class:`CannotRun` ``D203`` or ``D204`` (not writable).
    """
    _replace(path, store_id, checkpoint, shorter=False)


def accept_restored(path: Path, store_id: str, checkpoint: Checkpoint) -> None:
    """Make the checkpoint of a store that was put back its fence, though it is shorter.

    What the lost part decided is unknown, so the caller settles everything up to an instant first.
    """
    _replace(path, store_id, checkpoint, shorter=True)


def read_fence(path: Path) -> dict[str, Fence]:
    """Return the fences of ``path`` by store id; nothing where there is no file. Raises ``D203``."""
    try:
        parts = [part for part in path.read_bytes().rstrip(b"\n").split(b"\n\n") if part]
        fences = list(_entries(parts))
        if not fences:
            raise ValueError("an empty fence")
        return {_store_of(fence.origin): fence for fence in fences}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CannotRun("D203", path=str(path)) from error


def _entries(parts: list[bytes]) -> Iterator[Fence]:
    """The fences: of a note, the text is one part and its signatures the next."""
    remaining = iter(parts)
    for part in remaining:
        lines = part.decode().split("\n")
        if len(lines) == 4 and lines[2].startswith(_LEAF):
            leaf = lines[2].removeprefix(_LEAF)
            yield Unsigned(lines[0], int(lines[1]), None if leaf == "-" else bytes.fromhex(leaf), part + b"\n")
        else:
            yield read_checkpoint(part + b"\n\n" + next(remaining, b"") + b"\n")


def _store_of(origin: str) -> str:
    """The id of a store, 32 hex digits, in what its log is called; names of other kinds stand for themselves."""
    return next((part for part in origin.split("/") if len(part) == 32 and not part.strip("0123456789abcdef")), origin)


def _fits(store: LogStore, fence: Fence) -> bool:
    if isinstance(fence, Checkpoint):
        return LogTree(store).root(fence.leaves) == fence.root
    return not fence.leaves or leaf_at(store, fence.leaves - 1) == fence.leaf


def _replace(path: Path, store_id: str, checkpoint: Checkpoint, *, shorter: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_writer(path):
            fences = read_fence(path)
            before = fences.get(store_id)
            if before is not None and before.leaves > checkpoint.leaves and not shorter:
                return
            fences[store_id] = checkpoint
            _write_durably(path, b"\n".join(fences[name].note for name in sorted(fences)))
    except OSError as error:
        raise CannotRun("D204", path=str(path), error=error.strerror or type(error).__name__) from error


@contextmanager
def _one_writer(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_durably(path: Path, data: bytes) -> None:
    # A rename within one folder is atomic; the file before it and the folder after it must reach the disk.
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)
