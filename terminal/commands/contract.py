"""What a command module offers: one function ``build`` that makes the command in a language."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from ..index import Entry
from ..language import Say
from ..session import ReaderLeft, Session

Build = Callable[[Say], click.Command]


def command(
    name: str,
    say: Say,
    help_zh: str,
    help_en: str,
    examples: tuple[str, ...],
    params: list[click.Parameter],
    body: Callable[..., int],
    made_as: Callable[..., click.Command] = click.Command,
) -> click.Command:
    """Return a command whose ``body(session, **values)`` returns the exit code.

    The examples stand below the options, each on its own line. ``made_as`` is a kind of command that reads its
    arguments in its own way.
    """

    def call(**values: Any) -> int:
        context = click.get_current_context()
        session = context.find_object(Session)
        assert session is not None
        if context.invoked_subcommand is not None:
            return 0
        session.command = name
        session.begin_log()
        try:
            code = body(session, **values)
            session.out.flush()
        except BrokenPipeError as error:
            # Click would end the process by itself here.
            raise ReaderLeft from error
        return code

    listed = "\n".join(f"  {example}" for example in examples)
    ending = say(
        "全局选项 -C --store --at --lang --json --no-color --log-to --log-format --log-level 放在命令前后都可以。",
        "Global options -C --store --at --lang --json --no-color --log-to --log-format --log-level may stand before or after "
        "the command.",
    )
    return made_as(
        name,
        params=params,
        callback=call,
        help=say(help_zh, help_en),
        short_help=None,
        epilog="\b\n" + say("例子:", "Examples:") + f"\n{listed}\n\n{ending}",
    )


def command_with_parts(
    name: str,
    say: Say,
    parts: tuple[Entry, ...],
    help_zh: str,
    help_en: str,
    examples: tuple[str, ...],
    params: list[click.Parameter],
    body: Callable[..., int],
) -> click.Command:
    """Return a command that does something by itself and has further commands behind its name."""

    def made(*arguments: Any, **settings: Any) -> click.Command:
        return WithParts(say, parts, *arguments, **settings)

    return command(name, say, help_zh, help_en, examples, params, body, made)


class WithParts(click.Group):
    """A command with commands behind its name, which are imported when they are called for.

    ``shared`` gives the options that may stand behind each of them as well.
    """

    def __init__(self, say: Say, parts: tuple[Entry, ...], *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{**settings, "invoke_without_command": True})
        self.say = say
        self.parts = parts
        self.shared: Callable[[], list[click.Parameter]] = list

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the parts in their order."""
        return [entry.name for entry in self.parts]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The part of a name, None where there is none."""
        module = next((entry.module for entry in self.parts if entry.name == cmd_name), None)
        if module is None:
            return None
        part: click.Command = import_module(f"..{module}", __name__).build(self.say)
        part.params.extend(self.shared())
        return part

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of parts, without loading any of them."""
        with formatter.section(self.say("命令", "Commands")):
            formatter.write_dl([(entry.name, self.say(entry.zh, entry.en)) for entry in self.parts])
