"""``log archive``, and ``log --archive``, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Type = Callable[..., Any]
EVENING = "2026-11-20T20:00"
LATER = "2026-11-21T12:00"
BEFORE = "2026-11-21"


def test_archive(shop: Path, type_in: Type) -> None:
    assert type_in("run", "--at", EVENING).code == 0
    waiting = type_in("log", "archive", "--before", BEFORE, "--at", LATER)
    assert (waiting.code, waiting.out.splitlines()[0]) == (0, "没有可归档的")
    assert "还在等渠道" in waiting.out
    assert type_in("deliver", "--once", "--at", EVENING).code == 0
    assert type_in("run", "--at", LATER).code == 0
    before = type_in("log", "--json").json["records"]
    preview = type_in("log", "archive", "--before", BEFORE, "--at", LATER, "--preview", "--json").json
    assert (preview["archived"], preview["first"], preview["file"].endswith(f"-{preview['stop']}.db")) == (False, 0, True)
    assert not (shop / "archive").exists()
    done = type_in("log", "archive", "--before", BEFORE, "--at", LATER, "--compact", "--json").json
    assert (done["archived"], done["stop"], done["compacted"]) == (True, preview["stop"], True)
    assert done["store_after"] == (shop / "qingting.db").stat().st_size
    assert "没有可归档的" in type_in("log", "archive", "--before", BEFORE, "--at", LATER).out
    there = type_in("log", "--archive", done["file"], "--json").json["records"]
    assert there + type_in("log", "--json").json["records"] == before
    assert type_in("log", "--lang", "en").out.splitlines()[-1].startswith("these are the records since 2026-11-21 00:00")
    assert type_in("log", "--archive", done["file"], "--member", "M002", "--json").json["records"]
    assert type_in("log", "--archive", done["file"], "--member", "nobody").code == 2
    assert type_in("log", "verify").code == 0
    assert type_in("log", "prove", there[0]["id"]).code == 0
    gone = type_in("explain", "M001", "--dispatch", there[0]["id"])
    assert (gone.code, gone.out) == (2, "")
    assert "D440" in gone.err


def test_what_cannot_be_archived(shop: Path, type_in: Type) -> None:
    assert type_in("run", "--at", EVENING).code == 0
    assert "D446" in type_in("log", "archive", "--before", "2026-11-22", "--at", LATER).err
    assert type_in("log", "archive").code == 2
    wrong = type_in("log", "--archive", "qingting.yaml")
    assert (wrong.code, wrong.out) == (3, "")
    assert "D442" in wrong.err
