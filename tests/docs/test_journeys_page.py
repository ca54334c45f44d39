"""The page on journeys: its examples are sound, their tests pass, and each playbook shown has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_language import script

PAGE = script().JOURNEYS.read_text(encoding="utf-8")
TESTS = [name for name, _ in script().blocks(PAGE, "yaml") if name]


def test_the_examples_are_sound() -> None:
    newest = {more or text: text for more, text in script().blocks(PAGE, "sop")}
    found = script().check(newest.values())
    assert [(each.code, each.params) for each in found.errors] == []
    assert {*TESTS, "七天"} == set(found.program.playbooks)


@pytest.mark.parametrize("name", TESTS)
def test_what_the_page_says_happens(name: str, tmp_path: Path) -> None:
    (settings,) = [text for more, text in script().blocks(PAGE, "yaml") if not more]
    (tmp_path / "qingting.yaml").write_text(settings, encoding="utf-8")
    for n, (more, text) in enumerate(script().blocks(PAGE, "sop")):
        (tmp_path / f"{more or n}.sop").write_text(text, encoding="utf-8")
    (told,) = [text for more, text in script().blocks(PAGE, "yaml") if more == name]
    (tmp_path / f"{name}_test.yaml").write_text(told, encoding="utf-8")
    code, said = script().typed(f"test {tmp_path / name}_test.yaml", tmp_path, "zh")
    assert code == 0, said
