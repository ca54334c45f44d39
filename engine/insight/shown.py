"""The value that a test looks at, as people read it: tags with since when they are held, totals, moments."""

from __future__ import annotations

from ...grammar.messages import render
from ..program.clock import iso
from ..program.ir import (
    Anniversary,
    AttributeRef,
    Compare,
    Condition,
    Did,
    HasTag,
    InWindow,
    LadderRef,
    MetricRef,
    MomentHas,
    MomentIn,
    Not,
    Received,
    Sample,
    Total,
)
from ..program.words.values import quoted
from .answers import Shown
from .looking import Looking, rung_of, seen_behind
from .readable import share_of, shown
from .view import View

_SCALE = 1_000_000


def seen_value(condition: Condition, view: View, lang: str) -> Shown:
    """The value that a test looks at; None where it is unknown, or where there is no single one."""
    if isinstance(condition, Looking):
        return seen_behind(condition, view, lang)
    match condition:
        case Not(item):
            return seen_value(item, view, lang)
        case Compare(LadderRef() as ladder):
            return rung_of(ladder, view)
        case Compare(operand) | InWindow(operand) | Anniversary(operand):
            return _operand(operand, view, lang)
        case Did(query):
            return view.count(query)
        case MomentIn() | MomentHas():
            moment = view.moment(condition)
            return None if moment is None else iso(moment, view.zone)
        case HasTag():
            return _held(condition, view, lang)
        case Received():
            return view.received(condition)
        case Sample():
            return share_of(view.draw(condition))
    return None


def _operand(operand: object, view: View, lang: str) -> Shown:
    match operand:
        case MetricRef(name):
            return _operand(view.library.metrics[name], view, lang)
        case Total():
            found = view.total(operand)
            if found is None or operand.kind in ("number", "distinct"):
                return None if found is None else found // _SCALE
            return shown(operand.type, found, view.zone, lang)
        case AttributeRef(name="points"):
            return view.attribute(operand)
        case AttributeRef():
            value = view.attribute(operand)
            return None if value is None else shown(operand.type, value, view.zone, lang)
    return None


def _held(test: HasTag, view: View, lang: str) -> Shown:
    held = [
        render("explain.held", {"tag": quoted(tag), "since": iso(since, view.zone)}, lang)[0]
        for tag, since in view.tags(test)
    ]
    return ", ".join(held) if held else None
