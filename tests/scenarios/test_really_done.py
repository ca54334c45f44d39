"""What was really done, and files told again: scenarios 37 and 42."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workspaces import Shop, when

Open = Callable[..., Shop]


def test_37_the_engines_own_tag_starts_what_depends_on_it(open_shop: Open) -> None:
    shop = open_shop("""
剧本 "甲"
  每天 20:00
    打标签 "新客"
剧本 "乙"
  当 打上标签 "新客"
    推送 企微 "问候"
    打标签 "老客"
剧本 "丙"
  当 打上标签 "老客"
    推送 企微 "推荐"
""")
    shop.run("2026-11-18 20:05")
    assert [r.playbook for r in shop.log(member="u1")] == ["甲", "乙", "乙", "丙"]
    shop.run("2026-11-18 20:10")
    assert len(shop.log(member="u1")) == 4


def test_37_the_tag_of_a_standing_rule_starts_what_depends_on_it(open_shop: Open) -> None:
    shop = open_shop("""
凡是 点击 "猫*" 打标签 "新客"
剧本 "乙"
  当 打上标签 "新客"
    推送 企微 "问候"
""")
    shop.event("点击", "u1", "u2", at="2026-11-18 19:00", subject="猫粮")
    shop.event("点击", "u3", at="2026-11-18 19:00", subject="狗粮")
    shop.event("点击", "u4", at="2026-11-18 19:00", arrived="2026-11-18 19:30", subject="猫", backfill=True)
    shop.run("2026-11-18 20:05")
    assert [(r.member_id, r.playbook) for r in shop.log()] == [("u1", "乙"), ("u2", "乙")]
    shop.event("点击", "u1", at="2026-11-18 20:10", subject="猫粮")
    shop.run("2026-11-18 20:15")
    assert len(shop.log()) == 2


def test_42_a_file_told_again_adds_nothing(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop()
    files = {
        "members": "id,城市\nu1,北京\nu2,\n",
        "tags": "member,tag\nu1,新客\n",
        "events": "id,member,type,at\ne1,u1,点击,2026-11-18 09:00\n",
    }
    counts = []
    for minute in (0, 1):
        for kind, text in files.items():
            (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
            shop.ws.import_file(kind, tmp_path / f"{kind}.csv", at=when(f"2026-11-18 10:0{minute}"))
        tables = ("members", "attribute_facts", "tag_facts", "events")
        counts.append([shop.rows(f"SELECT count(*) FROM {table}") for table in tables])
    assert counts[0] == counts[1]
    # A value takes the place of the one before, and an empty cell makes it unknown.
    assert shop.who('城市 是 "北京"', "2026-11-18 12:00") == ("u1",)
    assert shop.who("城市 没值", "2026-11-18 12:00") == ("u2",)
    assert shop.who('城市 是 "上海"', "2026-11-18 12:00") == ("u3", "u4")
