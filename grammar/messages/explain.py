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
    "explain.own_push": Message("这次先发的 {step}", "{step}, sent before in the same entry"),
    "explain.journey": Message("在剧本 {playbook} 的旅程里", "is inside the journey of playbook {playbook}"),
    "explain.taker": Message("剧本 {playbook} 的 {step} 用掉 {number}", "{step} of playbook {playbook} took {number}"),
    "explain.because": Message("{why}:{what}", "{why}: {what}"),
    "explain.limit": Message("券 {coupon} {limit}", "coupon {coupon}: {limit}"),
    "explain.stock": Message("券 {coupon} 库存 {stock}", "coupon {coupon}: stock {stock}"),
    "explain.packet_limit": Message("红包 {redpacket} {limit}", "red packet {redpacket}: {limit}"),
    "explain.packet_budget": Message("红包 {redpacket} {budget}", "red packet {redpacket}: {budget}"),
    "explain.rotation": Message("轮换 {pattern}", "rotating {pattern}"),
    "explain.ran_late": Message(
        "{trigger}:该做的时候没有运行,到 {ran} 才运行", "{trigger}: there was no run when it was due, only at {ran}"
    ),
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
    "explain.left.erased": Message("客户资料被抹除,离开", "was erased and left"),
    "explain.left.merged": Message("并入另一个客户号,离开", "was merged into another id and left"),
    "explain.left.dropped": Message("换版本时离开", "left when the version was changed"),
    "explain.left.settled": Message("恢复备份时结清", "was settled when a backup was restored"),
    "explain.left.holdout": Message("分到对照组,什么都不做", "was held out"),
    "explain.inside": Message("{entered} 进入,还在里面", "entered at {entered} and is still inside"),
    "explain.was_inside": Message(
        "{entered} 进入,当时在里面;当时等到什么时候,历史里没有记",
        "entered at {entered} and was inside; what it waited for then is not kept",
    ),
    "explain.was_behind": Message(
        "{entered} 进入,当时在里面,刚做完 {step};当时等到什么时候,历史里没有记",
        "entered at {entered} and was inside behind {step}; what it waited for then is not kept",
    ),
    "explain.came": Message("后来在 {at} 轮到", "came later, at {at}"),
    "explain.not_kept": Message("当时还没到;后来有没有到,日志里没有", "had not come yet; the log has nothing of it since"),
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
    "explain.erased_on": Message(
        "这位客户的资料已于 {at} 抹除,只剩日志里的记录",
        "the member's data were erased on {at}; only the log's record is left",
    ),
    "explain.merged": Message(
        "{at} 起并入了 {into},由 {into} 继续", "was merged into {into} at {at}, which stands for both from then on"
    ),
    "explain.archived": Message(
        "{until} 之前的记录已归档,那时没给的这里看不全;用 qingting log --archive 看",
        "what was decided before {until} is archived, so that what was suppressed then is not all told here; "
        "see qingting log --archive",
    ),
    "explain.in_flight": Message(
        "面向的条件在进入时({entered})判断,这里显示的是那时的情形",
        "the audience was tested on entry at {entered}, and is shown as it was then",
    ),
    "explain.arrived_later": Message(
        "有 {number} 条更早的资料在这次决定之后才到,决定时看不到:{facts}",
        "{number} earlier facts came to be known only after this decision: {facts}",
    ),
    "explain.later_fact": Message("{name} 是 {at} 的事,{arrived} 才知道", "{name} of {at}, learned at {arrived}"),
    "explain.backfilled_fact": Message("{name} 是 {at} 的事,事后补录", "{name} of {at}, imported afterwards as history"),
    "explain.differs": Message(
        "按现在的资料和规则,得不到这条记录:资料删改过,或者全局规则、券变过",
        "what is known now no longer leads to this record: data were erased, or the policy or a coupon has changed",
    ),
}

_LOSERS = {
    "C250": Message(
        "没有写客户号,也没有单独写 --playbook",
        "neither a member nor --playbook alone is given",
        "写客户号,如 qingting explain K00017;或者问整个剧本,如 qingting explain --playbook 猫粮跟进 --reason cap",
        "name a member, as qingting explain K00017, or ask about a playbook: qingting explain --playbook P --reason cap",
    ),
    "C251": Message(
        "--reason、--run、--since、--until、--reveal 问的是整个剧本,不能和客户号 {member} 一起用",
        "--reason, --run, --since, --until and --reveal ask about a whole playbook, not about member {member}",
        "去掉客户号,或者用 qingting log --member {member}",
        "leave the member out, or use qingting log --member {member}",
    ),
    "C252": Message(
        "问整个剧本时不用 --at:看的是日志里的记录",
        "--at does not go with a whole playbook: the records of the log are looked at",
        "用 --since、--until 限定时间",
        "--since and --until limit the time",
    ),
    "lost.nobody": Message("没有这样的记录", "there are no such records"),
    "lost.group": Message(
        "{step} · {reason}:{members} 人({records} 条记录)", "{step} · {reason}: {members} members ({records} records)"
    ),
    "lost.to": Message("输给 {winner}:{members} 人", "lost to {winner}: {members} members"),
    "lost.taken": Message("{winner} 用掉 {number}", "{winner} had taken {number}"),
    "lost.by_rule": Message("{members} 人,没有输给谁", "{members} members, lost to nobody"),
    "lost.unknown": Message(
        "{members} 人,按现在的规则看不出输给谁(规则改过)", "{members} members; by today's policy it cannot be seen to what"
    ),
}

MESSAGES: dict[str, Message] = {
    **_CONDITIONS,
    **{f"explain.reason.{reason}": message for reason, message in _REASONS.items()},
    **_STEPS,
    **_REMARKS,
    **_LOSERS,
}
