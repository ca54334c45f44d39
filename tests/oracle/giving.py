"""Why a member gets no coupon or red packet: budgets, stock, and how many a member may have; and what is given."""

from __future__ import annotations

from collections.abc import Iterator

from oracle import clock
from oracle.conditions import draw
from oracle.model import CodeFact, CouponFact, PacketFact
from oracle.runs import Item, Run
from qingting.engine.program import ir

Giving = ir.Push | ir.IssueCoupon | ir.IssueRedpacket


def coupon_of(step: ir.Action) -> str | None:
    """The coupon that a step gives."""
    return step.coupon if isinstance(step, ir.Push | ir.IssueCoupon) else None


def packet_of(step: ir.Action) -> str | None:
    """The red packet that a step gives."""
    return step.redpacket if isinstance(step, ir.Push | ir.IssueRedpacket) else None


def why_not_given(run: Run, item: Item, step: Giving) -> str | None:
    """``budget`` or ``stock`` where the member's share is not there, ``per_member_limit`` where they had enough.

    Once something did not suffice, nobody after that member gets any at the step of this occurrence.
    """
    if run.closed is None:
        run.closed = next((reason for reason, left, cost in _scarce(run, item, step) if cost > left), None)
    if run.closed is not None:
        return run.closed
    library = run.setup.library
    coupon, packet = coupon_of(step), packet_of(step)
    if coupon is not None:
        had = [c.at for c in item.member.coupons if c.coupon == coupon and not c.cancelled]
        if _has_enough(library.coupons[coupon], had, item):
            return "per_member_limit"
    if packet is not None:
        had = [c.at for c in item.member.packets if c.redpacket == packet]
        if _has_enough(library.redpackets[packet], had, item):
            return "per_member_limit"
    return None


def _has_enough(given: ir.Coupon | ir.Redpacket, had: list[int], item: Item) -> bool:
    if given.limit is None:
        return False
    kinds = ir.CutoffKind
    window = None
    if given.limit_per in ("day", "year"):
        kind = kinds.DAY if given.limit_per == "day" else kinds.YEAR
        window = ir.Window(ir.Cutoff(kind, 0), ir.Cutoff(kind, 1))
    elif given.limit_per == "activity":
        assert given.limit_times is not None
        ends = (kinds.LATEST_START, kinds.LATEST_END)
        window = ir.Window(*(ir.Cutoff(kind, times=given.limit_times) for kind in ends))
    return sum(clock.inside(at, window, item.instant, item.zone) for at in had) >= given.limit


def _scarce(run: Run, item: Item, step: Giving) -> Iterator[tuple[str, int, int]]:
    """(reason, what is left, what the member would take) of everything scarce that the step needs."""
    library = run.setup.library
    coupon, packet = coupon_of(step), packet_of(step)
    amount = 0 if packet is None else amount_of(run, item, packet)
    for budget in item.playbook.budgets:
        face = amount if coupon is None else library.coupons[coupon].face_cents
        pushes = int(isinstance(step, ir.Push))
        cost = {"pushes": pushes, "coupons": int(coupon is not None), "money": face}[budget.kind]
        if cost:
            yield "budget", budget.amount - _spent(run, item, budget), cost
    own = None if packet is None else library.redpackets[packet].budget
    if own is not None:
        zone = run.setup.policy.zone.name
        given = [p for m in run.members for p in m.packets if p.redpacket == packet]
        given = [p for p in given if _counts(own, p.at, item, zone)]
        if own.kind == "money":
            yield "budget", own.amount - sum(p.amount for p in given), amount
        else:
            yield "budget", own.amount - len(given), 1
    if coupon is not None and library.coupons[coupon].stock is not None:
        taken = [c for m in run.members for c in m.coupons if c.coupon == coupon and not c.cancelled]
        yield "stock", (library.coupons[coupon].stock or 0) - len(taken), 1


def _counts(budget: ir.Budget, at: int, item: Item, zone: str) -> bool:
    day = ir.Window(ir.Cutoff(ir.CutoffKind.DAY, 0), ir.Cutoff(ir.CutoffKind.DAY, 1))
    return not budget.per_day or clock.inside(at, day, item.instant, zone)


def _spent(run: Run, item: Item, budget: ir.Budget) -> int:
    """What the playbook has used of a budget, in all or on the day of its own zone."""
    name, zone = item.playbook.name, item.playbook.zone.name
    if budget.kind == "pushes":
        sent = [r.t for r in run.state.records if r.playbook == name and r.status == "queued"]
        return sum(_counts(budget, t, item, zone) for t in sent)
    coupons = [c for m in run.members for c in m.coupons if c.playbook == name and _counts(budget, c.at, item, zone)]
    if budget.kind == "coupons":
        return len(coupons)
    packets = [p for m in run.members for p in m.packets if p.playbook == name and _counts(budget, p.at, item, zone)]
    faces = run.setup.library.coupons
    return sum(faces[c.coupon].face_cents for c in coupons) + sum(p.amount for p in packets)


def amount_of(run: Run, item: Item, name: str) -> int:
    """The cents in a member's red packet: drawn evenly between least and most, both included."""
    packet = run.setup.library.redpackets[name]
    drawn = draw(f"redpacket:{name}\0{item.playbook.name}\0{item.occurrence}", item.member.id) >> 32
    return packet.low + (drawn * (packet.high - packet.low + 1) >> 32)


def give(run: Run, item: Item, step: Giving) -> None:
    """Gives the member what a step gives: reserved with a push, issued at once by a step of its own."""
    kind = "reserved" if isinstance(step, ir.Push) else "issued"
    coupon, packet = coupon_of(step), packet_of(step)
    member, playbook = item.member, item.playbook.name
    if coupon is not None:
        seq = run.next_seq()
        validity = run.setup.library.coupons[coupon].validity
        expires = None
        if validity is not None and validity.duration is not None:
            expires = clock.add_duration(item.instant, validity.duration, item.zone)
        member.coupons.append(CouponFact(coupon, item.instant, run.at, seq, playbook=playbook))
        member.codes.append(CodeFact(f"{seq}", coupon, kind, item.instant, run.at, seq, expires))
    if packet is not None:
        seq, amount = run.next_seq(), amount_of(run, item, packet)
        member.packets.append(PacketFact(f"{seq}", packet, kind, item.instant, run.at, seq, amount, playbook))
