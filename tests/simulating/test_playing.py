"""What a simulation decides is what runs at the same instants decide: forward, and over history."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.insight.work import WorkFilter
from qingting.engine.program.clock import to_datetime
from qingting.engine.simulating.model import Simulation
from simulating.lives import Lived, at, seen, simulated, since
from workspaces import Shop, when

NOW, LATER = at(6, "06:00"), at(7, "06:00")


def told(shop: Shop, start: str, until: str, now: str = NOW, **options: object) -> Simulation:
    """What the workspace tells of a simulation."""
    return shop.ws.simulate(start=when(start), until=when(until), at=when(now), **options)  # type: ignore[arg-type]


@pytest.mark.slow
def test_forward_is_what_runs_at_the_same_instants_decide(lived: Lived, tmp_path: Path) -> None:
    shop, _ = lived
    found, played = simulated(shop, NOW, LATER, None, NOW)
    other = shop.copy(tmp_path / "other")
    for instant in played.heard.runs:
        other.ws.run(at=to_datetime(instant, "UTC"))
    assert played.rewound is None
    assert since(found, NOW) == since(seen(other.log()), NOW) != []


def test_a_replay_from_the_beginning_is_the_log(lived: Lived) -> None:
    shop, instants = lived
    found, played = simulated(shop, at(1), instants[-1], instants, NOW)
    assert played.rewound is not None
    assert (played.rewound.under_way, played.rewound.backfilled) == (0, 0)
    assert found == seen(shop.log())
    assert {record[6] for record in found} == {"queued", "done", "suppressed"}


@pytest.mark.parametrize("start", [at(1), at(2, "12:00"), at(4)])
def test_a_replay_from_later_on_is_the_log_since(flat: Lived, start: str) -> None:
    shop, instants = flat
    inside = [instant for instant in instants if instant >= start]
    found, played = simulated(shop, start, instants[-1], inside, NOW)
    assert played.rewound is not None
    assert found == seen(shop.log())
    assert since(found, start) != []
    assert "stock" in {record[7] for record in found}


@pytest.mark.slow
def test_an_edited_playbook_is_replayed_as_it_is_written_now(flat: Lived, tmp_path: Path) -> None:
    shop, instants = flat
    text = (shop.root / "all.sop").read_text(encoding="utf-8")
    other = shop.copy(tmp_path / "other")
    before = told(other, at(1), instants[-1], as_run=True)
    (other.root / "all.sop").write_text(text.replace("无标签 \"一期\"", "无标签 \"好友\""), encoding="utf-8")
    other.ws = type(other.ws).open(other.root, environment={})
    after = told(other, at(1), instants[-1], as_run=True)
    numbers = [{each.playbook: each.dispatched for each in found.playbooks} for found in (before, after)]
    assert numbers[0]["晚安"] > numbers[1]["晚安"] == 0
    assert numbers[0]["谢谢"] == numbers[1]["谢谢"] > 0


def test_who_was_under_way_takes_no_step_and_is_told_of(lived: Lived) -> None:
    shop, instants = lived
    start = at(3)
    last = _micros(max(instant for instant in instants if instant < start))
    inside = {
        occurrence for (occurrence,) in shop.rows(
            "SELECT o.name FROM enrolments e JOIN occurrences o ON o.occurrence = e.occurrence "
            "WHERE e.entered <= ? AND (e.ended IS NULL OR e.ended > ?)", last, last)
    }
    found, played = simulated(shop, start, at(4), None, NOW)
    assert played.rewound is not None
    assert played.rewound.under_way == len(inside) > 0
    assert not inside & {record[2] for record in since(found, start)}
    notes = told(shop, start, start).notes
    assert [note.params for note in notes if note.code == "N214"] == [{"count": len(inside)}]


def _micros(text: str) -> int:
    return int(when(text).timestamp()) * 1_000_000


def test_the_store_stays_byte_for_byte(lived: Lived, tmp_path: Path) -> None:
    shop = lived[0].copy(tmp_path / "other")
    shop.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    before = _files(shop.root)
    told(shop, at(3), at(4))
    assert _files(shop.root) == before


@pytest.mark.slow
def test_a_file_that_may_only_be_read_is_enough(flat: Lived, tmp_path: Path) -> None:
    shop = flat[0].copy(tmp_path / "other")
    shop.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    writable = told(shop, NOW, LATER)
    for suffix in ("-wal", "-shm"):
        shop.path.with_name(shop.path.name + suffix).unlink(missing_ok=True)
    for path in (shop.path, shop.root):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    before = hashlib.sha256(shop.path.read_bytes()).digest()
    assert told(shop, NOW, LATER) == writable
    assert hashlib.sha256(shop.path.read_bytes()).digest() == before
    shop.root.chmod(0o755)


def _files(root: Path) -> dict[str, bytes]:
    """The contents of the files that a simulation has no business with; the log of reads beside the store is no part of it."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*")) if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.mark.slow
def test_the_same_question_has_the_same_answer(lived: Lived) -> None:
    shop, _ = lived
    assert told(shop, at(2), at(3)) == told(shop, at(2), at(3))


def test_nothing_is_left_of_the_copy(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, _ = lived
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def interrupt(stage: str, part: float) -> None:
        assert [name for name in os.listdir(tmp_path) if name.startswith("qingting-simulate-")]
        if stage == "playing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        told(shop, NOW, LATER, progress=interrupt)
    assert os.listdir(tmp_path) == []


def replayed(shop: Shop, start: str, instants: list[str]) -> None:
    """Asserts that a replay at the instants of the real runs is the log, of which something was decided since."""
    inside = [instant for instant in instants if instant >= start]
    found, _ = simulated(shop, start, instants[-1], inside, NOW)
    assert found == seen(shop.log())
    assert since(found, start) != []


def test_what_became_of_a_coupon_is_told_of_the_one_that_the_replay_gives(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop("""
券 "立减5" 减¥5
剧本 "送"
  面向 有标签 "好友"
  每天 20:00
    每人仅一次
    推送 企微 "问候" 附券 "立减5"
剧本 "用了"
  当 用券 "立减5"
    推送 企微 "推荐"
剧本 "没用"
  面向 持有券 "立减5"
  每天 11:00
    推送 短信 "推荐"
""")
    shop.run(at(1, "20:00"))
    shop.deliver(at(1, "20:00"))
    codes = dict(shop.rows("SELECT m.id, c.code FROM coupons c JOIN members m ON m.unit = c.unit"))
    row = {"coupon": "立减5", "member": "u2", "code": codes["u2"], "used": at(2, "10:00")}
    shop.bring("coupons", [row], at(2, "10:00"))
    shop.run(at(2, "12:00"))
    replayed(shop, at(1), [at(1, "20:00"), at(2, "12:00")])
    assert {("用了", "u2"), ("没用", "u1")} <= {(r.playbook, r.member_id) for r in shop.log()}


def test_a_task_is_done_again_at_its_instant(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop("""
剧本 "回访"
  面向 有标签 "好友"
  每天 20:00
    每人仅一次
    派任务 "回访" 限1天内完成
    等待 2小时
    如果 任务 "回访" 已完成
      推送 企微 "问候"
    否则
      推送 企微 "推荐"
""")
    shop.run(at(1, "20:00"))
    work = shop.ws.staff.work(WorkFilter(("task",)), at=when(at(1, "21:00")))
    shop.ws.staff.settle([work[0].id], done=True, at=when(at(1, "21:00")))
    shop.run(at(1, "23:00"))
    replayed(shop, at(1), [at(1, "20:00"), at(1, "23:00")])
    assert {'push "问候"', 'push "推荐"'} <= {record.step.rpartition("/")[2] for record in shop.log()}


def test_what_runs_caused_since_is_undone_though_nobody_told_anything_between(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop('剧本 "两次"\n  面向 有标签 "好友" 且 积分 < 2\n  每天 20:00\n    加积分 1\n')
    instants = [at(day, "20:00") for day in (1, 2, 3)]
    for instant in instants:
        shop.run(instant)
    replayed(shop, at(2), instants)
    assert len(shop.log()) == 8


def test_who_was_under_way_leaves_when_they_did_and_may_come_again(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop('剧本 "隔日"\n  面向 有标签 "好友"\n  每天 20:00\n    推送 企微 "问候"\n    等待 30小时\n    加积分 1\n')
    instants = [at(1, "20:00"), at(2, "20:00"), at(3, "03:00"), at(3, "20:00")]
    for instant in instants:
        shop.run(instant)
    found, played = simulated(shop, at(2), instants[-1], instants[1:], NOW)
    assert played.rewound is not None
    assert played.rewound.under_way == 4
    again = [record for record in since(found, at(2)) if record[4] == 'push "问候"']
    assert again == [record for record in seen(shop.log()) if record[4] == 'push "问候"'][4:] != []


def test_a_tag_that_arrives_ends_what_the_replay_gave(open_shop: Callable[[str], Shop]) -> None:
    text = """
标签组 "阶段" 互斥
标签 "一期" 归入 "阶段"
标签 "二期" 归入 "阶段"
剧本 "给"
  面向 有标签 "好友"
  每天 20:00
    打标签 "一期"
剧本 "看"
  面向 有标签 "一期"
  每天 12:00
    推送 企微 "问候"
"""
    shop = open_shop(text.replace('"给"\n', '"给"\n  暂停\n'))
    shop.run(at(1, "20:00"))
    shop.tag("二期", "u1", at=at(2, "10:00"))
    shop.run(at(2, "12:00"))
    shop.write(text)
    found, _ = simulated(shop, at(1), at(2, "12:00"), [at(1, "20:00"), at(2, "12:00")], NOW)
    assert [record[5] for record in found if record[3] == "看"] == ["u2", "u3", "u4"]


def test_what_a_message_brings_along_is_the_members_at_once(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop("""
券 "立减5" 减¥5
剧本 "送"
  面向 有标签 "好友"
  每天 20:00
    每人仅一次
    推送 企微 "问候" 附券 "立减5"
剧本 "提醒"
  面向 持有券 "立减5"
  每天 11:00
    推送 短信 "推荐"
""")
    found = told(shop, at(1), at(2, "12:00"), at(1))
    assert {each.playbook: each.dispatched for each in found.playbooks} == {"送": 4, "提醒": 4}


def test_what_was_backfilled_starts_playbooks_in_a_replay(open_shop: Callable[[str], Shop]) -> None:
    shop = open_shop('剧本 "谢谢"\n  当 下单\n    推送 企微 "推荐"\n')
    shop.event("下单", "u1", "u2", at=at(2, "10:00"), backfill=True, amount=3)
    shop.run(at(4))
    assert shop.log() == []
    found = told(shop, at(1), at(4), at(4))
    assert [(each.playbook, each.dispatched) for each in found.playbooks] == [("谢谢", 2)]
    assert [note.params for note in found.notes if note.code == "N215"] == [{"count": 2}]
