"""One declaration under check: what is wrong with it and what it uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ...grammar.diagnostics import Diagnostic, Fix, Severity, Span
from ...grammar.record import record

Kind = Literal[
    "attribute", "event", "tag_group", "tag", "segment", "metric", "template", "coupon", "redpacket",
    "product", "source", "activity", "ladder", "points", "rule", "policy", "playbook", "condition",
]


@record
class Key:
    """A declaration by kind and canonical name."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(slots=True)
class Entry:
    """Collects the diagnostics and uses of one declaration while it is checked.

    ``doubts`` are codes of errors told elsewhere that make this declaration unsafe to run: syntax errors inside
    it, or a name it uses whose declaration could not be read.
    """

    key: Key
    file: str
    span: Span
    text: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    uses: set[Key] = field(default_factory=set)
    doubts: set[str] = field(default_factory=set)

    def error(
        self, code: str, span: Span, *, hint: str | None = None, fix: Fix | None = None, **params: str | int
    ) -> None:
        """Record an error at ``span``, with a way to mend it where one is known."""
        self._add("error", code, span, hint, params, (), fix)

    def error_with(self, code: str, span: Span, related: Iterable[Span], **params: str | int) -> None:
        """Record an error that also shows ``related`` places of the same file."""
        self._add("error", code, span, None, params, tuple(related))

    def warn(self, code: str, span: Span, *, hint: str | None = None, **params: str | int) -> None:
        """Record a warning at ``span``."""
        self._add("warning", code, span, hint, params, ())

    def locate(self, span: Span, part: str) -> Span:
        """Return the first place of ``part`` inside ``span``, ``span`` itself if it does not stand there as such."""
        start = self.text.find(part, span.start, span.end) if part else -1
        return span if start < 0 else Span(start, start + len(part))

    def faults(self) -> frozenset[str]:
        """The codes that make this declaration broken, empty if it is sound by itself."""
        own = {d.code for d in self.diagnostics if d.severity == "error"}
        return frozenset(own | self.doubts)

    def _add(
        self, severity: Severity, code: str, span: Span, hint: str | None, params: dict[str, str | int],
        related: tuple[Span, ...], fix: Fix | None = None,
    ) -> None:
        self.diagnostics.append(Diagnostic(code, severity, self.file, span, params, hint, related, fix))
