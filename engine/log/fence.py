"""The fence: the newest checkpoint kept beside the workspace, which an older copy of the store does not pass.

A store put back from a backup has forgotten decisions that were made, and would make and send them again. It has
fewer leaves than the fence, or another leaf there, and is refused until somebody says up to when all is settled.
The file holds one checkpoint for each store that ran in the workspace, separated by empty lines.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...grammar.diagnostics import CannotRun
from .checkpoint import Checkpoint, present_checkpoint, read_checkpoint
from .store import LogStore, leaf_at, leaf_count

_SEPARATOR = b"\n\n"


def check_fence(store: LogStore, path: Path) -> None:
    """Refuse a store that is older than its fence, or not the one that wrote it.

    Raises :class:`CannotRun` with code ``D201`` (fewer leaves), ``D202`` (another leaf) or ``D203`` (the fence
    cannot be read). A store without a fence passes: it has not run here.
    """
    fence = read_fence(path).get(store.store_id)
    if fence is None:
        return
    leaves = leaf_count(store)
    if leaves < fence.leaves:
        raise CannotRun("D201", path=str(path), leaves=leaves, fence=fence.leaves, run=fence.run or "-")
    if fence.leaves and leaf_at(store, fence.leaves - 1) != fence.leaf:
        raise CannotRun("D202", path=str(path), leaf=fence.leaves - 1, run=fence.run or "-")


def renew_fence(store: LogStore, path: Path) -> None:
    """Bring the fence up to the store's log, where a process died after its commit and before it wrote the fence.

    Raises as :func:`check_fence` and :func:`write_fence` do.
    """
    check_fence(store, path)
    write_fence(path, present_checkpoint(store))


def write_fence(path: Path, checkpoint: Checkpoint) -> None:
    """Make ``checkpoint`` the fence of its store, durably: the old fence or the new one is there after a crash.

    A shorter checkpoint replaces a longer one only through :func:`accept_restored`; else the longer one stays.
    Raises :class:`CannotRun` ``D203`` or ``D204`` (not writable).
    """
    _replace(path, checkpoint, shorter=False)


def accept_restored(store: LogStore, path: Path) -> Checkpoint:
    """Make the store as it stands the one that counts: its checkpoint becomes the fence, and is returned.

    What the lost part decided is unknown, so the caller settles everything up to an instant first.
    """
    checkpoint = present_checkpoint(store)
    _replace(path, checkpoint, shorter=True)
    return checkpoint


def read_fence(path: Path) -> dict[str, Checkpoint]:
    """Return the fences of ``path`` by store id; nothing where there is no file. Raises ``D203``."""
    try:
        data = path.read_bytes()
        entries = [read_checkpoint(part.rstrip(b"\n") + b"\n") for part in data.split(_SEPARATOR) if part.strip()]
        if not entries:
            raise ValueError("an empty fence")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CannotRun("D203", path=str(path)) from error
    return {entry.store_id: entry for entry in entries}


def _replace(path: Path, checkpoint: Checkpoint, *, shorter: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_writer(path):
            fences = read_fence(path)
            before = fences.get(checkpoint.store_id)
            if before is not None and before.leaves > checkpoint.leaves and not shorter:
                return
            fences[checkpoint.store_id] = checkpoint
            _write_durably(path, b"\n".join(fences[name].to_bytes() for name in sorted(fences)))
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
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
