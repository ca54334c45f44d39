"""``qingting sop``: forms, files, exit codes; it needs no store and writes nothing into the workspace."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from qingting import UsageError, Workspace

Type = Callable[..., Any]
NOON = "2026-11-20T12:00"
SETTINGS = "timezone: Asia/Shanghai\nchannels: {wecom: {type: console}}\n"
TEXT = """
标签 "甲"
剧本 "早安"
  每天 10:00
    打标签 "甲"
剧本 "晚/安"
  每天 20:00
    去标签 "甲"
"""
BROKEN = '剧本 "坏"\n  每天 10:00\n    打标签 "没有"\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace without a store."""
    root = tmp_path / "plain"
    root.mkdir()
    (root / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "all.sop").write_text(TEXT, encoding="utf-8")
    return root


def sop(type_in: Type, place: Path, *arguments: str) -> Any:
    return type_in("sop", *arguments, "--lang", "zh", "--at", NOON, place=place)


def test_all_playbooks_are_told_without_a_store(type_in: Type, place: Path) -> None:
    answer = sop(type_in, place)
    assert answer.code == 0
    assert [line for line in answer.out.splitlines() if line in ("早安", "晚/安")] == ["早安", "晚/安"]
    assert "  - 接下来:2026-11-21 10:00、2026-11-22 10:00、2026-11-23 10:00\n" in answer.out
    assert sorted(path.name for path in place.iterdir()) == ["all.sop", "qingting.yaml"]


def test_one_playbook_in_english(type_in: Type, place: Path) -> None:
    answer = type_in("sop", "早安", "--lang", "en", "--at", NOON, place=place)
    assert answer.out.startswith("早安\nCategory: marketing\n")
    assert "    1 Tag “甲”\n" in answer.out


def test_an_unknown_playbook_is_told_with_those_there_are(type_in: Type, place: Path) -> None:
    answer = sop(type_in, place, "没有", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "C127")


def test_json_has_the_sections(type_in: Type, place: Path) -> None:
    answer = sop(type_in, place, "早安", "--json").json
    (sheet,) = answer["sheets"]
    assert [section["part"] for section in sheet["sections"]] == ["who", "when", "what", "until"]
    assert sheet["sections"][2]["lines"][0]["lines"] == [{"text": "打上标签“甲”", "kind": "step", "number": "1"}]


def test_a_form_and_json_exclude_each_other(type_in: Type, place: Path) -> None:
    answer = sop(type_in, place, "--json", "--format", "svg")
    assert (answer.code, answer.json["error"]["code"]) == (2, "C225")


@pytest.mark.parametrize(("form", "beginning"), [
    ("markdown", "# 早安\n"), ("html", "<!DOCTYPE html>\n"), ("mermaid", "flowchart TD\n"), ("svg", "<svg "),
])
def test_forms(type_in: Type, place: Path, form: str, beginning: str) -> None:
    answer = sop(type_in, place, "--format", form)
    assert answer.code == 0
    assert answer.out.startswith(beginning)
    assert answer.out == sop(type_in, place, "--format", form).out


def test_a_file_takes_its_form_from_its_ending(type_in: Type, place: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep/er/chart.svg"
    answer = sop(type_in, place, "早安", "-o", str(target))
    assert (answer.code, answer.out, answer.err) == (0, "", f"写好了 {target}\n")
    assert ElementTree.fromstring(target.read_bytes()).get("role") == "img"


def test_a_folder_gets_one_file_for_each_playbook(type_in: Type, place: Path, tmp_path: Path) -> None:
    sop(type_in, place, "--format", "html", "-o", f"{tmp_path}/out/")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["早安.html", "晚_安.html"]


def test_names_that_would_be_one_file_stay_apart(type_in: Type, place: Path, tmp_path: Path) -> None:
    more = '剧本 "晚:安"\n  每天 20:00\n    去标签 "甲"\n剧本 ".."\n  每天 20:00\n    去标签 "甲"\n'
    (place / "more.sop").write_text(more, encoding="utf-8")
    sop(type_in, place, "-o", f"{tmp_path}/out/")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 4
    assert names[0] == "playbook.txt"


def test_a_file_that_cannot_be_written(type_in: Type, place: Path) -> None:
    answer = sop(type_in, place, "-o", str(place / "qingting.yaml/x.svg"))
    assert answer.code == 3
    assert "C301" in answer.err


def test_a_playbook_with_errors_gives_its_codes(type_in: Type, place: Path) -> None:
    (place / "broken.sop").write_text(BROKEN, encoding="utf-8")
    answer = sop(type_in, place, "坏")
    assert answer.code == 1
    assert "E204 broken.sop:3 " in answer.out
    assert "做什么" not in answer.out
    every = sop(type_in, place, "--json")
    assert every.code == 1
    assert {sheet["playbook"]: sheet["codes"] for sheet in every.json["sheets"]} == {"坏": ["E204"], "早安": [], "晚/安": []}
    assert sop(type_in, place, "早安").code == 0


@pytest.mark.parametrize("form", ["html", "mermaid", "svg", "markdown"])
def test_forms_of_a_playbook_with_errors(type_in: Type, place: Path, form: str) -> None:
    (place / "broken.sop").write_text(BROKEN, encoding="utf-8")
    answer = sop(type_in, place, "坏", "--format", form)
    assert (answer.code, answer.err) == (1, "")


def test_no_playbooks_is_said(type_in: Type, place: Path) -> None:
    (place / "all.sop").unlink()
    answer = sop(type_in, place)
    assert (answer.code, answer.out, answer.err) == (0, "", "工作区里还没有剧本\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_workspace_that_may_only_be_read(type_in: Type, place: Path) -> None:
    place.chmod(0o555)
    try:
        assert sop(type_in, place).code == 0
    finally:
        place.chmod(0o755)


def test_the_library_gives_the_sheet(place: Path) -> None:
    workspace = Workspace.open(place)
    sheet = workspace.sheet("早安", lang="en")
    what = sheet.section("what")
    assert what is not None
    assert [line.text for line in what.lines[0].below] == ["Tag “甲”"]
    with pytest.raises(UsageError) as raised:
        workspace.sheet("没有")
    assert raised.value.code == "C127"
