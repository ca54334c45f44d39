"""``check --format``: what other programs read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from qingting.cli import run_command
from qingting.grammar.diagnostics import Diagnostic, Span
from qingting.grammar.messages import render
from qingting.grammar.messages.gallery import SETTINGS_TEXT
from qingting.grammar.report import report
from qingting.grammar.source import LineIndex
from qingting.terminal.diagnostics import compact_lines, github_lines
from qingting.terminal.sarif import sarif_log

# Three mistakes: behind a character outside the basic plane, on a line of its own, and a warning.
TEXT = '标签 "😀" // 说明\n分群 "甲"\n  积分 >= 1万\n话术 "乙" 用于 企微\n  正文 "{{ 城市 }}"\n属性 城市 文本\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "qingting.yaml").write_text(SETTINGS_TEXT, encoding="utf-8")
    (tmp_path / "a, b:100%.sop").write_text(TEXT, encoding="utf-8")
    return tmp_path


def typed(capsys: pytest.CaptureFixture[str], shop: Path, *words: str) -> tuple[int, str]:
    code = run_command(["check", *words, "-C", str(shop), "--lang", "zh"], {"PATH": os.environ["PATH"]})
    return code, capsys.readouterr().out


def test_compact(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = typed(capsys, shop, "--format", "compact")
    assert code == 1
    assert [line for line in out.splitlines() if "[E" in line] == [
        "a, b:100%.sop:1:8: error[E169] 这里的说明用了“//”开头",
        "a, b:100%.sop:3:9: error[E130] “1万”不能这样写",
    ]
    assert "a, b:100%.sop:5:10: warning[W404]" in out


def test_a_message_of_several_lines_is_one_line_in_compact() -> None:
    found = Diagnostic("E220", "error", "a\nb.sop", Span(0, 1), {"name": "x\ny", "where": "b\u2028c"})
    (line,) = compact_lines([found], {"a\nb.sop": "x"}, "zh")
    assert line.isprintable()


def test_github(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = typed(capsys, shop, "--format", "github")
    assert "::error file=a%2C b%3A100%25.sop,line=3,endLine=3,col=9,endColumn=11,title=E130::“1万”不能这样写%0A写成 10000" in out
    assert all(line.startswith(("::error ", "::warning ")) for line in out.splitlines())


def test_github_escapes_what_its_runner_reads() -> None:
    found = Diagnostic("E220", "error", "a.sop", Span(0, 5), {"name": "50%\r\n,:", "where": "b.sop:1"})
    (line,) = github_lines([found], {"a.sop": "ab\ncd"}, "en")
    assert line.startswith('::error file=a.sop,line=1,endLine=2,col=1,title=E220::"50%25%0D%0A,:" is declared')


def test_json_is_the_envelope_of_the_json_option(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(capsys, shop, "--format", "json") == typed(capsys, shop, "--json")


def test_json_tells_the_fix(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(typed(capsys, shop, "--json")[1])["diagnostics"]
    assert found[0]["fix"] == {
        "safe": True, "edits": [{"line": 1, "column": 8, "end_line": 1, "end_column": 10, "text": "#"}]
    }


def test_json_tells_what_was_mended(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(typed(capsys, shop, "--fix", "--json")[1])
    assert [(c["line"], c["after"], c["codes"]) for c in answer["changes"]] == [
        (1, '标签 "😀" # 说明', ["E169"]), (3, "积分 >= 10000", ["E130"])
    ]
    assert [d["code"] for d in answer["diagnostics"] if d["severity"] == "error"] == []


def test_two_formats_at_once_are_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = typed(capsys, shop, "--json", "--format", "sarif")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "C225"


@pytest.fixture
def log(shop: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(typed(capsys, shop, "--format", "sarif")[1])
    return answer


def test_sarif_has_what_the_standard_asks_for(log: dict[str, Any]) -> None:
    """Sections 3.13.2 (version), 3.14.6 (tool), 3.19.2 (name), 3.49.3 (rule id), 3.27.11 (message)."""
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "qingting"
    assert run["columnKind"] == "utf16CodeUnits"
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert all("{" not in rule["shortDescription"]["text"] for rule in rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning"}


def test_sarif_counts_utf16_units_and_writes_paths_as_uris(log: dict[str, Any]) -> None:
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%2C%20b%3A100%25.sop", "uriBaseId": "SRCROOT"}
    # The face takes two units.
    assert place["region"] == {"startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 11}


def test_sarif_tells_the_fix(log: dict[str, Any]) -> None:
    (fix,) = log["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 11},
            "insertedContent": {"text": "#"},
        }
    ]


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    log = sarif_log([], {}, "en", "1.0")
    assert json.loads(json.dumps(log))["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("line", "part", "marks"),
    [
        ("属性 城市 文体", "文体", " " * 10 + "^^^^"),
        ('标签 "😀" 归人', "归人", " " * 10 + "^^^^"),
        ("e\u0301te\u0301 x", "x", " " * 4 + "^"),
        ("ｈａｌｆ x", "x", " " * 9 + "^"),
        ("ㄅㄆㄇ x", "x", " " * 7 + "^"),
        ("한국어 x", "x", " " * 7 + "^"),
        ("城\u200b市 x", "x", " " * 6 + "^"),
        ("\tx", "x", " ^"),
    ],
)
def test_the_marks_stand_under_their_part(line: str, part: str, marks: str) -> None:
    start = line.index(part)
    found = Diagnostic("E115", "error", "a.sop", Span(start, start + len(part)), {"written": part})
    shown, below = report(found, line, "zh").splitlines()[2:4]
    assert below.removeprefix("  | ") == marks
    assert shown.startswith("1 | ")


def test_a_hint_stands_behind_the_marks() -> None:
    found = Diagnostic("E130", "error", "a.sop", Span(0, 2), {"written": "1万", "write": "10000"})
    assert report(found, "1万", "zh").endswith(f"\n 建议: {render('E130', found.params, 'zh')[1]}")
    assert LineIndex("1万").utf16_position(2) == (0, 2)
