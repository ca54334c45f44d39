"""Words on the work of staff, and what can be wrong with what is said of it."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "D304": Message(
        "记录 {id} 没有给员工派过活",
        "the record {id} gave staff nothing to do",
        "用 qingting task list 看有哪些活和它们的编号",
        "qingting task list shows what there is to do, with ids",
    ),
    "D305": Message(
        "渠道没有说消息 {id} 已经发出,不能确认",
        "the channel does not say that message {id} was sent, so that it cannot be confirmed",
        "用 qingting log 看渠道的回答;发出去了再确认",
        "qingting log shows what the channel answered; confirm once it was sent",
    ),
    "D306": Message(
        "{id} 在这个时刻还没有派下去,或者后来又有人改过",
        "{id} was not given yet at that instant, or something was said of it later",
        "--at 写晚一点,或者不写",
        "Give a later --at, or none",
    ),
    "T.title": Message("要做的事", "what to do"),
    "T.staff": Message("跟进人", "staff"),
    "T.due": Message("期限", "due"),
    "T.state": Message("状态", "state"),
    "T.given": Message("派出", "given"),
    "T.done": Message("完成", "done"),
    "T.done_late": Message("其中逾期完成", "of that late"),
    "T.open": Message("未完成", "open"),
    "T.overdue": Message("其中已逾期", "of that overdue"),
    "T.nobody": Message("没人负责", "nobody"),
    "T.confirm": Message("确认“{template}”已经发给客户", "confirm that {template} was sent"),
    "T.work.open": Message("未完成", "open"),
    "T.work.overdue": Message("已逾期", "overdue"),
    "T.work.done": Message("已完成", "done"),
    "T.work.late": Message("逾期完成", "done late"),
    "explain.task_open": Message("期限 {due}", "due {due}"),
    "explain.task_done": Message("{since} 完成", "done {since}"),
    "N150": Message("没有这样的活", "there is no such work"),
    "N151": Message("已完成 {count} 件", "{count} done"),
    "N152": Message("重新打开 {count} 件", "{count} open again"),
    "N153": Message("{count} 件本来就是这样", "{count} stood so before"),
}
