"""The run lock: an operating-system lock on a file beside the store that says who holds it.

The lock goes with the process, however it ends; the file stays and is reused.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...grammar.diagnostics import CannotRun
from ..program_log import note

_POLL_SECONDS = 0.05


@contextmanager
def run_lock(store_path: Path, holder: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Holds the lock of a store while the body runs.

    ``holder`` is written into the lock file for others to read. Waits at most ``wait_seconds``; raises
    CannotRun R301 with the text of the present holder where the lock stays taken.
    """
    path = store_path.with_name(store_path.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CannotRun("R302", path=str(path), reason=error.strerror or "") from None
    try:
        _take(handle, wait_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, holder.encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, wait_seconds: float) -> None:
    began = time.monotonic()
    waited = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= began + wait_seconds:
                raise CannotRun("R301", holder=os.pread(handle, 400, 0).decode(errors="replace")) from None
            waited = True
            time.sleep(_POLL_SECONDS)
        else:
            if waited:
                note("lock.waited", seconds=time.monotonic() - began)
            return
