"""``qingting test`` on the command line, and the page about it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from qingting.cli import run_command

PAGE = (Path(__file__).resolve().parents[2] / "docs/testing.md").read_text(encoding="utf-8")
(EXAMPLE, *_) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
SHOP = """
event click
event order
tag "企微好友"
tag "退订"
tag "兴趣:猫粮"
template "猫粮种草" on wecom
  text "今晚猫粮专场"
coupon "满100减20" worth ¥20 off ¥100
  stock 1000
policy
  timezone Asia/Shanghai
  never push members who tagged "退订"
playbook "猫粮跟进"
  for tagged "企微好友"
    and did click "猫*" yesterday
    and did not order "猫粮2kg" within 7 days
  every day at 20:00
    push wecom "猫粮种草" with coupon "满100减20"
    tag "兴趣:猫粮"
"""
WRONG = """
playbooks: [cat.sop]
now: 2026-11-21 20:00
members:
  u1: {tags: [企微好友], events: [{click: 猫粮, at: 1 day ago}]}
cases:
- name: 少写一样
  expect:
    u1: [push wecom "猫粮种草" with coupon "满100减20"]
- {name: 没有的剧本, at: 1 day later, expect: {u1: []}}
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with the example of the page."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "qingting.yaml").write_text("timezone: Asia/Shanghai\nchannels: {wecom: {type: console}}\n", encoding="utf-8")
    (folder / "cat.sop").write_text(SHOP, encoding="utf-8")
    (folder / "cat_test.yaml").write_text(EXAMPLE, encoding="utf-8")
    return folder


@pytest.fixture
def run(shop: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Types ``qingting test`` in the workspace; the exit code and all that it says."""

    def typed(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run_command(["-C", str(shop), "--lang", "zh", "test", *arguments], {"LANG": "C.UTF-8"})
        said = capsys.readouterr()
        return code, said.out + said.err

    return typed


def test_the_example_of_the_page_passes(run: Run) -> None:
    assert run() == (0, "通过 2,没通过 0\n")


def test_tests_leave_the_workspace_as_it_is(run: Run, shop: Path) -> None:
    before = sorted(path.relative_to(shop).as_posix() for path in shop.rglob("*"))
    assert run()[0] == 0
    assert sorted(path.relative_to(shop).as_posix() for path in shop.rglob("*")) == before


def test_a_failure_shows_place_difference_and_explanation(run: Run, shop: Path) -> None:
    (shop / "wrong_test.yaml").write_text(WRONG, encoding="utf-8")
    code, said = run(str(shop / "wrong_test.yaml"))
    assert code == 1
    lines = said.splitlines()
    assert lines[:3] == [
        "没通过 wrong_test.yaml:7 少写一样", "  不该有、有了:", '    + wrong_test.yaml:9  u1: 打标签 "兴趣:猫粮"  (猫粮跟进)',
    ]  # fmt: skip
    assert '✓ 昨天 做过 click "猫*"  [1]' in said
    assert lines[-1] == "通过 1,没通过 1"


def test_json_holds_cases_and_differences(run: Run, shop: Path) -> None:
    (shop / "wrong_test.yaml").write_text(WRONG, encoding="utf-8")
    code, said = run("--json")
    answer: dict[str, Any] = json.loads(said)
    assert (code, answer["command"], answer["passed"], answer["failed"]) == (1, "test", 3, 1)
    assert [(case["file"], case["line"], case["passed"]) for case in answer["cases"]] == [
        ("cat_test.yaml", 7, True), ("cat_test.yaml", 11, True), ("wrong_test.yaml", 7, False), ("wrong_test.yaml", 10, True),
    ]  # fmt: skip
    (difference,) = answer["cases"][2]["differences"]
    assert difference == {
        "kind": "unexpected", "member": "u1", "text": '打标签 "兴趣:猫粮"', "line": 9, "column": 10, "playbook": "猫粮跟进",
        "step": 'tag "兴趣:猫粮"',
    }  # fmt: skip
    assert answer["cases"][2]["explanations"][0]["member"] == "u1"


def test_junit_is_written_for_build_servers(run: Run, shop: Path, tmp_path: Path) -> None:
    (shop / "wrong_test.yaml").write_text(WRONG, encoding="utf-8")
    (shop / "zz_test.yaml").write_text("now: soon\ncases: []\n", encoding="utf-8")
    assert run("--junit", str(tmp_path / "report.xml"))[0] == 1
    suites = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in suites] == [
        ("cat_test.yaml", "2", "0", "0"), ("wrong_test.yaml", "2", "1", "0"), ("zz_test.yaml", "0", "0", "1"),
    ]  # fmt: skip
    (failure,) = suites.iter("failure")
    assert "兴趣:猫粮" in (failure.text or "")


def test_a_file_that_is_not_right_fails_and_the_others_are_played(run: Run, shop: Path) -> None:
    (shop / "aa_test.yaml").write_text("now: soon\ncases: []\n", encoding="utf-8")
    code, said = run()
    assert code == 1
    assert "错误[C402]" in said
    assert said.endswith("通过 2,没通过 1\n")


def test_what_cannot_be_called_so_is_usage(run: Run, shop: Path) -> None:
    assert run("--run", "(")[0] == 2
    assert run("nowhere_test.yaml")[0] == 3
    shutil.copy(shop / "cat_test.yaml", shop.parent / "other_test.yaml")
    assert run(str(shop.parent / "other_test.yaml"))[0] == 2


def test_a_workspace_whose_declarations_are_broken_is_not_tested(run: Run, shop: Path) -> None:
    (shop / "zz.sop").write_text("policy\n  never push members who tagged\n", encoding="utf-8")
    code, said = run()
    assert (code, "C124" in said) == (1, True)


def test_no_tests_are_no_failure(run: Run, shop: Path) -> None:
    (shop / "cat_test.yaml").unlink()
    code, said = run()
    assert (code, said.splitlines()[-1]) == (0, "通过 0,没通过 0")
