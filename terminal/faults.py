"""The last line of defence: whatever goes wrong becomes a sentence and an exit code, never a traceback."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import traceback
from pathlib import Path

import click

from ..engine.log.notes import NoteError
from ..engine.program_log import note
from ..grammar.diagnostics import CannotRun, QingtingError, UsageError
from .session import BUG, ReaderLeft, Session

INTERRUPTED = 130
_QUOTED = re.compile(r"'(.*?)' is not ")
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class BugFound(QingtingError):
    """The program is at fault; a report says where."""

    exit_code = BUG


def exit_code_of(session: Session, error: BaseException) -> int:
    """Tell ``error`` on stderr in the reader's language and return its exit code."""
    if isinstance(error, QingtingError):
        return session.fault(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        session.tell(error.format_message())
        return UsageError.exit_code
    if isinstance(error, click.ClickException):
        return session.fault(_usage(error))
    if isinstance(error, KeyboardInterrupt | click.Abort):
        session.tell(session.word("C206"))
        return INTERRUPTED
    if isinstance(error, ReaderLeft | BrokenPipeError):
        # Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), session.out.fileno())
        return 0
    fault = _store_fault(error) if isinstance(error, sqlite3.Error) else None
    if isinstance(error, NoteError):
        fault = CannotRun("D208")
    if isinstance(error, OSError):
        fault = _system_fault(error)
    return session.fault(fault) if fault else _bug(session, error)


def _usage(error: click.ClickException) -> UsageError:
    if isinstance(error, click.NoSuchOption):
        return UsageError("C201", option=error.option_name)
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param is not None and error.ctx is not None else ""
        return UsageError("C203", name=name)
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.BadOptionUsage) and "requires" in error.message:
        return UsageError("C229", option=error.option_name)
    if isinstance(error, click.BadOptionUsage):
        return UsageError("C231", option=error.option_name)
    extra = _EXTRA.search(error.message)
    if extra is not None:
        return UsageError("C230", text=extra[1])
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return UsageError("C202", name=error.message.partition("'")[2].rstrip(".'"))
    return UsageError("C205", reason=error.format_message())


def _bad_value(error: click.BadParameter) -> UsageError:
    """What is wrong with a value, said without click's own English where that can be."""
    param = error.param
    name = param.opts[0] if param is not None and param.opts else ""
    text = _QUOTED.match(error.message)
    if text is not None and param is not None:
        if isinstance(param.type, click.Choice):
            return UsageError("C227", name=name, text=text[1], choices=", ".join(map(str, param.type.choices)))
        if isinstance(param.type, click.types.IntParamType):
            return UsageError("C228", name=name, text=text[1])
    return UsageError("C204", name=name, reason=error.message)


def _store_fault(error: sqlite3.Error) -> CannotRun | None:
    """The fault of the environment that SQLite reports, None where it is none."""
    name = getattr(error, "sqlite_errorname", "") or ""
    codes = {
        "SQLITE_FULL": "C302",
        "SQLITE_IOERR": "C302",
        "SQLITE_READONLY": "C303",
        "SQLITE_NOTADB": "C304",
        "SQLITE_CORRUPT": "C304",
        "SQLITE_BUSY": "C305",
        "SQLITE_LOCKED": "C305",
        "SQLITE_CANTOPEN": "C306",
        "SQLITE_PERM": "C306",
        "SQLITE_AUTH": "C306",
    }
    if str(error).startswith("Could not decode"):
        return CannotRun("D208")
    found = next((code for prefix, code in codes.items() if name.startswith(prefix)), None)
    return CannotRun(found, path="store") if found else None


def _system_fault(error: OSError) -> CannotRun:
    path = str(error.filename) if error.filename is not None else ""
    if error.errno in _FULL:
        return CannotRun("C302", path=path)
    return CannotRun("C301", path=path, reason=error.strerror or type(error).__name__)


def _bug(session: Session, error: BaseException) -> int:
    """Write a report without personal data (no values, no messages of exceptions) and say where it is."""
    note("command.failed", command=session.command or None, error=error, place=error)
    path = _write_report(session, error)
    fault = BugFound("C701", kind=type(error).__name__, path=str(path or "-"))
    return session.fault(fault)


def _write_report(session: Session, error: BaseException) -> Path | None:
    # Only a bug pays for these imports.
    import platform
    import tempfile

    from .. import __version__

    when = session.clock()
    frames = "".join(traceback.format_tb(error.__traceback__))
    versions = f"python {platform.python_version()}, sqlite {sqlite3.sqlite_version}, {platform.platform()}"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    header = f"qingting {__version__}\n{versions}\n{when.isoformat()}\ncommand {session.command or '-'}\n"
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / f"qingting-report-{when:%Y%m%d-%H%M%S}.txt"
        try:
            path.write_text(f"{header}\n{frames}{kind}\n", encoding="utf-8")
        except OSError:
            continue
        return path
    return None
