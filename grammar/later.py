"""Words of the language that this version does not carry out yet, so that they get an honest answer."""

from __future__ import annotations

import re

_BEGINNINGS: dict[str, tuple[str, ...]] = {
    "declaration": (
        "活动",
        "activity",
        "积分规则",
        "points",
        "等级规则",
        "tiers",
        "凡是",
        "whenever",
        "红包",
        "redpacket",
        "产品",
        "product",
        "渠道",
        "source",
    ),
    "playbook_line": (
        "转化目标",
        "goal",
        "退出条件",
        "exit when",
        "预算",
        "budget",
        "只取前",
        "只取随机",
        "take",
        "同组互斥",
        "only one of",
        "补发",
        "catch up",
        "during",
        "not during",
        "活动",
        "at most",
        "每人最多",
        "全剧本每人最多",
        "面向群",
        "for groups",
        "每年",
        "every year",
        "每个工作日",
        "每个节假日",
        "每工作日",
        "每节假日",
        "工作日",
        "节假日",
        "every workday",
        "every holiday",
    ),
    "block_line": (
        "派任务",
        "task",
        "提醒员工",
        "提醒",
        "alert",
        "转入剧本",
        "enter playbook",
        "重复",
        "repeat",
        "day",
        "等客户",
        "wait for",
        "等到",
        "wait until",
        "加积分",
        "扣积分",
        "points",
        "设置",
        "set",
        "发红包",
        "redpacket",
        "欢迎语",
        "welcome",
        "at most",
        "每人最多",
    ),
}
_BEGINNINGS["schedule"] = _BEGINNINGS["playbook_line"]
_IN_CONDITIONS = (
    "持有券",
    "holds",
    "用过券",
    "used",
    "领过红包",
    "邀请过",
    "invited",
    "该复购",
    "due to reorder",
    "在群",
    "是好友",
    "is friend",
    "任务",
    "task",
    "正在剧本",
    "in playbook",
    "走完剧本",
    "finished",
    "平均",
    "average",
    "最大",
    "largest",
    "最小",
    "smallest",
    "连续",
    "去重数",
    "number of distinct",
    "保持",
    "has been",
    "变更",
    "changed",
    "进入后",
    "since entry",
    "since step",
    "during",
    "活动",
    "曾经做过",
    "ever did",
    "从未做过",
    "never did",
    "工作日",
    "workday",
    "节假日",
    "holiday",
    "类目",
    "in category",
    "in group",
    "归入",
)
_FURTHER_ON: dict[str, tuple[str, ...]] = {
    "playbook_line": (
        "从",
        "from",
        "节假日除外",
        "except",
        "分批",
        "over",
        "活动",
        "during",
        "农历",
        "lunar",
        "第",
        "second",
        "third",
        "节假日",
        "工作日",
        "workday",
        "holiday",
        "在",
    ),
    "block_line": (
        "轮换",
        "rotating",
        "附红包",
        "with redpacket",
        "限",
        "within",
        "不受",
        "despite",
        "confirmed",
    ),
    "segment_line": (),
}
_FURTHER_ON["schedule"] = _FURTHER_ON["playbook_line"]
_DAY = re.compile(r"D[0-9]+(?![A-Za-z0-9_])|第[0-9一二三四五六七八九十]+天")


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = [
        r"[ \t\r\n]+".join(re.escape(part) for part in word.split(" "))
        + (r"(?![A-Za-z0-9_])" if word.isascii() else "")
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(alternatives) if alternatives else "(?!)")


_FIRST = {start: _pattern(words) for start, words in _BEGINNINGS.items()}
_LATER = {start: _pattern((*words, *_IN_CONDITIONS)) for start, words in _FURTHER_ON.items()}
_CONDITIONS = _pattern(_IN_CONDITIONS)
_NOTHING = re.compile("(?!)")


def word_of_later_version(flat: str, position: int, end: int, start: str, first: bool) -> int | None:
    """Where a word of a later version that stands at ``position`` ends; None where there is none.

    ``first`` says that the position is the line's beginning, where other words count than further on.
    """
    if first and start != "segment_line":
        patterns = [_FIRST.get(start, _NOTHING), _DAY]
    else:
        patterns = [_LATER.get(start, _CONDITIONS)]
    for pattern in patterns:
        match = pattern.match(flat, position, end)
        if match:
            return match.end()
    return None
