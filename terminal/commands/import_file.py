"""``qingting import``: files of members, tags, events and coupons become facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from ...engine.stores.imports import ImportReport, Rejected
from ...engine.workspace import ImportSwitches
from ..language import Say
from ..session import Session
from .contract import command

KINDS = ("members", "tags", "events", "coupons")
MOST_SHOWN = 20
# Shorter imports are over before a bar could be read.
ROWS_FOR_A_BAR = 20_000


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "import",
        say,
        "导入 CSV 或 JSON Lines 文件。读不了的行按行号退回,其余照常导入;重复导入不会重复。",
        "Import a CSV or JSON Lines file. Rows that cannot be taken are reported by line, the rest goes in; "
        "importing again changes nothing.",
        (
            "qingting import members members.csv",
            "qingting import events history.jsonl --backfill",
            "qingting import tags tags.csv --strict --json",
        ),
        [
            click.Argument(["kind"], type=click.Choice(KINDS)),
            click.Argument(["file"], metavar="FILE"),
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
        ],
        import_file,
    )


def import_file(
    session: Session,
    kind: str,
    file: str,
    backfill: bool,
    strict: bool,
    create_members: bool,
    ignore_unknown: bool,
    generate_ids: bool,
) -> int:
    """Import; 1 where ``--strict`` refused the file because of bad rows."""
    switches = ImportSwitches(strict, backfill, create_members, ignore_unknown, generate_ids)
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
        return [{"line": entry.line, "error": session.word(entry.code, **entry.params)} for entry in entries]

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
        for entry in entries[:MOST_SHOWN]:
            screen.line(f"  {session.word('N113', line=entry.line)}: {session.word(entry.code, **entry.params)}")
        if len(entries) > MOST_SHOWN:
            screen.line("  " + session.word("N114", number=len(entries) - MOST_SHOWN + report.unlisted))
    for name, number in report.unknown:
        screen.line("  " + session.word("N119", name=name, number=number), "dim")
    if report.members:
        screen.line("  " + session.word("N120", number=report.members), "dim")
    if not report.stored:
        screen.line(session.word("N121"), "bad")
