"""What happens between runs: when the next one is, what was known before the first, and what is told meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from oracle import schedules
from oracle.belongings import Belongings, Told
from oracle.calendars import Calendars
from oracle.model import AttributeFact, EventFact, TagFact
from qingting.engine.program import ir

TAGS = ("企微好友", "退订", "兴趣:猫", "兴趣:猫粮", "新客", "老客", "已触达")


@dataclass(slots=True)
class Happenings:
    """Makes facts and instants of runs from ``start`` on."""

    rng: Random
    features: frozenset[str]
    start: int
    calendar: Calendars
    belongings: Belongings

    def next_run(self, before: int, playbooks: tuple[ir.Playbook, ...]) -> int:
        """The instant of a run: mostly a little after something falls due, around the end of the catch-up window."""
        rng = self.rng
        blocks = [block for playbook in playbooks for block in playbook.blocks]
        holidays = self.calendar.holidays
        until = before + rng.choice((ir.DAY, ir.DAY, 2 * ir.DAY))
        due = [
            instant
            for block in blocks
            if not isinstance(block.trigger, ir.EventTrigger | ir.MemberDate)
            for instant, _ in schedules.dues(block.trigger, self.calendar.zone, before, until, block.limits, holidays)
        ]
        due += [i for b in blocks if isinstance(b.trigger, ir.MemberDate) for i in self.calendar.likely(b.trigger, before)]
        if "outages" in self.features and rng.random() < 0.5:
            return before + rng.choice((1, 5, 200, 1500, 2000, 4000, 7000)) * ir.MINUTE + rng.choice((0, 1))
        if due and rng.random() < 0.75:
            return rng.choice(due) + rng.choice((0, 0, 7, 7, 60, 119, 120, 121)) * ir.MINUTE + rng.choice((0, 0, 1))
        return before + rng.choice((7, 60, 119, 240, 720, 725, 1440)) * ir.MINUTE + rng.choice((0, 0, 1))

    def history(self, ids: list[str]) -> list[Told]:
        """What was known before the start; it was loaded with ``--backfill``."""
        rng, told = self.rng, []
        for name in ids:
            at = self.start - rng.choice((1, ir.HOUR, 2 * ir.DAY, 8 * ir.DAY))
            for tag in TAGS:
                if tag not in ("新客", "老客") and rng.random() < (0.75 if tag == "企微好友" else 0.2):
                    told.append(Told(name, TagFact(tag, True, at, at, 0, backfilled=True)))
            if rng.random() < 0.7:
                told.append(Told(name, AttributeFact("城市", rng.choice(("上海", "北京", "上海市")), at, at, 0)))
            if rng.random() < 0.6:
                zone = rng.choice(("Asia/Tokyo", "America/New_York", "Europe/London"))
                told.append(Told(name, AttributeFact("timezone", zone, at, at, 0)))
            if self.features & {"own dates"}:
                told += [Told(name, fact) for fact in self.belongings.own_dates(at)]
            for event in ("点击", "下单"):
                if rng.random() < 0.4:
                    told.append(Told(name, EventFact(event, at, at, 0, "猫")))
        return told

    def news(self, name: str, before: int, now: int) -> Told:
        """A fact between two runs, mostly known at once."""
        rng = self.rng
        arrived = rng.choice((before + 1, now, now, before + (now - before) // 2, before + (now - before) // 3))
        at = arrived - rng.choice((0, 0, 0, ir.HOUR, ir.DAY, ir.DAY + 1, 3 * ir.DAY))
        kind = rng.random()
        if kind < 0.6:
            known = ("兴趣:猫", "兴趣:猫粮", "兴趣:猫粮", "退订", "企微好友", "已触达")
            tag = rng.choice(known)
            return Told(name, TagFact(tag, rng.random() < 0.75, at, arrived, 0))
        if kind < 0.8:
            return Told(name, EventFact(rng.choice(("点击", "下单")), at, arrived, 0, "猫"))
        if kind < 0.9:
            return Told(name, AttributeFact("城市", rng.choice(("上海", "北京", None)), at, arrived, 0))
        zone = rng.choice(("Asia/Tokyo", "America/New_York", None))
        return Told(name, AttributeFact("timezone", zone, at, arrived, 0))
