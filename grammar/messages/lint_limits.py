"""Warnings of lint about caps, coupons, safeguards and the limits of channels (W42x, W44x, W45x)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "W422": Message(
        "一天触发 {times} 次,但每人每天最多 {number} 条,后面的都发不出去。",
        "It falls due {times} times a day, but a member gets at most {number} pushes a day; the others never go out.",
        "减少钟点,或放宽 每人每天最多。",
        "Write fewer clocks, or raise the cap.",
    ),
    "W423": Message(
        "前面同时已经发了 {number} 条,到了每人最多的条数,这一条发不出去。",
        "{number} went out at the same time before it, which is the cap; this one never does.",
        "合成一条,或在中间加 等待 1天。",
        "Make them one, or put wait 1 day between them.",
    ),
    "W444": Message(
        "到这时券“{coupon}”已经过期了。",
        'By then coupon "{coupon}" has expired.',
        "等待得短一些,或把券的 有效期 写长。",
        "Wait for less, or make the coupon valid for longer.",
        {
            "ahead": (
                "券发出来到过期还没有这么久。把提前的天数写短,或把券的 有效期 写长。",
                "It does not live that long. Remind later, or make the coupon valid for longer.",
            ),
        },
    ),
    "W445": Message(
        "券“{coupon}”库存 {stock} 张,现在的人群有 {size} 人。",
        'There are {stock} of coupon "{coupon}", and {size} members in the audience now.',
        "加库存,或写 只取前{stock} 按 …。",
        "Have more of them, or write take top {stock} by ….",
    ),
    "W446": Message(
        "服务类剧本“{name}”里发券:它不受频次限制,也没有对照组。",
        'Service playbook "{name}" gives a coupon: no cap and no global holdout binds it.',
        "去掉 类别 服务,或把发券放到营销剧本里。",
        "Take out category service, or give the coupon in a marketing playbook.",
    ),
    "W447": Message(
        "变为“{tier}”也包括从更高等级掉下来的人,他们也会拿到奖励。",
        'Becomes "{tier}" also means those who come down to it; they get the reward as well.',
        "只奖励升上来的,写 升到。",
        "To reward those who rise, write rises to.",
    ),
    "W448": Message(
        "有 {number} 个营销剧本的推送没有频次限制,从“{name}”起。",
        'The pushes of {number} marketing playbooks have no cap, beginning with "{name}".',
        "在 全局规则 里写 每人每天最多1条。",
        "Write at most 1 push per day per member in the policy.",
        {
            "groups": (
                "在 全局规则 里写 每群每天最多3条。",
                "Write at most 3 pushes per day per group in the policy.",
            ),
        },
    ),
    "W449": Message(
        "有 {number} 个定时剧本没有熔断,从“{name}”起:人群写错时会发给所有人。",
        'There is no guard above {number} scheduled playbooks, beginning with "{name}": a slip could address everybody.',
        "在 全局规则 里写 熔断 20%。",
        "Write guard 20% in the policy.",
    ),
    "W450": Message(
        "有 {number} 个剧本没有测试,从“{name}”起。",
        '{number} playbooks have no test, beginning with "{name}".',
        "在 {test} 里写一个。",
        "Write one in {test}.",
    ),
    "W451": Message(
        "话术“{template}”有 {length} 字节,{channel} 最多 {most} 字节({rules})。",
        'Template "{template}" has {length} bytes; {channel} takes {most} at most ({rules}).',
        "写短一些,一个汉字算 3 字节。",
        "Make it shorter; a Chinese character is 3 bytes.",
    ),
    "W452": Message(
        "有 {number} 个附件,{channel} 一条最多 {most} 个({rules})。",
        "There are {number} attachments; {channel} takes {most} at most ({rules}).",
        "去掉几个,或分成两条。",
        "Take some out, or make two messages of it.",
        {
            "alone": (
                "链接或视频只能单独发。留一种。",
                "A link or a video stands alone. Keep one kind.",
            ),
        },
    ),
    "W453": Message(
        "每天 {times} 条,但 {channel} 一个月里平均每天只送达每位客户 {number} 条({rules})。",
        "{times} a day, but {channel} delivers {number} a day to each customer on the average of a month ({rules}).",
        "减少钟点。",
        "Write fewer clocks.",
    ),
    "W454": Message(
        "标题有 {length} 字节,{channel} 最多 {most} 字节({rules})。",
        "The title has {length} bytes; {channel} takes {most} at most ({rules}).",
        "写短一些,一个汉字算 3 字节。",
        "Make it shorter; a Chinese character is 3 bytes.",
    ),
}
