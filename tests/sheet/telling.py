"""Workspaces to tell: the examples of the language, those that are shipped, and texts of a test's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from qingting.engine.insight.sheet.model import Line, Sheet
from qingting.engine.settings import Settings, read_settings
from qingting.engine.sources import Loaded, program_of
from qingting.engine.telling import sheet_for

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "playbooks"
EXAMPLES = ROOT / "tests/program/language"
TOLD = Path(__file__).parent / "told"
LANGUAGES = ("zh", "en")
WHOLE = ("所有开头", "所有步骤", "再进", "随机一百", "全补", "猫粮跟进", "早安群", "大群", "新群")
"""The examples that are held in full; of the others only when they begin."""
SETTINGS = """\
timezone: Asia/Shanghai
channels:
  wecom: {type: console}
  moments: {type: console}
  group: {type: console}
  sms: {type: console}
"""


def settings() -> Settings:
    found, problems = read_settings(SETTINGS)
    assert found is not None, problems
    return found


def load(*texts: str) -> Loaded:
    """Some texts as a workspace."""
    return program_of({f"{number:02}.sop": text.encode() for number, text in enumerate(texts)}, settings())


@lru_cache(maxsize=4)
def folder(path: Path) -> Loaded:
    return program_of({each.name: each.read_bytes() for each in sorted(path.glob("*.sop"))}, settings())


def examples(lang: str) -> Loaded:
    return folder(EXAMPLES / lang)


def told(loaded: Loaded, name: str, lang: str) -> Sheet:
    """The sheet of a playbook without its coming instants."""
    return sheet_for(loaded, name, lang, None)


def all_lines(lines: tuple[Line, ...]) -> list[Line]:
    return [each for line in lines for each in (line, *all_lines(line.below))]


def texts_of(sheet: Sheet) -> list[str]:
    return [line.text for section in sheet.sections for line in all_lines(section.lines)]


