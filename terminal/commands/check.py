"""``qingting check``: everything that is wrong with the workspace's texts, in one go."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from ...engine.answers import CheckAnswer
from ...engine.workspace import Workspace
from ...grammar.diagnostics import CannotRun, Diagnostic, UsageError
from ..diagnostics import diagnostics_json, show_diagnostics
from ..language import Say
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "check",
        say,
        "检查工作区里的全部 .sop 文件和 qingting.yaml。给出路径时,只显示这些文件和目录里的问题。",
        "Check all .sop files of the workspace and qingting.yaml. With paths, show only what lies there.",
        ("qingting check", "qingting check playbooks/cat.sop --strict", "qingting check --json"),
        [
            click.Argument(["paths"], nargs=-1, metavar="[PATH]..."),
            click.Option(["--strict"], is_flag=True, help=say("提醒也算问题", "warnings count as problems")),
        ],
        check,
    )


def check(session: Session, paths: Sequence[str], strict: bool) -> int:
    """Show the diagnostics; 1 where there are errors."""
    answer = Workspace.check_folder(session.directory or ".")
    shown = _within(answer.diagnostics, _chosen(Path(session.directory or "."), paths))
    session.workspace_lang = answer.language
    if session.as_json:
        session.emit({"diagnostics": diagnostics_json(shown, answer.texts, session.language)})
    else:
        _show(session, answer, shown)
    return 1 if any(strict or d.severity == "error" for d in shown) else 0


def _show(session: Session, answer: CheckAnswer, shown: Sequence[Diagnostic]) -> None:
    screen = session.screen()
    show_diagnostics(shown, answer.texts, session.language, screen)
    if shown:
        errors = sum(1 for d in shown if d.severity == "error")
        screen.line(session.word("N111", errors=errors, warnings=len(shown) - errors), "bold")
    else:
        screen.line(session.word("N110", files=answer.files, playbooks=answer.playbooks), "good")


def _chosen(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The paths relative to the workspace, "" for all of it."""
    chosen = []
    for text in paths:
        path = Path(text)
        try:
            path.stat()
        except OSError as error:
            raise CannotRun("C123", path=text, reason=error.strerror or "") from None
        relative = os.path.relpath(path.resolve(), root.resolve())
        if relative.startswith(".."):
            raise UsageError("C221", path=text)
        chosen.append("" if relative == "." else Path(relative).as_posix())
    return tuple(chosen) or ("",)


def _within(diagnostics: Sequence[Diagnostic], chosen: Sequence[str]) -> tuple[Diagnostic, ...]:
    return tuple(
        d for d in diagnostics if any(not path or d.file == path or d.file.startswith(path + "/") for path in chosen)
    )
