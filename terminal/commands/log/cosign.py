"""``qingting log cosign``: what witnesses signed is kept with the checkpoint."""

from __future__ import annotations

import click

from ...language import Say
from ...session import Session
from ..contract import command
from .given import file_given, keys_given, witness_option


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "cosign",
        say,
        "收下见证人签过的检查点(整份文件),或只有签名的几行(算在最新的检查点上)。给了 --witness 就先核对签名。",
        "Keep a checkpoint that witnesses have signed (the whole file), or only their lines (for the newest checkpoint). "
        "With --witness their signatures are verified first.",
        ("qingting log cosign signed.txt", "qingting log cosign signed.txt --witness witness.pub"),
        [click.Argument(["file"], metavar=say("文件", "FILE")), witness_option(say)],
        cosign,
    )


def cosign(session: Session, file: str, witnesses: tuple[str, ...]) -> int:
    """Keep what is new."""
    number = session.workspace().audit.cosign(file_given(file), keys_given(witnesses))
    if session.as_json:
        session.emit({"added": number})
    else:
        session.screen().line(session.word("N277", number=number), "bold")
    return 0
