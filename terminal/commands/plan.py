"""``qingting plan``: what a run would do, with nothing written to the store."""

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
        "预演:现在运行会给谁做什么,谁被去掉、为什么,每个渠道、每小时、每位跟进人各多少,券和预算还剩多少。"
        "不写任何数据。--out 把计划写进文件,看过之后用 run --plan 照着执行;--against 和另一个版本比,谁多了、谁少了。",
        "Show what a run would do now: who gets what, who is removed and why, how much by channel, hour and staff, what is "
        "left of coupons and budgets. Writes nothing to the store. --out writes the plan into a file that run --plan carries "
        "out; --against compares with another version.",
        (
            "qingting plan",
            "qingting plan --playbook 猫粮跟进 --members",
            "qingting plan --out tonight.plan",
            "qingting plan --against HEAD~1",
            "qingting plan --at 2026-11-20T20:00 --json",
        ),
        [
            click.Option(["--playbook"], metavar="NAME", help=say("只看这个剧本", "this playbook only")),
            click.Option(["--members"], is_flag=True, help=say("列出每一步的客户号", "list the members of each step")),
            click.Option(
                ["--no-funnel"], is_flag=True,
                help=say("不数面向的每一行,快一些", "do not count the lines of audiences, which is faster"),
            ),
            click.Option(
                ["--out"], metavar="FILE",
                help=say("把计划写进文件,之后用 run --plan 执行", "write the plan into a file for run --plan"),
            ),
            click.Option(
                ["--against"], metavar="REV|DIR",
                help=say("和 git 版本或文件夹里的另一个版本比", "compare with a git revision, or a folder with another version"),
            ),
        ],
        plan,
    )


def plan(
    session: Session, playbook: str | None, members: bool, no_funnel: bool, out: str | None, against: str | None
) -> int:
    """Show the plan; 1 where a playbook was blocked, 4 where a guard refused one."""
    workspace = session.workspace()
    known = workspace.playbook_names()
    if playbook is not None and playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    answer = workspace.plan(
        at=session.instant(), playbook=playbook, members=members, lang=session.language, funnel=not no_funnel, out=out,
        against=against,
    )
    return show_answer(session, answer, is_plan=True)
