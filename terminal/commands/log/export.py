"""``qingting log export``: records with all that became of them, for other programs and for auditors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO, get_args

import click

from ....engine.exporting import ExportAsked
from ....engine.log.export.writing import Format
from ....grammar.diagnostics import UsageError
from ...language import Say
from ...session import Session
from ..contract import command
from .filters import filter_options, read_filters

if TYPE_CHECKING:
    from ....engine.log.export.writing import Exported

FORMATS: tuple[Format, ...] = get_args(Format)


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "export",
        say,
        "导出决定的记录和每条的投递结果,不筛选时连抹除也导出。默认只有编号,没有真实客户号,也没有渠道自己的说法。"
        "加 --proofs,每条都带上到检查点的证明,拿公钥就能核对,不用数据库。格式见 docs/export.md。",
        "Export the records of decisions with every delivery; without filters erasures as well. Members are pseudonyms unless "
        "--reveal. With --proofs each line carries its proof to a signed checkpoint, to be checked with the public key and "
        "without the store. The form is in docs/export.md.",
        (
            "qingting log export --out log.csv",
            "qingting log export --proofs --since 2026-11-01 --until 2026-12-01 --out november.jsonl",
            "qingting log export --format jsonl --status suppressed | jq -r .reason | sort | uniq -c",
        ),
        [
            *filter_options(say),
            click.Option(
                ["--format", "form"],
                type=click.Choice(FORMATS),
                help=say("格式;不写就看文件名,再不然是 jsonl", "the format; else by the file's name, else jsonl"),
            ),
            click.Option(["--out"], metavar="FILE", help=say("写进这个文件,默认是标准输出", "write this file, default stdout")),
            click.Option(["--force"], is_flag=True, help=say("文件已经有了就换掉", "replace a file that is there")),
            click.Option(["--proofs"], is_flag=True, help=say("每条带上证明", "with a proof of each line")),
            click.Option(
                ["--reveal"], is_flag=True,
                help=say("带上真实的客户号和渠道自己的说法", "with outside member ids and what channels said in their words"),
            ),
            click.Option(["--no-archives"], is_flag=True, help=say("不要已归档的", "without what was archived")),
        ],
        export,
    )


def export(
    session: Session,
    form: Format | None,
    out: str | None,
    force: bool,
    proofs: bool,
    reveal: bool,
    no_archives: bool,
    **filters: str | int | None,
) -> int:
    """Export to a file or to stdout."""
    form = form or _form_of(out)
    if out is None and form == "parquet":
        raise UsageError("D424")
    if out is None and session.as_json:
        raise UsageError("D425")
    workspace = session.workspace()
    chosen = read_filters(workspace.settings.timezone, **filters)  # type: ignore[arg-type]
    asked = ExportAsked(chosen, proofs, reveal, not no_archives)
    if out is None:
        workspace.audit.export(_utf8(session.out), form, asked)
        return 0
    exported = workspace.audit.export(Path(out), form, asked, force=force)
    if session.as_json:
        session.emit({
            "path": out, "file_format": form, "records": exported.records, "deliveries": exported.deliveries,
            "erasures": exported.erasures, "size": exported.size, "masked": not reveal,
        })
    else:
        _show(session, out, exported, reveal)
    return 0


def _form_of(out: str | None) -> Format:
    ending = "" if out is None else Path(out).suffix.lower().removeprefix(".")
    return next((form for form in FORMATS if form == ending), "jsonl")


def _utf8(stream: TextIO) -> TextIO:
    """The stream, in the encoding of exports whatever the locale says."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="strict")
    return stream


def _show(session: Session, out: str, exported: Exported, reveal: bool) -> None:
    screen = session.screen()
    screen.line(
        session.word(
            "N240", path=out, records=exported.records, deliveries=exported.deliveries, erasures=exported.erasures
        ),
        "good",
    )
    if exported.size is not None:
        screen.line(session.word("N241", size=exported.size))
    if reveal:
        screen.line(session.word("N244"))
