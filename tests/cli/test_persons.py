"""``erase`` and ``merge`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Type = Callable[..., Any]
EVENING = "2026-11-20T20:00"
LATER = "2026-11-20T21:00"


def test_erase(shop: Path, type_in: Type) -> None:
    assert type_in("run", "--at", EVENING).code == 0
    member = "M002"
    record = type_in("log", "--member", member, "--json").json["records"][0]
    preview = type_in("erase", member, "--preview", "--json").json
    assert (preview["members"], preview["erased"]) == (1, False)
    assert preview["known"]["records"] == 2
    told = type_in("erase", member, "--preview").out.splitlines()
    assert told[0].split() == ["内容", "条数"]
    assert told[-1] == "会抹除:客户 1 位,客户号 1 个;去掉 --preview 才真的抹除"
    done = type_in("erase", member, "--at", LATER, "--json")
    assert (done.code, done.json["erased"], done.json["clean"]) == (0, True, True)
    assert done.json["known"] == preview["known"]
    assert member.encode() not in (shop / "qingting.db").read_bytes()
    again = type_in("erase", member, "--at", LATER)
    assert (again.code, again.out) == (2, "")
    assert "C128" in again.err
    assert type_in("explain", member, "--at", LATER).code == 2
    # Whoever asks for the record cannot know the id.
    explained = type_in("explain", "-", "--dispatch", record["id"], "--lang", "en")
    assert "the member's data were erased on 2026-11-20T21:00:00+08:00" in explained.out
    shown = type_in("log", "--json").json["records"]
    assert record in [{**each, "delivery": None} for each in shown]
    assert type_in("erase", "--clean", "--json").json["clean"] is True
    assert type_in("erase", "--clean", "--lang", "en").out == "nothing that was deleted is left in the file\n"


def test_what_cannot_be_erased(type_in: Type) -> None:
    assert "C291" in type_in("erase").err
    assert "C292" in type_in("erase", "M001", "--clean").err


def test_merge(type_in: Type) -> None:
    told = type_in("merge", "M001", "--into", "M002", "--at", EVENING)
    assert (told.code, told.out) == (0, "M001 已并入 M002\n")
    again = type_in("merge", "M001", "--into", "M002", "--at", EVENING, "--lang", "en")
    assert again.out == "M001 was merged into M002 before; nothing has changed\n"
    assert type_in("merge", "M001", "--into", "M002", "--json").json["merged"] is False
    assert "M001" not in type_in("who", '客户号 不是 "x"', "--at", LATER).out.split()
    assert "M001 was merged" not in type_in("explain", "M002", "--at", LATER, "--lang", "en").out
    assert "was merged into M002" in type_in("explain", "M001", "--at", LATER, "--lang", "en").out
    wrong = type_in("merge", "M002", "--into", "M001")
    assert (wrong.code, wrong.out) == (2, "")
    assert "C295" in wrong.err
    assert type_in("merge", "M003").code == 2
