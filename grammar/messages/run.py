"""Messages about runs, delivery and the log (R…)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "R301": Message(
        "另一个运行正占着数据库:{holder}",
        "another run holds the store: {holder}",
        "等它结束再来,或者加 --wait 秒数",
        "come again when it has ended, or wait for it with --wait SECONDS",
    ),
    "R302": Message(
        "建不了锁文件 {path}:{reason}",
        "the lock file {path} cannot be made: {reason}",
        "检查 .qingting 文件夹能不能写入",
        "check that the folder .qingting can be written",
    ),
}
