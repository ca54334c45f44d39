"""What an explanation says before a run is what the run then does, and what explains its records afterwards."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from qingting.engine.program.ir import DAY, HOUR

from .shop import START, Shop, block_of, when

PLAYBOOK = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  免打扰 20:30 到 08:00 顺延
  每人3天最多2条
  对照组 10%
券 "小券" 减¥5
  每人限1张
剧本 "综合"
  再进间隔2天
  面向 有标签 "企微好友" 且 (3天内 做过 点击 或 属于分群 "熟客" 或 城市 不是 "上海")
  每天 20:00、21:00
    如果 城市 有值
      推送 企微 "猫粮种草" 附券 "小券"
    否则
      分流 "甲乙"
        50% "甲"
          推送 企微 "问候"
        50% "乙"
          打标签 "已跟进"
    推送 企微 "问候"
    打标签 "兴趣:猫粮"
"""
SEED = 1
RUNS = ["2026-11-02 20:00", "2026-11-02 21:00", "2026-11-04 20:00"]


def populate(shop: Shop, random: Random) -> None:
    """Members with whatever attributes, tags and events."""
    for number in range(12):
        values = {"城市": random.choice(["上海", "杭州"])} if random.random() < 0.6 else {}
        if random.random() < 0.7:
            values["name"] = f"客{number}"
        shop.member(f"M{number:02d}", **values)
    with shop.facts() as writer:
        for number, unit in enumerate(shop.units.values()):
            for place in range(random.randrange(4)):
                at = START + random.randrange(5 * DAY // HOUR) * HOUR
                kind = random.choice(["点击", "下单"])
                writer.add_event(f"{number}-{place}", kind, unit, at=at, arrived=at, amount=random.randrange(20_000))
            if random.random() < 0.2:
                at = START + random.randrange(5 * DAY // HOUR) * HOUR
                writer.add_tag(unit, "退订", at=at, arrived=at)


def expected(shop: Shop, member: str, at: str) -> dict[str, tuple[str, str | None]]:
    """What the explanation says of the steps that leave a record in a run at an instant."""
    steps = block_of(shop.explain(member, at)).steps
    if steps[0].reason in ("never_push", "holdout") and all(step.reason == steps[0].reason for step in steps):
        return {steps[0].step: ("suppressed", steps[0].reason)}
    return {
        step.step: (step.verdict, step.reason) for step in steps
        if step.verdict in ("dispatched", "suppressed") and step.reason != "duplicate"
    }


def decided(shop: Shop, member: str, at: str) -> dict[str, tuple[str, str | None]]:
    """What the log says of them."""
    rows = shop.store.connection.execute(
        "SELECT s.name, h.status, h.reason FROM dispatches d JOIN headers h ON h.header = d.header"
        " JOIN steps s ON s.step = d.step JOIN occurrences o ON o.occurrence = d.occurrence"
        " WHERE d.unit = ? AND o.at = ? AND d.t = o.at",
        (shop.units[member], when(at)),
    ).fetchall()
    return {step: ("suppressed" if status == "suppressed" else "dispatched", reason) for step, status, reason in rows}


@pytest.mark.slow
def test_what_is_told_is_what_happens(tmp_path: Path) -> None:
    shop = Shop(tmp_path, PLAYBOOK)
    assert shop.program.blocked == {}
    populate(shop, Random(SEED))
    seen: set[str | None] = set()
    for at in RUNS:
        told = {member: expected(shop, member, at) for member in shop.units}
        shop.run(at)
        happened = {member: decided(shop, member, at) for member in shop.units}
        assert told == happened
        seen |= {reason for steps in happened.values() for _, reason in steps.values()}
    assert {None, "never_push", "cap", "incomplete"} <= seen
    for (seq,) in shop.store.connection.execute("SELECT seq FROM dispatches").fetchall():
        found = shop.explain_record(seq)
        assert found.record is not None
        assert found.record.agrees, found
