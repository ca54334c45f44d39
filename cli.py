"""The command ``qingting``: translates the command line into calls, and results into text, JSON and exit codes.

Commands live in ``terminal/commands`` and are loaded when called for, so that help and mistakes answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from .terminal.index import COMMANDS
from .terminal.language import Say, chosen_language, locale_language
from .terminal.session import Session

if TYPE_CHECKING:
    from .terminal.commands.contract import Build


def main() -> None:
    """Run the command of this process and leave with its exit code."""
    # A command is short and makes many objects that stay; looking for garbage less often saves an eighth of a check.
    gc.set_threshold(50_000, 20, 20)
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run one command line and return its exit code (0, 1, 2, 3, 4 or 70)."""
    given = os.environ if environment is None else environment
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8" if "--json" in arguments else None, errors="backslashreplace")
    session = Session(
        out=sys.stdout,
        err=sys.stderr,
        environment=given,
        clock=lambda: datetime.now(UTC),
        arguments=tuple(arguments),
        lang=chosen_language(arguments, given),
        as_json="--json" in arguments,
    )
    say = Say(session.lang or locale_language(given))
    try:
        code = build(say).main(list(arguments), "qingting", standalone_mode=False, obj=session)
        session.out.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  an operator must never see a traceback
        from .terminal.faults import exit_code_of

        code = exit_code_of(session, error)
    ended = code if isinstance(code, int) else 0
    session.end_log(ended)
    return ended


def build(say: Say) -> click.Group:
    """Return the whole command line in one language."""
    return CommandLine(
        say,
        name="qingting",
        params=[*global_options(say), _version(say)],
        context_settings={"help_option_names": ["-h", "--help"]},
        no_args_is_help=True,
        help=say(
            "蜻蜓:用一看就懂的剧本,决定什么时候给谁做什么。", "qingting: playbooks that decide who gets what, and when."
        ),
        epilog=say(
            "第一次用:qingting demo。退出码:0 正常,1 有问题,2 用法不对,3 无法运行,4 被拒绝,70 程序出错。",
            "New here? qingting demo. Exit codes: 0 fine, 1 problems found, 2 usage, 3 cannot run, 4 refused, 70 a bug.",
        ),
    )


class CommandLine(click.Group):
    """A group whose commands are imported when they are called for."""

    def __init__(self, say: Say, **settings: Any) -> None:
        super().__init__(**settings)
        self.say = say

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((entry.module for entry in COMMANDS if entry.name == cmd_name), None)
        if module is None:
            return None
        build_command: Build = import_module(f".terminal.commands.{module}", __package__).build
        command = build_command(self.say)
        command.params.extend(global_options(self.say, hidden=True))
        if hasattr(command, "shared"):
            command.shared = lambda: global_options(self.say, hidden=True)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.say("命令", "Commands")):
            formatter.write_dl([(entry.name, self.say(entry.zh, entry.en)) for entry in COMMANDS])


def global_options(say: Say, *, hidden: bool = False) -> list[click.Parameter]:
    """The options that may stand before or after the command; what stands last counts."""

    def option(names: Sequence[str], zh: str, en: str, **settings: Any) -> click.Option:
        return click.Option(
            names, help=say(zh, en), hidden=hidden, expose_value=False, callback=_keep, default=None, **settings
        )

    return [
        option(["-C", "directory"], "工作区目录", "the workspace folder", metavar="DIR"),
        option(["--store"], "数据库,例如 sqlite:shop.db", "the store, such as sqlite:shop.db", metavar="URL"),
        option(["--at"], "按这个时刻(ISO 8601),默认现在", "as of this instant (ISO 8601), default now", metavar="T"),
        option(["--lang"], "消息的语言", "the language of messages", type=click.Choice(["zh", "en"])),
        option(["--json", "as_json"], "标准输出只有 JSON", "stdout is JSON only", is_flag=True, flag_value=True),
        option(["--no-color"], "不用颜色", "no colours", is_flag=True, flag_value=True),
        option(
            ["--log-to"], "程序自己的日志追加到这个文件,- 是标准错误;不含客户资料",
            "append the program's own log to this file, - is stderr; it holds nothing about members", metavar="FILE",
        ),
        option(["--log-format"], "日志的格式,默认 text", "its format, default text", type=click.Choice(["text", "json"])),
        option(
            ["--log-level"], "日志写到多细,默认 info", "how much it tells, default info",
            type=click.Choice(["debug", "info", "warning", "error"]),
        ),
    ]


def _keep(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    if value is not None and parameter.name is not None:
        setattr(ctx.ensure_object(Session), parameter.name, value)


def _version(say: Say) -> click.Option:
    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            from . import __version__

            click.echo(f"qingting {__version__}")
            ctx.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=say("版本号", "the version")
    )
