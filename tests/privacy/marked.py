"""A shop in which all that is about members bears a mark, and channels that say it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qingting.engine.delivery.channels import Answer, ChannelConfig, ChannelEnvironment, Message

MEMBERS = ("K13911110001", "K13911110002", "K13911110003", "K13911110004")
"""Outside ids as many shops have them: with the telephone number inside."""
NAME, PHONE, CITY, BIRTHDAY = "张敏感甲乙丙", "13999990001", "密城", "1987-03-21"
SUBJECT, ORDER, STAFF, GROUP = "密物猫粮", "密单X77", "密员小李", "福利密群"
BODY, ECHO, CELL = "密语正文", "回声", "密格"
MARKS = (*MEMBERS, NAME, PHONE, CITY, BIRTHDAY, BIRTHDAY.replace("-", ""), SUBJECT, ORDER, STAFF, GROUP, BODY, ECHO, CELL)
"""Every mark; what is searched holds none of them, neither as it stands nor as JSON writes it."""

SETTINGS = """\
timezone: Asia/Shanghai
channels:
  企微: {type: telling}
  短信: {type: raising}
  群: {type: console}
  staff: {type: console}
"""
PLAYBOOKS = f"""\
全局规则
  时区 Asia/Shanghai

属性 手机 文本
属性 城市 文本
属性 生日 日期
属性 会员卡 文本 可选 "普通", "金卡"
属性 预约 时间
事件 下单 含 单号 文本, 数量 数字
标签 "好友"
标签 "买过"
券 "减五" 减¥5
  库存 3
话术 "问候"
  正文 "{BODY} {{{{ 姓名 }}}} {{{{ 手机 }}}} {{{{ 城市 }}}} {{{{ 券.券码 }}}}"
话术 "短信"
  正文 "{BODY} {{{{ 姓名 }}}}"
话术 "群问候" 用于 群
  正文 "{BODY}"

剧本 "早安"
  面向 有标签 "好友"
  每天 10:00
    推送 企微 "问候" 附券 "减五"
    派任务 "给客户打电话" 限1天内完成
    提醒 店长 "看看 {{{{ 姓名 }}}}"

剧本 "发短信"
  每天 10:30
    推送 短信 "短信"

剧本 "生日"
  当 生日 周年 当天 09:00
    推送 企微 "短信"

剧本 "预约前"
  当 预约 前2小时
    推送 企微 "短信"

剧本 "下单后"
  每个 单号 仅一次
  当 下单
    打标签 "买过"
    等待 1天
    推送 企微 "短信"

剧本 "群早安"
  面向群 "福利*"
  每天 11:00
    推送 群 "群问候"

剧本 "太多人"
  熔断 2人
  每天 12:00
    打标签 "买过"
"""
TEST = f"""\
playbooks: [all.sop]
now: 2026-11-20 09:30
members:
  {MEMBERS[0]}: {{tags: [好友], 姓名: {NAME}, 手机: "{PHONE}", 城市: {CITY}}}
cases:
  - name: 早上
    at: 2026-11-20 10:00
    expect: {{{MEMBERS[0]}: []}}
"""


def write_shop(root: Path) -> None:
    """The workspace with its files, good ones and broken ones."""
    root.mkdir()
    for name, text in {
        "qingting.yaml": SETTINGS, "all.sop": PLAYBOOKS, "all_test.yaml": TEST, "conditions.txt": f'城市 是 "{CITY}"\n',
        "headless.csv": f"{MEMBERS[0]},{NAME},{PHONE}\n{MEMBERS[1]},{NAME},{PHONE}\n",
        "wrong.csv": f"id,手机,备注\n{MEMBERS[0]},{PHONE},{CELL}\n",
        "unclosed.csv": f'id,姓名\n{MEMBERS[0]},"{NAME}\n{MEMBERS[1]},{CELL}\n',
        "unreadable.jsonl": f'{{"id": "{MEMBERS[0]}", "姓名": "{NAME}"\n["{CELL}"]\n',
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    for name, rows in (GOOD | BROKEN).items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (root / f"{name}.jsonl").write_text(text, encoding="utf-8")


Rows = Sequence[Mapping[str, object]]
GOOD: Mapping[str, Rows] = {
    "members": [
        {
            "id": member, "姓名": NAME, "手机": PHONE, "城市": CITY, "生日": f"{BIRTHDAY[:5]}11-20" if number else BIRTHDAY,
            "跟进人": "s1", "预约": "2026-11-20 12:00", "会员卡": "金卡",
        }
        for number, member in enumerate(MEMBERS)
    ],
    "staff": [{"id": "s1", "name": STAFF, "manager": "s2"}, {"id": "s2", "name": STAFF}],
    "tags": [{"member": member, "tag": "好友"} for member in MEMBERS],
    "friends": [{"member": member, "staff": "s1"} for member in MEMBERS],
    "groups": [{"group": "g1", "name": GROUP, "owner": "s1"}, {"group": "g1", "member": MEMBERS[0]}],
    "events": [
        {"id": f"e{number}", "member": MEMBERS[0], "type": "下单", "at": "2026-11-20 09:40", "subject": SUBJECT, "单号": ORDER}
        for number in range(2)
    ],
    "coupons": [{"coupon": "减五", "member": MEMBERS[0], "code": f"{CELL}C1"}],
}
"""What is imported, by kind."""
BROKEN: Mapping[str, Rows] = {
    "bad_members": [
        {"id": MEMBERS[0], "姓名": NAME, "生日": CELL, "会员卡": CELL}, {"id": "", "姓名": NAME}, {"id": [NAME], "姓名": NAME},
        {"id": MEMBERS[1], "预约": PHONE, "timezone": CELL, "积分": NAME}, {"id": NAME * 400}, {"id": MEMBERS[2], "加好友时间": CELL},
    ],
    "bad_staff": [{"id": "", "name": STAFF}, {"id": {"a": STAFF}, "name": STAFF}],
    "bad_tags": [{"member": "K13900000000" + NAME, "tag": "好友"}, {"member": MEMBERS[0], "tag": CELL},
                 {"member": MEMBERS[0], "tag": "好友", "since": CELL}],
    "bad_friends": [{"member": NAME, "staff": "s1"}, {"member": MEMBERS[0], "staff": "s1", "until": CELL}],
    "bad_groups": [{"group": "g1", "member": NAME}, {"group": "", "name": GROUP}, {"group": "g1", "tags": CELL}],
    "bad_events": [
        {"id": "e0", "member": MEMBERS[0], "type": "下单", "at": "2026-11-20 09:40", "subject": CELL, "单号": ORDER},
        {"id": "e7", "member": NAME, "type": "下单", "at": "2026-11-20 09:40"},
        {"id": "e8", "member": MEMBERS[0], "type": CELL, "at": "2026-11-20 09:40"},
        {"id": "e9", "member": MEMBERS[0], "type": "下单", "at": CELL, "数量": NAME, "金额": PHONE},
    ],
    "bad_coupons": [{"coupon": CELL, "member": MEMBERS[0], "code": CELL}, {"coupon": "减五", "member": NAME, "code": CELL}],
}  # fmt: skip
"""Rows that cannot be taken."""


@dataclass(frozen=True)
class Telling:
    """A channel that refuses every second message and says why with all that it got."""

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Answer for each."""
        said = [f"{ECHO} {message.recipient} {message.text}" for message in messages]
        return [
            Answer("refused", error=text) if number % 2 else Answer("sent", channel_id=f"{ECHO}{messages[number].recipient}")
            for number, text in enumerate(said)
        ]


@dataclass(frozen=True)
class Raising:
    """A channel that fails and says it with all that it got."""

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Raise."""
        raise RuntimeError(" ".join(f"{ECHO} {message.recipient} {message.text}" for message in messages))


def open_telling(config: ChannelConfig, environment: ChannelEnvironment) -> Telling:
    """Open the channel."""
    return Telling()


def open_raising(config: ChannelConfig, environment: ChannelEnvironment) -> Raising:
    """Open the channel."""
    return Raising()


def marks_in(text: str) -> list[str]:
    """The marks that a text holds, as they stand or as JSON writes them."""
    return [mark for mark in MARKS if mark in text or json.dumps(mark)[1:-1] in text]
