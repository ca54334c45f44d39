"""``qingting log checkpoint``: the newest checkpoint."""

from __future__ import annotations

import click

from ...language import Say
from ...session import Session
from ..contract import command
from .given import NUMBER_OF_ENTRIES


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "checkpoint",
        say,
        "印出最新的检查点:日志有多少条、整棵树的根、签名,和见证人的签名。把它留在别处(发邮件、存档、交给见证人),"
        "以后就能证明日志没有被改写。",
        "Print the newest checkpoint: how many entries the log has, the root of its tree, the signature, and those of witnesses. "
        "Kept elsewhere (mailed, filed, given to a witness) it shows later that nothing was rewritten.",
        ("qingting log checkpoint", "qingting log checkpoint > 2026-11.txt", "qingting log checkpoint --leaves 1200 --json"),
        [
            click.Option(
                ["--leaves"], type=NUMBER_OF_ENTRIES, metavar="N",
                help=say("日志有这么多条时的检查点", "the checkpoint when the log had so many entries"),
            )
        ],
        checkpoint,
    )


def checkpoint(session: Session, leaves: int | None) -> int:
    """Print a checkpoint exactly as it is signed."""
    found = session.workspace().audit.signed(leaves)
    if session.as_json:
        session.emit({
            "checkpoint": found.note.decode(), "leaves": found.leaves, "root": found.root.hex(), "key": found.key,
            "unsigned": found.unsigned,
        })
        return 0
    session.out.write(found.note.decode())
    return 0
