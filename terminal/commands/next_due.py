"""``qingting next``: coming occurrences of the workspace, or of a schedule given as text."""

from __future__ import annotations

import click

from ...grammar.diagnostics import UsageError
from ..coming import coming_json, show_coming
from ..diagnostics import diagnostics_json, show_diagnostics
from ..instants import read_instant
from ..language import Say
from ..session import Session
from .contract import command

DEFAULT_COUNT = 10


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "next",
        say,
        "列出接下来的时刻:整个工作区的,或者一个日程的。--at 那一刻本身不算。",
        "List coming occurrences of the workspace, or of a schedule. The instant of --at itself is left out.",
        (
            "qingting next --count 5",
            "qingting next '每月1号、最后一天 10:00' --timezone Asia/Shanghai",
            "qingting next 'cron \"0 9 * * 1-5\"' --until 2026-12-31",
        ),
        [
            click.Argument(["schedule"], required=False, metavar=say("[日程]", "[SCHEDULE]")),
            click.Option(
                ["--count"],
                type=click.IntRange(min=1),
                metavar="N",
                help=say("最多几个,默认 10", "at most this many, default 10"),
            ),
            click.Option(["--until"], metavar="T", help=say("到这个时刻为止(包含)", "up to this instant, included")),
            click.Option(["--timezone"], metavar="ZONE", help=say("日程的时区", "the zone of the schedule")),
        ],
        next_due,
    )


def next_due(session: Session, schedule: str | None, count: int | None, until: str | None, timezone: str | None) -> int:
    """Show the occurrences; 1 where the schedule cannot be read."""
    workspace = session.workspace()
    zone = timezone or workspace.settings.timezone
    if timezone is not None and schedule is None:
        raise UsageError("C222")
    limit = count if count is not None else None if until is not None else DEFAULT_COUNT
    answer = workspace.next(
        schedule,
        at=session.instant(),
        count=limit,
        timezone=timezone,
        until=read_instant(until, zone) if until is not None else None,
    )
    if session.as_json:
        wrong = diagnostics_json(answer.diagnostics, answer.texts, session.language)
        session.emit({"diagnostics": wrong} if wrong else {"occurrences": [coming_json(o) for o in answer.occurrences]})
    elif answer.diagnostics:
        show_diagnostics(answer.diagnostics, answer.texts, session.language, session.screen())
    elif not answer.occurrences:
        session.tell(session.word("N109"))
    else:
        show_coming(session, answer.occurrences)
    return 1 if answer.diagnostics else 0

