"""``qingting fmt``: the workspace's texts in their one form, or in the other language."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ...engine.formatting import STDIN, FormatAnswer, format_folder, format_stdin
from ...grammar.diagnostics import UsageError
from ...grammar.formatter import Formatted
from ..diagnostics import diagnostics_json, show_diagnostics
from ..language import Say, chosen_language
from ..paths import chosen_paths
from ..session import Session
from .contract import command

_DASH = "-"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "fmt",
        say,
        "把 .sop 文件写成统一的样子,内容、注释和顺序不变;写回之前先证明意思没有变。不给路径时处理整个工作区,“-” 读标准输入。"
        "加 --lang zh 或 --lang en 时翻译关键字和语序,名称和文字不翻译;不加时用文件里多数行的语言。",
        "Write .sop files in their one form; contents, comments and order stay, and that they say the same is proven "
        "before anything is written. Without paths the whole workspace, `-` reads standard input. With --lang zh or "
        "--lang en keywords and word order are translated, names and texts never; without it the language of most "
        "lines of a file is kept.",
        ("qingting fmt", "qingting fmt --check", "qingting fmt --diff playbooks/cat.sop", "qingting fmt --lang en"),
        [
            click.Argument(["paths"], nargs=-1, metavar="[PATH|-]..."),
            click.Option(
                ["--check"], is_flag=True, help=say("只列出会变的文件,不写", "list the files that would change")
            ),
            click.Option(["--diff"], is_flag=True, help=say("只显示会变的行,不写", "show the lines that would change")),
        ],
        fmt,
    )


def fmt(session: Session, paths: Sequence[str], check: bool, diff: bool) -> int:
    """Format, list or show; 1 where a file has errors, or would change under ``--check``."""
    root = Path(session.directory or ".")
    lang = chosen_language(session.arguments, {})
    reads_stdin = _DASH in paths
    if reads_stdin:
        if len(paths) > 1:
            raise UsageError("C233")
        answer = format_stdin(root, sys.stdin.buffer.read(), lang)
    else:
        answer = format_folder(root, chosen_paths(root, paths), lang, write=not (check or diff))
    session.workspace_lang = answer.language
    if session.as_json:
        _emit(session, answer, diff, reads_stdin)
    else:
        show_diagnostics(answer.diagnostics, answer.texts, session.language, session.screen_on(session.err))
        _show(session, answer, check, diff)
    return 1 if answer.diagnostics or (check and answer.changed) else 0


def _emit(session: Session, answer: FormatAnswer, diff: bool, with_text: bool) -> None:
    files: list[dict[str, object]] = []
    for file in answer.files:
        body: dict[str, object] = {"file": file.path, "changed": file.changed}
        if diff:
            body["diff"] = "".join(_difference(file))
        if with_text and not file.diagnostics:
            body["text"] = file.text
        files.append(body)
    problems = diagnostics_json(answer.diagnostics, answer.texts, session.language)
    session.emit({"files": files, "changed": len(answer.changed), "diagnostics": problems})


def _show(session: Session, answer: FormatAnswer, check: bool, diff: bool) -> None:
    if diff:
        for file in answer.changed:
            session.out.writelines(_difference(file))
    elif check:
        session.out.writelines(f"{file.path}\n" for file in answer.changed)
    elif answer.files and answer.files[0].path == STDIN:
        session.out.write("" if answer.diagnostics else answer.files[0].text)
    else:
        screen = session.screen()
        for file in answer.changed:
            screen.line(session.word("N141", path=file.path))
        same = sum(1 for file in answer.files if not file.changed and not file.diagnostics)
        screen.line(session.word("N142", changed=len(answer.changed), same=same), "bold")


def _difference(file: Formatted) -> list[str]:
    old, new = (_LINE.findall(text) for text in (file.old, file.text))
    lines = difflib.unified_diff(old, new, file.path, file.path)
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
