"""``qingting log tiles``: the log as plain files that others can publish, mirror and verify."""

from __future__ import annotations

from pathlib import Path

import click

from ...language import Say
from ...session import Session
from ..contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "tiles",
        say,
        "把日志写成静态文件(C2SP tlog-tiles),可以放到任何网站上公开或镜像。里面只有编号,没有客户号、手机号和消息内容。"
        "再次运行只补写新增的;已有的文件不会改,和日志不一样就报错。核对:qingting log verify --tiles 文件夹。",
        "Write the log as static files (C2SP tlog-tiles), to be published or mirrored by any web server. They hold pseudonyms: no "
        "ids, telephone numbers or texts. Running it again adds what is new; a file that is there is never changed, and one "
        "that differs from the log is an error. To check them: qingting log verify --tiles FOLDER.",
        ("qingting log tiles public/log",),
        [click.Argument(["folder"], metavar=say("文件夹", "FOLDER"))],
        tiles,
    )


def tiles(session: Session, folder: str) -> int:
    """Bring the folder up to the newest checkpoint."""
    published = session.workspace().audit.publish(Path(folder))
    if session.as_json:
        session.emit({"path": folder, "before": published.before, "size": published.size, "files": published.files})
    else:
        code = "N242" if published.files else "N243"
        session.screen().line(session.word(code, path=folder, size=published.size, files=published.files), "good")
    return 0
