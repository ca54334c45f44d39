"""What activities, rewards, rules, triggers and steps mean: text against the checked program."""

from __future__ import annotations

import pytest
from qingting.engine.program import ir
from qingting.engine.program.ir import (
    DAY,
    HOUR,
    AttributeRef,
    CutoffKind,
    Duration,
    EventQuery,
    FieldRef,
    MetricRef,
    TextPattern,
    Times,
    ValueType,
)

from .test_codes_of_playbooks import DECLARED, SETTINGS, block, does, speaks_to_groups
from .texts import check

LOCAL = 1_000_000
NOVEMBER = 1793491200 * LOCAL  # 2026-11-01 00:00 on any clock
POINTS = AttributeRef("points", ValueType.NUMBER)
QUANTITY = FieldRef("qty", ValueType.NUMBER)


def program_of(text: str) -> ir.Program:
    result = check(DECLARED + text, settings=SETTINGS)
    assert result.syntax == ()
    assert [d for d in result.found if d.severity == "error"] == []
    return result.program


def block_of(text: str) -> ir.Block:
    return program_of(text).playbooks["P"].blocks[0]


# The library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('activity "A" from 2026-11-01 to 2026-11-02\n', Times(((NOVEMBER, NOVEMBER + 2 * DAY),))),
        ('activity "A" from 2026-11-01 20:00 to 2026-11-02 21:30\n', Times(((NOVEMBER + 20 * HOUR, NOVEMBER + 45 * HOUR
         + HOUR // 2),))),
        ('activity "A" from 2026-11-01 to 2026-11-01 23:59\n', Times(((NOVEMBER, NOVEMBER + DAY),))),
        ('activity "A" every friday 20:00 to 22:00\n', Times((), (5,), 1200, 1320)),
        ('activity "A" every day 20:00 to 23:59\n', Times((), (1, 2, 3, 4, 5, 6, 7), 1200, 0)),
        ('activity "A" every friday 20:00 to 02:00\n', Times((), (5,), 1200, 120)),
    ],
)
def test_when_an_activity_goes_on(text: str, expected: Times) -> None:
    assert program_of(text).library.activities["A"].times == expected


def test_an_activity_of_sessions_lasts_from_the_first_to_the_last() -> None:
    lines = '  session "二" 2026-11-02 20:00 to 21:00\n  session "一" 2026-11-01 20:00 to 21:00\n'
    activity = program_of('activity "A"\n' + lines).library.activities["A"]
    first, second = ((NOVEMBER + n * DAY + 20 * HOUR, NOVEMBER + n * DAY + 21 * HOUR) for n in (0, 1))
    assert activity.sessions == (("一", Times((first,))), ("二", Times((second,))))
    assert activity.times == Times(((first[0], second[1]),))


def test_red_packets_points_and_tiers() -> None:
    library = program_of(
        'redpacket "定额" ¥2\n  at most 1 per member per activity "双十一"\n  budget ¥500 per day\n'
        'points\n  click "猫*" earns 1 at most 10 per day\n  order earns 2 per ¥10\n'
        'tiers "购买力" by recent\n  "高" from ¥1000\n  "低" above 5\n'
    ).library
    assert library.redpackets["定额"] == ir.Redpacket(
        "定额", 200, 200, 1, "activity", library.activities["双十一"].times, ir.Budget(50_000, "money", True)
    )
    click = EventQuery("click", (TextPattern("猫", True),))
    assert library.points == (ir.PointsRule(click, 1, None, 10), ir.PointsRule(EventQuery("order"), 2, 1000))
    assert library.ladders["tier"] == ir.Ladder("tier", POINTS, (ir.Rung("高", 100_000_000), ir.Rung("低", None)))
    rungs = (ir.Rung("高", 100_000, True), ir.Rung("低", 500))
    assert library.ladders["购买力"] == ir.Ladder("购买力", MetricRef("recent", ValueType.MONEY), rungs)


def test_standing_rules_in_the_order_declared() -> None:
    rules = program_of(
        'whenever order set city to store\nwhenever click untag "老客"\nwhenever click points -5\n'
    ).library.rules
    assert [rule.identity for rule in rules] == [
        "whenever order set city to store", 'whenever click untag "老客"', "whenever click points -5",
    ]
    city, store = AttributeRef("city", ValueType.TEXT), FieldRef("store", ValueType.TEXT)
    assert [rule.actions for rule in rules] == [
        (ir.RuleSet(city, store),), (ir.RuleTags(("老客",), False),), (ir.RulePoints(-5),)
    ]


# Triggers


TRIGGERS: dict[str, ir.Trigger] = {
    "every 2 weeks on friday, monday from 2026-01-05 at 20:00, 10:00": ir.EveryWeeks(2, (1, 5), 20260105, (600, 1200)),
    "every month on last friday at 10:00": ir.MonthlyWeekday(-1, 5, (600,)),
    "every year on 11-11, 01-01, lunar 08-15 at 09:00": ir.Yearly((101, 1111), (815,), (540,)),
    "every holiday at 10:00": ir.DayKind("holiday", (600,)),
    "7 days before expires at 10:00": ir.MemberDate(
        AttributeRef("expires", ValueType.DATE), False, ir.Offset(Duration(7 * DAY), True), 600
    ),
    "on anniversary of lunar_birthday at 10:00": ir.MemberDate(
        AttributeRef("lunar_birthday", ValueType.LUNAR_DATE), True, None, 600
    ),
    "when joined": ir.Joined(),
    "when order for the 3rd time": ir.EventHappens(EventQuery("order"), 3),
    "when points reach 2000, 500, 2000": ir.MarkReached(POINTS, "reach", (500_000_000, 2_000_000_000)),
    "when recent falls below 300": ir.MarkReached(MetricRef("recent", ValueType.MONEY), "below", (30_000,)),
    "when invited reaches 3": ir.MarkReached(ir.InvitedNumber(), "reach", (3_000_000,)),
    'when tier becomes "高"': ir.TierMoves("tier", "becomes", "高"),
    'when leaves segment "上海人"': ir.SegmentCrossed("上海人", "leaves"),
    "when city changes": ir.AttributeChanges(AttributeRef("city", ValueType.TEXT)),
    'when coupon "满100减20" expires in 2 days at 10:00': ir.CouponExpires("满100减20", Duration(2 * DAY), 600),
    'when joins group "福利群*"': ir.GroupEvent("joins", TextPattern("福利群", True)),
}


@pytest.mark.parametrize(("text", "expected"), TRIGGERS.items(), ids=TRIGGERS.keys())
def test_triggers(text: str, expected: ir.Trigger) -> None:
    assert block_of(block(text)).trigger == expected


def test_activity_edges_carry_their_times() -> None:
    activities = program_of("").library.activities
    phase = dict(activities["双十一"].phases)["预热"]
    day = ir.Offset(Duration(DAY), True)
    assert block_of(block('1 day before activity "双十一" phase "预热" ends at 12:00')).trigger == ir.ActivityEdge(
        "双十一/预热", phase, False, "end", day, 720
    )
    assert block_of(block('1 day before each session of activity "养猫课" at 20:00')).trigger == ir.ActivityEdge(
        "养猫课", dict(activities["养猫课"].sessions)["第1课"], True, "start", day, 1200
    )


def test_hours_that_recur_are_sessions() -> None:
    weekly = 'activity "直播" every friday 20:00 to 22:00\n'
    hours = Times((), (5,), 1200, 1320)
    for text, each in (('before activity "直播" starts', False), ('before each session of activity "直播"', True)):
        trigger = block_of(weekly + block(f"30 minutes {text}")).trigger
        offset = ir.Offset(Duration(HOUR // 2), True)
        assert trigger == ir.ActivityEdge("直播", hours, each, "start", offset)


def test_limits_of_schedules() -> None:
    limits = block_of(
        block('every day at 10:00 from 2026-11-01 to 2026-11-02 during activity "双十一" except holidays over 1 hour')
    ).limits
    assert limits is not None
    window = limits.window
    assert window is not None
    assert window.low == ir.Cutoff(CutoffKind.LOCAL, NOVEMBER)
    assert window.high == ir.Cutoff(CutoffKind.LOCAL, NOVEMBER + 2 * DAY)
    assert (limits.activity, limits.except_holidays, limits.over) == ("双十一", True, HOUR)
    assert limits.times == program_of("").library.activities["双十一"].times


# Steps


def code_of(*steps: str, line: str = "when order") -> tuple[ir.Instruction, ...]:
    return block_of(block(line, *steps)).code


def test_a_repeat_is_written_out_pass_by_pass() -> None:
    gap = ir.Wait(Duration(7 * DAY - 2 * HOUR))
    assert code_of("repeat every 7 days at most 3 times", '  tag "新客"', "  wait 2 hours", '  untag "新客"') == (
        ir.GiveTags('tag "新客"', ("新客",)), ir.Wait(Duration(2 * HOUR)), ir.TakeTags('untag "新客"', ("新客",)), gap,
        ir.GiveTags('tag "新客" @2', ("新客",)), ir.Wait(Duration(2 * HOUR)),
        ir.TakeTags('untag "新客" @2', ("新客",)), gap,
        ir.GiveTags('tag "新客" @3', ("新客",)), ir.Wait(Duration(2 * HOUR)), ir.TakeTags('untag "新客" @3', ("新客",)),
    )


def test_jumps_of_later_passes_stay_inside_them() -> None:
    code = code_of("repeat every 7 days at most 2 times", "  if points > 5", "    points +1", "  else", "    stop")
    assert code[0] == ir.Branch(ir.Compare(POINTS, "gt", (5_000_000,)), 3)
    assert code[2] == ir.Jump(4)
    assert code[4] == ir.Wait(Duration(7 * DAY))
    assert code[5] == ir.Branch(ir.Compare(POINTS, "gt", (5_000_000,)), 8)
    assert code[6] == ir.ChangePoints("points +1 @2", 1)
    assert code[7] == ir.Jump(9)
    assert len(code) == 9


def test_waits_and_days() -> None:
    assert code_of("wait until monday at 10:00", "wait until 09:00") == (ir.WaitUntil(600, 1), ir.WaitUntil(540))
    assert code_of("day 0", "  stop", "day 3 at 20:00", "  stop") == (
        ir.WaitDay(0, None, 2), ir.Stop(), ir.WaitDay(3, 1200, 4), ir.Stop()
    )


def test_wait_for_goes_on_at_otherwise() -> None:
    waiting, then, jump, otherwise = code_of(
        "wait for did click up to 3 days", "  then", '    tag "新客"', "  otherwise", '    untag "新客"'
    )
    assert isinstance(waiting, ir.WaitFor)
    assert (waiting.up_to, waiting.otherwise) == (Duration(3 * DAY), 3)
    assert isinstance(waiting.condition, ir.Did)
    assert waiting.condition.query.window == ir.Window(ir.Cutoff(CutoffKind.WAIT, 0, 1), ir.Cutoff(CutoffKind.T, 0, 1))
    assert (then, jump, otherwise) == (
        ir.GiveTags('tag "新客"', ("新客",)), ir.Jump(4), ir.TakeTags('untag "新客"', ("新客",))
    )


def test_actions_have_identities() -> None:
    code = code_of(
        'push wecom rotating "通*"', 'push wecom "通用" with redpacket "红包"', 'redpacket "红包"', "points +10",
        "points +10", "set city to store", 'task "回访" due within 1 day', 'alert staff "早"', "alert manager \"早\"",
        'step "首触"', "  points -5", '  alert staff "早"', "  set city to store",
    )
    assert [i.step for i in code if isinstance(i, ir.Action)] == [
        'push "通*"', 'push "通用"', 'redpacket "红包"', "points +10", "points +10 #2", 'set "city"', 'task "回访"',
        "alert staff", "alert manager", "首触/points", "首触/alert", "首触/set",
    ]


def test_pushes() -> None:
    (rotating,) = code_of('push wecom rotating "通*" no repeat within 30 days')
    assert rotating == ir.Push(
        'push "通*"', "wecom", "", rotation=ir.Rotation("通*", ("通用",), Duration(30 * DAY))
    )
    (push,) = code_of('push wecom "通用" within 1 hour despite caps confirmed within 4 hours else skip  # 客户要的')
    assert push == ir.Push(
        'push "通用"', "wecom", "通用", within=Duration(HOUR), despite_caps=True,
        confirmed=ir.Confirmed(Duration(4 * HOUR), "skip"),
    )


def test_what_is_set() -> None:
    lesson = AttributeRef("lesson", ValueType.INSTANT)
    eight_hours = 8 * HOUR
    assert code_of("set lesson to 2026-11-01 10:00") == (
        ir.SetAttribute('set "lesson"', lesson, NOVEMBER + 10 * HOUR - eight_hours),
    )
    assert code_of("set 来源 to \"门店\"") == (
        ir.SetAttribute('set "source"', AttributeRef("source", ValueType.TEXT), "门店"),
    )


def test_playbooks_for_groups() -> None:
    playbook = program_of(speaks_to_groups('push "群发"')).playbooks["P"]
    assert playbook.groups == ir.GroupAudience(TextPattern("福利群", True))
    assert playbook.audience == ir.Always(True)
    assert playbook.blocks[0].code == (ir.Push('push "群发"', "group", "群发"),)


def test_reentry_by_field_and_activity() -> None:
    assert block_of(block("when order", "once per qty", "stop")).reentry == ir.Reentry("once", "field", field=QUANTITY)
    times = program_of("").library.activities["双十一"].times
    assert block_of(block("when order", 'once per activity "双十一" per member', "stop")).reentry == ir.Reentry(
        "once", "activity", activity="双十一", times=times
    )


# Versions and faults


def test_a_moved_activity_is_another_version_and_a_changed_budget_is_none() -> None:
    edge = block('when activity "双十一" starts', header='  budget 10 pushes\n  for tagged "新客"\n')
    before = program_of(edge).playbooks["P"].version
    assert before == program_of(edge.replace("10 pushes", "20 pushes")).playbooks["P"].version
    moved = check(DECLARED.replace("2026-10-20 20:00 to 2026-11-11", "2026-10-20 20:00 to 2026-11-12") + edge)
    assert moved.program.playbooks["P"].version != before


def test_a_ladder_is_part_of_the_versions_that_ask_for_it() -> None:
    asking, other = block("every day at 10:00", header='  for tier is "高"\n'), block("every day at 10:00")
    higher = DECLARED.replace("above 100", "above 200")
    for text, same in ((asking, False), (other, True)):
        version = program_of(text).playbooks["P"].version
        assert (check(higher + text, settings=SETTINGS).program.playbooks["P"].version == version) is same


@pytest.mark.parametrize(
    ("broken", "asking"),
    [
        ('points\n  nothing earns 1\n', "points < 100"),
        ('points\n  nothing earns 1\n', 'tier is "低"'),
        ('whenever nothing tag "退订"\n', 'not tagged "退订"'),
        ('tiers "L" by city\n  "高" above 5\n', 'L is "高"'),
    ],
)
def test_what_writes_a_value_breaks_those_who_ask_for_it(broken: str, asking: str) -> None:
    text = DECLARED + broken + block("every day at 10:00", header=f"  for tagged \"新客\" and {asking}\n")
    result = check(text, settings=SETTINGS)
    assert "P" in result.program.blocked
    other = DECLARED + broken + does("stop")
    assert "P" in check(other, settings=SETTINGS).program.playbooks
