"""Random journeys: waits, goals, exits, what starts blocks, and the facts and edits that set them going."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from oracle.belongings import AMOUNT, CITY, POINTS, SCALE, Told
from oracle.model import AttributeFact, CodeFact, EventFact, FriendFact, PlaceFact, PointsFact, TagFact
from oracle.vocabulary import GROUPS, STAFF
from qingting.engine.program import ir

SHOP = ir.FieldRef("门店", ir.ValueType.TEXT)
STAFF_OF = ir.AttributeRef("staff", ir.ValueType.TEXT)
NOW = ir.Cutoff(ir.CutoffKind.T, 0, 1)
LENGTHS = tuple(ir.Duration(minutes * ir.MINUTE) for minutes in (10, 60, 180, 720, 1440, 2880))
CLICKS = ir.EventQuery("点击")
RECENT = ir.Window(ir.Cutoff(ir.CutoffKind.T, 0, 1 - 12 * ir.HOUR), NOW)
SEGMENTS: dict[str, ir.Condition] = {
    "触达": ir.HasTag((ir.TextPattern("已触达"),)),
    "活跃": ir.Did(ir.EventQuery("点击", window=RECENT)),
    "富": ir.Any((ir.Compare(POINTS, "ge", (5 * SCALE,)), ir.HasTag((ir.TextPattern("兴趣:", True),)))),
}
METRICS = {"近期": ir.Total("number", ir.EventQuery("点击", window=RECENT), None, ir.ValueType.NUMBER)}
OUTSIDE = "会员券"
"""A coupon that others issue."""
STARTS = (
    "events", "fields", "untagged", "friends", "marks", "tiers", "segments", "changes", "coupon starts", "handed over",
    "invited", "groups", "enter",
)
"""Features that are about what starts blocks."""


@dataclass(slots=True)
class Journeys:
    """Makes what journeys are made of."""

    rng: Random
    features: frozenset[str]

    def declared(self, library: ir.Library) -> ir.Library:
        """A library with segments and metrics."""
        coupons = {**library.coupons, OUTSIDE: ir.Coupon(OUTSIDE, 500)}
        return replace(library, segments=dict(SEGMENTS), metrics=dict(METRICS), coupons=coupons)

    # Headers

    def headed(self, playbook: ir.Playbook) -> ir.Playbook:
        """A playbook with a goal, an exit, a line for late ones."""
        rng, features = self.rng, self.features
        goal = exit_when = line = None
        if "goals" in features and rng.random() < 0.7:
            goal = ir.Goal(self.condition(ir.CutoffKind.ENTRY), rng.choice(LENGTHS[1:]))
        if "exits" in features and rng.random() < 0.7:
            exit_when = self.condition(ir.CutoffKind.ENTRY)
        if "catch up" in features and rng.random() < 0.8:
            within = rng.choice((None, *LENGTHS[:5]))
            line = rng.choice((ir.CatchUp("latest", within), ir.CatchUp("all", within), ir.CatchUp("none")))
        return replace(playbook, goal=goal, exit=exit_when, catch_up=line)

    # Conditions

    def condition(self, since: ir.CutoffKind | None) -> ir.Condition:
        """What a goal, an exit, a wait or a branch asks; behaviours count from ``since``, if given."""
        rng = self.rng
        window = None if since is None else ir.Window(ir.Cutoff(since, 0, 1), NOW)
        city = ir.Changed(CITY, window)
        plain: list[ir.Condition] = [
            ir.Did(ir.EventQuery("点击", window=window)),
            ir.Did(ir.EventQuery("点击", window=window), rng.choice((1, 2, 2))),
            ir.Did(ir.EventQuery("下单", (ir.TextPattern("猫", True),), window=window)),
            ir.Not(ir.Did(ir.EventQuery("下单", window=window), 2)),
            ir.HasTag((ir.TextPattern("已触达"),)),
            ir.HasTag((ir.TextPattern("兴趣:", True),), window),
            ir.Compare(POINTS, "ge", (rng.choice((3, 8)) * SCALE,)),
            ir.Compare(ir.Total("sum", ir.EventQuery("下单", window=window), AMOUNT, AMOUNT.type), "ge", (1000,)),
            ir.Compare(ir.MetricRef("近期", ir.ValueType.NUMBER), "ge", (2 * SCALE,)),
            ir.InSegment(rng.choice(tuple(SEGMENTS))),
            ir.MomentHas("last", ir.EventQuery("下单", window=window), ir.Compare(SHOP, "is", ("A",))),
            ir.Received("甲", None, None, rng.choice((1, 2)), None, window),
            city,
        ]
        if "fields" in self.features and since is not None:
            plain += [ir.Did(ir.EventQuery("签到", window=window, same=SHOP))] * 4
        if "inside" in self.features:
            plain += self.inside(window) * 2
        first = rng.choice(plain)
        return ir.Any((first, rng.choice(plain))) if rng.random() < 0.15 else first

    def inside(self, window: ir.Window | None) -> list[ir.Condition]:
        """Whether somebody is, or was, in the journey of a playbook."""
        name = self.rng.choice(("甲", "乙"))
        return [ir.InPlaybook(name), ir.Not(ir.InPlaybook(name)), ir.FinishedPlaybook(name, window), ir.FinishedPlaybook(name)]

    def asked_in_steps(self, step: str) -> list[ir.Condition]:
        """What branches ask about the journey so far."""
        found: list[ir.Condition] = []
        if "since" in self.features:
            found += [self.condition(ir.CutoffKind.ENTRY) for _ in range(3)]
            window = ir.Window(ir.Cutoff(ir.CutoffKind.STEP, 0, 1, step), NOW)
            found += [ir.Did(ir.EventQuery(event, window=window)) for event in ("点击", "下单")]
        if "inside" in self.features:
            found += self.inside(None)
        return found

    # What starts blocks

    def trigger(self) -> ir.EventTrigger | None:
        """One of the starts that the features are about; None now and then, and without one."""
        kinds = [kind for kind in STARTS if kind in self.features]
        if not kinds or self.rng.random() < 0.2:
            return None
        makers = {
            "events": self.event, "fields": self.order, "untagged": self.untagged, "friends": self.friends,
            "marks": self.mark, "tiers": self.tier, "segments": self.segment, "changes": self.changes,
            "coupon starts": self.coupon, "handed over": ir.HandedOver, "invited": ir.SomebodyInvited,
            "groups": self.group, "enter": ir.Entered,
        }
        return makers[self.rng.choice(kinds)]()

    def event(self) -> ir.EventTrigger:
        """Any event, or one of a kind, or the nth."""
        rng = self.rng
        subjects = rng.choice(((), (), (ir.TextPattern("猫", True),), (ir.TextPattern("猫粮"),)))
        where = rng.choice((None, None, ir.Compare(AMOUNT, "ge", (100,))))
        return ir.EventHappens(ir.EventQuery(rng.choice(("点击", "下单")), subjects, where), rng.choice((None, None, 1, 2, 3)))

    def order(self) -> ir.EventTrigger:
        """An event with a field that matters."""
        return ir.EventHappens(ir.EventQuery("下单"))

    def untagged(self) -> ir.EventTrigger:
        """A tag that expires, or is taken."""
        return ir.TagLost(self.rng.choice((ir.TextPattern("兴趣:", True), ir.TextPattern("兴趣:猫粮"), ir.TextPattern("已触达"))))

    def friends(self) -> ir.EventTrigger:
        """Friends won and lost."""
        return self.rng.choice((ir.Joined(), ir.Left()))

    def mark(self) -> ir.EventTrigger:
        """Marks of points, totals and metrics."""
        rng = self.rng
        spent = ir.Total("sum", ir.EventQuery("下单"), AMOUNT, ir.ValueType.MONEY)
        direction = rng.choice(("reach", "reach", "below"))
        if rng.random() < 0.3:
            return ir.MarkReached(spent, direction, rng.choice(((1000,), (99, 1000, 2000))))
        operand = rng.choice((POINTS, POINTS, ir.MetricRef("近期", ir.ValueType.NUMBER), ir.InvitedNumber()))
        marks = rng.choice(((1,), (1, 3), (2, 5, 9)))
        return ir.MarkReached(operand, direction, tuple(mark * SCALE for mark in marks))

    def tier(self) -> ir.EventTrigger:
        """A tier that rises, drops, or becomes something."""
        return ir.TierMoves("tier", self.rng.choice(("rises", "drops", "becomes")), self.rng.choice(("A级", "B级", "普通")))

    def segment(self) -> ir.EventTrigger:
        """A segment entered or left."""
        return ir.SegmentCrossed(self.rng.choice(tuple(SEGMENTS)), self.rng.choice(("enters", "leaves")))

    def changes(self) -> ir.EventTrigger:
        """An attribute that changes."""
        return ir.AttributeChanges(self.rng.choice((CITY, CITY, POINTS)))

    def coupon(self) -> ir.EventTrigger:
        """A coupon used, or about to expire."""
        rng = self.rng
        if rng.random() < 0.4:
            return ir.CouponUsed(OUTSIDE)
        length = rng.choice((ir.Duration(2 * ir.HOUR), ir.Duration(ir.DAY), ir.Duration(ir.DAY), ir.Duration(2 * ir.DAY)))
        clock = rng.choice((None, 600, 1200)) if length.micros % ir.DAY == 0 else None
        return ir.CouponExpires(OUTSIDE, length, clock)

    def group(self) -> ir.EventTrigger:
        """A group joined or left."""
        return ir.GroupEvent(self.rng.choice(("joins", "leaves")), self.rng.choice((None, ir.TextPattern("福利", True))))

    # What happens

    def facts(self, name: str, others: list[str], before: int, now: int) -> list[Told]:
        """What is told of a member between two runs: in order or not, at once or late, several at one instant."""
        rng = self.rng
        kinds = sorted(self.features & {*STARTS, "goals", "exits", "wait for", "since"})
        found = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            arrived = rng.choice((before + 1, now, now, before + (now - before) // 2, before + (now - before) // 3))
            back = rng.choice((0, 0, 0, ir.MINUTE, ir.HOUR, 5 * ir.HOUR, ir.DAY, ir.DAY + 1, 3 * ir.DAY, -2 * ir.HOUR))
            if rng.random() < 0.1:
                # A file may say of what it brings that it arrived before the last run.
                arrived = before - rng.choice((0, ir.HOUR, 9 * ir.HOUR))
            found += self.fact(name, others, rng.choice(kinds) if kinds else "", arrived - back, arrived)
        return found

    def fact(self, name: str, others: list[str], kind: str, at: int, arrived: int) -> list[Told]:
        """Facts of a kind about a member."""
        rng = self.rng
        facts: list[Told] = []
        match kind:
            case "friends":
                person, given = rng.randrange(2), rng.random() < 0.5
                facts = [Told(name, FriendFact(STAFF[person], given, at, arrived, 0))]
                if rng.random() < 0.3:
                    # Passed on to somebody else at the same instant.
                    facts.append(Told(name, FriendFact(STAFF[1 - person], not given, at, arrived, 0)))
            case "invited":
                facts = [Told(name, AttributeFact("inviter", rng.choice((*others, None)), at, arrived, 0))]
                facts.append(Told(name, FriendFact(rng.choice(STAFF), rng.random() < 0.7, at, arrived, 0)))
            case "handed over":
                facts = [Told(name, AttributeFact("staff", rng.choice((*STAFF, *STAFF, None)), at, arrived, 0))]
            case "groups":
                facts = [Told(name, PlaceFact(rng.choice(GROUPS), rng.random() < 0.6, at, arrived, 0))]
            case "changes":
                facts = [Told(name, AttributeFact("城市", rng.choice(("上海", "北京", "北京", None)), at, arrived, 0))]
            case "untagged" | "segments" if rng.random() < 0.7:
                tag = rng.choice(("兴趣:猫", "兴趣:猫粮", "已触达"))
                facts = [Told(name, TagFact(tag, rng.random() < 0.6, at, arrived, 0))]
            case "coupon starts":
                facts = self.coupons(name, at, arrived)
            case "marks" | "tiers" if rng.random() < 0.7:
                facts = [Told(name, PointsFact(rng.choice((1, 3, 6, 25, -2, -5, -30)), at, arrived, 0))]
        if not facts or rng.random() < 0.3:
            facts.append(Told(name, self.behaviour(at, arrived)))
        if rng.random() < 0.1:
            facts.append(Told(name, PointsFact(rng.choice((1, 5, -4)), at, arrived, 0)))
        return facts

    def behaviour(self, at: int, arrived: int) -> EventFact:
        """Something that a member did."""
        rng = self.rng
        name = rng.choice(("点击", "点击", "下单", "下单", "签到" if "fields" in self.features else "点击"))
        fields = ()
        if name != "点击" and rng.random() < 0.8:
            fields = (("门店", rng.choice(("A", "A", "B"))),)
        amount = rng.choice((-1177, 99, 100, 1050, 2000, None))
        back = "events" in self.features and rng.random() < 0.1
        subject = rng.choice(("猫", "猫粮", "狗", None))
        return EventFact(name, at, at if back else arrived, 0, subject, amount, fields, back)

    def coupons(self, name: str, at: int, arrived: int) -> list[Told]:
        """A coupon from outside: issued, perhaps used or cancelled."""
        rng = self.rng
        code = f"{name}/{rng.random()}"
        expires = rng.choice((None, *(at + hours * ir.HOUR for hours in (3, 24, 30, 72))))
        facts = [CodeFact(code, OUTSIDE, "issued", at, arrived, 0, expires)]
        if rng.random() < 0.4:
            later = arrived + rng.choice((0, ir.MINUTE))
            facts.append(CodeFact(code, OUTSIDE, rng.choice(("used", "used", "cancelled")), later, later, 0))
        return [Told(name, fact) for fact in facts]
