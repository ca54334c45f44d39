"""Help: there at once, in both languages, with examples that the command line can read."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
import pytest
from qingting.cli import build
from qingting.terminal.index import COMMANDS
from qingting.terminal.language import Language, Say
from qingting.terminal.session import Session

Type = Callable[..., Any]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
NAMES = [entry.name for entry in COMMANDS]


def command_line(lang: Language) -> tuple[click.Group, click.Context]:
    session = Session(out=sys.stdout, err=sys.stderr, environment={}, clock=lambda: datetime.now(UTC))
    group = build(Say(lang))
    return group, click.Context(group, info_name="qingting", obj=session)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_lists_every_command(type_in: Type, lang: Language) -> None:
    answer = type_in("--help", "--lang", lang)
    assert answer.code == 0
    assert [name for name in NAMES if f"\n  {name} " not in answer.out] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_command_has_examples(type_in: Type, name: str, lang: Language) -> None:
    answer = type_in(name, "--help", "--lang", lang)
    assert answer.code == 0
    assert f"qingting {name}" in answer.out.partition("Examples" if lang == "en" else "例子")[2]


@pytest.mark.parametrize("name", NAMES)
def test_examples_can_be_read(name: str) -> None:
    group, ctx = command_line("en")
    command = group.get_command(ctx, name)
    assert command is not None
    assert command.epilog is not None
    lines = [line.strip() for line in command.epilog.splitlines() if line.strip().startswith("qingting ")]
    assert lines
    for line in lines:
        words = shlex.split(line)
        command.make_context(name, words[2:], parent=ctx)


def test_nothing_heavy_is_loaded_for_help() -> None:
    code = (
        "import sys; from qingting.cli import run_command; run_command(['--help']);"
        "print(*sorted(set(sys.modules) & {'rich', 'lark', 'sqlglot', 'sqlite3', 'sqlite_utils', 'yaml', 'croniter', 'liquid'}),"
        "file=sys.stderr)"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stderr.strip() == ""


@pytest.mark.slow
def test_help_comes_within_100_ms_of_a_bare_interpreter() -> None:
    start = "from qingting.cli import main; import sys; sys.argv = ['qingting', '--help']; main()"

    def best(code: str) -> float:
        """The least time of the processor that a fresh interpreter takes, which others on the machine disturb little."""
        times = []
        for _ in range(15):
            process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            times.append(usage.ru_utime + usage.ru_stime)
        return min(times)

    bare = best("pass")
    # On a machine so busy that even a bare interpreter takes longer than 20 ms, the limit grows with it.
    assert best(start) - bare < max(0.1, 5 * bare)
