"""Trees made at random: written in either language and read again they are the same, and their form is stable."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from formatting.generated import declarations
from formatting.making import NAMES, node
from hypothesis import HealthCheck, given, settings
from qingting.grammar import syntax
from qingting.grammar.formatter import format_text, same_tree
from qingting.grammar.parser import parse_text
from qingting.grammar.writing.files import write_file

SLOWLY = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


def check(declaration: Any) -> None:
    texts = {}
    for lang in ("zh", "en"):
        text = texts[lang] = write_file((declaration,), lang)
        file, diagnostics = parse_text(text, "a.sop", NAMES)
        assert [(found.code, text[found.span.start : found.span.end]) for found in diagnostics] == [], text
        assert len(file.declarations) == 1, text
        assert same_tree(file.declarations[0], declaration), text
        again = format_text(text, lang, names=NAMES)
        assert (again.text, again.diagnostics) == (text, ())
    assert format_text(texts["zh"], "en", names=NAMES).text == texts["en"]
    assert format_text(texts["en"], "zh", names=NAMES).text == texts["zh"]


@pytest.mark.slow
@SLOWLY
@given(declarations())
def test_any_declaration(declaration: Any) -> None:
    check(declaration)


@pytest.mark.slow
@pytest.mark.parametrize("kind", get_args(syntax.Declaration))
def test_each_kind_of_declaration(kind: type) -> None:
    @settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
    @given(node(kind))
    def every(declaration: Any) -> None:
        check(declaration)

    every()
