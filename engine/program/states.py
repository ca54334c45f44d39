"""Tests of how things stand with a member: tags, attributes, places, tasks, the day."""

from __future__ import annotations

from ...grammar import syntax
from . import ir
from .builtin_names import attribute_name
from .comparisons import is_birthday_like, names_a_single_day
from .histories import happened_window
from .ir import AttributeRef, ValueType
from .queries import find_window, joined, past_window
from .scope import Context, find, find_attribute, find_patterns, spelling, unknown, use
from .values import constant
from .windows import duration, whole_days

# Tags


def resolve_tagged(context: Context, test: syntax.Tagged) -> ir.Condition | None:
    """Return a test of tags held; with a window: and gained then."""
    patterns = find_patterns(context, "tag", test.patterns)
    window = past_window(context, test.window) if test.window else None
    if patterns is None or (test.window and window is None):
        return None
    if test.quantifier == "any":
        return ir.HasTag(patterns, window)
    return joined([ir.HasTag((pattern,), window) for pattern in patterns], all_of=True)


def resolve_tagged_in_group(context: Context, test: syntax.TaggedInGroup) -> ir.Condition | None:
    """Return a test of any tag of a group; a group without tags is of nobody."""
    group = find(context, "tag_group", test.group)
    window = past_window(context, test.window) if test.window else None
    if group is None or (test.window and window is None):
        return None
    members = sorted(tag for tag, its_group in context.scope.tags.items() if its_group == group)
    if not members:
        return ir.Always(False)
    return ir.HasTag(tuple(ir.TextPattern(tag) for tag in members), window)


# Attributes


def resolve_moment_of_attribute(context: Context, test: syntax.MomentOfAttribute) -> ir.Condition | None:
    """Return a test of when an instant or date attribute lies."""
    operand = find_attribute(context, test.name)
    window = find_window(context, test.window)
    if operand is None:
        return None
    if operand.type is ValueType.LUNAR_DATE:
        context.entry.error("E306", test.span, name=spelling(context, test.name), found="")
        return None
    if operand.type not in (ValueType.INSTANT, ValueType.DATE):
        context.entry.error("E318", test.name.span, name=spelling(context, test.name))
        return None
    if window is None:
        return None
    if is_birthday_like(operand) and names_a_single_day(window):
        context.entry.warn("W403", test.span, name=spelling(context, test.name))
    return ir.InWindow(operand, window)


def resolve_anniversary(context: Context, test: syntax.Anniversary) -> ir.Condition | None:
    """Return a test of a day of the year."""
    operand = find_attribute(context, test.name)
    window = whole_days(context.entry, test.window)
    if operand is None or window is None:
        return None
    if operand.type not in (ValueType.DATE, ValueType.LUNAR_DATE):
        context.entry.error("E319", test.name.span, name=spelling(context, test.name))
        return None
    return ir.Anniversary(operand, window)


def resolve_held(context: Context, test: syntax.HeldFor) -> ir.Condition | None:
    """Return a test of a value that an attribute had for so long; the value must fit the attribute."""
    operand = _stored_attribute(context, test.name)
    length = duration(context.entry, test.duration)
    if operand is None or length is None:
        return None
    if operand.type in (ValueType.INSTANT, ValueType.LUNAR_DATE):
        context.entry.error("E369", test.name.span, name=spelling(context, test.name))
        return None
    choices = context.scope.attributes[operand.name].choices
    value = constant(
        context.entry, context.scope.settings, spelling(context, test.name), operand.type, test.value, choices
    )
    return None if value is None else ir.HeldFor(operand, value, length)


def resolve_changed(context: Context, test: syntax.Changed) -> ir.Condition | None:
    """Return a test of an attribute that took another value."""
    operand = _stored_attribute(context, test.name)
    window, sound = happened_window(context, test.window)
    return ir.Changed(operand, window) if operand is not None and sound else None


def _stored_attribute(context: Context, name: syntax.Name) -> AttributeRef | None:
    """An attribute with a history: what is computed from other facts has none of its own."""
    scope = context.scope
    if any(text in scope.ladders or text in scope.metrics for text in (name.text, attribute_name(name.text))):
        context.entry.error("E368", name.span, name=spelling(context, name))
        return None
    return find_attribute(context, name)


# Places, tasks, the day


def resolve_source_in_group(context: Context, test: syntax.SourceInGroup) -> ir.Condition | None:
    """Return a test of the source, by the sources declared in a group."""
    if attribute_name(test.name.text) != "source":
        context.entry.error("E370", test.name.span, name=spelling(context, test.name))
        return None
    sources = context.scope.sources
    # A source whose line did not parse may be missing among them.
    context.entry.doubts.update(context.scope.doubtful.get(test.group.text, ()))
    members = sorted(source for source, group in sources.items() if group == test.group.text)
    if not members:
        unknown(context, "E227", test.group, {group for group in sources.values() if group})
        return None
    sound = [use(context, "source", source, test.group) for source in members]
    return ir.SourceIn(test.group.text, tuple(members)) if all(sound) else None


def resolve_task(context: Context, test: syntax.TaskIs) -> ir.Condition | None:
    """Return a test of the newest task of a title that some step gives."""
    tasks = context.scope.tasks
    window = past_window(context, test.window) if test.window else None
    if tasks is not None and test.task.text not in tasks:
        unknown(context, "E231", test.task, tasks)
        return None
    return None if test.window and window is None else ir.TaskIs(test.task.text, test.state, window)


def resolve_in_group(test: syntax.InGroup) -> ir.Condition:
    """Return a test of customer groups, which live outside of the workspace and are not declared."""
    return ir.InGroup(ir.TextPattern(test.group.text, test.group.prefix))


def resolve_sample(context: Context, test: syntax.InSample) -> ir.Condition | None:
    """Return a test of the member's draw; where a sample has no name of its own, it needs one."""
    name = test.name.text if test.name else context.sample
    low, high = test.low.parts if test.low else 0, test.high.parts
    if name is None:
        context.entry.error("E324", test.span)
    return None if name is None else ir.Sample(name, low, high)
