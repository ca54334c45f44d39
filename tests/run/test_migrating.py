"""Moving members in flight to another version: where they stand, what becomes of them, and that nothing is sent again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

import pytest
from qingting.cli import run_command
from qingting.engine.run.lock import run_lock
from qingting.engine.run.migrating import GoneStep, Migration
from qingting.grammar.diagnostics import CannotRun, UsageError
from workspaces import Shop, when

Open = Callable[..., Shop]
HEAD = '剧本 "甲"\n  定时 2026-11-18 10:00\n'
OLD = HEAD + """    推送 企微 "问候"
    等待 1天
    推送 企微 "推荐"
    等待 1天
    打标签 "老客"
"""


def entered(open_shop: Open, text: str = OLD) -> Shop:
    """A shop in which four members wait for the second push."""
    shop = open_shop(text)
    shop.run("2026-11-18 10:00")
    return shop


def edited(shop: Shop, text: str) -> tuple[str, str]:
    """The playbook written anew; the version that members are on, and the one that is written now."""
    shop.write(text)
    old, new = shop.ws.migrations.versions("甲")
    assert (old.units, new.units, new.latest) == (4, 0, True)
    return old.version, new.version


def moved(shop: Shop, source: str, gone: GoneStep = GoneStep(), at: str = "2026-11-18 12:00") -> Migration:
    planned = shop.ws.migrations.planned("甲", source, gone=gone)
    assert not planned.done
    return shop.ws.migrations.carried_out(planned, at=when(at), wall=when(at), gone=gone)


def seen(shop: Shop, member: str = "u1") -> list[str]:
    """What one member was given, in order."""
    return [f"{r.step} {r.t:%d %H:%M}" for r in shop.log() if r.member_id == member]


def test_members_go_on_in_front_of_the_same_step(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, target = edited(shop, OLD.replace("    等待 1天\n    打", "    等待 2天\n    打").replace('企微 "问候"', '企微 "称呼"'))
    found = shop.ws.migrations.planned("甲", source[:6])
    assert [(s.step, s.units, s.fate, s.to_step) for s in found.standings] == [('push "推荐"', 4, "moves", 'push "推荐"')]
    assert (found.source, found.target) == (source, target)
    assert shop.rows("SELECT count(*) FROM migrations") == [(0,)]
    moved(shop, source)
    for day in ("19 10:00", "20 10:00", "21 10:00"):
        shop.run(f"2026-11-{day}")
    # The first push of the new version lies behind them, and the longer wait is theirs now.
    assert seen(shop) == ['push "问候" 18 10:00', 'push "推荐" 19 10:00', 'tag "老客" 21 10:00']


def test_a_settled_step_is_never_sent_again(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, HEAD + """    推送 企微 "推荐"
    等待 1天
    推送 企微 "问候"
    打标签 "老客"
""")
    moved(shop, source)
    shop.run("2026-11-19 10:00")
    shop.run("2026-11-20 10:00")
    assert seen(shop) == ['push "问候" 18 10:00', 'push "推荐" 19 10:00', 'tag "老客" 20 10:00']
    assert shop.rows("SELECT DISTINCT why FROM enrolments") == [("finished",)]
    shop.deliver("2026-11-20 10:01")
    assert sorted(shop.outbox()) == sorted(["u1", "u2", "u3", "u4"] * 2)


GONE = HEAD + '    推送 企微 "问候"\n    等待 1天\n    推送 企微 "称呼"\n    等待 1天\n    打标签 "新客"\n'


def test_whose_next_step_is_gone_stays_on_the_old_version(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, GONE)
    found = moved(shop, source)
    assert [(s.fate, s.units) for s in found.standings] == [("stays", 4)]
    shop.run("2026-11-19 10:00")
    assert seen(shop)[-1] == 'push "推荐" 19 10:00'


def test_they_leave_when_told_so(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, GONE)
    assert moved(shop, source, GoneStep(drop=True)).units("leaves") == 4
    shop.run("2026-11-19 10:00")
    assert len(shop.log()) == 4
    assert shop.rows("SELECT DISTINCT why, due FROM enrolments") == [("dropped", None)]


def test_they_go_on_from_a_step_when_told_so(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, GONE)
    moved(shop, source, GoneStep(to_step='tag "新客"'))
    shop.run("2026-11-19 10:00")
    assert seen(shop)[1:] == ['tag "新客" 19 10:00']


def test_an_unknown_step_to_go_on_from_is_refused(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, GONE)
    with pytest.raises(UsageError) as refused:
        shop.ws.migrations.planned("甲", source, gone=GoneStep(to_step="push"))
    assert (refused.value.code, refused.value.params["known"]) == ("C243", 'push "称呼", push "问候", tag "新客"')


def test_a_condition_that_now_leads_to_the_step_is_asked(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, HEAD + """    推送 企微 "问候"
    等待 1天
    如果 有标签 "新客"
      推送 企微 "推荐"
    打标签 "老客"
""")
    shop.tag("新客", "u2", at="2026-11-18 11:00")
    moved(shop, source)
    shop.run("2026-11-19 10:00")
    assert (seen(shop)[1:], seen(shop, "u2")[1:]) == (
        ['tag "老客" 19 10:00'], ['push "推荐" 19 10:00', 'tag "老客" 19 10:00'],
    )


def test_a_block_that_is_gone_keeps_its_members_where_they_are(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, OLD.replace("2026-11-18 10:00", "2026-12-18 10:00"))
    assert [s.fate for s in shop.ws.migrations.planned("甲", source).standings] == ["stays"]


def test_what_happened_is_kept_and_cannot_be_changed(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, target = edited(shop, OLD.replace("1天", "2天"))
    moved(shop, source)
    assert shop.rows("""
        SELECT m.at, m.playbook, s.digest, t.digest, count(*), min(d.position), min(d.to_position) FROM migrations m
        JOIN migrated d USING (migration) JOIN playbook_versions s ON s.version = m.source
        JOIN playbook_versions t ON t.version = m.target GROUP BY m.migration
    """) == [(int(when("2026-11-18 12:00").timestamp()) * 1_000_000, "甲", source, target, 4, 2, 2)]
    for statement in ("UPDATE migrations SET at = 0", "DELETE FROM migrated"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            shop.change(statement)


def test_entry_instants_and_holdouts_remain(open_shop: Open) -> None:
    text = OLD.replace('剧本 "甲"\n', '剧本 "甲"\n  对照组 50%\n')
    shop = entered(open_shop, text)
    before = shop.rows("SELECT enrolment, unit, occurrence, entered, due, arm, why FROM enrolments ORDER BY enrolment")
    held = [row for row in before if row[-1] == "holdout"]
    assert 0 < len(held) < 4
    shop.write(text.replace('打标签 "老客"', '打标签 "新客"'))
    old, _ = shop.ws.migrations.versions("甲")
    moved(shop, old.version)
    after = shop.rows("SELECT enrolment, unit, occurrence, entered, due, arm, why FROM enrolments ORDER BY enrolment")
    assert after == before
    assert shop.rows("SELECT count(DISTINCT version) FROM enrolments WHERE why = 'holdout'") == [(1,)]


def test_a_run_at_work_keeps_it_out(open_shop: Open) -> None:
    shop = entered(open_shop)
    source, _ = edited(shop, OLD.replace("1天", "2天"))
    with run_lock(shop.path, "another"), pytest.raises(CannotRun) as refused:
        moved(shop, source)
    assert refused.value.code == "R301"
    assert shop.rows("SELECT count(*) FROM migrations") == [(0,)]


def test_the_command_previews_and_then_moves(open_shop: Open, capsys: pytest.CaptureFixture[str]) -> None:
    shop = entered(open_shop)
    source, target = edited(shop, OLD.replace("1天", "2天"))
    command = ["-C", str(shop.root), "--lang", "zh", "migrate", "甲"]
    assert run_command(command, {}) == 0
    assert source[:12] in (told := capsys.readouterr().out)
    assert "现在写着的" in told
    assert run_command([*command, "--from", source[:8]], {}) == 0
    assert "推送 " in capsys.readouterr().out
    assert shop.rows("SELECT count(*) FROM migrations") == [(0,)]
    assert run_command([*command, "--from", source[:8], "--yes", "--json"], {}) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["from"], body["to"], body["moves"], body["done"]) == (source, target, 4, True)
    assert body["positions"] == [
        {"trigger": "定时 2026-11-18 10:00", "step": 'push "推荐"', "members": 4, "fate": "moves", "to_step": 'push "推荐"'}
    ]
    assert run_command([*command, "--json"], {}) == 0
    versions = json.loads(capsys.readouterr().out)["versions"]
    assert [(v["version"], v["members"], v["latest"]) for v in versions] == [(target, 4, True)]


def test_a_wait_right_before_a_wait_for_something_is_waited_out(open_shop: Open) -> None:
    shop = open_shop(HEAD + """    等待 1天
    等客户 有标签 "好友" 最长1天
      满足时
        打标签 "老客"
""")
    for day in ("18 10:00", "18 12:00", "19 10:00"):
        shop.run(f"2026-11-{day}")
    assert seen(shop) == ['tag "老客" 19 10:00']


def test_who_waits_for_something_waits_on_in_the_new_version(open_shop: Open) -> None:
    text = HEAD + """    等客户 做过 下单 最长2天
      满足时
        推送 企微 "推荐"
      超时
        打标签 "老客"
"""
    shop = entered(open_shop, text)
    source, _ = edited(shop, text.replace("打标签", "推送 企微 \"问候\"\n        打标签"))
    found = moved(shop, source)
    assert [(s.fate, s.waits_on) for s in found.standings] == [("moves", True)]
    shop.event("下单", "u1", at="2026-11-18 13:00")
    shop.run("2026-11-18 13:00")
    shop.run("2026-11-20 10:00")
    assert (seen(shop), seen(shop, "u2")) == (
        ['push "推荐" 18 13:00'], ['push "问候" 20 10:00', 'tag "老客" 20 10:00'],
    )
