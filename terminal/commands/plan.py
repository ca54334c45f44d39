"""``qingting plan``: what a run would do, with nothing written."""

from __future__ import annotations

import click

from ...grammar.diagnostics import UsageError
from ..language import Say
from ..run_report import show_answer
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "plan",
        say,
        "预演:现在运行会给谁做什么,谁被去掉、为什么,券还剩多少。不写任何数据。",
        "Show what a run would do now: who gets what, who is removed and why, what is left of coupons. Writes nothing.",
        ("qingting plan", "qingting plan --playbook 猫粮跟进 --members", "qingting plan --at 2026-11-20T20:00 --json"),
        [
            click.Option(["--playbook"], metavar="NAME", help=say("只看这个剧本", "this playbook only")),
            click.Option(["--members"], is_flag=True, help=say("列出每一步的客户号", "list the members of each step")),
        ],
        plan,
    )


def plan(session: Session, playbook: str | None, members: bool) -> int:
    """Show the plan; 1 where a playbook was blocked, 4 where a guard refused one."""
    workspace = session.workspace()
    known = workspace.playbook_names()
    if playbook is not None and playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    return show_answer(
        session,
        workspace.plan(at=session.instant(), playbook=playbook, members=members, lang=session.language),
        is_plan=True,
    )
