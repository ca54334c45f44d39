"""Diagnostics as text and as JSON."""

from __future__ import annotations

from parsing.samples import PRELUDE
from qingting.grammar.messages import render
from qingting.grammar.parser import collect_names, parse_condition, parse_text
from qingting.grammar.report import report, to_json

NAMES = collect_names([PRELUDE])


def test_the_underline_stands_under_wide_characters() -> None:
    text = '剧本 "p"\n  每天 晚8点\n    结束\n'
    _, (found,) = parse_text(text, "a.sop", NAMES)
    assert report(found, text, "zh") == (
        "错误[E130]: “晚8点”不能这样写\n --> a.sop:2:6\n2 |   每天 晚8点\n  |        ^^^^^\n 建议: 写成 20:00"
    )
    assert report(found, text, "en").splitlines()[0] == "error[E130]: 晚8点 cannot be written like this"
    assert "\x1b[" in report(found, text, "en", color=True)


def test_related_lines_are_shown() -> None:
    text = '剧本 "p"\n  草稿\n\t暂停\n'
    _, (found,) = parse_text(text, "a.sop", NAMES)
    assert "2 |   草稿" in report(found, text, "zh")


def test_json_counts_code_points_and_ends_behind_the_span() -> None:
    text = "做过下但至少3次"
    _, (found,) = parse_condition(text, NAMES)
    assert to_json(found, text, "en") == {
        "code": "E120",
        "severity": "error",
        "message": "Cannot read “做过下但至少3次”",
        "file": "<condition>",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 9,
        "hint": "Did you mean: 做过 下单 至少 3 次",
        "fix": {
            "safe": True,
            "edits": [{"line": 1, "column": 1, "end_line": 1, "end_column": 9, "text": "做过 下单 至少 3 次"}],
        },
    }


def test_a_very_long_line_is_shown_in_part() -> None:
    text = " 且 ".join(['有标签 "x"'] * 300) + " 且 积分 > 1万"
    _, (found,) = parse_condition(text, NAMES)
    lines = report(found, text, "zh").splitlines()
    assert max(len(line) for line in lines) < 400
    assert "^^^" in lines[3]


def test_messages_never_fail() -> None:
    assert render("E130", {}, "en") == ("{written} cannot be written like this", "Write {write}")
    assert render("X999", {"a": 1}, "zh") == ("X999 (a=1)", None)
