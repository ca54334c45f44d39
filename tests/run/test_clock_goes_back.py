"""The machine's clock is put back between two commands: nothing is done twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from workspaces import Shop

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  每天 10:00
    推送 企微 "问候"
    等待 30分钟
    打标签 "已触达"
剧本 "乙"
  当 打上标签 "新客"
    推送 企微 "推荐"
"""


def test_a_run_before_the_last_one_does_nothing(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run("2026-11-18 10:31")
    before = shop.dump()
    for at in ("2026-11-18 10:31", "2026-11-18 09:59", "2026-11-17 10:05"):
        answer = shop.run(at)
        assert (answer.exit_code, answer.report.run) == (0, None)
        assert answer.report.earlier is not None
        assert shop.plan(at).report.earlier is not None
    assert shop.dump() == before


def test_what_is_brought_while_the_clock_is_behind_is_met_once_it_has_caught_up(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run("2026-11-18 10:31")
    shop.tag("新客", "u1", at="2026-11-18 09:40", since="2026-11-18 09:40")
    shop.run("2026-11-18 09:45")
    assert not shop.log(playbook="乙")
    for at in ("2026-11-18 10:32", "2026-11-18 10:33"):
        shop.run(at)
    assert [(r.member_id, r.status) for r in shop.log(playbook="乙")] == [("u1", "queued")]


def test_a_message_goes_out_once_when_the_clock_is_put_back_around_it(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run("2026-11-18 10:01")
    assert shop.deliver("2026-11-18 09:30").sent == 0
    assert shop.deliver("2026-11-18 10:02").sent == 4
    for at in ("2026-11-18 09:30", "2026-11-18 10:02", "2026-11-18 10:03"):
        assert shop.deliver(at).sent == 0
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]
