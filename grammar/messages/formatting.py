"""Messages of the formatter: why a text was left as it is (F1xx)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "F101": Message(
        "排版后的写法不能证明和原来意思相同,这个文件保持原样",
        "the formatted text could not be proven to say the same, so the file stays as it is",
        "请把这一段发给维护者;其他文件不受影响",
        "please send this part to the maintainers; other files are not affected",
    ),
    "F102": Message(
        "排版会改变整个工作区的意思,没有写入任何文件",
        "formatting would change what the workspace says, so no file was written",
        "请把这个文件发给维护者;现在的文件都没有变",
        "please send this file to the maintainers; nothing has been changed",
    ),
}
