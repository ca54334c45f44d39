"""The pages for auditors: one in each language, with the same blocks, all findings, and commands as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from qingting.cli import build
from qingting.grammar.messages import CATALOGUE
from qingting.terminal.language import Say

DOCS = Path(__file__).parents[2] / "docs"
ENGLISH, CHINESE = ((DOCS / name).read_text(encoding="utf-8") for name in ("audit.md", "audit.zh.md"))
FINDINGS = (*(f"D{number}" for number in range(401, 420)), "D457", "D458", "D459", "D461")
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


def test_both_pages_have_the_same_blocks_and_headings() -> None:
    assert FENCED.findall(ENGLISH) == FENCED.findall(CHINESE)
    english, chinese = ([len(level) for level in re.findall(r"^(#+) ", page, re.MULTILINE)] for page in (ENGLISH, CHINESE))
    assert english == chinese


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
def test_every_finding_is_in_the_table(page: str) -> None:
    assert tuple(re.findall(r"^\| (D\d{3}) \|", page, re.MULTILINE)) == FINDINGS
    assert set(re.findall(r"D\d{3}", page)) <= set(CATALOGUE)


def commands(page: str) -> Iterator[list[str]]:
    """The command lines of the page, without what the shell does with them."""
    for _, language, text in FENCED.findall(page):
        if not language:
            yield from (re.split(r" [>|]", line)[0].split()[1:] for line in text.splitlines() if line.strip().startswith("qingting"))
    yield from (line.split()[1:] for line in re.findall(r"`(qingting [^`]+)`", page))


@pytest.mark.parametrize("page", [ENGLISH, CHINESE])
def test_the_commands_are_as_they_are(page: str) -> None:
    group = build(Say("en"))
    seen = set()
    for words in commands(page):
        command: click.Command = group
        while isinstance(command, click.Group) and words and (below := command.get_command(click.Context(command), words[0])):
            command, words = below, words[1:]
        known = {option for parameter in command.params for option in parameter.opts} | {"--json"}
        assert {word for word in words if word.startswith("--")} <= known, (command.name, words)
        seen.add(command.name)
    assert {"verify", "checkpoint", "key", "new-key", "prove", "consistency", "verify-proof", "cosign"} <= seen
