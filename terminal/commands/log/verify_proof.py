"""``qingting log verify-proof``: a proof checked without any store."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from ....engine.audit_desk import read_kept
from ....engine.log.proving import BadProof, Shown, check_proof
from ....grammar.diagnostics import CannotRun
from ...diagnostics import one_line
from ...language import Say
from ...session import Session
from ..contract import command
from .given import file_given, key_option, keys_given, witness_option


class NotProven(CannotRun):
    """A proof that does not prove."""

    exit_code = 1


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "verify-proof",
        say,
        "核对一份证明,不用数据库和工作区。没给 --key 时用文件自己带的公钥,那只说明签名的人有那把密钥:"
        "公钥要从别的途径拿到才算数。不成立时退出码是 1。",
        "Check a proof without a store or a workspace. Without --key the public key in the file is taken, which shows only that "
        "whoever signed has that key: get the key another way. Exit code 1 where it does not hold.",
        (
            "qingting log verify-proof proof.json --key audit.pub",
            "qingting log verify-proof growth.json --key audit.pub --checkpoint 2026-10.txt",
            "qingting log verify-proof growth.json --key audit.pub --witness witness.pub",
        ),
        [
            click.Argument(["file"], metavar=say("文件", "FILE")), key_option(say), witness_option(say),
            click.Option(
                ["--checkpoint", "kept"], metavar="FILE",
                help=say(
                    "你自己留着的检查点:记录必须是到它为止的,只增不改必须从它算起",
                    "the checkpoint that you kept: entries must lead to it, and growth must begin with it",
                ),
            ),
        ],
        verify_proof,
    )


def verify_proof(
    session: Session, file: str, keys: tuple[str, ...], witnesses: tuple[str, ...], kept: str | None
) -> int:
    """Check; 1 where the proof does not hold."""
    own = None if kept is None else read_kept(file_given(kept))
    try:
        shown = check_proof(file_given(file), keys_given(keys), keys_given(witnesses), own)
    except BadProof as error:
        raise NotProven(f"D47{_CODES[error.reason]}", place=error.place or file) from None
    if session.as_json:
        session.emit(_payload(shown))
        return 0
    screen = session.screen()
    screen.line(session.word("N260" if shown.old_leaves is None else "N261", old=shown.old_leaves or 0, leaves=shown.body.size), "bold")
    for says in shown.says:
        screen.line(f"  {_line(session, says)}")
    screen.line(session.word("N262", origin=shown.body.origin, leaves=shown.body.size, root=shown.body.root.hex()))
    for witness in shown.witnesses:
        screen.line(session.word("N263", name=witness.key.name, at=_when(witness.time)))
    screen.line(session.word("N264" if shown.is_trusted else "N265", key=shown.key.to_text()))
    return 0


# The last digit of the code that tells each reason.
_CODES = {
    "form": 0, "key": 1, "signature": 2, "unknown": 3, "checkpoint": 4, "entry": 5, "says": 6, "differs": 7,
    "size": 8, "hash": 8, "length": 8, "root": 8, "old_root": 8,
}


def _line(session: Session, says: object) -> str:
    assert isinstance(says, dict)
    what: tuple[object, ...]
    if says["kind"] == "record":
        what = (says["decided_at"], says["playbook"], session.step(says["step"]), says["member"], says["status"], says["reason"])
    else:
        what = (says["at"], says.get("outcome"), says.get("reason"), says.get("member"))
    # Whoever made the proof chose these words; they must not be taken for the program's.
    return one_line(" · ".join(str(each) for each in (says["seq"], *what) if each is not None))


def _when(seconds: int | None) -> str:
    return "-" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _payload(shown: Shown) -> dict[str, object]:
    return {
        "proven": True, "origin": shown.body.origin, "leaves": shown.body.size, "root": shown.body.root.hex(),
        "key": shown.key.to_text(), "key_given": shown.is_trusted, "old_leaves": shown.old_leaves,
        "witnesses": [{"name": each.key.name, "at": _when(each.time)} for each in shown.witnesses],
        "entries": [dict(each) for each in shown.says],
    }
