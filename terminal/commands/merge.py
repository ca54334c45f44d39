"""``qingting merge``: two ids turn out to be one person."""

from __future__ import annotations

import click

from ..language import Say
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "merge",
        say,
        "两个客户号是同一个人:OLD 并入 NEW。OLD 知道的都记到 NEW 名下(NEW 有的以 NEW 为准),OLD 从此不再收到任何东西;"
        "以后导入 OLD 的事件、标签、券等都算 NEW 的。不能撤销。一批合并可以用 import members 的 merged_into(并入)列。",
        "Two ids are one person: merge OLD into NEW. What is known of OLD is told of NEW (where NEW has a value, it stays), and OLD "
        "gets nothing any more; events, tags, coupons and the like that come for OLD later are NEW's. It cannot be taken "
        "back. For many at once import members has the column merged_into.",
        ("qingting merge K00017 --into K00342", "qingting merge K00017 --into K00342 --json"),
        [
            click.Argument(["old"], metavar="OLD"),
            click.Option(["--into"], metavar="NEW", required=True, help=say("留下来的客户号", "the id that stays")),
        ],
        merge,
    )


def merge(session: Session, old: str, into: str) -> int:
    """Merge one id into another; 2 where either is not known, or that cannot be."""
    is_news = session.workspace().members.merge(old, into, at=session.instant())
    if session.as_json:
        session.emit({"old": old, "into": into, "merged": is_news})
    else:
        session.screen().line(session.word("N234" if is_news else "N235", old=old, into=into), "good" if is_news else "dim")
    return 0
