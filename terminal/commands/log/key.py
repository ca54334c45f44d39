"""``qingting log key``: the public key."""

from __future__ import annotations

import click

from ...language import Say
from ...session import Session
from ..contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "key",
        say,
        "印出核对检查点和证明用的公钥,一行。请当面或用别的途径交给审计的人:谁拿到的公钥是真的,谁核对的才算数。",
        "Print the public key that verifies checkpoints and proofs, one line. Hand it to auditors in person or by another way: "
        "what they verify is worth as much as the way by which the key reached them.",
        ("qingting log key", "qingting log key > audit.pub"),
        [],
        key,
    )


def key(session: Session) -> int:
    """Print the key."""
    found = session.workspace().audit.key()
    if session.as_json:
        session.emit({"key": found.to_text(), "origin": found.name, "public": found.public.hex()})
    else:
        session.out.write(found.to_text() + "\n")
    return 0
