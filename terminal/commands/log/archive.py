"""``qingting log archive``: old records move to files, and the tree stays complete."""

from __future__ import annotations

from pathlib import Path

import click

from ....engine.archive_desk import ArchiveAnswer
from ...instants import read_instant
from ...language import Say
from ...session import Session
from ..contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "archive",
        say,
        "把很久以前决定的记录移到归档文件。以后的决定、证明、检查点都和没归档一样:频次上限、再进、"
        "收到过 照样算数。还有消息在等渠道的,从它起都先不归档。归档文件里没有真实的客户号;"
        "渠道自己的话单独放一个文件,抹除客户时会一起抹除。",
        "Move what was decided long ago to an archive file. Later decisions, proofs and checkpoints are what they would be "
        "without: caps, re-entry and received go on counting. Nothing behind a message that waits for its channel is archived. "
        "The file has no outside ids of members; the channels' own words are apart, in a file that erase reaches.",
        (
            "qingting log archive --before 2026-01-01 --preview",
            "qingting log archive --before 2026-01-01",
            "qingting log archive --before 2026-01-01 --to /mnt/archive --compact --json",
            "qingting log --archive archive/log-0-5000.db --status suppressed",
        ),
        [
            click.Option(
                ["--before"], metavar="T", required=True,
                help=say("这个时刻之前决定的,必须已经过去", "what was decided before this instant, which must be past"),
            ),
            click.Option(
                ["--to", "folder"], metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
                help=say("放归档文件的目录,默认工作区里的 archive", "the folder for the file, by default archive in the workspace"),
            ),
            click.Option(
                ["--preview"], is_flag=True,
                help=say("只看会归档多少,什么也不改", "tell how much it would be, and change nothing"),
            ),
            click.Option(
                ["--compact"], is_flag=True,
                help=say("把数据库文件重写一遍,让它变小", "write the store's file anew, so that it becomes smaller"),
            ),
        ],
        archive,
    )


def archive(session: Session, before: str, folder: Path | None, preview: bool, compact: bool) -> int:
    """Archive, or tell what would be archived."""
    workspace, now = session.workspace(), session.instant()
    instant = read_instant(before, workspace.settings.timezone)
    desk = workspace.archives
    if preview:
        answer = desk.preview(instant, at=now, folder=folder)
    else:
        answer = desk.archive(instant, at=now, folder=folder, compact=compact)
    if session.as_json:
        session.emit({"archived": not preview, **answer.to_json()})
    else:
        _tell(session, answer, preview)
    return 0


def _tell(session: Session, answer: ArchiveAnswer, preview: bool) -> None:
    screen = session.screen()
    if answer.path is None:
        screen.line(session.word("N252"), "bold")
    else:
        values: dict[str, str | int] = {
            "number": answer.stop - answer.first, "until": f"{answer.until:%Y-%m-%d %H:%M}", "path": str(answer.path),
        }
        screen.line(session.word("N257" if preview else "N251", **values), "bold")
    if answer.why != "time":
        screen.line(session.word("N253" if answer.why == "waiting" else "N254"))
    if answer.private is not None and not preview:
        screen.line(session.word("N258", path=str(answer.private)))
    if answer.path is not None and not preview:
        sizes = {"before": answer.size_before, "after": answer.size_after}
        screen.line(session.word("N256", **sizes) if answer.compacted else session.word("N255", free=answer.free, **sizes))
