"""A shop that lives for a few weeks: playbooks of every kind, facts that come in disorder, runs at odd instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from qingting.engine.insight.work import WorkFilter
from qingting.engine.log.records import LogFilter, LogRecord, read_log
from qingting.engine.program.clock import from_datetime, zone_of
from qingting.engine.simulating.copying import private_copy
from qingting.engine.simulating.playing import Played, Span, play
from qingting.engine.stores.sqlite.database import SqliteStore
from workspaces import ZONE, Shop, micros, when

EVERYTHING = """
全局规则
  永不推送 有标签 "退订"
  每人每天最多2条
标签组 "阶段" 互斥
标签 "一期" 归入 "阶段"
标签 "二期" 归入 "阶段"
券 "立减5" 减¥5
  库存 6
  有效期 7天
积分规则
  下单 得 1 每 ¥1
凡是 点击 打标签 "已触达"
剧本 "晚安"
  优先级 60
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
剧本 "送券"
  优先级 40
  同组互斥 "送"
  预算 9张
  面向 有标签 "好友" 且 积分 >= 30
  每周一 09:00
    推送 企微 "推荐" 附券 "立减5"
剧本 "谢谢"
  对照组 20%
  每人最多3次
  面向 有标签 "好友"
  当 下单
    推送 企微 "推荐"
    等待 1天
    如果 3天内 做过 点击
      打标签 "二期"
    否则
      打标签 "一期"
    等客户 做过 点击 最长2天
      满足时
        加积分 3
      超时
        推送 短信 "问候"
剧本 "接力"
  退出条件 有标签 "退订"
  当 打上标签 "二期"
    派任务 "回访" 限1天内完成
    等待 6小时
    如果 任务 "回访" 已完成
      推送 短信 "问候"
    否则
      推送 短信 "推荐"
剧本 "睡着的"
  暂停
  面向 有标签 "好友"
  每天 08:00
    推送 企微 "推荐"
剧本 "无人"
  面向 积分 >= 100000
  每天 08:00
    推送 企微 "推荐"
剧本 "没到"
  面向 有标签 "好友"
  定时 2027-06-01 08:00
    推送 企微 "推荐"
"""
FLAT = """
全局规则
  永不推送 有标签 "退订"
  每人2天最多2条
标签组 "阶段" 互斥
标签 "一期" 归入 "阶段"
标签 "二期" 归入 "阶段"
积分规则
  下单 得 1 每 ¥1
券 "立减5" 减¥5
  库存 3
剧本 "晚安"
  每人最多4次
  面向 有标签 "好友" 且 无标签 "一期"
  每天 20:00
    推送 企微 "问候"
剧本 "谢谢"
  面向 有标签 "好友"
  当 下单
    发券 "立减5"
    推送 短信 "推荐"
    打标签 "一期"
剧本 "点了"
  优先级 70
  面向 有标签 "好友" 且 7天内 做过 下单
  当 第2次 点击
    打标签 "二期"
剧本 "升了"
  当 积分 达到 50、100
    推送 企微 "推荐"
剧本 "没了"
  当 去掉标签 "一期"
    推送 短信 "问候"
"""
MEMBERS = tuple(f"u{number}" for number in range(1, 9))
Records = list[tuple[object, ...]]
Lived = tuple[Shop, list[str]]


def at(day: int, clock: str = "00:00") -> str:
    """A local date-time of the shop, so many days after the first."""
    return f"{(datetime(2026, 11, 18) + timedelta(days=day)).date()} {clock}"


def live(shop: Shop, seed: int, days: int, *, deliver: bool = False) -> list[str]:
    """Lets a shop live for some days behind its second; gives the instants of its runs."""
    random = Random(seed)
    instants = []
    for day in range(1, 1 + days):
        for hour in sorted(random.sample(range(1, 24), 4)):
            now = at(day, f"{hour:02}:{random.randrange(1, 59):02}")
            _happen(shop, random, day, now)
            if random.random() < 0.6:
                moment = (when(now) + timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M")
                assert shop.run(moment).exit_code == 0
                instants.append(moment)
                if deliver:
                    shop.deliver(moment)
    return instants


def _happen(shop: Shop, random: Random, day: int, now: str) -> None:
    """Something that others tell, now and then long after it happened, or before."""
    who = random.choice(MEMBERS)
    moved = random.choice((0, 0, -3, -30, 5))
    happened = (when(now) + timedelta(hours=moved)).isoformat()
    match random.randrange(8):
        case 0 | 1:
            shop.event("下单", who, at=happened, arrived=now, amount=random.choice((5, 20, 60)))
        case 2 | 3:
            shop.event("点击", who, at=happened, arrived=now)
        case 4:
            shop.tag(random.choice(("一期", "二期", "退订")), who, at=now)
        case 5:
            shop.members(f"new{day}-{random.randrange(99)}", at=now, 城市="上海")
        case 6:
            work = shop.ws.staff.work(WorkFilter(("task",)), at=when(now))
            shop.ws.staff.settle([each.id for each in work if each.state != "done"][:1], done=True, at=when(now))
        case _:
            late = (when(now) + timedelta(hours=7)).isoformat()
            row: dict[str, Any] = {"id": f"{now}{who}", "member": who, "type": "下单", "at": now, "arrived": late, "amount": 40}
            shop.bring("events", [row], now)


def simulated(shop: Shop, start: str, until: str, instants: Iterable[str] | None, now: str) -> tuple[Records, Played]:
    """What a simulation records, and what it tells of itself."""
    span = Span(*(micros(each) for each in (min(start, now), start, until, now)))
    with SqliteStore.open(shop.path) as store, private_copy(store) as copy:
        given = None if instants is None else [micros(each) for each in instants]
        played = play(copy, shop.ws.load().program, span, instants=given)
        return seen(read_log(copy.store, LogFilter(), zone_of(ZONE), reveal=True)), played


def seen(records: Iterable[LogRecord]) -> Records:
    """What two logs must agree on, in the order of decision."""
    return [
        (r.id, r.decided_at, r.occurrence, r.playbook, r.step, r.member_id, r.status, r.reason, r.arm, r.not_before)
        for r in records
    ]


def since(records: Records, start: str) -> Records:
    """Those decided from an instant on."""
    return [record for record in records if from_datetime(_moment(record[1])) >= micros(start)]


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
