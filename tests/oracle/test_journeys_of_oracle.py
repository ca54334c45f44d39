"""The oracle's journeys, against what the language says in so many words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from oracle import clock, vocabulary
from oracle.decisions import Runner
from oracle.model import AttributeFact, EventFact, Member, PlaceFact, PointsFact, TagFact, World
from qingting.engine.program import ir

SHANGHAI = "Asia/Shanghai"
TEN = clock.instant_of(datetime(2026, 11, 21, 10), SHANGHAI)
SCHEDULE = ir.Once(clock.naive_micros(datetime(2026, 11, 21, 10)))
ORDERED = ir.EventHappens(ir.EventQuery("下单"))
SINCE_ENTRY = ir.Window(ir.Cutoff(ir.CutoffKind.ENTRY, 0, 1), ir.Cutoff(ir.CutoffKind.T, 0, 1))
SINCE_WAIT = ir.Window(ir.Cutoff(ir.CutoffKind.WAIT, 0, 1), ir.Cutoff(ir.CutoffKind.T, 0, 1))
HOURS = [ir.Duration(hours * ir.HOUR) for hours in range(48)]
NUMBER = ir.FieldRef("门店", ir.ValueType.TEXT)


def tag(name: str) -> ir.GiveTags:
    return ir.GiveTags(name, ("新客",))


def clicked(window: ir.Window | None = None) -> ir.Condition:
    return ir.Did(ir.EventQuery("点击", window=window))


def playbook(trigger: ir.Trigger, *code: ir.Instruction, **header: object) -> ir.Playbook:
    reentry = header.pop("reentry", None)
    assert reentry is None or isinstance(reentry, ir.Reentry)
    plain = ir.Playbook(
        "甲", "", "", "live", "service", 50, ir.Zone(SHANGHAI), ir.Window(None, None), None, 0, None, ir.Always(True),
        (ir.Block(0, trigger, None, reentry, code or (tag("A"),)),), "1",
    )
    return replace(plain, **header)  # type: ignore[arg-type]


def shop(*playbooks: ir.Playbook, library: ir.Library | None = None) -> tuple[Runner, Member]:
    """A shop with one member, which has been run at ten o'clock less an hour."""
    member = Member("u1", 0, 1)
    policy = ir.Policy(ir.Zone(SHANGHAI))
    runner = Runner(World([member]), playbooks, policy, library or vocabulary.library(), TEN - 2 * ir.HOUR)
    runner.run(TEN - ir.HOUR, 1)
    return runner, runner.state.world.members[0]


def run(runner: Runner, hours: float, mark: int = 99) -> list[tuple[str, str, float]]:
    """What is decided so many hours after ten: step, reason or status, hours of the item."""
    records, _ = runner.run(TEN + int(hours * ir.HOUR), mark)
    return [(record.step, record.reason or record.status, (record.t - TEN) / ir.HOUR) for record in records]


def events(runner: Runner, *facts: tuple[str, float, float, int]) -> None:
    """Tells of events: type, hours of at and arrival, seq."""
    for name, at, arrived, seq in facts:
        fact = EventFact(name, TEN + int(at * ir.HOUR), TEN + int(arrived * ir.HOUR), seq)
        runner.state.world.members[0].events.append(fact)


def whys(runner: Runner) -> list[tuple[str | None, float | None]]:
    """Why and when journeys ended."""
    return [(e.why, None if e.ended is None else (e.ended - TEN) / ir.HOUR) for e in runner.state.enrolments]


# Waits


def test_wait_until_is_the_next_such_time_after_now() -> None:
    runner, _ = shop(playbook(SCHEDULE, ir.WaitUntil(600), tag("A"), ir.WaitUntil(540, 1), tag("B")))
    assert run(runner, 0) == []
    assert run(runner, 24) == [("A", "done", 24)]
    # From Sunday to Monday at nine.
    assert run(runner, 48) == [("B", "done", 47)]


@pytest.mark.parametrize(("minutes", "reason"), [(479, "late"), (480, "done"), (541, "done")])
def test_a_day_of_a_journey_that_was_over_at_entry_is_skipped(minutes: int, reason: str) -> None:
    code = (ir.WaitDay(0, minutes, 3), tag("A"), ir.Stop(), ir.WaitDay(1, None, 5), tag("B"))
    runner, _ = shop(playbook(SCHEDULE, *code))
    assert run(runner, 0) == [("A", reason, 0)]
    assert run(runner, 24) == ([("B", "done", 24)] if reason == "late" else [])


def waiting(*, condition: ir.Condition) -> ir.Playbook:
    return playbook(SCHEDULE, ir.WaitFor(condition, HOURS[3], 3), tag("then"), ir.Stop(), tag("otherwise"))


def test_a_wait_for_something_goes_on_when_it_is_known() -> None:
    runner, _ = shop(waiting(condition=clicked(SINCE_WAIT)))
    assert run(runner, 0) == []
    events(runner, ("点击", -0.5, 0.5, 5), ("点击", 1, 2, 6), ("点击", 1.5, 2.5, 7))
    assert run(runner, 4) == [("then", "done", 2)]


@pytest.mark.parametrize(("at", "found"), [(3, ("then", "done", 3)), (3.001, ("otherwise", "done", 3))])
def test_at_the_end_of_a_wait_the_condition_wins(at: float, found: tuple[str, str, float]) -> None:
    runner, _ = shop(waiting(condition=clicked(SINCE_WAIT)))
    run(runner, 0)
    events(runner, ("点击", at, at, 5))
    assert run(runner, 4) == [found]


def test_what_arrived_before_the_last_look_is_looked_at_there() -> None:
    runner, _ = shop(waiting(condition=ir.Did(ir.EventQuery("点击", window=SINCE_WAIT), 2)))
    run(runner, 0, 9)
    events(runner, ("点击", 2, 2, 10))
    assert run(runner, 2.5, 10) == []
    events(runner, ("点击", 1, 1.5, 11))
    assert run(runner, 2.75) == [("then", "done", 2)]


def test_what_no_event_tells_is_seen_at_the_end_of_a_run() -> None:
    runner, member = shop(waiting(condition=ir.HasTag((ir.TextPattern("*"),))))
    assert run(runner, 1, 10) == []
    member = runner.state.world.members[0]
    member.tags.append(TagFact("*", True, TEN + ir.HOUR // 2, TEN + ir.HOUR // 2, 11))
    assert run(runner, 2) == [("then", "done", 2)]


def test_a_wait_that_is_over_at_once_does_not_count_the_entry() -> None:
    runner, _ = shop(playbook(SCHEDULE, ir.WaitFor(ir.Always(True), HOURS[1], 1)))
    run(runner, 0)
    assert [(e.counted, e.why) for e in runner.state.enrolments] == [(False, "finished")]


# Goals and exits


def test_who_reached_the_goal_leaves_before_the_next_step() -> None:
    book = playbook(SCHEDULE, tag("A"), ir.Wait(HOURS[2]), tag("B"), goal=ir.Goal(clicked(SINCE_ENTRY), HOURS[24]))
    runner, _ = shop(book)
    events(runner, ("点击", 0, 0, 5))
    assert run(runner, 0) == [("A", "done", 0)]
    events(runner, ("点击", 1, 1, 6))
    assert run(runner, 3) == []
    assert whys(runner) == [("goal_reached", 2)]


def test_a_goal_counts_within_its_time_alone() -> None:
    book = playbook(SCHEDULE, tag("A"), ir.Wait(HOURS[9]), tag("B"), goal=ir.Goal(clicked(SINCE_ENTRY), HOURS[2]))
    runner, _ = shop(book)
    run(runner, 0)
    events(runner, ("点击", 2.5, 2.5, 6))
    assert run(runner, 3) == []
    events(runner, ("点击", 1, 4, 7))
    assert run(runner, 9) == [("B", "done", 9)]
    assert [e.goal for e in runner.state.enrolments] == [None]


def test_a_goal_reached_afterwards_is_noted() -> None:
    runner, _ = shop(playbook(SCHEDULE, tag("A"), goal=ir.Goal(clicked(SINCE_ENTRY), HOURS[9])))
    run(runner, 0)
    events(runner, ("点击", 1, 1, 5))
    run(runner, 2)
    assert [(e.why, e.goal) for e in runner.state.enrolments] == [("finished", TEN + 2 * ir.HOUR)]


def test_who_meets_the_exit_does_not_enter_or_leaves_at_the_end_of_a_run() -> None:
    book = playbook(SCHEDULE, ir.Wait(HOURS[9]), tag("B"), exit=ir.HasTag((ir.TextPattern("*"),)))
    held = TagFact("*", True, TEN, TEN + ir.HOUR, 5)
    runner, member = shop(book)
    member.tags.append(held)
    assert run(runner, 1) == [("B", "exited", 0)]
    runner, _ = shop(book)
    run(runner, 0, 1)
    runner.state.world.members[0].tags.append(held)
    assert run(runner, 2) == []
    assert whys(runner) == [("exited", 2)]


def test_who_is_taken_out_leaves() -> None:
    runner, _ = shop(playbook(SCHEDULE, ir.Wait(HOURS[9]), tag("B")))
    run(runner, 0, 1)
    runner.state.world.members[0].removals.append(PlaceFact("", True, TEN + 1, TEN + 1, 5))
    assert run(runner, 1) == []
    assert whys(runner) == [("removed", 1)]


# Late


@pytest.mark.parametrize(
    ("line", "instants"),
    [(None, [3]), (("latest", 1), []), (("latest", 24), [3]), (("all", None), [0, 1, 2, 3]), (("all", 3), [2, 3]), (("none", None), [])],
)
def test_missed_schedules_are_made_up_for(line: tuple[str, int | None] | None, instants: list[int]) -> None:
    book = playbook(ir.Daily(None, (600, 660, 720, 780)))
    if line is not None:
        within = None if line[1] is None else HOURS[line[1]]
        book = replace(book, catch_up=ir.CatchUp(line[0], within))  # type: ignore[arg-type]
    runner, _ = shop(book)
    assert [hours for _, _, hours in run(runner, 4.5)] == instants


@pytest.mark.parametrize(("line", "reason"), [(None, "done"), (ir.CatchUp("all", HOURS[1]), "late"), (ir.CatchUp("none"), "late")])
def test_late_steps_leave_a_record_and_the_journey_goes_on(line: ir.CatchUp | None, reason: str) -> None:
    book = playbook(SCHEDULE, ir.Wait(HOURS[1]), tag("A"), ir.Wait(HOURS[3]), tag("B"), catch_up=line)
    runner, _ = shop(book)
    run(runner, 0)
    assert run(runner, 4) == [("A", reason, 1), ("B", "done", 4)]


def test_a_push_goes_out_in_time_or_not_at_all() -> None:
    book = playbook(SCHEDULE, ir.Push("P", "wecom", "猫粮", within=HOURS[1]), tag("A"))
    for hours, reason in ((1, "queued"), (1.01, "late")):
        runner, _ = shop(book)
        assert run(runner, hours) == [("P", reason, 0), ("A", "done", 0)]


# What starts blocks


def test_the_nth_event_is_counted_as_they_become_known() -> None:
    runner, _ = shop(playbook(replace(ORDERED, nth=2)))
    events(runner, ("下单", -9, 2, 5), ("下单", 1, 1, 6), ("下单", 3, 3, 7))
    assert run(runner, 4) == [("A", "done", 2)]
    assert run(runner, 5) == []


@pytest.mark.parametrize(
    ("at", "arrived", "line", "reason"),
    [
        (-23, 1, None, "done"), (-23.01, 1, None, "late"), (-47, 1, ir.CatchUp("all"), "done"),
        (0.5, 1, ir.CatchUp("none"), "late"), (0.9, 1, ir.CatchUp("none"), "done"), (-1.5, 1, ir.CatchUp("latest", HOURS[2]), "late"),
    ],
)
def test_late_facts_start_nothing(at: float, arrived: float, line: ir.CatchUp | None, reason: str) -> None:
    runner, _ = shop(playbook(ORDERED, catch_up=line))
    events(runner, ("下单", at, arrived, 5))
    assert run(runner, 1) == [("A", reason, 1)]


def test_several_friendships_are_one_presence() -> None:
    for trigger, wanted in ((ir.Joined(), [1, 5]), (ir.Left(), [4])):
        runner, member = shop(playbook(trigger, catch_up=ir.CatchUp("all")))
        met = [("张三", True, 1), ("李四", True, 2), ("张三", False, 3), ("李四", False, 4), ("张三", True, 5)]
        member.friends += [PlaceFact(n, given, TEN + h * ir.HOUR, TEN + h * ir.HOUR, 10 + h) for n, given, h in met]
        assert [hours for _, _, hours in run(runner, 6)] == wanted


def test_a_tag_is_lost_by_taking_or_in_time() -> None:
    runner, member = shop(playbook(ir.TagLost(ir.TextPattern("兴趣:", True)), ir.Push("P", "wecom", "猫粮")))
    member.tags += [
        TagFact("兴趣:猫", True, TEN, TEN, 5, TEN + 2 * ir.HOUR), TagFact("兴趣:猫粮", True, TEN, TEN, 6),
        TagFact("兴趣:猫粮", False, TEN + 1, TEN + 3 * ir.HOUR, 7),
    ]
    assert run(runner, 1) == []
    assert run(runner, 4) == [("P", "queued", 2), ("P", "queued", 3)]


POINTS = ir.AttributeRef("points", ir.ValueType.NUMBER)


def test_each_mark_counts_once_a_crossing_also_when_several_are_jumped() -> None:
    marks = tuple(number * ir.NUMBER_SCALE for number in (10, 20, 30))
    runner, _ = shop(playbook(ir.MarkReached(POINTS, "reach", marks)))
    for number, delta in enumerate((25, -6, 6), start=1):
        runner.state.world.members[0].points.append(PointsFact(delta, TEN + number, TEN + number, 100 * number))
        assert run(runner, number, 100 * number) == [("A", "done", number)] * {25: 2, -6: 0, 6: 1}[delta]


def test_what_was_so_already_is_late_and_what_the_run_causes_counts() -> None:
    marks = (10 * ir.NUMBER_SCALE,)
    runner, member = shop(playbook(ir.MarkReached(POINTS, "reach", marks)))
    member.points.append(PointsFact(10, TEN - 2 * ir.DAY, TEN, 5))
    assert run(runner, 1) == [("A", "late", 1)]
    giver = playbook(SCHEDULE, ir.ChangePoints("+", 10), name="乙")
    runner, member = shop(playbook(ir.MarkReached(POINTS, "reach", marks)), giver)
    assert run(runner, 1) == [("+", "done", 0), ("A", "done", 1)]


def test_who_is_in_a_segment_when_the_playbook_is_new_does_not_enter_it() -> None:
    library = vocabulary.library({"S": ir.HasTag((ir.TextPattern("*"),))})
    enters, leaves = (playbook(ir.SegmentCrossed("S", d), name=d) for d in ("enters", "leaves"))  # type: ignore[arg-type]
    runner, member = shop(library=library)
    member.tags.append(TagFact("*", True, TEN, TEN, 5))
    run(runner, 0)
    runner.edit([enters, leaves])
    assert run(runner, 1) == []
    runner.state.world.members[0].tags.append(TagFact("*", False, TEN, TEN + 2 * ir.HOUR, 6))
    assert [r.playbook for r in runner.run(TEN + 2 * ir.HOUR, 99)[0]] == ["leaves"]


def test_members_sent_to_another_playbook_enter_it_at_the_run() -> None:
    sender = playbook(SCHEDULE, ir.EnterPlaybook("E", "乙"), ir.EnterPlaybook("E2", "乙"))
    runner, _ = shop(sender, playbook(ir.Entered(), name="乙"))
    assert run(runner, 1) == [("E", "done", 0), ("E2", "done", 0), ("A", "done", 1)]


# Fields


def ordered(shop_name: str | None, hours: int, seq: int, event: str = "下单") -> EventFact:
    fields = () if shop_name is None else (("门店", shop_name),)
    return EventFact(event, TEN + hours * ir.HOUR, TEN + hours * ir.HOUR, seq, fields=fields)


def test_once_per_field_counts_the_unknown_as_one_value() -> None:
    runner, member = shop(playbook(ORDERED, reentry=ir.Reentry("once", "field", field=NUMBER)))
    member.events += [ordered(name, n, 5 + n) for n, name in enumerate(("A", "B", "A", None, None))]
    assert [hours for _, _, hours in run(runner, 6)] == [0, 1, 3]


@pytest.mark.parametrize(("start", "later", "found"), [("A", "A", "then"), ("A", "B", "otherwise"), (None, None, "otherwise")])
def test_the_same_field_is_that_of_the_event_at_the_start(start: str | None, later: str | None, found: str) -> None:
    paid = ir.Did(ir.EventQuery("签到", window=SINCE_WAIT, same=NUMBER))
    code: Sequence[ir.Instruction] = (ir.WaitFor(paid, HOURS[3], 3), tag("then"), ir.Stop(), tag("otherwise"))
    runner, member = shop(playbook(ORDERED, *code))
    member.events += [ordered(start, 0, 5), ordered(later, 1, 6, "签到")]
    assert [step for step, _, _ in run(runner, 6)] == [found]


# Edits and pauses


def test_members_in_flight_finish_on_the_version_entered() -> None:
    old = playbook(SCHEDULE, ir.Wait(HOURS[1]), tag("A"))
    runner, _ = shop(old)
    run(runner, 0)
    runner.edit([playbook(SCHEDULE, ir.Wait(HOURS[1]), tag("B"), version="2", state="paused")])
    assert run(runner, 2) == []
    runner.edit([playbook(SCHEDULE, ir.Wait(HOURS[1]), tag("B"), version="2")])
    assert run(runner, 3) == [("A", "done", 1)]


def test_a_block_is_known_by_its_trigger() -> None:
    once = ir.Reentry("once")
    first = playbook(ORDERED, reentry=once)
    above = ir.Block(0, ir.Joined(), None, None, (tag("J"),))
    runner, member = shop(first)
    member.events.append(ordered(None, 0, 5))
    assert run(runner, 1, 10) == [("A", "done", 0)]
    runner.edit([replace(first, blocks=(above, replace(first.blocks[0], index=1)), version="2")])
    runner.state.world.members[0].events.append(ordered(None, 2, 11))
    assert run(runner, 3) == []


def test_a_new_name_of_a_member_is_a_change_but_the_first_is_none() -> None:
    runner, member = shop(playbook(ir.AttributeChanges(ir.AttributeRef("城市", ir.ValueType.TEXT))))
    told = [AttributeFact("城市", v, TEN + n, TEN + n, 5 + n) for n, v in enumerate(("上海", "上海", "北京", None, "北京"))]
    member.attributes += told
    assert len(run(runner, 1)) == 3
