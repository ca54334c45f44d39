"""The log: sentences 36 to 38 of ARCHITECTURE.md."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256

import pytest
from qingting.engine.log.recompute import recompute_deliveries, recompute_records
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.diagnostics import CannotRun
from workspaces import Shop, when

Open = Callable[..., Shop]
DAILY = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
剧本 "甲"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
"""


def test_36_a_leaf_hashes_a_record_over_its_headers_digest(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.tag("退订", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:05")
    records = shop.rows("""
      SELECT h.body, d.seq, d.kind, m.pseudonym, d.t, d.mark, d.not_before, d.key, d.leaf
      FROM dispatches d JOIN headers h USING (header) JOIN members m USING (unit) ORDER BY d.seq""")
    for body, seq, kind, pseudonym, t, mark, not_before, key, leaf in records:
        numbers = [n.to_bytes(8, "big") for n in (t, mark, not_before)]
        entry = b"\1\1" + sha256(body).digest() + seq.to_bytes(8, "big") + bytes([kind]) + pseudonym + b"".join(numbers) + key
        assert len(entry) == 115
        assert leaf == sha256(b"\0" + entry).digest()
    # One header each for the refusal, the pushes and the tags.
    assert len(records) == 7
    assert shop.rows("SELECT count(*) FROM headers") == [(3,)]
    for (body,) in shop.rows("SELECT body FROM headers"):
        assert b"2026-11-18T12:00:00Z" in body


def test_37_records_and_deliveries_share_one_sequence(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    shop.run("2026-11-18 20:05")
    shop.deliver("2026-11-18 20:06")
    shop.run("2026-11-19 20:05")
    decisions = [seq for (seq,) in shop.rows("SELECT seq FROM dispatches ORDER BY seq")]
    deliveries = [seq for (seq,) in shop.rows("SELECT seq FROM deliveries ORDER BY seq")]
    assert (decisions, deliveries) == ([*range(8), *range(12, 20)], [8, 9, 10, 11])
    log = shop.log()
    assert [r.seq for r in log] == decisions
    order = [(r.decided_at, r.step, r.member_id) for r in log[:8]]
    at = when("2026-11-18 20:05")
    assert order == [(at, step, f"u{n}") for step in ('push "问候"', 'tag "已触达"') for n in (1, 2, 3, 4)]
    with SqliteStore.open(shop.path) as store:
        checks = [*recompute_records(store, 0, 100), *recompute_deliveries(store, 0, 100)]
    assert sorted(check.seq for check in checks) == list(range(20))
    assert all(check.sound for check in checks)


def test_38_a_restored_store_is_refused_until_it_is_accepted(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    backup = shop.root / "backup.db"
    shop.run("2026-11-18 20:05")
    shutil.copy(shop.path, backup)
    shop.run("2026-11-19 20:05")
    shutil.copy(backup, shop.path)
    assert shop.log()[-1].decided_at == when("2026-11-18 20:05")
    with pytest.raises(CannotRun, match="D201") as refused:
        shop.run("2026-11-19 20:10")
    assert refused.value.exit_code == 3
    with pytest.raises(CannotRun):
        shop.deliver("2026-11-19 20:10")
    shop.run("2026-11-19 20:15", accept_restored=when("2026-11-19 20:10"))
    assert {r.decided_at for r in shop.log()} == {when("2026-11-18 20:05")}
    shop.run("2026-11-20 20:05")
    assert shop.log()[-1].t == when("2026-11-20 20:00")


def test_38_another_leaf_is_refused_too(open_shop: Open) -> None:
    shop = open_shop(DAILY)
    backup = shop.root / "backup.db"
    shutil.copy(shop.path, backup)
    shop.run("2026-11-18 20:05")
    fence = (shop.root / ".qingting/fence").read_bytes()
    # Without its fence the old copy decides on its own, and comes to as many leaves, but others.
    (shop.root / ".qingting/fence").unlink()
    shutil.copy(backup, shop.path)
    shop.run("2026-11-18 20:06")
    (shop.root / ".qingting/fence").write_bytes(fence)
    with pytest.raises(CannotRun, match="D202"):
        shop.run("2026-11-18 20:10")
