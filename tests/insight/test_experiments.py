"""What playbooks achieve against those who got nothing, with numbers counted and computed by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from qingting.engine.insight.experiments import Experiment, spans_over
from qingting.engine.insight.proportions import difference_of, share_of
from qingting.engine.program.clock import add_duration
from qingting.engine.program.ir import DAY, MINUTE, Duration
from qingting.engine.reporting import experiments
from sampling import sampled
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
ONE_ARM = """
剧本 "甲"
  {header}
  定时 2026-11-18 10:00
    推送 企微 "{template}"
"""
HELD = ONE_ARM.format(header="对照组 50%\n  转化目标 做过 下单 最长7天", template="问候")
MANY = tuple(f"m{n:02d}" for n in range(40))


# Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, and the paper cited, table II.
@pytest.mark.parametrize(
    ("reached", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1.0)],
)
def test_the_share_of_published_examples(reached: int, total: int, low: float, high: float) -> None:
    found = share_of(reached, total)
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (reached / total, low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926), ((0, 10), (0, 20), -0.1611, 0.2775), ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0), ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_difference_of_published_examples(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference_of(share_of(*one), share_of(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def asked(shop: Shop, at: str, since: str | None = None, until: str | None = None) -> Experiment:
    """The only experiment of a shop."""
    (found,) = experiments(
        shop.ws, at=when(at), since=None if since is None else when(since), until=None if until is None else when(until)
    )
    return found


def counts(found: Experiment) -> list[tuple[str, str | None, int, int, int, int]]:
    return [(a.kind, a.name, a.entered, a.reached, a.open, a.open_reached) for a in found.arms]


def entered(open_shop: Open, text: str = HELD) -> tuple[Shop, list[str], list[str]]:
    """A shop in which forty members and the four friends entered or were held out; who was which, in order."""
    shop = open_shop(text)
    shop.members(*MANY)
    shop.run("2026-11-18 10:05")
    rows = shop.rows("SELECT m.id, e.why FROM enrolments e JOIN members m USING (unit) ORDER BY m.id")
    return shop, [m for m, why in rows if why != "holdout"], [m for m, why in rows if why == "holdout"]


def test_entered_against_held_out(open_shop: Open) -> None:
    shop, inside, held = entered(open_shop)
    assert len(inside) + len(held) == 44
    shop.event("下单", *inside[:6], *held[:2], at="2026-11-19 12:00")
    # One came too late for the goal.
    shop.event("下单", inside[6], at="2026-11-25 10:01")
    shop.run("2026-11-24 10:00")
    shop.run("2026-11-25 10:30")
    found = asked(shop, "2026-11-26 00:00")
    assert counts(found) == [("entered", None, len(inside), 6, 0, 0), ("holdout", None, len(held), 2, 0, 0)]
    assert found.arms[0].lift == difference_of(share_of(6, len(inside)), share_of(2, len(held)))
    assert found.arms[1].lift is None
    assert (found.playbook, found.goal.up_to, found.earlier) == ("甲", Duration(7 * DAY), 0)


def test_windows_that_are_not_over_stand_apart_also_where_no_run_has_looked_since(open_shop: Open) -> None:
    shop, inside, held = entered(open_shop)
    shop.event("下单", *inside[:3], at="2026-11-19 12:00")
    shop.run("2026-11-19 13:00")
    still = [("entered", None, 0, 0, len(inside), 3), ("holdout", None, 0, 0, len(held), 0)]
    for at in ("2026-11-20 00:00", "2026-11-25 09:59", "2026-11-30 00:00"):
        assert counts(asked(shop, at)) == still
    assert [arm.rate for arm in asked(shop, "2026-11-30 00:00").arms] == [None, None]
    shop.run("2026-11-25 10:00")
    assert counts(asked(shop, "2026-11-25 10:00"))[0] == ("entered", None, len(inside), 3, 0, 0)
    # As it was before that run.
    assert counts(asked(shop, "2026-11-25 09:59")) == still


def test_entries_of_a_while(open_shop: Open) -> None:
    shop = open_shop('剧本 "甲"\n  转化目标 做过 下单 最长1天\n  每天 10:00\n    推送 企微 "问候"\n')
    for day in range(18, 22):
        shop.run(f"2026-11-{day} 10:05")
        shop.event("下单", "u1", at=f"2026-11-{day} 11:00")
        shop.run(f"2026-11-{day} 12:00")
    # Four entries on each of four days; those of the last are open.
    assert counts(asked(shop, "2026-11-21 13:00")) == [("entered", None, 12, 3, 4, 1)]
    found = asked(shop, "2026-11-21 13:00", "2026-11-18 10:00", "2026-11-20 10:00")
    assert counts(found) == [("entered", None, 8, 2, 0, 0)]
    assert found.arms[0].lift is None


SPLIT = """
剧本 "甲"
  {header}
  定时 2026-11-18 10:00
    {before}
    分流 "诱饵"
      50% "红包"
        推送 企微 "问候"
      {rest}
        推送 企微 "推荐"
"""


def test_arms_against_the_arm_that_gets_nothing(open_shop: Open) -> None:
    text = SPLIT.format(header="对照组 20%\n  转化目标 做过 下单 最长7天", before="打标签 \"已触达\"", rest="50% 对照组")
    shop, inside, held = entered(open_shop, text.removesuffix('        推送 企微 "推荐"\n'))
    arms = dict(shop.rows("SELECT m.id, e.arm FROM enrolments e JOIN members m USING (unit)"))
    lured, idle = ([m for m in inside if arms[m] == name] for name in ("红包", "holdout"))
    assert len(lured) + len(idle) == len(inside)
    shop.event("下单", *lured[:4], *idle[:1], *held[:1], at="2026-11-19 12:00")
    shop.run("2026-11-25 10:00")
    found = asked(shop, "2026-11-25 11:00")
    assert counts(found) == [
        ("entered", None, len(inside), 5, 0, 0), ("holdout", None, len(held), 1, 0, 0),
        ("arm", "红包", len(lured), 4, 0, 0), ("arm_holdout", None, len(idle), 1, 0, 0),
    ]
    assert found.arms[0].lift == difference_of(share_of(5, len(inside)), share_of(1, len(held)))
    assert found.arms[2].lift == difference_of(share_of(4, len(lured)), share_of(1, len(idle)))


def test_arms_are_compared_with_the_playbooks_holdout_only_where_everybody_came_to_the_split(open_shop: Open) -> None:
    header = "对照组 50%\n  转化目标 做过 下单 最长7天"
    for before, compared in (('打标签 "已触达"', True), ("等待 1天", False)):
        shop, inside, held = entered(open_shop, SPLIT.format(header=header, before=before, rest='50% "文字"'))
        # Who has the goal before the split does not come to it.
        shop.event("下单", *inside[:5], *held[:1], at="2026-11-18 12:00")
        shop.run("2026-11-18 12:05")
        shop.run("2026-11-19 10:05")
        shop.run("2026-11-25 10:05")
        found = asked(shop, "2026-11-25 11:00")
        assert sum(arm.entered for arm in found.arms if arm.kind == "arm") == len(inside) - (0 if compared else 5)
        assert [arm.lift is not None for arm in found.arms] == [True, False, compared, compared]


def test_where_some_are_taken_the_holdout_is_none_of_theirs(open_shop: Open) -> None:
    shop, inside, held = entered(open_shop, HELD.replace("对照组 50%", "对照组 50%\n  只取随机10"))
    shop.run("2026-11-25 10:05")
    found = asked(shop, "2026-11-25 11:00")
    assert counts(found) == [("entered", None, 10, 0, 0, 0), ("holdout", None, len(held), 0, 0, 0)]
    assert (len(inside), found.arms[0].lift) == (10, None)


def test_entries_under_another_goal_are_told_apart(open_shop: Open) -> None:
    shop, inside, held = entered(open_shop)
    shop.run("2026-11-25 10:05")
    newer = ONE_ARM.format(header="转化目标 做过 下单 最长3天", template="推荐").replace("11-18", "11-26")
    shop.write(newer)
    shop.run("2026-11-26 10:05")
    shop.run("2026-11-29 10:05")
    found = asked(shop, "2026-11-29 11:00")
    assert (counts(found), found.earlier) == ([("entered", None, 44, 0, 0, 0)], len(inside) + len(held))
    # Another text of the same goal is the same experiment.
    shop.write(newer.replace("推荐", "称呼").replace('剧本 "甲"', '剧本 "甲"\n  说明 "又改了"'))
    shop.run("2026-11-29 12:00")
    assert counts(asked(shop, "2026-11-29 12:00")) == counts(found)


def test_a_playbook_that_is_paused_keeps_its_windows_open(open_shop: Open) -> None:
    shop, inside, _ = entered(open_shop)
    shop.write(HELD.replace("对照组", "暂停\n  对照组"))
    shop.run("2026-11-26 10:00")
    assert counts(asked(shop, "2026-11-26 11:00"))[0] == ("entered", None, 0, 0, len(inside), 0)


def test_without_goals_there_is_nothing(open_shop: Open) -> None:
    shop = open_shop(ONE_ARM.format(header="对照组 50%", template="问候"))
    assert experiments(shop.ws, at=when("2026-11-18 10:00")) == ()
    shop.write(HELD)
    assert counts(asked(shop, "2026-11-18 11:00")) == [("entered", None, 0, 0, 0, 0)]


@pytest.mark.parametrize("looked", sampled(4, ["2027-02-28 10:00", "2027-03-01 00:00", "2027-03-31 10:00", "2028-02-29 23:30"]))
@pytest.mark.parametrize("window", [Duration(0, 1), Duration(0, 3), Duration(2 * DAY), Duration(DAY, 1)])
def test_entries_whose_window_is_over_are_those_whose_end_has_come(looked: str, window: Duration) -> None:
    """Asked of every half hour of a hundred and twenty days, and of the microsecond behind it."""
    instant = micros(looked)
    spans = spans_over(instant, window, "Asia/Shanghai")
    for back in range(120 * 48):
        for entered in (instant - back * 30 * MINUTE, instant - back * 30 * MINUTE + 1):
            over = any(low <= entered <= high for low, high in spans)
            assert over == (add_duration(entered, window, "Asia/Shanghai") <= instant)
