"""A process that forks others, each of which performs one command of the shop and dies as told.

The imports and the reading of texts are done once, here, so that a death costs a fork and not an interpreter. Run as a
script: orders come as lines of JSON on stdin, and each is answered by one line on stdout.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import select
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crash.shop import BY_NAME, SENT, build_shop, perform
from qingting.cli import run_command
from qingting.grammar.diagnostics import QingtingError

# So many instructions of SQLite's machine count as one step, as does each statement.
INSTRUCTIONS = 500
PATIENCE = 120.0


@dataclass(frozen=True)
class Order:
    """What a child does, in which workspace, and how it ends.

    ``command`` is one of the shop's, ``arguments`` a command line to be typed instead. ``boundary`` and ``step`` count
    from 0: the child kills itself there; steps are counted where one is named, and -1 is never reached. ``pause``
    stops it at that boundary. ``seconds`` is when it is killed from outside. ``largest`` limits the size of the files
    it writes.
    """

    folder: str
    command: str = ""
    arguments: tuple[str, ...] = ()
    boundary: int | None = None
    pause: int | None = None
    step: int | None = None
    seconds: float | None = None
    largest: int | None = None


@dataclass
class Report:
    """What a child came to: ``code`` is an exit code, None where it was killed, and ``pid`` is set while it is paused.

    ``sent`` is the first step at which the channel's file was there.
    """

    code: int | None = None
    said: str = ""
    steps: int = 0
    sent: int | None = None
    boundaries: list[str] = field(default_factory=list)
    seconds: float = 0.0
    pid: int | None = None


class Child:
    """The life of a forked child: counts where it is, and dies there if told."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.report = Report()

    def live(self) -> Report:
        # Where a report of a fault of the program would go.
        os.chdir(self.order.folder)
        if self.order.largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.order.largest, self.order.largest))
        if self.order.step is not None:
            self._watch_statements()
        sys.stdout = sys.stderr = said = io.StringIO()
        try:
            self.report.code = self._perform()
        except QingtingError as error:
            self.report.code = error.exit_code
            said.write(f"{error.code} {error}")
        except BaseException:  # noqa: BLE001  whatever it is, the test must hear of it
            self.report.code = -1
            said.write(traceback.format_exc())
        self.report.said = said.getvalue()
        return self.report

    def _perform(self) -> int:
        folder = Path(self.order.folder)
        if self.order.arguments:
            return run_command([*self.order.arguments, "-C", str(folder)], {"LANG": "C.UTF-8"})
        perform(folder, BY_NAME[self.order.command], self._reached)
        return 0

    def _watch_statements(self) -> None:
        connect = sqlite3.connect

        def watched(*arguments: Any, **settings: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **settings)
            connection.set_trace_callback(lambda statement: self._step())
            connection.set_progress_handler(self._step, INSTRUCTIONS)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]

    def _step(self) -> None:
        if self.report.steps == self.order.step:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.report.sent is None and (Path(self.order.folder) / SENT).exists():
            self.report.sent = self.report.steps
        self.report.steps += 1

    def _reached(self, boundary: str) -> None:
        number = len(self.report.boundaries)
        if number == self.order.boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        self.report.boundaries.append(boundary)
        if number == self.order.pause:
            os.kill(os.getpid(), signal.SIGSTOP)


class Driver:
    """Carries out orders one after the other; children that are paused wait until they are told to go on."""

    def __init__(self) -> None:
        self._paused: dict[int, int] = {}

    def warm_up(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            build_shop(Path(folder))
            for command in ("create", "members", "tags", "evening", "evening-out"):
                perform(Path(folder), BY_NAME[command])

    def carry_out(self, order: Order) -> Report:
        reading, writing = os.pipe()
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.write(writing, json.dumps(asdict(Child(order).live())).encode())
            os._exit(0)
        os.close(writing)
        if order.pause is not None:
            _, status = os.waitpid(pid, os.WUNTRACED)
            if os.WIFSTOPPED(status):
                self._paused[pid] = reading
                return Report(pid=pid)
        return _ended(pid, reading, began, order.seconds)

    def go_on(self, pid: int) -> Report:
        os.kill(pid, signal.SIGCONT)
        return _ended(pid, self._paused.pop(pid), time.monotonic(), None)

    def end(self) -> None:
        for pid in self._paused:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _ended(pid: int, reading: int, began: float, seconds: float | None) -> Report:
    """Wait for a child and read its report, which a killed one does not give; kill it when its time is over."""
    told, _, _ = select.select([reading], [], [], PATIENCE if seconds is None else seconds)
    if not told:
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    taken = time.monotonic() - began
    os.waitpid(pid, 0)
    if not told and seconds is None:
        raise TimeoutError("a child does not end")
    report = Report(**json.loads(said)) if said else Report()
    report.seconds = taken
    return report


def main() -> None:
    driver = Driver()
    driver.warm_up()
    # Spares the children the copying of pages that collections would touch.
    gc.freeze()
    answers = sys.stdout
    for line in sys.stdin:
        told = json.loads(line)
        report = driver.go_on(told["go_on"]) if "go_on" in told else driver.carry_out(Order(**told))
        answers.write(json.dumps(asdict(report)) + "\n")
        answers.flush()
    driver.end()


if __name__ == "__main__":
    main()
