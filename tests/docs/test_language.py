"""The language reference: every block and table row is sound, both languages say the same, nothing is left out."""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from parsing.plain import plain
from qingting.grammar import syntax
from qingting.grammar.keywords import KEYWORDS, spellings_of
from qingting.grammar.names import collect_names
from qingting.grammar.parser import _Reading
from qingting.grammar.statements import Statement
from qingting.grammar.syntax import SyntaxFile
from qingting.grammar.trees import Token, Tree

ROOT = Path(__file__).parents[2]


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_language", ROOT / "docs/generate_language.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


TABLES = [table.name for table in script().tables()]
LANGUAGES = ("zh", "en")


@cache
def checked(name: str, lang: str) -> Any:
    (table,) = (each for each in script().tables() if each.name == name)
    return table, script().with_page(table, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_blocks_are_sound(lang: str) -> None:
    found = script().check(script().sop_blocks(lang))
    assert [(each.code, each.params) for each in found.errors] == []
    assert found.program.playbooks


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABLES)
def test_rows_are_sound(name: str, lang: str) -> None:
    table, found = checked(name, lang)
    assert table.rows
    assert [(each.file, each.code, each.params) for each in found.errors] == []


# Both languages


def made_up(left: object, right: object) -> Iterator[tuple[str, str]]:
    """The names and texts at the same places of two trees that are alike otherwise, where they differ."""
    if isinstance(left, str) and isinstance(right, str):
        if left != right:
            assert re.search("[一-鿿]", left), (left, right)
            yield left, right
    elif isinstance(left, tuple) and isinstance(right, tuple):
        assert len(left) == len(right), (left, right)
        for one, other in zip(left, right, strict=True):
            yield from made_up(one, other)
    else:
        assert left == right


def twins() -> Iterator[tuple[object, object]]:
    """The trees of what stands in both languages."""
    texts = []
    for lang in LANGUAGES:
        page = script().PAGES[lang].read_text(encoding="utf-8")
        own = {text for more, text in script().blocks(page, "sop") if more == "own"}
        files = script().check(script().sop_blocks(lang)).files
        texts.append([file for file in files if file.text not in own])
    assert len(texts[0]) == len(texts[1])
    for chinese, english in zip(*texts, strict=True):
        yield plain(chinese.declarations), plain(english.declarations)
    for name in TABLES:
        count = len(script().in_place(checked(name, "zh")[0], "zh"))
        both = [checked(name, lang)[1].files[-count:] for lang in LANGUAGES]
        for chinese, english in zip(*both, strict=True):
            yield plain(chinese.declarations), plain(english.declarations)


def test_both_languages_say_the_same() -> None:
    """Trees are equal but for names and texts, and each name has one name in the other language."""
    words: dict[str, set[str]] = {}
    back: dict[str, set[str]] = {}
    for chinese, english in twins():
        for zh, en in made_up(chinese, english):
            words.setdefault(zh, set()).add(en)
            back.setdefault(en, set()).add(zh)
    assert len(words) > 100
    assert {zh: en for zh, en in words.items() if len(en) > 1} == {}
    assert {en: zh for en, zh in back.items() if len(zh) > 1} == {}


# Completeness


def tokens(file: SyntaxFile, names: Any) -> Iterator[Token]:
    reading = _Reading(file.text, file.path, names)
    waiting: list[Statement | Tree | Token] = list(reading.statements("declaration", first_column=True))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Token):
            yield node
        elif isinstance(node, Tree):
            waiting.extend(node.children)
        else:
            waiting.extend(node.children)
            if node.tree is not None:
                waiting.append(node.tree)


def all_files() -> Iterator[tuple[SyntaxFile, Any]]:
    for lang in LANGUAGES:
        names = collect_names(script().sop_blocks(lang))
        yield from ((file, names) for file in script().check(script().sop_blocks(lang)).files)
        for name in TABLES:
            table, found = checked(name, lang)
            yield from ((file, names) for file in found.files[-len(script().in_place(table, lang)) :])


ONLY_IN_MISTAKES = {("AGO", "前"), ("AGO", "以前"), ("AGO", "之前")}
"""``3天前`` alone is always an error; the words are known so that the error can say what to write."""


def test_every_spelling_of_every_keyword_is_shown() -> None:
    shown = {(token.type, " ".join(token.split())) for file, names in all_files() for token in tokens(file, names)}
    wanted = {(terminal, spelling) for terminal in KEYWORDS for spelling in spellings_of(terminal)}
    assert sorted(wanted - shown - ONLY_IN_MISTAKES) == []


def nodes(node: object) -> Iterator[type[object]]:
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif is_dataclass(node) and not isinstance(node, type):
        yield type(node)
        for field in fields(node):
            yield from nodes(getattr(node, field.name))


def test_every_kind_of_syntax_node_is_shown() -> None:
    shown = {kind for file, _ in all_files() for kind in nodes(file.declarations)}
    wanted = {
        kind for kind in vars(syntax).values()
        if inspect.isclass(kind) and is_dataclass(kind) and kind.__module__.startswith(syntax.__name__)
    }
    assert {kind.__name__ for kind in wanted - shown} == {"SyntaxFile", "Timetable"}


# Results

ANSWERS = [
    ["u1", "u3"], ["2026-11-20 20:00 +08:00", "2026-11-21 20:00 +08:00"], ["u1", "u3"], ["u1", "u2", "u3", "u4"], [], ["u1"],
    ["u2"], ["u1"], ["u1"], ["u1", "u3", "u4"],
    ["2026-11-30 10:00 +08:00", "2026-12-01 10:00 +08:00", "2026-12-15 10:00 +08:00"],
    ["2026-12-01 19:30 +08:00", "2026-12-08 19:30 +08:00"],
]
"""What the questions of the page answer, worked out by hand from the rows that it shows."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_of_the_page_are_answered_right(lang: str) -> None:
    told = []
    for _, block in script().blocks(script().PAGES[lang].read_text(encoding="utf-8"), "console"):
        for part in block.split("$ qingting ")[1:]:
            command, *lines = part.splitlines()
            if command.startswith(("who ", "next ")):
                told.append([line for line in lines if line])
    assert told[:-1] == ANSWERS
    assert "[E202]" in told[-1][0]


# What is generated


@pytest.mark.slow
def test_pages_are_what_the_script_writes() -> None:
    for path, text in script().written():
        assert path.read_text(encoding="utf-8") == text, f"run python docs/generate_language.py: {path.name}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_is_on_every_page(lang: str) -> None:
    page = script().PAGES[lang].read_text(encoding="utf-8")
    assert [name for name in TABLES if f"<!-- table {name} -->" not in page] == []
    assert [name for name in script()._LISTS if f"<!-- list {name} -->" not in page] == []


def test_every_keyword_is_in_the_list() -> None:
    listed = [terminal for _, terminals in script().keyword_groups() for terminal in terminals]
    assert sorted(listed) == sorted(KEYWORDS)


def test_pages_have_the_same_headings() -> None:
    levels = [
        [line.partition(" ")[0] for line in script().PAGES[lang].read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        for lang in LANGUAGES
    ]
    assert levels[0] == levels[1]
