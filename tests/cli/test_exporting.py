"""``log export`` and ``log tiles`` on the command line."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from qingting.engine.log.export.lines import columns_for

Type = Callable[..., Any]
EVENING = "2026-11-20T20:00"
LATER = "2026-11-20T20:01"


@pytest.fixture
def sent(shop: Path, type_in: Type) -> Path:
    """The workspace after an evening on which everything went out."""
    assert type_in("run", "--at", EVENING).code == 0
    assert type_in("deliver", "--once", "--at", LATER).code == 0
    return shop


def test_records_to_stdout_and_to_files(sent: Path, type_in: Type, tmp_path: Path) -> None:
    shown = type_in("log", "export")
    assert (shown.code, shown.err) == (0, "")
    lines = [json.loads(line) for line in shown.out.splitlines()]
    assert [line["seq"] for line in lines] == list(range(16))
    assert type_in("log", "--json").json["records"][3]["id"] == lines[3]["id"]
    told = type_in("log", "export", "--out", str(tmp_path / "log.csv"))
    assert told.out == f"已导出到 {tmp_path / 'log.csv'}:记录 11 条,投递 5 条,抹除 0 条\n"
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["leaf"] for row in csv.DictReader(file)] == [line["leaf"] for line in lines]
    done = type_in("log", "export", "--out", str(tmp_path / "log.parquet"), "--json").json
    assert (done["records"], done["deliveries"], done["file_format"], done["size"], done["masked"]) == (11, 5, "parquet", None, True)
    assert pyarrow.parquet.read_table(tmp_path / "log.parquet").num_rows == 16
    again = type_in("log", "export", "--out", str(tmp_path / "log.csv"))
    assert (again.code, again.out) == (2, "")
    assert "D423" in again.err
    assert type_in("log", "export", "--out", str(tmp_path / "log.csv"), "--force").code == 0


def test_filters_and_names(sent: Path, type_in: Type, tmp_path: Path) -> None:
    member = type_in("log", "--status", "queued", "--reveal", "--json").json["records"][0]["member_id"]
    chosen = [json.loads(line) for line in type_in("log", "export", "--member", member).out.splitlines()]
    assert [line["kind"] for line in chosen] == ["record", "record", "delivery"]
    assert member not in json.dumps(chosen)
    told = type_in("log", "export", "--member", member, "--reveal", "--out", str(tmp_path / "one.jsonl"), "--lang", "en")
    assert told.out.splitlines()[-1] == "it holds outside ids and the channels' own words: keep it safe"
    assert member in (tmp_path / "one.jsonl").read_text(encoding="utf-8")
    until = type_in("log", "export", "--until", "2026-11-20T20:00")
    assert (until.code, until.out) == (0, "")
    assert type_in("log", "export", "--since", "gestern").code == 2


def test_with_proofs(sent: Path, type_in: Type) -> None:
    first, *lines = (json.loads(line) for line in type_in("log", "export", "--proofs").out.splitlines())
    assert (first["kind"], first["size"], len(lines)) == ("checkpoint", 16, 16)
    assert {len(line["path"]) for line in lines} == {4}


def test_publishing_and_verifying(sent: Path, type_in: Type, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    told = type_in("log", "tiles", str(folder))
    assert (told.code, told.out) == (0, f"{folder} 已到第 16 条,写了 4 个文件\n")
    assert type_in("log", "tiles", str(folder), "--lang", "en").out == f"{folder} is up to date with 16 entries\n"
    key = type_in("log", "key").out.strip()
    # Whoever verifies has neither workspace nor store.
    shutil.rmtree(sent)
    sound = type_in("log", "verify", "--tiles", str(folder), "--key", key, place=tmp_path)
    assert (sound.code, sound.err) == (0, "")
    assert "16" in sound.out
    known = type_in("log", "verify", "--tiles", str(folder), "--key", key, "--json", place=tmp_path).json
    assert (known["sound"], known["records"], known["deliveries"], known["witnesses"]) == (True, 11, 5, [])
    (folder / "tile/entries/000.p/16").write_bytes(b"")
    wrong = type_in("log", "verify", "--tiles", str(folder), "--key", key, place=tmp_path)
    assert (wrong.code, wrong.out) == (1, "")
    assert "D431" in wrong.err
    assert type_in("log", "verify", "--tiles", str(folder), "--key", key, "--json", place=tmp_path).json["sound"] is False


def test_parquet_is_asked_for_only_where_it_is_written(
    sent: Path, type_in: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    missing = type_in("log", "export", "--out", str(tmp_path / "log.parquet"))
    assert missing.code == 3
    assert "S217" in missing.err
    assert list(tmp_path.glob("*parquet*")) == []
    assert type_in("log", "export", "--out", str(tmp_path / "log.csv")).code == 0


def test_the_program_of_the_page(sent: Path, type_in: Type, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    path = tmp_path / "audit.jsonl"
    assert type_in("log", "export", "--proofs", "--out", str(path)).code == 0

    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-I", tmp_path / "check.py", path], capture_output=True, text=True, check=False)

    assert checked().stdout == "16 entries are what the checkpoint signs\n"
    text = path.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    for place, key in ((1, "path"), (2, "entry"), (3, "header"), (-1, "answer"), (0, "root")):
        value = lines[place][key]
        other = value[::-1] if key == "path" else value[:-2] + f"{int(value[-2:], 16) ^ 1:02x}"
        changed = [{**line, key: other} if line is lines[place] else line for line in lines]
        path.write_text("".join(json.dumps(line) + "\n" for line in changed), encoding="utf-8")
        assert "AssertionError" in checked().stderr, key


def test_the_page_names_every_key(sent: Path, type_in: Type) -> None:
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    table = page[page.index("| key | form |") : page.index("The bytes are those")]
    named = re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines()[2:] if row))
    assert named == [column.name for column in columns_for(reveal=True, proofs=True)]
