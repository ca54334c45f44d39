"""Stages: sentences 27 to 32 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from delivery.hands import deliverer
from qingting.engine.delivery.channels import Answer, Message
from qingting.engine.delivery.outbox import deliver_once
from qingting.engine.delivery.render import Renderer
from qingting.engine.run.report import REASONS
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import Shop, micros, report_of, when

Open = Callable[..., Shop]
PUSH = 'push "问候"'
TAG = 'tag "已触达"'

# What can keep u1 from the push at 20:00, in the order in which it counts, each with the line that makes it so.
CAUSES = ("late", "duplicate", "never_push", "holdout", "quiet_hours", "cap", "stock", "per_member_limit", "incomplete")
LINES = {
    "never_push": "永不推送 有标签 \"退订\"",
    "quiet_hours": "免打扰 21:00 到 22:00 放弃",
    "cap": "每人每天最多1条",
}


def many_causes(present: Sequence[str]) -> str:
    """A workspace in which all of ``present`` keep u1 from a push when 新客 is given."""
    policy = "\n".join(f"  {line}" for cause, line in LINES.items() if cause in present)
    return f"""
券 "券" 减¥5
  库存 {1 if "stock" in present else 100}
  {"每人限1张" if "per_member_limit" in present else "每人限99张"}
全局规则
  时区 Asia/Shanghai
{policy}
剧本 "甲"
  {"每人仅一次" if "duplicate" in present else ""}
  {"对照组 99.99%" if "holdout" in present else ""}
  当 打上标签 "老客"
    推送 企微 "{"称呼" if "incomplete" in present else "问候"}" 附券 "券"
"""


@pytest.mark.parametrize("first", CAUSES)
def test_27_the_first_reason_applies(open_shop: Open, first: str) -> None:
    causes = CAUSES[CAUSES.index(first) :]
    # In the morning u1 gets the push, and with it the only coupon and all that a day allows.
    shop = open_shop(many_causes([cause for cause in causes if cause == "duplicate"]))
    shop.tag("老客", "u1", at="2026-11-18 08:50")
    shop.run("2026-11-18 09:00")
    shop.untag("老客", "u1", at="2026-11-18 09:10")
    shop.tag("退订", "u1", at="2026-11-18 11:00")
    shop.write(many_causes(causes))
    shop.tag("老客", "u1", at="2026-11-18 20:00", since="2026-11-17 12:00" if first == "late" else "2026-11-18 20:00")
    report = report_of(shop.run("2026-11-18 21:05"), "甲")
    assert [r.reason for r in shop.log()] == [None] + ([] if first == "duplicate" else [first])
    assert report.duplicate == (first == "duplicate")


def test_27_the_reasons_are_in_their_order() -> None:
    assert [reason for reason in REASONS if reason in CAUSES] == list(CAUSES)


def test_28_one_record_at_entry_or_at_each_step(open_shop: Open) -> None:
    shop = open_shop("""
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  面向 有标签 "好友"
  免打扰 19:00 到 21:00 放弃
  每人仅一次
  每天 12:00、20:00
    打标签 "已触达"
    推送 企微 "问候"
    打标签 "老客"
""")
    shop.tag("退订", "u1", at="2026-11-18 10:00")
    shop.untag("好友", "u3", "u4", at="2026-11-18 10:00")
    shop.run("2026-11-18 12:05")
    assert sorted(shop.decided()) == [
        ("u1", TAG, "never_push"), ("u2", PUSH, "queued"), ("u2", TAG, "done"), ("u2", 'tag "老客"', "done"),
    ]
    shop.tag("好友", "u3", at="2026-11-18 13:00")
    report = report_of(shop.run("2026-11-18 20:05"), "甲")
    assert report.duplicate == 1
    assert sorted(shop.decided()[4:]) == [
        ("u1", TAG, "never_push"), ("u3", PUSH, "quiet_hours"), ("u3", TAG, "done"), ("u3", 'tag "老客"', "done"),
    ]
    reached = {step.step: (step.audience, step.dispatched, dict(step.suppressed)) for step in report.steps}
    assert reached[TAG] == (2, 1, {"never_push": 1})
    assert reached[PUSH] == (1, 0, {"quiet_hours": 1})


QUIET = """
剧本 "甲"
  面向 有标签 "新客"
  免打扰 22:00 到 08:00 顺延
  定时 2026-11-18 23:00
    推送 企微 "问候"
"""


def test_29_a_deferred_push_is_parked_without_a_record(open_shop: Open) -> None:
    shop = open_shop(QUIET)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    (step,) = report_of(shop.run("2026-11-18 23:05"), "甲").steps
    assert (step.audience, step.dispatched, dict(step.deferred)) == (1, 0, {"quiet_hours": 1})
    assert shop.log() == []
    assert shop.rows("SELECT due, deferrals FROM enrolments") == [(micros("2026-11-19 08:00"), 1)]
    shop.run("2026-11-19 08:00")
    assert [(r.member_id, r.status, r.t) for r in shop.log()] == [("u1", "queued", when("2026-11-19 08:00"))]


def test_29_at_most_three_times(open_shop: Open) -> None:
    shop = open_shop(QUIET)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    for night in (18, 19, 20):
        # Due in the morning, the run comes at night again.
        shop.run(f"2026-11-{night} 23:05")
        assert shop.log() == []
    shop.run("2026-11-21 23:05")
    assert shop.decided() == [("u1", PUSH, "quiet_hours")]


@pytest.mark.parametrize(("cap", "found"), [("7天", "deferred"), ("8天", "cap")])
def test_29_at_most_seven_days_ahead(open_shop: Open, cap: str, found: str) -> None:
    shop = open_shop(f"""
全局规则
  时区 Asia/Shanghai
  每人{cap}最多1条 顺延
剧本 "甲"
  面向 有标签 "新客"
  每天 12:00、12:01
    推送 企微 "问候"
""")
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 12:00:30")
    shop.run("2026-11-18 12:05")
    assert shop.decided() == [("u1", PUSH, "queued"), *([("u1", PUSH, "cap")] if found == "cap" else [])]
    assert len(shop.rows("SELECT due FROM enrolments WHERE ended IS NULL")) == (found == "deferred")


CAPPED = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  每人每天最多1条
剧本 "甲"
  {header}
  面向 有标签 "新客"
  每天 {first}、{second}
    推送 企微 "问候"
"""


class Answering:
    """A channel that gives one answer to everything."""

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        return [Answer(self.outcome) for _ in messages]


@pytest.mark.parametrize("outcome", ["sent", "unknown", "confirmed", "failed", "refused", "withdrawn"])
def test_30_caps_count_what_was_sent_or_may_have_been(open_shop: Open, outcome: str) -> None:
    shop = open_shop(CAPPED.format(header="优先级 50", first="12:00", second="14:00"))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 12:00")
    with SqliteStore.open(shop.path, writable=True) as store:
        refused = (lambda units, category: frozenset(units)) if outcome == "withdrawn" else None
        channel = Answering("sent" if outcome == "withdrawn" else outcome)
        carrier = replace(
            deliverer(store, {"wecom": channel}, refused=refused), renderer=Renderer(shop.ws.load().program.library.templates)
        )
        deliver_once(store, carrier, micros("2026-11-18 12:05"))
    shop.run("2026-11-18 14:00")
    counts = outcome in ("sent", "unknown", "confirmed")
    assert [r.delivery.outcome for r in shop.log() if r.delivery] == [outcome]
    assert shop.decided()[1:] == [("u1", PUSH, "cap" if counts else "queued")]


def test_30_a_day_is_that_of_the_playbooks_zone(open_shop: Open) -> None:
    # 12:00 and 14:00 in Shanghai lie on both sides of midnight in New York, as do 23:00 and 01:00 there.
    shop = open_shop(CAPPED.format(header="时区 America/New_York", first="23:00", second="01:00"))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 12:00")
    shop.run("2026-11-18 14:00")
    assert shop.decided() == [("u1", PUSH, "queued"), ("u1", PUSH, "queued")]
    other = open_shop(CAPPED.format(header="优先级 50", first="12:00", second="14:00"))
    other.tag("新客", "u1", at="2026-11-18 10:00")
    other.run("2026-11-18 12:00")
    other.run("2026-11-18 14:00")
    assert other.decided() == [("u1", PUSH, "queued"), ("u1", PUSH, "cap")]


def test_30_a_deferred_push_counts_when_it_may_go_out(open_shop: Open) -> None:
    shop = open_shop(CAPPED.format(header="免打扰 22:00 到 08:00 顺延", first="23:00", second="12:00"))
    shop.tag("新客", "u1", at="2026-11-18 13:00")
    shop.run("2026-11-18 23:05")
    shop.run("2026-11-19 12:05")
    assert [(r.t.hour, r.reason) for r in shop.log()] == [(8, None), (12, "cap")]


def test_30_service_pushes_are_neither_limited_nor_counted(open_shop: Open) -> None:
    shop = open_shop(
        CAPPED.format(header="类别 服务", first="12:00", second="13:00")
        + """
剧本 "乙"
  面向 有标签 "新客"
  每天 14:00
    推送 企微 "推荐"
"""
    )
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    for clock in ("12:00", "13:00", "14:00"):
        shop.run(f"2026-11-18 {clock}")
    assert [r.status for r in shop.log()] == ["queued"] * 3


REENTRY = """
剧本 "甲"
  面向 有标签 "新客"
  每人仅一次
  {header}
  每天 20:00
    推送 企微 "问候"
{wait}
"""
QUIET_EVENING = "免打扰 19:00 到 21:00 放弃"
WAIT = "    等待 1小时"


@pytest.mark.parametrize(
    ("header", "wait", "counts"),
    [("", "", True), (QUIET_EVENING, "", False), (QUIET_EVENING, WAIT, True), ("对照组 99.99%", "", True)],
)
def test_31_what_counts_as_an_entry(open_shop: Open, header: str, wait: str, counts: bool) -> None:
    shop = open_shop(REENTRY.format(header=header, wait=wait))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    shop.run("2026-11-18 21:05")
    shop.write(REENTRY.format(header="", wait=wait))
    report = report_of(shop.run("2026-11-19 20:05"), "甲")
    assert (report.entered, report.duplicate) == ((0, 1) if counts else (1, 0))


def test_31_a_line_added_later_counts_what_was_dispatched_before(open_shop: Open) -> None:
    without = REENTRY.replace("  每人仅一次\n", "")
    shop = open_shop(without.format(header="", wait=""))
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    shop.write(without.format(header=QUIET_EVENING, wait=""))
    shop.tag("新客", "u2", at="2026-11-19 10:00")
    shop.run("2026-11-19 20:05")
    shop.write(REENTRY.format(header="", wait=""))
    report = report_of(shop.run("2026-11-20 20:05"), "甲")
    # u1 got something; u2 was only refused.
    assert (report.entered, report.duplicate) == (1, 1)


def test_32_a_missed_schedule_is_reported_and_leaves_no_record(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  每天 10:00、11:00、12:00
    推送 企微 "问候"
""")
    report = report_of(shop.plan("2026-11-18 14:00:01"), "甲")
    assert (report.occurrences, list(report.missed)) == ((), [micros(f"2026-11-18 {h}:00") for h in (10, 11, 12)])
    report = report_of(shop.run("2026-11-18 14:00"), "甲")
    assert (report.occurrences, len(report.missed)) == ((micros("2026-11-18 12:00"),), 2)
    assert {r.t for r in shop.log()} == {when("2026-11-18 12:00")}


def test_32_a_late_fact_leaves_one_record(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  当 打上标签 "新客"
    打标签 "已触达"
    推送 企微 "问候"
""")
    shop.tag("新客", "u1", at="2026-11-19 10:00", since="2026-11-18 09:59:59.999999")
    shop.tag("新客", "u2", at="2026-11-19 10:00", since="2026-11-18 10:00")
    report = report_of(shop.run("2026-11-19 10:05"), "甲")
    assert sorted(shop.decided()) == [("u1", TAG, "late"), ("u2", PUSH, "queued"), ("u2", TAG, "done")]
    assert report.late == 1
