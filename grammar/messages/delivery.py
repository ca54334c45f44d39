"""Messages about the log, its fence, and delivery (D…)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "D101": Message(
        "渠道 {name} 的类型 {type} 不存在",
        "Channel {name} has the unknown type {type}",
        "可用的类型:{known};在 qingting.yaml 的 channels 里改",
        "Types are: {known}; change it under channels in qingting.yaml",
    ),
    "D102": Message(
        "渠道「{name}」的类型「{type}」无法加载:{error}。",
        "Type {type} of channel {name} cannot be loaded: {error}.",
        "检查提供该类型的程序包是否完整安装。",
        "Check that the package that provides it is installed completely.",
    ),
    "D103": Message(
        "渠道「{name}」缺少选项「{option}」。",
        "Channel {name} lacks the option {option}.",
        "在 qingting.yaml 中该渠道下补上 {option}。",
        "Add {option} to this channel in qingting.yaml.",
    ),
    "D104": Message(
        "渠道「{name}」不认识选项「{option}」。",
        "Channel {name} does not know the option {option}.",
        "从 qingting.yaml 中删去这一项,或检查拼写。",
        "Remove it from qingting.yaml, or check its spelling.",
    ),
    "D105": Message(
        "渠道「{name}」的文件 {path} 无法读写:{error}。",
        "The file {path} of channel {name} cannot be read or written: {error}.",
        "检查路径和权限;未发出的消息仍在等待,下次 deliver 会再试。",
        "Check the path and permissions; messages not sent still wait for the next deliver.",
    ),
    "D106": Message(
        "渠道「{name}」的 delivery 写成了「{mode}」。",
        "The delivery of channel {name} is {mode}.",
        "写 at_most_once(宁可少发)或 at_least_once(宁可重发)。",
        "Write at_most_once (rather none than two) or at_least_once (rather two than none).",
    ),
    "D201": Message(
        "数据库里只有 {leaves} 条记录,上次用完时却有 {fence} 条(记在 {path})。多半是恢复了旧的备份",
        "The store has {leaves} log entries, but {path} says {fence}. It looks like a restored backup",
        "确实要接着用这一份:qingting run --accept-restored 时刻;那个时刻之前的都算已经发过",
        "To go on with this copy: qingting run --accept-restored T, which treats all up to T as settled",
    ),
    "D202": Message(
        "数据库和上次用完时留下的标记对不上:前 {fence} 条记录和 {path} 里记的不是同一份。多半是另一份副本,也可能有人改过日志",
        "The store does not fit what was left last: its first {fence} log entries are not those of {path}. It looks like another "
        "copy, or somebody changed the log",
        "先看改没改过:qingting log verify。确实要接着用这一份:qingting run --accept-restored 时刻;那个时刻之前的都算已经发过",
        "See whether it was changed: qingting log verify. To go on with this copy: qingting run --accept-restored T, which treats "
        "all up to T as settled",
    ),
    "D203": Message(
        "读不了上次运行留下的标记 {path}",
        "What the last run left in {path} cannot be read",
        "检查权限;文件坏了的话,先确认数据库是最新的一份,再删掉它",
        "Check its permissions; if it is damaged, make sure that the store is the newest copy, then remove it",
    ),
    "D204": Message(
        "写不了防止重发的标记 {path}:{error}",
        "The mark {path} that prevents sending twice cannot be written: {error}",
        "检查 .qingting 文件夹的权限和磁盘空间",
        "Check the permissions of the folder .qingting and the space on its disk",
    ),
    "D301": Message(
        "日志中没有编号以「{id}」开头的记录。",
        "No record of the log has an id that begins with {id}.",
        "用 qingting log 查看编号。",
        "qingting log shows the ids.",
    ),
    "D302": Message(
        "编号「{id}」不唯一:{first}、{second} 都以它开头。",
        "The id {id} is ambiguous: {first} and {second} begin with it.",
        "多写几位。",
        "Give more digits.",
    ),
    "D303": Message(
        "“{id}”不是记录编号",
        "{id} is not the id of a record",
        "编号是 qingting log 里显示的那一串,最多 20 位,只有 0-9 和 a-f",
        "An id is what qingting log shows: up to 20 characters of 0-9 and a-f",
    ),
}
