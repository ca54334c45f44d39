"""``qingting who``: the members of whom a condition is true."""

from __future__ import annotations

import json

import click

from ...engine.answers import WhoAnswer
from ...grammar.diagnostics import CannotRun, UsageError
from ..diagnostics import diagnostics_json, show_diagnostics
from ..language import Say
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "who",
        say,
        "列出符合条件的客户,每行一个客户号,按字符顺序。",
        "List the members a condition is true of: one id a line, in code-point order.",
        (
            'qingting who \'有标签 "企微好友" 且 昨天 做过 点击 "猫*"\'',
            "qingting who 'did order at least 2 times within 30 days' --count",
            "qingting who --file conditions.txt --at 2026-11-20T20:00",
        ),
        [
            click.Argument(["condition"], required=False, metavar=say("[条件]", "[CONDITION]")),
            click.Option(["--count", "count_only"], is_flag=True, help=say("只给人数", "give the number only")),
            click.Option(
                ["--file"],
                metavar="FILE",
                help=say("每行一个条件,每行回答一个 JSON", "one condition a line; answers one JSON object a line"),
            ),
        ],
        who,
    )


def who(session: Session, condition: str | None, count_only: bool, file: str | None) -> int:
    """Show the members; 1 where the condition cannot be read."""
    if (condition is None) == (file is None):
        raise UsageError("C216")
    if file is not None:
        return _each_line(session, file, count_only)
    answer = session.workspace().who(condition or "", at=session.instant())
    for note in answer.notes:
        session.tell(session.word(note.code, **note.params))
    if session.as_json:
        session.emit(_payload(session, answer, count_only))
    elif answer.diagnostics:
        show_diagnostics(answer.diagnostics, answer.texts, session.language, session.screen())
    elif count_only:
        session.out.write(f"{len(answer.members)}\n")
    else:
        session.out.writelines(f"{member}\n" for member in answer.members)
    return 1 if answer.diagnostics else 0


def _each_line(session: Session, file: str, count_only: bool) -> int:
    """One JSON object a line, in the order of the conditions; empty lines are passed over."""
    try:
        with open(file, encoding="utf-8-sig") as handle:
            lines = handle.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise CannotRun("C123", path=file, reason=reason or "") from None
    failed = False
    workspace, at = session.workspace(), session.instant()
    for line in lines:
        if not line.strip():
            continue
        answer = workspace.who(line, at=at)
        failed = failed or bool(answer.diagnostics)
        body = {"condition": line, **_payload(session, answer, count_only)}
        session.out.write(json.dumps(body, ensure_ascii=False) + "\n")
    return 1 if failed else 0


def _payload(session: Session, answer: WhoAnswer, count_only: bool) -> dict[str, object]:
    if answer.diagnostics:
        return {"diagnostics": diagnostics_json(answer.diagnostics, answer.texts, session.language)}
    counted: dict[str, object] = {"count": len(answer.members)}
    return counted if count_only else {"members": list(answer.members), **counted}
