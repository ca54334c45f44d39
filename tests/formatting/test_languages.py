"""Statements in both languages have one form in each, and translating a text there and back changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from formatting.pairs import NAMES, PAIRS
from parsing.samples import CHINESE, ENGLISH
from qingting.grammar.formatter import format_text
from qingting.grammar.names import DeclaredNames, collect_names


def formatted(text: str, lang: str, names: DeclaredNames = NAMES) -> str:
    made = format_text(text, "zh" if lang == "zh" else "en", names=names)
    assert made.diagnostics == ()
    return made.text


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_both_languages_meet(chinese: str, english: str) -> None:
    in_chinese, in_english = formatted(chinese, "zh"), formatted(english, "en")
    assert formatted(chinese, "en") == in_english
    assert formatted(english, "zh") == in_chinese


@pytest.mark.slow
def test_there_and_back() -> None:
    """All pairs in one text: what is in its form in one language comes back from the other unchanged."""
    chinese = formatted("\n".join(chinese for chinese, _ in PAIRS), "zh")
    english = formatted("\n".join(english for _, english in PAIRS), "en")
    assert formatted(chinese, "en") == english
    assert formatted(english, "zh") == chinese


@pytest.mark.slow
def test_a_form_reads_the_same_whatever_else_is_declared() -> None:
    """Names that are part of keywords, or that the words of a run could be cut into."""
    more = set("天次人前后到号周月分每限内最近条至少做过有") | {"猫粮", "标签", "分群X", "每人限", "下单人"}
    crowded = replace(NAMES, attributes=NAMES.attributes | more)
    text = "\n".join(chinese for chinese, _ in PAIRS)
    assert format_text(text, names=NAMES).text == format_text(formatted(text, "zh"), names=crowded).text


def test_the_example_of_the_language_is_in_its_form() -> None:
    names = collect_names([CHINESE])
    assert formatted(CHINESE, "zh", names) == CHINESE
    assert formatted(ENGLISH, "en", names) == ENGLISH
    assert formatted(CHINESE, "en", names) == ENGLISH
    assert formatted(ENGLISH, "zh", names) == CHINESE


def test_a_text_keeps_the_language_of_most_of_its_lines() -> None:
    mixed = 'playbook "p"\n  面向 有标签 "x"\n  每天 10:00\n    stop\n    打标签 "y"\n'
    assert format_text(mixed).text == '剧本 "p"\n  面向 有标签 "x"\n  每天 10:00\n    结束\n    打标签 "y"\n'
    english = 'playbook "p"\n  for 城市 is known\n  every day at 10:00\n    结束\n'
    assert format_text(english, names=NAMES).text == 'playbook "p"\n  for 城市 is known\n  every day at 10:00\n    stop\n'
