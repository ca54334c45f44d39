"""What every kind of condition means, at each place where it may stand: text against the checked program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from qingting.engine.program import ir
from qingting.engine.program.ir import (
    AttributeRef,
    Changed,
    Compare,
    Cutoff,
    CutoffKind,
    Did,
    DidOnDays,
    DueToReorder,
    EventQuery,
    FieldRef,
    FinishedPlaybook,
    HasTag,
    HeldFor,
    HoldsCoupon,
    InGroup,
    InPlaybook,
    Invited,
    IsFriend,
    LadderRef,
    Not,
    ReceivedRedpacket,
    SinceEvent,
    SourceIn,
    TaskIs,
    TextPattern,
    TodayIs,
    Total,
    UsedCoupon,
    ValueType,
    Window,
)
from qingting.engine.program.resolve import resolve_condition
from qingting.grammar.messages import render
from qingting.grammar.parser import collect_names, parse_condition

from .places import AFTER_LESSON, AFTER_ORDER, GOAL, HOURS, LESSONS, NOWHERE, PROGRAM, TEXT, WAITING, ask, meant
from .texts import SETTINGS, check, unmarked

NOW = Cutoff(CutoffKind.T, 0, 1)
WEEK = Window(Cutoff(CutoffKind.T, 0, -7 * ir.DAY + 1), NOW)
NEXT = Window(NOW, Cutoff(CutoffKind.T, 0, 3 * ir.DAY + 1))
ENTERED = Window(Cutoff(CutoffKind.ENTRY, 0, 1), NOW)
WAITED = Window(Cutoff(CutoffKind.WAIT, 0, 1), NOW)
ORDER, CLICK = EventQuery("order"), EventQuery("click")
AMOUNT, SUBJECT = FieldRef("amount", ValueType.MONEY), FieldRef("subject", ValueType.TEXT)
CARD, QTY = AttributeRef("card", ValueType.TEXT), FieldRef("qty", ValueType.NUMBER)


def local(micros: int) -> Cutoff:
    return Cutoff(CutoffKind.LOCAL, micros)


def inside(window: Window) -> EventQuery:
    return EventQuery("order", (), None, window)


ANYWHERE: dict[str, ir.Condition] = {
    "did order on at least 5 days within 7 days": DidOnDays(inside(WEEK), 5),
    "7天内 至少5天 做过 order": DidOnDays(inside(WEEK), 5),
    "did order on at most 5 days": DidOnDays(ORDER, 0, 5),
    "did order on exactly 5 days": DidOnDays(ORDER, 5, 5),
    "did order on exactly 0 days": Not(Did(ORDER)),
    "连续7天 做过 order": DidOnDays(ORDER, 7, None, True),
    "ever did order": Did(ORDER),
    "never did order": Not(Did(ORDER)),
    'did order in category "猫粮"': Did(
        EventQuery("order", (TextPattern("猫粮2kg"), TextPattern("猫粮5kg")), None, None, "猫粮")
    ),
    "average of order.amount >= ¥5": Compare(Total("average", ORDER, AMOUNT, ValueType.MONEY), "ge", (500,)),
    "最大 order.数量 >= 2.5": Compare(Total("largest", ORDER, QTY, ValueType.NUMBER), "ge", (2_500_000,)),
    "number of distinct order.subject within 7 days >= 2": Compare(
        Total("distinct", inside(WEEK), SUBJECT, ValueType.NUMBER), "ge", (2_000_000,)
    ),
    'card has been "金卡" for 30 days': HeldFor(CARD, "金卡", ir.Duration(30 * ir.DAY)),
    "bound has been yes for 1 month": HeldFor(AttributeRef("bound", ValueType.YES_NO), 1, ir.Duration(0, 1)),
    "spent has been ¥5 for 2 hours": HeldFor(AttributeRef("spent", ValueType.MONEY), 500, ir.Duration(2 * ir.HOUR)),
    "card changed": Changed(CARD),
    "7天内 card 变更": Changed(CARD, WEEK),
    'tier is "A级用户"': Compare(LadderRef("tier"), "is", ("A级用户",)),
    '等级 不属于 "A级用户", "B级用户"': Compare(LadderRef("tier"), "not_in", ("A级用户", "B级用户")),
    '购买力 是 "高"': Compare(LadderRef("购买力"), "is", ("高",)),
    "tier is unknown": Compare(LadderRef("tier"), "unknown"),
    'holds coupon "满100减20"': HoldsCoupon("满100减20"),
    'holds coupon "满100减20" expiring within the next 3 days': HoldsCoupon("满100减20", NEXT),
    '7天内 用过券 "满100减20" 至少2次': UsedCoupon("满100减20", 2, None, WEEK),
    'used coupon "满100减20" exactly 0 times': Not(UsedCoupon("满100减20")),
    '领过红包 "新客红包" 最多2次': ReceivedRedpacket("新客红包", 0, 2),
    'in playbook "猫粮跟进"': InPlaybook("猫粮跟进"),
    '7天内 走完剧本 "猫粮跟进"': FinishedPlaybook("猫粮跟进", WEEK),
    "invited": Invited(),
    'invited at least 3 members where (tagged "新客" and did order) within 7 days': Invited(
        3, None, ir.All((HasTag((TextPattern("新客"),)), Did(ORDER))), WEEK
    ),
    "邀请过 最多0人": Not(Invited()),
    '未来3天内 该复购 "猫粮2kg"': DueToReorder(
        "猫粮2kg", EventQuery("order", (TextPattern("猫粮2kg"),)), ir.Duration(30 * ir.DAY), QTY, NEXT
    ),
    'in group "福利群*"': InGroup(TextPattern("福利群", True)),
    "is not friend": Not(IsFriend()),
    '来源 归入 "线下门店"': SourceIn("线下门店", ("静安店",)),
    '任务 "电话回访" 已逾期': TaskIs("电话回访", "overdue"),
    "今天是 工作日": TodayIs("workday"),
    "today is not holiday": Not(TodayIs("holiday")),
    'did order during activity "双十一"': Did(inside(Window(local(0), local(10 * ir.DAY), None, "双十一"))),
    '活动 "双十一" 阶段 "预热" 期间 做过 order': Did(
        inside(Window(local(0), local(2 * ir.DAY), None, "双十一/预热"))
    ),
    'did order during activity "周五直播"': Did(
        inside(
            Window(
                Cutoff(CutoffKind.LATEST_START, times=HOURS), Cutoff(CutoffKind.LATEST_END, times=HOURS), None, "周五直播"
            )
        )
    ),
    'did click since last order "猫*"': Did(
        EventQuery("click", (), None, Window(None, NOW, SinceEvent("last", EventQuery("order", (TextPattern("猫", True),)))))
    ),
}


@pytest.mark.parametrize("text", ANYWHERE)
def test_anywhere(text: str) -> None:
    assert meant(text) == ANYWHERE[text]


LIMITED: dict[str, ir.Condition] = {
    "did order": Did(inside(ENTERED)),
    "did not order": Not(Did(inside(ENTERED))),
    "did order within 7 days": Did(inside(WEEK)),
    "ever did order": Did(ORDER),
    "never did order": Not(Did(ORDER)),
    "did order on at least 2 days": DidOnDays(inside(ENTERED), 2),
    "sum of order.amount >= ¥5": Compare(Total("sum", inside(ENTERED), AMOUNT, ValueType.MONEY), "ge", (500,)),
    'used coupon "满100减20"': UsedCoupon("满100减20", 1, None, ENTERED),
    'received redpacket "新客红包"': ReceivedRedpacket("新客红包", 1, None, ENTERED),
    "card changed": Changed(CARD, ENTERED),
    "invited where (did order)": Invited(1, None, Did(ORDER), ENTERED),
    'tagged "新客"': HasTag((TextPattern("新客"),)),
    'holds coupon "满100减20"': HoldsCoupon("满100减20"),
    "recent >= ¥5": Compare(ir.MetricRef("recent", ValueType.MONEY), "ge", (500,)),
    "进入后 做过 order": Did(inside(ENTERED)),
    'did order since step "首触"': Did(inside(Window(Cutoff(CutoffKind.STEP, 0, 1, "首触"), NOW))),
}


@pytest.mark.parametrize("text", LIMITED)
def test_in_a_goal_what_happened_counts_since_entry(text: str) -> None:
    assert meant(text, GOAL) == LIMITED[text]


def test_in_a_wait_what_happened_counts_since_the_wait_began() -> None:
    assert meant("did order", WAITING) == Did(inside(WAITED))
    assert meant("did order since entry", WAITING) == Did(inside(ENTERED))


def test_the_same_value_as_that_of_the_event_that_started_the_block() -> None:
    same = EventQuery("order", (), None, None, None, FieldRef("store", ValueType.TEXT))
    assert meant("did order with same store", AFTER_ORDER) == Did(same)
    assert meant("做过 到店 同一 store", AFTER_ORDER) == Did(
        EventQuery("到店", (), None, None, None, FieldRef("store", ValueType.TEXT))
    )


def test_during_the_session_that_started_the_block() -> None:
    start, end = Cutoff(CutoffKind.LATEST_START, times=LESSONS), Cutoff(CutoffKind.LATEST_END, times=LESSONS)
    assert meant("该场期间 做过 order", AFTER_LESSON) == Did(inside(Window(start, end, None, "养猫课")))


WRONG = [
    ("E202", "did click since last ⟦\"odrer\"⟧"),
    ("E203", "did order with same ⟦\"shop\"⟧"),
    ("E209", 'in playbook ⟦"猫狗跟进"⟧'),
    ("E215", '领过红包 ⟦"老客红包"⟧'),
    ("E216", '未来3天内 该复购 ⟦"猫粮3kg"⟧'),
    ("E217", 'did order during activity ⟦"双十二"⟧'),
    ("E218", 'did order during activity "双十一" phase ⟦"预售"⟧'),
    ("E219", 'did order in category ⟦"狗粮"⟧'),
    ("E227", 'source in group ⟦"线上门店"⟧'),
    ("E231", 'task ⟦"上门回访"⟧ done'),
    ("E302", "average of order.amount >= ⟦\"多\"⟧"),
    ("E314", 'tier is ⟦"C级用户"⟧'),
    ("E314", 'card has been ⟦"铜卡"⟧ for 3 days'),
    ("E301", 'points has been ⟦"多"⟧ for 3 days'),
    ("E317", 'used coupon "满100减20" ⟦within the next 3 days⟧'),
    ("E320", 'anniversary of birthday ⟦during activity "双十一"⟧'),
    ("E321", "largest of order.⟦store⟧ >= 5"),
    ("E326", 'card has been "金卡" for ⟦2000 months⟧'),
    ("E360", "did order ⟦during this session⟧"),
    ("E362", "did order ⟦since entry⟧"),
    ("E363", 'did order since step ⟦"首触"⟧'),
    ("E364", "did order with same ⟦store⟧"),
    ("E365", "did order ⟦on at least 0 days⟧"),
    ("E366", 'due to reorder ⟦"猫粮5kg"⟧ within the next 3 days'),
    ("E368", '⟦tier⟧ has been "A级用户" for 3 days'),
    ("E368", "⟦recent⟧ changed"),
    ("E369", "⟦joined⟧ has been 2026-01-01 for 3 days"),
    ("E370", '⟦city⟧ in group "线下门店"'),
    ("E371", '⟦购买力 >= "低"⟧'),
]


@pytest.mark.parametrize(("code", "marked"), WRONG, ids=[f"{code}-{n}" for n, (code, _) in enumerate(WRONG)])
def test_code_and_span(code: str, marked: str) -> None:
    text, span = unmarked(marked)
    place = AFTER_ORDER if code == "E203" else NOWHERE
    found, diagnostics = ask(text, place)
    assert found is None
    assert [(d.code, text[d.span.start : d.span.end]) for d in diagnostics] == [(code, text[span.start : span.end])]
    for lang in ("zh", "en"):
        sentence, hint = render(code, diagnostics[0].params, lang, diagnostics[0].hint)
        assert "{" not in sentence
        assert hint


@pytest.mark.parametrize(
    ("sign", "listed"),
    [(">=", '"A级用户"'), (">", '"A级用户", "B级用户"'), ("<", '"B级用户"'), ("<=", '"A级用户", "B级用户"')],
)
def test_tiers_that_are_compared_are_listed_in_the_hint(sign: str, listed: str) -> None:
    found, (problem,) = ask(f'tier {sign} "A级用户"')
    assert (found, problem.code, problem.params["tiers"]) == (None, "E371", listed)


@pytest.mark.parametrize("spelt", ["积分", "points", '"积分"'])
def test_a_name_is_said_back_as_it_was_written(spelt: str) -> None:
    (problem,) = check(TEXT + f'segment "S"\n  {spelt} is "多"\n').found[-1:]
    assert (problem.code, problem.params["name"]) == ("E301", spelt.strip('"'))


def test_a_session_that_has_not_begun() -> None:
    assert AFTER_LESSON.session is not None
    before = ir.Offset(ir.Duration(ir.HOUR), before=True)
    place = replace(AFTER_LESSON, session=replace(AFTER_LESSON.session, edge="start", offset=before))
    found, (problem,) = ask("did order during this session", place)
    assert (found, problem.code, problem.span.start, problem.span.end) == (None, "E361", 10, 29)


def test_a_step_that_is_not_in_the_playbook() -> None:
    found, (problem,) = ask('did order since step "初触"', GOAL)
    assert (found, problem.code, problem.params["near"], problem.params["playbook"]) == (None, "E210", "首触", "P")


def test_replenishment_needs_an_event_of_buying() -> None:
    scope = NOWHERE.scope
    without = {name: fields for name, fields in scope.events.items() if name != "order"}
    bare = replace(NOWHERE, scope=replace(scope, events=without))
    text = 'due to reorder "猫粮2kg" within the next 3 days'
    found, (problem,) = ask(text, bare)
    assert (found, problem.code, problem.span.start, problem.span.end) == (None, "E367", 0, len(text))
    bought = replace(NOWHERE, scope=replace(scope, events={**without, "buy": {}, "购买": {}}))
    chosen = meant(text, bought)
    assert isinstance(chosen, DueToReorder)
    assert (chosen.query.event, chosen.quantity) == ("购买", None)


JOURNEYS = """
playbook "订单"
  goal did order up to 7 days
  exit when never did click or did click since entry
  when order
    push wecom "猫粮种草"
    wait for did 到店 with same store up to 30 minutes
      then
        tag "新客"
    step "二触"
      tag "老客"
    if did click since step "二触"
      stop
playbook "课后"
  1 hour after each session of activity "养猫课" for did order during this session
    tag "新客"
"""


def test_a_playbook_gives_its_conditions_their_places() -> None:
    result = check(TEXT + JOURNEYS)
    assert result.syntax == ()
    assert result.found == ()
    journey, lesson = result.program.playbooks["订单"], result.program.playbooks["课后"]
    assert journey.goal == ir.Goal(Did(inside(ENTERED)), ir.Duration(7 * ir.DAY))
    assert journey.exit == ir.Any((Not(Did(CLICK)), Did(replace(CLICK, window=ENTERED))))
    (wait,) = (i for i in journey.blocks[0].code if isinstance(i, ir.WaitFor))
    store = FieldRef("store", ValueType.TEXT)
    assert wait.condition == Did(EventQuery("到店", (), None, WAITED, None, store))
    (branch,) = (i for i in journey.blocks[0].code if isinstance(i, ir.Branch))
    done = Window(Cutoff(CutoffKind.STEP, 0, 1, "二触"), NOW)
    assert branch.condition == Did(replace(CLICK, window=done))
    start, end = Cutoff(CutoffKind.LATEST_START, times=LESSONS), Cutoff(CutoffKind.LATEST_END, times=LESSONS)
    assert lesson.blocks[0].audience == Did(inside(Window(start, end, None, "养猫课")))


LESSON = """playbook "课后"
  for did order during this session
  1 hour after each session of activity "养猫课"
    tag "新客"
"""


def test_the_audience_of_a_playbook_has_the_session_that_starts_all_its_blocks() -> None:
    result = check(TEXT + LESSON)
    audience = result.program.playbooks["课后"].audience
    assert audience == meant("did order during this session", AFTER_LESSON)
    other = "  every day at 10:00\n    stop\n"
    assert [d.code for d in check(TEXT + LESSON + other).found if d.severity == "error"] == ["E360"]
    sooner = '  1 hour before each session of activity "养猫课"\n    stop\n'
    assert [d.code for d in check(TEXT + LESSON + sooner).found if d.severity == "error"] == ["E361"]


MISPLACED = [
    ("E360", '  for did order ⟦during this session⟧\n  every day at 10:00\n    stop\n'),
    ("E361", '  2 hours before each session of activity "养猫课" for did order ⟦during this session⟧\n    stop\n'),
    ("E362", "  for did order ⟦since entry⟧\n  every day at 10:00\n    stop\n"),
    ("E363", '  for did order since step ⟦"首触"⟧\n  every day at 10:00\n    stop\n'),
    ("E364", "  when tagged \"新客\"\n    if did order with same ⟦store⟧\n      stop\n"),
    ("E210", '  every day at 10:00\n    if did order since step ⟦"初触"⟧\n      stop\n    step "首触"\n      stop\n'),
]


@pytest.mark.parametrize(("code", "lines"), MISPLACED, ids=[f"{code}-{n}" for n, (code, _) in enumerate(MISPLACED)])
def test_what_cannot_stand_at_its_place(code: str, lines: str) -> None:
    text, span = unmarked(f'{TEXT}playbook "错"\n{lines}')
    result = check(text)
    assert result.syntax == ()
    assert [(d.code, d.span) for d in result.found] == [(code, span)]
    assert list(result.program.blocked) == ["错"]


@pytest.mark.parametrize(
    ("code", "text"),
    [("E362", "did order since entry"), ("E363", 'did order since step "首触"'), ("E364", "did order with same store")],
)
def test_what_speaks_of_a_journey_is_an_error_in_questions_policies_and_segments(code: str, text: str) -> None:
    written, problems = parse_condition(text, collect_names([TEXT]))
    assert problems == ()
    assert written is not None
    found, (problem,) = resolve_condition(written, PROGRAM, SETTINGS)
    assert (found, problem.code) == (None, code)
    strict = check(f"{TEXT}policy\n  never push members who {text}\n")
    assert (strict.codes, dict(strict.program.blocked)) == ([code], {"猫粮跟进": (code,)})
    assert check(f'{TEXT}segment "S"\n  {text}\n').codes == [code]
