"""What a sheet consists of: facts, sections, lines. Nothing here knows how it is shown."""

from __future__ import annotations

from typing import Literal

from ....grammar.record import record

Part = Literal["who", "never", "when", "what", "limits", "until", "terms"]
Kind = Literal["fact", "step", "wait", "end", "choice", "arm", "frame", "block", "quote"]


@record
class Line:
    """A sentence with the lines that belong to it.

    ``number`` is what staff call a step by (``2.1``), "" for other lines. A ``choice`` has nothing but its arms below, in the
    order in which they are tried; each member goes along one. A ``frame`` holds steps that belong together, a ``block``
    what one trigger starts. A ``quote`` is text that members see, over several lines.
    """

    text: str
    kind: Kind = "fact"
    below: tuple[Line, ...] = ()
    number: str = ""

    def to_json(self) -> dict[str, object]:
        """The line as JSON; what is empty is left out."""
        body: dict[str, object] = {"text": self.text, "kind": self.kind}
        if self.number:
            body["number"] = self.number
        if self.below:
            body["lines"] = [line.to_json() for line in self.below]
        return body


@record
class Section:
    """One part of a sheet under its heading."""

    part: Part
    title: str
    lines: tuple[Line, ...]


@record
class Fact:
    """What is said of a playbook as a whole, such as its owner, under a label."""

    label: str
    text: str


@record
class Problem:
    """An error of the playbook's text: its code, its sentence, and where it stands; ``line`` is 1-based."""

    code: str
    text: str
    file: str
    line: int


@record
class Sheet:
    """A playbook told back in one language, ``zh`` or ``en``.

    With ``problems`` the playbook has errors, and there are no sections. ``codes`` are those of what is wrong.
    ``notes`` are sentences that stand above all else.
    """

    playbook: str
    lang: str
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the playbook has no errors."""
        return not self.codes

    def section(self, part: Part) -> Section | None:
        """The section of one part, None where there is nothing to say."""
        return next((section for section in self.sections if section.part == part), None)

    def to_json(self) -> dict[str, object]:
        """The sheet as JSON."""
        return {
            "playbook": self.playbook,
            "lang": self.lang,
            "facts": [{"label": fact.label, "text": fact.text} for fact in self.facts],
            "notes": list(self.notes),
            "codes": list(self.codes),
            "problems": [
                {"code": each.code, "text": each.text, "file": each.file, "line": each.line} for each in self.problems
            ],
            "sections": [
                {"part": each.part, "title": each.title, "lines": [line.to_json() for line in each.lines]}
                for each in self.sections
            ],
        }
