"""Words of what has come of playbooks."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "T.arm": Message("分组", "arm"),
    "T.arm_entered": Message("进入的", "entered"),
    "T.arm_holdout": Message("对照组", "holdout"),
    "T.arm_split": Message("分流 {name}", "arm {name}"),
    "T.arm_split_holdout": Message("分流对照组", "holdout arm"),
    "T.closed": Message("已到期", "closed"),
    "T.reached": Message("达成", "reached"),
    "T.rate": Message("达成率(95%区间)", "rate (95% interval)"),
    "T.lift": Message("比对照组多(95%区间)", "lift in points (95% interval)"),
    "T.in_window": Message("未到期", "open"),
    "T.in_window_reached": Message("其中已达成", "of that reached"),
    "N170": Message("没有写转化目标的剧本", "no playbook has a goal"),
    "N171": Message("另有 {count} 次进入时目标不是这个,没有算进来", "{count} entries were under another goal, and are left out"),
}
