"""What is done as events arrive: points rules and standing rules."""

from __future__ import annotations

from dataclasses import replace

from ...grammar import syntax
from . import ir
from .entries import Key
from .queries import resolve_query
from .scope import Context, find
from .settable import resolve_setting
from .values import money_fits


def resolve_points(context: Context, written: syntax.PointsDecl) -> tuple[ir.PointsRule, ...]:
    """Return the points rules in the order written; those with errors are left out."""
    context.entry.uses.add(Key("attribute", "points"))
    found = [_earned(context, line) for line in written.lines]
    return tuple(rule for rule in found if rule is not None)


def _earned(context: Context, line: syntax.EarnLine) -> ir.PointsRule | None:
    query = resolve_query(context, line.events)
    if line.per is not None:
        money_fits(context.entry, context.scope.settings, line.per)
    if query is None:
        return None
    return ir.PointsRule(query, line.points, line.per.cents if line.per else None, line.at_most_per_day)


def resolve_whenever(context: Context, written: syntax.WheneverDecl, zone: str) -> ir.StandingRule | None:
    """Return a standing rule without its identity, None with errors. Dates and clocks are those of ``zone``."""
    query = resolve_query(context, written.events)
    inside = replace(context, event=query.event) if query else context
    actions = [_action(inside, action, zone) for action in written.actions]
    sound = tuple(action for action in actions if action is not None)
    if query is None or len(sound) < len(actions):
        return None
    return ir.StandingRule("", query, sound)


def _action(
    context: Context, written: syntax.RuleAction, zone: str
) -> ir.RuleTags | ir.RulePoints | ir.RuleSet | None:
    match written:
        case syntax.GiveTag(tags) | syntax.TakeTag(tags):
            found = [find(context, "tag", tag) for tag in tags]
            names = tuple(dict.fromkeys(name for name in found if name is not None))
            return ir.RuleTags(names, isinstance(written, syntax.GiveTag)) if None not in found else None
        case syntax.ChangePoints(delta):
            context.entry.uses.add(Key("attribute", "points"))
            return ir.RulePoints(delta)
        case syntax.SetAttribute():
            setting = resolve_setting(context, written, zone)
            return ir.RuleSet(*setting) if setting else None
