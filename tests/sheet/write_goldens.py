"""Writes the sheets of the examples anew: ``python tests/sheet/write_goldens.py``. Read what changed before keeping it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from qingting.engine.insight.sheet.chart import chart_of
from qingting.engine.insight.sheet.mermaid import mermaid_text
from qingting.engine.insight.sheet.model import Sheet
from qingting.engine.insight.sheet.text import plain_text
from sheet.telling import LANGUAGES, TOLD, WHOLE, examples, told


def goldens() -> dict[str, str]:
    """The text of each file."""
    files = {}
    for lang in LANGUAGES:
        loaded = examples(lang)
        files[f"sheets_{lang}.txt"] = plain_text([lasting(told(loaded, name, lang)) for name in WHOLE])
        files[f"beginnings_{lang}.txt"] = "".join(
            f"{name}\n" + "".join(f"  {words}\n" for words in beginnings(name, lang)) for name in loaded.program.playbooks
        )
        files[f"chart_{lang}.mmd"] = mermaid_text([chart_of(told(loaded, "所有步骤", lang))])
    return files


def lasting(sheet: Sheet) -> Sheet:
    """Without what says how far this version of qingting is, and of which version the playbook is."""
    return replace(sheet, notes=(), facts=sheet.facts[:-1])


def beginnings(name: str, lang: str) -> list[str]:
    """When a playbook begins, with what narrows it."""
    section = told(examples(lang), name, lang).section("when")
    assert section is not None
    return [text for line in section.lines for text in (line.text, *(f"  {below.text}" for below in line.below))]


if __name__ == "__main__":
    for name, text in goldens().items():
        (TOLD / name).write_text(text, encoding="utf-8")
