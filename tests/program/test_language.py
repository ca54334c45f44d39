"""The examples of the language in Chinese and in English: both workspaces are one program."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.grammar.diagnostics import Diagnostic
from qingting.grammar.parser import collect_names, parse_text

from .texts import Checkup

EXAMPLES = Path(__file__).parent / "language"
SETTINGS = CheckSettings(frozenset({"wecom", "moments", "group"}), "Asia/Shanghai", "CNY")


def workspace(language: str) -> Checkup:
    """Check all examples of one language."""
    texts = {path.name: path.read_text("utf-8") for path in sorted((EXAMPLES / language).glob("*.sop"))}
    names = collect_names(texts.values())
    parsed = [parse_text(text, name, names) for name, text in texts.items()]
    problems: list[Diagnostic] = [d for _, diagnostics in parsed for d in diagnostics]
    program, found = resolve_program([file for file, _ in parsed], problems, SETTINGS)
    return Checkup(program, tuple(problems), found)


@pytest.fixture(scope="module")
def chinese() -> Checkup:
    return workspace("zh")


@pytest.fixture(scope="module")
def english() -> Checkup:
    return workspace("en")


def test_all_examples_are_sound(chinese: Checkup, english: Checkup) -> None:
    for each in (chinese, english):
        assert each.syntax == ()
        assert [d for d in each.found if d.severity == "error"] == []
        assert each.program.blocked == {}
        assert each.program.broken == {}


def test_both_languages_are_one_program(chinese: Checkup, english: Checkup) -> None:
    assert chinese.program.library == english.program.library
    assert chinese.program.policy == english.program.policy
    for name, playbook in chinese.program.playbooks.items():
        assert english.program.playbooks[name] == playbook
    assert chinese.program.digest == english.program.digest


def test_both_languages_are_warned_alike(chinese: Checkup, english: Checkup) -> None:
    assert sorted(chinese.codes) == sorted(english.codes)
