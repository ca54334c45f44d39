"""Arrival: sentences 9 to 12 of ARCHITECTURE.md."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from workspaces import Shop, micros, when

Open = Callable[..., Shop]
GREET = """
标签 "迎新"
剧本 "迎新"
  当 打上标签 "新客"
    推送 企微 "问候"
    打标签 "已触达", "迎新"
    等待 2小时
    推送 企微 "推荐"
"""
RESERVED = 2**32


class Died(Exception):
    """Stands for the end of a process."""


def next_seq(shop: Shop) -> int:
    return int(shop.rows("SELECT value FROM meta WHERE key = 'next_seq'")[0][0])


def test_09_facts_that_come_meanwhile_are_found_by_the_next_run(open_shop: Open) -> None:
    shop = open_shop(GREET)
    shop.tag("新客", "u1", at="2026-11-18 10:00")
    mark = next_seq(shop) - 1

    def bring_more(boundary: str) -> None:
        if boundary == "agenda":
            shop.tag("新客", "u2", at="2026-11-18 10:00")

    shop.run("2026-11-18 10:05", bring_more)
    assert [(r.member_id, r.mark) for r in shop.log()] == [("u1", mark), ("u1", mark)]
    newest, own = shop.rows("SELECT max(seq), max(seq) FILTER (WHERE cause IS NOT NULL) FROM tag_facts")[0]
    assert (newest, own) == (mark + RESERVED + 1, mark + 2)
    shop.run("2026-11-18 10:10")
    assert ("u2", 'push "问候"', "queued") in shop.decided()
    assert len(shop.log()) == 4


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_10_a_run_that_dies_leaves_only_its_reservation_and_names(open_shop: Open) -> None:
    shop = open_shop(GREET)
    shop.tag("新客", "u1", "u2", at="2026-11-18 10:00")
    undisturbed = shop.copy(shop.root.with_name("undisturbed"))
    undisturbed.run("2026-11-18 10:05")
    before, first = trace(shop), next_seq(shop)
    for boundary in ("declared", "reserved", "agenda", "waves", "decided"):
        assert killed_at(shop, boundary)
        assert trace(shop) == before
        assert next_seq(shop) == (first if boundary == "declared" else first + RESERVED)
    shop.run("2026-11-18 10:05")
    assert trace(shop) == trace(undisturbed)
    assert shop.log() == undisturbed.log()


def trace(shop: Shop) -> list[str]:
    """What the store says, but for the next number to give and the names of tags."""
    return [line for line in shop.dump() if "'next_seq'" not in line and 'INTO "tags"' not in line]


def killed_at(shop: Shop, where: str) -> bool:
    """Whether a process that runs was killed at a boundary."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            shop.run("2026-11-18 10:05", lambda boundary: os.kill(os.getpid(), signal.SIGKILL) if boundary == where else None)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_11_an_import_is_whole_or_not_at_all(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop()
    file = tmp_path / "clicks.csv"
    file.write_text("id,member,type,at\na,u1,点击,2026-11-18\nb,u2,点击,30.2.\nc,u3,点击,2026-11-18\n", encoding="utf-8")
    before = trace(shop)

    def die(done: int, total: int | None) -> None:
        raise Died

    with suppress(Died):
        shop.ws.import_file("events", file, at=when("2026-11-18 10:00"), progress=die)
    assert trace(shop) == before
    report, _ = shop.ws.import_file("events", file, at=when("2026-11-18 10:00"))
    assert [rejected.line for rejected in report.rejected] == [3]
    assert shop.rows("SELECT id FROM events ORDER BY id") == [("a",), ("c",)]


def test_12_backfilled_facts_arrive_at_their_instant_and_never_trigger(open_shop: Open) -> None:
    shop = open_shop(GREET)
    shop.tag("新客", "u1", at="2026-11-18 10:00", backfill=True, since="2026-11-18 09:55")
    shop.tag("新客", "u2", at="2026-11-18 10:00", since="2026-11-18 09:55")
    assert shop.rows("SELECT arrived FROM tag_facts WHERE backfilled = 1") == [(micros("2026-11-18 09:55"),)]
    assert shop.who('有标签 "新客"', "2026-11-18 09:56") == ("u1",)
    shop.run("2026-11-18 10:05")
    assert {member for member, _, _ in shop.decided()} == {"u2"}
