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
        "cron",
        "每个工作日",
        "每个节假日",
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
_ANYWHERE = (
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
    "保持",
    "has been",
    "变更",
    "changed",
    "changes",
    "进入后",
    "since entry",
    "during",
    "期间",
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
    "农历",
    "on lunar",
    "except",
    "节假日除外",
    "over",
    "分批",
    "from",
    "加好友",
    "joined",
    "删好友",
    "left",
    "去掉标签",
    "untagged",
    "进入分群",
    "enters",
    "离开分群",
    "leaves",
    "换跟进人",
    "handed over",
    "邀请成功",
    "转入",
    "entered",
    "进群",
    "joins",
    "退群",
    "建群",
    "reaches",
    "达到",
    "低于",
    "falls below",
    "升到",
    "降到",
    "变为",
    "becomes",
    "rises to",
    "drops to",
    "rotating",
    "轮换",
    "限",
    "despite",
    "不受",
    "with redpacket",
    "附红包",
    "confirmed",
    "每月第",
    "开始前",
    "结束前",
    "where",
    "其中",
    "定时",
)
_DAY = re.compile(r"D[0-9]+(?![A-Za-z0-9_])|第[0-9一二三四五六七八九十]+天")


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = [
        r"[ \t\r\n]+".join(re.escape(part) for part in word.split(" "))
        + (r"(?![A-Za-z0-9_])" if word.isascii() else "")
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(alternatives) if alternatives else "(?!)")


_FIRST = {start: _pattern(words) for start, words in _BEGINNINGS.items()}
_ELSEWHERE = _pattern(_ANYWHERE)
_NOTHING = re.compile("(?!)")


def word_of_later_version(flat: str, position: int, end: int, start: str, first: bool) -> int | None:
    """Where a word of a later version that stands at ``position`` ends; None where there is none.

    ``first`` says that the position is the line's beginning, where other words count than further on.
    """
    patterns = [_FIRST.get(start, _NOTHING), _DAY] if first and start != "segment_line" else [_ELSEWHERE]
    for pattern in patterns:
        match = pattern.match(flat, position, end)
        if match:
            return match.end()
    return None
