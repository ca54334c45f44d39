"""Schedules over the next two years: those that never come again, or only when the playbook does not run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ....grammar import syntax
from ....grammar.diagnostics import Diagnostic, Span
from .. import ir
from ..clock import local_day, local_to_instant
from .material import Material, Occurrences, Pair, nodes, warn

HORIZON = 2 * 366 * ir.DAY
_SOON = 30
"""Days ahead of which the holiday calendar has to be known."""


def dead_schedules(material: Material) -> Iterator[Diagnostic]:
    """W415: never again. W416: only outside the playbook's dates. W417: the playbook's dates are over.

    W419: days ahead of which it is not known whether they are workdays or holidays.
    """
    at, occurrences = material.around.at, material.around.occurrences
    if at is None or occurrences is None:
        return
    for pair in material.pairs:
        if pair.playbook.state != "live":
            continue
        over = _over(pair, at)
        if over is not None:
            yield warn(pair.entry, "W417", over, name=pair.playbook.name)
            continue
        for written, block in pair.blocks:
            if isinstance(block.trigger, ir.Schedule) and not isinstance(block.trigger, ir.MemberDate):
                yield from _of_block(material, pair, written, block, at, occurrences)


def _over(pair: Pair, at: int) -> Span | None:
    """The line by which a playbook no longer runs at all."""
    high = pair.playbook.active.high
    if high is not None and local_to_instant(high.n, pair.playbook.zone.name) <= at:
        return next(line.span for line in pair.written.lines if isinstance(line, syntax.ActiveLine))
    return None


def _of_block(
    material: Material, pair: Pair, written: syntax.Block, block: ir.Block, at: int, occurrences: Occurrences
) -> Iterator[Diagnostic]:
    unknown = _unknown_day(material, pair.playbook, block, at, _SOON)
    if unknown is not None:
        hint = None if material.library.holidays.name else "none"
        yield warn(pair.entry, "W419", written.trigger.span, hint=hint, day=unknown)
        if hint is not None:
            return
    if next(occurrences(pair.playbook, block, at, at + HORIZON, True), None) is not None:
        return
    if next(occurrences(pair.playbook, block, at, at + HORIZON, False), None) is not None:
        yield warn(pair.entry, "W416", written.trigger.span, related=_date_lines(pair))
    elif unknown is None:
        # Holidays still to be announced may well bring it.
        later = _unknown_day(material, pair.playbook, block, at, HORIZON // ir.DAY)
        if later is None:
            yield warn(pair.entry, "W415", written.trigger.span)
        else:
            yield warn(pair.entry, "W419", written.trigger.span, day=later)


def _date_lines(pair: Pair) -> list[Span]:
    return [line.span for line in pair.written.lines if isinstance(line, syntax.ActiveLine | syntax.DuringLine)]


def _unknown_day(
    material: Material, playbook: ir.Playbook, block: ir.Block, at: int, number: int
) -> str | None:
    """The first of the next ``number`` days of which the calendar says nothing, where a schedule asks."""
    asks = isinstance(block.trigger, ir.DayKind) or (block.limits is not None and block.limits.except_holidays)
    audiences = (playbook.audience, block.audience)
    asks = asks or any(isinstance(node, ir.TodayIs) for node in nodes(audiences))
    today = local_day(at, playbook.zone.name)
    days = (today + timedelta(days=ahead) for ahead in range(number)) if asks else ()
    return next((day.isoformat() for day in days if material.library.holidays.kind(day) is None), None)
