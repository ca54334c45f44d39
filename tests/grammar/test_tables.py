"""The grammar has no conflicts, and no place at which one spelling could be two words."""

from __future__ import annotations

import marshal
from collections import deque
from pathlib import Path

import pytest
from qingting.grammar import build_tables
from qingting.grammar import tables as tables_module
from qingting.grammar.build_tables import build_parser
from qingting.grammar.keywords import KEYWORDS, TERMINALS_BY_SPELLING, spellings_of
from qingting.grammar.tables import START_RULES, TERMINALS, Stack, grammar_text, load_tables


@pytest.mark.slow
def test_the_grammar_is_lalr_without_conflicts() -> None:
    build_parser(strict=True)


def test_every_terminal_is_used() -> None:
    text = grammar_text()
    words = set(
        text.replace("|", " ")
        .replace("(", " ")
        .replace(")", " ")
        .replace("[", " ")
        .replace("]", " ")
        .replace("*", " ")
        .replace("+", " ")
        .replace("?", " ")
        .split()
    )
    assert TERMINALS - words <= {"MONTHDAY"}


def test_no_place_accepts_two_words_of_one_spelling() -> None:
    """Walk the states that short lines reach; what the parser really accepts there has one word for each spelling."""
    tables = load_tables()
    seen: set[tuple[int, ...]] = set()
    queue: deque[Stack] = deque(tables.start_stack(start) for start in START_RULES)
    doubtful = [terminals for terminals in TERMINALS_BY_SPELLING.values() if len(terminals) > 1]
    while queue and len(seen) < 30_000:
        stack = queue.popleft()
        if stack[-2:] in seen:
            continue
        seen.add(stack[-2:])
        expected = tables.expected(stack)
        for terminals in doubtful:
            assert len(expected & set(terminals)) < 2, (expected & set(terminals), stack)
        for name in expected - {"$END"}:
            following = tables.advance(stack, name)
            if following is not None and len(following) < 24:
                queue.append(following)


def test_spellings_are_plain() -> None:
    for terminal in KEYWORDS:
        for spelling in spellings_of(terminal):
            assert spelling == spelling.strip()
            assert "  " not in spelling


@pytest.mark.slow
def test_the_cache_is_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = build_tables.build_tables()
    monkeypatch.setattr(build_tables, "build_tables", lambda: plain)
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    tables_module.load_tables.cache_clear()
    assert tables_module.load_tables().start_stack("schedule")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for content in (None, b"broken", b"", marshal.dumps([1, 2])):
        (path,) = (tmp_path / "qingting").glob("*") if content is not None else (None,)
        if path is not None:
            path.write_bytes(content or b"")
        tables_module.load_tables.cache_clear()
        assert tables_module.load_tables().start_stack("schedule")
    assert marshal.loads(path.read_bytes())
