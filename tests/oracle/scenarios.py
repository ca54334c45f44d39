"""Random scenarios for decisions: playbooks, a policy, members, facts in batches, and the instants of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from random import Random
from typing import Literal

from oracle import belongings, calendars, clock, vocabulary
from oracle.belongings import Told
from oracle.code import Coder
from oracle.happenings import TAGS, Happenings
from oracle.journeying import SHOP, STARTS, Journeys
from oracle.model import PlaceFact, TagFact
from qingting.engine.program import ir

FEATURES = ("caps", "quiet", "stock", "holdout", "reentry")
EXTRAS = ("waits", "chains", "member zones", "consent", "guard", "splits")
MORE = (
    "schedules", "own dates", "during", "over", "budgets", "packets", "rotation", "take", "one of", "points", "rules",
    "despite", "returns",
)
"""Rules that scenarios of the others do not have."""
JOURNEYS = (
    "wait until", "days", "wait for", "repeats", "since", "goals", "exits", "catch up", "within", "inside", "edits",
    "outages", "removed", *STARTS,
)
"""Rules of journeys and of what starts them."""
PLACES = (
    ("Asia/Shanghai", date(2026, 11, 20)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Europe/London", date(2026, 3, 28)),
    ("Asia/Shanghai", date(2026, 12, 30)),
)
CLOCKS = (0, 8 * 60, 9 * 60, 12 * 60, 20 * 60, 21 * 60 + 59, 22 * 60, 23 * 60 + 30)
FRIEND = ir.HasTag((ir.TextPattern("企微好友"),))
LEFT = ir.HasTag((ir.TextPattern("退订"),))
CLICKED = ir.Did(ir.EventQuery("点击", window=ir.Window(ir.Cutoff(ir.CutoffKind.T, 0, 1 - 3 * ir.DAY), None)))
BOUGHT = ir.Did(ir.EventQuery("下单", window=ir.Window(ir.Cutoff(ir.CutoffKind.DAY, 0), None)))
TOUCHED = ir.HasTag((ir.TextPattern("已触达"),))
IN_SHANGHAI = ir.Compare(ir.AttributeRef("城市", ir.ValueType.TEXT), "is", ("上海",))
RECEIVED = ir.Received("甲", None, None, 1, None, ir.Window(ir.Cutoff(ir.CutoffKind.DAY, 0), None))
CONDITIONS = (FRIEND, CLICKED, ir.Not(BOUGHT), TOUCHED, IN_SHANGHAI, RECEIVED, ir.Not(RECEIVED))


@dataclass(slots=True)
class Step:
    """What happens between two runs: new members and facts arrive; then a run at ``at``.

    ``playbooks`` replace those there were; the ``removed`` members are taken out by an import.
    """

    at: int
    members: list[tuple[str, int]] = field(default_factory=list)
    facts: list[Told] = field(default_factory=list)
    playbooks: tuple[ir.Playbook, ...] | None = None
    removed: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A workspace, and what happens to it."""

    start: int
    library: ir.Library
    policy: ir.Policy
    playbooks: tuple[ir.Playbook, ...]
    steps: tuple[Step, ...]


def random_scenario(rng: Random, features: frozenset[str], members: int = 12, runs: int = 6) -> Scenario:
    """A scenario with some of :data:`FEATURES`, :data:`EXTRAS`, :data:`MORE` and :data:`JOURNEYS`."""
    return Maker(rng, features).scenario(members, runs)


class Maker:
    """Makes a scenario; what it draws depends on the features alone."""

    def __init__(self, rng: Random, features: frozenset[str]) -> None:
        self.rng = rng
        self.features = features
        self.gives = not features & {"stock", "packets"} or rng.random() < 0.5
        # The seq of a fact that a run causes is in the occurrence, so in the draw; the oracle has seqs of its own.
        self.gives = self.gives and "budgets" not in features
        self.zone, day = rng.choice(calendars.PLACES if "schedules" in features else PLACES)
        self.calendar = calendars.Calendars(rng, self.zone, day)
        self.belongings = belongings.Belongings(rng, features, self.zone, day)
        self.journeys = Journeys(rng, features)
        self.newest: tuple[ir.Playbook, ...] = ()
        self.start = clock.instant_of(datetime(day.year, day.month, day.day, 7, 30), self.zone)
        self.happenings = Happenings(rng, features, self.start, self.calendar, self.belongings)

    def scenario(self, members: int, runs: int) -> Scenario:
        number = self.rng.choice((1, 2, 2, 3, 3))
        playbooks = tuple(self.playbook(name) for name in ("甲", "乙", "O'丙")[:number])
        return self.of(playbooks, members, runs)

    def of(self, playbooks: tuple[ir.Playbook, ...], members: int, runs: int) -> Scenario:
        """A scenario with these playbooks."""
        policy = self.policy()
        self.newest = playbooks
        return Scenario(self.start, self.library(), policy, playbooks, tuple(self.steps(members, runs, playbooks)))

    # The workspace

    def library(self) -> ir.Library:
        tags = {name: ir.Tag(name) for name in TAGS}
        tags["兴趣:猫粮"] = ir.Tag("兴趣:猫粮", None, ir.Duration(ir.DAY))
        tags["已触达"] = ir.Tag("已触达", None, self.rng.choice((None, ir.Duration(5 * ir.HOUR), ir.Duration(0, 1))))
        tags["新客"], tags["老客"] = ir.Tag("新客", "生命周期"), ir.Tag("老客", "生命周期")
        base = vocabulary.library()
        coupons = {name: self.coupon(name) for name in ("满100减20", "立减5")}
        groups = {"生命周期": ir.TagGroup("生命周期", exclusive=True)}
        templates = {"普通": vocabulary.template("普通"), "上海": _needing("上海", "城市")}
        if "rotation" in self.features:
            templates |= {name: vocabulary.template(name) for name in belongings.ROTATED}
            templates["早安3"] = _needing("早安3", "城市")
        plain = ir.Library(base.attributes, base.events, tags, groups, {}, {}, templates, coupons)
        plain = self.journeys.declared(plain)
        return replace(self.belongings.declared(plain, self.gives), holidays=self.calendar.holidays)

    def coupon(self, name: str) -> ir.Coupon:
        if "stock" not in self.features:
            face = self.rng.choice((500, 2000)) if "budgets" in self.features else 2000
            return ir.Coupon(name, face, validity=ir.Validity(ir.Duration(ir.DAY)))
        stock = self.rng.choice((None, 1, 3, 5, 8, 12))
        limit = self.rng.choice((None, 1, 1, 2))
        per: Literal["day", "year"] | None = self.rng.choice((None, "day", "year"))
        return ir.Coupon(name, 2000, stock=stock, limit=limit, limit_per=per)

    def policy(self) -> ir.Policy:
        rng = self.rng
        consents: tuple[ir.Consent, ...] = ()
        if "consent" in self.features:
            consents = (ir.Consent(rng.random() < 0.5, LEFT), ir.Consent(True, IN_SHANGHAI))[: rng.choice((1, 2))]
        guard = None
        if "guard" in self.features and rng.random() < 0.5:
            guard = rng.choice((ir.Guard(members=6), ir.Guard(share=5000), ir.Guard(share=8333)))
        return ir.Policy(
            ir.Zone(self.zone),
            consents,
            self.quiet() if "quiet" in self.features and rng.random() < 0.7 else None,
            self.caps() if "caps" in self.features else (),
            rng.choice((0, 3000)) if "holdout" in self.features else 0,
            guard,
        )

    def quiet(self) -> ir.QuietHours:
        start, end = self.rng.choice(((22 * 60, 8 * 60), (12 * 60, 14 * 60), (0, 9 * 60), (21 * 60 + 59, 150)))
        return ir.QuietHours(start, end, self.rng.choice(("defer", "defer", "skip")))

    def caps(self) -> tuple[ir.Cap, ...]:
        """One cap or two; of two alike, one that defers and one that does not."""
        first, second = self.cap(), self.cap()
        alike = ir.Cap(first.number, first.per, second.channel, not first.defer)
        return self.rng.choice(((first,), (first, second), (first, alike)))

    def cap(self) -> ir.Cap:
        lengths = (None, None, *(ir.Duration(hours * ir.HOUR) for hours in (1, 24, 72, 9 * 24)))
        channel = self.rng.choice((None, None, "wecom"))
        return ir.Cap(self.rng.choice((1, 1, 2, 3)), self.rng.choice(lengths), channel, self.rng.random() < 0.5)

    # Playbooks

    def playbook(self, name: str) -> ir.Playbook:
        rng = self.rng
        own_clock = "member zones" in self.features and rng.random() < 0.6
        returns = self.features & {"reentry", "returns", "fields"}
        reentry = self.reentry() if returns and rng.random() < 0.8 else None
        blocks = tuple(self.block(index, reentry) for index in range(rng.choice((1, 1, 2))))
        guard = None
        if "guard" in self.features and rng.random() < 0.5:
            guard = ir.Guard(members=rng.choice((2, 5, 9)))
        return self.journeys.headed(ir.Playbook(
            name,
            "",
            "",
            rng.choice(("live",) * 12 + ("draft", "paused")),
            rng.choice(("marketing", "marketing", "service")),
            rng.choice((50, 50, 60)),
            ir.Zone(self.zone, own_clock),
            self.active(),
            self.quiet() if "quiet" in self.features and rng.random() < 0.4 else None,
            rng.choice((0, 2500)) if "holdout" in self.features else 0,
            guard,
            rng.choice((ir.Always(True), FRIEND, FRIEND, ir.Not(LEFT), ir.Any((CLICKED, FRIEND)))),
            blocks,
            f"version of {name}",
            self.calendar.during() if "during" in self.features else (),
            budgets=self.belongings.budgets() if "budgets" in self.features else (),
            take=self.belongings.take() if "take" in self.features and rng.random() < 0.7 else None,
            only_one_of="转化" if "one of" in self.features and rng.random() < 0.8 else None,
        ))

    def active(self) -> ir.Window:
        if self.rng.random() < 0.85:
            return ir.Window(None, None)
        shown = clock.naive_micros(clock.local(self.start, self.zone))
        low = ir.Cutoff(ir.CutoffKind.LOCAL, shown + self.rng.choice((0, 90 * ir.MINUTE, ir.DAY)))
        high = ir.Cutoff(ir.CutoffKind.LOCAL, shown + self.rng.choice((750 * ir.MINUTE, 2 * ir.DAY)))
        return self.rng.choice((ir.Window(low, None), ir.Window(None, high), ir.Window(low, high)))

    def reentry(self) -> ir.Reentry:
        rng = self.rng
        in_all = rng.random() < 0.3
        if "fields" in self.features and rng.random() < 0.7:
            return ir.Reentry("once", "field", None, in_all, field=SHOP)
        if "returns" in self.features and rng.random() < 0.8:
            if rng.random() < 0.5:
                return ir.Reentry("at_most", None, None, in_all, rng.choice((1, 2, 2, 3)))
            return ir.Reentry("once", "activity", None, in_all, None, "周五直播", self.calendar.activity())
        if rng.random() < 0.5:
            return ir.Reentry("once", rng.choice((None, None, "day", "week", "month", "year")), None, in_all)
        return ir.Reentry("again", None, ir.Duration(rng.choice((ir.HOUR, ir.DAY, 2 * ir.DAY))), in_all)

    def block(self, index: int, reentry: ir.Reentry | None) -> ir.Block:
        rng = self.rng
        audience = rng.choice((None, None, FRIEND, IN_SHANGHAI, ir.Not(TOUCHED)))
        trigger = self.trigger()
        if reentry is not None and reentry.field is not None and trigger != ir.EventHappens(ir.EventQuery("下单")):
            reentry = None
        # The seq of a fact that a run causes is in the occurrence, so in the draw; the oracle has seqs of its own.
        coupons = self.gives is False or not isinstance(trigger, ir.EventTrigger)
        code = self.coded(index, coupons)
        limits = None
        if self.features & {"schedules", "over"} and not isinstance(trigger, ir.EventTrigger):
            limits = self.calendar.limits("schedules" in self.features, "over" in self.features)
        return ir.Block(index, trigger, audience, reentry, code, limits)

    def coded(self, index: int, coupons: bool) -> tuple[ir.Instruction, ...]:
        """Code whose first step is the one that conditions may ask for."""
        while True:
            code = self.coder(index, coupons).code(self.rng.choice((1, 2, 3)))
            if "since" not in self.features or f"步骤{10 * index + 1}" in {i.step for i in code if isinstance(i, ir.Action)}:
                return code

    def trigger(self) -> ir.Trigger:
        rng = self.rng
        start = self.journeys.trigger()
        if start is not None:
            return start
        if "catch up" in self.features and rng.random() < 0.5:
            return ir.Interval(rng.choice((60, 240)))
        if rng.random() < (0.6 if "chains" in self.features else 0.2):
            patterns = (ir.TextPattern("兴趣:", True), ir.TextPattern("新客"), ir.TextPattern("已触达"))
            return ir.TagGained(rng.choice(patterns))
        clocks = tuple(sorted(rng.sample(CLOCKS, rng.choice((1, 1, 2)))))
        if "own dates" in self.features and rng.random() < 0.8:
            return self.calendar.own_date(clocks[0])
        if "schedules" in self.features and rng.random() < 0.8:
            return self.calendar.schedule(clocks)
        day = clock.local(self.start, self.zone).date()
        once = clock.naive_micros(datetime(day.year, day.month, day.day)) + (24 + 20) * ir.HOUR
        schedules: tuple[ir.Schedule, ...] = (
            ir.Daily(None, clocks),
            ir.Daily(None, clocks),
            ir.Daily((5, 6, 7), clocks),
            ir.Monthly((1, 8, 21, -1), clocks),
            ir.Interval(rng.choice((30, 45, 240)), rng.choice((None, (9 * 60, 21 * 60), (20 * 60, 2 * 60)))),
            ir.Cron(rng.choice(("0 9 * * *", "30 20 * * 0,6", "0 20 1,21 * *"))),
            ir.Once(once),
        )
        return rng.choice(schedules)

    def coder(self, block: int, coupons: bool) -> Coder:
        rng = self.rng
        packets = coupons and "packets" in self.features
        coupons = coupons and bool(self.features & {"stock", "budgets"})

        def push(step: str) -> ir.Action:
            coupon = rng.choice((None, "满100减20", "立减5")) if coupons else None
            if self.features & {"rotation", "packets", "despite"}:
                return self.belongings.push(step, coupon, packets)
            channel, template = rng.choice(("wecom", "wecom", "sms")), rng.choice(("普通", "普通", "上海"))
            lengths = (None, ir.Duration(ir.HOUR), ir.Duration(10 * ir.HOUR))
            within = rng.choice(lengths) if "within" in self.features else None
            return ir.Push(step, channel, template, coupon, within=within)

        def give(step: str) -> ir.Action:
            return ir.GiveTags(step, rng.choice((("已触达",), ("兴趣:猫粮", "已触达"), ("老客",), ("新客", "兴趣:猫"))))

        def take(step: str) -> ir.Action:
            return ir.TakeTags(step, rng.choice((("已触达",), ("兴趣:猫", "老客"), ("企微好友",))))

        def issue(step: str) -> ir.Action:
            return ir.IssueCoupon(step, rng.choice(("满100减20", "立减5")))

        actions: list[Callable[[str], ir.Action]] = [push, push, push, take]
        if self.gives:
            actions += [give]
        if coupons:
            actions += [issue, issue]
        actions += self.rarer_actions(block, packets)
        waits = [ir.Duration(m * ir.MINUTE) for m in (1, 30, 120, 600, 1440, 2880)] if "waits" in self.features else []
        conditions = [*CONDITIONS, *self.belongings.conditions(coupons), *self.journeys.asked_in_steps(f"步骤{10 * block + 1}")]
        features = self.features
        coder = Coder(
            rng, actions, conditions, waits, "splits" in features, 10 * block, "wait until" in features, "days" in features,
            "repeats" in features,
        )
        if "wait for" in features:
            coder.wait_for = lambda: self.journeys.condition(ir.CutoffKind.WAIT)
        return coder

    def rarer_actions(self, block: int, packets: bool) -> list[Callable[[str], ir.Action]]:
        """Steps that only some features have."""
        rng, found = self.rng, list[Callable[[str], ir.Action]]()
        if "enter" in self.features:
            found += [lambda step: ir.EnterPlaybook(step, rng.choice(("甲", "乙")))] * 2
        if "fields" in self.features and not block:
            found += [lambda step: ir.SetAttribute(step, belongings.CITY, SHOP)]
        if packets:
            found += [self.belongings.issue, self.belongings.issue]
        if "points" in self.features:
            found += [self.belongings.points, self.belongings.points, self.belongings.attribute]
        return found

    # What happens

    def steps(self, members: int, runs: int, playbooks: tuple[ir.Playbook, ...]) -> list[Step]:
        rng = self.rng
        ids = list(vocabulary.IDS) + [f"m{number}" for number in range(members)]
        rng.shuffle(ids)
        ids = ids[:members]
        steps = []
        before = self.start
        for number in range(runs):
            step = Step(self.happenings.next_run(before, playbooks))
            if number == 0:
                step.members = [(name, self.start - 9 * ir.DAY) for name in ids]
                step.facts = self.happenings.history(ids)
            elif rng.random() < 0.2:
                step.members = [(f"late{number}", before + ir.MINUTE)]
                ids = [*ids, f"late{number}"]
                step.facts.append(Told(f"late{number}", TagFact("企微好友", True, before + 1, before + ir.MINUTE, 0)))
            known = [name for name in ids if name != f"late{number}"]
            step.facts += [self.happenings.news(rng.choice(known), before, step.at) for _ in range(rng.choice((0, 2, 6)))]
            if self.features & {"rules", "points", "own dates"}:
                step.facts += [self.belongings.news(rng.choice(known), before, step.at) for _ in range(rng.choice((2, 6)))]
            if self.features & set(JOURNEYS):
                self.go_on(step, number, before, known)
            if "consent" in self.features:
                # Learned just before the run, perhaps after what fell due.
                unsubscribed = TagFact("退订", rng.random() < 0.8, step.at, step.at, 0)
                step.facts.append(Told(rng.choice(known), unsubscribed))
            steps.append(step)
            before = step.at
        return steps

    def go_on(self, step: Step, number: int, before: int, known: list[str]) -> None:
        """What journeys wait for, and what is edited meanwhile."""
        rng = self.rng
        for _ in range(rng.choice((2, 4, 7))):
            step.facts += self.journeys.facts(rng.choice(known), known, before, step.at)
        if "removed" in self.features and number and rng.random() < 0.5:
            at = rng.choice((step.at, before + 1))
            step.removed.append(Told(rng.choice(known), PlaceFact("", rng.random() < 0.8, at, at, 0)))
        if "edits" in self.features and number and rng.random() < 0.5:
            step.playbooks = self.edited(number)

    def edited(self, number: int) -> tuple[ir.Playbook, ...]:
        """The playbooks after an edit: blocks added, dropped or put in another order, code written anew, a pause."""
        rng, edited = self.rng, []
        for playbook in self.newest:
            blocks = list(playbook.blocks)
            for place, block in enumerate(playbook.blocks):
                if rng.random() < 0.5:
                    others = blocks[:place] + blocks[place + 1 :]
                    blocks[place] = replace(block, code=self.coded(_unused(block.index, others), False))
            if rng.random() < 0.4:
                blocks.insert(0, self.block(_unused(2, blocks), blocks[0].reentry))
            blocks = blocks[: rng.choice((1, 2, 3))]
            placed = tuple(replace(block, index=index) for index, block in enumerate(blocks))
            state = rng.choice(("live", "live", "live", "paused", "draft"))
            version = f"version {number} of {playbook.name}"
            priority = rng.choice((playbook.priority, 40))
            changed = replace(playbook, blocks=placed, state=state, version=version, priority=priority)
            edited.append(rng.choice((changed, changed, replace(playbook, state=state))))
        self.newest = tuple(edited[: rng.choice((1, 2, 3, 3, 3))]) if rng.random() < 0.2 else tuple(edited)
        return self.newest


def _unused(number: int, blocks: list[ir.Block]) -> int:
    """A number of a block, this one or a later one, after which no steps of ``blocks`` are called: each step is called once."""
    steps = [code.step for block in blocks for code in block.code if isinstance(code, ir.Action)]
    used = {(int(step.removeprefix("步骤").split()[0]) - 1) // 10 for step in steps}
    return next(one for one in count(number) if one not in used)


def _needing(name: str, variable: str) -> ir.Template:
    plain = vocabulary.template(name)
    return ir.Template(name, None, "{{ " + variable + " }}", (), (variable,), (variable,), plain.digest)
