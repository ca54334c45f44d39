"""A sheet as plain text and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .chart import chart_of
from .mermaid import mermaid_text
from .model import Line, Section, Sheet
from .voice import Voice

_INDENT = "  "
# What moves a terminal's cursor or turns lines around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Everything that Markdown gives a meaning inside a line; CommonMark 0.31, section 2.4.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&!]")
_BEGINNING = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-+=])", re.MULTILINE)


def plain_text(sheets: Sequence[Sheet]) -> str:
    """Return sheets as plain text, an empty line between them."""
    return _visible("\n".join("\n".join(_plain(sheet)) + "\n" for sheet in sheets))


def _plain(sheet: Sheet) -> Iterator[str]:
    yield sheet.playbook
    yield from sheet.notes
    yield from (f"{_INDENT}{problem}" for problem in problem_lines(sheet))
    yield from fact_lines(sheet)
    for section in sheet.sections:
        yield ""
        yield section.title
        yield from _plain_lines(section.lines, 1)


def _plain_lines(lines: Sequence[Line], depth: int) -> Iterator[str]:
    for line in lines:
        mark = "" if line.kind == "quote" else f"{line.number} " if line.number else "- "
        first, *rest = line.text.splitlines() or [""]
        yield f"{_INDENT * depth}{'│ ' if line.kind == 'quote' else mark}{first}"
        yield from (f"{_INDENT * depth}{'│ ' if line.kind == 'quote' else _INDENT}{more}" for more in rest)
        yield from _plain_lines(line.below, depth + 1)


def fact_lines(sheet: Sheet) -> Iterator[str]:
    """Yield what is said of the playbook as a whole, each with its label."""
    voice = Voice(sheet.lang)
    return (voice.say("facts.colon", label=fact.label, text=fact.text) for fact in sheet.facts)


def problem_lines(sheet: Sheet) -> Iterator[str]:
    """Yield what is wrong with a playbook: sentences with their places, or the codes alone."""
    voice, told = Voice(sheet.lang), {problem.code for problem in sheet.problems}
    for problem in sheet.problems:
        yield voice.say(
            "note.problem", code=problem.code, file=problem.file, line=problem.line, text=problem.text
        )
    yield from (code for code in sheet.codes if code not in told)


def markdown_text(sheets: Sequence[Sheet]) -> str:
    """Return sheets as Markdown, each with its flow chart as a Mermaid block."""
    return _visible("\n".join("\n".join(_markdown(sheet)) + "\n" for sheet in sheets))


def _visible(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def _markdown(sheet: Sheet) -> Iterator[str]:
    yield f"# {_in_line(sheet.playbook)}"
    yield ""
    for note in sheet.notes:
        yield f"**{_in_line(note)}**"
        yield ""
    yield from (f"- {_in_line(words)}" for words in (*problem_lines(sheet), *fact_lines(sheet)))
    for section in sheet.sections:
        yield from _markdown_section(section)
    if sheet.sound:
        yield from ("", f"## {Voice(sheet.lang).say('part.chart')}", "", "```mermaid")
        yield mermaid_text([chart_of(sheet)]).rstrip("\n")
        yield "```"


def _markdown_section(section: Section) -> Iterator[str]:
    yield from ("", f"## {_in_line(section.title)}", "")
    yield from _markdown_lines(section.lines, 0)


def _markdown_lines(lines: Sequence[Line], depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    for line in lines:
        if line.kind == "quote":
            text = _escaped(line.text).splitlines()
            yield from (f"{indent}> {each}" for each in ("", *(each + "  " for each in text)))
            yield indent.rstrip()
            continue
        number = f"**{line.number}** " if line.number else ""
        yield f"{indent}- {number}{_in_line(line.text)}"
        yield from _markdown_lines(line.below, depth + 1)


def _in_line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    marked = _MARKS.sub(lambda found: "\\" + found[0], text)
    return _BEGINNING.sub(
        lambda found: f"{found[1]}{found[2]}\\{found[3]}" if found[2] else f"{found[4]}\\{found[5]}", marked
    )
