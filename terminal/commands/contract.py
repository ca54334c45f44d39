"""What a command module offers: one function ``build`` that makes the command in a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

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
    made_as: type[click.Command] = click.Command,
) -> click.Command:
    """Return a command whose ``body(session, **values)`` returns the exit code.

    The examples stand below the options, each on its own line. ``made_as`` is a kind of command that reads its
    arguments in its own way.
    """

    def call(**values: Any) -> int:
        session = click.get_current_context().find_object(Session)
        assert session is not None
        session.command = name
        try:
            code = body(session, **values)
            session.out.flush()
        except BrokenPipeError as error:
            # Click would end the process by itself here.
            raise ReaderLeft from error
        return code

    listed = "\n".join(f"  {example}" for example in examples)
    ending = say(
        "全局选项 -C --store --at --lang --json --no-color 放在命令前后都可以。",
        "Global options -C --store --at --lang --json --no-color may stand before or after the command.",
    )
    return made_as(
        name,
        params=params,
        callback=call,
        help=say(help_zh, help_en),
        short_help=None,
        epilog="\b\n" + say("例子:", "Examples:") + f"\n{listed}\n\n{ending}",
    )
