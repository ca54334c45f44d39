"""Messages about names that are unknown or taken (E200 to E231)."""

from __future__ import annotations

from .message import Message

_NEAR = {"near": ("你是想写 {near} 吗?", "Did you mean {near}?")}
_NEAR_TEXT = {"near": ("你是想写“{near}”吗?", 'Did you mean "{near}"?')}
_OTHER_KIND = {
    "is_tag": ("“{name}”是标签,写在 有标签、打标签 后面。", '"{name}" is a tag; it stands after tagged or tag.'),
    "is_coupon": (
        "“{name}”是券,写在 持有券、发券、附券 后面。",
        '"{name}" is a coupon; it stands after holds coupon, coupon or with coupon.',
    ),
    "is_redpacket": (
        "“{name}”是红包,写在 领过红包、发红包、附红包 后面。",
        '"{name}" is a red packet; it stands after received redpacket, redpacket or with redpacket.',
    ),
    "is_segment": ("“{name}”是分群,写在 属于分群 后面。", '"{name}" is a segment; it stands after in segment.'),
    "is_template": (
        "“{name}”是话术,写在 推送、收到过话术 后面。", '"{name}" is a template; it stands after push or received template.'
    ),
    "is_playbook": ("“{name}”是剧本,写在 转入剧本、收到过 后面。", '"{name}" is a playbook; it stands after enter playbook or received.'),
    "is_activity": ("“{name}”是活动,写在 活动 后面。", '"{name}" is an activity; it stands after activity.'),
}
_NEAR_OR_OTHER = {**_NEAR_TEXT, **_OTHER_KIND}

MESSAGES: dict[str, Message] = {
    "E201": Message(
        "没有叫 {name} 的属性或指标。",
        "There is no attribute or metric called {name}.",
        "先声明它,例如:属性 {name} 文本。",
        "Declare it first, for example: attribute {name} text.",
        _NEAR,
    ),
    "E202": Message(
        "没有叫 {name} 的事件。",
        "There is no event called {name}.",
        "先声明它:事件 {name}。",
        "Declare it first: event {name}.",
        _NEAR,
    ),
    "E203": Message(
        "事件 {event} 没有字段 {name}。",
        "Event {event} has no field {name}.",
        "在声明里加上它:事件 {event} 含 {name} 文本。",
        "Add it to the declaration: event {event} with {name} text.",
        _NEAR,
    ),
    "E204": Message(
        "没有叫“{name}”的标签。",
        'There is no tag called "{name}".',
        "先声明它:标签 \"{name}\"。",
        'Declare it first: tag "{name}".',
        _NEAR_OR_OTHER,
    ),
    "E205": Message(
        "没有叫“{name}”的标签组。",
        'There is no tag group called "{name}".',
        "先声明它:标签组 \"{name}\"。",
        'Declare it first: tag group "{name}".',
        _NEAR_TEXT,
    ),
    "E206": Message(
        "没有叫“{name}”的分群。",
        'There is no segment called "{name}".',
        "先声明它:分群 \"{name}\",下一行缩进写条件。",
        'Declare it first: segment "{name}", with its condition indented below.',
        _NEAR_OR_OTHER,
    ),
    "E207": Message(
        "没有叫“{name}”的话术。",
        'There is no template called "{name}".',
        "先声明它:话术 \"{name}\" 用于 企微,下一行缩进写正文。",
        'Declare it first: template "{name}" on wecom, with its text indented below.',
        {
            **_NEAR_OR_OTHER,
            "rotating": ('名称里有 * 时写成 轮换 "{name}"。', 'With a * write rotating "{name}".'),
        },
    ),
    "E208": Message(
        "没有叫“{name}”的券。",
        'There is no coupon called "{name}".',
        "先声明它,例如:券 \"{name}\" 减¥5。",
        'Declare it first, for example: coupon "{name}" worth ¥5.',
        _NEAR_OR_OTHER,
    ),
    "E209": Message(
        "没有叫“{name}”的剧本。",
        'There is no playbook called "{name}".',
        "写上工作区里某个剧本的名字。",
        "Write the name of a playbook of this workspace.",
        _NEAR_OR_OTHER,
    ),
    "E210": Message(
        "剧本“{playbook}”里没有叫“{name}”的步骤。",
        'Playbook "{playbook}" has no step called "{name}".',
        "给那一步起名:步骤 \"{name}\",把动作缩进写在下面。",
        'Name that step: step "{name}", with its actions indented below.',
        _NEAR_TEXT,
    ),
    "E211": Message(
        "话术“{template}”第 {line} 行第 {column} 列用了不认识的变量 {name}。",
        'Template "{template}" uses an unknown variable {name} (line {line}, column {column} of its text).',
        "能用的有:客户属性、指标、跟进人.姓名、券.券码、事件.字段。",
        "Known are member attributes, metrics, staff.name, coupon.code and event.FIELD.",
        _NEAR,
    ),
    "E212": Message(
        "没有以“{name}”开头的名字。",
        'No declared name begins with "{name}".',
        "检查星号前面的字,或先声明这样的名字。",
        "Check what stands before the star, or declare such a name.",
    ),
    "E213": Message(
        "不认识时区 {name}。",
        "{name} is not a known time zone.",
        "写成 Asia/Shanghai 这样的名字,或 UTC。",
        "Write a name such as Asia/Shanghai, or UTC.",
        _NEAR,
    ),
    "E214": Message(
        "渠道 {name} 没有配置。",
        "Channel {name} is not configured.",
        "已配置的有:{channels_zh};在 qingting.yaml 的 channels 下加上它,或换一个渠道。",
        "Configured: {channels}. Add it under channels in qingting.yaml, or use another channel.",
        {"near": (
            "你是想写 {near} 吗?已配置的有:{channels_zh}。",
            "Did you mean {near}? Configured: {channels}.",
        )},
    ),
    "E220": Message(
        "“{name}”声明了两次,前一次在 {where}。",
        '"{name}" is declared twice; the first time at {where}.',
        "给其中一个改名,或删掉一个。",
        "Rename one of them, or delete one.",
    ),
    "E221": Message(
        "{name} 是内置的名字,不用也不能声明。",
        "{name} is built in and cannot be declared.",
        "直接使用它,或换一个名字。",
        "Use it as it is, or choose another name.",
    ),
    "E222": Message(
        "指标 {name} 和一个属性同名。",
        "Metric {name} has the name of an attribute.",
        "给其中一个改名,否则条件里分不清。",
        "Rename one of them; a condition could not tell them apart.",
    ),
    "E223": Message(
        "全局规则写了两份,前一份在 {where}。",
        "There are two policies; the first is at {where}.",
        "把两份合成一份。",
        "Join them into one.",
    ),
    "E224": Message(
        "字段 {name} 在事件 {event} 里是另一种类型。",
        "Field {name} has another type in event {event}.",
        "同名字段在所有事件里类型要一样;改类型,或换一个名字。",
        "A field name has one type everywhere; change the type or choose another name.",
    ),
    "E225": Message(
        "“{name}”在同一个声明里写了两次。",
        '"{name}" stands twice in one declaration.',
        "删掉重复的。",
        "Delete one of them.",
    ),
    "E226": Message(
        "{name} 的声明有错,现在不能用。",
        "The declaration of {name} has errors and cannot be used now.",
        "先运行 check,改好那里的错误。",
        "Run check and correct the errors there first.",
    ),
    "E230": Message(
        "这些分群或指标绕成了一圈:{path}。",
        "These segments or metrics go round in a circle: {path}.",
        "去掉其中一处引用。",
        "Take out one of the references.",
    ),
    "E219": Message(
        "没有哪个产品属于类目“{name}”。",
        'No product is declared in category "{name}".',
        "先声明产品,例如:产品 \"猫粮2kg\" 类目 \"{name}\"。",
        'Declare a product first, for example: product "cat food 2kg" in "{name}".',
        _NEAR_TEXT,
    ),
    "E227": Message(
        "没有哪个渠道归入“{name}”。",
        'No source is declared in group "{name}".',
        "先声明渠道,例如:渠道 \"静安店\" 归入 \"{name}\"。",
        'Declare a source first, for example: source "downtown" in group "{name}".',
        _NEAR_TEXT,
    ),
    "E231": Message(
        "没有哪个剧本派过任务“{name}”。",
        'No playbook gives a task "{name}".',
        "写上某个 派任务 步骤里的名字。",
        "Write the name that stands in a task step.",
        _NEAR_TEXT,
    ),
    "E232": Message(
        "等级规则“{name}”和一个属性或指标同名。",
        'The tiers "{name}" have the name of an attribute or metric.',
        "给其中一个改名,否则条件里分不清。",
        "Rename one of them; a condition could not tell them apart.",
    ),
    "E215": Message(
        "没有叫“{name}”的红包。",
        'There is no red packet called "{name}".',
        '先声明它,例如:红包 "{name}" ¥0.3 到 ¥5 随机。',
        'Declare it first, for example: redpacket "{name}" ¥0.3 to ¥5 random.',
        _NEAR_OR_OTHER,
    ),
    "E216": Message(
        "没有叫“{name}”的产品。",
        'There is no product called "{name}".',
        '先声明它,例如:产品 "{name}" 消耗周期 30天。',
        'Declare it first, for example: product "{name}" lasts 30 days.',
        _NEAR_TEXT,
    ),
    "E217": Message(
        "没有叫“{name}”的活动。",
        'There is no activity called "{name}".',
        '先声明它,例如:活动 "{name}" 从 2026-11-01 到 2026-11-11。',
        'Declare it first, for example: activity "{name}" from 2026-11-01 to 2026-11-11.',
        _NEAR_OR_OTHER,
    ),
    "E218": Message(
        "活动“{activity}”没有叫“{name}”的阶段。",
        'Activity "{activity}" has no phase called "{name}".',
        '在活动下面加一行:阶段 "{name}" 从 … 到 …。',
        'Add a line below the activity: phase "{name}" from … to ….',
        _NEAR_TEXT,
    ),
    "E228": Message(
        "没有声明叫 {name} 的等级规则。",
        "There are no tiers called {name}.",
        '先声明它:等级规则,下一行缩进写 "超级用户" 超过 3000;按指标分级写 等级规则 "{name}" 按 指标。',
        'Declare them first: tiers, with lines such as "gold" above 3000 indented below; by a metric: tiers "{name}" by METRIC.',
        _NEAR,
    ),
    "E229": Message(
        "等级规则 {ladder} 里没有“{name}”这一级。",
        'The tiers {ladder} have no "{name}".',
        "写上等级规则里有的名字,或在那里加上这一级。",
        "Write a name that the tiers have, or add it there.",
        _NEAR_TEXT,
    ),
    "E233": Message(
        "积分规则写了两份,前一份在 {where}。",
        "There are two lists of points rules; the first is at {where}.",
        "把两份合成一份。",
        "Join them into one.",
    ),
    "E234": Message(
        "按积分的等级规则写了两份,前一份在 {where}。",
        "There are two lists of tiers by points; the first is at {where}.",
        '合成一份;另一种等级起个名字,写 等级规则 "购买力" 按 指标。',
        'Join them into one, or name the other: tiers "spending" by METRIC.',
    ),
    "E235": Message(
        "这段文字用了不认识的变量 {name}。",
        "This text uses an unknown variable {name}.",
        "能用的有:客户属性、指标、跟进人.姓名、事件.字段。",
        "Known are member attributes, metrics, staff.name and event.FIELD.",
        _NEAR,
    ),
}
