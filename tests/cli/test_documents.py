"""What README and docs say is so."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qingting.engine.settings import read_settings
from qingting.terminal.index import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
Type = Callable[..., Any]


def test_the_playbook_is_one_of_those_shipped(type_in: Type, tmp_path: Path) -> None:
    (playbook,) = [text for language, text in BLOCKS if not language]
    shipped = iter((ROOT / "playbooks/cat_food.sop").read_text(encoding="utf-8").splitlines())
    assert all(line in shipped for line in playbook.splitlines())
    place = tmp_path / "readme"
    place.mkdir()
    (place / "qingting.yaml").write_text("timezone: UTC\nchannels: {企微: {type: console}}\n", encoding="utf-8")
    for path in (ROOT / "playbooks").glob("*.sop"):
        (place / path.name).write_bytes(path.read_bytes())
    (place / "cat_food.sop").unlink()
    (place / "readme.sop").write_text(playbook, encoding="utf-8")
    assert type_in("check", "--strict", place=place).code == 0


def test_the_commands_are_all_there() -> None:
    named = re.findall(r"^\| `([\w-]+)", README, re.M)
    assert named == [entry.name for entry in COMMANDS]


def test_the_commands_to_start_with_can_be_read(type_in: Type, tmp_path: Path) -> None:
    lines = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
    typed = [line.partition("qingting ")[2].split() for line in lines if "qingting " in line]
    assert [words[0] for words in typed] == ["init", "check", "plan"]
    assert type_in(*typed[0][:1], "--at", "2026-11-20T12:00", place=tmp_path / "new").code == 0
    for words in typed[1:]:
        assert type_in(*words, place=tmp_path / "new").code == 0


def test_the_python_block_runs(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = [text for language, text in BLOCKS if language == "python"]
    monkeypatch.chdir(shop.parent)
    exec(compile(code, "README.md", "exec"), {})
    assert "猫粮跟进" in capsys.readouterr().out


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_configuration_shown_is_right() -> None:
    text = (ROOT / "docs/workspace.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
    settings, diagnostics = read_settings(block)
    assert diagnostics == ()
    assert settings is not None
    assert set(settings.channels) == {"wecom", "sms"}


def test_the_command_reference_is_what_help_shows() -> None:
    spec = importlib.util.spec_from_file_location("generate_commands", ROOT / "docs/generate_commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs/commands.md").read_text(encoding="utf-8") == module.reference()
