"""``qingting log``: the records of decisions, each with what its channel last answered."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import click

from ....engine.log.records import LogRecord
from ....engine.program.clock import to_datetime
from ....engine.workspace import Workspace
from ...blocks import Column, Table, rows_of
from ...index import LOG_COMMANDS
from ...language import Say
from ...run_report import outcome_word, reason_word, status_word
from ...session import Session
from ..contract import command_with_parts
from .filters import filter_options, read_filters

DEFAULT_ROWS = 50
SHORT = 8


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command_with_parts(
        "log",
        say,
        LOG_COMMANDS,
        "查看决定的记录:给了谁什么、没给谁、为什么,和渠道的回答。表格默认只显示最新 50 条。",
        "Show the records of decisions: who got what, who did not and why, and what channels answered. "
        "The table shows the newest 50 unless --limit says otherwise.",
        (
            "qingting log --member K00017",
            "qingting log --playbook 猫粮跟进 --status suppressed",
            "qingting log --since 2026-11-20 --format csv --reveal",
            "qingting log --archive archive/log-0-5000.db --member K00017",
        ),
        [
            *filter_options(say),
            click.Option(
                ["--format", "shape"],
                type=click.Choice(["table", "csv", "jsonl"]),
                default="table",
                help=say("格式", "the format"),
            ),
            click.Option(
                ["--archive"], metavar="FILE", type=click.Path(path_type=Path),
                help=say("在这个归档文件里看", "look into this archive"),
            ),
            click.Option(
                ["--reveal"], is_flag=True,
                help=say("显示真实的客户号,和渠道自己的说法", "show outside member ids, and what channels said in their words"),
            ),
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
    archive: Path | None,
    reveal: bool,
) -> int:
    """Show the records that pass the filters, in the order of decision."""
    workspace = session.workspace()
    is_table = shape == "table" and not session.as_json
    filters = read_filters(
        workspace.settings.timezone, member=member, playbook=playbook, run_id=run_id, since=since, until=until,
        status=status, reason=reason, limit=limit if limit is not None or not is_table else DEFAULT_ROWS,
    )
    with workspace.log(filters, reveal=reveal) if archive is None else workspace.archives.records(
        archive, filters, reveal=reveal
    ) as records:
        if session.as_json:
            session.emit({"records": [record.to_json() for record in records]})
        elif shape == "jsonl":
            session.out.writelines(json.dumps(r.to_json(), ensure_ascii=False) + "\n" for r in records)
        elif shape == "csv":
            _write_csv(session, records, reveal)
        else:
            _show(session, tuple(records))
    if archive is None and is_table:
        _tell_of_archives(session, workspace)
    return 0


def _tell_of_archives(session: Session, workspace: Workspace) -> None:
    """Say where older records are."""
    stretches = workspace.archives.stretches()
    if stretches:
        until = to_datetime(stretches[-1].until, workspace.settings.timezone)
        session.screen().line(session.word("N250", until=f"{until:%Y-%m-%d %H:%M}", path=stretches[-1].path))


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
