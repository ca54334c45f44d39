"""What is given and how much of it there is: red packets, budgets, rotation, take, one journey at a time, rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import Shop, report_of

DAY = "2026-11-18"
NEXT = "2026-11-19"


@pytest.fixture
def open_shop(tmp_path: Path) -> Callable[..., Shop]:
    def build(text: str) -> Shop:
        shop = Shop(tmp_path / "shop", text)
        shop.members("u1", "u2", "u3", "u4", name="客")
        shop.tag("好友", "u1", "u2", "u3", "u4")
        return shop

    return build


Open = Callable[..., Shop]
POLICY = """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
"""
EVERYTHING = POLICY + """
红包 "小红包" ¥1 到 ¥3 随机
  每人限1个
  预算 ¥6 每天
券 "立减5" 减¥5
  库存 3
积分规则
  点击 得 1 每天最多2
  下单 得 1 每 ¥1
等级规则
  "金" 满 20
  "铜" 其余
凡是 点击 "猫*" 打标签 "老客"
话术 "早安一"
  正文 "早"
话术 "早安二"
  正文 "早,{{ 等级 }}"
剧本 "早安"
  预算 3条 每天
  面向 有标签 "好友"
  每天 09:00
    推送 企微 轮换 "早安*" 30天内不重样
    加积分 5
    设置 城市 为 "上海"
剧本 "红包雨"
  同组互斥 "送礼"
  只取前3 按 积分
  优先级 60
  面向 有标签 "好友"
  每天 09:00
    推送 企微 "问候" 附红包 "小红包" 不受频次限制  # 送礼
    等待 1小时
    发券 "立减5"
剧本 "补送"
  同组互斥 "送礼"
  面向 有标签 "好友"
  每天 09:30
    推送 企微 "推荐"
"""


def packets(shop: Shop) -> list[tuple[str, str, int]]:
    """Whose red packets came to what, and the cents in them."""
    return shop.rows(
        "SELECT m.id, f.kind, f.amount FROM redpacket_facts f JOIN members m ON m.unit = f.unit ORDER BY f.seq"
    )


def test_a_plan_tells_all_that_the_run_does(open_shop: Open) -> None:
    shop = open_shop(EVERYTHING)
    shop.event("点击", "u1", "u1", "u1", at=f"{DAY} 08:00", subject="猫粮")
    shop.event("下单", "u2", at=f"{DAY} 08:10", amount="25.90")
    for at in (f"{DAY} 09:05", f"{DAY} 09:35", f"{DAY} 10:05", f"{NEXT} 09:05"):
        before = shop.dump()
        planned = shop.plan(at).report.to_json()
        assert shop.dump() == before
        done = shop.run(at).report.to_json()
        for told in (*planned["playbooks"], *done["playbooks"]):
            del told["funnel"]
        for foreseen in ("volumes", "samples", "already_today", "next"):
            planned.pop(foreseen, None)
        assert done == {**planned, "run": done["run"]}
    points = dict(shop.rows("SELECT m.id, sum(p.delta) FROM points p JOIN members m ON m.unit = p.unit GROUP BY 1"))
    assert points == {"u1": 2 + 10, "u2": 25 + 10, "u3": 10, "u4": 10}
    assert shop.who('有标签 "老客"', f"{NEXT} 10:00") == ("u1",)
    assert shop.who('等级 是 "金"', f"{NEXT} 10:00") == ("u2",)
    assert shop.who('城市 是 "上海"', f"{NEXT} 10:00") == ("u1", "u2", "u3", "u4")


def test_what_is_scarce_is_told_before_and_after(open_shop: Open) -> None:
    shop = open_shop(EVERYTHING)
    report = shop.run(f"{DAY} 09:05").report.to_json()
    mornings, rain = (next(p for p in report["playbooks"] if p["playbook"] == name) for name in ("早安", "红包雨"))
    assert mornings["budgets"] == [
        {"kind": "pushes", "per_day": True, "redpacket": None, "amount": 3, "before": 3, "after": 0}
    ]
    assert mornings["steps"][0]["suppressed"] == {"budget": 1}
    given = sum(amount for _, kind, amount in packets(shop) if kind == "reserved") / 100
    (budget,), (told,) = rain["budgets"], rain["redpackets"]
    assert budget == {
        "kind": "money", "per_day": True, "redpacket": "小红包", "amount": 6.0, "before": 6.0,
        "after": pytest.approx(6 - given),
    }
    assert told == {"redpacket": "小红包", "given": len(packets(shop)), "amount": pytest.approx(given)}
    assert 2 <= told["given"] <= 3


def test_a_red_packet_that_was_not_sent_gives_the_budget_back(open_shop: Open) -> None:
    shop = open_shop(POLICY + """
红包 "红包" ¥2 到 ¥2.01 随机
  预算 ¥4.02
剧本 "红包雨"
  面向 有标签 "好友"
  每天 09:00
    推送 企微 "问候" 附红包 "红包"
""")
    shop.run(f"{DAY} 09:05")
    lucky = [member for member, _, _ in packets(shop)]
    assert [kind for _, kind, _ in packets(shop)] == ["reserved", "reserved"]
    shop.tag("退订", lucky[0], at=f"{DAY} 09:06")
    shop.deliver(f"{DAY} 09:10")
    assert sorted((m, kind) for m, kind, _ in packets(shop)[2:]) == sorted([(lucky[0], "cancelled"), (lucky[1], "issued")])
    assert shop.who('领过红包 "红包"', f"{DAY} 09:15") == (lucky[1],)
    report = report_of(shop.run(f"{NEXT} 09:05"), "红包雨")
    assert [left.before - left.after for left in report.budgets] == [packets(shop)[-1][2]]
    assert [(step.dispatched, dict(step.suppressed)) for step in report.steps] == [(1, {"never_push": 1, "budget": 2})]


def test_rotation_goes_round_and_ends(open_shop: Open) -> None:
    shop = open_shop(POLICY + """
话术 "早安一"
  正文 "早"
话术 "早安二"
  正文 "早!"
剧本 "早安"
  面向 有标签 "好友"
  每天 09:00
    推送 企微 轮换 "早安*" 30天内不重样
""")
    for day in (18, 19, 20):
        shop.run(f"2026-11-{day} 09:05")
    told = [(str(r.content).partition("@")[0], r.reason) for r in shop.log()]
    assert told == [("早安一", None)] * 4 + [("早安二", None)] * 4 + [("None", "no_content")] * 4


def test_who_is_in_a_journey_enters_no_other_of_its_name(open_shop: Open) -> None:
    shop = open_shop(EVERYTHING)
    shop.run(f"{DAY} 09:05")
    inside = {r.member_id for r in shop.log(playbook="红包雨")}
    report = report_of(shop.run(f"{DAY} 09:35"), "补送")
    assert dict(report.steps[0].suppressed) == {"exclusive": 3}
    assert {r.member_id for r in shop.log(reason="exclusive")} == inside
    # The hour over, the journey has ended.
    shop.run(f"{DAY} 10:05")
    assert dict(report_of(shop.run(f"{NEXT} 09:35"), "补送").steps[0].suppressed) == {"exclusive": 3}


def test_texts_show_rungs_points_and_rounded_averages(open_shop: Open) -> None:
    shop = open_shop(POLICY + """
积分规则
  点击 得 7
等级规则
  "金" 满 5
  "铜" 其余
指标 "客单价" = 平均 下单.金额
话术 "账单"
  正文 "{{ 等级 }} {{ 积分 }} {{ 客单价 | default: '无' }}"
剧本 "账单"
  面向 有标签 "好友"
  每天 09:00
    推送 企微 "账单"
""")
    shop.event("点击", "u1", at=f"{DAY} 08:00")
    for amount in ("10.00", "10.01", "10.01"):
        shop.event("下单", "u1", at=f"{DAY} 08:01", amount=amount)
    shop.event("下单", "u2", at=f"{DAY} 08:01", amount="-3")
    shop.run(f"{DAY} 09:05")
    shop.deliver(f"{DAY} 09:06")
    lines = [json.loads(line) for line in (shop.root / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {line["to"]: line["text"].strip() for line in lines}
    assert texts == {"u1": "金 7 10.01", "u2": "铜 0 -3", "u3": "铜 0 无", "u4": "铜 0 无"}


def test_a_text_that_needs_what_is_unknown_is_incomplete(open_shop: Open) -> None:
    shop = open_shop(POLICY + """
等级规则
  "金" 满 5
指标 "客单价" = 平均 下单.金额
话术 "等级"
  正文 "{{ 等级 }}"
话术 "账单"
  正文 "{{ 客单价 }}"
积分规则
  点击 得 7
剧本 "账单"
  面向 有标签 "好友"
  每天 09:00
    推送 企微 "账单"
    推送 企微 "等级"
""")
    shop.event("点击", "u1", at=f"{DAY} 08:00")
    shop.event("下单", "u2", at=f"{DAY} 08:00", amount="3")
    steps = report_of(shop.run(f"{DAY} 09:05"), "账单").steps
    assert [(step.dispatched, dict(step.suppressed)) for step in steps] == [(1, {"incomplete": 3})] * 2
    assert [r.member_id for r in shop.log() if r.status == "queued"] == ["u2", "u1"]


@pytest.mark.parametrize(
    ("clicks", "decided"),
    [
        (("2026-11-20 08:00", "2026-11-20 14:00"), ["queued"]),
        (("2026-11-18 08:00", "2026-11-20 14:00"), ["late", "queued"]),
        (("2026-11-18 08:00", "2026-11-18 14:00"), ["late", "late"]),
    ],
)
def test_what_rules_caused_starts_a_playbook_once_and_what_is_late_does_not_count(
    open_shop: Open, clicks: tuple[str, ...], decided: list[str]
) -> None:
    shop = open_shop(POLICY + """
标签 "看过" 有效期 1小时
凡是 点击 打标签 "看过"
剧本 "跟进"
  当 打上标签 "看过"
    推送 企微 "问候"
""")
    for at in clicks:
        shop.event("点击", "u1", at=at)
    shop.run("2026-11-20 20:05")
    assert [record.reason or record.status for record in shop.log(member="u1")] == decided
