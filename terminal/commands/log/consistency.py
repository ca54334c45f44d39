"""``qingting log consistency``: that nothing was rewritten since a checkpoint."""

from __future__ import annotations

import click

from ...language import Say
from ...session import Session
from ..contract import command
from .given import NUMBER_OF_ENTRIES, file_given
from .prove import put_out

MOST_DIGITS = 20


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "consistency",
        say,
        "证明日志从旧的检查点到新的只增不改。OLD 是留在别处的检查点文件,或当时的条数;NEW 是后来的条数,不写就是现在。"
        "证明是一份 JSON 文件,用 qingting log verify-proof 核对。",
        "Prove that the log only grew from an old checkpoint to a new one. OLD is a checkpoint file that was kept elsewhere, or "
        "the number of entries then; NEW is the number later, by default now. The proof is a JSON file; check it with "
        "qingting log verify-proof.",
        ("qingting log consistency 2026-10.txt", "qingting log consistency 1200 4800 > growth.json"),
        [click.Argument(["old"], metavar="OLD"), click.Argument(["new"], metavar="[NEW]", required=False, type=NUMBER_OF_ENTRIES)],
        consistency,
    )


def consistency(session: Session, old: str, new: int | None) -> int:
    """Print the proof."""
    given = int(old) if old.isascii() and old.isdigit() and len(old) < MOST_DIGITS else file_given(old)
    put_out(session, session.workspace().audit.consistency(given, new).to_json())
    return 0
