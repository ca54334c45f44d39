"""The pages on journeys, in both languages: their examples are sound, their tests pass, and each playbook shown has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_language import script

PAGES = {"zh": script().JOURNEYS, "en": script().JOURNEYS.with_name("journeys.md")}
SHOWN_ONLY = {"zh": {"七天"}, "en": set()}
"""Playbooks of which the page shows runs instead of a test."""
TEXTS = {lang: path.read_text(encoding="utf-8") for lang, path in PAGES.items()}
TESTS = [(lang, name) for lang, text in TEXTS.items() for name, _ in script().blocks(text, "yaml") if name]


@pytest.mark.parametrize("lang", PAGES)
def test_the_examples_are_sound(lang: str) -> None:
    newest = {more or text: text for more, text in script().blocks(TEXTS[lang], "sop")}
    found = script().check(newest.values())
    assert [(each.code, each.params) for each in found.errors] == []
    assert {*(name for of, name in TESTS if of == lang), *SHOWN_ONLY[lang]} == set(found.program.playbooks)


def test_both_pages_have_the_same_parts() -> None:
    zh, en = (text.count("\n## ") for text in TEXTS.values())
    assert zh == en
    assert sum(lang == "zh" for lang, _ in TESTS) == sum(lang == "en" for lang, _ in TESTS)


@pytest.mark.parametrize(("lang", "name"), TESTS)
def test_what_the_page_says_happens(lang: str, name: str, tmp_path: Path) -> None:
    (settings,) = [text for more, text in script().blocks(TEXTS[lang], "yaml") if not more]
    (tmp_path / "qingting.yaml").write_text(settings, encoding="utf-8")
    for n, (more, text) in enumerate(script().blocks(TEXTS[lang], "sop")):
        (tmp_path / f"{more or n}.sop").write_text(text, encoding="utf-8")
    (told,) = [text for more, text in script().blocks(TEXTS[lang], "yaml") if more == name]
    (tmp_path / f"{name}_test.yaml").write_text(told, encoding="utf-8")
    code, said = script().typed(f"test {tmp_path / name}_test.yaml", tmp_path, lang)
    assert code == 0, said
