"""Messages about what conditions ask: types, values, times and places (E300 to E329)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "E301": Message(
        "{name} 是数字,不能和 {found} 比较。",
        "{name} is a number and cannot be compared with {found}.",
        "写成数字,例如 500。",
        "Write a number, for example 500.",
    ),
    "E302": Message(
        "{name} 是金额,不能和 {found} 比较。",
        "{name} is money and cannot be compared with {found}.",
        "写成金额,例如 ¥300 或 300。",
        "Write money, for example ¥300 or 300.",
    ),
    "E303": Message(
        "{name} 是文本,不能和 {found} 比较。",
        "{name} is text and cannot be compared with {found}.",
        "给值加上引号,例如 \"上海\"。",
        'Put the value in quotes, for example "Shanghai".',
    ),
    "E304": Message(
        "{name} 是日期或时间,不能和 {found} 比较。",
        "{name} is a date or time and cannot be compared with {found}.",
        "写成日期,例如 2026-11-11。",
        "Write a date, for example 2026-11-11.",
    ),
    "E305": Message(
        "{name} 只有是和否,不能和 {found} 比较。",
        "{name} is yes or no and cannot be compared with {found}.",
        "写成:{name} 为是,或 {name} 为否。",
        "Write: {name} is yes, or {name} is no.",
    ),
    "E306": Message(
        "{name} 是农历日期,不能这样比较。",
        "{name} is a lunar date and cannot be compared like this.",
        "写成:今天 {name}周年;或者问它 有值、没值。",
        "Write: anniversary of {name} today; or ask whether it is known.",
    ),
    "E307": Message(
        "{name} 是文本,不能比大小。",
        "{name} is text and has no larger or smaller.",
        "用 是、不是、属于、包含、开头是、结尾是。",
        "Use is, is not, in, contains, starts with or ends with.",
    ),
    "E308": Message(
        "{name} 不是文本,不能用 包含、开头是、结尾是。",
        "{name} is not text, so that contains, starts with and ends with do not apply.",
        "用比较符号,例如 {name} >= 5。",
        "Use a sign, for example {name} >= 5.",
    ),
    "E309": Message(
        "{name} 只有是和否,不能用别的比较。",
        "{name} is yes or no; other comparisons do not apply.",
        "写成:{name} 为是,或 {name} 为否。",
        "Write: {name} is yes, or {name} is no.",
    ),
    "E310": Message(
        "金额最多两位小数。",
        "Money has at most two decimals.",
        "精确到分,例如 11.77。",
        "Write it to the cent, for example 11.77.",
    ),
    "E312": Message(
        "工作区的货币是 {currency},不能写 ¥ 或 元。",
        "The currency of this workspace is {currency}, so that ¥ cannot be used.",
        "只写数字,例如 20。",
        "Write the plain number, for example 20.",
    ),
    "E314": Message(
        "{name} 没有“{value}”这个值。",
        '{name} has no value "{value}".',
        "能用的有:{choices}。",
        "Possible are: {choices}.",
        {"near": ("你是想写“{near}”吗?能用的有:{choices}。", 'Did you mean "{near}"? Possible are: {choices}.')},
    ),
    "E315": Message(
        "这个范围是空的:起点在终点之后。",
        "This range is empty: it ends before it begins.",
        "把两头对调。",
        "Swap the two ends.",
    ),
    "E316": Message(
        "这段时间是空的:两头之间没有时间。",
        "This time is empty: nothing lies between its two ends.",
        "例如 距今2到7天。",
        "For example: between 7 days ago and 2 days ago.",
    ),
    "E317": Message(
        "已经发生的事不能用将来的时间。",
        "What has happened cannot lie in the future.",
        "改成过去的时间,例如 3天内。",
        "Use a time in the past, for example within 3 days.",
    ),
    "E318": Message(
        "{name} 不是日期或时间,不能放进一段时间里。",
        "{name} is not a date or time and cannot lie in a time.",
        "换一个日期或时间属性,或改用比较。",
        "Use a date or time attribute, or a comparison.",
    ),
    "E319": Message(
        "{name} 不是日期,没有周年。",
        "{name} is not a date and has no anniversary.",
        "换一个日期或农历日期属性。",
        "Use a date or lunar date attribute.",
    ),
    "E320": Message(
        "周年按天算,不能用这种时间。",
        "An anniversary is a day; this time does not fit.",
        "用 今天、3天后当天、未来7天内、本月 这样的时间。",
        "Use today, in 3 days, within the next 7 days, this month and the like.",
    ),
    "E321": Message(
        "{name} 不是数字或金额,不能累计,也没有平均、最大、最小。",
        "{name} is not a number or money: it has no sum, average, largest or smallest.",
        "换成数字或金额字段,例如 金额;只数次数用 次数,数有几种用 去重数。",
        "Use a number or money field such as amount; to count use number of, or number of distinct.",
    ),
    "E322": Message(
        "这里只能测试事件 {event} 的字段。",
        "Only fields of event {event} can be tested here.",
        "把对客户的测试移到外面,用 且 连接。",
        "Move tests of the member outside and join them with and.",
    ),
    "E324": Message(
        "这里的抽样要写上名字。",
        "A sample needs a name here.",
        "例如 抽样 10% 按 \"九月实验\"。",
        'For example: in sample 10% of "September test".',
    ),
    "E325": Message("这个数太大了。", "This number is too large.", "写小一点的数。", "Write a smaller number."),
    "E326": Message(
        "时长最多一百年。",
        "A duration is at most a hundred years.",
        "写短一点的时长。",
        "Write a shorter duration.",
    ),
    # Where a test can stand
    "E360": Message(
        "这里没有“该场”:这一段不是由活动的场次启动的。",
        "There is no session here: the block is not started by the sessions of an activity.",
        "写成 活动\"名字\"期间,或把它放进以 活动 \"名字\" 每场 … 开头的一段。",
        'Write during activity "name", or put it into a block that starts with: … each session of activity "name".',
    ),
    "E361": Message(
        "这一段在场次开始之前启动,那时该场还没有发生任何事。",
        "The block starts before the session does, when nothing can have happened in it.",
        "换成别的时间,例如 3天内;或改成场次结束后再启动。",
        "Use another time, for example within 3 days, or start the block after the session.",
    ),
    "E362": Message(
        "这里还没有人进入剧本,不能用 进入后。",
        "Nobody has entered a playbook here, so that since entry means nothing.",
        "换成别的时间,例如 7天内;进入后 用在 转化目标、退出条件和步骤里。",
        "Use another time, for example within 7 days; since entry stands in goals, exits and steps.",
    ),
    "E363": Message(
        "这里还没有做过步骤“{name}”。",
        'Step "{name}" has not been done here.',
        "换成别的时间,例如 7天内;步骤后 用在同一个剧本的 转化目标、退出条件和步骤里。",
        "Use another time, for example within 7 days; since step stands in goals, exits and steps of that playbook.",
    ),
    "E364": Message(
        "这里没有可以对照的事件,不能写 同一 {name}。",
        "There is no event here whose {name} could be the same.",
        "同一 只能用在由事件启动的一段里,例如 当 下单;别处写 其中 {name} 是 …。",
        "With same stands only in a block that an event starts, such as when order; elsewhere use where {name} is ….",
    ),
    "E365": Message(
        "天数至少是 1。",
        "The number of days is at least 1.",
        "例如 至少5天;一天也没有写 未做过。",
        "For example at least 5 days; for no day at all write did not.",
    ),
    # What a test needs
    "E366": Message(
        "产品“{name}”没有写消耗周期,算不出什么时候该复购。",
        'Product "{name}" does not say how long it lasts, so that it is never due.',
        "在声明里加上,例如:产品 \"{name}\" 消耗周期 30天。",
        'Add it to the declaration, for example: product "{name}" lasts 30 days.',
    ),
    "E367": Message(
        "没有声明下单事件,算不出什么时候该复购。",
        "No event of buying is declared, so that nothing is ever due.",
        "声明一个:事件 下单;几件一单的再加 含 数量 数字。",
        "Declare one: event order; where one order has several pieces: event order with qty number.",
    ),
    "E368": Message(
        "{name} 是算出来的,不能问它 保持 多久或 变更。",
        "{name} is computed, so that it cannot be asked how long it has been or whether it changed.",
        "直接比较它;等级变化可以写成启动条件:当 等级 升到 \"A级用户\"。",
        'Compare it as it is; a change of tier can start a block: when tier rises to "A".',
    ),
    "E369": Message(
        "{name} 是时间或农历日期,不能问它 保持 多久。",
        "{name} is an instant or a lunar date and cannot be asked how long it has been.",
        "用 变更,例如 30天内 {name} 变更。",
        "Use changed, for example: {name} changed within 30 days.",
    ),
    "E370": Message(
        "只有 来源 可以归入,{name} 不行。",
        "Only source can be in a group, not {name}.",
        "写成 来源 归入 \"线下门店\";比较属性用 属于。",
        'Write source in group "shops"; to compare an attribute use in.',
    ),
    "E371": Message(
        "{name} 分的是等级,不能用大于、小于来比。",
        "{name} has tiers, which cannot be compared by larger and smaller.",
        "列出要的等级,例如 {name} 属于 {tiers}。",
        "List the tiers that are meant, for example: {name} in {tiers}.",
    ),
}
