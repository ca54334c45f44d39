"""What became of test files: case by case, with all that differs and why."""

from __future__ import annotations

from typing import Literal

from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.record import record
from ..answers import Note
from ..insight.answers import Explanation
from .coverage import Coverage


@record
class Difference:
    """One entry that is expected and ``missing``, or decided and ``unexpected``.

    ``text`` is in the words of an expectation; ``span`` is where it stands, or the member's, or the case's. ``playbook`` and
    ``step`` are those of what was decided, ``reason`` why it was suppressed.
    """

    kind: Literal["missing", "unexpected"]
    unit: str
    text: str
    span: Span
    playbook: str | None = None
    step: str | None = None
    reason: str | None = None


@record
class CaseResult:
    """One case: its place, what differs, what stands in the way, and why members got what they got.

    ``judged`` is False for a case that was only played since later ones follow on it.
    """

    name: str
    span: Span
    judged: bool
    differences: tuple[Difference, ...] = ()
    problems: tuple[Note, ...] = ()
    explanations: tuple[Explanation, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differences and not self.problems


@record
class ScriptResult:
    """One test file; with ``problems`` it could not be read, or not be played to its end."""

    file: str
    text: str
    cases: tuple[CaseResult, ...]
    problems: tuple[Diagnostic, ...] = ()


@record
class TestAnswer:
    """All test files in the order of their paths; ``coverage`` where it was asked for."""

    __test__ = False

    scripts: tuple[ScriptResult, ...]
    coverage: Coverage | None = None

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """The cases that were judged."""
        return tuple(case for script in self.scripts for case in script.cases if case.judged)

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(case.passed for case in self.cases)

    @property
    def failed(self) -> int:
        """How many cases failed, and how many files could not be read or played."""
        broken = sum(1 for script in self.scripts if script.problems)
        return len(self.cases) - self.passed + broken
