"""Library declarations told back: standing rules as an operator writes them."""

from __future__ import annotations

from .. import ir
from .conditions import describe_events
from .values import Tongue, quoted, value_words


def rule_words(rule: ir.StandingRule, lang: str) -> str:
    """Return the line of a standing rule.

    >>> from ..ir import EventQuery, RuleTags, StandingRule
    >>> rule_words(StandingRule("", EventQuery("click"), (RuleTags(("新客",)),)), "en")
    'whenever click tag "新客"'
    """
    tongue = Tongue(lang)
    actions = (", " if not tongue.chinese else "、").join(_action(action, tongue) for action in rule.actions)
    return f"{tongue.word('WHENEVER')} {describe_events(rule.query, lang)} {actions}"


def _action(action: ir.RuleTags | ir.RulePoints | ir.RuleSet, tongue: Tongue) -> str:
    match action:
        case ir.RuleTags(tags, given):
            return f"{tongue.word('GIVE_TAG' if given else 'TAKE_TAG')} {', '.join(quoted(tag) for tag in tags)}"
        case ir.RulePoints(delta):
            return points_words(delta, tongue)
        case ir.RuleSet(attribute, value):
            return setting_words(attribute, value, tongue)


def points_words(delta: int, tongue: Tongue) -> str:
    """Points given or taken."""
    if tongue.chinese:
        return f"{tongue.word('ADD_POINTS' if delta > 0 else 'TAKE_POINTS')}{abs(delta)}"
    return f"{tongue.word('POINTS')} {delta:+d}"


def setting_words(attribute: ir.AttributeRef, value: int | str | ir.FieldRef, tongue: Tongue) -> str:
    """An attribute set to a value or to a field of the event."""
    if attribute.type is ir.ValueType.YES_NO and tongue.chinese and isinstance(value, int):
        return f"{tongue.word('SET')} {tongue.attribute(attribute.name)} {tongue.word('IS_YES' if value else 'IS_NO')}"
    to = tongue.field(value.name) if isinstance(value, ir.FieldRef) else value_words(attribute.type, value, tongue)
    return f"{tongue.word('SET')} {tongue.attribute(attribute.name)} {tongue.word('SET_TO')} {to}"
