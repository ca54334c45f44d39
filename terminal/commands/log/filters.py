"""Which records: the options that ``log`` and ``log export`` share."""

from __future__ import annotations

import click

from ....engine.log.records import LogFilter
from ....engine.program.clock import from_datetime
from ...instants import read_instant
from ...language import Say

STATUSES = ("queued", "done", "suppressed")


def filter_options(say: Say) -> list[click.Parameter]:
    """Return the options, whose values :func:`read_filters` takes."""
    return [
        click.Option(["--member"], metavar="ID", help=say("这个客户的", "of this member")),
        click.Option(["--playbook"], metavar="NAME", help=say("这个剧本的", "of this playbook")),
        click.Option(["--run", "run_id"], metavar="RUN", help=say("这次运行的", "of this run")),
        click.Option(["--since"], metavar="T", help=say("从这个时刻起(包含)", "from this instant, included")),
        click.Option(["--until"], metavar="T", help=say("到这个时刻为止(不含)", "up to this instant, excluded")),
        click.Option(["--status"], type=click.Choice(STATUSES), help=say("结果", "the status")),
        click.Option(
            ["--reason"], metavar="REASON", help=say("没给的原因,例如 cap", "why it was suppressed, such as cap")
        ),
        click.Option(
            ["--limit"], type=click.IntRange(min=1), metavar="N", help=say("最新的几条", "the newest records")
        ),
    ]


def read_filters(
    zone: str,
    *,
    member: str | None,
    playbook: str | None,
    run_id: str | None,
    since: str | None,
    until: str | None,
    status: str | None,
    reason: str | None,
    limit: int | None,
) -> LogFilter:
    """Return the filters that the options say; instants without offset are read in ``zone``."""
    return LogFilter(
        member=member,
        playbook=playbook,
        run=run_id,
        status=status,
        reason=reason,
        since=from_datetime(read_instant(since, zone)) if since is not None else None,
        until=from_datetime(read_instant(until, zone)) if until is not None else None,
        limit=limit,
    )
