"""Steps as staff do and see them: numbered lines, with what is sent, given and waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from ...program import ir
from ...program.groups import GROUP_CHANNEL
from ...program.words.schedules import clock_words, weekday_word
from ...program.words.values import share
from .goods import coupon_sentence, redpacket_sentence, shown_text, template_lines
from .model import Line
from .outline import Act, Again, Await, Choice, Finish, Named, Node, OnDay, Parting, Pause
from .voice import Voice


@dataclass(frozen=True, slots=True)
class Steps:
    """Tells steps in a language; ``library`` has what they send and give."""

    library: ir.Library
    voice: Voice

    def lines(self, nodes: Sequence[Node], prefix: str = "") -> tuple[Line, ...]:
        """Return steps with their numbers; ``prefix`` is the number of what they stand in."""
        numbers = (f"{prefix}.{place}" if prefix else str(place) for place in range(1, len(nodes) + 1))
        return tuple(replace(self._line(node, number), number=number) for node, number in zip(nodes, numbers, strict=True))

    def _line(self, node: Node, number: str) -> Line:
        say = self.voice.say
        match node:
            case Act(action, reasons):
                return self.action(action, dict(reasons))
            case Pause(waiting):
                return self.pause(waiting)
            case Finish():
                return Line(say("step.stop"), "end")
            case Named(name, steps):
                return Line(say("step.named", name=name), "frame", self.lines(steps, number))
            case Again(every, at_most, steps):
                words = say("step.repeat", time=self.voice.time(every), number=at_most)
                return Line(words, "frame", self.lines(steps, number))
            case OnDay(day, steps):
                late = Line(say("step.day.late"))
                return Line(self._day(day), "frame", (late, *self.lines(steps, number)))
            case Await() | Choice() | Parting():
                return self._fork(node, number)
            case _:
                assert_never(node)

    def _day(self, day: ir.WaitDay) -> str:
        words = self.voice.say("step.day" if day.day else "step.day.0", day=day.day)
        return words if day.clock is None else self.voice.say("step.day.at", day=words, clock=clock_words(day.clock))

    def pause(self, waiting: ir.Wait | ir.WaitUntil) -> Line:
        """Return a wait that only time ends."""
        say = self.voice.say
        if isinstance(waiting, ir.Wait):
            return Line(say("step.wait", time=self.voice.time(waiting.duration)), "wait")
        clock = clock_words(waiting.clock)
        if waiting.weekday is None:
            return Line(say("step.wait_until", clock=clock), "wait")
        day = weekday_word(waiting.weekday, self.voice.tongue)
        return Line(say("step.wait_until.day", day=day, clock=clock), "wait")

    # Where ways part

    def _fork(self, node: Await | Choice | Parting, number: str) -> Line:
        voice = self.voice
        match node:
            case Await(waiting, met, unmet):
                time = voice.time(waiting.up_to)
                words = voice.say("step.wait_for", cond=voice.test(waiting.condition, limited=True), time=time)
                arms = [(voice.say("step.met"), met), (voice.say("step.unmet", time=time), unmet)]
            case Choice(branches, otherwise):
                words = voice.say("step.choose")
                arms = [
                    (voice.say("step.else_if" if place else "step.if", cond=voice.test(condition)), steps)
                    for place, (condition, steps) in enumerate(branches)
                ]
                arms.append((voice.say("step.else"), otherwise))
            case Parting(name, parts):
                words = voice.say("step.split", name=voice.name(name))
                arms = [(self._arm(arm.share, arm.name), arm.steps) for arm in parts]
        below = (self._way(text, steps, f"{number}.{place}") for place, (text, steps) in enumerate(arms, start=1))
        return Line(words, "choice", tuple(below))

    def _arm(self, part: int, name: str | None) -> str:
        if name is None:
            return self.voice.say("step.arm.holdout", share=share(part))
        return self.voice.say("step.arm", share=share(part), name=self.voice.name(name))

    def _way(self, text: str, steps: Sequence[Node], number: str) -> Line:
        below = self.lines(steps, number) or (Line(self.voice.say("step.go_on")),)
        return Line(text, "arm", below, number)

    # Actions

    def action(self, action: ir.Action, reasons: dict[str, str]) -> Line:
        """Return an action; ``reasons`` say why it passes over caps or quiet hours."""
        voice = self.voice
        match action:
            case ir.Push():
                return Line(self._push(action), "step", self._push_details(action, reasons))
            case ir.Welcome(_, channel, template):
                words = voice.say("step.welcome", channel=voice.channel(channel), template=voice.name(template))
                free = Line(voice.say("step.welcome.free"))
                return Line(words, "step", (*template_lines(self.library.templates[template], voice), free))
            case ir.GiveTags(_, tags):
                return Line(voice.say("step.tag", tags=voice.names(tags)), "step")
            case ir.TakeTags(_, tags):
                return Line(voice.say("step.untag", tags=voice.names(tags)), "step")
            case ir.IssueCoupon(_, coupon):
                worth = coupon_sentence(self.library.coupons[coupon], voice)
                return Line(voice.say("step.coupon", coupon=voice.name(coupon), worth=worth), "step")
            case ir.IssueRedpacket(_, redpacket):
                worth = redpacket_sentence(self.library.redpackets[redpacket], voice)
                return Line(voice.say("step.redpacket", redpacket=voice.name(redpacket), worth=worth), "step")
            case _:
                return Line(self._other(action), "step")

    def _other(
        self, action: ir.ChangePoints | ir.SetAttribute | ir.GiveTask | ir.Alert | ir.EnterPlaybook
    ) -> str:
        voice = self.voice
        match action:
            case ir.ChangePoints(_, delta):
                return voice.say("step.points.add" if delta > 0 else "step.points.take", number=abs(delta))
            case ir.SetAttribute(_, attribute, value):
                name = voice.attribute(attribute.name)
                if isinstance(value, ir.FieldRef):
                    field = voice.prose(voice.tongue.field(value.name))
                    return voice.say("step.set.field", attribute=name, field=field)
                return voice.say("step.set", attribute=name, value=voice.value(attribute.type, value))
            case ir.GiveTask(_, title, due, staff, manager):
                who = voice.say("staff.manager" if manager else "staff.member") if staff is None else voice.name(staff)
                task = voice.name(shown_text(title, voice))
                return voice.say("step.task", task=task, who=who, time=voice.time(due))
            case ir.Alert(_, whom, text):
                who = voice.say("staff.staff" if whom == "staff" else "staff.manager")
                return voice.say("step.alert", who=who, text=voice.name(shown_text(text, voice)))
            case ir.EnterPlaybook(_, playbook):
                return voice.say("step.enter", playbook=voice.name(playbook))

    def _push(self, push: ir.Push) -> str:
        voice, channel = self.voice, self.voice.channel(push.channel)
        if push.rotation is not None:
            pattern = voice.name(push.rotation.pattern, written=True)
            return voice.say("step.push.rotating", channel=channel, pattern=pattern)
        template = voice.name(push.template)
        if push.groups is not None:
            return voice.say("step.push.groups", template=template, groups=voice.pattern(push.groups))
        code = "step.push.in_group" if push.channel == GROUP_CHANNEL else "step.push"
        return voice.say(code, channel=channel, template=template)

    def _push_details(self, push: ir.Push, reasons: dict[str, str]) -> tuple[Line, ...]:
        voice, library = self.voice, self.library
        lines = list(self._content(push))
        if push.coupon is not None:
            worth = coupon_sentence(library.coupons[push.coupon], voice)
            lines.append(Line(voice.say("step.with_coupon", coupon=voice.name(push.coupon), worth=worth)))
        if push.redpacket is not None:
            worth = redpacket_sentence(library.redpackets[push.redpacket], voice)
            lines.append(Line(voice.say("step.with_redpacket", redpacket=voice.name(push.redpacket), worth=worth)))
        if push.within is not None:
            lines.append(Line(voice.say("step.within", time=voice.time(push.within))))
        if push.confirmed is not None:
            code = f"step.confirmed.{push.confirmed.otherwise}"
            lines.append(Line(voice.say(code, time=voice.time(push.confirmed.within))))
        if push.despite_caps:
            lines.append(self._despite("step.despite_caps", reasons.get("caps", "")))
        if push.despite_quiet:
            lines.append(self._despite("step.despite_quiet", reasons.get("quiet_hours", "")))
        return tuple(lines)

    def _content(self, push: ir.Push) -> tuple[Line, ...]:
        voice, templates = self.voice, self.library.templates
        if push.rotation is None:
            return template_lines(templates[push.template], voice)
        lines = [Line(voice.say("step.rotating"))]
        if push.rotation.no_repeat is not None:
            lines.append(Line(voice.say("step.no_repeat", time=voice.time(push.rotation.no_repeat))))
        for name in push.rotation.templates:
            words = voice.say("step.one_of", template=voice.name(name))
            lines.append(Line(words, below=template_lines(templates[name], voice)))
        return tuple(lines)

    def _despite(self, code: str, reason: str) -> Line:
        words = self.voice.say(code)
        return Line(self.voice.say("step.because", what=words, reason=reason) if reason else words)
