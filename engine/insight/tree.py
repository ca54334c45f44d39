"""The tree of tests of a condition, for one member: each test with its truth and the value seen."""

from __future__ import annotations

from dataclasses import replace

from ..program.ir import All, Always, Any, Compare, Condition, InSegment, MetricRef, Not
from ..program.words.conditions import describe
from ..program.words.values import Tongue
from .answers import Node
from .missing.conditions import missing_of
from .shown import seen_value
from .view import View


def tree_of(condition: Condition, view: View, lang: str) -> Node:
    """Return the tree of ``condition``; segments and metrics stand above what they mean, and false tests say what is missing."""
    children = tuple(tree_of(part, view, lang) for part in _parts(condition, view))
    value = None if isinstance(condition, All | Any) else seen_value(condition, view, lang)
    is_true = view.is_true(condition)
    missing = () if is_true else missing_of(condition, view, lang)
    return Node(_label(condition, lang), is_true, value, children, missing=missing)


def _parts(condition: Condition, view: View) -> tuple[Condition, ...]:
    match condition:
        case All(items) | Any(items):
            return items
        case Not(item):
            return (item,) if isinstance(item, All | Any | Not) else _parts(item, view)
        case InSegment(name):
            return (view.library.segments[name],)
        case Compare(operand=MetricRef(name)):
            return (replace(condition, operand=view.library.metrics[name]),)
    return ()


def _label(condition: Condition, lang: str) -> str:
    tongue = Tongue(lang)
    match condition:
        case All():
            return tongue.word("ALL_OF")
        case Any():
            return tongue.word("ANY_OF")
        case Not(All() | Any() | Not()):
            return tongue.word("NOT")
        case Always() | _:
            return describe(condition, lang)
