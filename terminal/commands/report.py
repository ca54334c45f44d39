"""``qingting report``: what has come of it."""

from __future__ import annotations

from datetime import datetime

import click

from ...engine.insight.work import StaffCount
from ...engine.reporting import experiments
from ..blocks import Column, Table, rows_of
from ..experiments import experiment_payload, show_experiment
from ..instants import read_instant
from ..language import Say
from ..session import Session
from .contract import command

SUBJECTS = ("experiments", "tasks")


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "report",
        say,
        "统计。tasks:每个员工派了多少事,完成、逾期完成、没完成、已逾期各多少。experiments:每个写了转化目标的剧本,进入的、"
        "对照组和分流各组有多少人次达成目标,达成率和比对照组多出的百分点都带95%区间;只算目标期限已过的进入,没过的另列。"
        "区间假定各次进入互不相干:同一人反复进入时会偏窄。",
        "Numbers. tasks: how much each member of staff was given, has done, done late, has open and overdue. experiments: for "
        "each playbook with a goal how many of those who entered, of the holdout and of each arm of a split reached it, with "
        "the rate and the lift in points against the holdout, each with its 95% interval; only entries whose time for the "
        "goal is over count, the others stand apart. The intervals take entries as independent, so they are too narrow "
        "where the same members enter often.",
        ("qingting report tasks", "qingting report tasks --since 2026-11-01 --json", "qingting report experiments"),
        [
            click.Argument(["subject"], type=click.Choice(SUBJECTS)),
            click.Option(
                ["--since"], metavar="T",
                help=say("从这个时刻起派的、进入的(包含)", "given, or entered, from this instant on, included"),
            ),
            click.Option(
                ["--until"], metavar="T",
                help=say("到这个时刻为止派的、进入的(不含)", "given, or entered, before this instant"),
            ),
        ],
        report,
    )


def report(session: Session, subject: str, since: str | None, until: str | None) -> int:
    """Show the numbers of one subject."""
    zone = session.workspace().settings.timezone
    low, high = (None if end is None else read_instant(end, zone) for end in (since, until))
    return (_tasks if subject == "tasks" else _experiments)(session, low, high)


def _experiments(session: Session, since: datetime | None, until: datetime | None) -> int:
    found = experiments(session.workspace(), at=session.instant(), since=since, until=until)
    if session.as_json:
        session.emit({"experiments": [experiment_payload(each) for each in found]})
    elif not found:
        session.tell(session.word("N170"))
    else:
        for each in found:
            show_experiment(session, each)
    return 0


def _tasks(session: Session, since: datetime | None, until: datetime | None) -> int:
    counts = session.workspace().staff.counts(at=session.instant(), since=since, until=until)
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
