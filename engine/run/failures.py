"""What can stop deciding: a guard, a failing playbook, and stock that does not suffice for a wave."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from ...grammar.diagnostics import QingtingError


class GuardTripped(Exception):
    """A guard refuses a playbook; the run decides anew without it."""

    def __init__(self, playbook: str, limit: int, reached: int) -> None:
        super().__init__(playbook)
        self.playbook, self.limit, self.reached = playbook, limit, reached


class PlaybookFailed(Exception):
    """Deciding a playbook failed; the run decides anew without it. ``where`` names the failure and its place."""

    def __init__(self, playbook: str, where: str) -> None:
        super().__init__(playbook, where)
        self.playbook, self.where = playbook, where


class StockContended(Exception):
    """Several instants of one wave want more of a coupon than there is; the wave is split."""


@contextmanager
def deciding(playbook: str) -> Iterator[None]:
    """Says of an unforeseen failure of the body which playbook was being decided.

    Faults of the environment (a full disk, a damaged file) are no playbook's and pass through.
    """
    try:
        yield
    except (GuardTripped, StockContended, QingtingError, sqlite3.Error, MemoryError):
        raise
    except Exception as failure:
        # The text of the failure is left out: it may hold personal data.
        last = extract_tb(failure.__traceback__)[-1]
        where = f"{type(failure).__name__} at {Path(last.filename).name}:{last.lineno}"
        raise PlaybookFailed(playbook, where) from failure
