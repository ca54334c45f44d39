"""Events as triggers, as they are written behind ``when``."""

from __future__ import annotations

from ..keywords import KEYWORDS
from ..syntax import (
    EventTrigger,
    InvitedCount,
    Name,
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
from .behaviour import filtered, total
from .conditions import inner_words
from .phrases import Phrase, joined, spaced
from .strings import pattern, string
from .tongue import Tongue
from .values import amount, clock, duration, enumerated

_TIERS = {"rises": "RISES_TO", "drops": "DROPS_TO", "becomes": "BECOMES"}
_GROUPS = {"joins": "JOINS_GROUP", "leaves": "LEAVES_GROUP", "created": "GROUP_MADE"}
_ALONE: dict[type[EventTrigger], str] = {
    WhenJoined: "JOINED", WhenLeft: "LEFT", WhenHandedOver: "HANDED_OVER", WhenInvited: "INVITES",
    WhenEntered: "ENTERED",
}
_TEENS = (11, 12, 13)


def happening(found: EventTrigger, tongue: Tongue) -> Phrase:
    """What happens to a member, a group or a number."""
    match found:
        case WhenEvent():
            return _event(found, tongue)
        case WhenTagged(tag):
            return (f"{tongue.word('GETS_TAG')} {pattern(tag)}",)
        case WhenUntagged(tag):
            return (f"{tongue.word('LOSES_TAG')} {pattern(tag)}",)
        case WhenMark():
            return _mark(found, tongue)
        case WhenTier(ladder, direction, tier):
            return (f"{tongue.attribute(ladder)} {tongue.word(_TIERS[direction])} {string(tier.text)}",)
        case WhenSegment(direction, segment):
            word = tongue.word("ENTERS_SEGMENT" if direction == "enters" else "LEAVES_SEGMENT")
            return (f"{word} {string(segment.text)}",)
        case WhenChanged(name):
            return (f"{tongue.attribute(name)} {tongue.word('CHANGES')}",)
        case WhenCouponExpires():
            return (_expires(found, tongue),)
        case WhenCouponUsed(coupon):
            return (f"{tongue.word('USES_COUPON')} {string(coupon.text)}",)
        case WhenGroup(what, group):
            return spaced(tongue.word(_GROUPS[what]), pattern(group) if group is not None else "")
        case _:
            return (tongue.word(_ALONE[type(found)]),)


def _event(found: WhenEvent, tongue: Tongue) -> Phrase:
    words = filtered(found.events, tongue, inner_words)
    if found.nth is None:
        return words
    if tongue.chinese:
        which = tongue.word("FIRST") if found.nth == 1 else tongue.word("NTH") + tongue.counted(found.nth, "TIMES")
        return spaced(which, words)
    if found.nth == 1:
        return spaced(words, tongue.word("FOR_THE_FIRST_TIME"))
    return spaced(words, tongue.word("FOR_THE"), f"{found.nth}{_ordinal(found.nth)}", tongue.noun("TIMES"))


def _ordinal(number: int) -> str:
    """The ending of an English ordinal."""
    first, second, third, other = KEYWORDS["ORDINAL"][0]
    if number % 100 in _TEENS:
        return other
    return {1: first, 2: second, 3: third}.get(number % 10, other)


def _mark(found: WhenMark, tongue: Tongue) -> Phrase:
    several = False
    match found.operand:
        case InvitedCount():
            operand: Phrase = (tongue.either("INVITED_COUNT", "INVITES"),)
        case Name():
            operand = (tongue.attribute(found.operand),)
            several = found.operand.text.endswith("s")
        case _:
            operand = total(found.operand, tongue, inner_words)
    terminal = "REACHES" if found.direction == "reach" else "FALLS_BELOW"
    word = tongue.noun(terminal) if several else tongue.word(terminal)
    return spaced(operand, joined(word, " ", enumerated((amount(mark) for mark in found.marks), tongue)))


def _expires(found: WhenCouponExpires, tongue: Tongue) -> str:
    coupon, ahead = f"{tongue.word('COUPON')} {string(found.coupon.text)}", duration(found.ahead, tongue)
    if tongue.chinese:
        words = f"{coupon} {ahead}{tongue.word('AFTER_EXPIRES')}"
        return words if found.clock is None else f"{words} {clock(found.clock)}"
    words = f"{coupon} {tongue.word('EXPIRES_IN')} {ahead}"
    return words if found.clock is None else f"{words} {tongue.word('AT')} {clock(found.clock)}"
