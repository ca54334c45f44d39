"""Writes docs/commands.md from the help of every command: ``python docs/generate_commands.py``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from qingting.cli import build
from qingting.terminal.index import COMMANDS
from qingting.terminal.language import Say
from qingting.terminal.session import Session

HEAD = """\
# Commands

Written by `docs/generate_commands.py` from what `--help` shows; a test holds it to that.
"""


def reference() -> str:
    """The text of docs/commands.md."""
    session = Session(out=sys.stdout, err=sys.stderr, environment={}, clock=lambda: datetime.now(UTC))
    group = build(Say("en"))
    # Help is as wide as the terminal, up to 80; here it is the same everywhere.
    context = click.Context(group, info_name="qingting", obj=session, terminal_width=80)
    sections = [HEAD, f"```\n{group.get_help(context)}\n```\n"]
    for entry in COMMANDS:
        command = group.get_command(context, entry.name)
        assert command is not None
        below = click.Context(command, parent=context, info_name=entry.name, terminal_width=80)
        sections.append(f"## {entry.name}\n\n```\n{command.get_help(below)}\n```\n")
        for name in command.list_commands(below) if isinstance(command, click.Group) else ():
            part = command.get_command(below, name)
            assert part is not None
            inside = click.Context(part, parent=below, info_name=name, terminal_width=80)
            sections.append(f"### {entry.name} {name}\n\n```\n{part.get_help(inside)}\n```\n")
    return "\n".join(sections)


if __name__ == "__main__":
    Path(__file__).with_name("commands.md").write_text(reference(), encoding="utf-8")
