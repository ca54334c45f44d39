"""``qingting log new-key``: another key signs from here on."""

from __future__ import annotations

import click

from ...language import Say
from ...session import Session
from ..contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "new-key",
        say,
        "换一把签名的密钥。原来的密钥还在,最新的检查点就由两把一起签,审计的人能接着核对;原来的丢了,就只能由新的接着签,"
        "请告诉审计的人。旧的检查点照样由旧的公钥核对。",
        "Sign with another key from here on. While the former key is there, the newest checkpoint is signed by both, so that "
        "auditors can go on; where it is lost, only the new one signs: tell your auditors. Old checkpoints verify by the old key.",
        ("qingting log new-key",),
        [],
        new_key,
    )


def new_key(session: Session) -> int:
    """Change the key."""
    desk = session.workspace().audit
    agrees = desk.change_key()
    if session.as_json:
        session.emit({"key": desk.key().to_text(), "signed_by_both": agrees})
    else:
        session.screen().line(session.word("N278" if agrees else "N279"), "bold")
        session.out.write(desk.key().to_text() + "\n")
    return 0
