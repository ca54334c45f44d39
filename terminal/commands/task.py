"""``qingting task``: what staff have to do, and saying that it is done."""

from __future__ import annotations

import click

from ...engine.insight.work import Work, WorkFilter
from ...engine.program.clock import iso
from ...grammar.diagnostics import UsageError
from ..blocks import Column, Table, rows_of
from ..instants import show_instant
from ..language import Say
from ..session import Session
from .contract import command

ACTIONS = ("list", "done", "reopen")
SHORT = 8


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "task",
        say,
        "员工要做的事:list 列出还没做完的,done 说做完了,reopen 重新打开。换了跟进人,没做完的就是新跟进人的。",
        "The work of staff: list shows what is not done, done says that something is, reopen takes that back. "
        "Whoever serves the member now has what is open.",
        (
            "qingting task list --staff 张三",
            "qingting task list --overdue --json",
            "qingting task list --alerts",
            "qingting task done 3f9a51c2",
        ),
        [
            click.Argument(["action"], type=click.Choice(ACTIONS)),
            click.Argument(["ids"], nargs=-1, metavar=say("[编号]...", "[ID]...")),
            click.Option(["--staff"], metavar="NAME", help=say("由这个人负责的", "of whom this person is in charge")),
            click.Option(["--member"], metavar="ID", help=say("关于这个客户或群的", "about this member or group")),
            click.Option(["--overdue"], is_flag=True, help=say("只看逾期的", "only what is overdue")),
            click.Option(["--done", "is_done"], is_flag=True, help=say("看已经做完的", "what is done")),
            click.Option(["--alerts"], is_flag=True, help=say("看提醒", "alerts instead")),
        ],
        task,
    )


def task(
    session: Session, action: str, ids: tuple[str, ...], staff: str | None, member: str | None, overdue: bool,
    is_done: bool, alerts: bool,
) -> int:
    """List work, or say that it is done or open again."""
    if action == "list":
        if ids:
            raise UsageError("C205", reason=" ".join(ids))
        wanted = WorkFilter(
            kinds=("alert",) if alerts else ("task", "confirm"),
            states=("done",) if is_done else ("overdue",) if overdue else ("open", "overdue"),
            staff=staff, member=member,
        )
        return _list(session, wanted)
    if not ids:
        raise UsageError("C203", name=session.say("编号", "ID"))
    return _settle(session, ids, done=action == "done")


def _list(session: Session, wanted: WorkFilter) -> int:
    workspace = session.workspace()
    works = workspace.staff.work(wanted, at=session.instant())
    zone = workspace.settings.timezone
    if session.as_json:
        session.emit({"tasks": [_payload(session, work, zone) for work in works]})
    elif not works:
        session.tell(session.word("N150"))
    else:
        when = "T.given" if wanted.kinds == ("alert",) else "T.due"
        headings = ("T.id", "T.title", "T.member", "T.staff", when, "T.state")
        columns = tuple(Column(session.word(code)) for code in headings)
        session.screen().table(Table(columns, rows_of([_row(session, work, zone) for work in works])))
    return 0


def _title(session: Session, work: Work) -> str:
    return session.word("T.confirm", template=work.title) if work.what == "confirm" else work.title


def _row(session: Session, work: Work, zone: str) -> tuple[object, ...]:
    state = "late" if work.is_late else work.state
    return (
        work.id[:SHORT], _title(session, work), work.recipient, work.staff_name or work.staff or session.word("T.nobody"),
        show_instant(work.given if work.due is None else work.due, zone), session.word(f"T.work.{state}"),
    )


def _payload(session: Session, work: Work, zone: str) -> dict[str, object]:
    def shown(instant: int | None) -> str | None:
        return None if instant is None else iso(instant, zone)

    return {
        "id": work.id, "kind": work.what, "title": _title(session, work), "member": work.recipient, "staff": work.staff,
        "staff_name": work.staff_name, "playbook": work.playbook, "step": work.step, "state": work.state,
        "given": shown(work.given), "due": shown(work.due), "done": shown(work.done), "late": work.is_late,
        "else": work.otherwise,
    }


def _settle(session: Session, ids: tuple[str, ...], *, done: bool) -> int:
    settled = session.workspace().staff.settle(ids, done=done, at=session.instant())
    if session.as_json:
        session.emit({"changed": list(settled.changed), "unchanged": list(settled.unchanged)})
        return 0
    session.screen().line(session.word("N151" if done else "N152", count=len(settled.changed)), "bold")
    if settled.unchanged:
        session.tell(session.word("N153", count=len(settled.unchanged)))
    return 0
