"""Archiving: nothing that is decided, proven or sent later is other than without it; what was moved is found where it is."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from log.archived_shop import BEFORE, DAYS, MEMBERS, NOW, archive, file_of, live
from qingting.engine.insight.work import WorkFilter
from qingting.engine.log import merkle
from qingting.engine.log.archives.checking import is_signed, other_leaves, wrong_entries, wrong_traces
from qingting.engine.log.archives.opening import open_archive
from qingting.engine.log.archives.writing import texts_beside
from qingting.engine.log.checkpoint import checkpoint_at, newest_checkpoint
from qingting.engine.log.proving import check_proof
from qingting.engine.log.records import LogFilter
from qingting.engine.log.store import leaf_at, leaf_count
from qingting.engine.log.tree import LogTree
from qingting.engine.program.ir import DAY
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun, UsageError
from workspaces import Shop, micros, report_of, when


def entries(shop: Shop, first: int) -> list[tuple[Any, ...]]:
    """All entries from an index on, whatever their kind."""
    return shop.rows(
        """SELECT seq, t, mark, not_before, key, leaf FROM dispatches WHERE seq >= ?1
           UNION ALL SELECT seq, at, arrived_seq, attempt, outcome, leaf FROM deliveries WHERE seq >= ?1
           UNION ALL SELECT seq, at, unit, 0, pseudonym, leaf FROM erasures WHERE seq >= ?1 ORDER BY 1""",
        first,
    )


def facts(shop: Shop) -> list[tuple[Any, ...]]:
    """What journeys, gifts and tags have become."""
    return [
        *shop.rows("SELECT * FROM enrolments ORDER BY 1"), *shop.rows("SELECT * FROM coupons ORDER BY 1"),
        *shop.rows("SELECT * FROM tag_facts ORDER BY 1"), *shop.rows("SELECT * FROM outbox ORDER BY 1"),
        *shop.rows("SELECT leaves, note FROM checkpoints ORDER BY 1"),
    ]


# Decisions


def test_what_follows_is_what_it_would_be_without(lived: Shop, tmp_path: Path) -> None:
    plain, moved = (lived.copy(tmp_path / name) for name in ("plain", "moved"))
    stop = archive(moved, BEFORE).stop
    for shop in (plain, moved):
        for day in range(DAYS, DAYS + 2):
            live(shop, day)
    later = archive(moved, "2026-11-26 00:00")
    assert later.first == stop < later.stop
    for shop in (plain, moved):
        for day in range(DAYS + 2, DAYS + 4):
            live(shop, day)
    assert entries(plain, later.stop) == entries(moved, later.stop) != []
    assert facts(plain) == facts(moved)
    for name in ("out.jsonl", "sms.jsonl"):
        assert plain.outbox(name) == moved.outbox(name) != []


def test_a_plan_is_what_it_would_be_without(shop: Shop) -> None:
    before = shop.plan("2026-11-26 22:00").report.to_json()
    archive(shop, BEFORE)
    assert shop.plan("2026-11-26 22:00").report.to_json() == before


def test_what_is_kept_is_no_more_than_is_asked_for(lived: Shop, archived: Shop) -> None:
    stop = archived.rows("SELECT max(stop) FROM archives")[0][0]
    traces = archived.rows("SELECT key, leaf FROM dispatches WHERE seq < ?", stop)
    assert {(len(key), leaf) for key, leaf in traces} == {(10, b"")}
    assert len(traces) < lived.rows("SELECT count(*) FROM dispatches WHERE seq < ?", stop)[0][0]
    assert not archived.rows("SELECT 1 FROM deliveries WHERE seq < ?", stop)
    assert not archived.rows("SELECT 1 FROM delivery_texts WHERE seq < ?", stop)
    everything = "SELECT count(*), sum(length(body)) FROM headers"
    number, size = archived.rows(everything)[0]
    assert (number, size) < lived.rows(everything)[0]
    assert size < lived.rows(everything)[0][1]


GUARDED = """
属性 "预约" 时间
全局规则
  永不推送 有标签 "退订"
剧本 "甲"
  {trigger}
    推送 企微 "问候"
"""


@pytest.mark.parametrize(
    ("first", "later", "name"),
    [
        ("当 生日 前7天 10:00", "当 生日 前1天 10:00", "2026-11-26"),
        ("当 预约 后1小时", "当 预约 后6天", "2026-11-19T02:00:00Z"),
        ("每天 10:00", "当 预约 后6天", "2026-11-19T02:00:00Z"),
    ],
)
def test_an_occurrence_that_can_be_met_again_stays(tmp_path: Path, first: str, later: str, name: str) -> None:
    plain = Shop(tmp_path / "plain", GUARDED.format(trigger=first))
    plain.members("u1", 生日="2026-11-26", 预约="2026-11-19 10:00")
    plain.tag("退订", "u1")
    plain.run("2026-11-19 11:30")
    assert [(record.occurrence, record.reason) for record in plain.log()] == [(name, "never_push")]
    for day in (21, 22, 23):
        plain.run(f"2026-11-{day} 01:00")
    plain.untag("退订", "u1", at="2026-11-23 02:00")
    moved = plain.copy(tmp_path / "moved")
    assert archive(moved, "2026-11-23 00:00").stop == 1
    for shop in (plain, moved):
        shop.write(GUARDED.format(trigger=later))
        assert report_of(shop.run("2026-11-25 10:30"), "甲").duplicate == 1
        assert not shop.rows("SELECT 1 FROM outbox")


def test_an_occurrence_that_is_over_goes(lived: Shop, shop: Shop) -> None:
    archive(shop, "2026-11-25 00:00")
    suppressed = """
      SELECT d.seq FROM dispatches d JOIN headers h USING (header) JOIN occurrences o ON o.occurrence = d.occurrence
      WHERE h.status = 'suppressed' AND d.seq < ?1 AND instr(o.name, '#') = 0 AND o.at <= ?2"""
    stop = shop.rows("SELECT max(stop) FROM archives")[0][0]
    over = micros("2026-11-25 21:30") - 2 * DAY
    assert len(lived.rows(suppressed, stop, over)) > 10
    assert not shop.rows(suppressed, stop, over)
    recent = lived.rows(suppressed, stop, over + DAY)
    assert len(recent) > len(lived.rows(suppressed, stop, over))
    assert set(shop.rows(suppressed, stop, over + DAY)) == set(recent) - set(lived.rows(suppressed, stop, over))


WORK = """
剧本 "甲"
  面向 姓名 有值
  每天 20:00
    推送 企微 "问候" 限4小时内发出 逾期提醒
    派任务 "回访" 限2小时内完成
"""


def test_the_work_of_staff_goes_on(tmp_path: Path) -> None:
    plain = Shop(tmp_path / "plain", WORK)
    plain.members("u1", "u2", 姓名="甲", 跟进人="张三")
    plain.run("2026-11-18 20:05")
    plain.deliver("2026-11-18 20:10")
    first, *_ = plain.ws.staff.work(WorkFilter(), at=when("2026-11-18 20:10"))
    plain.ws.staff.settle([first.id], done=True, at=when("2026-11-18 20:30"))
    plain.run("2026-11-19 10:00")
    moved = plain.copy(tmp_path / "moved")
    assert archive(moved, "2026-11-19 09:00", at="2026-11-19 12:00").stop == 6
    everything = WorkFilter(states=("open", "overdue", "done"))
    for clock in ("18 20:20", "19 09:00", "20 10:00"):
        wanted, found = (shop.ws.staff.work(everything, at=when(f"2026-11-{clock}")) for shop in (plain, moved))
        assert wanted == found != ()
    for shop in (plain, moved):
        (asked, *_) = shop.ws.staff.work(WorkFilter(("confirm",)), at=when("2026-11-19 12:00"))
        assert shop.ws.staff.settle([asked.id[:9]], done=True, at=when("2026-11-19 12:00")).changed == (asked.id,)
    assert plain.ws.staff.work(everything, at=when("2026-11-20 10:00")) == moved.ws.staff.work(
        everything, at=when("2026-11-20 10:00")
    )


# How far


def test_what_waits_stops_the_cut(shop: Shop) -> None:
    waiting = shop.rows("SELECT min(dispatch) FROM outbox")[0][0]
    answer = archive(shop, NOW)
    assert (answer.why, answer.stop <= waiting) == ("waiting", True)
    shop.deliver("2026-11-29 12:00")
    assert archive(shop, "2026-11-29 00:00").why == "later"
    # A run to come may be for an instant before that of the delivery, and would not know of it.
    assert archive(shop, NOW).why == "later"
    leaves = shop.rows("SELECT value FROM meta WHERE key = 'leaves'")[0][0]
    shop.run("2026-11-29 13:00")
    assert archive(shop, NOW).stop == leaves
    assert archive(shop, NOW).path is None


def test_a_cut_is_where_the_log_was_signed(shop: Shop) -> None:
    answer = archive(shop, BEFORE)
    assert shop.rows("SELECT 1 FROM checkpoints WHERE leaves = ?", answer.stop)
    runs = shop.rows("SELECT at, first_leaf, leaves FROM runs")
    assert all(first + leaves <= answer.stop or first >= answer.stop for _, first, leaves in runs)
    assert all((at < answer.until.timestamp() * 1e6) == (first < answer.stop) for at, first, leaves in runs if leaves)


def test_only_what_is_past(shop: Shop) -> None:
    with pytest.raises(UsageError) as caught:
        archive(shop, "2026-12-01 00:00")
    assert caught.value.code == "D446"


def test_a_preview_changes_nothing(shop: Shop) -> None:
    before = shop.dump()
    shop.path.chmod(0o444)
    try:
        told = shop.ws.archives.preview(when(BEFORE), at=when(NOW))
    finally:
        shop.path.chmod(0o644)
    assert (told.first, told.stop, told.path and told.path.exists()) == (0, archive(shop, BEFORE).stop, False) or told.path
    assert told.size == 0
    assert before != shop.dump()


# The file


def test_the_archive_stands_by_itself(archived: Shop) -> None:
    with open_archive(file_of(archived)) as moved, SqliteStore.open(archived.path) as store:
        assert not list(wrong_entries(moved))
        assert not list(other_leaves(store, moved))
        assert not list(wrong_traces(store, moved))
        assert is_signed(moved)
    assert file_of(archived).stat().st_mode & 0o777 == 0o440
    assert texts_beside(file_of(archived)).stat().st_mode & 0o777 == 0o600


def test_a_later_archive_stands_by_itself(shop: Shop) -> None:
    archive(shop, "2026-11-21 00:00")
    later = archive(shop, BEFORE)
    assert later.path is not None
    assert later.first % 2 + later.first > 0
    with open_archive(later.path) as moved:
        assert is_signed(moved)


def test_it_names_nobody(archived: Shop) -> None:
    everything = b"".join(path.read_bytes() for path in (archived.root / "archive").iterdir())
    assert not [member for member in MEMBERS if member.encode() in everything]


def test_records_are_read_from_it(lived: Shop, archived: Shop) -> None:
    path = file_of(archived)
    stop = int(path.stem.rpartition("-")[2])
    for filters in ({}, {"member": "member-1"}, {"status": "suppressed"}, {"playbook": "晚", "limit": 3}):
        with lived.ws.log(LogFilter(**{**filters, "limit": None})) as found:
            wanted = [r.to_json() for r in found if r.seq < stop][-filters.get("limit", 10_000):]
        with archived.ws.archives.records(path, LogFilter(**filters), reveal=False) as found:
            assert [record.to_json() for record in found] == wanted != []
    assert all(record.seq >= stop for record in archived.log())
    with pytest.raises(CannotRun) as caught, archived.ws.archives.records(archived.path, LogFilter()):
        pass
    assert caught.value.code == "D442"


def test_a_record_is_said_to_be_archived(lived: Shop, archived: Shop) -> None:
    kept = archived.rows("SELECT seq FROM dispatches WHERE seq < 20")
    for record in lived.log()[:10]:
        with pytest.raises(UsageError) as caught:
            archived.ws.explain("member-1", at=when(NOW), dispatch=record.id)
        assert caught.value.code == ("D440" if (record.seq,) in kept else "D441")


def test_another_file_is_not_overwritten(shop: Shop) -> None:
    told = shop.ws.archives.preview(when(BEFORE), at=when(NOW))
    assert told.path is not None
    told.path.parent.mkdir()
    told.path.write_text("mine")
    before = shop.dump()
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, told.path.read_text(), shop.dump()) == ("D443", "mine", before)
    told.path.unlink()
    texts_beside(told.path).write_text("mine too")
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, texts_beside(told.path).read_text(), shop.dump()) == ("D443", "mine too", before)


def test_a_disk_without_links(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    answer = archive(shop, BEFORE)
    assert sorted(path.name for path in (shop.root / "archive").iterdir()) == [
        f"log-0-{answer.stop}-texts.db", f"log-0-{answer.stop}.db"
    ]


def test_a_folder_that_is_none(shop: Shop) -> None:
    (shop.root / "archive").write_text("a file")
    before = shop.dump()
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, shop.dump()) == ("D447", before)


def test_nothing_is_archived_that_is_not_what_was_recorded(shop: Shop) -> None:
    shop.change("DROP TRIGGER dispatches_keep")
    shop.change("UPDATE dispatches SET t = t + 1 WHERE seq = (SELECT max(seq) FROM dispatches WHERE seq < 12)")
    wrong = shop.rows("SELECT max(seq) FROM dispatches WHERE seq < 12")[0][0]
    before = shop.dump()
    with pytest.raises(CannotRun) as caught:
        archive(shop, BEFORE)
    assert (caught.value.code, caught.value.params["leaf"], shop.dump()) == ("D444", wrong, before)
    assert not list((shop.root / "archive").glob("log-0-*[0-9].db"))


# The tree


def test_proofs_and_checkpoints_go_on(lived: Shop, shop: Shop) -> None:
    with SqliteStore.open(lived.path) as store:
        size = leaf_count(store)
        tree = LogTree(store)
        leaves = list(tree.leaves(0, size))
        root = tree.root(size)
        proofs = {index: merkle.inclusion_proof(index, size, tree.subtree) for index in range(0, size, 7)}
    archive(shop, "2026-11-21 00:00")
    archive(shop, BEFORE)
    with SqliteStore.open(shop.path) as store:
        tree = LogTree(store)
        assert list(tree.leaves(0, size)) == leaves
        assert [leaf_at(store, index) for index in range(size)] == leaves
        for index, proof in proofs.items():
            assert merkle.inclusion_proof(index, size, tree.subtree) == proof
            merkle.verify_inclusion(index, size, leaves[index], proof, root)
    shop.run("2026-11-27 22:00")
    with SqliteStore.open(shop.path) as store:
        newest = newest_checkpoint(store)
        assert newest is not None
        assert newest.leaves > size
        assert LogTree(store).root(newest.leaves) == newest.root
        old = checkpoint_at(store, size)
        assert old is not None
        proof = merkle.consistency_proof(size, newest.leaves, LogTree(store).subtree)
        merkle.verify_consistency(size, newest.leaves, old.root, newest.root, proof)


def test_an_archived_record_is_proven_from_the_file(lived: Shop, archived: Shop) -> None:
    records = [record for record in lived.log() if record.delivery is not None][:2] + lived.log(status="suppressed")[:2]
    for record in records:
        proof = archived.ws.audit.prove(record.id)
        told = proof.to_json()
        assert told["entries"][0]["index"] == record.seq
        assert len(told["entries"]) == (1 if record.delivery is None else 2)
        assert check_proof(json.dumps(told).encode(), [archived.ws.audit.key()])
    file_of(archived).rename(archived.root / "elsewhere.db")
    with pytest.raises(CannotRun) as caught:
        archived.ws.audit.prove(records[0].id)
    assert caught.value.code == "D428"


def test_the_log_stays_append_only(archived: Shop) -> None:
    stop = archived.rows("SELECT max(stop) FROM archives")[0][0]
    seq = archived.rows("SELECT min(seq) FROM dispatches WHERE seq >= ?", stop)[0][0]
    trace = archived.rows(
        "SELECT min(seq) FROM dispatches JOIN headers USING (header) WHERE status <> 'suppressed'"
    )[0][0]
    for statement in (
        f"UPDATE dispatches SET leaf = x'' WHERE seq = {seq}",
        f"DELETE FROM dispatches WHERE seq = {seq}",
        f"UPDATE dispatches SET t = t + 1 WHERE seq = {trace}",
        f"UPDATE dispatches SET key = x'00' WHERE seq = {trace}",
        f"DELETE FROM dispatches WHERE seq = {trace}",
        f"DELETE FROM deliveries WHERE seq >= {stop}",
        f"UPDATE deliveries SET leaf = x'' WHERE seq >= {stop}",
        "DELETE FROM headers WHERE run = (SELECT max(run) FROM headers)",
        "UPDATE headers SET reason = 'cap' WHERE run = 1",
        "UPDATE headers SET digest = x'', body = x'' WHERE run = (SELECT max(run) FROM headers)",
        "UPDATE archives SET stop = 10000",
        "DELETE FROM archives",
        "DELETE FROM archived_leaves",
        f"INSERT INTO archives VALUES ({stop + 1}, {stop + 2}, 0, '', x'', 0, 0)",
        f"INSERT INTO archives VALUES ({stop}, 1000000, 0, '', x'', 0, 0)",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            archived.change(statement)
