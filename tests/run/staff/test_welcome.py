"""Welcomes: only in time, whatever caps and quiet hours say, and never against consent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from workspaces import Shop, micros

Open = Callable[..., Shop]
JOINED = "2026-11-18 20:00:00"
TEXT = """
话术 "欢迎短信" 用于 短信
  正文 "欢迎"
剧本 "甲"
  当 加好友
    欢迎语 "问候"
    打标签 "新客"
"""


def joined(open_shop: Open, text: str = TEXT, *, at: str = JOINED, arrived: str | None = None) -> Shop:
    """A shop that somebody joins."""
    shop = open_shop(text)
    shop.bring("members", [{"id": "n1", "加好友时间": at}], at=arrived or at)
    return shop


@pytest.mark.parametrize(("at", "outcome"), [
    ("2026-11-18 20:00:00", "queued"), ("2026-11-18 20:00:20", "queued"), ("2026-11-18 20:00:21", "late"),
    ("2026-11-18 23:00:00", "late"),
])
def test_what_wecom_allows(open_shop: Open, at: str, outcome: str) -> None:
    """The code that a welcome needs lives for 20 seconds; what comes after it goes on."""
    shop = joined(open_shop)
    shop.run(at)
    assert shop.decided() == [("n1", 'welcome "问候"', outcome), ("n1", 'tag "新客"', "done")]
    record = shop.log()[0]
    assert (record.action, record.channel, (record.content or "").split("@")[0]) == ("welcome", "wecom", "问候")


@pytest.mark.parametrize(("at", "outcome"), [("2026-11-18 20:10:00", "queued"), ("2026-11-18 20:10:01", "late")])
def test_other_channels_take_it_while_it_is_punctual(open_shop: Open, at: str, outcome: str) -> None:
    shop = joined(open_shop, TEXT.replace('欢迎语 "问候"', '欢迎语 "欢迎短信"'))
    shop.run(at)
    assert shop.decided()[0] == ("n1", 'welcome "欢迎短信"', outcome)


def test_the_time_counts_from_joining_and_not_from_hearing_of_it(open_shop: Open) -> None:
    shop = joined(open_shop, arrived="2026-11-18 20:05:00")
    shop.run("2026-11-18 20:05:01")
    assert shop.decided()[0] == ("n1", 'welcome "问候"', "late")


def test_a_welcome_behind_a_wait_is_late(open_shop: Open) -> None:
    shop = joined(open_shop, TEXT.replace("    欢迎语", "    等待 1分钟\n    欢迎语"))
    shop.run("2026-11-18 20:00:01")
    shop.run("2026-11-18 20:01:00")
    assert shop.decided()[0] == ("n1", 'welcome "问候"', "late")


@pytest.mark.parametrize(("at", "sent"), [("2026-11-18 20:00:20", 1), ("2026-11-18 20:00:21", 0)])
def test_handed_over_in_time_or_not_at_all(open_shop: Open, at: str, sent: int) -> None:
    shop = joined(open_shop)
    shop.run("2026-11-18 20:00:05")
    assert shop.rows("SELECT latest FROM outbox") == [(micros("2026-11-18 20:00:20"),)]
    report = shop.deliver(at)
    assert (report.sent, report.withdrawn) == (sent, 1 - sent)


def test_outside_caps_and_quiet_hours(open_shop: Open) -> None:
    """It goes out at night beyond the cap, and takes nothing of the cap."""
    shop = joined(open_shop, """
全局规则
  时区 Asia/Shanghai
  免打扰 18:00 到 08:00 放弃
  每人每天最多1条
剧本 "乙"
  优先级 90
  当 加好友
    推送 企微 "推荐" 不受免打扰  # 当场说
剧本 "甲"
  当 加好友
    欢迎语 "问候"
剧本 "丙"
  优先级 10
  当 加好友
    欢迎语 "问候"
    推送 企微 "推荐" 不受免打扰  # 当场说
""")
    shop.run("2026-11-18 20:00:05")
    assert shop.decided() == [
        ("n1", 'push "推荐"', "queued"), ("n1", 'welcome "问候"', "queued"), ("n1", 'welcome "问候"', "queued"),
        ("n1", 'push "推荐"', "cap"),
    ]


def test_never_against_consent(open_shop: Open) -> None:
    shop = joined(open_shop, """
全局规则
  时区 Asia/Shanghai
  永不推送 无标签 "好友"
""" + TEXT)
    shop.run("2026-11-18 20:00:05")
    assert shop.decided() == [("n1", 'welcome "问候"', "never_push")]


def test_what_a_text_needs_must_be_known(open_shop: Open) -> None:
    shop = joined(open_shop, TEXT.replace('欢迎语 "问候"', '欢迎语 "称呼"'))
    shop.run("2026-11-18 20:00:05")
    assert shop.decided()[0] == ("n1", 'welcome "称呼"', "incomplete")


def test_it_counts_as_received(open_shop: Open) -> None:
    shop = joined(open_shop)
    shop.run("2026-11-18 20:00:05")
    assert shop.who('收到过话术 "问候"', "2026-11-18 20:01") == ("n1",)
