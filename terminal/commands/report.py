"""``qingting report``: what has come of it."""

from __future__ import annotations

import click

from ...engine.insight.work import StaffCount
from ..blocks import Column, Table, rows_of
from ..instants import read_instant
from ..language import Say
from ..session import Session
from .contract import command

SUBJECTS = ("tasks",)


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "report",
        say,
        "统计。tasks:每个员工派了多少事,完成、逾期完成、没完成、已逾期各多少。",
        "Numbers. tasks: how much each member of staff was given, has done, done late, has open and overdue.",
        ("qingting report tasks", "qingting report tasks --since 2026-11-01 --json"),
        [
            click.Argument(["subject"], type=click.Choice(SUBJECTS)),
            click.Option(["--since"], metavar="T", help=say("从这个时刻起派的(包含)", "given from this instant on, included")),
            click.Option(["--until"], metavar="T", help=say("到这个时刻为止派的(不含)", "given before this instant")),
        ],
        report,
    )


def report(session: Session, subject: str, since: str | None, until: str | None) -> int:
    """Show the numbers of one subject."""
    workspace = session.workspace()
    zone = workspace.settings.timezone
    counts = workspace.staff.counts(
        at=session.instant(),
        since=read_instant(since, zone) if since is not None else None,
        until=read_instant(until, zone) if until is not None else None,
    )
    if session.as_json:
        session.emit({"tasks": [_payload(count) for count in counts]})
    elif not counts:
        session.tell(session.word("N150"))
    else:
        _show(session, counts)
    return 0


def _payload(count: StaffCount) -> dict[str, object]:
    return {
        "staff": count.staff, "staff_name": count.staff_name, "given": count.given, "done": count.done,
        "done_late": count.done_late, "open": count.open, "overdue": count.overdue,
    }


def _show(session: Session, counts: tuple[StaffCount, ...]) -> None:
    numbers = ("T.given", "T.done", "T.done_late", "T.open", "T.overdue")
    columns = (Column(session.word("T.staff")), *(Column(session.word(code), is_number=True) for code in numbers))
    rows = [
        (each.staff_name or each.staff or session.word("T.nobody"), each.given, each.done, each.done_late, each.open,
         each.overdue)
        for each in counts
    ]
    session.screen().table(Table(columns, rows_of(rows)))
