"""Where the program's own log goes when ``--log-to`` or ``QINGTING_LOG`` asks for one; nothing else loads this.

Every line is one write to the end of the file, so that several processes may share it; a file that was moved away by a rotation
is made anew. What cannot be written later on is told once and stops nothing.
"""

from __future__ import annotations

import json
import logging
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from ..engine.program_log import LEVELS, ROOT
from ..grammar.diagnostics import CannotRun, UsageError
from .session import Session

FORMATS = ("text", "json")
STDERR = "-"
_LOGGED = re.compile(rb'\{"time": "|\d{4}-\d\d-\d\dT')


def start_log(session: Session) -> Callable[[], None] | None:
    """Begin to log as the session asks for, and return what ends it; None where an outer command logs already.

    Raises CannotRun C309 for a file that cannot be written, C310 for one that holds something else, and UsageError C227
    for a format or level in the environment that there is none of.
    """
    logger = logging.getLogger(ROOT)
    if any(isinstance(handler, _Lines) for handler in logger.handlers):
        return None
    level = _chosen(session, session.log_level, "QINGTING_LOG_LEVEL", tuple(LEVELS), "info")
    form = _chosen(session, session.log_format, "QINGTING_LOG_FORMAT", FORMATS, "text")
    place = session.log_to or session.environment.get("QINGTING_LOG") or STDERR
    lines = _Lines(session, form) if place == STDERR else _FileLines(session, form, Path(place))
    before = logger.level
    logger.addHandler(lines)
    logger.setLevel(next(number for name, number in LEVELS.items() if name == level))

    def end() -> None:
        logger.setLevel(before)
        logger.removeHandler(lines)
        lines.close()

    return end


def _chosen(session: Session, given: str | None, variable: str, choices: tuple[str, ...], usual: str) -> str:
    text = given or session.environment.get(variable) or usual
    if text not in choices:
        raise UsageError("C227", name=variable, text=text, choices=", ".join(choices))
    return text


class _Lines(logging.Handler):
    """Writes each event as a line to stderr; the time is the session's."""

    def __init__(self, session: Session, form: str) -> None:
        super().__init__()
        self._session = session
        self._form = form
        self._failed = False

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event: of a record of another making, nothing but its logger is told."""
        time = self._session.clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        level = record.levelname.lower()
        event, fields = getattr(record, "event", record.name), getattr(record, "fields", {})
        if self._form == "json":
            return json.dumps({"time": time, "level": level, "event": event, **fields}, ensure_ascii=False)
        return f"{time} {level} {record.getMessage() if hasattr(record, 'event') else event}"

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of a record."""
        try:
            self.write_line(self.format(record) + "\n")
        except (OSError, ValueError) as error:
            self._tell(error)

    def write_line(self, line: str) -> None:
        """Put a line out."""
        self._session.err.write(line)
        self._session.err.flush()

    def _tell(self, error: OSError | ValueError) -> None:
        if not self._failed:
            self._failed = True
            with suppress(OSError, ValueError):
                self._session.tell(self._session.word("N107", reason=_reason(error)))


class _FileLines(_Lines):
    """Writes each event to the end of a file."""

    def __init__(self, session: Session, form: str, path: Path) -> None:
        super().__init__(session, form)
        self._path = path
        try:
            self._file = self._opened()
        except (OSError, ValueError) as error:
            raise CannotRun("C309", path=str(path), reason=_reason(error)) from None
        if not _is_log(path):
            os.close(self._file)
            raise CannotRun("C310", path=str(path))

    def write_line(self, line: str) -> None:
        """Append a line, to the file that has this name now."""
        if self._moved():
            os.close(self._file)
            self._file = self._opened()
        os.write(self._file, line.encode())

    def close(self) -> None:
        """Close the file."""
        super().close()
        with suppress(OSError):
            os.close(self._file)

    def _opened(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def _moved(self) -> bool:
        try:
            return not os.path.samestat(self._path.stat(), os.fstat(self._file))
        except FileNotFoundError:
            return True


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _is_log(path: Path) -> bool:
    """Whether lines may be appended: to no store, no playbook, and nothing else that holds something."""
    if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size == 0:
        return True
    try:
        with path.open("rb") as file:
            return _LOGGED.match(file.read(20)) is not None
    except OSError:
        # A log that may be written and not read.
        return True
