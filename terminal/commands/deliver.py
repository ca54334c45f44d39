"""``qingting deliver``: hand what is queued and due to its channels."""

from __future__ import annotations

import click

from ...grammar.diagnostics import QingtingError, UsageError
from ..language import Say
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "deliver",
        say,
        "把到时候的消息交给渠道。交之前再查一次客户是否还接收。",
        "Hand messages whose time has come to their channels. Consent is tested once more before.",
        ("qingting deliver --once", "qingting deliver --once --json"),
        [click.Option(["--once"], is_flag=True, help=say("发完现在该发的就结束", "end when what is due now is sent"))],
        deliver,
    )


def deliver(session: Session, once: bool) -> int:
    """Deliver once; 1 where a channel failed as a whole or is not configured."""
    if not once:
        raise UsageError("C217")
    # With --json stdout is JSON only, so that the console channel shows its messages on stderr.
    stream = session.err if session.as_json else session.out
    report = session.workspace().deliver(at=session.instant(), stream=stream)
    if session.as_json:
        session.emit(
            {
                "sent": report.sent,
                "failed": report.failed,
                "unknown": report.unknown,
                "refused": report.refused,
                "withdrawn": report.withdrawn,
                "retried": report.retried,
                "waiting": report.waiting,
                "unconfigured": list(report.unconfigured),
                "faults": [f.channel for f in report.faults],
            }
        )
    else:
        numbers = {"sent": report.sent, "failed": report.failed + report.refused, "unknown": report.unknown}
        session.screen().line(
            session.word("N115", withdrawn=report.withdrawn, waiting=report.waiting, **numbers), "bold"
        )
    for fault in report.faults:
        code, params = "C307", {"channel": fault.channel, "kind": type(fault.error).__name__}
        session.tell(session.word(code, **params))
        if isinstance(fault.error, QingtingError):
            session.tell(session.word(fault.error.code, **fault.error.params))
    for channel in report.unconfigured:
        session.tell(session.word("C308", channel=channel))
    return 1 if report.faults or report.unconfigured else 0
