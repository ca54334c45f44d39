"""Messages about library declarations (E340 to E359)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "E342": Message(
        "折扣要大于 0%、小于 100%。",
        "The discount must lie between 0% and 100%.",
        "例如 打8.8折。",
        "For example: 12% off.",
    ),
    "E344": Message(
        "减的比门槛还多。",
        "The coupon takes off more than its threshold.",
        "检查两个金额,例如 满¥100减¥20。",
        "Check the two amounts, for example: ¥20 off ¥100.",
    ),
    "E345": Message(
        "可用时段的开始和结束一样。",
        "The usable hours begin and end at the same clock.",
        "例如 限时段 14:00 到 17:00;全天可用就不写。",
        "For example: usable 14:00 to 17:00; for all day leave it out.",
    ),
    "E350": Message(
        "话术“{template}”第 {line} 行第 {column} 列看不懂:{part}",
        'Template "{template}" cannot be read at line {line}, column {column} of its text: {part}',
        "变量写成 {{{{ 姓名 | default: '朋友' }}}}。",
        "Write variables as {{{{ name | default: 'friend' }}}}.",
    ),
    "E351": Message(
        "话术“{template}”第 {line} 行用了不存在的过滤器 {part}。",
        'Template "{template}" uses a filter {part} that does not exist (line {line} of its text).',
        "最常用的是 default,例如 {{{{ 姓名 | default: '朋友' }}}}。",
        "The most common one is default: {{{{ name | default: 'friend' }}}}.",
    ),
    "E241": Message(
        "这段时间是空的:结束不在开始之后。",
        "This time is empty: its end does not lie after its start.",
        "检查两头的日期和钟点。",
        "Check the dates and clocks at both ends.",
    ),
    "E242": Message(
        "“{name}”不在活动的时间里面。",
        '"{name}" does not lie inside the activity.',
        "改阶段的时间,或放宽活动的时间。",
        "Change its time, or widen the activity.",
    ),
    "E243": Message(
        "每周重复的活动不能再写“{name}”这样的阶段或场次。",
        'An activity that recurs has no phases or sessions such as "{name}".',
        "它的每一次就是一场;删掉这一行,或把活动写成 从 … 到 …。",
        "Each of its hours is a session; delete the line, or give the activity from … to ….",
    ),
    "E247": Message(
        "等级要从高到低写,这一级不比上一级低。",
        "Tiers go from high to low; this one is not below the one before.",
        "调整数字,或换一下两行的位置。",
        "Change the number, or swap the two lines.",
    ),
    "E248": Message(
        "其余 要写在最后一行。",
        "otherwise belongs on the last line.",
        "把这一行移到最后。",
        "Move the line to the end.",
    ),
    "E249": Message(
        "{name} 不是数字或金额,不能用来分级。",
        "{name} is neither a number nor money, so that tiers cannot go by it.",
        "先声明一个指标,例如 指标 近期消费 = 90天内 累计 下单.金额。",
        "Declare a metric first, for example: metric recent = sum of order.amount within 90 days.",
    ),
    "E251": Message(
        "这条 凡是 写了两遍,会执行两次。",
        "This whenever rule stands twice and would act twice.",
        "删掉一条。",
        "Delete one of them.",
    ),
    "E352": Message(
        "这段文字看不懂:{part}",
        "This text cannot be read: {part}",
        "变量写成 {{{{ 姓名 | default: '朋友' }}}}。",
        "Write variables as {{{{ name | default: 'friend' }}}}.",
    ),
    "E353": Message(
        "这段文字用了不存在的过滤器 {part}。",
        "This text uses a filter {part} that does not exist.",
        "最常用的是 default,例如 {{{{ 姓名 | default: '朋友' }}}}。",
        "The most common one is default: {{{{ name | default: 'friend' }}}}.",
    ),
}
