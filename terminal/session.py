"""One call of the command: its global options, its streams, and how results and faults are put out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from .language import Language, Say, locale_language

if TYPE_CHECKING:
    from ..engine.workspace import Workspace
    from ..grammar.diagnostics import Diagnostic, QingtingError
    from .blocks import Screen

FORMAT = 1
BUG = 70
"""The exit code of a bug, which the program's log tells of with its place."""

class ReaderLeft(Exception):
    """Whoever read the output has gone, as in ``qingting log | head``; nothing is wrong."""


@dataclass(slots=True)
class Session:
    """What one call was given. ``clock`` tells the wall clock; nothing else in the program reads it.

    ``lang`` is the language asked for, ``workspace_lang`` the workspace's; without both the locale decides.
    """

    out: TextIO
    err: TextIO
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    directory: str | None = None
    store: str | None = None
    at: str | None = None
    lang: Language | None = None
    as_json: bool = False
    no_color: bool = False
    log_to: str | None = None
    log_format: str | None = None
    log_level: str | None = None
    workspace_lang: Language | None = None
    command: str = ""
    arguments: Sequence[str] = field(default_factory=tuple)
    _workspace: Workspace | None = None
    _log_end: Callable[[], None] | None = None
    _log_began: float = 0.0

    @property
    def language(self) -> Language:
        """The language of messages: asked for, the workspace's, or the locale's."""
        if self.lang is not None:
            return self.lang
        if self.workspace_lang is not None:
            return self.workspace_lang
        return locale_language(self.environment)

    @property
    def say(self) -> Say:
        """Picks the spelling of the session's language."""
        return Say(self.language)

    def workspace(self) -> Workspace:
        """The workspace that ``-C`` and ``--store`` name, opened once."""
        if self._workspace is None:
            self.reopen()
        assert self._workspace is not None
        return self._workspace

    def reopen(self) -> Workspace:
        """The same workspace opened anew, with its files as they are now."""
        from ..engine.workspace import Workspace

        self._workspace = Workspace.open(
            self.directory or ".", store=self.store, environment=self.environment, clock=self.clock
        )
        self.workspace_lang = self._workspace.settings.language
        return self._workspace

    def instant(self) -> datetime:
        """``--at`` as an aware date-time; a naive one is read in the workspace's zone, none is now."""
        from .instants import read_instant

        if self.at is None:
            return self.clock()
        return read_instant(self.at, self.workspace().settings.timezone)

    def word(self, code: str, **params: str | int) -> str:
        """The sentence or label of a message code in the session's language."""
        from ..grammar.messages import render

        return render(code, params, self.language)[0]

    def advice(self, code: str, **params: str | int) -> str | None:
        """The hint of a message code in the session's language, None where it has none."""
        from ..grammar.messages import render

        return render(code, params, self.language)[1]

    def step(self, name: str) -> str:
        """A step's identity for a reader: its action in the session's language; the identity itself is English."""
        from ..grammar.step_names import shown_step

        return shown_step(name, self.language)

    def screen(self) -> Screen:
        """Where tables, trees and lines for readers go."""
        return self.screen_on(self.out)

    def screen_on(self, stream: TextIO) -> Screen:
        """A screen on one of the session's streams."""
        from .blocks import Screen

        is_terminal = stream.isatty()
        may_color = not self.no_color and "NO_COLOR" not in self.environment
        return Screen(stream, pretty=is_terminal, color=is_terminal and may_color)

    def emit(self, payload: Mapping[str, object]) -> None:
        """Write the JSON envelope of this command."""
        import json

        envelope = {"format": FORMAT, "command": self.command, **payload}
        self.out.write(json.dumps(envelope, ensure_ascii=False) + "\n")

    def begin_log(self) -> None:
        """Begin the program's own log where it is asked for; for what it raises see ``terminal/program_log.py``."""
        if self.log_to or self.log_format or self.log_level or self.environment.get("QINGTING_LOG"):
            from ..engine.program_log import note
            from .program_log import start_log

            self._log_end = start_log(self)
            self._log_began = monotonic()
            if self._log_end is not None:
                note("command.begun", command=self.command)

    def end_log(self, code: int) -> None:
        """End the log of this call, which ends with the exit code ``code``."""
        if self._log_end is not None:
            from ..engine.program_log import note

            note("command.ended", command=self.command or None, exit=code, seconds=monotonic() - self._log_began)
            self._log_end()
            self._log_end = None

    def tell(self, text: str) -> None:
        """Write a line that is no result: progress, notes, faults."""
        self.err.write(text + "\n")

    def mention(self, error: QingtingError) -> None:
        """Tell what stands in the way for the moment, in one line."""
        self.tell(self.word(error.code, **error.params))

    def fault(self, error: QingtingError, **more: object) -> int:
        """Tell a fault in the reader's language and return its exit code; ``more`` goes into the JSON beside it."""
        from ..engine.program_log import note
        from ..grammar.messages import render

        sentence, hint = render(error.code, error.params, self.language)
        problems = getattr(error, "diagnostics", ())
        texts = getattr(error, "texts", {})
        if error.exit_code != BUG:
            note("command.refused", command=self.command or None, code=error.code, exit=error.exit_code)
        if problems:
            from .diagnostics import show_diagnostics

            show_diagnostics(problems, texts, self.language, self.screen_on(self.err))
        self.tell(f"{self.word('T.error')} {error.code}: {sentence}")
        if hint:
            self.tell(f"{self.word('T.hint')}: {hint}")
        if self.as_json:
            self._emit_fault({"code": error.code, "message": sentence, "hint": hint}, problems, texts, more)
        return error.exit_code

    def _emit_fault(
        self, fault: Mapping[str, str | None], problems: Sequence[Diagnostic], texts: Mapping[str, str],
        more: Mapping[str, object],
    ) -> None:
        body: dict[str, object] = {"error": fault, **more}
        if problems:
            from .diagnostics import diagnostics_json

            body["diagnostics"] = diagnostics_json(problems, texts, self.language)
        self.emit(body)
