"""Event triggers of the syntax tree: what happens to a member, a group or a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from ..keywords import BUILT_IN_ATTRIBUTES
from ..syntax import (
    EventTrigger,
    InvitedCount,
    Name,
    Total,
    WhenChanged,
    WhenCouponExpires,
    WhenCouponUsed,
    WhenEntered,
    WhenEvent,
    WhenGroup,
    WhenHandedOver,
    WhenInvited,
    WhenJoined,
    WhenLeft,
    WhenMark,
    WhenSegment,
    WhenTagged,
    WhenTier,
    WhenUntagged,
)
from .conditions import ConditionMaker
from .library import make_picked
from .values import Maker, Tree, first_token, span, token_types, tokens, trees

_TIERS: dict[str, Literal["rises", "drops", "becomes"]] = {
    "RISES_TO": "rises", "DROPS_TO": "drops", "BECOMES": "becomes",
}
_GROUPS: dict[str, Literal["joins", "leaves", "created"]] = {
    "JOINS_GROUP": "joins", "LEAVES_GROUP": "leaves", "GROUP_MADE": "created",
}
_FIRST_TIME = frozenset({"FIRST", "FOR_THE_FIRST_TIME"})
MAX_NTH = 1_000_000


def make_happening(maker: Maker, tree: Tree) -> EventTrigger:
    """The trigger behind ``when``."""
    inner = trees(tree)[0]
    return replace(_MAKERS[str(inner.data)](maker, inner), span=span(tree))


def _event(maker: Maker, tree: Tree) -> EventTrigger:
    nth = 1 if token_types(tree) & _FIRST_TIME else None
    numbers = [token for token in tokens(tree) if token.type == "NUMBER"]
    if numbers:
        nth = maker.whole(numbers[0], 1, MAX_NTH)
    return WhenEvent(make_picked(maker, trees(tree)[0]), nth, span(tree))


def _mark(maker: Maker, tree: Tree) -> EventTrigger:
    operand, *amounts = trees(tree)
    direction: Literal["reach", "below"] = "reach" if "REACHES" in token_types(tree) else "below"
    return WhenMark(_operand(maker, operand), direction, tuple(map(maker.amount, amounts)), span(tree))


def _operand(maker: Maker, tree: Tree) -> Name | Total | InvitedCount:
    inner = trees(tree)
    if not inner:
        return InvitedCount(span(tree))
    if inner[0].data == "name":
        return maker.name(inner[0], BUILT_IN_ATTRIBUTES)
    return ConditionMaker(maker, span(tree).end, None).total(inner[0])


def _tier(maker: Maker, tree: Tree) -> EventTrigger:
    ladder, title = trees(tree)
    direction = _TIERS[tokens(tree)[0].type]
    return WhenTier(maker.name(ladder, BUILT_IN_ATTRIBUTES), direction, maker.title(title), span(tree))


def _segment(maker: Maker, tree: Tree) -> EventTrigger:
    direction: Literal["enters", "leaves"] = "enters" if "ENTERS_SEGMENT" in token_types(tree) else "leaves"
    return WhenSegment(direction, maker.title(trees(tree)[0]), span(tree))


def _changed(maker: Maker, tree: Tree) -> EventTrigger:
    return WhenChanged(maker.name(trees(tree)[0], BUILT_IN_ATTRIBUTES), span(tree))


def _expires(maker: Maker, tree: Tree) -> EventTrigger:
    title, ahead = trees(tree)
    clock = next((maker.clock(token) for token in tokens(tree) if token.type == "CLOCK"), None)
    return WhenCouponExpires(maker.title(title), maker.duration(ahead), clock, span(tree))


def _group(maker: Maker, tree: Tree) -> EventTrigger:
    patterns = trees(tree, "pattern")
    pattern = maker.pattern(patterns[0]) if patterns else None
    return WhenGroup(_GROUPS[first_token(tree).type], pattern, span(tree))


_MAKERS: dict[str, Callable[[Maker, Tree], EventTrigger]] = {
    "when_joined": lambda _maker, tree: WhenJoined(span(tree)),
    "when_left": lambda _maker, tree: WhenLeft(span(tree)),
    "when_event": _event,
    "when_tagged": lambda maker, tree: WhenTagged(maker.pattern(trees(tree)[0]), span(tree)),
    "when_untagged": lambda maker, tree: WhenUntagged(maker.pattern(trees(tree)[0]), span(tree)),
    "when_mark": _mark, "when_tier": _tier, "when_segment": _segment, "when_changed": _changed,
    "when_expires": _expires,
    "when_used": lambda maker, tree: WhenCouponUsed(maker.title(trees(tree)[0]), span(tree)),
    "when_handed_over": lambda _maker, tree: WhenHandedOver(span(tree)),
    "when_invited": lambda _maker, tree: WhenInvited(span(tree)),
    "when_entered": lambda _maker, tree: WhenEntered(span(tree)),
    "when_group": _group,
}
