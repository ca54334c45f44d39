"""What members hold and where they belong, for the oracle: coupons, red packets, groups, friends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.model import CodeFact, PacketFact, PlaceFact
from qingting.engine.program import ir

if TYPE_CHECKING:
    from oracle.conditions import View


def belonging(condition: ir.Condition, view: View) -> bool:
    """Whether a test of what the member holds is true."""
    match condition:
        case ir.HoldsCoupon(coupon=name, expiring=window):
            ends = held_coupons(view, name)
            if window is None:
                return bool(ends)
            return any(end is not None and view.inside(end, window) for end in ends)
        case ir.UsedCoupon(coupon=name, at_least=least, at_most=most, window=window):
            return _count_inside(view, used_coupons(view, name), window, least, most)
        case ir.ReceivedRedpacket(redpacket=name, at_least=least, at_most=most, window=window):
            return _count_inside(view, given_packets(view, name), window, least, most)
        case ir.InGroup(group=pattern):
            return any(called(view, group, pattern) for group in present(view, view.member.places))
        case ir.IsFriend():
            return bool(present(view, view.member.friends)) or joined_alone(view)
        case ir.InPlaybook(playbook=name):
            return any(
                journey.playbook == name and not journey.held_out and journey.entered <= view.t
                and (journey.ended is None or journey.ended > view.t)
                for journey in view.member.journeys
            )
        case ir.FinishedPlaybook(playbook=name, window=window):
            ends = [j.ended for j in view.member.journeys if j.playbook == name and j.why == "finished"]
            return any(end is not None and end <= view.t and view.inside(end, window) for end in ends)
    raise AssertionError(condition)


def _count_inside(view: View, instants: list[int], window: ir.Window | None, least: int, most: int | None) -> bool:
    number = sum(view.inside(instant, window) for instant in instants)
    return least <= number and (most is None or number <= most)


def _by_code(view: View, name: str) -> list[list[CodeFact]]:
    facts = view.seen(fact for fact in view.member.codes if fact.coupon == name)
    return [[fact for fact in facts if fact.code == code] for code in sorted({fact.code for fact in facts})]


def held_coupons(view: View, name: str) -> list[int | None]:
    """When each coupon that is held expires."""
    found = []
    for facts in _by_code(view, name):
        kinds = {fact.kind for fact in facts}
        ends = [f.expires for f in facts if f.kind in ("reserved", "issued") and f.expires is not None]
        end = max(ends, default=None)
        if "issued" in kinds and not kinds & {"used", "cancelled"} and (end is None or end > view.t):
            found.append(end)
    return found


def used_coupons(view: View, name: str) -> list[int]:
    """When each coupon that was used was used."""
    uses = [[fact.at for fact in facts if fact.kind == "used"] for facts in _by_code(view, name)]
    return [min(instants) for instants in uses if instants]


def given_packets(view: View, name: str) -> list[int]:
    """When each red packet was given that was not cancelled."""
    facts: list[PacketFact] = view.seen(fact for fact in view.member.packets if fact.redpacket == name)
    found = []
    for code in sorted({fact.code for fact in facts}):
        own = [fact for fact in facts if fact.code == code]
        if all(fact.kind != "cancelled" for fact in own):
            found.append(min(fact.at for fact in own))
    return found


def present(view: View, facts: list[PlaceFact]) -> list[str]:
    """Where the member is: the latest fact about each place says so."""
    state: dict[str, bool] = {}
    for fact in view.seen(facts):
        state[fact.name] = fact.given
    return [name for name, given in state.items() if given]


def called(view: View, group: str, pattern: ir.TextPattern) -> bool:
    names = view.seen(view.world.groups[group])
    name = names[-1].name if names else group
    return name.startswith(pattern.text) if pattern.prefix else name == pattern.text


def joined_alone(view: View) -> bool:
    """Whether the member is a friend since they joined, nothing else having been said about their friends."""
    known = [f for f in view.member.attributes if f.attribute == "joined" and f.arrived <= view.T and f.seq <= view.mark]
    said = [f.at for f in view.member.friends if f.arrived <= view.T and f.seq <= view.mark]
    if not known:
        return False
    joined = max(known, key=lambda fact: (fact.at, fact.seq)).value
    if not isinstance(joined, int):
        return False
    return joined <= view.t and (not said or view.t < min(said))
