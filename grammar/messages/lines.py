"""Messages about what lines of libraries and playbooks lack or say twice (E172 to E179, E192 to E199)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "E172": Message(
        "随机金额要从小到大", "Random amounts go from the smaller to the larger one",
        "如 ¥0.3 到 ¥5 随机", "As ¥0.3 to ¥5 random",
    ),
    "E173": Message(
        "“{written}”没有钟点,后面却只写了钟点", "{written} has no clock time, and only a clock time follows",
        "写成 {written} 20:00 到 21:30", "Write {written} 20:00 to 21:30",
    ),
    "E174": Message(
        "“{written}”要在这一行写明原因", "“{written}” needs its reason on this line",
        "行尾写 # 原因,如 # 中奖通知必须当天送达", "End the line with # and the reason, as # winners must know today",
    ),
    "E175": Message(
        "积分 {number} 没有说是加还是减", "points {number} does not say whether to give or to take",
        "写成 加积分{number} 或 扣积分{number}", "Write points +{number} or points -{number}",
    ),
    "E176": Message(
        "“{written}”说不清从哪天数起", "{written} does not say from which day to count",
        "进入当天是 D0,第二天是 D1:写成 D{before}(进入当天算第1天)或 D{number}(进入当天不算)",
        "The day of entry is D0, the next D1: write day {before} if the day of entry is the first, else day {number}",
    ),
    "E177": Message(
        "“{written}”已经定到钟点,后面不能再写钟点", "{written} already says the time; no clock time can follow",
        "删掉钟点,或把“{written}”改成天数", "Delete the clock time, or count in days",
    ),
    "E178": Message(
        "“{written}”没有说从哪一周开始数", "“{written}” does not say which week is the first",
        "在星期后面写 从 和日期,如 每2周 周一 从 2026-01-05 10:00",
        "Write from and a date behind the day, as every 2 weeks on monday from 2026-01-05 at 10:00",
    ),
    "E179": Message(
        "星期前面的间隔要用周,不能是“{written}”", "Before a day of the week the interval counts weeks, not “{written}”",
        "如 每2周 周一 从 2026-01-05 10:00", "As every 2 weeks on monday from 2026-01-05 at 10:00",
    ),
    "E192": Message(
        "一次推送不能又附券又附红包", "One push cannot carry both a coupon and a red packet",
        "留下一个,另一个分成两条推送", "Keep one, or make two pushes of it",
    ),
    "E193": Message(
        "“{written}”只能用在轮换的话术后面", "“{written}” belongs behind rotating templates",
        "如 推送 企微 轮换 \"早安*\" 30天内不重样", 'As push wecom rotating "早安*" no repeat within 30 days',
    ),
    "E194": Message(
        "这个活动没有说什么时候", "This activity does not say when it is",
        "写起止(从 2026-10-20 到 2026-11-11)、每周几的时段,或在下面写场次",
        "Write from D to E, hours as every friday 20:00 to 22:00, or sessions below",
    ),
    "E195": Message(
        "只有推送到群时才能写群名", "Only a push to groups names the groups",
        "如 推送 群 \"福利群\" \"早安\"", 'As push group "福利群" "早安"',
    ),
    "E196": Message(
        "“凡是”里不能写“{written}”", "{written} cannot stand in a whenever rule",
        "它只能打标签、去标签、加减积分、设置属性;要推送就写成剧本:当 点击 …",
        "It can tag, untag, give points and set attributes; to push write a playbook with when click …",
    ),
}
