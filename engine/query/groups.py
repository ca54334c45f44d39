"""Which groups a playbook speaks to: the clauses of ``for groups`` as conditions over a row of groups and a frame."""

from __future__ import annotations

from sqlglot import exp

from ..program.ir import AttributeRef, Condition, GroupAudience, InWindow, TextPattern, ValueType
from .scopes import Builder
from .sql import at_least, column, cross, eq, exists, narrowed, number, select_from, table

_CREATED = AttributeRef("created", ValueType.INSTANT)


def boundaries_of(audience: GroupAudience) -> Condition | None:
    """A condition that asks of the calendar what the audience asks, for the plan of frames; None where it asks nothing."""
    return None if audience.created is None else InWindow(_CREATED, audience.created)


def group_parts(builder: Builder, audience: GroupAudience, group: str, frame: str) -> list[exp.Expression]:
    """What must hold of a group that has arrived: of its row under the alias ``group``, seen in a row of ``frames``.

    What is unknown makes a condition unknown, which a WHERE takes for false.
    """
    relations, prefix, t = builder.relations, builder.alias("g"), column("t", frame)
    parts = relations.group_filters(group, t)
    if audience.pattern is not None:
        parts.append(_named(builder, audience.pattern, group, frame))
    if audience.tag is not None:
        parts.append(relations.group_has_tag(audience.tag, group, prefix, t))
    if audience.created is not None:
        created = relations.group_said("created", group, prefix + "c", t)
        parts.append(builder.values.in_window(created, ValueType.INSTANT, audience.created, frame))
    if audience.at_least is not None:
        # Counting members costs most, so that it comes last.
        parts.append(at_least(relations.group_members(group, prefix, t), number(audience.at_least)))
    return parts


def _named(builder: Builder, pattern: TextPattern, group: str, frame: str) -> exp.Expression:
    name = builder.relations.group_said("name", group, builder.alias("g"), column("t", frame))
    return builder.values.matches(name, pattern.text, pattern.prefix)


def select_groups(builder: Builder, audience: GroupAudience, frame: int) -> exp.Select:
    """All groups (column ``unit``, each once) of an audience, in the frame of that number."""
    only = eq(column("frame", "f"), builder.parameters.bind(frame))
    groups = cross(select_from([column("unit", "g")], table("frames", "f"), []), table("groups", "g"))
    return narrowed(groups, [only, *group_parts(builder, audience, "g", "f")])


def group_probe(builder: Builder, audience: GroupAudience, unit: exp.Expression, frame: str) -> exp.Expression:
    """Whether a group, by an expression of its number, is of an audience; never unknown."""
    return exists(table("groups", "g"), [eq(column("unit", "g"), unit), *group_parts(builder, audience, "g", frame)])
