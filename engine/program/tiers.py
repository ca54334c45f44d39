"""Ladders of tiers: their marks and what is measured against them."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .entries import Entry, Key
from .ir import ValueType
from .scope import Context, find_operand
from .values import constant

POINTS_LADDER = "tier"


def ladder_name(written: syntax.TiersDecl) -> str:
    """Return the name by which a ladder is asked for: its own, or ``tier`` for the one by points."""
    return written.name.text if written.name else POINTS_LADDER


def resolve_tiers(context: Context, written: syntax.TiersDecl) -> ir.Ladder | None:
    """Return a ladder, None with an error; marks must fall, and ``otherwise`` stand at the end."""
    operand = _operand(context, written)
    _check_rungs(context.entry, written.rungs)
    if operand is None:
        return None
    rungs = [_rung(context, operand, rung) for rung in written.rungs]
    _check_order(context.entry, written.rungs, rungs)
    return ir.Ladder(ladder_name(written), operand, tuple(rungs))


def _operand(context: Context, written: syntax.TiersDecl) -> ir.AttributeRef | ir.MetricRef | None:
    if written.metric is None:
        context.entry.uses.add(Key("attribute", "points"))
        return ir.AttributeRef("points", ValueType.NUMBER)
    operand = find_operand(context, written.metric)
    if operand is None:
        return None
    if not isinstance(operand, ir.AttributeRef | ir.MetricRef) or operand.type not in (
        ValueType.NUMBER, ValueType.MONEY
    ):
        context.entry.error("E249", written.metric.span, name=written.metric.text)
        return None
    return operand


def _check_rungs(entry: Entry, rungs: tuple[syntax.Rung, ...]) -> None:
    names: set[str] = set()
    for position, rung in enumerate(rungs):
        if rung.name.text in names:
            entry.error("E225", rung.name.span, name=rung.name.text)
        names.add(rung.name.text)
        if rung.relation == "otherwise" and position < len(rungs) - 1:
            entry.error("E248", rung.span)


def _rung(context: Context, operand: ir.AttributeRef | ir.MetricRef, rung: syntax.Rung) -> ir.Rung:
    if rung.mark is None:
        return ir.Rung(rung.name.text, None)
    mark = constant(context.entry, context.scope.settings, operand.name, operand.type, rung.mark)
    return ir.Rung(rung.name.text, mark if isinstance(mark, int) else 0, rung.relation == "from")


def _check_order(entry: Entry, written: tuple[syntax.Rung, ...], rungs: list[ir.Rung]) -> None:
    # Above 3000 is higher than from 3000, which takes in 3000 itself.
    heights = [(rung.mark, not rung.included) for rung in rungs if rung.mark is not None]
    spans = [rung.span for rung, found in zip(written, rungs, strict=True) if found.mark is not None]
    for position in range(1, len(heights)):
        if heights[position] >= heights[position - 1] and not entry.faults():
            entry.error_with("E247", spans[position], [spans[position - 1]])
