"""Warnings about what is legal but doubtful (W...)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "W498": Message(
        "忽略 {code} 没有写理由,所以不起作用。",
        "This does not silence {code}: it gives no reason.",
        "写成 # 忽略 {code}: 为什么可以不管。",
        "Write # ignore {code}: and why it is meant.",
    ),
    "W499": Message(
        "这里没有 {code} 这个提醒,忽略它的说明用不上了。",
        "There is no warning {code} here for this comment to silence.",
        "删掉这条说明;如果挪了位置,把它写到有提醒的那一行或上一行。",
        "Delete the comment, or move it to the line of the warning or the line above.",
    ),
    "W401": Message(
        "券“{coupon}”和旁边的推送是两次决定:可能发了券没发消息,或反过来。",
        'Coupon "{coupon}" and the push beside it are two decisions: one may happen without the other.',
        "写成一步:推送 企微 \"话术\" 附券 \"{coupon}\"。",
        'Make it one step: push wecom "template" with coupon "{coupon}".',
    ),
    "W402": Message(
        "剧本“{name}”的人群全是否定条件,没见过的新客户也都在里面。",
        'The whole audience of playbook "{name}" is a negation, so that members nobody knows yet are in it.',
        "加上一个肯定的条件,例如 有标签 \"企微好友\"。",
        'Add a positive test, for example: tagged "friend".',
    ),
    "W403": Message(
        "{name} 连年份一起比较,这样只会命中那一年的那一天。",
        "{name} is compared with its year, which only meets that day of that year.",
        "每年都要命中,写成 今天 {name}周年。",
        "To meet it every year write: anniversary of {name} today.",
    ),
    "W404": Message(
        "话术“{template}”里的 {variable} 可能没有值,那样的客户收不到。",
        'Variable {variable} of template "{template}" may be unknown; such members get nothing.',
        "加上缺省值:{{{{ {variable} | default: '朋友' }}}}。",
        "Give it a default: {{{{ {variable} | default: 'friend' }}}}.",
    ),
    "W405": Message(
        "同一个客户可能在两处遇到 {step},改动剧本后分不清是哪一步。",
        "A member can meet {step} in two places, and after an edit the two cannot be told apart.",
        "给它们起名:步骤 \"首触\",把动作缩进写在下面。",
        'Name them: step "first touch", with the action indented below.',
    ),
    "W407": Message(
        "标签“{tag}”和“{other}”在互斥的标签组“{group}”里,只会留下一个。",
        'Tags "{tag}" and "{other}" are in the exclusive group "{group}"; only one of them stays.',
        "只打其中一个,或去掉标签组的 互斥。",
        "Give one of them, or make the group not exclusive.",
    ),
    "W406": Message(
        "话术“{template}”里有券码,但这次推送没有附券。",
        'Template "{template}" shows a coupon code, but this push brings no coupon.',
        "加上 附券 \"券名\",或给券码一个缺省值。",
        'Add with coupon "name", or give the code a default.',
    ),
    "W430": Message(
        "阶段“{name}”和“{other}”的时间重叠。",
        'Phases "{name}" and "{other}" overlap.',
        "检查两个阶段的日期。",
        "Check the dates of both.",
    ),
    "W431": Message(
        "没有写钟点,会在零点运行。",
        "Without a clock this runs at midnight.",
        "加上钟点,例如 10:00。",
        "Add a clock, for example: at 10:00.",
    ),
    "W432": Message(
        "里面有等待,下一遍从这一遍走完起算,会越来越晚。",
        "There are waits inside, so that the next pass counts from the end of this one and drifts.",
        "里面只写 等待 2小时 这样的等待,合起来短于间隔。",
        "Have only waits such as wait 2 hours inside, in all shorter than the interval.",
    ),
    "W433": Message(
        "这里每次每个群只发一条,不管有多少客户走到这一步。",
        "This sends once to each group for an occurrence, however many members come here.",
        "要给每个客户发,写 推送 企微;只对群说话,另写一个 面向群 的剧本。",
        "To send to each member, write push wecom; to speak to groups only, write a playbook for groups.",
    ),
    "W434": Message(
        "这段文字里的 {variable} 可能没有值,那样就发不出去。",
        "Variable {variable} of this text may be unknown; then it cannot be sent.",
        "加上缺省值:{{{{ {variable} | default: '朋友' }}}}。",
        "Give it a default: {{{{ {variable} | default: 'friend' }}}}.",
    ),
    "W435": Message(
        "这些剧本互相转入,绕成了一圈:{path}。",
        "These playbooks enter each other in a circle: {path}.",
        "去掉其中一处 转入剧本,或确认每一圈都有等待。",
        "Take out one of the enter playbook steps, or make sure that each round waits.",
    ),
}
