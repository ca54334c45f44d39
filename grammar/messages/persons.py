"""What is said when members are erased, or ids merged that are one person's."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "C290": Message(
        "有 {number} 条消息正在渠道手里,结果还不知道",
        "a channel has {number} messages for them in hand, and has not answered yet",
        "先运行 qingting deliver 把结果记下来,再来一次",
        "run qingting deliver, so that the answers are recorded, and try again",
    ),
    "C291": Message(
        "写上要抹除谁的资料", "say whom to erase", "qingting erase 客户号", "qingting erase MEMBER"
    ),
    "C292": Message(
        "--clean 单独用,不写客户号", "--clean stands alone, without members", "抹除和清理分两次", "erase and clean in two calls"
    ),
    "C293": Message(
        "有人一直在用数据库,文件里还可能留着已删除的内容",
        "the store is in use, so that its file may still hold what was deleted",
        "停下别的命令,再运行 qingting erase --clean",
        "stop the other commands and run qingting erase --clean",
    ),
    "C294": Message(
        "{column} 列里的客户号没有导入过",
        "the id in {column} is of nobody known",
        "先导入这个客户,或者写在同一个文件里",
        "import that member first, or in the same file",
    ),
    "C295": Message(
        "不能并入自己",
        "an id cannot be merged into itself",
        "看看是不是绕了一圈:甲并入乙,乙又并入甲",
        "perhaps it goes in a circle: one into another, and that one into the first",
    ),
    "C296": Message(
        "这个客户号已经并入另一个客户号",
        "this id has been merged into another one already",
        "并入以后不能改;写它已经并入的那个",
        "a merge stands; name the id that it was merged into",
    ),
    "N230": Message(
        "会抹除:客户 {persons} 位,客户号 {ids} 个;去掉 --preview 才真的抹除",
        "to be erased: members {persons}, ids {ids}; without --preview they are",
    ),
    "N231": Message("已抹除:客户 {persons} 位,客户号 {ids} 个", "erased: members {persons}, ids {ids}"),
    "N232": Message("文件里不再有已删除的内容", "nothing that was deleted is left in the file"),
    "N233": Message("并入别的客户号的:{number}", "ids merged into others: {number}"),
    "N234": Message("{old} 已并入 {into}", "{old} was merged into {into}"),
    "N235": Message("{old} 早已并入 {into},没有变化", "{old} was merged into {into} before; nothing has changed"),
}
