"""Statements in both languages give equal trees."""

from __future__ import annotations

import pytest
from parsing.plain import plain
from parsing.samples import CHINESE, CONDITIONS, DECLS, ENGLISH, HEADERS, PRELUDE, SCHEDULES, STEPS
from qingting.grammar.parser import DeclaredNames, collect_names, parse_condition, parse_schedule, parse_text
from qingting.grammar.syntax import PlaybookDecl

NAMES = collect_names([PRELUDE])


def declarations(text: str, names: DeclaredNames = NAMES) -> object:
    file, diagnostics = parse_text(text, "a.sop", names)
    assert diagnostics == ()
    return plain(file.declarations)


@pytest.mark.parametrize(("chinese", "english"), CONDITIONS)
def test_conditions(chinese: str, english: str) -> None:
    left, problems = parse_condition(chinese, NAMES)
    assert problems == ()
    right, problems = parse_condition(english, NAMES)
    assert problems == ()
    assert left is not None
    assert plain(left) == plain(right)


@pytest.mark.parametrize(("chinese", "english"), SCHEDULES)
def test_schedules(chinese: str, english: str) -> None:
    left, problems = parse_schedule(chinese, NAMES)
    assert problems == ()
    right, problems = parse_schedule(english, NAMES)
    assert problems == ()
    assert left is not None
    assert plain(left) == plain(right)


@pytest.mark.parametrize(("chinese", "english"), HEADERS)
def test_lines_of_a_playbook(chinese: str, english: str) -> None:
    assert declarations(f'剧本 "p"\n  {chinese}\n') == declarations(f'playbook "p"\n  {english}\n')


@pytest.mark.parametrize(("chinese", "english"), STEPS)
def test_steps(chinese: str, english: str) -> None:
    left = declarations(f'剧本 "p"\n  每天 10:00\n    {chinese}\n')
    assert left == declarations(f'playbook "p"\n  every day at 10:00\n    {english}\n')


@pytest.mark.parametrize(("chinese", "english"), DECLS)
def test_declarations(chinese: str, english: str) -> None:
    assert declarations(chinese) == declarations(english)


def test_the_example_of_the_language() -> None:
    names = collect_names([CHINESE])
    tree = declarations(CHINESE, names)
    assert tree == declarations(ENGLISH, collect_names([ENGLISH]))
    assert tree == declarations(CHINESE.replace("\n", "\r\n"), names)
    assert tree == declarations("\ufeff" + CHINESE.replace("\n", "\r"), names)


def test_a_file_may_mix_the_languages() -> None:
    file, problems = parse_text(
        'playbook "p"\n  面向 tagged "x" 且 points >= 5\n  every day at 20点\n    打标签 "y"\n', "a.sop", NAMES
    )
    assert problems == ()
    assert isinstance(file.declarations[0], PlaybookDecl)


def test_runs_need_no_spaces() -> None:
    """Every pair without its spaces, where no space parts two ASCII words or stands in a string."""
    for chinese, _ in (*CONDITIONS, *SCHEDULES):
        if '" ' in chinese or "\n" in chinese or any(char.isascii() and char.isalpha() for char in chinese):
            continue
        if "点击" in chinese and "任一" in chinese:
            continue
        parse = parse_schedule if (chinese, _) in SCHEDULES else parse_condition
        spaced, problems = parse(chinese, NAMES)
        assert problems == ()
        for digit in "0123456789":
            if f"{digit} 2" in chinese or f"{digit} 1" in chinese:
                break
        else:
            dense, problems = parse(chinese.replace(" ", ""), NAMES)
            assert problems == (), chinese
            assert plain(spaced) == plain(dense), chinese
