"""Library declarations of the syntax tree: attributes, events, tags, segments, metrics, templates, products, sources."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ..keywords import BUILT_IN_CHANNELS
from ..statements import Statement, ends_with_list
from ..syntax import (
    AttributeDecl,
    Clock,
    Condition,
    Declaration,
    EventDecl,
    EventFilter,
    FieldDecl,
    MetricDecl,
    Money,
    Name,
    ProductDecl,
    SegmentDecl,
    SourceDecl,
    TagDecl,
    TagGroupDecl,
    TemplateDecl,
    TemplatePart,
    Text,
    TypeName,
    TypeWord,
)
from .conditions import ConditionMaker
from .values import Maker, Tree, first_token, span, token_types, tokens, trees

_TYPES: dict[str, TypeWord] = {
    "TYPE_TEXT": "text", "TYPE_NUMBER": "number", "TYPE_MONEY": "money", "TYPE_DATE": "date",
    "TYPE_LUNAR": "lunar_date", "TYPE_INSTANT": "instant", "TYPE_YES_NO": "yes_no",
}
_PARTS: dict[str, Literal["link", "image", "miniprogram", "video", "file", "group_code", "comment"]] = {
    "LINK": "link", "IMAGE": "image", "MINIPROGRAM": "miniprogram", "VIDEO": "video", "FILE": "file",
    "GROUP_CODE": "group_code", "COMMENT": "comment",
}


def make_line_condition(maker: Maker, statement: Statement, tree: Tree) -> Condition:
    """The condition in a line, with the block under it where the line ends with ``any of`` and the like."""
    own_block = statement.tree is not None and ends_with_list(statement.tree)
    block = (lambda: make_conditions(maker, statement.children)) if own_block else None
    return ConditionMaker(maker, statement.line.end, block).condition(tree)


def make_conditions(maker: Maker, statements: list[Statement]) -> list[Condition]:
    """The conditions of a block, one a line."""
    return [
        make_line_condition(maker, statement, trees(statement.tree)[0])
        for statement in statements
        if statement.tree is not None
    ]


def make_attribute(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """An attribute of members with its type."""
    name, kind, *choices = trees(tree)
    texts = tuple(maker.text(text) for text in trees(choices[0])) if choices else ()
    return AttributeDecl(maker.name(name, {}), _type(maker, kind, texts), span(tree))


def _type(maker: Maker, tree: Tree, choices: tuple[Text, ...]) -> TypeName:
    word = _TYPES[first_token(tree).type]
    if choices and word != "text":
        maker.blame("E155", choices[0].span)
    where = span(tree) | choices[-1].span if choices else span(tree)
    return TypeName(word, choices, where)


def make_event(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """A type of event with its fields."""
    name, *items = trees(tree)
    fields: list[FieldDecl] = []
    for item in items:
        if item.data == "field":
            fields.append(_field(maker, item))
        elif fields and fields[-1].type.choices:
            fields[-1] = _with_choice(fields[-1], maker.text(item))
        else:
            maker.blame("E156", span(item), written=maker.source(span(item)))
    return EventDecl(maker.name(name, {}), tuple(fields), span(tree))


def _field(maker: Maker, tree: Tree) -> FieldDecl:
    name, kind, *choices = trees(tree)
    return FieldDecl(maker.field(name), _type(maker, kind, tuple(maker.text(text) for text in choices)), span(tree))


def _with_choice(field: FieldDecl, choice: Text) -> FieldDecl:
    kind = replace(field.type, choices=(*field.type.choices, choice), span=field.type.span | choice.span)
    return replace(field, type=kind, span=field.span | choice.span)


def make_tag_group(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """A group of tags, perhaps an exclusive one."""
    return TagGroupDecl(maker.title(trees(tree)[0]), "EXCLUSIVE" in token_types(tree), span(tree))


def make_tag(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """A tag, perhaps of a group and with an expiry."""
    group, expires = _clauses(maker, tree, "tag_clause")
    return TagDecl(
        maker.title(trees(tree)[0]), None if group is None else maker.title(group),
        None if expires is None else maker.duration(expires), span(tree),
    )


def _clauses(maker: Maker, tree: Tree, rule: str) -> tuple[Tree | None, Tree | None]:
    """What belongs to a declaration: the title of what it lies in and the other thing, each once at most."""
    title: Tree | None = None
    other: Tree | None = None
    for clause in trees(tree, rule):
        inner = trees(clause)[0]
        if (title if inner.data == "title" else other) is not None:
            tell_twice(maker, clause)
        elif inner.data == "title":
            title = inner
        else:
            other = inner
    return title, other


def tell_twice(maker: Maker, tree: Tree) -> None:
    """Tell that something stands twice that can stand once."""
    maker.blame("E144", span(tree), written=maker.source(span(tree)))


def make_segment(maker: Maker, statement: Statement, tree: Tree) -> Declaration | None:
    """A segment with the one condition of its block; None where nothing of it could be read."""
    conditions = make_conditions(maker, statement.children)
    for extra in [child for child in statement.children if child.tree is not None][1:]:
        maker.blame("E129", extra.line.span)
    if not conditions:
        return None
    return SegmentDecl(maker.title(trees(tree)[0]), conditions[0], statement.span)


def make_metric(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A metric with the total it stands for."""
    name, total = trees(tree)
    made = ConditionMaker(maker, statement.line.end, None).total(total)
    return MetricDecl(maker.name(name, {}), made, span(tree))


def make_template(maker: Maker, statement: Statement, tree: Tree) -> Declaration:
    """A template with its body and the parts that go with it."""
    channels = trees(tree, "name")
    body: Text | None = None
    parts: list[TemplatePart] = []
    for child in statement.children:
        if child.tree is None:
            continue
        inner = child.tree
        if inner.data == "part":
            parts.append(_part(maker, inner))
        elif body is not None:
            tell_twice(maker, inner)
        else:
            body = maker.text(trees(inner)[0])
    channel = channel_name(maker, channels[0]) if channels else None
    return TemplateDecl(maker.title(trees(tree)[0]), channel, body, tuple(parts), statement.span)


def channel_name(maker: Maker, tree: Tree) -> Name:
    """The name of a channel; built-in ones have theirs in both languages."""
    return maker.name(tree, BUILT_IN_CHANNELS)


def _part(maker: Maker, tree: Tree) -> TemplatePart:
    word, value, *clauses = trees(tree)
    found: dict[str, Text] = {}
    kind = _PARTS[first_token(word).type]
    for clause in clauses:
        which = first_token(clause).type
        if which in found:
            tell_twice(maker, clause)
        elif (which == "PAGE" and kind != "miniprogram") or kind not in ("link", "miniprogram"):
            maker.blame("E157", span(clause), written=maker.source(span(clause)))
        found[which] = maker.text(trees(clause)[0])
    return TemplatePart(kind, maker.text(value), found.get("TITLE"), found.get("PAGE"), span(tree))


def make_product(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """A product, perhaps of a category and with the time that it lasts."""
    category, lasts = _clauses(maker, tree, "product_clause")
    return ProductDecl(
        maker.title(trees(tree)[0]), None if category is None else maker.title(category),
        None if lasts is None else maker.duration(lasts), span(tree),
    )


def make_source(maker: Maker, _statement: Statement, tree: Tree) -> Declaration:
    """A source of members, perhaps of a group and with what it costs."""
    group, cost = _clauses(maker, tree, "source_clause")
    return SourceDecl(
        maker.title(trees(tree)[0]), None if group is None else maker.title(group),
        None if cost is None else Money(maker.cents(cost), span(cost)), span(tree),
    )


def make_picked(maker: Maker, tree: Tree) -> EventFilter:
    """The events of a ``picked`` tree: a type, perhaps subjects or a category, and tests of fields; no window."""
    return ConditionMaker(maker, span(tree).end, None).event_filter(tree)


def clock_range(maker: Maker, tree: Tree) -> tuple[Clock, Clock]:
    """The two clocks of a line."""
    first, last = (maker.clock(token) for token in tokens(tree) if token.type == "CLOCK")
    return first, last
