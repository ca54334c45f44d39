"""Comparisons of an operand with written values."""

from __future__ import annotations

from ...grammar import syntax
from ...grammar.diagnostics import Span
from . import ir
from .ir import CutoffKind, ValueType, Window
from .scope import Context
from .values import as_written, constant, expected_code
from .windows import local, local_end, local_start

_EQUALITY = frozenset({"is", "is_not", "in", "not_in"})
_ORDER = frozenset({"lt", "le", "gt", "ge", "between"})
_PARTS = frozenset({"contains", "starts", "ends"})
_ALLOWED: dict[ValueType, frozenset[str]] = {
    ValueType.TEXT: _EQUALITY | _PARTS,
    ValueType.NUMBER: _EQUALITY | _ORDER,
    ValueType.MONEY: _EQUALITY | _ORDER,
    ValueType.DATE: _EQUALITY | _ORDER,
    ValueType.INSTANT: _EQUALITY | _ORDER,
    ValueType.YES_NO: frozenset({"is", "is_not"}),
    ValueType.LUNAR_DATE: frozenset(),
}


def resolve_comparison(
    context: Context, name: str, operand: ir.Operand, operator: syntax.Operator, values: tuple[syntax.Value, ...],
    span: Span,
) -> ir.Condition | None:
    """Return the test of ``operand``; ``name`` is how it is written in messages, ``span`` the whole test."""
    if operator in ("known", "unknown"):
        return ir.Compare(operand, operator)
    if isinstance(operand, ir.LadderRef) and operator in _ORDER:
        _report_order_of_tiers(context, name, operand, operator, values, span)
        return None
    if not _suits(context, name, operand.type, operator, span):
        return None
    if operand.type is ValueType.INSTANT:
        return _compare_instant(context, name, operand, operator, values, span)
    # A part of an allowed text need not itself be allowed.
    choices = _choices(context, operand) if operator in _EQUALITY else ()
    settings = context.scope.settings
    found = [constant(context.entry, settings, name, operand.type, value, choices) for value in values]
    sound = [value for value in found if value is not None]
    if len(sound) < len(found):
        return None
    if operator == "between" and _reversed(sound):
        context.entry.error("E315", span)
        return None
    if operator in ("in", "not_in"):
        sound = sorted(set(sound), key=lambda value: (str(type(value)), value))
    return ir.Compare(operand, operator, tuple(sound))


def _suits(context: Context, name: str, kind: ValueType, operator: str, span: Span) -> bool:
    if operator in _ALLOWED[kind]:
        return True
    if kind is ValueType.LUNAR_DATE:
        context.entry.error("E306", span, name=name, found="")
    elif kind is ValueType.YES_NO:
        context.entry.error("E309", span, name=name)
    elif kind is ValueType.TEXT:
        context.entry.error("E307", span, name=name)
    else:
        context.entry.error("E308", span, name=name)
    return False


def _report_order_of_tiers(
    context: Context, name: str, ladder: ir.LadderRef, operator: str, values: tuple[syntax.Value, ...], span: Span
) -> None:
    """Tiers are listed, not compared; the hint lists those that must be meant."""
    tiers = context.scope.ladders[ladder.name]
    meant = tiers
    match values:
        case (syntax.Text(tier),) if tier in tiers:
            place = tiers.index(tier)
            above, below = tiers[:place], tiers[place + 1 :]
            meant = {"ge": (*above, tier), "gt": above, "le": (tier, *below), "lt": below}[operator]
    listed = ", ".join(f'"{tier}"' for tier in meant or tiers)
    context.entry.error("E371", span, name=name, tiers=listed)


def _choices(context: Context, operand: ir.Operand) -> tuple[str, ...]:
    match operand:
        case ir.AttributeRef(name):
            return context.scope.attributes[name].choices
        case ir.LadderRef(name):
            return context.scope.ladders[name]
    return ()


def _reversed(bounds: list[int | str]) -> bool:
    match bounds:
        case [int() as low, int() as high]:
            return low > high
    return False


def _compare_instant(
    context: Context, name: str, operand: ir.Operand, operator: str, values: tuple[syntax.Value, ...], span: Span
) -> ir.Condition | None:
    moments: list[syntax.Date | syntax.Instant] = []
    for value in values:
        if isinstance(value, syntax.Date | syntax.Instant):
            moments.append(value)
        else:
            context.entry.error(expected_code(ValueType.INSTANT), value.span, name=name, found=as_written(value))
    if len(moments) < len(values) or not isinstance(operand, ir.AttributeRef | ir.FieldRef):
        return None
    if operator == "between" and local_end(moments[1]) <= local_start(moments[0]):
        context.entry.error("E315", span)
        return None
    return _instant_test(operand, operator, moments)


def _instant_test(
    operand: ir.AttributeRef | ir.FieldRef, operator: str, moments: list[syntax.Date | syntax.Instant]
) -> ir.Condition:
    first = moments[0]
    start = local_start(first)
    match operator:
        case "lt":
            return ir.InWindow(operand, Window(None, local(start)))
        case "le":
            return ir.InWindow(operand, Window(None, local(start, 1)))
        case "gt":
            return ir.InWindow(operand, Window(local(start, 1), None))
        case "ge":
            return ir.InWindow(operand, Window(local(start), None))
        case "between":
            return ir.InWindow(operand, Window(local(start), local(local_end(moments[1]))))
    ordered = sorted({(local_start(moment), local_end(moment)) for moment in moments})
    tests: list[ir.Condition] = [ir.InWindow(operand, Window(local(low), local(high))) for low, high in ordered]
    inside = tests[0] if len(tests) == 1 else ir.Any(tuple(tests))
    if operator in ("is", "in"):
        return inside
    return ir.All((ir.Compare(operand, "known"), ir.Not(inside)))


BIRTHDAY_WORDS = ("生日", "诞辰", "纪念日", "周年", "birth", "anniversary")


def is_birthday_like(operand: ir.AttributeRef) -> bool:
    """Whether a date comes round every year by the look of its name."""
    return operand.type is ValueType.DATE and any(word in operand.name.casefold() for word in BIRTHDAY_WORDS)


def names_a_single_day(window: Window) -> bool:
    """Whether a window is one calendar day seen from t, such as today."""
    return window.low is not None and window.low.kind in (CutoffKind.DAY, CutoffKind.MONTH_DAY)
