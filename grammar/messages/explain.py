"""What explanations say: of a whole condition, of a rule, of a reason, of a step."""

from __future__ import annotations

from .message import Message

_CONDITIONS = {
    "explain.everyone": Message("所有客户", "everyone"),
    "explain.nobody": Message("没有人", "nobody"),
    "explain.yes": Message("是", "yes"),
    "explain.no": Message("否", "no"),
    "explain.held": Message("{tag} 从 {since} 起", "{tag} since {since}"),
    "explain.never": Message("永不过期", "never expires"),
    "explain.push": Message("剧本 {playbook} 的 {step}(记录 {id})", "{step} of playbook {playbook} (record {id})"),
    "explain.limit": Message("券 {coupon} {limit}", "coupon {coupon}: {limit}"),
    "explain.stock": Message("券 {coupon} 库存 {stock}", "coupon {coupon}: stock {stock}"),
    "explain.packet_limit": Message("红包 {redpacket} {limit}", "red packet {redpacket}: {limit}"),
    "explain.packet_budget": Message("红包 {redpacket} {budget}", "red packet {redpacket}: {budget}"),
    "explain.rotation": Message("轮换 {pattern}", "rotating {pattern}"),
    "explain.fact": Message("{trigger},到 {arrived} 才知道", "{trigger}, learned only at {arrived}"),
}

_REASONS = {
    "late": Message(
        "触发它的事发生得太早,知道的时候已经过了补发期限", "what started it was learned too long after it happened"
    ),
    "duplicate": Message(
        "已经进过了:同一次安排处理过,或者还在里面,或者没到再次进入的时候",
        "has been in already: decided for the same occurrence, still inside, or not yet allowed again",
    ),
    "exclusive": Message("正在同组的另一个旅程里", "is inside another journey of the same kind"),
    "never_push": Message("全局规则不许推送给这位客户", "the policy forbids pushes to this member"),
    "not_friend": Message("已经不是好友,发不到", "is no friend any more, so nothing can be sent"),
    "goal_reached": Message("已经达到转化目标,离开了剧本", "has reached the goal and left the playbook"),
    "exited": Message("符合退出条件,离开了剧本", "meets the exit condition and has left the playbook"),
    "stopped": Message("走到了“结束”,离开了剧本", "came to a stop and has left the playbook"),
    "holdout": Message("抽签进了对照组,什么也不发", "was drawn into the holdout, which gets nothing"),
    "quiet_hours": Message("正在免打扰时段", "the instant lies in quiet hours"),
    "cap": Message("推送次数到了频次上限", "has had as many pushes as a cap allows"),
    "channel_quota": Message("渠道的额度用完了", "the channel's quota is used up"),
    "budget": Message("剧本的预算用完了", "the playbook's budget is used up"),
    "stock": Message("券发完了,抽签没排到", "the coupon is used up, and the draw put others first"),
    "per_member_limit": Message("这位客户的券已经领到上限", "has had as many of the coupon as one member may have"),
    "no_content": Message("没有可发的内容", "there is no content left to send"),
    "incomplete": Message("话术里要用的资料没有值", "something that the text needs is unknown"),
    "blocked": Message("剧本有错,没有运行", "the playbook has errors and was not run"),
    "guard": Message("人数超过熔断上限,整个剧本没有运行", "the guard refused the playbook: too many members"),
}

_STEPS = {
    "explain.not_in_audience": Message("不在面向的人里", "is not in the audience"),
    "explain.not_active": Message("剧本不在上线日期内", "the playbook is outside its dates"),
    "explain.not_reached": Message("这位客户走不到这一步", "the member's way does not come to this step"),
    "explain.passed": Message("这一步已经过去", "this step lies behind the member"),
    "explain.no_record": Message("日志里没有这一步", "the log has nothing of this step"),
    "explain.deferred": Message("{reason},顺延到 {until}", "{reason}; deferred until {until}"),
    "explain.later": Message("还在等,最早 {until}", "waits, until {until} at the earliest"),
    "explain.due": Message("等下一次运行", "waits for the next run"),
    "explain.as_soon_as": Message("等到了就做,最晚等到 {until}", "comes as soon as that happens, at the latest at {until}"),
    "explain.after_wait": Message("等的事有了结果以后,最晚 {until}", "comes when that wait is over, at the latest at {until}"),
    "explain.waiting_for": Message(
        "{entered} 进入,在等:{what};最长等到 {until}", "entered at {entered}, waits for: {what}; until {until} at the longest"
    ),
    "explain.left": Message("{entered} 进入,{ended} {why}", "entered at {entered}, {why} at {ended}"),
    "explain.left.finished": Message("走完", "came to the end"),
    "explain.left.goal_reached": Message("达到转化目标,离开", "reached the goal and left"),
    "explain.left.exited": Message("符合退出条件,离开", "fulfilled the exit condition and left"),
    "explain.left.stopped": Message("到了“结束”,离开", "came to a stop"),
    "explain.left.removed": Message("客户已不在名单里,离开", "was taken out of the members and left"),
    "explain.left.dropped": Message("换版本时离开", "left when the version was changed"),
    "explain.left.settled": Message("恢复备份时结清", "was settled when a backup was restored"),
    "explain.left.holdout": Message("分到对照组,什么都不做", "was held out"),
    "explain.inside": Message("{entered} 进入,还在里面", "entered at {entered} and is still inside"),
    "explain.waiting": Message("{entered} 进入,等到 {until}", "entered at {entered}, waits until {until}"),
    "explain.status.queued": Message("交给渠道发送", "was handed to the channel's queue"),
    "explain.status.done": Message("已经生效", "took effect"),
}

_REMARKS = {
    "explain.not_there": Message(
        "{at} 时还没有这位客户,{arrived} 才导入;导入历史数据时加 --backfill,才能看过去的时刻",
        "the member was not there yet at {at}, but came at {arrived}; import history with --backfill to see the past",
    ),
    "explain.erased": Message(
        "这位客户的资料已经删除,只剩日志里的记录", "the member's data were erased; only the log's record is left"
    ),
    "explain.in_flight": Message(
        "面向的条件在进入时({entered})判断,这里显示的是那时的情形",
        "the audience was tested on entry at {entered}, and is shown as it was then",
    ),
    "explain.arrived_later": Message(
        "有 {number} 条更早的资料在这次决定之后才到,决定时看不到",
        "{number} earlier facts came to be known only after this decision",
    ),
    "explain.differs": Message(
        "按现在的资料和规则,得不到这条记录:资料删改过,或者全局规则、券变过",
        "what is known now no longer leads to this record: data were erased, or the policy or a coupon has changed",
    ),
}

MESSAGES: dict[str, Message] = {
    **_CONDITIONS,
    **{f"explain.reason.{reason}": message for reason, message in _REASONS.items()},
    **_STEPS,
    **_REMARKS,
}
