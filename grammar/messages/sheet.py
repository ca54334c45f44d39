"""What a sheet of a playbook says to staff and managers: headings, and the sentences of each part."""

from __future__ import annotations

from .message import Message

_HEADINGS = {
    "facts.about": Message("说明", "About"),
    "facts.owner": Message("负责人", "Owner"),
    "facts.category": Message("类别", "Category"),
    "facts.state": Message("状态", "State"),
    "facts.priority": Message("优先级", "Priority"),
    "facts.zone": Message("按哪里的时间", "Clock"),
    "facts.version": Message("版本", "Version"),
    "facts.colon": Message("{label}:{text}", "{label}: {text}"),
    "part.who": Message("给谁", "Who"),
    "part.never": Message("谁不给", "Who gets nothing"),
    "part.when": Message("什么时候", "When"),
    "part.what": Message("做什么", "What"),
    "part.limits": Message("限制", "Limits"),
    "part.until": Message("到什么时候为止", "Until when"),
    "part.terms": Message("名词说明", "What the words mean"),
    "part.chart": Message("流程图", "Flow chart"),
    "marketing": Message("营销", "marketing"),
    "service": Message("服务(不受频次和全店对照组限制)", "service (outside caps and the shop's control group)"),
    "live": Message("运行中", "running"),
    "draft": Message("草稿,还没有运行", "draft, not running yet"),
    "paused": Message("暂停:没有人新进入,进行到一半的停在原地", "paused: nobody enters, and whoever is inside waits"),
    "priority": Message("{number}(0 到 100,大的先)", "{number} (0 to 100, the higher first)"),
    "zone": Message("{zone}", "{zone}"),
    "zone.member": Message("客户所在地的时间,不知道时用 {zone}", "each member's own, {zone} where unknown"),
}
_NOTES = {
    "note.empty": Message("工作区里还没有剧本", "the workspace has no playbook yet"),
    "note.written": Message("写好了 {path}", "wrote {path}"),
    "note.problems": Message(
        "这个剧本有错,没有运行,也出不了说明。先改好:", "This playbook has errors, is not run and cannot be told. Mend it first:"
    ),
    "note.problem": Message("{code} {file}:{line} {text}", "{code} {file}:{line} {text}"),
}
_WHO = {
    "who.everyone": Message("所有客户", "Every member"),
    "who.all": Message("同时满足:", "All of these hold:"),
    "who.any": Message("满足其中任意一条:", "At least one of these holds:"),
    "who.none": Message("下面一条都不满足:", "None of these holds:"),
    "who.block": Message("“{trigger}”这一项还要求:", "For “{trigger}” also:"),
    "who.groups": Message("群,不是单个客户:", "Groups, not single members:"),
    "who.groups.name": Message("群名是{names}", "called {names}"),
    "who.groups.tag": Message("带群标签{tags}", "tagged {tags}"),
    "who.groups.size": Message("至少 {number} 人", "with at least {number} members"),
    "who.groups.created": Message("{when}新建的", "created {when}"),
    "who.groups.any": Message("所有群", "every group"),
    "who.top": Message("人多时只取{by}最高的 {number} 人", "of these only the {number} with the highest {by}"),
    "who.random": Message("人多时只随机取 {number} 人", "of these only {number} at random"),
    "who.only_one": Message(
        "“{name}”这一类里,一位客户同时只参加一个剧本,优先级高的先",
        "of the playbooks called “{name}” a member is in one at a time, the higher priority first",
    ),
}
_NEVER = {
    "never.push": Message("永远不推送:{who}", "Never pushed to: {who}"),
    "never.market": Message("不推营销:{who}", "Never marketed to: {who}"),
    "never.shop_holdout": Message(
        "全店随机留出 {share} 的客户作对照组,不发营销", "{share} of all members, drawn at random, are the shop's control group"
    ),
    "never.holdout": Message(
        "本剧本随机留出 {share} 的人作对照组,什么也不发,只看结果",
        "{share} of those who would enter, drawn at random, get nothing and are only watched",
    ),
}
_TRIGGERS = {
    "when.cron": Message("按时间表{text}(cron 写法,看“接下来”)", "By the timetable {text} (as cron writes it; see what is coming)"),
    "when.own_date": Message("客户自己的{when}", "{when}, each member's own"),
    "when.joined": Message("客户加好友时", "When a member becomes a friend"),
    "when.left": Message("客户删除好友时", "When a member is no friend any more"),
    "when.event": Message("客户{events}时", "When a member does this: {events}"),
    "when.event.first": Message("客户第一次{events}时", "When a member does this for the first time: {events}"),
    "when.event.nth": Message("客户第 {nth} 次{events}时", "When a member does this, and it is number {nth}: {events}"),
    "when.tagged": Message("客户被打上标签{tag}时", "When a member is tagged {tag}"),
    "when.untagged": Message("客户被去掉标签{tag}时", "When a member loses the tag {tag}"),
    "when.reach": Message(
        "客户的{operand}达到 {marks} 时(每个数各算一次)", "When a member's {operand} reaches {marks} (once for each mark)"
    ),
    "when.below": Message(
        "客户的{operand}低于 {marks} 时(每个数各算一次)", "When a member's {operand} falls below {marks} (once for each mark)"
    ),
    "when.rises": Message("客户的{ladder}升到{tier}时", "When a member's {ladder} rises to {tier}"),
    "when.drops": Message("客户的{ladder}降到{tier}时", "When a member's {ladder} drops to {tier}"),
    "when.becomes": Message("客户的{ladder}变为{tier}时", "When a member's {ladder} becomes {tier}"),
    "when.enters": Message("客户开始符合分群{segment}时", "When a member comes into the segment {segment}"),
    "when.leaves": Message("客户不再符合分群{segment}时", "When a member leaves the segment {segment}"),
    "when.changes": Message("客户的{attribute}变了时", "When a member's {attribute} changes"),
    "when.coupon_expires": Message(
        "客户手里的券{coupon}还有{ahead}到期时", "{ahead} before a member's coupon {coupon} expires"
    ),
    "when.coupon_expires.at": Message(
        "客户手里的券{coupon}还有{ahead}到期那天的 {clock}",
        "{ahead} before a member's coupon {coupon} expires, at {clock}",
    ),
    "when.coupon_used": Message("客户用了券{coupon}时", "When a member uses the coupon {coupon}"),
    "when.handed_over": Message("客户换了跟进人时", "When a member gets another member of staff"),
    "when.invited": Message("客户邀请的人加入时", "When somebody whom the member invited joins"),
    "when.entered": Message("别的剧本把客户转入时", "When another playbook sends a member here"),
    "when.group.joins": Message("有人进群时", "When somebody joins a group"),
    "when.group.leaves": Message("有人退群时", "When somebody leaves a group"),
    "when.group.created": Message("新建群时", "When a group is created"),
    "when.group.named": Message("{what}(群{groups})", "{what} (groups {groups})"),
}
_WHEN = {
    "when.dates": Message("只在这段日期内:{dates}", "Only on these dates: {dates}"),
    "when.during": Message("只在活动期间:{activity}", "Only while this goes on: {activity}"),
    "when.not_during": Message("活动期间不运行:{activity}", "Not while this goes on: {activity}"),
    "when.holidays": Message("节假日不运行", "Not on public holidays"),
    "when.over": Message("不是一下子全发,分散在{time}里发完", "Not all at once, but spread over {time}"),
    "when.active": Message("整个剧本上线时间:{dates}", "The playbook runs {dates}"),
    "unit.member": Message("位客户", "member"),
    "unit.group": Message("个群", "group"),
    "reentry.once": Message("每{unit}只进一次", "Once for each {unit}"),
    "reentry.once.year": Message("每{unit}每年只进一次", "Once a year for each {unit}"),
    "reentry.once.month": Message("每{unit}每月只进一次", "Once a month for each {unit}"),
    "reentry.once.week": Message("每{unit}每周只进一次", "Once a week for each {unit}"),
    "reentry.once.day": Message("每{unit}每天只进一次", "Once a day for each {unit}"),
    "reentry.once.activity": Message(
        "每{unit}在每次活动里只进一次:{activity}", "Once for each {unit} in the activity {activity}"
    ),
    "reentry.once.field": Message("每个{field}只进一次", "Once for each {field}"),
    "reentry.again": Message("每{unit}进过之后,隔{time}才能再进", "Again after {time} for each {unit}"),
    "reentry.at_most": Message("每{unit}最多进 {number} 次", "At most {number} times for each {unit}"),
    "reentry.free": Message(
        "每{unit}走完一遍之后,下一次还可以再进;没走完不会重复进",
        "Each {unit} may enter again next time once through, not while still inside",
    ),
    "reentry.in_all": Message("{rule}(整个剧本合计)", "{rule} (over the whole playbook)"),
    "when.catch_up.latest": Message("错过了只补最近的一次", "What was missed: only the latest is made up for"),
    "when.catch_up.all": Message("错过的每一次都补", "What was missed: all of it is made up for"),
    "when.catch_up.none": Message("错过了不补", "What was missed is not made up for"),
    "when.catch_up.within": Message("{what},最多补{time}以内的", "{what}, if no older than {time}"),
    "when.next": Message("接下来:{times}", "Coming: {times}"),
    "when.none_coming": Message("接下来没有了", "Nothing more is coming"),
}
_STEPS = {
    "step.push": Message("用{channel}发话术{template}", "Send the text {template} by {channel}"),
    "step.push.in_group": Message("在群里发话术{template}", "Send the text {template} in the group"),
    "step.push.rotating": Message(
        "用{channel}发一条话术,几条轮着发(名字是{pattern})", "Send one of several texts in turn by {channel}, those called {pattern}"
    ),
    "step.push.groups": Message(
        "在群{groups}里发话术{template},每个群一条", "Send the text {template} in the groups {groups}, once in each"
    ),
    "step.one_of": Message("话术{template}:", "Text {template}:"),
    "step.no_repeat": Message("同一位客户{time}内不收到同一条", "Nobody gets the same one twice within {time}"),
    "step.rotating": Message("发客户最久没收到过的那一条", "The one that the member received longest ago"),
    "step.with_coupon": Message("附一张券{coupon},没有券就不发:{worth}", "With a coupon {coupon}, or nothing is sent: {worth}"),
    "step.with_redpacket": Message(
        "附一个红包{redpacket},没有红包就不发:{worth}", "With a red packet {redpacket}, or nothing is sent: {worth}"
    ),
    "step.within": Message("超过{time}还没发出就不发了", "Not sent any more once {time} late"),
    "step.confirmed.alert": Message(
        "员工要在{time}内点发送,没发就提醒", "Staff must send it within {time}, or are reminded"
    ),
    "step.confirmed.skip": Message(
        "员工要在{time}内点发送,没发就作废", "Staff must send it within {time}, or it is dropped"
    ),
    "step.despite_caps": Message("不受频次限制", "Is sent even where a cap is used up"),
    "step.despite_quiet": Message("不受免打扰限制", "Is sent in quiet hours too"),
    "step.because": Message("{what},原因:{reason}", "{what}; the reason: {reason}"),
    "step.welcome": Message("马上用{channel}发欢迎语{template}", "Send the welcome {template} at once by {channel}"),
    "step.welcome.free": Message("不受频次和免打扰限制", "Is sent whatever the caps and quiet hours"),
    "step.tag": Message("打上标签{tags}", "Tag {tags}"),
    "step.untag": Message("去掉标签{tags}", "Take away the tag {tags}"),
    "step.coupon": Message("发券{coupon}:{worth}", "Give the coupon {coupon}: {worth}"),
    "step.redpacket": Message("发红包{redpacket}:{worth}", "Give the red packet {redpacket}: {worth}"),
    "step.points.add": Message("加 {number} 积分", "Give {number} points"),
    "step.points.take": Message("扣 {number} 积分", "Take {number} points"),
    "step.set": Message("把客户的{attribute}改成 {value}", "Set the member's {attribute} to {value}"),
    "step.set.field": Message(
        "把客户的{attribute}改成这次的{field}", "Set the member's {attribute} to the {field} of what happened"
    ),
    "step.task": Message("派任务{task},由{who}在{time}内完成", "Task {task} for {who}, to be done within {time}"),
    "step.alert": Message("提醒{who}:{text}", "Remind {who}: {text}"),
    "step.enter": Message(
        "转入剧本{playbook},这边继续往下走", "Send the member to the playbook {playbook}, and go on here too"
    ),
    "step.stop": Message("结束,离开这个剧本", "Stop here and leave the playbook"),
    "step.wait": Message("等{time}", "Wait {time}"),
    "step.wait_until": Message("等到下一个 {clock}", "Wait until it is next {clock}"),
    "step.wait_until.day": Message("等到下一个{day} {clock}", "Wait until next {day} at {clock}"),
    "step.day": Message("进入后第 {day} 天(D{day})", "{day} days after entry (day {day})"),
    "step.day.0": Message("进入当天(D0)", "On the day of entry (day 0)"),
    "step.day.at": Message("{day} {clock}", "{day} at {clock}"),
    "step.day.late": Message("进入时已经过了 2 小时以上,就跳过", "Skipped where that was over by more than 2 hours at entry"),
    "step.wait_for": Message("等客户{cond},最长{time}", "Wait for the member: {cond}, for {time} at most"),
    "step.met": Message("等到了", "It happened"),
    "step.unmet": Message("{time}还没等到", "Still not after {time}"),
    "step.choose": Message("分情况处理", "It depends"),
    "step.if": Message("如果{cond}", "If {cond}"),
    "step.else_if": Message("否则,如果{cond}", "Otherwise, if {cond}"),
    "step.else": Message("都不是", "Otherwise"),
    "step.split": Message(
        "分流{name}:随机分组,同一位客户总在同一组", "Split {name}: groups at random, a member always in the same"
    ),
    "step.arm": Message("{share} 的人:{name}", "{share} of them: {name}"),
    "step.arm.holdout": Message("{share} 的人:对照组,这里什么也不做", "{share} of them: control group, nothing is done here"),
    "step.go_on": Message("直接往下走", "Go straight on"),
    "step.named": Message("步骤“{name}”", "Step “{name}”"),
    "step.repeat": Message("每{time}一次,最多做 {number} 次", "Every {time}, {number} times at most"),
    "step.attachment": Message("{kind}:{what}", "{kind}: {what}"),
    "step.default": Message("〔{name},没有就写“{text}”〕", "〔{name}, or “{text}”〕"),
    "staff.member": Message("客户的跟进人", "the member's own staff"),
    "staff.manager": Message("店长", "the manager"),
    "staff.staff": Message("跟进人", "staff"),
    "chart.audience": Message("只有:{who}", "Only: {who}"),
    "chart.end": Message("走完了", "Done"),
}
_PARTS = {
    "variable.staff": Message("跟进人姓名", "name of staff"),
    "variable.coupon": Message("券码", "coupon code"),
    "attachment.link": Message("链接", "Link"),
    "attachment.image": Message("图片", "Picture"),
    "attachment.miniprogram": Message("小程序", "Mini program"),
    "attachment.video": Message("视频", "Video"),
    "attachment.file": Message("文件", "File"),
    "attachment.group_code": Message("群活码", "Group code"),
    "attachment.comment": Message("首评", "First comment"),
}
_GOODS = {
    "coupon.over": Message("满 {over} 减 {off}", "{off} off {over}"),
    "coupon.off": Message("减 {off}", "{off} off"),
    "coupon.percent": Message("打 {fold} 折", "{percent} off"),
    "coupon.percent_over": Message("满 {over} 打 {fold} 折", "{percent} off {over}"),
    "coupon.gift": Message("送{gift}", "a gift: {gift}"),
    "coupon.gift_over": Message("满 {over} 送{gift}", "a gift over {over}: {gift}"),
    "coupon.stock": Message("库存 {number}", "stock {number}"),
    "coupon.limit": Message("每人限 {number} 张", "{number} per member"),
    "coupon.limit.day": Message("每人每天限 {number} 张", "{number} per member and day"),
    "coupon.limit.year": Message("每人每年限 {number} 张", "{number} per member and year"),
    "coupon.limit.activity": Message("每人每次活动限 {number} 张", "{number} per member and activity"),
    "coupon.valid": Message("有效期{time}", "valid for {time}"),
    "coupon.valid.until": Message("有效到 {date}", "valid until {date}"),
    "coupon.valid.day": Message("当天有效", "valid on that day"),
    "coupon.hours": Message("每天 {start} 到 {end} 可用", "to be used between {start} and {end}"),
    "redpacket.one": Message("{low}", "{low}"),
    "redpacket.range": Message("{low} 到 {high} 随机", "between {low} and {high}"),
    "redpacket.limit": Message("每人限 {number} 个", "{number} per member"),
    "redpacket.limit.day": Message("每人每天限 {number} 个", "{number} per member and day"),
    "redpacket.limit.year": Message("每人每年限 {number} 个", "{number} per member and year"),
    "redpacket.limit.activity": Message("每人每次活动限 {number} 个", "{number} per member and activity"),
    "goods.joined": Message(",", ", "),
}
_LIMITS = {
    "limits.quiet.defer": Message(
        "{start} 到 {end} 免打扰:这时候该发的,等过了再发", "Quiet from {start} to {end}: what falls due then is sent afterwards"
    ),
    "limits.quiet.skip": Message(
        "{start} 到 {end} 免打扰:这时候该发的,不发了", "Quiet from {start} to {end}: what falls due then is not sent"
    ),
    "limits.cap": Message(
        "全店每人{per}最多收 {number} 条{channel},{over}", "Pushes to one member{channel}: {number} {per} at most; {over}"
    ),
    "limits.cap.groups": Message(
        "全店每群{per}最多收 {number} 条{channel},{over}", "Pushes to one group{channel}: {number} {per} at most; {over}"
    ),
    "limits.cap.day": Message("每天", "a day"),
    "limits.cap.rolling": Message("{time}内", "within {time}"),
    "limits.cap.channel": Message("{channel}", " by {channel}"),
    "limits.cap.defer": Message("超过的以后再发", "more is sent later"),
    "limits.cap.drop": Message("超过的不发", "more is not sent"),
    "limits.budget.pushes": Message("最多发 {amount} 条", "At most {amount} pushes"),
    "limits.budget.coupons": Message("最多发 {amount} 张券", "At most {amount} coupons"),
    "limits.budget.given": Message("最多发出 {amount}", "at most {amount} given out"),
    "limits.budget.money": Message(
        "券和红包的面值合计最多 {amount}", "Coupons and red packets worth {amount} at most"
    ),
    "limits.per_day": Message("每天{what}", "{what} a day"),
    "limits.in_all": Message("全程{what}", "{what} in all"),
    "limits.guard": Message(
        "一次要发的人超过 {members} 人,整个不运行,先查原因", "If a run would address more than {members} members, none of it is run"
    ),
    "limits.guard.share": Message(
        "一次要发的人超过全部客户的 {share},整个不运行,先查原因",
        "If a run would address more than {share} of all members, none of it is run",
    ),
    "limits.stock": Message("券{coupon}:{worth}", "Coupon {coupon}: {worth}"),
    "limits.redpacket": Message("红包{redpacket}:{worth}", "Red packet {redpacket}: {worth}"),
    "limits.redpacket.budget": Message("红包{redpacket}的金额,{budget}", "Red packets {redpacket}: {budget}"),
}
_UNTIL = {
    "until.goal": Message(
        "进入后{time}内达到目标就离开,后面的步骤不做了:{cond}",
        "Whoever reaches the goal within {time} of entry leaves, and the rest is not done: {cond}",
    ),
    "until.exit": Message("出现这种情况就离开,后面的步骤不做了:{cond}", "Whoever meets this leaves, and the rest is not done: {cond}"),
    "until.last": Message("做完最后一步就结束", "It ends with the last step"),
    "until.dates": Message("整个剧本的期限:{dates}", "The playbook's own dates: {dates}"),
}
_TERMS = {
    "terms.segment": Message("分群{name}", "Segment {name}"),
    "terms.metric": Message("指标{name}:{what}", "Metric {name}: {what}"),
    "terms.activity": Message("活动{name}:{times}", "Activity {name}: {times}"),
    "terms.ladder": Message("{name}(按{operand}分档):{rungs}", "{name} (by {operand}): {rungs}"),
    "terms.rung.above": Message("{name} 超过 {mark}", "{name} above {mark}"),
    "terms.rung.from": Message("{name} 满 {mark}", "{name} from {mark}"),
    "terms.rung.rest": Message("{name} 其余", "{name} otherwise"),
    "activity.timed": Message("{name}({times})", "{name} ({times})"),
    "terms.period": Message("{start} 到 {end}", "{start} to {end}"),
    "prose.prefix": Message("“{text}”开头的", "anything beginning with “{text}”"),
    "prose.anything": Message("任意一个", "anything"),
    "prose.joined": Message("、", ", "),
}

MESSAGES: dict[str, Message] = {
    f"sheet.{code}": message
    for part in (_HEADINGS, _NOTES, _WHO, _NEVER, _TRIGGERS, _WHEN, _STEPS, _PARTS, _GOODS, _LIMITS, _UNTIL, _TERMS)
    for code, message in part.items()
}
