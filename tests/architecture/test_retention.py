"""Retention: sentence 65 of ARCHITECTURE.md."""

from __future__ import annotations

from collections.abc import Callable

from qingting.engine.log.archives.checking import is_signed, wrong_entries
from qingting.engine.log.archives.opening import open_archive
from workspaces import Shop, when

Open = Callable[..., Shop]
TEXT = """
全局规则
  永不推送 有标签 "退订"
  每人2天最多1条
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
"""


def live(shop: Shop, days: range) -> list[tuple[object, ...]]:
    """What is decided and signed on some days."""
    (known,) = shop.rows("SELECT max(seq) FROM dispatches")[0]
    for day in days:
        shop.run(f"2026-11-{day} 20:05")
        shop.deliver(f"2026-11-{day} 20:06")
    return [
        *shop.rows("SELECT seq, kind, unit, t, mark, not_before, key, leaf FROM dispatches WHERE seq > ? ORDER BY seq", known or -1),
        *shop.rows("SELECT leaves, note FROM checkpoints ORDER BY leaves"),
    ]


def test_65_archiving_changes_no_decision_and_no_root(open_shop: Open) -> None:
    plain, moved = open_shop(TEXT), open_shop(TEXT)
    for shop in (plain, moved):
        shop.tag("退订", "u1", at="2026-11-18 10:00")
        live(shop, range(18, 22))
    answer = moved.ws.archives.archive(when("2026-11-21 00:00"), at=when("2026-11-22 00:00"))
    assert answer.stop > 0
    assert answer.path is not None
    assert len(moved.rows("SELECT 1 FROM dispatches")) < len(plain.rows("SELECT 1 FROM dispatches"))
    assert live(plain, range(22, 26)) == live(moved, range(22, 26))
    with open_archive(answer.path) as archive:
        assert is_signed(archive)
        assert not list(wrong_entries(archive))


def test_65_nothing_behind_a_message_that_waits_is_moved(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    shop.run("2026-11-18 20:05")
    live(shop, range(19, 19))
    shop.run("2026-11-19 20:05")
    answer = shop.ws.archives.archive(when("2026-11-21 00:00"), at=when("2026-11-22 00:00"))
    assert (answer.stop, answer.why) == (0, "waiting")
