"""``qingting import``: files of members, tags, events, coupons, friends, groups and staff become facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import click

from ...engine.stores.imports import ImportReport, Rejected
from ...engine.workspace import ImportSwitches
from ..language import Say
from ..session import Session
from .contract import command

KINDS = ("members", "tags", "events", "coupons", "friends", "groups", "staff")
ENCODINGS = ("utf-8", "gb18030", "utf-16")
MOST_SHOWN = 20
# Shorter imports are over before a bar could be read.
ROWS_FOR_A_BAR = 20_000


class _ImportCommand(click.Command):
    """Reads ``--replace=all`` beside the bare ``--replace``, which never takes the next word for its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments of the command."""
        return super().parse_args(ctx, ["--replace-all" if word == "--replace=all" else word for word in args])


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "import",
        say,
        "导入 CSV、JSON Lines 或 Parquet 文件。读不了的行按行号退回,其余照常导入;重复导入不会重复。",
        "Import a CSV, JSON Lines or Parquet file. Rows that cannot be taken are reported by line, the rest goes in; "
        "importing again changes nothing.",
        (
            "qingting import members members.csv",
            "qingting import events history.jsonl --backfill",
            "qingting import tags tags.csv --strict --json",
            "qingting import friends friends.csv --replace=all",
        ),
        [
            click.Argument(["kind"], type=click.Choice(KINDS)),
            click.Argument(["file"], metavar="FILE"),
            *_rows(say),
            *_whole(say),
        ],
        import_file,
        _ImportCommand,
    )


def _rows(say: Say) -> list[click.Option]:
    """What becomes of single rows."""
    return [
        click.Option(
            ["--backfill"],
            is_flag=True,
            help=say(
                "历史数据:按发生的时刻算到达,不触发剧本",
                "history: facts arrive when they happened and never trigger",
            ),
        ),
        click.Option(
            ["--strict"], is_flag=True, help=say("有一行不对就全部不导入", "one bad row and nothing goes in")
        ),
        click.Option(
            ["--create-members"], is_flag=True, help=say("没有的客户就新建", "make members that are missing")
        ),
        click.Option(
            ["--ignore-unknown"],
            is_flag=True,
            help=say("忽略没声明的名字,只计数", "leave out names that are not declared, and count them"),
        ),
        click.Option(
            ["--generate-ids"],
            is_flag=True,
            help=say("按文件和行号生成事件编号", "make event ids from file and line"),
        ),
    ]


def _whole(say: Say) -> list[click.Option]:
    """What the file is as a whole."""
    return [
        click.Option(
            ["--replace"],
            is_flag=True,
            help=say(
                "以文件为准:文件里的客户(或群),没列出的就没有了;--replace=all 对全部客户(或群)都以文件为准",
                "the file is the whole truth about the members (or groups) it names; with --replace=all, about "
                "all of them",
            ),
        ),
        click.Option(["--replace-all"], is_flag=True, hidden=True),
        click.Option(
            ["--encoding"],
            type=click.Choice(ENCODINGS),
            default="utf-8",
            help=say("CSV 和 JSON Lines 的编码(默认 utf-8)", "of CSV and JSON Lines (utf-8 by default)"),
        ),
    ]


def import_file(
    session: Session,
    kind: str,
    file: str,
    backfill: bool,
    strict: bool,
    create_members: bool,
    ignore_unknown: bool,
    generate_ids: bool,
    replace: bool,
    replace_all: bool,
    encoding: Literal["utf-8", "gb18030", "utf-16"],
) -> int:
    """Import; 1 where the file was refused because of bad rows."""
    replaced: Literal["", "named", "all"] = "all" if replace_all else "named" if replace else ""
    switches = ImportSwitches(
        strict, backfill, create_members, ignore_unknown, generate_ids, replace=replaced, encoding=encoding
    )
    at = session.instant()
    with _progress(session) as progress:
        report, notes = session.workspace().import_file(kind, file, at=at, switches=switches, progress=progress)
    for note in notes:
        session.tell(session.word(note.code, **note.params))
    if session.as_json:
        session.emit(_json(session, report))
    else:
        _show(session, report)
    return 0 if report.stored else 1


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[int, int | None], None] | None]:
    """A bar on stderr where a person watches and the file is long."""
    if session.as_json or not session.err.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=session.err), transient=True, disable=False) as bar:
        task = bar.add_task(session.word("T.importing"), total=None, visible=False)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total, visible=(total or done) >= ROWS_FOR_A_BAR)

        yield show


def _json(session: Session, report: ImportReport) -> dict[str, object]:
    def rows(entries: tuple[Rejected, ...]) -> list[dict[str, object]]:
        return [
            {
                "line": entry.line,
                "code": entry.code,
                "error": session.word(entry.code, **entry.params),
                "hint": session.advice(entry.code, **entry.params),
            }
            for entry in entries
        ]

    return {
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "ignored": report.ignored,
        "rejected": rows(report.rejected),
        "conflicts": rows(report.conflicts),
        "unlisted": report.unlisted,
        "unknown": dict(report.unknown),
        "members": report.members,
        "removed": report.removed,
        "merged": report.merged,
        "stored": report.stored,
    }


def _show(session: Session, report: ImportReport) -> None:
    screen = session.screen()
    rejected = len(report.rejected)
    counts = {"read": report.read, "added": report.added, "changed": report.changed, "ignored": report.ignored}
    screen.line(session.word("N112", rejected=rejected, **counts), "warning" if rejected else "good")
    for entries, code in ((report.rejected, ""), (report.conflicts, "N118")):
        if entries and code:
            screen.line(session.word(code, number=len(entries)), "warning")
        advised: set[str] = set()
        for entry in entries[:MOST_SHOWN]:
            where = session.word("N113", line=entry.line)
            screen.line(f"  {where} [{entry.code}]: {session.word(entry.code, **entry.params)}")
            advice = session.advice(entry.code, **entry.params)
            if advice and entry.code not in advised:
                screen.line(f"    {session.word('T.hint')}: {advice}", "number")
            advised.add(entry.code)
        if len(entries) > MOST_SHOWN:
            screen.line("  " + session.word("N114", number=len(entries) - MOST_SHOWN + report.unlisted))
    for name, number in report.unknown:
        screen.line("  " + session.word("N119", name=name, number=number), "dim")
    if report.members:
        screen.line("  " + session.word("N120", number=report.members), "dim")
    if report.removed:
        screen.line("  " + session.word("N123", number=report.removed), "dim")
    if report.merged:
        screen.line("  " + session.word("N233", number=report.merged), "dim")
    if not report.stored:
        screen.line(session.word("N121"), "bad")
