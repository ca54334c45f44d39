"""``qingting fmt``: what is written, listed and shown, and with which exit codes."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qingting.engine import formatting
from qingting.engine.settings import read_settings
from qingting.engine.sources import load_program
from qingting.grammar.formatter import format_text

Type = Callable[..., Any]
UNTIDY = '剧本   "试一试"\n    面向 有标签“企微好友”  # 所有好友\n    每天 20点\n        打标签 "企微好友"\n'
TIDY = '剧本 "试一试"\n  面向 有标签 "企微好友"  # 所有好友\n  每天 20:00\n    打标签 "企微好友"\n'
ENGLISH = 'playbook "试一试"\n  for tagged "企微好友"  # 所有好友\n  every day at 20:00\n    tag "企微好友"\n'


@pytest.fixture
def untidy(shop: Path) -> Path:
    """A file that formatting changes, among files that it does not."""
    for path in shop.rglob("*.sop"):
        path.write_text(format_text(path.read_text(encoding="utf-8")).text, encoding="utf-8")
    place = shop / "playbooks" / "try.sop"
    place.write_text(UNTIDY, encoding="utf-8")
    return place


def say(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_workspace_is_written(type_in: Type, untidy: Path) -> None:
    answer = type_in("fmt", environment={"QINGTING_LANG": "zh"})
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == "已改写 playbooks/try.sop"
    assert untidy.read_text(encoding="utf-8") == TIDY
    before = untidy.stat().st_mtime_ns
    assert type_in("fmt").code == 0
    assert untidy.stat().st_mtime_ns == before


def test_check_lists_and_writes_nothing(type_in: Type, untidy: Path) -> None:
    answer = type_in("fmt", "--check")
    assert (answer.code, answer.out) == (1, "playbooks/try.sop\n")
    assert untidy.read_text(encoding="utf-8") == UNTIDY
    untidy.write_text(TIDY, encoding="utf-8")
    assert (type_in("fmt", "--check").code, type_in("fmt", "--check").out) == (0, "")


def test_diff_shows_and_writes_nothing(type_in: Type, untidy: Path) -> None:
    answer = type_in("fmt", "--diff")
    assert answer.code == 0
    assert '-剧本   "试一试"\n' in answer.out
    assert '+剧本 "试一试"\n' in answer.out
    assert untidy.read_text(encoding="utf-8") == UNTIDY
    assert type_in("fmt", "--diff", "--check").code == 1


def test_only_the_chosen_files(type_in: Type, untidy: Path, shop: Path) -> None:
    other = shop / "other.sop"
    other.write_text('标签   "随便"\n', encoding="utf-8")
    assert type_in("fmt", str(untidy)).code == 0
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert other.read_text(encoding="utf-8") == '标签   "随便"\n'
    assert type_in("fmt", "--check", str(shop / "playbooks")).code == 0


def test_a_language_is_asked_for_in_words_only(type_in: Type, untidy: Path) -> None:
    """The language of messages, however it is set otherwise, translates no file."""
    assert type_in("fmt", environment={"QINGTING_LANG": "en"}).code == 0
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert type_in("fmt", "--lang", "en", str(untidy)).code == 0
    assert untidy.read_text(encoding="utf-8") == ENGLISH
    assert type_in("--lang", "zh", "fmt", str(untidy)).code == 0
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_the_whole_workspace_there_and_back(type_in: Type, untidy: Path, shop: Path) -> None:
    settings, _ = read_settings((shop / "qingting.yaml").read_text(encoding="utf-8"))
    assert settings is not None
    type_in("fmt", "--lang", "zh")
    texts = {path: path.read_text(encoding="utf-8") for path in shop.rglob("*.sop")}
    digest = load_program(shop, settings).program.digest
    assert type_in("fmt", "--lang", "en").code == 0
    assert texts != {path: path.read_text(encoding="utf-8") for path in texts}
    assert load_program(shop, settings).program.digest == digest
    assert type_in("fmt", "--lang", "zh").code == 0
    assert texts == {path: path.read_text(encoding="utf-8") for path in texts}


def test_mistakes_leave_a_file_as_it_is(type_in: Type, untidy: Path, shop: Path) -> None:
    broken = shop / "broken.sop"
    broken.write_text('标签   "a\n', encoding="utf-8")
    answer = type_in("fmt", "--lang", "zh")
    assert answer.code == 1
    assert "E102" in answer.err
    assert "broken.sop:1:6" in answer.err
    assert broken.read_text(encoding="utf-8") == '标签   "a\n'
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_bytes_that_are_no_text(type_in: Type, shop: Path) -> None:
    (shop / "bytes.sop").write_bytes(b"\xff\xfe")
    answer = type_in("fmt", "--json")
    assert answer.code == 1
    assert [each["code"] for each in answer.json["diagnostics"]] == ["E101"]


def test_json(type_in: Type, untidy: Path) -> None:
    answer = type_in("fmt", "--check", "--diff", "--json").json
    assert (answer["command"], answer["changed"], answer["diagnostics"]) == ("fmt", 1, [])
    (changed,) = [file for file in answer["files"] if file["changed"]]
    assert changed["file"] == "playbooks/try.sop"
    assert changed["diff"].startswith("--- playbooks/try.sop\n+++ playbooks/try.sop\n")


def test_stdin(type_in: Type, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(UNTIDY, monkeypatch)
    answer = type_in("fmt", "-")
    assert (answer.code, answer.out, answer.err) == (0, TIDY, "")
    say(UNTIDY, monkeypatch)
    assert type_in("fmt", "-", "--json", "--lang", "en").json["files"] == [
        {"file": "<stdin>", "changed": True, "text": ENGLISH}
    ]
    say(UNTIDY, monkeypatch)
    answer = type_in("fmt", "-", "--check")
    assert (answer.code, answer.out) == (1, "<stdin>\n")


def test_stdin_that_does_not_parse(type_in: Type, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say('标签 "a\n', monkeypatch)
    answer = type_in("fmt", "-")
    assert (answer.code, answer.out) == (1, "")
    assert "<stdin>:1:4" in answer.err
    assert "E102" in answer.err


def test_stdin_stands_alone(type_in: Type, untidy: Path) -> None:
    answer = type_in("fmt", "-", str(untidy))
    assert answer.code == 2
    assert "C233" in answer.err


def test_without_a_workspace(type_in: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "nowhere"
    place.mkdir()
    assert type_in("fmt", place=place).code == 3
    (place / "a.sop").write_text(UNTIDY, encoding="utf-8")
    assert type_in("fmt", str(place / "a.sop"), place=place).code == 0
    assert (place / "a.sop").read_text(encoding="utf-8") == TIDY
    say(UNTIDY, monkeypatch)
    assert type_in("fmt", "-", place=place).out == TIDY


def test_paths_outside_and_missing(type_in: Type, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.sop").write_text("", encoding="utf-8")
    assert type_in("fmt", str(tmp_path / "outside.sop")).code == 2
    assert type_in("fmt", str(shop / "missing.sop")).code == 3


def test_nothing_is_written_where_the_program_would_change(
    type_in: Type, untidy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second proof, of the whole workspace: it is asked for where a name loses its quotes, which other files may notice."""
    requoted = '属性 "城市二" 文本\n'
    monkeypatch.setattr(formatting, "_says_something_else", lambda *_: True)
    assert type_in("fmt", "--check").code == 1
    assert "F102" not in type_in("fmt", "--check").err
    untidy.write_text(requoted, encoding="utf-8")
    answer = type_in("fmt", "--json")
    assert answer.code == 1
    assert [each["code"] for each in answer.json["diagnostics"]] == ["F102"]
    assert untidy.read_text(encoding="utf-8") == requoted


def test_a_name_that_loses_its_quotes_is_proven_for_the_workspace(type_in: Type, untidy: Path) -> None:
    untidy.write_text('属性 "城市二" 文本\n', encoding="utf-8")
    assert type_in("fmt").code == 0
    assert untidy.read_text(encoding="utf-8") == "属性 城市二 文本\n"
