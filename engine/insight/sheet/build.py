"""From a checked playbook to its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....grammar import syntax
from ...program import ir
from ...program.clock import to_datetime
from .audience import audience_lines
from .model import Fact, Line, Part, Problem, Section, Sheet
from .outline import outline
from .rules import (
    activity_lines,
    choosing_lines,
    ending_lines,
    group_lines,
    limit_lines,
    never_lines,
    running_lines,
    term_lines,
)
from .steps import Steps
from .triggers import block_lines, trigger_sentence
from .voice import Voice

_DIGITS = 10


def sheet_of(
    program: ir.Program, written: syntax.PlaybookDecl, lang: str, coming: Sequence[int] | None = None
) -> Sheet:
    """Return the sheet of a sound playbook of ``program``, ``written`` so.

    ``coming`` are the next instants of its schedules; None leaves them out.
    """
    playbook, voice = program.playbooks[written.name.text], Voice(lang)
    parts: list[tuple[Part, Iterator[Line]]] = [
        ("who", _who(program, playbook, voice)),
        ("never", never_lines(playbook, program, voice)),
        ("when", _when(playbook, voice, coming)),
        ("what", _what(program, playbook, written, voice)),
        ("limits", limit_lines(playbook, program, voice)),
        ("until", ending_lines(playbook, voice)),
        ("terms", _terms(playbook, program.library, voice)),
    ]
    sections = [Section(part, voice.say(f"part.{part}"), tuple(lines)) for part, lines in parts]
    return Sheet(
        playbook.name,
        lang,
        tuple(_facts(playbook, voice)),
        tuple(section for section in sections if section.lines),
    )


def broken_sheet(name: str, codes: tuple[str, ...], problems: tuple[Problem, ...], lang: str) -> Sheet:
    """Return what is said of a playbook with errors."""
    return Sheet(name, lang, notes=(Voice(lang).say("note.problems"),), codes=codes, problems=problems)


def _facts(playbook: ir.Playbook, voice: Voice) -> Iterator[Fact]:
    def fact(name: str, text: str) -> Fact:
        return Fact(voice.say(f"facts.{name}"), text)

    if playbook.about:
        yield fact("about", playbook.about)
    if playbook.owner:
        yield fact("owner", playbook.owner)
    yield fact("category", voice.say(playbook.category))
    yield fact("state", voice.say(playbook.state))
    yield fact("priority", voice.say("priority", number=playbook.priority))
    zone = playbook.zone
    yield fact("zone", voice.say("zone.member" if zone.per_member else "zone", zone=zone.name))
    yield fact("version", playbook.version[:_DIGITS])


def _who(program: ir.Program, playbook: ir.Playbook, voice: Voice) -> Iterator[Line]:
    segments = program.library.segments
    if playbook.groups is not None:
        yield Line(voice.say("who.groups"), below=group_lines(playbook.groups, voice))
    elif playbook.audience == ir.Always(True):
        yield Line(voice.say("who.everyone"))
    else:
        below = audience_lines(playbook.audience, voice, segments)
        yield from below if len(below) == 1 else (Line(voice.say("who.all"), below=below),)
    for block in playbook.blocks:
        if block.audience is not None:
            words = voice.say("who.block", trigger=trigger_sentence(block.trigger, voice))
            yield Line(words, below=audience_lines(block.audience, voice, segments))
    yield from choosing_lines(playbook, voice)


def _when(playbook: ir.Playbook, voice: Voice, coming: Sequence[int] | None) -> Iterator[Line]:
    unit = "member" if playbook.groups is None else "group"
    for block in playbook.blocks:
        yield Line(trigger_sentence(block.trigger, voice), "block", block_lines(block, unit, voice))
    dates = voice.dates(playbook.active)
    if dates:
        yield Line(voice.say("when.active", dates=dates))
    yield from running_lines(playbook, voice)
    if coming is not None and any(_has_calendar(block.trigger) for block in playbook.blocks):
        times = [to_datetime(at, playbook.zone.name).strftime("%Y-%m-%d %H:%M") for at in coming]
        yield Line(voice.say("when.next", times=voice.joined(times)) if times else voice.say("when.none_coming"))


def _has_calendar(trigger: ir.Trigger) -> bool:
    """Whether a trigger falls due at instants that are the same for everybody."""
    return isinstance(trigger, ir.Schedule) and not isinstance(trigger, ir.MemberDate)


def _what(
    program: ir.Program, playbook: ir.Playbook, written: syntax.PlaybookDecl, voice: Voice
) -> Iterator[Line]:
    steps = Steps(program.library, voice)
    several = len(playbook.blocks) > 1
    for number, (block, said) in enumerate(zip(playbook.blocks, written.blocks, strict=True), start=1):
        label = str(number) if several else ""
        below = steps.lines(outline(said.steps, block.code), label)
        yield Line(trigger_sentence(block.trigger, voice), "block", below, label)


def _terms(playbook: ir.Playbook, library: ir.Library, voice: Voice) -> Iterator[Line]:
    yield from term_lines(playbook, library, voice)
    yield from activity_lines(playbook, library, voice)
