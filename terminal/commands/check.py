"""``qingting check``: everything that is wrong with the workspace's texts, in one go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from ...engine.answers import Change, CheckAnswer, ProblemsFound
from ...engine.sources import is_chosen
from ...engine.workspace import Workspace
from ...grammar.diagnostics import Diagnostic, UsageError
from ...grammar.fixes import fix_of
from ..diagnostics import compact_lines, diagnostics_json, github_lines, show_diagnostics
from ..language import Say
from ..paths import chosen_paths
from ..session import Session
from .contract import command

FORMATS = ("pretty", "compact", "json", "github", "sarif")


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "check",
        say,
        "检查工作区里的全部 .sop 文件和 qingting.yaml。给出路径时,只显示这些文件和目录里的问题。",
        "Check all .sop files of the workspace and qingting.yaml. With paths, show only what lies there.",
        (
            "qingting check",
            "qingting check playbooks/cat.sop --strict",
            "qingting check --fix",
            "qingting check --format sarif > check.sarif",
        ),
        [
            click.Argument(["paths"], nargs=-1, metavar="[PATH]..."),
            click.Option(["--strict"], is_flag=True, help=say("提醒也算问题", "warnings count as problems")),
            click.Option(
                ["--fix"], is_flag=True, help=say("有把握的错误直接改好,写回文件", "write the fixes that are safe")
            ),
            click.Option(
                ["--format", "form"],
                type=click.Choice(FORMATS),
                help=say("输出的样子,默认 pretty", "how to put it out, by default pretty"),
            ),
        ],
        check,
    )


def check(session: Session, paths: Sequence[str], strict: bool, fix: bool, form: str | None) -> int:
    """Show the diagnostics; 1 where there are errors."""
    if session.as_json and form not in (None, "json"):
        raise UsageError("C225", format=form or "")
    root = session.directory or "."
    chosen = chosen_paths(Path(root), paths)
    changes: tuple[Change, ...] = ()
    if fix:
        mended = Workspace.mend_folder(root, chosen=lambda file: is_chosen(file, chosen), at=_instant(session))
        changes, answer = mended.changes, mended.answer
    else:
        answer = Workspace.check_folder(root, at=_instant(session), store=session.store)
    shown = tuple(d for d in answer.diagnostics if is_chosen(d.file, chosen))
    session.workspace_lang = answer.language
    _put_out(session, "json" if session.as_json else form or "pretty", answer, shown, changes if fix else None)
    return 1 if any(strict or d.severity == "error" for d in shown) else 0


def _instant(session: Session) -> datetime:
    """``--at``, or now; also now where the configuration that says in which zone to read it has errors of its own."""
    try:
        return session.instant()
    except ProblemsFound:
        return session.clock()


def _put_out(
    session: Session, form: str, answer: CheckAnswer, shown: Sequence[Diagnostic], changes: Sequence[Change] | None
) -> None:
    lang = session.language
    if form == "json":
        body: dict[str, object] = {"diagnostics": diagnostics_json(shown, answer.texts, lang)}
        session.emit(body if changes is None else {"changes": [_change_json(change) for change in changes], **body})
    elif form == "sarif":
        from ... import __version__
        from ..sarif import sarif_log

        session.out.write(json.dumps(sarif_log(shown, answer.texts, lang, __version__), ensure_ascii=False) + "\n")
    elif form == "pretty":
        _show_changes(session, changes or ())
        _show(session, answer, shown)
    else:
        lines = compact_lines if form == "compact" else github_lines
        session.out.writelines(line + "\n" for line in lines(shown, answer.texts, lang))


def _change_json(change: Change) -> dict[str, object]:
    return {
        "file": change.file, "line": change.line, "before": change.before, "after": change.after,
        "codes": list(change.codes),
    }


def _show_changes(session: Session, changes: Sequence[Change]) -> None:
    screen = session.screen()
    for change in changes:
        screen.line(f"{change.file}:{change.line} {' '.join(change.codes)}", "dim")
        screen.line(f"  - {change.before}", "bad")
        screen.line(f"  + {change.after}", "good")
    if changes:
        screen.line(session.word("N131", lines=len(changes)) + "\n", "bold")


def _show(session: Session, answer: CheckAnswer, shown: Sequence[Diagnostic]) -> None:
    screen = session.screen()
    show_diagnostics(shown, answer.texts, session.language, screen)
    if not shown:
        screen.line(session.word("N110", files=answer.files, playbooks=answer.playbooks), "good")
        return
    errors = sum(1 for d in shown if d.severity == "error")
    screen.line(session.word("N111", errors=errors, warnings=len(shown) - errors), "bold")
    fixes = [fix_of(d, answer.texts.get(d.file, "")) for d in shown]
    safe = sum(1 for found in fixes if found is not None and found.safe)
    if safe:
        screen.line(session.word("N132", number=safe))
