"""Plain names of what this version checks but does not carry out yet, and how that is told."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "W190": Message(
        "剧本“{name}”检查过了,但这个版本还不能运行它:里面有 {what}。",
        'Playbook "{name}" is checked, but this version does not run it yet: it has {what}.',
        "别的剧本照常运行;要现在就用,先去掉这些。",
        "Other playbooks run as usual; to use this one now, take these out.",
    ),
    "pending.joined": Message("当 加好友", "when joined"),
    "pending.left": Message("当 删好友", "when left"),
    "pending.event": Message("由事件启动(例如 当 下单)", "a start by an event (such as when order)"),
    "pending.untagged": Message("当 去掉标签", "when untagged"),
    "pending.mark": Message("当 … 达到 / 低于", "when … reaches / falls below"),
    "pending.tier": Message("当 等级 升到 / 降到 / 变为", "when tier rises to / drops to / becomes"),
    "pending.segment": Message("当 进入分群 / 离开分群", "when enters segment / leaves segment"),
    "pending.changes": Message("当 … 变更", "when … changes"),
    "pending.coupon_expires": Message("当 券 … 过期", "when coupon … expires"),
    "pending.coupon_used": Message("当 用券", "when used coupon"),
    "pending.handed_over": Message("当 换跟进人", "when handed over"),
    "pending.invited": Message("当 邀请成功", "when invited"),
    "pending.entered": Message("当 转入", "when entered"),
    "pending.group_event": Message("当 进群 / 退群", "when joins group / leaves group"),
    "pending.goal": Message("转化目标", "goal"),
    "pending.exit": Message("退出条件", "exit when"),
    "pending.per_field": Message("每个…仅一次", "once per field"),
    "pending.enter": Message("转入剧本", "enter playbook"),
    "pending.wait_until": Message("等到", "wait until"),
    "pending.day": Message("D0、D3 这样的天数", "day 0, day 3 and the like"),
    "pending.wait_for": Message("等客户", "wait for"),
    "pending.since_entry": Message("进入后", "since entry"),
    "pending.since_step": Message("步骤后", "since step"),
    "pending.same": Message("同一", "with same"),
}
