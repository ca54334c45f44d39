"""One call of the command: its global options, its streams, and how results and faults are put out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from .language import Language, Say, locale_language

if TYPE_CHECKING:
    from ..engine.workspace import Workspace
    from ..grammar.diagnostics import QingtingError
    from .blocks import Screen

FORMAT = 1


@dataclass(slots=True)
class Session:
    """What one call was given. ``clock`` tells the wall clock; nothing else in the program reads it.

    ``lang`` is the language asked for, None where the workspace or the locale decides.
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
    command: str = ""
    arguments: Sequence[str] = field(default_factory=tuple)
    _workspace: Workspace | None = None

    @property
    def language(self) -> Language:
        """The language of messages: asked for, the workspace's, or the locale's."""
        if self.lang is not None:
            return self.lang
        if self._workspace is not None and self._workspace.settings.language is not None:
            return self._workspace.settings.language
        return locale_language(self.environment)

    @property
    def say(self) -> Say:
        """Picks the spelling of the session's language."""
        return Say(self.language)

    def workspace(self) -> Workspace:
        """The workspace that ``-C`` and ``--store`` name, opened once."""
        if self._workspace is None:
            from ..engine.workspace import Workspace

            self._workspace = Workspace.open(
                self.directory or ".", store=self.store, environment=self.environment, clock=self.clock
            )
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

    def screen(self) -> Screen:
        """Where tables, trees and lines for readers go."""
        from .blocks import Screen

        is_terminal = self.out.isatty()
        return Screen(self.out, pretty=is_terminal, color=is_terminal and not self.no_color and "NO_COLOR" not in self.environment)

    def emit(self, payload: Mapping[str, object]) -> None:
        """Write the JSON envelope of this command."""
        envelope = {"format": FORMAT, "command": self.command, **payload}
        self.out.write(json.dumps(envelope, ensure_ascii=False) + "\n")

    def tell(self, text: str) -> None:
        """Write a line that is no result: progress, notes, faults."""
        self.err.write(text + "\n")

    def fault(self, error: QingtingError) -> int:
        """Tell a fault in the reader's language and return its exit code."""
        from ..grammar.messages import render

        sentence, hint = render(error.code, error.params, self.language)
        self.tell(f"{self.word('T.error')} {error.code}: {sentence}")
        if hint:
            self.tell(f"{self.word('T.hint')}: {hint}")
        if self.as_json:
            self.emit({"error": {"code": error.code, "message": sentence, "hint": hint}})
        return error.exit_code
