"""Re-entry: how often one member may go through a block."""

from __future__ import annotations

from collections.abc import Sequence

from ...grammar import syntax
from . import ir
from .activities import find_times
from .scope import Context, find_field
from .windows import duration


def reentry_line(context: Context, lines: Sequence[object]) -> syntax.ReentryLine | None:
    """Return the one re-entry line among ``lines``; two of them are an error."""
    found = [line for line in lines if isinstance(line, syntax.OnceLine | syntax.AgainLine | syntax.AtMostLine)]
    for line in found[1:]:
        context.entry.error_with("E404", line.span, [found[0].span])
    return found[0] if found else None


def resolve_reentry(context: Context, line: syntax.ReentryLine | None) -> ir.Reentry | None:
    """Return a re-entry rule for a block; the event that starts it must have the field that is counted by."""
    match line:
        case None:
            return None
        case syntax.AgainLine(after, in_all):
            return ir.Reentry("again", None, duration(context.entry, after), in_all)
        case syntax.AtMostLine(number, in_all):
            return ir.Reentry("at_most", in_all=in_all, number=number)
        case syntax.OnceLine(per, name, in_all):
            return _once(context, per, name, in_all)


def _once(context: Context, per: str | None, name: syntax.Name | None, in_all: bool) -> ir.Reentry:
    match per, name:
        case "activity", syntax.Name():
            times = find_times(context, name, None)
            found, when = times or (name.text, None)
            return ir.Reentry("once", "activity", in_all=in_all, activity=found, times=when)
        case "field", syntax.Name():
            return ir.Reentry("once", "field", in_all=in_all, field=_field(context, name))
        case "year" | "month" | "week" | "day", _:
            return ir.Reentry("once", per, in_all=in_all)
    return ir.Reentry("once", in_all=in_all)


def _field(context: Context, name: syntax.Name) -> ir.FieldRef | None:
    if context.event is None:
        context.entry.error("E425", name.span, name=name.text)
        return None
    return find_field(context, context.event, name)
