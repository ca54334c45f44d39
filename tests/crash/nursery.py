"""The test's side of the driver: orders go out, reports come back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crash import driver
from crash.driver import Order, Report


class Nursery:
    """A running driver."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def carry_out(self, folder: Path, command: str = "", **death: Any) -> Report:
        """Have a child perform ``command`` in ``folder``, and say what it came to; ``death`` as in :class:`Order`."""
        return self._ask(asdict(Order(str(folder), command, **death)))

    def finish(self, folder: Path, command: str) -> Report:
        """Have a child perform ``command`` to its end, which must be a good one."""
        report = self.carry_out(folder, command)
        assert report.code == 0, report.said
        return report

    def type_in(self, folder: Path, *arguments: str, largest: int | None = None) -> Report:
        """Have a child run a command line in ``folder``."""
        return self.carry_out(folder, arguments=arguments, largest=largest)

    def go_on(self, pid: int | None) -> Report:
        """Let a paused child go on to its end."""
        return self._ask({"go_on": pid})

    def _ask(self, order: dict[str, Any]) -> Report:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Report(**json.loads(self._process.stdout.readline()))


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """A driver that ends with the block, and its children with it."""
    with subprocess.Popen(
        [sys.executable, driver.__file__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Nursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=60)
