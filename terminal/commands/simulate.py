"""``qingting simulate``: what the playbooks would have done, or will do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...grammar.diagnostics import CannotRun, UsageError
from ..instants import read_instant
from ..language import Say
from ..session import Session
from ..simulation import show_simulation
from ..simulation_json import simulation_payload
from ..simulation_page import simulation_page
from .contract import command

if TYPE_CHECKING:
    from ...engine.simulating.session import Stage


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "simulate",
        say,
        "在数据库的副本上把一段时间走一遍:--to 往后推演(按日程、现在的人、途中的人),--from 从过去重演"
        "(按当时发生的事,看现在写的剧本会做什么)。给出每天每个渠道的量、每人收到几条、剧本之间谁挤掉谁、券和预算什么时候用完、"
        "哪些剧本从不起作用。什么也不写,什么也不发。",
        "Play a time through on a copy of the store: --to projects forward (the schedule, the audience as it is, journeys in "
        "flight), --from replays the past (what these playbooks would have done, given what happened). Shows volumes a day by "
        "channel, messages per member, which playbooks meet and who loses, when stock and budgets run out, and playbooks that "
        "never do anything. Writes nothing and sends nothing.",
        (
            "qingting simulate --to 2026-12-31",
            "qingting simulate --from 2026-08-01 --to 2026-11-01 --html sim.html",
            'qingting simulate --to 2026-12-31 --playbook "生日祝福" --json',
        ),
        [
            click.Option(
                ["--from", "start"], metavar="A", help=say("从这个时刻起,默认现在", "from this instant on, default now"),
            ),
            click.Option(
                ["--to", "until"], metavar="B", help=say("到这个时刻为止,默认现在", "up to this instant, default now"),
            ),
            click.Option(
                ["--playbook"], metavar="P",
                help=say("只说这个剧本;别的照样参加模拟", "tell of this playbook only; the others take part all the same"),
            ),
            click.Option(
                ["--html", "page"], metavar="FILE",
                help=say("另写一个网页,不联网也能打开", "also write a page that opens without a network"),
            ),
        ],
        run,
    )


def run(session: Session, start: str | None, until: str | None, playbook: str | None, page: str | None) -> int:
    """Simulate; 1 where a playbook is blocked."""
    if start is None and until is None:
        raise UsageError("C262")
    workspace, now = session.workspace(), session.instant()
    zone = workspace.settings.timezone
    if page is not None:
        _expect_room(page)
    first, last = (now if end is None else read_instant(end, zone) for end in (start, until))
    with _progress(session) as progress:
        found = workspace.simulate(start=first, until=last, at=now, playbook=playbook, progress=progress)
    if page is not None:
        _write(page, simulation_page(session, found))
        session.tell(session.word("N218", path=page))
    if session.as_json:
        session.emit(simulation_payload(session, found))
    else:
        show_simulation(session, found)
    return found.exit_code


def _expect_room(path: str) -> None:
    """Says so before the work is done where the page cannot be written."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise CannotRun("C263", path=path, reason=os.strerror(errno.ENOENT))
    if not os.access(folder, os.W_OK):
        raise CannotRun("C263", path=path, reason=os.strerror(errno.EACCES))


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CannotRun("C263", path=path, reason=reason) from None


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[Stage, float], None]]:
    """A bar on stderr where a person watches."""
    if session.as_json or not session.err.isatty():
        yield lambda stage, part: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=session.err), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def show(stage: Stage, part: float) -> None:
            bar.update(task, completed=part, description=session.word(f"sim.{stage}"))

        yield show
