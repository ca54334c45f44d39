"""Sleeping until it is time to leave: what asks a lasting command to end lets it finish what it is at."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

Rest = Callable[[float], bool]
"""Sleeps for some seconds, and says whether the process has been asked to leave."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def leaving_cleanly() -> Iterator[Rest]:
    """A way to sleep that ends early, and says so, once SIGTERM or SIGINT (Ctrl-C) has come; nothing else is interrupted."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    asked = False

    def leave(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        # A pipe that is full will wake the sleeper anyhow.
        with suppress(BlockingIOError):
            os.write(writing, b"x")

    def rest(seconds: float) -> bool:
        if not asked:
            select.select([reading], [], [], seconds)
        return asked

    before = [(number, signal.signal(number, leave)) for number in _SIGNALS]
    try:
        yield rest
    finally:
        for number, handler in before:
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
