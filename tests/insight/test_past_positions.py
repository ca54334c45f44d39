"""Where members stood in journeys at instants before the last run: as far as the log tells, and no farther."""

from __future__ import annotations

from pathlib import Path

from insight.shop import Shop, block_of, when

LONG = """
剧本 "旅程"
  每人仅一次
  每天 20:00
    推送 企微 "问候"
    等待 1天
    打标签 "已跟进"
    等待 2天
    推送 企微 "问候"
"""


def test_where_somebody_stood_before_the_last_run(tmp_path: Path) -> None:
    shop = Shop(tmp_path, LONG)
    shop.member("M1")
    for at in ("2026-11-01 20:00", "2026-11-02 20:00", "2026-11-04 20:00"):
        shop.run(at)
    early, later = (block_of(shop.explain("M1", at, lang="en")) for at in ("2026-11-01 21:00", "2026-11-03 12:00"))
    assert early.enrolment == (
        'entered at 2026-11-01T20:00:00+08:00 and was inside behind push "问候"; what it waited for then is not kept'
    )
    assert [(step.verdict, step.until) for step in early.steps] == [
        ("dispatched", None), ("later", "2026-11-02T20:00:00+08:00"), ("later", "2026-11-04T20:00:00+08:00"),
    ]
    assert early.steps[1].why == "came later, at 2026-11-02T20:00:00+08:00"
    assert [step.verdict for step in later.steps] == ["dispatched", "dispatched", "later"]
    assert block_of(shop.explain("M1", "2026-11-04 21:00", lang="en")).enrolment == (
        "entered at 2026-11-01T20:00:00+08:00, came to the end at 2026-11-04T20:00:00+08:00"
    )


def test_what_never_came_is_not_made_up(tmp_path: Path) -> None:
    shop = Shop(tmp_path, LONG.replace("  每人仅一次", '  每人仅一次\n  退出条件 有标签 "退订"'))
    unit = shop.member("M1")
    shop.run("2026-11-01 20:00")
    with shop.facts() as writer:
        writer.add_tag(unit, "退订", at=when("2026-11-02 09:00"), arrived=when("2026-11-02 09:00"))
    shop.run("2026-11-02 20:00")
    then = block_of(shop.explain("M1", "2026-11-02 08:00", lang="en"))
    assert [step.verdict for step in then.steps] == ["dispatched", "later", "later"]
    assert then.steps[1].why == "had not come yet; the log has nothing of it since"
