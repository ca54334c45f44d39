"""Lint judges meanings: the examples of the language are warned of alike in Chinese and in English."""

from __future__ import annotations

from pathlib import Path

from lint.texts import AROUND, SETTINGS, lint

EXAMPLES = Path(__file__).parents[1] / "program" / "language"


def warned(language: str) -> list[tuple[str, str, str | None]]:
    texts = {path.name: path.read_text("utf-8") for path in sorted((EXAMPLES / language).glob("*.sop"))}
    return sorted((d.file, d.code, d.hint) for d in lint(texts, AROUND, SETTINGS))


def test_both_languages_are_warned_alike() -> None:
    chinese, english = warned("zh"), warned("en")
    assert chinese == english
    assert {"W410", "W412", "W415", "W421", "W422", "W423"} <= {code for _, code, _ in chinese}
