"""Messages about headers, blocks and steps of playbooks and the policy (E400 to E429)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "E402": Message(
        "这一行写了两次。",
        "This line stands twice.",
        "留下一行。",
        "Keep one of them.",
    ),
    "E403": Message(
        "一个剧本只能有一个 面向。",
        "A playbook has one for line.",
        "合成一行,用 且 或 全部满足 连接。",
        "Join them with and, or with all of.",
    ),
    "E404": Message(
        "再次进入的规则有两条,互相冲突。",
        "There are two rules for entering again, and they conflict.",
        "留下一条:每人仅一次,或 再进间隔30天。",
        "Keep one: once per member, or again after 30 days.",
    ),
    "E405": Message(
        "免打扰的开始和结束一样。",
        "The quiet hours begin and end at the same clock.",
        "例如 免打扰 22:00 到 08:00 顺延。",
        "For example: quiet hours 22:00 to 08:00 defer.",
    ),
    "E406": Message(
        "对照组要大于 0%、小于 100%。",
        "A holdout lies between 0% and 100%, both excluded.",
        "例如 对照组 5%;不要对照组就删掉这一行。",
        "For example: holdout 5%; for none delete the line.",
    ),
    "E407": Message(
        "熔断要大于 0,最多 100%。",
        "A guard is more than 0 and at most 100%.",
        "例如 熔断 20% 或 熔断 5000人。",
        "For example: guard 20%, or guard 5000 members.",
    ),
    "E408": Message(
        "上线时间是空的:结束在开始之前。",
        "The playbook is never active: the end lies before the start.",
        "把两个日期对调。",
        "Swap the two dates.",
    ),
    "E409": Message(
        "分流“{name}”各组加起来是 {total},要正好 100%。",
        'The arms of split "{name}" add up to {total}, not 100%.',
        "调整各组的份额,或加一组,例如 20% 对照组。",
        "Adjust the shares, or add an arm, for example: 20% holdout.",
    ),
    "E410": Message(
        "一组的份额要大于 0%。",
        "An arm needs a share of more than 0%.",
        "写上份额,或删掉这一组。",
        "Give it a share, or delete the arm.",
    ),
    "E411": Message(
        "同一个分流里有两组“{name}”。",
        'Two arms of one split are called "{name}".',
        "给其中一组改名。",
        "Rename one of them.",
    ),
    "E412": Message(
        "剧本里有两个叫“{name}”的分流。",
        'Two splits of this playbook are called "{name}".',
        "改名:同名的分流会把同一批人分到同样的组。",
        "Rename one: splits of one name put the same members into the same arms.",
    ),
    "E413": Message(
        "推送“{template}”没有说用哪个渠道。",
        'It is not said on which channel "{template}" is pushed.',
        "写成 推送 企微 \"{template}\",或在话术上写 用于 企微。",
        'Write push wecom "{template}", or declare the template on wecom.',
    ),
    "E414": Message(
        "话术“{template}”用于 {theirs_zh},不能用 {channel_zh} 推送。",
        'Template "{template}" is for {theirs} and cannot be pushed on {channel}.',
        "换一个渠道,或换一个话术。",
        "Use the other channel, or another template.",
    ),
    "E415": Message(
        "频次上限至少是 1 条。",
        "A cap is at least 1 push.",
        "要完全不推,写 永不推送。",
        "To push nothing, write never push.",
    ),
    "E416": Message(
        "剧本“{name}”没有写什么时候开始。",
        'Playbook "{name}" does not say when it starts.',
        "加上一行,例如 每天 10:00,再把步骤缩进写在下面。",
        "Add a line such as: every day at 10:00, with the steps indented below.",
    ),
    "E424": Message(
        "这个剧本面向群,这里问的却是客户。",
        "This playbook speaks to groups, but this asks about members.",
        "删掉它,或另写一个面向客户的剧本。",
        "Delete it, or write another playbook for members.",
    ),
    "E425": Message(
        "这一块不由带有 {name} 的事件开始,不能按它计次。",
        "This block is not started by an event that has {name}, so that nothing can be counted by it.",
        "只在 当 下单 这样的块里写 每个{name}仅一次。",
        "Write once per {name} only in a block such as: when order.",
    ),
    "E426": Message(
        "这个剧本面向群,没有客户可以做这一步。",
        "This playbook speaks to groups; there is no member for this step.",
        "群里只能推送、等待、分流和提醒;给客户做的步骤写在另一个剧本里。",
        "Groups can be pushed to, waited for and split; put steps for members into another playbook.",
    ),
    "E427": Message(
        "只取 要按数字或金额排。",
        "The members taken go by a number or an amount of money.",
        "例如 只取前100 按 积分,或 只取随机100。",
        "For example: take top 100 by points, or take 100 at random.",
    ),
    "E430": Message(
        "欢迎语只能在 当 加好友 或 当 进群 下面。",
        "A welcome stands only under when joined or when joins group.",
        "换成 推送,或把它移到那样的块里。",
        "Use push, or move it into such a block.",
    ),
    "E431": Message(
        "{name} 由系统给出,不能设置。",
        "{name} follows from other facts and cannot be set.",
        "只能设置自己声明的属性,以及 姓名、来源、时区。",
        "What can be set are declared attributes, and name, source and timezone.",
        {
            "points": ("积分写成 加积分10 或 扣积分5。", "For points write points +10 or points -5."),
            "tier": ("等级由等级规则算出,改 等级规则 或积分。", "Tiers follow from their marks; change those or the points."),
        },
    ),
    "E432": Message(
        "这里没有事件,{name} 不知道是谁的字段。",
        "No event starts this block, so that {name} is no field of anything.",
        '写一个值,例如 设置 城市 为 "上海";字段只能在由事件开始的块里用。',
        'Write a value, for example: set city to "Shanghai"; fields stand only in blocks that an event starts.',
    ),
    "E433": Message(
        "字段 {field} 和属性 {name} 的类型不一样。",
        "Field {field} and attribute {name} have different types.",
        "换一个同类型的字段,或改声明里的类型。",
        "Use a field of the same type, or change a declaration.",
    ),
    "E434": Message(
        "{day} 写在 {before} 后面,却不比它晚。",
        "{day} stands after {before} but does not come later.",
        "按日子从早到晚写,同一天写在一块里。",
        "Write the days in order, and one day as one block.",
    ),
    "E435": Message(
        "重复 里面不能写 D0、D1 这样的日子。",
        "Days such as day 1 cannot stand inside a repeat.",
        "用 等待 1天,或把它移到 重复 外面。",
        "Use wait 1 day, or move it out of the repeat.",
    ),
    "E436": Message(
        "重复展开后有 {count} 步,最多 {most} 步。",
        "Unrolled, the repeat has {count} steps; at most {most} are possible.",
        "减少次数,或减少里面的步骤。",
        "Repeat less often, or have fewer steps inside.",
    ),
    "E437": Message(
        "剧本“{name}”没有 当 转入,不能转入。",
        'Playbook "{name}" has no block when entered, so that nobody can enter it.',
        "在那个剧本里加一块 当 转入。",
        "Add a block when entered to that playbook.",
    ),
    "E439": Message(
        "推送到群不写渠道。",
        "A push to groups names no channel.",
        '写成 推送 "早安";客户的剧本里写 推送 群 "福利群" "早安"。',
        'Write push "morning"; in a playbook for members: push group "deals" "morning".',
    ),
    "E355": Message(
        "话术“{template}”用了 事件.{field},但开始这一块的事件没有这个字段。",
        'Template "{template}" uses event.{field}, but no event with that field starts this block.',
        "换一个话术,或由带有这个字段的事件开始,例如 当 下单。",
        "Use another template, or start the block with an event that has it, for example: when order.",
    ),
    "E356": Message(
        "这段文字用了 事件.{field},但开始这一块的事件没有这个字段。",
        "This text uses event.{field}, but no event with that field starts this block.",
        "换成客户属性,或由带有这个字段的事件开始。",
        "Use a member attribute, or start the block with an event that has it.",
    ),
    "E440": Message(
        "没有说推送到哪些群。",
        "It is not said to which groups this goes.",
        '写上群名,例如 推送 群 "福利群*" "早安"。',
        'Name the groups, for example: push group "deals*" "morning".',
    ),
    "E441": Message(
        "券和红包发不到群里。",
        "Coupons and red packets cannot go to a group.",
        '发给客户,例如 推送 企微 "早安" 附券 "满100减20";群里只推送话术。',
        'Give them to members, for example: push wecom "morning" with coupon "20 off 100"; to groups send templates only.',
    ),
}
