"""A test made from the store says how a member stands, and nothing that is only theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.cli import run_command

from .conftest import LIBRARY, SETTINGS

PLAYBOOK = """
剧本 "猫粮跟进"
  面向 城市 是 "上海"
    且 昨天 做过 点击 "猫*"
  每天 20:00
    推送 企微 "问候"
    加积分10
"""
FILES = {
    "members": {"id": "13800000000", "姓名": "王丽", "城市": "上海", "到期日": "2026-12-01", "积分": 120, "加好友时间": "2026-01-05"},
    "tags": {"member": "13800000000", "tag": "好友", "since": "2026-02-01 10:00"},
    "coupons": {"member": "13800000000", "coupon": "立减5", "code": "QX-77", "issued": "2026-02-27 10:00"},
    "friends": {"member": "13800000000", "staff": "张三", "since": "2026-01-05"},
    "groups": {"group": "小区3号楼", "member": "13800000000", "since": "2026-02-01"},
}
EVENTS = [
    {"id": "e1", "member": "13800000000", "type": "点击", "at": "2026-03-01 19:00", "subject": "猫粮2kg"},
    {"id": "e2", "member": "13800000000", "type": "下单", "at": "2026-03-01 20:00", "subject": "大女儿的礼物", "amount": 19.9,
     "订单号": "A-13800000000"},
]  # fmt: skip
SECRET = ("13800000000", "王丽", "张三", "小区3号楼", "大女儿的礼物", "QX-77", "e1")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types commands in a workspace with a store."""
    for name, text in (("qingting.yaml", SETTINGS), ("library.sop", LIBRARY), ("shop.sop", PLAYBOOK)):
        (tmp_path / name).write_text(text, encoding="utf-8")

    def typed(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run_command(["-C", str(tmp_path), "--lang", "zh", *arguments], {"LANG": "C.UTF-8"})
        said = capsys.readouterr()
        return code, said.out + (said.err if code else "")

    for kind, rows in {**{kind: [row] for kind, row in FILES.items()}, "events": EVENTS}.items():
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        assert typed("import", kind, str(path), "--backfill", "--at", "2026-03-02T12:00")[0] == 0
    return typed


def test_a_recorded_test_passes_and_holds_nothing_personal(run: Run, tmp_path: Path) -> None:
    code, text = run("test", "--record", "13800000000", "--at", "2026-03-02T20:00")
    assert code == 0
    assert [secret for secret in SECRET if secret in text] == []
    for kept in ("上海", "猫粮2kg", "立减5", "好友", "2026-12-01", "19.9", "points: 120", '推送 企微 "问候"', "加积分10"):
        assert kept in text
    (tmp_path / "m1_test.yaml").write_text(text, encoding="utf-8")
    assert run("test") == (0, "通过 1,没通过 0\n")


def test_it_speaks_of_the_instant_that_was_asked_for(run: Run) -> None:
    _, before = run("test", "--record", "13800000000", "--at", "2026-03-01T12:00")
    assert "猫粮2kg" not in before
    assert "推送" not in before


def test_an_unknown_member_is_usage(run: Run) -> None:
    assert run("test", "--record", "nobody", "--at", "2026-03-01T12:00")[0] == 2


def test_json_holds_the_text(run: Run) -> None:
    code, said = run("test", "--record", "13800000000", "--at", "2026-03-02T20:00", "--json")
    assert (code, json.loads(said)["test"].startswith("playbooks: [shop.sop]\n")) == (0, True)
