"""The rules about what is given: stock, limits, budgets, which template is due, and who else has the member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...grammar.messages import render
from ...grammar.step_names import shown_step
from ..program.clock import iso
from ..program.ir import (
    Budget,
    Coupon,
    Cutoff,
    IssueCoupon,
    IssueRedpacket,
    Push,
    Redpacket,
    Rotation,
)
from ..program.words.headers import budget_words, only_one_words, take_words
from ..program.words.rules import limit_words
from ..program.words.values import money, quoted
from ..query.calendar import cutoff_instant
from ..run.judge import younger_than
from .answers import Node
from .asked import EVERY_LEAF, Asked, Rule
from .spent import (
    Taker,
    budget_takers,
    day_of,
    last_received,
    number_had,
    packet_spent,
    playbook_spent,
    rival_journey,
    stock_taken,
    stock_takers,
)


def journeys(asked: Asked) -> Iterator[Rule]:
    """Whether another journey of the same name has the member; at entry only."""
    name = asked.playbook.only_one_of
    if name is None or asked.leaf != EVERY_LEAF:
        return
    others = [p.name for p in asked.program.playbooks.values() if p.only_one_of == name and p.name != asked.playbook.name]
    rival = rival_journey(asked.view, others)
    inside: tuple[Node, ...] = ()
    if rival is not None:
        text = render("explain.journey", {"playbook": quoted(rival[0])}, asked.lang)[0]
        inside = (Node(text, True, iso(rival[1], asked.view.zone)),)
    yield Rule("exclusive", Node(only_one_words(name, asked.lang), rival is not None, rival and rival[0], inside))


def taking(asked: Asked) -> Iterator[Rule]:
    """How many of the audience are taken; that never keeps a member out who is asked about alone."""
    if asked.playbook.take is not None:
        yield Rule("audience", Node(take_words(asked.playbook.take, asked.lang), False))


def budgets(asked: Asked) -> Iterator[Rule]:
    """The budgets of the playbook, and those of red packets."""
    of_record = asked.leaf != EVERY_LEAF
    for budget in asked.playbook.budgets:
        cost = max((_cost(asked, step, budget) for step in asked.steps), default=0)
        if cost or of_record:
            span = day_of(budget, asked.view.t, asked.playbook.zone.name)
            spent = playbook_spent(asked.view, asked.playbook.name, budget, span, asked.leaf)
            node = _budget(budget_words(budget, asked.lang), budget, spent, cost)
            takers = budget_takers(asked.view, asked.playbook.name, span, asked.leaf) if node.true or of_record else []
            yield Rule("budget", replace(node, children=_named(takers, asked)))
    for packet in _packets(asked):
        own = packet.budget
        if own is not None:
            span = day_of(own, asked.view.t, asked.program.policy.zone.name)
            spent = packet_spent(asked.view, packet, own, span, asked.leaf)
            words = {"redpacket": quoted(packet.name), "budget": budget_words(own, asked.lang)}
            text = render("explain.packet_budget", words, asked.lang)[0]
            yield Rule("budget", _budget(text, own, spent, packet.low if own.kind == "money" else 1))


def _cost(asked: Asked, step: object, budget: Budget) -> int:
    """The least that a step takes of a budget."""
    if not isinstance(step, Push | IssueCoupon | IssueRedpacket):
        return 0
    library = asked.program.library
    coupon = library.coupons.get(step.coupon or "") if isinstance(step, Push | IssueCoupon) else None
    packet = library.redpackets.get(step.redpacket or "") if isinstance(step, Push | IssueRedpacket) else None
    face = (0 if coupon is None else coupon.face_cents) + (0 if packet is None else packet.low)
    return {"pushes": int(isinstance(step, Push)), "coupons": int(coupon is not None), "money": face}[budget.kind]


def _budget(text: str, budget: Budget, spent: int, cost: int) -> Node:
    shown = f"{money(spent)}/{money(budget.amount)}" if budget.kind == "money" else f"{spent}/{budget.amount}"
    return Node(text, spent + cost > budget.amount, shown)


def stock_and_limits(asked: Asked) -> Iterator[Rule]:
    """Stock of coupons, and how many of coupons and red packets one member may have."""
    of_record = asked.leaf != EVERY_LEAF
    for coupon in _coupons(asked):
        if coupon.stock is not None:
            taken = stock_taken(asked.view, coupon)
            text = render("explain.stock", {"coupon": quoted(coupon.name), "stock": coupon.stock}, asked.lang)[0]
            used_up = taken >= coupon.stock
            takers = _named(stock_takers(asked.view, coupon, asked.leaf), asked) if used_up or of_record else ()
            yield Rule("stock", Node(text, used_up, f"{taken}/{coupon.stock}", takers))
        yield from _limit(asked, coupon, "explain.limit", "coupon")
    for packet in _packets(asked):
        yield from _limit(asked, packet, "explain.packet_limit", "redpacket")


def _named(takers: list[Taker], asked: Asked) -> tuple[Node, ...]:
    """Who took of what is scarce, with how much and when last."""
    return tuple(
        Node(
            render("explain.taker", {
                "playbook": quoted(taker.playbook), "step": shown_step(taker.step, asked.lang), "number": taker.number,
            }, asked.lang)[0],
            True, iso(taker.last, asked.view.zone),
        )
        for taker in takers
    )


def _limit(asked: Asked, given: Coupon | Redpacket, code: str, kind: str) -> Iterator[Rule]:
    if given.limit is None:
        return
    had = number_had(asked.view, given, asked.leaf)
    text = render(code, {kind: quoted(given.name), "limit": limit_words(given, asked.lang)}, asked.lang)[0]
    yield Rule("per_member_limit", Node(text, had >= given.limit, f"{had}/{given.limit}"))


def _coupons(asked: Asked) -> list[Coupon]:
    names = {step.coupon for step in asked.steps if isinstance(step, Push | IssueCoupon)}
    known = asked.program.library.coupons
    return [known[name] for name in sorted(name for name in names if name is not None) if name in known]


def _packets(asked: Asked) -> list[Redpacket]:
    names = {step.redpacket for step in asked.steps if isinstance(step, Push | IssueRedpacket)}
    known = asked.program.library.redpackets
    return [known[name] for name in sorted(name for name in names if name is not None) if name in known]


def rotations(asked: Asked) -> Iterator[Rule]:
    """Which template of a rotation is the member's: the value is its name, the parts say when each was received."""
    for push in asked.pushes:
        if push.rotation is not None:
            yield Rule("no_content", _rotation(asked, push.rotation))


def _rotation(asked: Asked, rotation: Rotation) -> Node:
    received = {name: last_received(asked.view, name, asked.leaf) for name in rotation.templates}
    barred = _barred_since(asked, rotation)
    free = [name for name, at in received.items() if at is None or barred is None or at < barred]
    chosen = min(free, key=lambda name: (received[name] is not None, received[name] or 0), default=None)
    parts = tuple(
        Node(quoted(name), name not in free, None if at is None else iso(at, asked.view.zone), choice=name == chosen)
        for name, at in received.items()
    )
    text = render("explain.rotation", {"pattern": quoted(rotation.pattern)}, asked.lang)[0]
    return Node(text, chosen is None, chosen, parts, choice=None if chosen is None else False)


def _barred_since(asked: Asked, rotation: Rotation) -> int | None:
    """The first instant at which having received a template keeps it from coming again."""
    if rotation.no_repeat is None:
        return None
    edge: Cutoff = younger_than(rotation.no_repeat.months, rotation.no_repeat.micros)
    return cutoff_instant(edge, asked.view.t, asked.view.zone)
