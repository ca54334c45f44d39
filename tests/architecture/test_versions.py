"""Versions: sentences 33 to 35 of ARCHITECTURE.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from workspaces import Shop

Open = Callable[..., Shop]
Versioned = Callable[[str], str]
TEXT = """
分群 "熟客"
  30天内 做过 下单 至少2次
分群 "别的"
  有标签 "老客"
指标 近期 = 90天内 累计 下单.金额
券 "券" 减¥5
  库存 10
全局规则
  时区 Asia/Shanghai
剧本 "甲"
  负责人 "宠物组"
  说明 "试一试"
  面向 属于分群 "熟客" 且 近期 >= ¥100
  每天 20:00
    推送 企微 "问候" 附券 "券"
    等待 1小时
    推送 企微 "推荐"
"""


@pytest.fixture(scope="module")
def version_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The version of the playbook 甲 in a text."""
    shop = Shop(tmp_path_factory.mktemp("texts"))

    def versioned(text: str) -> str:
        shop.write(text)
        return shop.ws.load().program.playbooks["甲"].version

    return versioned


def test_33_a_version_is_the_digest_of_its_canonical_text(open_shop: Open) -> None:
    shop = open_shop(TEXT.replace('属于分群 "熟客" 且 近期 >= ¥100', '属于分群 "别的"'))
    shop.tag("老客", "u1", at="2026-11-18 10:00")
    shop.run("2026-11-18 20:00")
    ((digest, source),) = shop.rows("SELECT digest, source FROM playbook_versions")
    assert digest == sha256(source.encode()).hexdigest() == shop.log()[0].version
    # Canonical: no spaces, sorted keys.
    assert source == json.dumps(json.loads(source), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "熟客" not in source
    assert "老客" in source


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("至少2次", "至少3次", True),
        ("90天内", "60天内", True),
        ('有标签 "老客"', '有标签 "新客"', False),
        ("每天 20:00", "每天 21:00", True),
        ("附券 \"券\"", "", True),
    ],
)
def test_33_it_changes_with_what_the_playbook_uses(version_of: Versioned, before: str, after: str, moves: bool) -> None:
    assert before in TEXT
    assert (version_of(TEXT.replace(before, after)) != version_of(TEXT)) == moves


def test_33_it_changes_with_the_type_of_what_is_used(version_of: Versioned) -> None:
    text = TEXT.replace("近期 >= ¥100", "级别 有值")
    assert version_of(text + "属性 级别 文本\n") != version_of(text + "属性 级别 数字\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  负责人", "  # 说给同事\n  负责人"),
        ("负责人 \"宠物组\"", "负责人 \"猫组\""),
        ("说明 \"试一试\"", "说明 \"再试试\""),
        ("每天 20:00", "每天２０：００"),
        ("推送 企微", "push wecom"),
        ("每天 20:00", "every day at 20:00"),
        ("库存 10", "库存 20"),
        ("说明", "预算 100条\n  说明"),
        ("时区 Asia/Shanghai", "时区 Asia/Shanghai\n  免打扰 22:00 到 08:00 顺延\n  对照组 5%"),
        ("说明", "草稿\n  说明"),
        ("说明", "暂停\n  说明"),
    ],
)
def test_34_what_is_not_part_of_a_version(version_of: Versioned, before: str, after: str) -> None:
    assert before in TEXT
    assert version_of(TEXT.replace(before, after)) == version_of(TEXT)


def test_34_nor_is_the_body_of_a_template(version_of: Versioned) -> None:
    text = TEXT.replace("\"推荐\"", "\"新话术\"") + '话术 "新话术"\n  正文 "{}"\n'
    assert version_of(text.format("乙")) == version_of(text.format("甲"))


def test_35_members_in_flight_finish_on_their_version(open_shop: Open) -> None:
    text = """
话术 "新话术"
  正文 "{body}"
剧本 "甲"
  每天 20:00
    打标签 "已触达"
    等待 1小时
    {step}
{policy}
"""
    shop = open_shop(text.format(body="旧", step='推送 企微 "新话术"', policy=""))
    shop.run("2026-11-18 20:05")
    entered = {r.version for r in shop.log()}
    policy = '全局规则\n  时区 Asia/Shanghai\n  永不推送 有标签 "退订"\n'
    shop.write(text.format(body="新", step='打标签 "老客"', policy=policy))
    shop.tag("退订", "u1", at="2026-11-18 20:30")
    shop.run("2026-11-18 21:05")
    later = [r for r in shop.log() if r.step == 'push "新话术"']
    # The old steps, under the new policy and with the new body.
    assert {r.version for r in later} == entered
    assert [(r.member_id, r.reason) for r in later if r.reason] == [("u1", "never_push")]
    shop.deliver("2026-11-18 21:06")
    written = (shop.root / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(line["to"], line["text"]) for line in map(json.loads, written)] == [("u2", "新"), ("u3", "新"), ("u4", "新")]
    shop.run("2026-11-19 20:05")
    shop.run("2026-11-19 21:05")
    assert [r.member_id for r in shop.log() if r.step == 'tag "老客"'] == ["u1", "u2", "u3", "u4"]


def test_41_a_block_is_known_by_its_trigger_through_all_versions(open_shop: Open) -> None:
    text = """
剧本 "甲"
  每人仅一次
  面向 有标签 "老客"
  每天 20:00
    推送 企微 "问候"
"""
    shop = open_shop(text)
    shop.tag("老客", "u1", at="2026-11-18 10:00")
    assert shop.run("2026-11-18 20:00").report.records == 1
    # A block put above is another block: it addresses them once as well, and the old one goes on counting.
    shop.write(text.replace("  每天 20:00\n", '  每天 09:00\n    推送 企微 "推荐"\n  每天 20:00\n'))
    assert shop.run("2026-11-19 09:00").report.records == 1
    assert shop.run("2026-11-19 20:00").report.records == 0
    assert shop.run("2026-11-20 09:00").report.records == 0
    assert shop.rows("SELECT DISTINCT block FROM headers ORDER BY block") == [(0,), (1,)]
