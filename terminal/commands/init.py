"""``qingting init``: a workspace that works, with sample members."""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta
from pathlib import Path

import click

from ...engine.program.clock import zone_of
from ...engine.program.zones import is_zone
from ...engine.settings import FILE
from ...engine.workspace import ImportSwitches, Workspace
from ...grammar.diagnostics import CannotRun, UsageError
from ..demo.starter import PLAYBOOK, SETTINGS, WORDS, starter_playbook, write_members
from ..instants import read_instant
from ..language import Language, Say
from ..session import Session
from .contract import command

DEFAULT_ZONE = "Asia/Shanghai"


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "init",
        say,
        "新建一个能用的工作区:配置、一个剧本、十二个示例客户。已有的文件不会被改动。",
        "Make a workspace that works: configuration, a playbook, twelve sample members. No existing file is touched.",
        ("qingting init", "qingting init shop", "qingting init shop --timezone Europe/Berlin --lang en"),
        [
            click.Argument(["folder"], required=False, metavar=say("[目录]", "[DIR]")),
            click.Option(
                ["--timezone"], default=DEFAULT_ZONE, metavar="ZONE", help=say("工作区的时区", "the workspace's zone")
            ),
        ],
        init,
    )


def init(session: Session, folder: str | None, timezone: str) -> int:
    """Make the workspace and say what to try next; 3 where there is one already."""
    if not is_zone(timezone):
        raise UsageError("C212", text=timezone)
    root = Path(session.directory or ".") / (folder or ".")
    if (root / FILE).exists():
        raise CannotRun("C126", path=str(root))
    lang = session.language
    now = read_instant(session.at, timezone) if session.at is not None else session.clock()
    _write_texts(root, timezone, lang)
    workspace = Workspace.open(root, store=session.store, environment=session.environment, clock=session.clock)
    workspace.create(at=now)
    local = now.astimezone(zone_of(timezone))
    for kind, path in write_members(root / "data", lang, local):
        workspace.import_file(kind, path, at=now, switches=ImportSwitches(backfill=True))
    _tell(session, folder or "", local, lang)
    return 0


def _write_texts(root: Path, timezone: str, lang: Language) -> None:
    playbook = root / PLAYBOOK
    playbook.parent.mkdir(parents=True, exist_ok=True)
    if not playbook.exists():
        playbook.write_text(starter_playbook(lang), encoding="utf-8")
    comment, channel = ("工作区的配置", "企微") if lang == "zh" else ("The configuration of this workspace", "wecom")
    (root / FILE).write_text(
        SETTINGS.format(comment=comment, zone=timezone, lang=lang, channel=channel), encoding="utf-8"
    )


def _tell(session: Session, folder: str, now: datetime, lang: Language) -> None:
    evening = now.replace(hour=20, minute=0, second=0, microsecond=0)
    due = evening if evening > now else evening + timedelta(days=1)
    words = WORDS[lang]
    condition = f'有标签 "{words.friend}"' if lang == "zh" else f'tagged "{words.friend}"'
    commands = [
        *([f"cd {shlex.quote(folder)}"] if folder else []),
        "qingting check",
        f"qingting who {shlex.quote(condition)}",
        f"qingting plan --at {due:%Y-%m-%dT%H:%M}",
        f"qingting explain M002 --at {due:%Y-%m-%dT%H:%M}",
    ]
    if session.as_json:
        session.emit({"workspace": folder or ".", "playbook": PLAYBOOK, "next": commands})
        return
    screen = session.screen()
    screen.line(session.word("N201", path=folder or "."), "good")
    screen.line(session.word("N202"))
    for line in commands:
        screen.line("  " + line, "number")
    screen.line(session.word("N206"))
