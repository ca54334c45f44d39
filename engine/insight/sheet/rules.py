"""The rules around a playbook, in plain words: who gets nothing, limits, when it ends, what the names mean."""

from __future__ import annotations

from collections.abc import Iterator

from ...program import ir
from ...program.words.conditions import describe_total
from ...program.words.schedules import clock_words
from ...program.words.triggers import operand_words
from ...program.words.values import money, share
from ...program.words.windows import window_words
from .audience import audience_lines, parts_of, segments_told
from .goods import coupon_sentence, redpacket_sentence
from .model import Line
from .triggers import activity_name, times_sentence
from .voice import Voice


def group_lines(groups: ir.GroupAudience, voice: Voice) -> tuple[Line, ...]:
    """Return to which groups a playbook speaks."""
    lines = []
    if groups.pattern is not None:
        lines.append(voice.say("who.groups.name", names=voice.pattern(groups.pattern)))
    if groups.tag is not None:
        lines.append(voice.say("who.groups.tag", tags=voice.pattern(groups.tag)))
    if groups.at_least is not None:
        lines.append(voice.say("who.groups.size", number=groups.at_least))
    if groups.created is not None:
        lines.append(voice.say("who.groups.created", when=voice.prose(window_words(groups.created, voice.tongue))))
    return tuple(Line(words) for words in lines or [voice.say("who.groups.any")])


def choosing_lines(playbook: ir.Playbook, voice: Voice) -> Iterator[Line]:
    """Yield which of the audience are taken."""
    take = playbook.take
    if take is not None and take.by is None:
        yield Line(voice.say("who.random", number=take.number))
    elif take is not None and take.by is not None:
        by = voice.prose(operand_words(take.by, voice.tongue))
        yield Line(voice.say("who.top", number=take.number, by=by))
    if playbook.only_one_of is not None:
        yield Line(voice.say("who.only_one", name=playbook.only_one_of))


def never_lines(playbook: ir.Playbook, program: ir.Program, voice: Voice) -> Iterator[Line]:
    """Yield who gets nothing, by the policy and by the playbook's control group."""
    policy, segments = program.policy, program.library.segments
    # The policy speaks of members; of a group playbook only the playbook's own control group is left out.
    members = playbook.groups is None
    for consent in policy.consents_for(playbook.category) if members else ():
        code = "never.market" if consent.marketing_only else "never.push"
        below = audience_lines(consent.condition, voice, segments)
        plain = len(below) == 1 and not below[0].below
        yield Line(voice.say(code, who=below[0].text if plain else ""), below=() if plain else below)
    if members and policy.holdout and playbook.category == "marketing":
        yield Line(voice.say("never.shop_holdout", share=share(policy.holdout)))
    if playbook.holdout:
        yield Line(voice.say("never.holdout", share=share(playbook.holdout)))


def running_lines(playbook: ir.Playbook, voice: Voice) -> Iterator[Line]:
    """Yield when the playbook runs at all, and what happens to what was missed."""
    for during in playbook.during:
        code = "when.not_during" if during.negated else "when.during"
        yield Line(voice.say(code, activity=activity_name(during.activity, during.times, voice)))
    catch_up = playbook.catch_up
    if catch_up is not None:
        words = voice.say(f"when.catch_up.{catch_up.which}")
        if catch_up.within is not None:
            words = voice.say("when.catch_up.within", what=words, time=voice.time(catch_up.within))
        yield Line(words)


def limit_lines(playbook: ir.Playbook, program: ir.Program, voice: Voice) -> Iterator[Line]:
    """Yield quiet hours, caps, budgets, guard and stock, as far as they bind this playbook."""
    policy = program.policy
    quiet = playbook.quiet or policy.quiet
    if quiet is not None:
        start, end = clock_words(quiet.start), clock_words(quiet.end)
        yield Line(voice.say(f"limits.quiet.{quiet.overflow}", start=start, end=end))
    for cap in policy.caps if playbook.category == "marketing" else ():
        if cap.groups == (playbook.groups is not None):
            yield Line(_cap(cap, voice))
    for budget in playbook.budgets:
        yield Line(budget_sentence(budget, voice))
    for guard in (playbook.guard, policy.guard):
        if guard is not None and guard.members is not None:
            yield Line(voice.say("limits.guard", members=guard.members))
        elif guard is not None:
            yield Line(voice.say("limits.guard.share", share=share(guard.share or 0)))
    yield from _stock_lines(playbook, program.library, voice)


def _cap(cap: ir.Cap, voice: Voice) -> str:
    per = voice.say("limits.cap.day") if cap.per is None else voice.say("limits.cap.rolling", time=voice.time(cap.per))
    channel = voice.say("limits.cap.channel", channel=voice.channel(cap.channel)) if cap.channel is not None else ""
    over = voice.say("limits.cap.defer" if cap.defer else "limits.cap.drop")
    code = "limits.cap.groups" if cap.groups else "limits.cap"
    return voice.say(code, per=per, number=cap.number, channel=channel, over=over)


def budget_sentence(budget: ir.Budget, voice: Voice, code: str | None = None) -> str:
    """Return a budget; ``code`` is that of the sentence for one that is not a playbook's."""
    amount = money(budget.amount) if budget.kind == "money" else budget.amount
    words = voice.say(code or f"limits.budget.{budget.kind}", amount=amount)
    return voice.say("limits.per_day" if budget.per_day else "limits.in_all", what=words)


def _stock_lines(playbook: ir.Playbook, library: ir.Library, voice: Voice) -> Iterator[Line]:
    coupons: dict[str, None] = {}
    redpackets: dict[str, None] = {}
    for instruction in (i for block in playbook.blocks for i in block.code):
        match instruction:
            case ir.Push(coupon=coupon, redpacket=redpacket):
                coupons.update({coupon: None} if coupon else {})
                redpackets.update({redpacket: None} if redpacket else {})
            case ir.IssueCoupon(_, coupon):
                coupons[coupon] = None
            case ir.IssueRedpacket(_, redpacket):
                redpackets[redpacket] = None
    for name in coupons:
        worth = coupon_sentence(library.coupons[name], voice)
        yield Line(voice.say("limits.stock", coupon=voice.name(name), worth=worth))
    for name in redpackets:
        packet = library.redpackets[name]
        yield Line(
            voice.say("limits.redpacket", redpacket=voice.name(name), worth=redpacket_sentence(packet, voice))
        )
        if packet.budget is not None:
            budget = budget_sentence(packet.budget, voice, "limits.budget.given")
            yield Line(voice.say("limits.redpacket.budget", redpacket=voice.name(name), budget=budget))


def ending_lines(playbook: ir.Playbook, voice: Voice) -> Iterator[Line]:
    """Yield what ends a member's journey, and when the playbook ends."""
    goal = playbook.goal
    if goal is not None:
        cond = voice.test(goal.condition, limited=True)
        yield Line(voice.say("until.goal", time=voice.time(goal.up_to), cond=cond))
    if playbook.exit is not None:
        yield Line(voice.say("until.exit", cond=voice.test(playbook.exit, limited=True)))
    yield Line(voice.say("until.last"))
    dates = voice.dates(playbook.active)
    if dates:
        yield Line(voice.say("until.dates", dates=dates))


def term_lines(playbook: ir.Playbook, library: ir.Library, voice: Voice) -> Iterator[Line]:
    """Yield what the names in a playbook mean: segments not told with the audience, metrics, ladders."""
    audiences = (playbook.audience, *(block.audience for block in playbook.blocks))
    segments: dict[str, bool] = dict.fromkeys(frozenset().union(*map(segments_told, audiences)), False)
    metrics: dict[str, None] = {}
    ladders: dict[str, None] = {}
    for part in _all_parts(playbook, library):
        match part:
            case ir.InSegment(name) | ir.SegmentCrossed(name):
                segments.setdefault(name, name in library.segments)
            case ir.MetricRef(name):
                metrics[name] = None
            case ir.LadderRef(name) | ir.TierMoves(name):
                ladders[name] = None
    for name in (name for name, wanted in segments.items() if wanted):
        below = audience_lines(library.segments[name], voice, {})
        yield Line(voice.say("terms.segment", name=voice.name(name)), below=below)
    for name in metrics:
        what = voice.prose(describe_total(library.metrics[name], voice.lang))
        yield Line(voice.say("terms.metric", name=voice.name(name), what=what))
    for name in ladders:
        yield Line(_ladder(library.ladders[name], voice))


def _all_parts(playbook: ir.Playbook, library: ir.Library) -> Iterator[object]:
    """The parts of a playbook, and of the segments that it names, each segment once."""
    waiting: list[object] = [playbook]
    met: set[str] = set()
    while waiting:
        for part in parts_of(waiting.pop(0)):
            yield part
            if isinstance(part, ir.InSegment | ir.SegmentCrossed):
                name = part.name if isinstance(part, ir.InSegment) else part.segment
                if name in library.segments and name not in met:
                    met.add(name)
                    waiting.append(library.segments[name])


def _ladder(ladder: ir.Ladder, voice: Voice) -> str:
    rungs = []
    for rung in ladder.rungs:
        name = voice.name(rung.name)
        if rung.mark is None:
            rungs.append(voice.say("terms.rung.rest", name=name))
        else:
            mark = voice.value(ladder.operand.type, rung.mark)
            rungs.append(voice.say("terms.rung.from" if rung.included else "terms.rung.above", name=name, mark=mark))
    by = voice.prose(operand_words(ladder.operand, voice.tongue))
    return voice.say("terms.ladder", name=voice.attribute(ladder.name), operand=by, rungs=voice.joined(rungs))


def activity_lines(playbook: ir.Playbook, library: ir.Library, voice: Voice) -> Iterator[Line]:
    """Yield when the activities that a playbook names go on, with their phases and sessions."""
    names: dict[str, None] = {}
    for part in parts_of(playbook):
        label = getattr(part, "activity", None)
        if isinstance(label, str):
            names[label.partition("/")[0]] = None
    for activity in (library.activities[name] for name in names if name in library.activities):
        inside = (*activity.phases, *activity.sessions)
        below = tuple(Line(f"{voice.name(name)} {times_sentence(times, voice)}") for name, times in inside)
        times = times_sentence(activity.times, voice)
        yield Line(voice.say("terms.activity", name=voice.name(activity.name), times=times), below=below)
