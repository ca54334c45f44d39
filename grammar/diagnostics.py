"""Diagnostics and exceptions: the two ways in which something can be wrong.

A mistake in what an operator wrote is a :class:`Diagnostic`, a value that travels beside results.
A fault of the environment is an exception of the tree below; each class knows its exit code::

    QingtingError
    ├── UsageError        2   the command was given something it cannot read
    ├── CannotRun         3   a file, store or lock is not usable
    └── Refused           4   a guard or a stale plan says no

Neither carries sentences: a code and named parameters, rendered by ``messages`` in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from .record import record

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in one file: ``start`` included, ``end`` excluded."""

    start: int
    end: int

    def __or__(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@record
class Edit:
    """What to write in the place of a span; an empty span inserts, an empty text deletes."""

    span: Span
    text: str


@record
class Fix:
    """Edits of one file, in text order and apart from each other, that mend what a diagnostic tells of.

    ``safe`` says that they can only be what the author meant, so that ``check --fix`` may write them unasked.
    """

    edits: tuple[Edit, ...]
    safe: bool


@record
class Diagnostic:
    """One thing that is wrong or doubtful in a text.

    ``file`` is relative to the workspace with ``/`` (``<stdin>``, ``<condition>`` for texts without a file).
    ``params`` fill the places of the message of ``code``; values are texts or whole numbers.
    ``hint`` names the hint message to use where the code has several; None takes the code's own.
    ``related`` are further spans worth showing, each in the same file. ``fix`` is a way to mend it where one is
    known; :func:`.fixes.fix_of` also knows those that follow from the code alone.
    """

    code: str
    severity: Severity
    file: str
    span: Span
    params: Mapping[str, str | int] = field(default_factory=dict)
    hint: str | None = None
    related: tuple[Span, ...] = ()
    fix: Fix | None = None


class QingtingError(Exception):
    """A fault of the environment, told by a message code and named parameters.

    >>> error = CannotRun("S301", path="shop.db")
    >>> error.exit_code, error.code, error.params["path"]
    (3, 'S301', 'shop.db')
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, str | int] = params


class UsageError(QingtingError):
    """The command was given something it cannot read."""

    exit_code = 2


class CannotRun(QingtingError):
    """A file, store or lock is not usable."""

    exit_code = 3


class Refused(QingtingError):
    """A guard or a stale plan says no."""

    exit_code = 4
