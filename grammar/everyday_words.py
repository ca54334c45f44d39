"""What everyday words come to in the language: each function writes the exact words for what a pattern found.

All take the match and the declared names, and return None where the words mean nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .names import DeclaredNames


def meant_event(match: re.Match[str], names: DeclaredNames) -> str | None:
    """The declared event that a verb of everyday speech means."""
    said = match["verb"]
    verb = said.replace("过", "", 1).removesuffix("了")
    return next((each for each in (said, verb, DEEDS.get(said), DEEDS.get(verb)) if each in names.events), None)


DEEDS: Mapping[str, str] = {
    "买": "下单", "购买": "下单", "下过单": "下单", "下了单": "下单", "成交": "下单", "消费": "下单", "点": "点击",
    "点开": "点击", "看": "浏览", "签": "签到", "付款": "支付", "购物": "下单",
}
"""Verbs of everyday speech and the event that shops mostly declare for them."""


def did(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``看过直播``: an event as a verb."""
    event = meant_event(match, names)
    return f"做过 {event}" if event and match.group() not in names.events else None


def did_not(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``没下单``, ``从未下单``: an event that did not happen."""
    event = meant_event(match, names)
    word = "从未做过" if match["ever"] else "未做过"
    return f"{word} {event}" if event else None


def idle(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``45天没下单``, and ``超过45天没下单``, which speaks of the last time."""
    event = meant_event(match, names)
    if event is None:
        return None
    length = match["length"].replace(" ", "")
    return f"最近一次 {event} 距今超过{length}" if match["over"] else f"{length}内 未做过 {event}"


def bought(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``没买过猫粮2kg``: the product stands in quotes behind the event."""
    event = meant_event(match, names)
    if event is None or match["what"] in ("次数", "数量", "金额"):
        return None
    return f'{"未做过" if match["not"] else "做过"} {event} "{match["what"]}"'


def between(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``积分 500-1999``: both ends included."""
    name = match["name"]
    known = name in names.attributes or name in names.metrics or name in ("积分",)
    return f"{name} 介于 {match['low']} 到 {match['high']}" if known else None


def is_text(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``城市是上海``: the text stands in quotes."""
    known = match["name"] in names.attributes | names.ladders or match["name"] in ("等级", "姓名", "跟进人", "来源")
    return f'{match["name"]} {match["sign"]} "{match["value"]}"' if known and not match["value"][0].isdigit() else None


def yes_no(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``未绑卡`` where 已绑卡 is an attribute."""
    positive = f"已{match['rest']}"
    return f"{positive} 为否" if positive in names.attributes and match.group() not in names.words else None


def birthday(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``今天过生日``: the anniversary of a date."""
    day = match.groupdict().get("day") or "今天"
    day = {"明天": "1天后当天", "后天": "2天后当天", "这个月": "本月"}.get(day, day)
    return f"{day} {match['name']}周年" if match["name"] in names.attributes else None


def count(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``超过3次``: how often at least or at most."""
    number, unit = read_number(match["count"]), match["unit"]
    if number is None:
        return None
    word, step = COUNTS[match["side"]]
    return f"{word}{number + step}{unit}" if number + step > 0 else None


COUNTS: Mapping[str, tuple[str, int]] = {
    "超过": ("至少", 1), "大于": ("至少", 1), "多于": ("至少", 1), "超": ("至少", 1), "不超过": ("最多", 0),
    "不多于": ("最多", 0), "小于等于": ("最多", 0), "少于": ("最多", -1), "小于": ("最多", -1), "不到": ("最多", -1),
    "不足": ("最多", -1), "低于": ("最多", -1), "不少于": ("至少", 0), "大于等于": ("至少", 0), "达到": ("至少", 0),
    "不低于": ("至少", 0), "满": ("至少", 0),
}
_COUNT_SIGNS = {"超过": ">", "大于": ">", "多于": ">", "超": ">", "少于": "<", "小于": "<", "不到": "<", "不足": "<",
                "低于": "<"}


def count_of(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``下单 超过3次``: a number that is compared."""
    sign = _COUNT_SIGNS.get(match["side"], "<=" if COUNTS[match["side"]][0] == "最多" else ">=")
    return f"次数 {sign} {match['count']}" if match["unit"] == "次" else None


def counted(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``至少两次``, ``两次以上``; bare ``三次`` may be at least or exactly three, which another message asks."""
    number = read_number(match["number"])
    side = match["side"] or {"以上": "至少", "及以上": "至少", "以下": "最多"}.get(match["over"] or "", "")
    return f"{side}{number}{match['unit']}" if number is not None else None


def numeral(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``五百元``: the number in digits."""
    number = read_number(match["number"])
    return f"{number}{match['unit'] or ''}" if number is not None else None


def read_number(text: str) -> int | None:
    """The number that digits or Chinese numerals up to 万 say; None for what is no number.

    >>> read_number("五百"), read_number("一万二千"), read_number("12"), read_number("十百")
    (500, 12000, 12, None)
    """
    if text.isascii():
        return int(text) if text.isdigit() else None
    total, section, digit, smallest = 0, 0, 0, 10_000
    for char in text:
        unit = {"十": 10, "百": 100, "千": 1000, "万": 10_000}.get(char)
        if unit is None:
            if digit or char not in _NUMERALS:
                return None
            digit = _NUMERALS.index(char) if char != "两" else 2
        elif unit == 10_000:
            total, section, digit, smallest = (section + digit) * unit, 0, 0, unit
        elif unit >= smallest or (not digit and (unit > 10 or section)):
            return None
        else:
            section, digit, smallest = section + (digit or 1) * unit, 0, unit
    return total + section + digit or None


_NUMERALS = "零一二三四五六七八九两"


def is_known(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``城市不为空``: whether an attribute has a value."""
    word = "没值" if match["sign"] in ("为空", "没有值") else "有值"
    return f"{match['name']} {word}" if match["name"] in names.attributes else None


def last(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``最近下单``: the last time of an event."""
    event = meant_event(match, names)
    return f"最近一次 {event}" if event else None


def in_a_row(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``连续签到7天``: on days in a row."""
    event = meant_event(match, names)
    return f"连续{match['days']} 做过 {event}" if event else None


def field(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``做过 下单 金额大于100``: what is asked of an event stands behind 其中."""
    fields = frozenset({"金额", "数量", "对象"}).union(*names.fields.values())
    return f"其中 {match['name']}" if match["name"] in fields else None


def waited(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``等客户下单``: a wait for an event."""
    event = meant_event(match, names)
    return f"等客户 做过 {event}" if event else None


def days_of_week(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``每周一三五``: each day with its 周."""
    days = [_WEEKDAYS.get(char, char) for char in re.findall("[一二三四五六日天1-7]", match["days"])]
    written = "每周" + "、".join(day if index == 0 else f"周{day}" for index, day in enumerate(days))
    return written if written != match.group().replace(" ", "") else None


_WEEKDAYS = {"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "日"}


def weekly(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``周五``, ``工作日``: with 每."""
    return f"每{match[1]}" if match[1].startswith("周") else f"每个{match[1]}"


def dated(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``2026/11/11`` as a trigger."""
    return f"定时 {int(match['year'])}-{int(match['month']):02d}-{int(match['day']):02d}"


def slashed(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``2026/11/11`` as a date."""
    return f"{int(match['year'])}-{int(match['month']):02d}-{int(match['day']):02d}"


def when_event(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``客户下单后``: an event as a trigger."""
    event = match["event"].removeprefix("添")
    event = "加好友" if event in ("加我好友", "加企微", "加微信", "加了好友") else event
    if event != "加好友" and event not in names.events:
        return None
    word = "首次 " if match["first"] and event != "加好友" else ""
    return f"当 {word}{event}"


def around_date(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``生日前3天``: the day of a date attribute, each year for a birthday."""
    name = match["name"].removeprefix("当").strip().removesuffix("周年")
    name = name if name in names.attributes else f"{name}日"
    if name not in names.attributes:
        return None
    name += "周年" if name.endswith("生日") else ""
    return f"当 {name} {match['offset'].replace(' ', '')}"


def reaches(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``积分超过2000`` as a trigger."""
    known = match["name"] in names.attributes | names.metrics or match["name"] == "积分"
    return f"{match['name']} 达到 {match['mark']}" if known else None


def set_attribute(match: re.Match[str], names: DeclaredNames) -> str | None:
    """``城市 改为``: an attribute that a step sets."""
    return f"设置 {match['name']} 为" if match["name"] in names.attributes else None


def half_day_clock(match: re.Match[str], _: DeclaredNames) -> str | None:
    """``8pm``: the clock of twenty-four hours."""
    hour = int(match["hour"]) % 12 + (12 if match["half"] in "pP" else 0)
    return f"{hour:02d}:{match['minute'] or '00'}"


def discount(match: re.Match[str], _: DeclaredNames) -> str:
    """``打八八折``: the share of the price in digits."""
    if match["tens"] in (None, "对"):
        return "打5折"
    ones = f".{_NUMERALS.index(match['ones'])}" if match["ones"] else ""
    return f"打{_NUMERALS.index(match['tens'])}{ones}折"
