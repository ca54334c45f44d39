"""A small shop whose days are the same wherever they are played, byte for byte: its files, its commands, its chances."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from qingting.engine.log.encoding import SALT_LENGTH
from qingting.engine.log.secrets import LENGTH
from qingting.engine.workspace import Workspace

ZONE = ZoneInfo("Asia/Shanghai")
MEMBERS = 300
STORE = "shop.db"
SENT = "out.jsonl"
STATE = ".qingting"
FILES = {
    "qingting.yaml": f"""
timezone: Asia/Shanghai
store: sqlite:{STORE}
language: zh
channels:
  企微: {{type: file, path: {SENT}}}
""",
    "playbooks/library.sop": """
属性 城市 文本
事件 点击
事件 下单
标签 "企微好友"
标签 "退订"
标签组 "生命周期" 互斥
标签 "新客" 归入 "生命周期"
标签 "老客" 归入 "生命周期"
标签 "兴趣:猫粮" 有效期 30天
标签 "兴趣:狗粮"
属性 等级卡 文本
红包 "小红包" ¥0.3 到 ¥5 随机
  每人限1个
  预算 ¥60 每天
积分规则
  点击 得 1 每天最多2
  下单 得 1 每 ¥1
凡是 点击 "狗*" 打标签 "兴趣:狗粮"
券 "满100减20" 满¥100减¥20
  库存 75
  每人限1张
话术 "欢迎" 用于 企微
  正文 "{{ 姓名 }},欢迎"
话术 "种草" 用于 企微
  正文 "{{ 姓名 }},猫粮到货,券码 {{ 券.券码 }}"
话术 "晚安" 用于 企微
  正文 "{{ 姓名 }},晚安"
话术 "手册" 用于 企微
  正文 "养宠手册"
""",
    "playbooks/policy.sop": """
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  免打扰 22:00 到 08:00 顺延
  每人每天最多2条 企微
  每人7天最多3条 顺延
  对照组 2%
""",
    "playbooks/shop.sop": """
剧本 "猫粮跟进"
  优先级 60
  再进间隔7天
  面向 有标签 "企微好友" 且 昨天 做过 点击 "猫*"
  每天 20:00
    推送 企微 "种草" 附券 "满100减20"
    打标签 "兴趣:猫粮"
剧本 "回馈"
  类别 服务
  预算 30条 每天
  面向 有标签 "企微好友" 且 有标签 "兴趣:狗粮"
  每天 20:05
    推送 企微 轮换 "手册" 附红包 "小红包"
    加积分 10
    设置 等级卡 为 "银"
剧本 "晚安"
  优先级 40
  面向 有标签 "企微好友" 且 城市 属于 "上海", "杭州"
  每天 21:00
    推送 企微 "晚安"
  每天 22:10
    推送 企微 "手册"
    打标签 "老客"
剧本 "新客旅程"
  优先级 80
  每人仅一次
  面向 有标签 "企微好友"
  当 打上标签 "新客"
    推送 企微 "欢迎"
    等待 2小时
    如果 1天内 做过 下单
      打标签 "老客"
    否则
      分流 "诱饵"
        45% "送券"
          推送 企微 "种草" 附券 "满100减20"
        45% "送手册"
          推送 企微 "手册"
        10% 对照组
    等待 12小时
    打标签 "老客"
""",
}


def build_shop(root: Path) -> None:
    """Write the workspace and the files to import."""
    for name, text in {**FILES, **_data()}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def _data() -> dict[str, str]:
    choice = Random(20261120)
    members, tags, late, events = ["id,name,城市"], ["member,tag"], ["member,tag"], ["id,member,type,at,subject,amount"]
    for number in range(MEMBERS):
        member = f"m{number:03}"
        members.append(f"{member},客{number},{choice.choice(('上海', '杭州', '北京', ''))}")
        if choice.random() < 0.9:
            tags.append(f"{member},企微好友")
        if choice.random() < 0.3:
            tags.append(f"{member},新客")
        if choice.random() < 0.1:
            late.append(f"{member},{choice.choice(('退订', '新客', '老客'))}")
        for turn in range(choice.randrange(4)):
            at = f"2026-11-{choice.choice((18, 19, 19, 20)):02}T{choice.randrange(9):02}:30:00"
            what = choice.choice(("点击,{},猫粮,", "点击,{},狗粮,", "下单,{},猫粮,99.50"))
            events.append(f"e{number}-{turn},{member},{what.format(at)}")
    new = {row.partition(",")[0] for row in tags if row.endswith("新客")}
    rows = [f"m{number:03}" for number in range(0, MEMBERS, 2)]
    early = ["member,tag,since", *(f"{m},新客,2026-11-20T20:10:00" for m in rows if m not in new)]
    rivals = ["member,tag,since", *(f"{m},新客,2026-11-20T20:10:00" for m in rows)]
    tables = {"members": members, "tags": tags, "events": events, "late": late, "early": early, "rivals": rivals}
    return {f"data/{name}.csv": "\n".join(rows) + "\n" for name, rows in tables.items()}


@dataclass(frozen=True)
class Command:
    """One command of the days: its name, what it does, and the instant it is given."""

    name: str
    verb: str
    at: str
    kind: str = ""
    file: str = ""

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.at).replace(tzinfo=ZONE)


DAYS = (
    Command("create", "create", "2026-11-20T08:00"),
    Command("members", "import", "2026-11-20T09:00", "members", "data/members.csv"),
    Command("tags", "import", "2026-11-20T09:05", "tags", "data/tags.csv"),
    Command("events", "import", "2026-11-20T09:10", "events", "data/events.csv"),
    Command("evening", "run", "2026-11-20T20:30"),
    Command("late-tags", "import", "2026-11-20T20:40", "tags", "data/late.csv"),
    Command("evening-out", "deliver", "2026-11-20T20:45"),
    Command("night", "run", "2026-11-20T22:30"),
    Command("night-out", "deliver", "2026-11-20T22:31"),
    Command("morning", "run", "2026-11-21T12:00"),
    Command("morning-out", "deliver", "2026-11-21T12:01"),
)
# Tags that arrive, by their own account, before the evening's run decides; and such of them as the run takes away.
EARLY_TAGS = Command("early-tags", "import", "2026-11-20T20:10", "tags", "data/early.csv")
RIVAL_TAGS = Command("rival-tags", "import", "2026-11-20T20:10", "tags", "data/rivals.csv")
BY_NAME = {command.name: command for command in (*DAYS, EARLY_TAGS, RIVAL_TAGS)}


def open_shop(root: Path, command: Command) -> Workspace:
    """The workspace with a clock that stands still and chances that depend on the command alone."""
    return Workspace.open(
        root, environment={}, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), random_bytes=fixed_chances(command.name)
    )


def fixed_chances(name: str) -> Callable[[int], bytes]:
    """Random bytes that are the same in each attempt of a command, whatever an earlier attempt had drawn already.

    Names of deliverers (8 bytes) are of no consequence afterwards and must differ, so that these are really random. The salts
    of a delivery are all alike, and so are the secrets (32 bytes), since an attempt that goes on where another died draws fewer.
    """
    drawn: dict[int, int] = {}
    alike = {LENGTH, SALT_LENGTH} if name in BY_NAME and BY_NAME[name].verb == "deliver" else {LENGTH}

    def draw(size: int) -> bytes:
        if size == 8:
            return os.urandom(size)
        drawn[size] = 1 if size in alike else drawn.get(size, 0) + 1
        return hashlib.shake_256(f"{name}/{size}/{drawn[size]}".encode()).digest(size)

    return draw


def perform(root: Path, command: Command, reached: Callable[[str], None] = lambda boundary: None) -> None:
    """Give ``command`` in the workspace ``root``."""
    shop = open_shop(root, command)
    match command.verb:
        case "create":
            shop.create(at=command.instant)
        case "import":
            report, _ = shop.import_file(command.kind, root / command.file, at=command.instant)
            assert not report.rejected
        case "run":
            answer = shop.run(at=command.instant, reached=reached)
            assert answer.exit_code == 0, answer
        case "deliver":
            delivered = shop.deliver(at=command.instant, stream=io.StringIO())
            assert not delivered.faults, delivered.faults
