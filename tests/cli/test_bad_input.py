"""Bad input, command by command: a clear message with its place, the exit code as specified, nothing half written."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

NOON = "2026-11-20T12:00"
EVENING = "2026-11-20T20:00"
CONDITION = '有标签 "企微好友"'
Type = Callable[..., Any]
LOOKS: dict[str, tuple[str, ...]] = {
    "who": ("who", CONDITION, "--at", EVENING),
    "next": ("next", "--at", EVENING),
    "plan": ("plan", "--at", EVENING),
    "explain": ("explain", "M002", "--at", EVENING),
    "log": ("log",),
}
WRITES: dict[str, tuple[str, ...]] = {
    "import": ("import", "members", "{shop}/data/members.csv", "--at", EVENING),
    "run": ("run", "--at", EVENING),
    "deliver": ("deliver", "--once", "--at", EVENING),
}
COMMANDS = {"check": ("check",), **LOOKS, **WRITES}
NOISE = random.Random(1).randbytes(10_000_000)
PRINTABLE = NOISE.hex()[:10_000_000].encode()


@dataclass(frozen=True)
class Fault:
    """Something wrong in a workspace: how it is made, the exit code of each command, and what the message names."""

    name: str
    make: Callable[[Path], None]
    codes: dict[str, int]
    says: str = ""


def _write(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda shop: (shop / name).write_bytes(data) and None


def _broken_link(shop: Path) -> None:
    (shop / "playbooks/lost.sop").symlink_to(shop / "nowhere.sop")


def _directory_for_settings(shop: Path) -> None:
    (shop / "qingting.yaml").unlink()
    (shop / "qingting.yaml").mkdir()


def _directory_for_store(shop: Path) -> None:
    (shop / "qingting.db").unlink()
    (shop / "qingting.db").mkdir()


def _no_store(shop: Path) -> None:
    for path in shop.glob("qingting.db*"):
        path.unlink()


def _all(code: int, **others: int) -> dict[str, int]:
    return {**dict.fromkeys(COMMANDS, code), **others}


PARENTHESES = f'分群 "深"\n  {"(" * 2000}有标签 "企微好友"{")" * 2000}\n'.encode()
FAULTS = (
    Fault("file that cannot be read", _broken_link, _all(3, log=0), "lost.sop"),
    Fault("folder for qingting.yaml", _directory_for_settings, _all(3), "qingting.yaml"),
    Fault("folder for the store", _directory_for_store, _all(3, check=0), "qingting.db"),
    Fault("no store", _no_store, _all(3, check=0, next=0, **{"import": 0}, run=0), "qingting.db"),
    Fault("not a database", _write("qingting.db", b"id,name\n" * 2000), _all(3, check=0), "qingting.db"),
    Fault("noise for a database", _write("qingting.db", NOISE), _all(3, check=0), "qingting.db"),
    Fault("wrong encoding", _write("playbooks/gbk.sop", '分群 "甲"'.encode("gbk")),
          _all(1, who=0, next=0, explain=0, log=0, plan=1), "gbk.sop"),
    Fault("noise for a playbook", _write("playbooks/noise.sop", NOISE), _all(1, who=0, next=0, explain=0, log=0),
          "noise.sop"),
    Fault("printable noise for a playbook", _write("playbooks/noise.sop", PRINTABLE),
          _all(1, who=0, next=0, explain=0, log=0), "noise.sop"),
    Fault("2,000 parentheses", _write("playbooks/deep.sop", PARENTHESES), _all(1, who=0, next=0, explain=0, log=0),
          "deep.sop:2"),
    Fault("noise for qingting.yaml", _write("qingting.yaml", NOISE), _all(1), "qingting.yaml:1"),
    Fault("deep qingting.yaml", _write("qingting.yaml", b"a: " + b"[" * 2000), _all(1), "qingting.yaml:1"),
    Fault("unknown zone", _write("qingting.yaml", b"timezone: Mars/Base\n"), _all(1), "Mars/Base"),
    Fault("unknown key", _write("qingting.yaml", b"timezone: UTC\nzone: UTC\n"), _all(1), "qingting.yaml:2:1"),
    Fault("repeated key", _write("qingting.yaml", b"timezone: UTC\ntimezone: UTC\n"), _all(1), "qingting.yaml:2:1"),
)  # fmt: skip
QUICK = ("check", "run")
CELLS = [
    pytest.param(fault, command, id=f"{fault.name}-{command}", marks=[] if command in QUICK else [pytest.mark.slow])
    for fault in FAULTS
    for command in COMMANDS
]


def contents(shop: Path) -> dict[str, bytes]:
    """Every file that a command could have changed."""
    kept = ("qingting.db", ".qingting/fence", "outbox")
    return {name: (shop / name).read_bytes() for name in kept if (shop / name).is_file()}


@pytest.mark.parametrize(("fault", "command"), CELLS)
def test_fault_of_a_workspace(type_in: Type, shop: Path, fault: Fault, command: str) -> None:
    fault.make(shop)
    before = contents(shop)
    answer = type_in(*(word.format(shop=shop) for word in COMMANDS[command]))
    assert answer.code == fault.codes[command], answer
    assert "Traceback" not in answer.out + answer.err
    if answer.code:
        assert fault.says in (answer.out + answer.err) or command in ("plan", "run")
    if answer.code == 3 or command in LOOKS:
        assert contents(shop) == before


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "command"), CELLS)
def test_fault_of_a_workspace_in_json(type_in: Type, shop: Path, fault: Fault, command: str) -> None:
    fault.make(shop)
    answer = type_in("--json", *(word.format(shop=shop) for word in COMMANDS[command]))
    assert answer.code == fault.codes[command], answer
    assert answer.json["format"] == 1


FILES = {
    "missing": (None, 3),
    "noise": (NOISE, 3),
    "printable noise": (PRINTABLE, 3),
    "wrong encoding": ("id,城市\nN1,上海\n".encode("gbk"), 3),
    "no id": ("name,城市\n王,上海\n".encode(), 3),
    "empty": (b"", 3),
    "unknown column": (b"id,colour\nN1,red\n", 3),
    "repeated column": (b"id,id\nN1,N2\n", 3),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_cannot_be_imported(type_in: Type, shop: Path, name: str) -> None:
    data, code = FILES[name]
    path = shop / "new.csv"
    if data is not None:
        path.write_bytes(data)
    before = type_in("who", "客户号 有值", "--count", "--at", EVENING).out
    answer = type_in("import", "members", str(path), "--at", NOON)
    assert answer.code in (2, code), answer
    assert "Traceback" not in answer.err
    assert type_in("who", "客户号 有值", "--count", "--at", EVENING).out == before


def test_folder_for_an_import(type_in: Type, shop: Path) -> None:
    (shop / "folder.csv").mkdir()
    assert type_in("import", "members", str(shop / "folder.csv")).code == 3


ROWS = {
    "30 February": ("members", "id,生日\nN1,2001-02-30\n"),
    "unknown zone": ("members", "id,timezone\nN1,Mars/Base\n"),
    "no id": ("members", "id,城市\n,上海\n"),
    "unknown member": ("tags", "member,tag\nnobody,退订\n"),
    "unknown tag": ("tags", "member,tag\nM001,没有\n"),
    "bare number for an instant": ("events", "id,member,type,at\ne9,M001,点击,1763600000\n"),
    "30 February for an instant": ("events", "id,member,type,at\ne9,M001,点击,2026-02-30T10:00\n"),
    "a third decimal": ("events", "id,member,type,at,amount\ne9,M001,下单,2026-11-01T10:00,1.234\n"),
}


@pytest.mark.parametrize("name", ROWS)
def test_row_that_is_rejected_by_its_line(type_in: Type, shop: Path, name: str) -> None:
    kind, text = ROWS[name]
    (shop / "rows.csv").write_text(text, encoding="utf-8")
    answer = type_in("import", kind, str(shop / "rows.csv"), "--at", NOON, "--json")
    assert answer.code == 0
    assert [entry["line"] for entry in answer.json["rejected"]] == [2]
    assert answer.json["added"] == 0


def test_naive_instants_are_read_in_the_workspace_zone(type_in: Type, shop: Path) -> None:
    (shop / "rows.csv").write_text("id,member,type,at\ne9,M001,点击,2026-11-20T10:00\n", encoding="utf-8")
    assert type_in("import", "events", str(shop / "rows.csv"), "--at", NOON, "--json").json["added"] == 1
    seen = ("who", "1小时内 做过 点击", "--count", "--at")
    assert type_in(*seen, "2026-11-20T12:30").out == "0\n"
    assert type_in(*seen, "2026-11-20T03:01:00Z").out == "0\n"


def test_the_same_id_with_other_content_is_a_conflict(type_in: Type, shop: Path) -> None:
    rows = "id,member,type,at,subject\nc1,M001,点击,2026-11-01T10:00,别的\n"
    (shop / "rows.csv").write_text(rows, encoding="utf-8")
    answer = type_in("import", "events", str(shop / "rows.csv"), "--at", NOON, "--json")
    assert [entry["line"] for entry in answer.json["conflicts"]] == [2]


@pytest.mark.parametrize(
    "line",
    [
        ("who", "(" * 2000 + CONDITION + ")" * 2000),
        ("who", PRINTABLE[:100_000].decode()),
        ("who", "生日 2026-02-30当天"),
        ("who", ""),
        ("who", "\0"),
        ("who", "\ud800"),
        ("next", "定时 2026-02-30 20:00"),
        ("next", "每月30号、31号 25:00"),
        ("next", 'cron "0 0 30 2 *"'),
        ("next", "(" * 2000),
    ],
    ids=lambda line: f"{line[0]} {line[1][:12]!a}",
)
def test_text_of_the_command_line_that_cannot_be_read(type_in: Type, line: tuple[str, ...]) -> None:
    answer = type_in(*line, "--json", "--at", EVENING)
    assert answer.code == 1, answer
    assert answer.json["diagnostics"][0]["line"] == 1


@pytest.mark.parametrize("at", ["2026-02-30", "2026-11-20T25:00", "1763600000", "now", "", "2026-11-20T10:00+99:00"])
def test_instants_that_cannot_be_read(type_in: Type, at: str) -> None:
    for command in LOOKS.values():
        if "--at" in command:
            assert type_in(*command[:-1], at).code == 2
    assert type_in("log", "--since", at).code == 2
    assert type_in("run", "--at", at).code == 2


def test_30_february_in_a_playbook(type_in: Type, shop: Path) -> None:
    (shop / "playbooks/more.sop").write_text('分群 "甲"\n  加好友时间 2026-02-30之前\n', encoding="utf-8")
    (diagnostic,) = type_in("check", "--json").json["diagnostics"]
    assert (diagnostic["file"], diagnostic["line"]) == ("playbooks/more.sop", 2)
