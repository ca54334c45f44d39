"""What lint is told of the world around the texts: the clock, the store, the other files."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lint.texts import CALENDAR, LIBRARY, NOW, ZONE
from program.texts import playbook_of
from qingting.cli import run_command
from qingting.engine.linting import Calendar
from qingting.engine.program.clock import from_datetime, iso_local, local_of
from qingting.engine.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = f"timezone: {ZONE}\nchannels:\n  wecom: {{type: console}}\n  sms: {{type: console}}\n"
POLICY = "policy\n  at most 1 push per day per member\n  guard 20%\n"


def workspace(folder: Path, text: str) -> Path:
    (folder / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "shop.sop").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, at: datetime | None = NOW) -> list[str]:
    return [d.code for d in Workspace.check_folder(folder, at=at).diagnostics]


SHOP = """tag "好友"
template "好" on wecom
  text "早上好"
coupon "三张" worth ¥5
  stock 3
playbook "P"
  once per member
  for tagged "好友"
  every day at 10:00
    push wecom "好" with coupon "三张"
"""


def workspace_with_members(folder: Path) -> Workspace:
    """A workspace of five members, four of them friends."""
    folder.mkdir(exist_ok=True)
    ws = Workspace.open(workspace(folder, POLICY + SHOP))
    (folder / "m.csv").write_text("id\n" + "\n".join(f"m{n}" for n in range(5)) + "\n", encoding="utf-8")
    (folder / "t.csv").write_text("member,tag\n" + "\n".join(f"m{n},好友" for n in range(4)) + "\n", encoding="utf-8")
    ws.import_file("members", folder / "m.csv", at=NOW - timedelta(days=1))
    ws.import_file("tags", folder / "t.csv", at=NOW - timedelta(hours=1))
    return ws


def test_the_store_is_asked(tmp_path: Path) -> None:
    ws = workspace_with_members(tmp_path)
    assert told(tmp_path) == ["W445"]
    assert told(tmp_path, NOW - timedelta(hours=2)) == []
    assert told(tmp_path, None) == ["W424"]
    assert [d.code for d in ws.check(at=NOW).diagnostics] == ["W445"]


def test_a_store_that_cannot_be_opened_stops_no_check(tmp_path: Path) -> None:
    folder = workspace(tmp_path, POLICY + SHOP)
    (folder / "qingting.db").write_bytes(b"no database at all" * 100)
    assert told(folder) == ["W424"]


def test_tests_beside_the_playbooks_are_seen(tmp_path: Path) -> None:
    folder = workspace(tmp_path, POLICY + SHOP)
    (folder / "other_test.yaml").write_text("", encoding="utf-8")
    assert told(folder) == ["W424", "W450"]
    (folder / "shop_test.yaml").write_text("", encoding="utf-8")
    assert told(folder) == ["W424"]


@pytest.mark.parametrize("at", [NOW, None])
def test_the_shipped_playbooks_are_silent(tmp_path: Path, at: datetime | None) -> None:
    (tmp_path / "qingting.yaml").write_text("timezone: Asia/Shanghai\nchannels: {企微: {type: console}}\n", encoding="utf-8")
    for path in (ROOT / "playbooks").glob("*.sop"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert told(tmp_path, at) == []


def test_the_command_looks_from_the_instant_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop").mkdir()
    folder = workspace(tmp_path / "shop", POLICY + SHOP.replace("every day at 10:00", "on 2026-12-24 at 10:00"))

    def typed(*arguments: str) -> list[str]:
        environment = {"LANG": "C.UTF-8"}
        assert run_command(["-C", str(folder), "check", "--json", *arguments], environment) == 0
        return [found["code"] for found in json.loads(capsys.readouterr().out)["diagnostics"]]

    before = ("--at", "2026-12-23T00:00")
    assert typed(*before) == ["W424"]
    assert typed("--at", "2026-12-25T00:00") == ["W424", "W415"]
    workspace_with_members(tmp_path / "elsewhere")
    assert typed(*before, "--store", str(tmp_path / "elsewhere" / "qingting.db")) == ["W445"]


def first_of(body: str, *, within: bool) -> str | None:
    playbook = playbook_of(body, LIBRARY)
    after = from_datetime(NOW)
    until = from_datetime(NOW + timedelta(days=732))
    found = next(Calendar(CALENDAR).occurrences(playbook, playbook.blocks[0], after, until, within), None)
    return None if found is None else iso_local(local_of(found, ZONE))


MINUTES = 'playbook "P"\n{}  every 1 minutes{}\n    push wecom "好"\n'


@pytest.mark.parametrize(
    ("header", "limits", "any_time", "inside"),
    [
        ("", "", "2026-11-20T12:01:00", "2026-11-20T12:01:00"),
        ("", ' during activity "新活动"', "2026-12-01T00:00:00", "2026-12-01T00:00:00"),
        ("", ' during activity "旧活动"', None, None),
        ('  during activity "新活动"\n', "", "2026-11-20T12:01:00", "2026-12-01T00:00:00"),
        ('  during activity "旧活动"\n', "", "2026-11-20T12:01:00", None),
        ("  active from 2026-12-24 to 2026-12-25\n", "", "2026-11-20T12:01:00", "2026-12-24T00:00:00"),
        ("", " from 2026-12-24 to 2026-12-25", "2026-12-24T00:00:00", "2026-12-24T00:00:00"),
    ],
)
def test_when_a_schedule_comes_next(header: str, limits: str, any_time: str | None, inside: str | None) -> None:
    body = MINUTES.format(header, limits)
    assert first_of(body, within=False) == any_time
    assert first_of(body, within=True) == inside


WITHOUT = """
import sys
from qingting.engine.settings import Settings
from qingting.engine.sources import program_of
program_of({"a.sop": b'tag "A"'}, Settings(timezone="UTC"))
print([name for name in sys.modules if "program.lint" in name or "engine.linting" in name])
"""


def test_who_does_not_check_does_not_load_lint() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
