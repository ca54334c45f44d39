"""What a text needs to know about a member: variables without a default whose value may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..program.builtin_names import FIELDS
from ..program.ir import (
    Alert,
    AttributeRef,
    Compare,
    Condition,
    FieldRef,
    Instruction,
    LadderRef,
    Library,
    MetricRef,
    Push,
    Total,
    Welcome,
)

EVENT_PREFIX = "event."
_MAY_BE_UNKNOWN = ("average", "largest", "smallest")


def templates_of(push: Push) -> tuple[str, ...]:
    """The templates that a push may send."""
    return (push.template,) if push.rotation is None else push.rotation.templates


def needed_by(library: Library, instruction: Instruction) -> Iterator[Condition]:
    """That the values are known which the texts of a step need of the member."""
    match instruction:
        case Push():
            for template in templates_of(instruction):
                yield from known_variables(library, template)
        case Welcome(template=template):
            yield from known_variables(library, template)
        case Alert(needed=needed):
            yield from known_values(library, needed)


def known_variables(library: Library, template: str) -> Iterator[Condition]:
    """That the values are known which a template needs of the member: attributes, metrics and rungs.

    What comes from elsewhere (the coupon's code) is there whenever the text is.
    """
    return known_values(library, library.templates[template].needed)


def known_values(library: Library, needed: Iterable[str]) -> Iterator[Condition]:
    """That the values of variables are known."""
    for variable in needed:
        operand = _operand(library, "staff" if variable == "staff.name" else variable)
        if operand is not None:
            yield Compare(operand, "known")


def event_field(library: Library, variable: str) -> FieldRef | None:
    """The field of the event that started a journey for which a variable stands; None where it stands for none."""
    if not variable.startswith(EVENT_PREFIX):
        return None
    name = variable.removeprefix(EVENT_PREFIX)
    types = {**FIELDS, **{field.name: field.type for event in library.events.values() for field in event.fields}}
    return FieldRef(name, types[name]) if name in types else None


def _operand(library: Library, name: str) -> AttributeRef | MetricRef | LadderRef | None:
    metric: Total | None = library.metrics.get(name)
    if metric is not None:
        return MetricRef(name, metric.type) if metric.kind in _MAY_BE_UNKNOWN else None
    if name in library.ladders:
        return LadderRef(name)
    attribute = library.attributes.get(name)
    return None if attribute is None else AttributeRef(attribute.name, attribute.type)
