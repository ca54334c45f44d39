"""Faults of the surroundings become a sentence, a way out and an exit code."""

from __future__ import annotations

import errno
import io
import sqlite3
from datetime import UTC, datetime

import click
import pytest
from qingting.terminal.faults import exit_code_of
from qingting.terminal.session import Session


def told(error: BaseException) -> tuple[int, str]:
    err = io.StringIO()
    session = Session(
        out=io.StringIO(), err=err, environment={}, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), lang="zh"
    )
    return exit_code_of(session, error), err.getvalue()


def of_sqlite(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", "C302"), ("SQLITE_IOERR_WRITE", "C302"), ("SQLITE_READONLY", "C303"),
        ("SQLITE_NOTADB", "C304"), ("SQLITE_CORRUPT_INDEX", "C304"), ("SQLITE_BUSY", "C305"), ("SQLITE_LOCKED", "C305"),
        ("SQLITE_CANTOPEN", "C306"), ("SQLITE_PERM", "C306"),
    ],
)
def test_a_fault_of_the_store(name: str, code: str) -> None:
    exit_code, text = told(of_sqlite(name))
    assert exit_code == 3
    assert code in text
    assert "建议" in text


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "C302"), (errno.EFBIG, "C302"), (errno.EACCES, "C301"), (errno.EIO, "C301")]
)
def test_a_fault_of_the_system(number: int, code: str) -> None:
    exit_code, text = told(OSError(number, "reason", "a.sop"))
    assert exit_code == 3
    assert code in text
    assert "a.sop" in text


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_is_no_fault(error: BaseException) -> None:
    exit_code, text = told(error)
    assert exit_code == 130
    assert "没有写入一半" in text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (click.BadParameter("'x' is not one of 'a'.", param=click.Option(["--k"], type=click.Choice(["a"]))), "C227"),
        (click.BadParameter("'x' is not a valid integer.", param=click.Option(["--k"], type=int)), "C228"),
        (click.BadParameter("something else", param=click.Option(["--k"])), "C204"),
        (click.BadOptionUsage("--k", "Option '--k' requires an argument."), "C229"),
        (click.BadOptionUsage("--k", "Option '--k' does not take a value."), "C231"),
        (click.UsageError("Got unexpected extra argument (x)"), "C230"),
        (click.UsageError("something else"), "C205"),
    ],
)
def test_a_command_that_cannot_be_read(error: click.ClickException, code: str) -> None:
    exit_code, text = told(error)
    assert exit_code == 2
    assert code in text
