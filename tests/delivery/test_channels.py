"""The built-in channels and the way to others."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path

import pytest
from qingting.engine.delivery.channels import (
    ChannelConfig,
    ChannelEnvironment,
    Message,
    MessagePart,
    channel_config,
    open_channels,
)
from qingting.engine.delivery.channels.protocol import Answer, Askable
from qingting.grammar.diagnostics import CannotRun, UsageError


def message(number: int, text: str = "你好", attempt: int = 1) -> Message:
    key = f"{number:064x}"
    parts = (MessagePart("link", "https://shop.example", "店"),)
    return Message(key, key[:20], "wecom", f"m{number}", text, parts, "marketing", attempt)


def opened(tmp_path: Path, kind: str, stream: io.StringIO | None = None, **options: str):
    environment = ChannelEnvironment(tmp_path, stream or io.StringIO())
    return open_channels([ChannelConfig("wecom", kind, options)], environment)["wecom"]


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_console_shows_messages(tmp_path: Path) -> None:
    stream = io.StringIO()
    channel = opened(tmp_path, "console", stream)
    answers = channel.send([message(1, "第一行\n第二\x1b[31m行")])
    assert [answer.outcome for answer in answers] == ["sent"]
    assert stream.getvalue() == (
        "wecom → m1  [00000000000000000000]\n  第一行\n  第二 [31m行\n  link: https://shop.example (店)\n"
    )
    assert not isinstance(channel, Askable)


def test_a_file_gets_each_key_once(tmp_path: Path) -> None:
    channel = opened(tmp_path, "file", path="out/wecom.jsonl")
    path = tmp_path / "out" / "wecom.jsonl"
    assert [a.outcome for a in channel.send([message(1), message(2)])] == ["sent", "sent"]
    assert [a.outcome for a in channel.send([message(2), message(3)])] == ["sent", "sent"]
    again = opened(tmp_path, "file", path="out/wecom.jsonl")
    again.send([message(1), message(4)])
    channel.send([message(4), message(5)])
    assert [line["to"] for line in lines(path)] == ["m1", "m2", "m3", "m4", "m5"]
    assert lines(path)[0] == {
        "key": f"{1:064x}",
        "id": "0" * 20,
        "channel": "wecom",
        "to": "m1",
        "text": "你好",
        "parts": [{"kind": "link", "value": "https://shop.example", "title": "店", "page": None}],
        "category": "marketing",
    }


def test_a_file_says_what_it_got(tmp_path: Path) -> None:
    channel = opened(tmp_path, "file", path="out.jsonl")
    assert isinstance(channel, Askable)
    channel.send([message(1)])
    other = opened(tmp_path, "file", path="out.jsonl")
    assert other.ask([message(1).key, message(2).key]) == [Answer("sent", "0" * 20), None]


def test_a_line_cut_off_by_a_crash_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    opened(tmp_path, "file", path="out.jsonl").send([message(1), message(2)])
    whole = path.read_bytes()
    for cut in (1, 5, 40):
        path.write_bytes(whole[:-cut])
        channel = opened(tmp_path, "file", path="out.jsonl")
        assert channel.ask([message(1).key, message(2).key])[1] is None
        channel.send([message(1), message(2)])
        assert path.read_bytes() == whole


def test_a_file_emptied_meanwhile_is_read_anew(tmp_path: Path) -> None:
    channel = opened(tmp_path, "file", path="out.jsonl")
    channel.send([message(1)])
    (tmp_path / "out.jsonl").write_text("not json\n[]\n")
    assert channel.ask([message(1).key]) == [None]


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "blocked").mkdir()
    channel = opened(tmp_path, "file", path="blocked")
    with pytest.raises(CannotRun) as raised:
        channel.send([message(1)])
    assert (raised.value.code, raised.value.params["name"]) == ("D105", "wecom")


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("console", {"path": "x"}, "D104"),
        ("file", {}, "D103"),
        ("file", {"path": "x", "pfad": "y"}, "D104"),
        ("fax", {}, "D101"),
    ],
)
def test_wrong_configuration(tmp_path: Path, kind: str, options: dict, code: str) -> None:
    with pytest.raises(UsageError) as raised:
        opened(tmp_path, kind, **options)
    assert raised.value.code == code


def test_the_delivery_mode_is_taken_out_of_the_options() -> None:
    assert channel_config("sms", "file", {"path": "x"}).delivery == "at_most_once"
    assert channel_config("sms", "file", {"delivery": "at_least_once"}) == ChannelConfig(
        "sms", "file", {}, "at_least_once"
    )
    with pytest.raises(UsageError, match="D106"):
        channel_config("sms", "file", {"delivery": "often"})


def test_other_packages_register_channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "faxline-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: faxline\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[qingting.channels]\nfax = faxline:open_fax\nbroken = faxline:nothing\n")
    (tmp_path / "faxline.py").write_text(
        "def open_fax(config, environment):\n    return (config.name, config.options)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    assert opened(tmp_path, "fax", number="1") == ("wecom", {"number": "1"})
    with pytest.raises(CannotRun, match="D102"):
        opened(tmp_path, "broken")
    with pytest.raises(UsageError) as raised:
        opened(tmp_path, "telex")
    assert "broken, console, fax, file" in str(raised.value.params["known"])
