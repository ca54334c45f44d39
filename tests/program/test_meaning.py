"""What conditions, headers and steps mean: text against the checked program."""

from __future__ import annotations

import pytest
from qingting.engine.program import ir
from qingting.engine.program.ir import (
    All,
    Always,
    Any,
    AttributeRef,
    Branch,
    Compare,
    Cutoff,
    CutoffKind,
    Did,
    Divide,
    EventQuery,
    FieldRef,
    GiveTags,
    HasTag,
    InSegment,
    InWindow,
    IssueCoupon,
    Jump,
    MetricRef,
    Not,
    Push,
    Received,
    Sample,
    TakeTags,
    TextPattern,
    Total,
    ValueType,
    Wait,
    Window,
)

from .texts import LIBRARY, condition_of, playbook_of

CITY = AttributeRef("city", ValueType.TEXT)
POINTS = AttributeRef("points", ValueType.NUMBER)
JOINED = AttributeRef("joined", ValueType.INSTANT)
AMOUNT = FieldRef("amount", ValueType.MONEY)
NEW, OLD = TextPattern("新客"), TextPattern("老客")
DAY_OF_2026 = 1767225600 * 1_000_000


def from_local(micros: int, plus: int = 0) -> Cutoff:
    return Cutoff(CutoffKind.LOCAL, micros, plus)


CONDITIONS: dict[str, ir.Condition] = {
    'city is "上海"': Compare(CITY, "is", ("上海",)),
    'city in "上海", "杭州", "上海"': Compare(CITY, "in", ("上海", "杭州")),
    "积分 >= 0.5": Compare(POINTS, "ge", (500_000,)),
    "points between 500 and 1999": Compare(POINTS, "between", (500_000_000, 1_999_000_000)),
    "spent >= 12.5": Compare(AttributeRef("spent", ValueType.MONEY), "ge", (1250,)),
    "bound is yes": Compare(AttributeRef("bound", ValueType.YES_NO), "is", (1,)),
    "birthday < 2000-01-31": Compare(AttributeRef("birthday", ValueType.DATE), "lt", (20000131,)),
    "city is known": Compare(CITY, "known"),
    "recent >= ¥300": Compare(MetricRef("recent", ValueType.MONEY), "ge", (30000,)),
    "orders >= 2": Compare(MetricRef("orders", ValueType.NUMBER), "ge", (2_000_000,)),
    "number of order >= 2": Compare(
        Total("number", EventQuery("order"), None, ValueType.NUMBER), "ge", (2_000_000,)
    ),
    "joined >= 2026-01-01": InWindow(JOINED, Window(from_local(DAY_OF_2026), None)),
    "joined > 2026-01-01": InWindow(JOINED, Window(from_local(DAY_OF_2026, 1), None)),
    "joined is 2026-01-01": InWindow(JOINED, Window(from_local(DAY_OF_2026), from_local(DAY_OF_2026 + ir.DAY))),
    "joined is not 2026-01-01": All(
        (
            Compare(JOINED, "known"),
            Not(InWindow(JOINED, Window(from_local(DAY_OF_2026), from_local(DAY_OF_2026 + ir.DAY)))),
        )
    ),
    'tagged "新客"': HasTag((NEW,)),
    'tagged any of "新客", "老客"': HasTag((NEW, OLD) if NEW.text < OLD.text else (OLD, NEW)),
    'tagged "*"': HasTag((TextPattern("", True),)),
    'tagged "兴趣:*"': HasTag((TextPattern("兴趣:", True),)),
    'tagged in group "生命周期"': HasTag(tuple(sorted((NEW, OLD), key=lambda p: p.text))),
    'tagged in group "空组"': Always(False),
    'in segment "上海人"': InSegment("上海人"),
    "did click": Did(EventQuery("click")),
    "did not click": Not(Did(EventQuery("click"))),
    "did click exactly 0 times": Not(Did(EventQuery("click"))),
    "did click at most 0 times": Not(Did(EventQuery("click"))),
    "did click at most 2 times": Did(EventQuery("click"), 0, 2),
    "did click exactly 2 times": Did(EventQuery("click"), 2, 2),
    'did order "猫*" where amount >= ¥50, store is "静安"': Did(
        EventQuery(
            "order",
            (TextPattern("猫", True),),
            All((Compare(AMOUNT, "ge", (5000,)), Compare(FieldRef("store", ValueType.TEXT), "is", ("静安",)))),
        )
    ),
    "did order where 数量 >= 2": Did(
        EventQuery("order", (), Compare(FieldRef("qty", ValueType.NUMBER), "ge", (2_000_000,)))
    ),
    "in sample 10%": Sample("", 0, 1000),
    'in sample 10% to 33.33% of "x"': Sample("x", 1000, 3333),
    'received template "猫粮*" exactly 0 times': Not(Received(None, None, TextPattern("猫粮", True))),
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_conditions(text: str) -> None:
    assert condition_of(text) == CONDITIONS[text]


def test_all_of_a_list_of_tags() -> None:
    assert condition_of('tagged all of "新客", "老客"') == All(
        tuple(HasTag((tag,)) for tag in sorted((NEW, OLD), key=lambda p: p.text))
    )


def test_blocks_of_conditions() -> None:
    library = LIBRARY + """
segment "S"
  all of
    tagged "新客"
    any of
      points >= 1
      points <= 5
    none of
      tagged "退订"
playbook "P"
  for in segment "S"
  every day at 10:00
    stop
"""
    from .texts import check

    one, five = Compare(POINTS, "ge", (1_000_000,)), Compare(POINTS, "le", (5_000_000,))
    assert check(library).program.library.segments["S"] == All(
        (HasTag((NEW,)), Any((one, five)), Not(HasTag((TextPattern("退订"),))))
    )


STEPS = """
playbook "P"
  every day at 10:00
    push "猫粮种草" with coupon "满100减20"
    step "首触"
      push sms "通用"
      tag "新客", "老客"
      push wecom "猫粮种草"
    if city is "上海"
      tag "新客"
    else if city is "北京"
      untag "老客"
    else
      wait 2 hours
    split "诱饵"
      40% "红包"
        coupon "满100减20"
      20% holdout
      40% "空"
        tag "新客"
  when tagged "兴趣:*"
    if points >= 1
      stop
    tag "新客"
"""


def test_steps_become_one_row_with_forward_jumps() -> None:
    first, second = playbook_of(STEPS).blocks
    assert first.code == (
        Push('push "猫粮种草"', "wecom", "猫粮种草", "满100减20"),
        Push("首触/push", "sms", "通用"),
        GiveTags("首触/tag", ("新客", "老客")),
        Push("首触/push #2", "wecom", "猫粮种草"),
        Branch(Compare(CITY, "is", ("上海",)), 7),
        GiveTags('tag "新客"', ("新客",)),
        Jump(11),
        Branch(Compare(CITY, "is", ("北京",)), 10),
        TakeTags('untag "老客"', ("老客",)),
        Jump(11),
        Wait(ir.Duration(2 * ir.HOUR)),
        Divide("split:P\0诱饵", (("红包", 4000, 12), ("holdout", 6000, 14), ("空", 10000, 15))),
        IssueCoupon('coupon "满100减20"', "满100减20"),
        Jump(16),
        Jump(16),
        GiveTags('tag "新客" #2', ("新客",)),
    )
    assert second.code == (
        Branch(Compare(POINTS, "ge", (1_000_000,)), 2),
        ir.Stop(),
        GiveTags('tag "新客" #3', ("新客",)),
    )
    assert second.trigger == ir.TagGained(TextPattern("兴趣:", True))


def test_jumps_go_forward() -> None:
    for block in playbook_of(STEPS).blocks:
        for position, instruction in enumerate(block.code):
            match instruction:
                case Branch(_, target) | Jump(target):
                    assert position < target <= len(block.code)
                case Divide(_, arms):
                    assert all(position < target <= len(block.code) for _, _, target in arms)
                    assert arms[-1][1] == 10_000


def test_headers() -> None:
    playbook = playbook_of("""
policy
  timezone Europe/Berlin
playbook "P"
  about "x"
  owner "宠物组"
  category service
  priority 60
  active from 2026-01-01 to 2026-01-31
  quiet hours 22:00 to 08:00 skip
  holdout 5%
  guard 20%
  once per year per member in all
  draft
  every day at 20:00, 09:00
    stop
  every month on last day, 15, 1 at 10:00
    again after 1 month
    stop
""")
    assert (playbook.about, playbook.owner, playbook.category, playbook.priority) == ("x", "宠物组", "service", 60)
    assert playbook.active == Window(from_local(DAY_OF_2026), from_local(DAY_OF_2026 + 31 * ir.DAY))
    assert playbook.quiet == ir.QuietHours(22 * 60, 8 * 60, "skip")
    assert (playbook.holdout, playbook.guard, playbook.state) == (500, ir.Guard(share=2000), "draft")
    assert playbook.zone == ir.Zone("Europe/Berlin")
    first, second = playbook.blocks
    assert first.reentry == ir.Reentry("once", "year", None, True)
    assert first.trigger == ir.Daily(None, (540, 1200))
    assert second.reentry == ir.Reentry("again", None, ir.Duration(0, 1))
    assert second.trigger == ir.Monthly((1, 15, -1), (600,))
    assert playbook.audience == Always(True)


def test_blocks_that_cannot_meet_need_no_step_names() -> None:
    body = """
playbook "P"
  every day at 10:00 for city is "上海"
    push wecom "猫粮种草"
  every day at 10:00 for city is "北京"
    push wecom "猫粮种草"
"""
    from .texts import check

    assert check(LIBRARY + body).codes == []
    assert check(LIBRARY + body.replace('city is "北京"', "points >= 1")).codes == ["W405"]
