"""``qingting run``: decide everything that is due."""

from __future__ import annotations

import click

from ..instants import read_instant
from ..language import Say
from ..run_report import show_answer
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "run",
        say,
        "处理上次运行以来到期的全部安排:写下每个决定和它的效果,要么全部,要么一个也不写。重复运行不会重复决定。",
        "Decide all that fell due since the last run and write every decision with its effects, or none. "
        "Running again decides nothing twice.",
        (
            "qingting run",
            "qingting run --at 2026-11-20T20:05 --wait 30",
            "qingting run --accept-restored 2026-11-20T20:05",
        ),
        [
            click.Option(
                ["--wait"],
                type=click.FloatRange(min=0),
                default=0.0,
                metavar="SECONDS",
                help=say(
                    "别的运行占着时最多等几秒,默认不等", "wait this long for another run to end, default not at all"
                ),
            ),
            click.Option(
                ["--accept-restored"],
                metavar="T",
                help=say(
                    "接受恢复的备份:到这个时刻为止都算处理过", "accept a restored copy: all up to T counts as settled"
                ),
            ),
        ],
        run,
    )


def run(session: Session, wait: float, accept_restored: str | None) -> int:
    """Run; 1 where a playbook was blocked, 3 where the store is taken, 4 where a guard refused a playbook."""
    workspace = session.workspace()
    zone = workspace.settings.timezone
    settled = read_instant(accept_restored, zone) if accept_restored is not None else None
    answer = workspace.run(at=session.instant(), wait_seconds=wait, accept_restored=settled)
    return show_answer(session, answer, is_plan=False)
