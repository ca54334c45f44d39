"""What a text needs to know about a member: variables without a default whose value may be unknown."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.ir import AttributeRef, Compare, Condition, LadderRef, Library, MetricRef, Push, Total

_MAY_BE_UNKNOWN = ("average", "largest", "smallest")


def templates_of(push: Push) -> tuple[str, ...]:
    """The templates that a push may send."""
    return (push.template,) if push.rotation is None else push.rotation.templates


def known_variables(library: Library, template: str) -> Iterator[Condition]:
    """That the values are known which a template needs of the member: attributes, metrics and rungs.

    What comes from elsewhere (the coupon's code) is there whenever the text is.
    """
    for variable in library.templates[template].needed:
        operand = _operand(library, "staff" if variable == "staff.name" else variable)
        if operand is not None:
            yield Compare(operand, "known")


def _operand(library: Library, name: str) -> AttributeRef | MetricRef | LadderRef | None:
    metric: Total | None = library.metrics.get(name)
    if metric is not None:
        return MetricRef(name, metric.type) if metric.kind in _MAY_BE_UNKNOWN else None
    if name in library.ladders:
        return LadderRef(name)
    attribute = library.attributes.get(name)
    return None if attribute is None else AttributeRef(attribute.name, attribute.type)
