"""``qingting erase``: all data of a member go, and the log still verifies."""

from __future__ import annotations

import click

from ...engine.member_desk import Erasure
from ...grammar.diagnostics import CannotRun, UsageError
from ..blocks import Column, Table, rows_of
from ..language import Say
from ..session import Session
from .contract import command

_WORDS = {
    "attributes": "T.known_attributes", "tags": "T.known_tags", "events": "T.known_events", "points": "T.known_points",
    "coupons": "T.known_coupons", "redpackets": "T.known_redpackets", "friendships": "T.known_friendships",
    "groups": "T.known_groups", "tasks": "T.known_tasks", "invited": "T.known_invited", "journeys": "T.known_journeys",
    "messages": "T.known_messages", "answers": "T.known_answers", "records": "T.known_records",
}


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "erase",
        say,
        "抹除客户的全部资料:属性、标签、事件、积分、好友、群、任务、渠道的回复,和别人资料里的邀请人;排队的消息先撤回。日志只留编号,照样可核对;"
        "发出去的券和红包不退库存。数据库文件会重写一遍,删掉的内容不留。已有的备份和渠道那边的要另外处理。",
        "Erase all data of members: attributes, tags, events, points, friendships, groups, tasks, what channels answered, and their "
        "place as inviter of others; waiting messages are withdrawn first. The log keeps pseudonyms and still verifies; coupons and "
        "red packets given stay given. The store's file is written anew, so that nothing deleted is left in it. Backups and what "
        "channels have are not reached.",
        (
            "qingting erase K00017 --preview",
            "qingting erase K00017",
            "qingting erase K00017 K00018 --json",
            "qingting erase --clean",
        ),
        [
            click.Argument(["members"], metavar=say("[客户号]...", "[MEMBER]..."), nargs=-1),
            click.Option(["--preview"], is_flag=True, help=say("只看会抹除多少,什么也不改", "tell what would go, and change nothing")),
            click.Option(
                ["--clean"], is_flag=True,
                help=say("只清理文件:上次抹除时数据库正被占用", "only clean the file, where an erasure found it in use"),
            ),
        ],
        erase,
    )


def erase(session: Session, members: tuple[str, ...], preview: bool, clean: bool) -> int:
    """Erase, or tell what would go; 3 where something stands in the way."""
    desk = session.workspace().members
    if clean:
        if members:
            raise UsageError("C292")
        if not desk.clean():
            raise CannotRun("C293")
        _told_clean(session)
        return 0
    if not members:
        raise UsageError("C291")
    found = desk.known(members) if preview else desk.erase(members, at=session.instant())
    if session.as_json:
        session.emit({
            "members": found.persons, "ids": found.ids, "erased": not preview, "known": dict(found.known), "clean": found.clean,
            "unreached": list(found.unreached),
        })
    else:
        _show(session, found, "N230" if preview else "N231")
        if found.unreached:
            session.screen().line(session.word("N259", paths=", ".join(found.unreached)), "warning")
    if found.clean or preview:
        return 0
    left = CannotRun("C293")
    if session.as_json:
        session.mention(left)
        return left.exit_code
    return session.fault(left)


def _told_clean(session: Session) -> None:
    if session.as_json:
        session.emit({"clean": True})
    else:
        session.screen().line(session.word("N232"), "good")


def _show(session: Session, found: Erasure, code: str) -> None:
    columns = (Column(session.word("T.what")), Column(session.word("T.number"), True))
    rows = [(session.word(_WORDS[kind]), number) for kind, number in found.known.items() if number]
    if rows:
        session.screen().table(Table(columns, rows_of(rows)))
    session.screen().line(session.word(code, persons=found.persons, ids=found.ids), "bold")
