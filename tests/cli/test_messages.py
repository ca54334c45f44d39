"""Every sentence that the command line says exists in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

from qingting.engine.run.report import REASONS
from qingting.grammar.messages import CATALOGUE, cli, labels

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r'["\']([CNR]\d{3}|T\.[a-z_]+)["\']')


def used_codes() -> set[str]:
    """The codes that the modules of the package name."""
    found: set[str] = set()
    for folder in (ROOT / "engine", ROOT / "terminal"):
        for path in folder.rglob("*.py"):
            found.update(CODE.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_code_has_a_message() -> None:
    assert sorted(code for code in used_codes() if code not in CATALOGUE) == []


def test_no_message_of_the_command_line_is_left_over() -> None:
    computed = ("reason.", "status.", "outcome.", "verdict.", "state.")
    # Error and warning are named after the severity of a diagnostic.
    said = used_codes() | {"T.error", "T.warning"}
    assert [
        code for code in {**cli.MESSAGES, **labels.LABELS} if code not in said and not code.startswith(computed)
    ] == []


def test_every_reason_has_a_word() -> None:
    assert [reason for reason in REASONS if f"reason.{reason}" not in CATALOGUE] == []


def test_both_languages_fill_the_same_places() -> None:
    for code, message in {**cli.MESSAGES, **labels.LABELS}.items():
        assert message.zh, code
        assert message.en, code
        places = [set(re.findall(r"(?<!\{)\{(\w+)\}", text)) for text in (message.zh, message.en)]
        assert places[0] == places[1], code
        hints = [bool(message.hint_zh), bool(message.hint_en)]
        assert hints[0] == hints[1], code
