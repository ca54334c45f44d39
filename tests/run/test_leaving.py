"""Members whom an import took out while they were in flight."""

from __future__ import annotations

import json
from collections.abc import Callable

from qingting.engine.workspace import ImportSwitches
from workspaces import Shop, report_of, when

Open = Callable[..., Shop]
TEXT = """
剧本 "甲"
  {line}
  定时 2026-11-18 12:00
    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
"""


def only(shop: Shop, *ids: str, at: str) -> None:
    """A file of members after which there are no others."""
    path = shop.root / "all.jsonl"
    path.write_text("".join(json.dumps({"id": member}) + "\n" for member in ids), encoding="utf-8")
    report, _ = shop.ws.import_file("members", path, at=when(at), switches=ImportSwitches(replace="all"))
    assert report.stored


def left(shop: Shop) -> list[tuple[str, str | None]]:
    return shop.rows("SELECT m.id, e.why FROM enrolments e JOIN members m ON m.unit = e.unit ORDER BY m.id")


def test_who_was_taken_out_leaves_and_gets_nothing_more(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(line=""))
    shop.run("2026-11-18 12:05")
    only(shop, "u1", "u2", at="2026-11-18 15:00")
    shop.run("2026-11-18 16:00")
    assert left(shop) == [("u1", None), ("u2", None), ("u3", "removed"), ("u4", "removed")]
    answer = shop.run("2026-11-19 12:05")
    assert sorted(r.member_id or "" for r in shop.log(run=answer.report.run)) == ["u1", "u2"]


def test_a_step_that_was_due_before_is_not_carried_out_either(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(line=""))
    shop.run("2026-11-18 12:05")
    only(shop, "u1", at="2026-11-19 15:00")
    answer = shop.run("2026-11-19 16:00")
    assert [r.member_id for r in shop.log(run=answer.report.run)] == ["u1"]
    assert report_of(answer, "甲").in_flight == 0
    assert shop.rows("SELECT DISTINCT ended FROM enrolments WHERE why = 'removed'") == [
        (int(when("2026-11-19 16:00").timestamp()) * 1_000_000,)
    ]


def test_who_came_back_before_the_run_goes_on(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(line=""))
    shop.run("2026-11-18 12:05")
    only(shop, "u1", at="2026-11-18 15:00")
    only(shop, "u1", "u2", "u3", "u4", at="2026-11-18 16:00")
    shop.run("2026-11-19 12:05")
    assert left(shop) == [(member, "finished") for member in ("u1", "u2", "u3", "u4")]


def test_a_paused_playbook_comes_to_it_later(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(line=""))
    shop.run("2026-11-18 12:05")
    shop.write(TEXT.format(line="暂停"))
    only(shop, "u1", at="2026-11-18 15:00")
    shop.run("2026-11-18 16:00")
    shop.run("2026-11-18 17:00")
    assert left(shop) == [(member, None) for member in ("u1", "u2", "u3", "u4")]
    shop.write(TEXT.format(line=""))
    shop.run("2026-11-18 18:00")
    assert left(shop)[1:] == [(member, "removed") for member in ("u2", "u3", "u4")]


def test_a_draft_that_goes_live_again_comes_to_it_when_they_are_due(open_shop: Open) -> None:
    shop = open_shop(TEXT.format(line=""))
    shop.run("2026-11-18 12:05")
    shop.write(TEXT.format(line="草稿"))
    only(shop, "u1", at="2026-11-18 15:00")
    shop.run("2026-11-18 16:00")
    shop.write(TEXT.format(line=""))
    answer = shop.run("2026-11-19 12:05")
    assert [r.member_id for r in shop.log(run=answer.report.run)] == ["u1"]
    assert left(shop)[1:] == [(member, "removed") for member in ("u2", "u3", "u4")]


def test_who_was_taken_out_after_what_starts_something_and_before_the_run_gets_nothing(open_shop: Open) -> None:
    shop = open_shop('剧本 "乙"\n  当 打上标签 "新客"\n    推送 企微 "问候"\n' + TEXT.format(line=""))
    shop.tag("新客", "u1", "u2", at="2026-11-18 11:00")
    only(shop, "u1", "u4", at="2026-11-18 12:02")
    shop.run("2026-11-18 12:05")
    assert sorted(r.member_id or "" for r in shop.log(playbook="乙")) == ["u1"]
    assert sorted(r.member_id or "" for r in shop.log(playbook="甲")) == ["u1", "u4"]
