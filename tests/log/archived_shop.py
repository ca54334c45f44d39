"""A shop whose log grows for days: caps, re-entry, rotation, journeys, coupons, work for staff; and its archives."""

from __future__ import annotations

from pathlib import Path

from qingting.engine.archive_desk import ArchiveAnswer
from workspaces import Shop, when

TEXT = """
券 "限量" 减¥5
  库存 30
话术 "早安一"
  正文 "早"
话术 "早安二"
  正文 "又见面了"
全局规则
  永不推送 有标签 "退订"
  每人7天最多4条 企微
剧本 "早"
  每天 10:00
    推送 企微 轮换 "早安*" 2天内不重样
剧本 "晚"
  每天 20:00
    推送 企微 "推荐"
剧本 "跟进"
  当 点击
    再进间隔4天
    打标签 "已触达"
    等待 3天
    推送 短信 "问候"
    发券 "限量"
剧本 "久未"
  面向 均不满足
    3天内 收到过 "晚"
  每天 21:00
    打标签 "老客"
"""
DAYS = 8
BEFORE = "2026-11-24 00:00"
NOW = "2026-11-30 00:00"
MEMBERS = tuple(f"member-{number}" for number in range(6))


def grown(root: Path, text: str = TEXT) -> Shop:
    """The shop before its first day."""
    shop = Shop(root, text)
    shop.members(*MEMBERS)
    shop.tag("退订", MEMBERS[-1])
    return shop


def live(shop: Shop, day: int) -> None:
    """A day of the shop: somebody clicks, runs, what waits is delivered, but on some days."""
    date = f"2026-11-{18 + day:02}"
    shop.event("点击", MEMBERS[day % 5], at=f"{date} 09:00")
    for clock in ("10:30", "20:30", "21:30"):
        shop.run(f"{date} {clock}")
        if day % 4 != 3:
            shop.deliver(f"{date} {clock}")


def archive(shop: Shop, before: str, at: str = "2026-11-30 00:00", compact: bool = False) -> ArchiveAnswer:
    """Archives what was decided before an instant."""
    return shop.ws.archives.archive(when(before), at=when(at), compact=compact)


def file_of(shop: Shop) -> Path:
    """The first archive of the shop."""
    (path,) = (shop.root / "archive").glob("log-0-*[0-9].db")
    return path
