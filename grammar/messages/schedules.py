"""Messages about schedules and triggers (E330 to E339)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "E330": Message(
        "cron 要有五段,这里有 {part} 段。",
        "A cron line has five fields, this one has {part}.",
        "五段是:分 时 日 月 星期,例如 \"0 9 * * 1-5\";没有秒。",
        'They are minute, hour, day, month, weekday, for example "0 9 * * 1-5"; there are no seconds.',
    ),
    "E331": Message(
        "cron 不支持 {part}。",
        "{part} is not supported in cron.",
        "写成五段,例如 \"0 0 * * *\",或写 每天 00:00。",
        'Write five fields, for example "0 0 * * *", or: every day at 00:00.',
    ),
    "E332": Message(
        "cron 的 {part} 里有 W 或 ?,不支持。",
        "W and ? are not supported in cron ({part}).",
        "? 换成 *;工作日写 每个工作日。",
        "Write * for ?; for workdays write: every workday.",
    ),
    "E333": Message(
        "看不懂 cron 里的 {part}。",
        "{part} in the cron line cannot be read.",
        "五段依次是:分 0-59、时 0-23、日 1-31 或 L、月 1-12、星期 0-7(5#2 是第二个周五,L5 是最后一个周五)。",
        "The fields: minute 0-59, hour 0-23, day 1-31 or L, month 1-12, weekday 0-7 (5#2 second, L5 last Friday).",
    ),
    "E334": Message(
        "这个时间永远不会到来:{part}。",
        "This time never comes: {part}.",
        "换一个这些月份里有的日子。",
        "Choose a day that these months have.",
        {"interval": (
            "在这个时段里没有一次会运行,放宽时段或缩短间隔。",
            "No run falls between these clocks; widen them or shorten the interval.",
        )},
    ),
    "E336": Message(
        "间隔最长一天。",
        "An interval is at most a day.",
        "更长的间隔写 每天、每周一 或 每月1号。",
        "For longer ones write every day, every monday or every month on 1.",
    ),
    "E337": Message(
        "时段的开始和结束一样。",
        "The interval's clocks are the same.",
        "写出不同的时间,例如 09:00到21:00;全天就不写。",
        "Write different clocks, for example between 09:00 and 21:00; for all day leave it out.",
    ),
    "E335": Message(
        "这个时间范围是空的:结束在开始之前,永远不会运行。",
        "This range is empty: its end lies before its start, so that it never runs.",
        "把两个日期对调。",
        "Swap the two dates.",
    ),
    "E338": Message(
        "分批最长一天。",
        "Sends are spread over a day at most.",
        "例如 分批1小时。",
        "For example: over 1 hour.",
    ),
    "E252": Message(
        "活动“{name}”没有场次。",
        'Activity "{name}" has no sessions.',
        "在活动下面写 场次,或去掉 每场。",
        "Write sessions below the activity, or leave out each session.",
    ),
    "E253": Message(
        "写了钟点,前后就要按天算。",
        "Before a clock stands a number of days.",
        "写成 2天后过期 10:00;按小时或分钟算就不写钟点。",
        "For example: expires in 2 days at 10:00; for hours or minutes leave out the clock.",
    ),
    "E254": Message(
        "{name} 不是日期或时间,不能用来定时。",
        "{name} is neither a date nor an instant, so that no schedule can go by it.",
        "换一个日期或时间属性。",
        "Use a date or instant attribute.",
        {"lunar": (
            "农历日期没有年份,写成 当 {name}周年 前3天 10:00。",
            "A lunar date has no year; write 3 days before anniversary of {name} at 10:00.",
        )},
    ),
    "E420": Message(
        "{name} 不是数字或金额,不能说 达到 或 低于。",
        "{name} is neither a number nor money, so that it cannot reach or fall below anything.",
        "换一个数字属性、指标或累计;等级写 升到、降到、变为。",
        "Use a number attribute, a metric or a total; for tiers write rises to, drops to or becomes.",
    ),
    "E421": Message(
        "{name} 是等级,要说它怎么变。",
        "{name} is a tier; say how it moves.",
        '写成 等级 升到 "…"、等级 降到 "…" 或 等级 变为 "…"。',
        'Write tier rises to "…", tier drops to "…" or tier becomes "…".',
    ),
    "E422": Message(
        "建群 不是哪个客户的事,客户的剧本不能由它开始。",
        "A new group is no member's doing, so that a playbook for members cannot start with it.",
        "把受众写成 面向群,或换一个触发。",
        "Make the audience groups (for groups …), or use another trigger.",
    ),
    "E423": Message(
        "这个剧本面向群,不能由客户的事情开始。",
        "This playbook speaks to groups and cannot start with what members do.",
        "写成 每天 20:00 这样的时间,或 当 建群。",
        "Write a time such as every day at 20:00, or when group created.",
    ),
}
