"""What a workspace answers: values that the command line turns into text or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from ..grammar.diagnostics import Diagnostic, QingtingError
from ..grammar.record import record

if TYPE_CHECKING:
    from .planning.making import Contrast
    from .run.report import RunReport


@record
class Note:
    """Something worth saying beside a result: a message code and its parameters."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@record
class CheckAnswer:
    """What is wrong with a workspace's texts. ``texts`` are the files by path, ``files`` and ``playbooks`` are counts.

    ``language`` is the one the workspace is configured for, None where it says none.
    """

    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    files: int
    playbooks: int
    language: Literal["zh", "en"] | None = None

    def has_errors(self, *, strict: bool = False) -> bool:
        """Whether there is an error; with ``strict`` warnings count too."""
        return any(strict or d.severity == "error" for d in self.diagnostics)


@record
class Change:
    """A line that ``check --fix`` wrote anew: its file, its 1-based number, how it was, how it is, and the codes mended.

    ``before`` and ``after`` are without the spaces around them.
    """

    file: str
    line: int
    before: str
    after: str
    codes: tuple[str, ...]


@record
class MendAnswer:
    """What was mended in a workspace's texts, by file and line, and what is still wrong."""

    changes: tuple[Change, ...]
    answer: CheckAnswer


@record
class WhoAnswer:
    """The members a condition is true of: outside ids in code-point order, or what is wrong with the text."""

    members: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@record
class Coming:
    """A coming occurrence: an instant, the zone to show it in, and whose it is, if of a playbook.

    ``members`` are how many go on with their journeys then; None for an occurrence of a schedule.
    """

    at: int
    zone: str
    playbook: str | None = None
    step: str | None = None
    members: int | None = None


@record
class NextAnswer:
    """Coming occurrences by instant, or what is wrong with the schedule's text."""

    occurrences: tuple[Coming, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@record
class ComingMoved:
    """The occurrences of a playbook's schedules in the next days by another version, and as the workspace is now."""

    playbook: str
    former: tuple[Coming, ...]
    present: tuple[Coming, ...]


@record
class Against:
    """How a plan differs from that of another ``version``, given as it was asked for; ``commit`` is that of a revision."""

    version: str
    commit: str | None
    contrast: Contrast
    coming: tuple[ComingMoved, ...]


@record
class RunAnswer:
    """The report of a run or plan, notes on what was made on the way, and what the texts hide.

    ``problems`` are the errors of texts from which declarations outside playbooks are missing: a playbook may stand
    there that nobody hears of. ``texts`` are the files by path. Of a plan, ``coming`` are the occurrences behind it, and
    ``against`` is what another version would do otherwise.
    """

    report: RunReport
    notes: tuple[Note, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    coming: tuple[Coming, ...] = ()
    against: Against | None = None

    @property
    def exit_code(self) -> int:
        """That of the report, at least 1 where there are problems."""
        return max(self.report.exit_code, 1 if self.problems else 0)


class ProblemsFound(QingtingError):
    """The workspace's own texts stand in the way: ``diagnostics`` say how, ``texts`` are the files by path."""

    exit_code = 1

    def __init__(self, code: str, diagnostics: tuple[Diagnostic, ...], texts: Mapping[str, str]) -> None:
        super().__init__(code)
        self.diagnostics = diagnostics
        self.texts = texts
