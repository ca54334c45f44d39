"""``qingting run``: decide everything that is due."""

from __future__ import annotations

import click

from ...grammar.diagnostics import UsageError
from ..instants import read_instant
from ..language import Say
from ..run_report import show_answer, show_watched
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
            "qingting run --plan tonight.plan",
            "qingting run --accept-restored 2026-11-20T20:05",
            "qingting run --watch",
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
                ["--plan"],
                metavar="FILE",
                help=say(
                    "照 plan --out 写的计划执行,一次;有一点不一样就拒绝,并列出变了什么",
                    "carry out a plan of plan --out, once; refuse, and show what moved, where anything differs",
                ),
            ),
            click.Option(
                ["--members"],
                is_flag=True,
                help=say("和计划不一样时,列出客户号", "where a plan has moved, list the members by their ids"),
            ),
            click.Option(
                ["--accept-restored"],
                metavar="T",
                help=say(
                    "接受恢复的备份:到这个时刻为止都算处理过", "accept a restored copy: all up to T counts as settled"
                ),
            ),
            click.Option(
                ["--watch"],
                is_flag=True,
                help=say(
                    "不退出:到下一个时刻或者有新数据就运行,一次一行;SIGTERM 或 Ctrl-C 结束",
                    "keep going: run at each next instant and on new facts, one line a run; SIGTERM or Ctrl-C ends it",
                ),
            ),
        ],
        run,
    )


def run(
    session: Session, wait: float, plan: str | None, members: bool, accept_restored: str | None, watch: bool
) -> int:
    """Run; 1 where a playbook was blocked, 3 where the store is taken, 4 where a guard or a plan refuses."""
    if plan is not None:
        for option, given in (("--watch", watch), ("--accept-restored", accept_restored)):
            if given:
                raise UsageError("C284", given="--plan", option=option)
        return _run_plan(session, plan, wait, members)
    if members:
        raise UsageError("C285")
    if watch:
        if session.at is not None or accept_restored is not None or wait:
            raise UsageError("C240")
        return _watch(session)
    workspace = session.workspace()
    zone = workspace.settings.timezone
    settled = read_instant(accept_restored, zone) if accept_restored is not None else None
    answer = workspace.run(at=session.instant(), wait_seconds=wait, accept_restored=settled)
    return show_answer(session, answer, is_plan=False)


def _run_plan(session: Session, path: str, wait: float, members: bool) -> int:
    """Carry out a plan; 4 where it may not be used, or where something differs now."""
    from ...engine.planning.carrying_out import PlanMoved
    from ..moves import show_moved

    workspace = session.workspace()
    now = session.instant() if session.at is not None else None
    try:
        answer = workspace.run_plan(path, now=now, wait_seconds=wait, members=members)
    except PlanMoved as refusal:
        return show_moved(session, refusal)
    return show_answer(session, answer, is_plan=False)


def _watch(session: Session) -> int:
    """Run whenever there is something to do; 0 once it is asked to leave."""
    from ...engine.watching import Watch
    from ..leaving import leaving_cleanly

    with leaving_cleanly() as rest:
        for watched in Watch(session.reopen, session.clock, rest, session.mention).runs():
            show_watched(session, watched)
            session.out.flush()
    return 0
