"""Steps that standing rules take as well: tags, points, attributes."""

from __future__ import annotations

from ..keywords import BUILT_IN_ATTRIBUTES
from ..syntax import ChangePoints, GiveTag, Name, RuleAction, SetAttribute, TakeTag, Value, YesNo
from .values import Maker, Tree, first_token, span, tokens, trees

RULE_ACTIONS = frozenset({"give_tag", "take_tag", "change_points", "set_attribute"})
MAX_POINTS = 10**9


def make_rule_action(maker: Maker, tree: Tree) -> RuleAction:
    """The action of a tree of one of ``RULE_ACTIONS``."""
    rule, where = str(tree.data), span(tree)
    if rule == "change_points":
        return ChangePoints(_points(maker, tree), where)
    if rule == "set_attribute":
        return _set(maker, tree)
    titles = tuple(maker.title(title) for title in trees(tree, "title"))
    return GiveTag(titles, where) if rule == "give_tag" else TakeTag(titles, where)


def _points(maker: Maker, tree: Tree) -> int:
    word, number = tokens(tree)
    written = str(number)
    if word.type == "POINTS":
        if written[0] not in "+-":
            maker.blame("E175", span(tree), number=written)
        number = number.reading(written.lstrip("+-"))
    points = maker.whole(number, 1, MAX_POINTS)
    takes = word.type == "TAKE_POINTS" or (word.type == "POINTS" and written.startswith("-"))
    return -points if takes else points


def _set(maker: Maker, tree: Tree) -> SetAttribute:
    name, *values = trees(tree)
    return SetAttribute(maker.name(name, BUILT_IN_ATTRIBUTES), _value(maker, tree, values), span(tree))


def _value(maker: Maker, tree: Tree, values: list[Tree]) -> Value | Name:
    """What is set: a value, yes or no, or by a bare name the field of the event."""
    if not values:
        sign = tokens(tree)[-1]
        return YesNo(sign.type == "IS_YES", span(sign))
    inner = trees(values[0])
    if not inner:
        sign = first_token(values[0])
        return YesNo(sign.type == "SET_YES", span(sign))
    return maker.field(inner[0]) if inner[0].data == "plain_name" else maker.value(inner[0])
