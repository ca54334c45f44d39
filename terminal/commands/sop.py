"""``qingting sop``: playbooks told back in plain language, as a sheet for staff and managers or as a flow chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from ...engine.insight.sheet.chart import chart_of
from ...engine.insight.sheet.files import file_name
from ...engine.insight.sheet.mermaid import mermaid_text
from ...engine.insight.sheet.model import Sheet
from ...engine.insight.sheet.page import html_text
from ...engine.insight.sheet.svg import svg_text
from ...engine.insight.sheet.text import markdown_text, plain_text
from ...grammar.diagnostics import CannotRun, UsageError
from ..language import Say
from ..session import Session
from .contract import command

_WRITERS: dict[str, Callable[[Sequence[Sheet], str], str]] = {
    "text": lambda sheets, lang: plain_text(sheets),
    "markdown": lambda sheets, lang: markdown_text(sheets),
    "html": html_text,
    "mermaid": lambda sheets, lang: mermaid_text([chart_of(sheet) for sheet in sheets]),
    "svg": lambda sheets, lang: svg_text(
        [chart_of(sheet) for sheet in sheets], " · ".join(sheet.playbook for sheet in sheets)
    ),
}
_ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "mermaid": ".mmd", "svg": ".svg"}


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "sop",
        say,
        "把剧本用大白话说给店员和店长:给谁、什么时候、做什么、有什么限制、到什么时候为止;也可以画成流程图。"
        "不写剧本名就是全部。有错的剧本只列出错误,退出码 1。",
        "Tell playbooks in plain language for staff and managers: who, when, what, with which limits, until when; or draw "
        "them as a flow chart. Without a name, all of them. Of a playbook with errors only these are listed, exit code 1.",
        (
            "qingting sop 猫粮跟进",
            "qingting sop --format html -o sop.html",
            "qingting sop 新客旅程 -o chart.svg",
            "qingting sop --format markdown -o handbook/",
        ),
        [
            click.Argument(["playbooks"], nargs=-1, metavar="[PLAYBOOK]..."),
            click.Option(
                ["--format", "form"],
                type=click.Choice(tuple(_WRITERS)),
                help=say("输出的样子,默认看 -o 的后缀,否则 text", "how to put it out, by default as the ending of -o says, else text"),
            ),
            click.Option(
                ["-o", "--output"],
                metavar="FILE|DIR",
                help=say("写进文件;给目录(以 / 结尾)就每个剧本一个文件", "write to a file, or into a folder (ending in /) one file each"),
            ),
        ],
        sop,
    )


def sop(session: Session, playbooks: Sequence[str], form: str | None, output: str | None) -> int:
    """Put out the sheets or charts; 1 where a playbook has errors."""
    if session.as_json and form is not None:
        raise UsageError("C225", format=form)
    workspace = session.workspace()
    known = workspace.playbook_names()
    for name in playbooks:
        if name not in known:
            raise UsageError("C127", name=name, known=", ".join(known))
    at, lang = session.instant(), session.language
    sheets = [workspace.sheet(name, lang=lang, at=at) for name in dict.fromkeys(playbooks or known)]
    if session.as_json:
        session.emit({"sheets": [sheet.to_json() for sheet in sheets]})
    elif not sheets:
        session.tell(session.word("sheet.note.empty"))
    else:
        _put_out(session, sheets, form or _form_of(output), output)
    return 0 if all(sheet.sound for sheet in sheets) else 1


def _form_of(output: str | None) -> str:
    ending = Path(output).suffix.lower() if output else ""
    return next((form for form, suffix in _ENDINGS.items() if suffix == ending), "text")


def _put_out(session: Session, sheets: Sequence[Sheet], form: str, output: str | None) -> None:
    write, lang = _WRITERS[form], session.language
    if output is None:
        session.out.write(write(sheets, lang))
    elif output.endswith("/") or Path(output).is_dir():
        names = [sheet.playbook for sheet in sheets]
        for sheet in sheets:
            name = file_name(sheet.playbook, names) + _ENDINGS[form]
            _write(session, Path(output) / name, write([sheet], lang))
    else:
        _write(session, Path(output), write(sheets, lang))


def _write(session: Session, path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise CannotRun("C301", path=str(path), reason=error.strerror or type(error).__name__) from None
    session.tell(session.word("sheet.note.written", path=str(path)))
