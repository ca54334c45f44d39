"""Random budgets, red packets, rotations, points, rules, and the facts that bring them to work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from oracle import clock
from oracle.model import AttributeFact, CodeFact, EventFact, PlaceFact, PointsFact, TagFact
from qingting.engine.program import ir

ROTATED = ("早安1", "早安2", "早安3")
CITY = ir.AttributeRef("城市", ir.ValueType.TEXT)
POINTS = ir.AttributeRef("points", ir.ValueType.NUMBER)
AMOUNT = ir.FieldRef("amount", ir.ValueType.MONEY)
SPENT = ir.Total("sum", ir.EventQuery("下单"), AMOUNT, ir.ValueType.MONEY)
SCALE = ir.NUMBER_SCALE
TIERS = ir.Ladder("tier", POINTS, (ir.Rung("A级", 20 * SCALE), ir.Rung("B级", 5 * SCALE, True), ir.Rung("普通", None)))


@dataclass(frozen=True, slots=True)
class Told:
    """A fact about a member that a batch brings; its seq is given when it is written."""

    member: str
    fact: AttributeFact | TagFact | EventFact | PointsFact | CodeFact | PlaceFact


@dataclass(slots=True)
class Belongings:
    """Makes what members are given and how much of it there is, around ``day`` in a zone."""

    rng: Random
    features: frozenset[str]
    zone: str
    day: date

    def declared(self, library: ir.Library, gives: bool) -> ir.Library:
        """A library with red packets, tiers and rules."""
        ladders = {"tier": TIERS}
        packets = {name: self.packet(name) for name in ("小红包", "大红包")} if "packets" in self.features else {}
        points, rules = self.rules(gives) if "rules" in self.features else ((), ())
        return replace(library, redpackets=packets, ladders=ladders, points=points, rules=rules)

    def packet(self, name: str) -> ir.Redpacket:
        """A red packet, often with a limit or a budget of its own."""
        rng = self.rng
        low = rng.choice((30, 100))
        limit, per = rng.choice((None, 1, 1, 2)), rng.choice((None, "day", "day", "year", "activity"))
        start = clock.naive_micros(datetime.combine(self.day, time(0)))
        times = ir.Times(((start, start + ir.DAY + 20 * ir.HOUR), (start + 2 * ir.DAY, start + 9 * ir.DAY)))
        kind = rng.choice(("money", "money", "pushes"))
        amount = rng.choice((300, 900)) if kind == "money" else rng.choice((2, 5))
        budget = ir.Budget(amount, kind, rng.random() < 0.6) if rng.random() < 0.6 else None
        return ir.Redpacket(name, low, low + rng.choice((0, 1, 200)), limit, per, times if per == "activity" else None, budget)

    def budgets(self) -> tuple[ir.Budget, ...]:
        """One budget or two."""
        rng = self.rng
        found = []
        for _ in range(rng.choice((1, 1, 2))):
            kind = rng.choice(("pushes", "coupons", "money", "money"))
            amount = rng.choice((300, 500, 2400, 6000)) if kind == "money" else rng.choice((1, 3, 6, 10))
            found.append(ir.Budget(amount, kind, rng.random() < 0.5))
        return tuple(found)

    def take(self) -> ir.Take:
        """A few at random, or by points, or by what they spent."""
        return ir.Take(self.rng.choice((1, 2, 4, 6)), self.rng.choice((None, POINTS, SPENT)))

    # Steps and tests

    def push(self, step: str, coupon: str | None, packets: bool) -> ir.Push:
        """A push that rotates, carries a red packet, or goes out despite a rule."""
        rng = self.rng
        channel = rng.choice(("wecom", "wecom", "sms"))
        rotation = None
        if "rotation" in self.features and rng.random() < 0.7:
            lengths = (None, None, ir.Duration(ir.DAY), ir.Duration(20 * ir.HOUR), ir.Duration(0, 1))
            rotation = ir.Rotation("早安*", rng.choice((ROTATED, ROTATED[:2])), rng.choice(lengths))
        packet = rng.choice((None, "小红包", "大红包")) if packets and coupon is None else None
        despite = "despite" in self.features
        return ir.Push(
            step, channel, "" if rotation else rng.choice(("普通", "上海")), coupon, rotation, packet,
            despite_caps=despite and rng.random() < 0.6, despite_quiet=despite and rng.random() < 0.6,
        )

    def issue(self, step: str) -> ir.IssueRedpacket:
        """A step that gives a red packet by itself."""
        return ir.IssueRedpacket(step, self.rng.choice(("小红包", "大红包")))

    def points(self, step: str) -> ir.ChangePoints:
        """A step that gives or takes points."""
        return ir.ChangePoints(step, self.rng.choice((10, 5, 3, -5)))

    def attribute(self, step: str) -> ir.SetAttribute:
        """A step that sets an attribute."""
        return ir.SetAttribute(step, CITY, self.rng.choice(("上海", "北京")))

    def conditions(self, coupons: bool) -> list[ir.Condition]:
        """Tests of what steps and rules change."""
        found: list[ir.Condition] = []
        if self.features & {"points", "rules"}:
            found += [ir.Compare(POINTS, "ge", (n * SCALE,)) for n in (1, 5, 10)]
            found += [ir.Compare(ir.LadderRef("tier"), "is", (name,)) for name in ("A级", "B级")]
        if "points" in self.features:
            found += [ir.Compare(CITY, "is", ("北京",)), ir.Changed(CITY, ir.Window(ir.Cutoff(ir.CutoffKind.DAY, 0), None))]
        if "packets" in self.features:
            found += [ir.ReceivedRedpacket("小红包"), ir.Not(ir.ReceivedRedpacket("大红包"))]
        if coupons and not self.features & {"stock"}:
            found += [ir.HoldsCoupon("立减5"), ir.Not(ir.HoldsCoupon("满100减20"))]
        if "rotation" in self.features:
            found += [ir.Received(None, None, ir.TextPattern(ROTATED[0]))]
        return found

    # Rules and facts

    def rules(self, gives: bool) -> tuple[tuple[ir.PointsRule, ...], tuple[ir.StandingRule, ...]]:
        """Points for events, and what is done for them."""
        rng = self.rng
        clicks, orders = ir.EventQuery("点击"), ir.EventQuery("下单")
        cats = ir.EventQuery("点击", (ir.TextPattern("猫粮", True),))
        points = (
            ir.PointsRule(clicks, rng.choice((1, 3)), None, rng.choice((None, 2, 5))),
            ir.PointsRule(orders, rng.choice((1, 2)), rng.choice((100, 1000)), rng.choice((None, None, 15))),
            ir.PointsRule(cats, 2, None, 3),
        )[: rng.choice((1, 2, 3))]
        tags: tuple[ir.StandingRule, ...] = (
            ir.StandingRule("a", cats, (ir.RuleTags(("兴趣:猫粮",)), ir.RulePoints(7))),
            ir.StandingRule("b", orders, (ir.RuleTags(("老客",)), ir.RuleTags(("已触达",), given=False))),
            ir.StandingRule("c", clicks, (ir.RuleTags(("新客", "兴趣:猫")),)),
        )
        rest: tuple[ir.StandingRule, ...] = (
            ir.StandingRule("d", clicks, (ir.RuleSet(CITY, "上海"),)),
            ir.StandingRule("e", orders, (ir.RuleSet(CITY, ir.FieldRef("subject", ir.ValueType.TEXT)), ir.RulePoints(-1))),
        )
        possible = [*(tags if gives else ()), *rest]
        return points, tuple(rng.sample(possible, rng.randint(1, len(possible))))

    def news(self, name: str, before: int, now: int) -> Told:
        """An event with an amount, or a date of the member's own, between two runs."""
        rng = self.rng
        arrived = rng.choice((before + 1, now, now, before + (now - before) // 2))
        at = arrived - rng.choice((0, 0, 0, ir.HOUR, ir.DAY, -ir.HOUR, -ir.DAY))
        if "own dates" in self.features and rng.random() < 0.5:
            return Told(name, rng.choice(self.own_dates(min(at, arrived), arrived)))
        subject = rng.choice(("猫", "猫粮", "猫粮2kg", None))
        amount = rng.choice((-1177, 0, 99, 100, 1050, 2000, None))
        return Told(name, EventFact(rng.choice(("点击", "点击", "下单")), at, arrived, 0, subject, amount))

    def own_dates(self, at: int, arrived: int | None = None) -> list[AttributeFact]:
        """Dates of a member's own that lie near the days of the scenario, in many years."""
        rng = self.rng
        arrived = at if arrived is None else arrived
        near = self.day + timedelta(days=rng.randint(-3, 6))
        year = rng.choice((near.year, near.year, 1992))
        month_later = clock.add_months(near, rng.choice((-1, 0, 1)))
        birthday = rng.choice((near.month * 100 + near.day, month_later.month * 100 + month_later.day, 228))
        ends = clock.instant_of(datetime.combine(near, time(rng.choice((0, 9, 20)), rng.choice((0, 30)))), self.zone)
        month, day = rng.choice(((12, 30), (12, 29), (1, 1), (1, 2), (6, 1), (11, 11)))
        return [
            AttributeFact("生日", year * 10_000 + birthday, at, arrived, 0),
            AttributeFact("到期", ends + rng.choice((0, 0, 1)), at, arrived, 0),
            AttributeFact("农历生日", month * 100 + day, at, arrived, 0),
        ]
