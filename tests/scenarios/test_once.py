"""Once, and not twice: scenarios 7 to 12."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from threading import Thread

import pytest
from qingting.engine.delivery import outbox
from qingting.engine.delivery.channels import Answer, Message
from qingting.engine.delivery.channels.file import FileChannel
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


class Killed(BaseException):
    """The process dies."""


STEPS = """
剧本 "甲"
  当 打上标签 "新客"
    推送 {channel} "问候"
    等待 1天
    如果 1个月内 收到过 "甲" 至少1次
      推送 {channel} "推荐"
"""


@pytest.mark.parametrize(
    ("channel", "asked", "outcome"), [("企微", True, "sent"), ("企微", False, "unknown"), ("短信", True, "sent")]
)
def test_08_a_crash_between_answer_and_record_sends_nothing_again(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch, channel: str, asked: bool, outcome: str
) -> None:
    """The channel is asked; where it cannot tell, what it may have got counts as received and is not repeated blindly."""
    shop = open_shop(STEPS.format(channel=channel))
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    shop.run("2026-11-18 10:05")
    send = FileChannel.send

    def send_and_die(self: FileChannel, messages: Sequence[Message]) -> Sequence[Answer]:
        send(self, messages)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(FileChannel, "send", send_and_die)
        with pytest.raises(Killed):
            shop.deliver("2026-11-18 10:06")
    if not asked:
        monkeypatch.setattr(outbox, "Askable", type("NoChannel", (), {}))
    for minute in (7, 30, 59):
        shop.run(f"2026-11-18 11:{minute:02d}")
        shop.deliver(f"2026-11-18 11:{minute:02d}")
    file = "out.jsonl" if channel == "企微" else "sms.jsonl"
    assert shop.outbox(file) == ["u1", "u2"]
    assert [r.delivery.outcome for r in shop.log() if r.delivery] == [outcome] * 2
    # The journey goes on, and the first step stays behind it.
    shop.run("2026-11-19 10:05")
    shop.deliver("2026-11-19 10:06")
    assert shop.outbox(file) == ["u1", "u2"] * 2


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
