"""Who got nothing of a playbook, and to what they lost it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from insight.shop import Shop, when
from qingting.engine.insight.losing import Loss, Lost, LostTo, who_lost
from qingting.engine.stores.sqlite.database import SqliteStore

TEXT = """
全局规则
  永不推送 有标签 "退订"
  每人每天最多1条
券 "限量" 减¥5
  库存 2
剧本 "早"
  同组互斥 "活动"
  优先级 90
  面向 城市 是 "上海"
  每天 09:00
    推送 企微 "问候"
    等待 2天
    打标签 "已跟进"
剧本 "午"
  每天 12:00
    推送 企微 "问候"
剧本 "晚"
  每天 20:00
    推送 企微 "问候"
    推送 企微 "猫粮种草"
    发券 "限量"
剧本 "同组"
  同组互斥 "活动"
  每天 21:00
    打标签 "兴趣:猫粮"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path, TEXT)
    for member, city in (("u1", "上海"), ("u2", "上海"), ("u3", "杭州")):
        shop.member(member, 城市=city, name=member)
    unsubscribed = shop.member("u4", name="u4")
    with shop.facts() as writer:
        writer.add_tag(unsubscribed, "退订", at=when("2026-11-01 08:00"), arrived=when("2026-11-01 08:00"))
    for at in ("2026-11-01 09:00", "2026-11-01 12:00", "2026-11-01 20:00", "2026-11-01 21:00"):
        shop.run(at)
    return shop


def lost(shop: Shop, asked: Loss, *, reveal: bool = False) -> tuple[Lost, ...]:
    """Asks on a connection that cannot write."""
    with SqliteStore.open(shop.store.path) as store:
        return who_lost(store, shop.program, asked, reveal=reveal)


def test_a_cap_was_filled_by_the_last_push_before(shop: Shop) -> None:
    (group,) = lost(shop, Loss("午", "cap"))
    assert group == Lost('push "问候"', "cap", 2, 2, (LostTo("早", 'push "问候"', 2, 2),))
    evening = lost(shop, Loss("晚", "cap"))
    assert [(g.step, g.members, [(to.playbook, to.members) for to in g.to]) for g in evening] == [
        ('push "猫粮种草"', 3, [("早", 2), ("午", 1)]), ('push "问候"', 3, [("早", 2), ("午", 1)]),
    ]


def test_the_step_before_may_be_of_the_same_playbook(tmp_path: Path) -> None:
    shop = Shop(tmp_path, '全局规则\n  每人每天最多1条\n剧本 "甲"\n  每天 20:00\n    推送 企微 "问候"\n    推送 企微 "问候"\n')
    shop.member("u1")
    shop.run("2026-11-01 20:00")
    (group,) = lost(shop, Loss("甲"))
    assert group.to == (LostTo("甲", 'push "问候"', 1, 1),)


def test_a_journey_of_the_same_name_kept_its_members(shop: Shop) -> None:
    (group,) = lost(shop, Loss("同组", "exclusive"), reveal=True)
    assert group.to == (LostTo("早", None, 2, 2, None, ("u1", "u2")),)


def test_scarce_coupons_name_who_took_them(shop: Shop) -> None:
    (group,) = lost(shop, Loss("晚", "stock"))
    assert (group.step, group.members) == ('coupon "限量"', 1)
    assert group.to[-1] == LostTo("晚", 'coupon "限量"', 0, 0, 2)


def test_other_reasons_are_counted_and_ids_only_shown_when_asked(shop: Shop) -> None:
    hidden, revealed = (lost(shop, Loss("晚", "never_push"), reveal=reveal) for reveal in (False, True))
    assert [group.to for group in hidden] == [(LostTo(None, None, 1, 1),)]
    assert revealed[0].to[0].ids == ("u4",)
    assert "u4" not in str([group.to_json() for group in hidden])


def test_by_run_and_time(shop: Shop) -> None:
    (run,) = shop.store.connection.execute("SELECT id FROM runs WHERE at = ?", (when("2026-11-01 20:00"),)).fetchone()
    everything = lost(shop, Loss("晚"))
    assert lost(shop, Loss("晚", run=run)) == everything
    assert lost(shop, Loss("晚", since=when("2026-11-01 20:00"), until=when("2026-11-01 20:01"))) == everything
    assert lost(shop, Loss("晚", until=when("2026-11-01 20:00"))) == ()


def test_a_cap_that_is_gone_explains_nothing(shop: Shop) -> None:
    shop.program = replace(shop.program, policy=replace(shop.program.policy, caps=()))
    (group,) = lost(shop, Loss("午", "cap"))
    assert group.to == (LostTo(None, None, 2, 2),)
