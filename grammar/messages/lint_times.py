"""Warnings of lint about schedules: when they fall due, and for whom again (W41x, W42x, W442)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "W412": Message(
        "每次都是同样的人,收到同样的话。",
        "The same people get the same text every time.",
        "加一行 再进间隔30天 或 每人仅一次;或让人群随时间变,例如 昨天 做过 …;或用 轮换。",
        "Add again after 30 days or once per member; or let the audience move, for example did … yesterday; or rotate.",
    ),
    "W414": Message(
        "每次抽到的都是同一批人,不会轮到别人。",
        "The sample is the same members every time; the others never have their turn.",
        "是固定的试验组就起个名字:抽样 10% 按 \"试验名\";想每次换人,用 只取随机100。",
        'For a fixed test group name it: in sample 10% of "name"; for others each time use take 100 at random.',
    ),
    "W415": Message(
        "这个时间两年内不会再到。",
        "This never falls due again in the next two years.",
        "改日期;活动已经结束,就写 暂停 或删掉。",
        "Change the dates; where it is over, write paused, or delete it.",
    ),
    "W416": Message(
        "这个时间总落在剧本运行的日期之外。",
        "This only falls due when the playbook does not run.",
        "让这里的时间和 上线、活动期间 对上。",
        "Make it agree with the lines active from and during.",
    ),
    "W417": Message(
        "剧本“{name}”的上线日期已经过去,不会再运行。",
        'The dates of playbook "{name}" are over; it does not run any more.',
        "改 上线 的日期;不再用就写 暂停 或删掉。",
        "Change the line active from; where it is done, write paused, or delete it.",
    ),
    "W418": Message(
        "进入时这个时间已经过去,每个人都会跳过。",
        "At entry this time is past already; everybody skips it.",
        "把钟点改晚,或改成 D1。",
        "Choose a later clock, or day 1.",
    ),
    "W419": Message(
        "{day} 是工作日还是节假日还不知道,从那天起这里不会运行。",
        "Whether {day} is a workday or a holiday is not known yet; from then on this does not run.",
        "升级节假日数据,或在 qingting.yaml 的 holidays 里写上 days。",
        "Update the calendar, or write the days under holidays in qingting.yaml.",
        {
            "none": (
                "没有节假日历。在 qingting.yaml 里写 holidays: CN。",
                "There is no holiday calendar. Write holidays: CN in qingting.yaml.",
            ),
        },
    ),
    "W420": Message(
        "{clock} 总在免打扰 {start} 到 {end} 之内。",
        "{clock} always lies in the quiet hours from {start} to {end}.",
        "换个钟点;必须这时发,写 不受免打扰 和理由。",
        "Choose another clock; where it has to be then, write despite quiet hours with a reason.",
        {
            "defer": (
                "每次都会等到 {end} 才发。直接写 {end},或写 不受免打扰 和理由。",
                "It always waits until {end}. Write {end}, or despite quiet hours with a reason.",
            ),
            "skip": (
                "所以永远发不出去。换个钟点,或写 不受免打扰 和理由。",
                "So it is never sent. Choose another clock, or write despite quiet hours with a reason.",
            ),
        },
    ),
    "W421": Message(
        "话术“{template}”里写着“{word}”,但这条可能顺延到另一天才发。",
        'Template "{template}" says "{word}", but this push may be put off to another day.',
        "改成不说日子的话,或加上 限2小时内,过时就不发。",
        "Say it without the day, or add within 2 hours, so that it is not sent later.",
    ),
    "W442": Message(
        "“1天内”是往前整整24小时,不是按日历的一天。",
        "Within 1 day means the last 24 hours, not a calendar day.",
        "按日历就写 昨天 或 今天;确实是24小时,写 24小时内。",
        "For the calendar write yesterday or today; where 24 hours are meant, write within 24 hours.",
    ),
}
