"""The names that generated worlds and conditions use: few, alike, and full of characters that break naive SQL."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Literal

from oracle.model import Value
from qingting.engine.program import ir
from qingting.engine.program.holidays import HolidayCalendar

TEXT, NUMBER, MONEY = ir.ValueType.TEXT, ir.ValueType.NUMBER, ir.ValueType.MONEY
DATE, LUNAR, INSTANT, YES_NO = (
    ir.ValueType.DATE,
    ir.ValueType.LUNAR_DATE,
    ir.ValueType.INSTANT,
    ir.ValueType.YES_NO,
)

TAGS = ("兴趣:猫", "兴趣:猫粮", "兴趣:𠮷", "新客", "100%_a", "它's \"好\"", "😀", "*")
SUBJECTS = ("猫", "猫粮", "猫𠮷", "狗%", "狗_", "'; --", "𠮷野家", "É")
TEXTS = ("上海", "上海市", "北京", "a%b", "a_b", "it's", '"', "\\", "𠮷", "￿", "1", "")
CARDS = ("普通", "银卡", "金卡")
IDS = ("u1", "u10", "U1", "会员7", "𠮷", "a'b", 'q"', "100%", "_", "ｕ1")
PLAYBOOKS = ("猫粮跟进", "猫粮", "O'Neil")
STEPS = ("首触/push", "首触/push #2", "首触", "push 猫粮", "尾/push")
TEMPLATES = ("猫粮种草", "猫粮", "早安%", "早安1")
CHANNELS = ("wecom", "sms")
COUPONS = ("满100减20", "满100", "it's %")
REDPACKETS = ("新客红包", "红包")
GROUPS = ("福利群1", "福利群2", "福利%", "VIP")
STAFF = ("张三", "李四")
SOURCES = ("静安店", "官网", "静安")
RUNGS = ("超级", "A级", "B级", "普通")
LASTS = ir.Duration(2 * ir.DAY)
SAMPLES = ("九月实验", "", "九月")

ATTRIBUTES = (
    ir.Attribute("城市", TEXT),
    ir.Attribute("等级卡", TEXT, CARDS),
    ir.Attribute("评分", NUMBER),
    ir.Attribute("余额", MONEY),
    ir.Attribute("生日", DATE),
    ir.Attribute("农历生日", LUNAR),
    ir.Attribute("到期", INSTANT),
    ir.Attribute("已绑卡", YES_NO),
)
BUILT_IN = (
    ir.Attribute("id", TEXT),
    ir.Attribute("name", TEXT),
    ir.Attribute("joined", INSTANT),
    ir.Attribute("points", NUMBER),
    ir.Attribute("tier", TEXT),
    ir.Attribute("staff", TEXT),
    ir.Attribute("inviter", TEXT),
    ir.Attribute("source", TEXT),
    ir.Attribute("timezone", TEXT),
)
FIELDS = (
    ir.FieldRef("门店", TEXT),
    ir.FieldRef("数量", NUMBER),
    ir.FieldRef("运费", MONEY),
    ir.FieldRef("提货日", DATE),
    ir.FieldRef("送达", INSTANT),
    ir.FieldRef("首单", YES_NO),
)
BUILT_IN_FIELDS = (ir.FieldRef("subject", TEXT), ir.FieldRef("amount", MONEY), ir.FieldRef("time", INSTANT))
EVENTS = (ir.Event("点击"), ir.Event("下单", FIELDS), ir.Event("签到", FIELDS[:2]))


def expiries(first: bool) -> dict[str, ir.Duration]:
    """How long tags live by declaration, before and after the declarations changed."""
    if first:
        return {"兴趣:猫粮": ir.Duration(3 * ir.DAY), "新客": ir.Duration(ir.DAY), "😀": ir.Duration(0, 1)}
    return {
        "兴趣:猫粮": ir.Duration(7 * ir.DAY),
        "它's \"好\"": ir.Duration(3 * ir.DAY),
        "兴趣:猫": ir.Duration(ir.HOUR),
    }


def fields_of(event: str) -> tuple[ir.FieldRef, ...]:
    """The fields of an event, built-in ones included."""
    return BUILT_IN_FIELDS + next(e.fields for e in EVENTS if e.name == event)


def template(name: str, channel: str | None = None) -> ir.Template:
    """A template without variables."""
    digest = sha256(name.encode()).hexdigest()
    return ir.Template(name, channel, name, (), (), (), digest)


def library(
    segments: dict[str, ir.Condition] | None = None,
    metrics: dict[str, ir.Total] | None = None,
    tags: tuple[ir.Tag, ...] = (),
    coupons: tuple[ir.Coupon, ...] = (),
    ladders: dict[str, ir.Ladder] | None = None,
    days: dict[date, Literal["off", "work"]] | None = None,
) -> ir.Library:
    """The library of generated worlds with some segments, metrics, coupons and tags that differ from the plain ones."""
    return ir.Library(
        attributes={a.name: a for a in ATTRIBUTES + BUILT_IN},
        events={e.name: e for e in EVENTS},
        tags={name: ir.Tag(name) for name in TAGS} | {tag.name: tag for tag in tags},
        tag_groups={},
        segments=segments or {},
        metrics=metrics or {},
        templates={name: template(name) for name in TEMPLATES},
        coupons={name: ir.Coupon(name, 100) for name in COUPONS} | {coupon.name: coupon for coupon in coupons},
        redpackets={name: ir.Redpacket(name, 30, 500) for name in REDPACKETS},
        ladders=ladders or {},
        holidays=HolidayCalendar("", days or {}),
    )


def sample_values(kind: ir.ValueType) -> tuple[Value, ...]:
    """Values of a type that lie close together, so that tests fall on either side of them."""
    match kind:
        case ir.ValueType.TEXT:
            return TEXTS
        case ir.ValueType.NUMBER:
            return (-1, 0, 1, 500_000, 1_000_000, 2_000_000, 3_000_000)
        case ir.ValueType.MONEY:
            return (-1177, 0, 1, 999, 1000, 1001, 5000)
        case ir.ValueType.DATE:
            return (19900228, 19920229, 19901121, 19851122, 20011120, 19950303, 20261122, 20261121)
        case ir.ValueType.LUNAR_DATE:
            return (101, 815, 1012, 1013, 1014, 1230, 630)
        case ir.ValueType.YES_NO:
            return (0, 1)
    return ()
