"""``qingting log``: the records of decisions, each with what its channel last answered."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable

import click

from ...engine.log.records import LogFilter, LogRecord
from ...engine.program.clock import from_datetime
from ..blocks import Column, Table, rows_of
from ..instants import read_instant
from ..language import Say
from ..run_report import outcome_word, reason_word, status_word
from ..session import Session
from .contract import command

STATUSES = ("queued", "done", "suppressed")
DEFAULT_ROWS = 50
SHORT = 8


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "log",
        say,
        "查看决定的记录:给了谁什么、没给谁、为什么,和渠道的回答。表格默认只显示最新 50 条。",
        "Show the records of decisions: who got what, who did not and why, and what channels answered. "
        "The table shows the newest 50 unless --limit says otherwise.",
        (
            "qingting log --member K00017",
            "qingting log --playbook 猫粮跟进 --status suppressed",
            "qingting log --since 2026-11-20 --format csv --reveal",
        ),
        [
            click.Option(["--member"], metavar="ID", help=say("这个客户的", "of this member")),
            click.Option(["--playbook"], metavar="NAME", help=say("这个剧本的", "of this playbook")),
            click.Option(["--run", "run_id"], metavar="RUN", help=say("这次运行的", "of this run")),
            click.Option(["--since"], metavar="T", help=say("从这个时刻起(包含)", "from this instant, included")),
            click.Option(["--until"], metavar="T", help=say("到这个时刻为止(不含)", "up to this instant, excluded")),
            click.Option(["--status"], type=click.Choice(STATUSES), help=say("结果", "the status")),
            click.Option(
                ["--reason"], metavar="REASON", help=say("没给的原因,例如 cap", "why it was suppressed, such as cap")
            ),
            click.Option(
                ["--limit"], type=click.IntRange(min=1), metavar="N", help=say("最新的几条", "the newest records")
            ),
            click.Option(
                ["--format", "shape"],
                type=click.Choice(["table", "csv", "jsonl"]),
                default="table",
                help=say("格式", "the format"),
            ),
            click.Option(["--reveal"], is_flag=True, help=say("显示真实的客户号", "show outside member ids")),
        ],
        log,
    )


def log(
    session: Session,
    member: str | None,
    playbook: str | None,
    run_id: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    reason: str | None,
    limit: int | None,
    shape: str,
    reveal: bool,
) -> int:
    """Show the records that pass the filters, in the order of decision."""
    workspace = session.workspace()
    zone = workspace.settings.timezone
    is_table = shape == "table" and not session.as_json
    filters = LogFilter(
        member=member,
        playbook=playbook,
        run=run_id,
        status=status,
        reason=reason,
        since=from_datetime(read_instant(since, zone)) if since is not None else None,
        until=from_datetime(read_instant(until, zone)) if until is not None else None,
        limit=limit if limit is not None or not is_table else DEFAULT_ROWS,
    )
    with workspace.log(filters, reveal=reveal) as records:
        if session.as_json:
            session.emit({"records": [record.to_json() for record in records]})
        elif shape == "jsonl":
            session.out.writelines(json.dumps(r.to_json(), ensure_ascii=False) + "\n" for r in records)
        elif shape == "csv":
            _write_csv(session, records, reveal)
        else:
            _show(session, tuple(records))
    return 0


def _write_csv(session: Session, records: Iterable[LogRecord], reveal: bool) -> None:
    """All keys of the JSON form as columns; params and the delivery as their own columns."""
    writer = csv.writer(session.out, lineterminator="\n")
    header: list[str] | None = None
    for record in records:
        row = record.to_json()
        delivery = row.pop("delivery")
        row["params"] = record.params
        row["outcome"] = delivery.get("outcome") if isinstance(delivery, dict) else None
        if reveal:
            row.setdefault("member_id", None)
        if header is None:
            header = list(row)
            writer.writerow(header)
        writer.writerow(["" if row.get(key) is None else row.get(key) for key in header])


def _show(session: Session, records: tuple[LogRecord, ...]) -> None:
    if not records:
        session.tell(session.word("N108"))
        return
    headings = ("T.at", "T.playbook", "T.step", "T.member", "T.status", "T.reason", "T.content", "T.delivery")
    columns = tuple(Column(session.word(code)) for code in ("T.id", *headings))
    session.screen().table(Table(columns, rows_of([_row(session, record) for record in records])))


def _row(session: Session, record: LogRecord) -> tuple[object, ...]:
    content = (record.content or "").rpartition("@")[0] or record.content
    outcome = outcome_word(session, record.delivery.outcome) if record.delivery is not None else None
    return (
        record.id[:SHORT],
        f"{record.decided_at:%m-%d %H:%M}",
        record.playbook,
        session.step(record.step),
        record.member_id or (record.member or "")[:SHORT],
        status_word(session, record.status),
        reason_word(session, record.reason) if record.reason else None,
        content,
        outcome,
    )
