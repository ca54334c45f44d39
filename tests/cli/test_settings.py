"""qingting.yaml: texts stay as they are, and what is wrong is shown where it stands."""

from __future__ import annotations

import pytest
from qingting.engine.settings import read_settings, resolve_secrets
from qingting.grammar.source import LineIndex


def test_scalars_keep_their_text() -> None:
    text = "timezone: UTC\nsources:\n  orders: {path: 007, at: 12:30, on: no, empty: ~}\n"
    settings, diagnostics = read_settings(text)
    assert diagnostics == ()
    assert settings is not None
    assert settings.sources["orders"] == {"path": "007", "at": "12:30", "on": "no", "empty": "~"}


def test_channels_have_canonical_names() -> None:
    settings, _ = read_settings(
        "timezone: UTC\nchannels:\n  企微: {type: file, path: out.jsonl}\n  email: {type: console}"
    )
    assert settings is not None
    assert {name: channel.type for name, channel in settings.channels.items()} == {"wecom": "file", "email": "console"}
    assert settings.channels["wecom"].options == {"path": "out.jsonl"}


def test_holidays_in_both_forms() -> None:
    short, _ = read_settings("timezone: UTC\nholidays: CN")
    long, _ = read_settings("timezone: UTC\nholidays: {calendar: CN, days: {2026-11-12: off, 2026-11-14: work}}")
    assert short is not None
    assert short.holidays.name == "CN"
    assert long is not None
    assert {day.isoformat(): kind for day, kind in long.holidays.days.items()} == {
        "2026-11-12": "off", "2026-11-14": "work",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "C105", 1, 1),
        ("store: a.db", "C105", 1, 1),
        ("timezone: Mars/Base", "C106", 1, 11),
        ("timezone: ../../etc/passwd", "C106", 1, 11),
        ("timezone: UTC\nstore:", "C107", 2, 7),
        ("timezone: UTC\ncurrency: ¥", "C108", 2, 11),
        ("timezone: UTC\nlanguage: fr", "C112", 2, 11),
        ("timezone: UTC\ntime zone: UTC", "C109", 2, 1),
        ("timezone: UTC\ntimezone: UTC", "C110", 2, 1),
        ("timezone: [UTC]", "C111", 1, 11),
        ("- timezone", "C104", 1, 1),
        ("timezone: UTC\nchannels: wecom", "C104", 2, 11),
        ("timezone: UTC\nchannels:\n  wecom: {path: x}", "C114", 3, 10),
        ("timezone: UTC\nchannels:\n  wecom: {type: file}\n  企微: {type: file}", "C110", 4, 7),
        ("timezone: UTC\nchannels:\n  wecom: {type: x, secret: abc}", "C115", 3, 28),
        ("timezone: UTC\nholidays: {calendar: CN, days: {2026-02-30: off}}", "C113", 2, 45),
        ("timezone: UTC\nholidays: {calendar: CN, days: {2026-02-28: maybe}}", "C112", 2, 45),
        ("timezone: UTC\nholidays: XX", "C116", 2, 11),
        ("timezone: UTC\n\tstore: x", "C102", 2, 1),
        ("timezone: 'UTC", "C102", 1, 14),
        ("a: " + "[" * 2000, "C103", 1, 1),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(text: str, code: str, line: int, column: int) -> None:
    settings, diagnostics = read_settings(text)
    assert settings is None
    place = LineIndex(text).position(diagnostics[0].span.start)
    assert (diagnostics[0].code, *place) == (code, line, column)


def test_secrets_come_from_the_environment() -> None:
    text = "timezone: UTC\nchannels:\n  wecom: {type: x, secret: '${SHOP_SECRET}'}"
    settings, diagnostics = read_settings(text)
    assert diagnostics == ()
    assert settings is not None
    written = settings.channels["wecom"].options["secret"]
    assert written == "${SHOP_SECRET}"
    assert resolve_secrets(written, {"SHOP_SECRET": "s"}) == ("s", ())
    assert resolve_secrets(written, {}) == ("${SHOP_SECRET}", ("SHOP_SECRET",))
