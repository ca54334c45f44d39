"""Messages about simulations (C26x, N21x) and the words of their report."""

from __future__ import annotations

from .message import Message

_MISTAKES: dict[str, Message] = {
    "C260": Message(
        "结束({until})比开始({start})早",
        "the end ({until}) lies before the beginning ({start})",
        "--from 写早的,--to 写晚的",
        "--from takes the earlier instant, --to the later one",
    ),
    "C261": Message(
        "要走过 {days} 天,一次最多模拟 {longest} 天",
        "{days} days would have to be played; at most {longest} are simulated at once",
        "缩短这段时间,或者分几次模拟",
        "take a shorter time, or simulate it in parts",
    ),
    "C262": Message(
        "模拟要有一端:--from 写过去,--to 写将来",
        "a simulation needs an end: --from in the past, --to in the future, or both",
        "如 --to 2026-12-31,或 --from 2026-08-01 --to 2026-11-01",
        "such as --to 2026-12-31, or --from 2026-08-01 --to 2026-11-01",
    ),
    "C263": Message(
        "写不了 {path}:{reason}", "{path} cannot be written: {reason}", "换一个能写的地方", "name a place that can be written",
    ),
}

_NOTES: dict[str, Message] = {
    "N210": Message(
        "在数据库的副本上模拟,什么也没有发出;排队的消息都算发成功了,员工和客户都没有新的动作",
        "played on a copy of the store, and nothing was sent; all messages count as sent, and nobody answers or does any work",
    ),
    "N211": Message(
        "日程按时刻运行;其他到期的事和新数据最多等 {minutes} 分钟一起处理,条件仍按到期的时刻判断",
        "schedules run at their instants; all else waits for a run at most {minutes} minutes, and is judged as of its own instant",
    ),
    "N212": Message(
        "现在以后没有新数据:客户、标签、积分、券就按现在的,再加上剧本自己带来的变化",
        "behind the present nothing new happens: members, tags, points and coupons stay as they are, but for what playbooks do",
    ),
    "N213": Message(
        "从 {at} 起重演:此后运行做过的一律不算,导入的数据按当时到达的时刻再来一遍;"
        "剧本、标签、话术、库存和预算都按现在写的",
        "played again from {at}: what runs did since is undone, and imported facts arrive once more when they did; playbooks, "
        "tags, templates, stock and budgets are those written now",
    ),
    "N214": Message(
        "开始时有 {count} 人次已在途中:当时走到哪一步已经不知道,他们后面的步骤不重演,离开的时刻按真实的算",
        "{count} journeys were under way at the start: where they stood then is not known, so that their further steps are not "
        "played, and they end when they really did",
    ),
    "N215": Message(
        "有 {count} 条数据是用 --backfill 补录的,重演时当作当时就知道,会触发剧本",
        "{count} facts were imported with --backfill; here they count as known when they happened, and start playbooks",
    ),
    "N216": Message(
        "积分规则和“凡是”规则没有执行:有一条读不懂(见 qingting check)",
        "points rules and standing rules did not act: one cannot be read (qingting check)",
    ),
    "N217": Message(
        "到 {at} 为止还没有任何客户;导入历史数据时加 --backfill,过去才有人",
        "no member was known by {at}; import history with --backfill to have members in the past",
    ),
    "N218": Message("网页写在 {path}", "the page is in {path}"),
}

_WORDS: dict[str, Message] = {
    "sim.title": Message("模拟 {start} 到 {until}", "simulation from {start} to {until}"),
    "sim.replayed": Message("重演历史", "history played again"),
    "sim.projected": Message("推演将来", "projected forward"),
    "sim.runs": Message("运行 {runs} 次,{records} 条记录", "{runs} runs, {records} records"),
    "sim.copying": Message("复制数据库", "copying the store"),
    "sim.playing": Message("模拟", "simulating"),
    "sim.days": Message("每天", "day by day"),
    "sim.chart": Message("每天的消息量", "messages a day"),
    "sim.day": Message("日期", "day"),
    "sim.messages": Message("消息", "messages"),
    "sim.done": Message("办了", "done"),
    "sim.suppressed": Message("没给", "suppressed"),
    "sim.deferred": Message("顺延", "deferred"),
    "sim.playbooks": Message("各剧本", "playbooks"),
    "sim.entered": Message("进入", "entered"),
    "sim.in_flight": Message("途中", "under way"),
    "sim.why_not": Message("没给的原因", "why not"),
    "sim.never": Message("从不起作用的剧本", "playbooks that never do anything"),
    "sim.each": Message("每人收到的消息", "messages per member"),
    "sim.number": Message("消息数", "messages"),
    "sim.members": Message("人数", "members"),
    "sim.most": Message("最多", "most"),
    "sim.in_all": Message("整段时间", "in all"),
    "sim.in_week": Message("每7天", "in seven days"),
    "sim.collisions": Message("同一天碰上同一个人", "the same member on the same day"),
    "sim.collided": Message("共 {count} 人天碰上两个以上的剧本", "two playbooks or more met on {count} days of members"),
    "sim.first": Message("发了的", "sent"),
    "sim.second": Message("另一个", "the other"),
    "sim.outcome": Message("另一个怎样", "what became of it"),
    "sim.both": Message("也发了", "sent too"),
    "sim.times": Message("人天", "days"),
    "sim.running_out": Message("库存和预算", "stock and budgets"),
    "sim.whose": Message("项目", "what"),
    "sim.of_coupon": Message("券 {name}", "coupon {name}"),
    "sim.of_redpacket": Message("红包 {name} 的预算", "budget of red packet {name}"),
    "sim.of_playbook": Message("剧本 {name} 的预算", "budget of playbook {name}"),
    "sim.whole": Message("总数", "of"),
    "sim.left_first": Message("第一天剩", "left after day one"),
    "sim.left_last": Message("最后剩", "left at the end"),
    "sim.least": Message("最少剩", "least left"),
    "sim.runs_out": Message("用完的日子", "runs out on"),
    "sim.guards": Message("熔断", "guards"),
    "sim.guard": Message(
        "{playbook}:{day} 起 {runs} 次运行被拦下,最多 {reached} 人,上限 {limit}",
        "{playbook}: refused in {runs} runs from {day} on, at most {reached} members, limit {limit}",
    ),
    "sim.nothing": Message("这段时间里什么也没有发生", "nothing happens in this time"),
    "sim.notes": Message("说明", "notes"),
    "never.blocked": Message("有错,不运行", "has errors and is not run"),
    "never.draft": Message("是草稿", "is a draft"),
    "never.paused": Message("已暂停", "is paused"),
    "never.guard": Message("每次都被熔断", "its guard refuses it every time"),
    "never.failed": Message("运行时出错", "fails as it runs"),
    "never.no_occurrence": Message("这段时间里没有日程", "its schedule has no occurrence in this time"),
    "never.missed": Message("日程都错过了", "all its occurrences were missed"),
    "never.nothing_started": Message("没有发生能触发它的事", "nothing happens that starts it"),
    "never.nobody": Message("到了时刻,但没有人符合面向", "its time comes, but nobody is in its audience"),
    "never.already_in": Message("符合的人都进过了", "whoever fits has been in already"),
    "never.waiting": Message("进来的人还没走到动作", "those who enter do not come to an action in this time"),
    "never.all_suppressed": Message("每个人都因故没给", "everybody is suppressed for some reason"),
}

MESSAGES: dict[str, Message] = {**_MISTAKES, **_NOTES, **_WORDS}
