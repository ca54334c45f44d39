"""The pet shop's life: who the members are and what they did, drawn from one seed.

A member has a pet, a pace (how often they look in) and perhaps a day after which they stay away. A visit is one to four
clicks, sometimes an order of what was clicked last, rarely a share. Instants are aware, in the shop's zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .words import ABROAD, CARDS, CITIES, CLERKS, GIVEN, PETS, PRODUCTS, STORES, SURNAMES, Product

ZONE = ZoneInfo("Asia/Shanghai")
HISTORY_DAYS = 90
_HOURS = (1, 0, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 8, 6, 5, 5, 5, 6, 8, 10, 12, 11, 7, 3)


@dataclass(frozen=True, slots=True)
class Customer:
    """A member of the shop as the outside system knows them."""

    id: str
    name: str
    joined: datetime
    staff: str
    inviter: str
    points: int
    timezone: str
    city: str
    card: str
    birthday: str
    pet_name: str
    kind: str
    pace: float
    leaves: datetime | None


@dataclass(frozen=True, slots=True)
class TagRow:
    member: str
    tag: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """A click, share or order; ``amount`` in cents and ``quantity`` of orders only."""

    id: str
    member: str
    type: str
    at: datetime
    subject: str
    amount: int | None = None
    order_no: str = ""
    store: str = ""
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that happened, each part in the order of its instants."""

    customers: tuple[Customer, ...]
    tags: tuple[TagRow, ...]
    happenings: tuple[Happening, ...]


def generate_shop(members: int, opens: datetime, newcomers: tuple[datetime, ...], seed: int) -> Shop:
    """Return a shop of ``members`` with 90 days of history before ``opens`` and two days after it.

    ``newcomers`` are the instants around which, in the two days, some thirty customers join each.
    """
    draw = Random(seed)
    customers = [_customer(draw, number, _joined(draw, opens), opens) for number in range(1, members + 1)]
    for instant in newcomers:
        for _ in range(draw.randint(26, 34)):
            joined = instant - timedelta(seconds=draw.randint(60, 5400))
            customers.append(_customer(draw, len(customers) + 1, joined, opens))
    tags = [row for customer in customers for row in _tags(draw, customer, opens)]
    happenings = [
        happening for customer in customers for happening in _life(draw, customer, opens, opens + timedelta(days=2))
    ]
    return Shop(
        tuple(sorted(customers, key=lambda c: (c.joined, c.id))),
        tuple(sorted(tags, key=lambda t: (t.since, t.member, t.tag))),
        tuple(sorted(happenings, key=lambda h: (h.at, h.id))),
    )


def _joined(draw: Random, opens: datetime) -> datetime:
    days = min(int(draw.expovariate(1 / 260)) + 2, 1100)
    return (opens - timedelta(days=days)).replace(hour=draw.randint(9, 21), minute=draw.randint(0, 59))


def _customer(draw: Random, number: int, joined: datetime, opens: datetime) -> Customer:
    away = opens - timedelta(days=draw.randint(10, 80)) if draw.random() < 0.3 else None
    born = date(1962, 1, 1) + timedelta(days=draw.randint(0, 365 * 45))
    return Customer(
        id=f"K{number:05d}",
        name=draw.choice(SURNAMES) + draw.choice(GIVEN),
        joined=joined,
        staff=draw.choice(CLERKS),
        inviter=f"K{draw.randint(1, number - 1):05d}" if number > 50 and draw.random() < 0.12 else "",
        points=min(int(draw.expovariate(1 / 420)), 6000),
        timezone=draw.choice(ABROAD) if draw.random() < 0.015 else "",
        city=_weighted(draw, CITIES),
        card=_weighted(draw, CARDS),
        birthday=born.isoformat() if draw.random() < 0.72 else "",
        pet_name=draw.choice(PETS) if draw.random() < 0.8 else "",
        kind=_weighted(draw, (("猫", 58), ("狗", 34), ("猫狗", 8))),
        pace=min(draw.lognormvariate(-3.35, 0.8), 0.6),
        leaves=away if away and away > joined else None,
    )


def _weighted(draw: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return draw.choices([text for text, _ in choices], [weight for _, weight in choices])[0]


def _tags(draw: Random, customer: Customer, opens: datetime) -> Iterator[TagRow]:
    if draw.random() < 0.88:
        yield TagRow(customer.id, "企微好友", customer.joined)
    if draw.random() < 0.04:
        yield TagRow(customer.id, "退订", customer.joined + max(opens - customer.joined, timedelta()) * draw.random())
    age = opens - customer.joined
    if age < timedelta(days=14):
        yield TagRow(customer.id, "新客", customer.joined)
    elif draw.random() < 0.5:
        yield TagRow(customer.id, "老客", customer.joined + timedelta(days=14))
    if "猫" in customer.kind and draw.random() < 0.08:
        yield TagRow(customer.id, "兴趣:猫粮", max(customer.joined, opens - timedelta(days=draw.randint(1, 25))))


def _life(draw: Random, customer: Customer, opens: datetime, ends: datetime) -> Iterator[Happening]:
    day = max(customer.joined, opens - timedelta(days=HISTORY_DAYS)).astimezone(ZONE).date()
    shelf = [product for product in PRODUCTS if not product.pet or product.pet in customer.kind]
    while day <= ends.date():
        chance = customer.pace * (1.3 if day.isoweekday() >= 6 else 1.0)
        if draw.random() < chance:
            visit = datetime.combine(day, _clock(draw), ZONE)
            if customer.joined <= visit < min(customer.leaves or ends, ends):
                yield from _visit(draw, customer, visit, shelf)
        day += timedelta(days=1)


def _clock(draw: Random) -> time:
    return time(draw.choices(range(24), _HOURS)[0], draw.randint(0, 59), draw.randint(0, 59))


def _visit(draw: Random, customer: Customer, start: datetime, shelf: list[Product]) -> Iterator[Happening]:
    stem = f"{customer.id}-{start:%y%m%d%H%M%S}"
    instant, product = start, shelf[0]
    for number in range(draw.choices((1, 2, 3, 4), (45, 30, 15, 10))[0]):
        product = draw.choices(shelf, [item.weight for item in shelf])[0]
        yield Happening(f"{stem}-c{number}", customer.id, "点击", instant, product.name)
        instant += timedelta(seconds=draw.randint(20, 240))
    if draw.random() < 0.34:
        quantity = draw.choices((1, 2, 3), (78, 17, 5))[0]
        yield Happening(
            f"{stem}-o",
            customer.id,
            "下单",
            instant,
            product.name,
            product.cents * quantity,
            f"D{start:%y%m%d}{draw.randint(0, 99999):05d}",
            draw.choice(STORES),
            quantity,
        )
    if draw.random() < 0.16:
        for number in range(draw.choices((1, 2, 3), (60, 25, 15))[0]):
            yield Happening(
                f"{stem}-s{number}", customer.id, "分享", instant + timedelta(minutes=number + 1), product.name
            )
