"""Once, and not twice: scenarios 7 and 9 to 12."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from threading import Thread

import pytest
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop, when

Open = Callable[..., Shop]
PUSH = 'push "问候"'
DAILY = """
剧本 "甲"
  {state}
  每天 20:00
    推送 企微 "问候"
"""
LIVE = DAILY.format(state="优先级 50")


def test_07_of_two_overlapping_runs_one_decides(open_shop: Open) -> None:
    shop = open_shop(LIVE)

    def start_another(boundary: str) -> None:
        if boundary == "decided":
            with pytest.raises(CannotRun) as held:
                shop.run("2026-11-18 20:06")
            assert held.value.exit_code == 3

    shop.run("2026-11-18 20:05", start_another)
    shop.run("2026-11-18 20:07")
    assert [r.member_id for r in shop.log()] == ["u1", "u2", "u3", "u4"]


def test_07_runs_that_wait_for_each_other_send_once(open_shop: Open) -> None:
    shop = open_shop(LIVE)
    threads = [Thread(target=shop.run, args=("2026-11-18 20:05",), kwargs={"wait_seconds": 30.0}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shop.deliver("2026-11-18 20:06")
    shop.deliver("2026-11-18 20:07")
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]


def test_09_pause_and_resume_neither_repeats_nor_skips(open_shop: Open) -> None:
    shop = open_shop(LIVE)
    shop.run("2026-11-18 20:05")
    shop.write(DAILY.format(state="暂停"))
    shop.run("2026-11-18 20:10")
    shop.run("2026-11-19 20:05")
    assert len(shop.log()) == 4
    shop.write(LIVE)
    shop.run("2026-11-19 20:30")
    shop.run("2026-11-19 20:40")
    # What fell due during the pause is made up for within the catch-up window, once and for all members.
    assert [(r.member_id, r.t) for r in shop.log()[4:]] == [(f"u{n}", when("2026-11-19 20:00")) for n in (1, 2, 3, 4)]


def test_10_saving_a_playbook_again_builds_nothing_again(open_shop: Open) -> None:
    shop = open_shop(LIVE)
    for minute in range(5, 10):
        shop.write(LIVE + "# 又存了一次\n" * minute)
        shop.run(f"2026-11-18 20:0{minute}")
    assert shop.rows("SELECT count(*) FROM playbook_versions") == [(1,)]
    assert len(shop.log()) == 4


def test_11_a_repeated_callback_enrols_once(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "迎新"
  当 打上标签 "新客"
    推送 企微 "问候"
    等待 1小时
    推送 企微 "推荐"
""")
    for minute in (0, 1, 2):
        shop.tag("新客", "u1", at=f"2026-11-18 10:0{minute}", since="2026-11-18 10:00")
        shop.run(f"2026-11-18 10:1{minute}")
    assert shop.decided() == [("u1", PUSH, "queued")]
    assert shop.rows("SELECT count(*) FROM enrolments") == [(1,)]


def test_12_a_restored_backup_sends_nothing_again(open_shop: Open) -> None:
    shop = open_shop(LIVE)
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    shutil.copy(backup, shop.path)
    for attempt in (shop.run, shop.deliver):
        with pytest.raises(CannotRun, match="D201"):
            attempt("2026-11-18 20:30")
    shop.run("2026-11-18 20:40", accept_restored=when("2026-11-18 20:30"))
    shop.deliver("2026-11-18 20:50")
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]
    shop.run("2026-11-19 20:05")
    shop.deliver("2026-11-19 20:06")
    assert sorted(shop.outbox()) == sorted(["u1", "u2", "u3", "u4"] * 2)


def test_12_a_backup_with_messages_waiting_does_not_repeat_them_blindly(open_shop: Open) -> None:
    shop = open_shop(LIVE)
    backup = shop.root / "backup.db"
    shop.run("2026-11-18 20:05")
    shutil.copy(shop.path, backup)
    shop.deliver("2026-11-18 20:06")
    shutil.copy(backup, shop.path)
    shop.run("2026-11-18 20:40", accept_restored=when("2026-11-18 20:30"))
    shop.deliver("2026-11-18 20:50")
    # The file channel can be asked what it got.
    assert sorted(shop.outbox()) == ["u1", "u2", "u3", "u4"]
    assert [r.delivery.outcome for r in shop.log() if r.delivery] == ["sent"] * 4
