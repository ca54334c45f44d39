"""``task`` and ``report``: the work of staff on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]
TEXT = """
剧本 "回访"
  面向 跟进人 有值
  每天 20:00
    派任务 "给 {{ 姓名 | default: '客户' }} 打电话" 限2小时内完成
    提醒店长 "看一下 {{ 姓名 | default: '客户' }}"
"""
STAFF = "id,name,manager\nzs,张三,boss\nboss,店长甲,\n"
MEMBERS = "id,name,staff\nt1,王芳,zs\nt2,,李四\n"
LATER = "2026-11-20T21:00"
NIGHT = "2026-11-20T23:00"


@pytest.fixture
def work(shop: Path, type_in: Type) -> Type:
    """A workspace in which staff were given work."""
    (shop / "staff_work.sop").write_text(TEXT, encoding="utf-8")
    for kind, text in (("staff", STAFF), ("members", MEMBERS)):
        path = shop / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        assert type_in("import", kind, str(path), "--at", "2026-11-20T12:00").code == 0
    assert type_in("run", "--at", "2026-11-20T20:00").code == 0
    return type_in


def listed(work: Type, *options: str, at: str = LATER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work("task", "list", *options, "--at", at, "--json").json["tasks"]
    return found


def test_listed_as_text(work: Type) -> None:
    lines = work("task", "list", "--at", LATER).out.splitlines()
    assert lines[0].split() == ["编号", "要做的事", "客户", "跟进人", "期限", "状态"]
    assert [line.split()[1:] for line in lines[1:]] == [
        ["给", "王芳", "打电话", "t1", "张三", "2026-11-20", "22:00", "+08:00", "未完成"],
        ["给", "客户", "打电话", "t2", "李四", "2026-11-20", "22:00", "+08:00", "未完成"],
    ]
    assert "overdue" in work("task", "list", "--at", NIGHT, "--lang", "en").out


def test_listed_as_json(work: Type) -> None:
    first, _ = listed(work)
    assert first.pop("id")
    assert first == {
        "kind": "task", "title": "给 王芳 打电话", "member": "t1", "staff": "zs", "staff_name": "张三", "playbook": "回访",
        "step": "task \"给 {{ 姓名 | default: 'x' }} 打电话\"".replace("'x'", "'客户'"), "state": "open",
        "given": "2026-11-20T20:00:00+08:00", "due": "2026-11-20T22:00:00+08:00", "done": None, "late": False, "else": None,
    }


def test_filters(work: Type) -> None:
    assert [task["member"] for task in listed(work, "--staff", "张三")] == ["t1"]
    assert [task["member"] for task in listed(work, "--staff", "李四")] == ["t2"]
    assert [task["member"] for task in listed(work, "--member", "t2")] == ["t2"]
    assert listed(work, "--overdue") == []
    assert [task["state"] for task in listed(work, "--overdue", at=NIGHT)] == ["overdue", "overdue"]
    assert [(task["staff"], task["title"]) for task in listed(work, "--alerts")] == [("boss", "看一下 王芳"), (None, "看一下 客户")]
    nothing = work("task", "list", "--staff", "谁", "--at", LATER)
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "没有这样的活\n")


def test_done_and_open_again(work: Type) -> None:
    one = listed(work)[0]["id"]
    assert work("task", "done", one[:8], "--at", LATER).out == "已完成 1 件\n"
    again = work("task", "done", one, "--at", LATER, "--json")
    assert again.json == {"format": 1, "command": "task", "changed": [], "unchanged": [one]}
    assert [task["member"] for task in listed(work)] == ["t2"]
    (done,) = listed(work, "--done")
    assert (done["id"], done["state"], done["done"], done["late"]) == (one, "done", "2026-11-20T21:00:00+08:00", False)
    assert work("who", "任务 \"给 {{ 姓名 | default: '客户' }} 打电话\" 已完成", "--at", LATER).out == "t1\n"
    assert work("task", "reopen", one, "--at", NIGHT).out == "重新打开 1 件\n"
    assert [task["state"] for task in listed(work, at=NIGHT)] == ["overdue", "overdue"]


@pytest.mark.parametrize(("arguments", "code"), [
    (("done",), "C203"), (("reopen",), "C203"), (("list", "abc"), "C205"), (("done", "ffffff"), "D301"), (("stop",), "C227"),
])
def test_mistakes(work: Type, arguments: tuple[str, ...], code: str) -> None:
    answer = work("task", *arguments, "--at", LATER, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, code)


def test_one_wrong_id_settles_nothing(work: Type) -> None:
    one = listed(work)[0]["id"]
    assert work("task", "done", one, "ffffff", "--at", LATER).code == 2
    assert len(listed(work)) == 2


def test_a_change_of_staff_moves_it(work: Type, shop: Path) -> None:
    path = shop / "moved.csv"
    path.write_text("id,staff\nt1,李四\n", encoding="utf-8")
    work("import", "members", str(path), "--at", "2026-11-20T21:30")
    assert {task["staff"] for task in listed(work, at="2026-11-20T21:30")} == {"李四"}
    assert {task["staff"] for task in listed(work)} == {"zs", "李四"}


def test_numbers_for_each_person(work: Type) -> None:
    one = listed(work)[0]["id"]
    work("task", "done", one, "--at", NIGHT)
    answer = work("report", "tasks", "--at", NIGHT, "--json").json
    assert answer["tasks"] == [
        {"staff": "zs", "staff_name": "张三", "given": 1, "done": 1, "done_late": 1, "open": 0, "overdue": 0},
        {"staff": "李四", "staff_name": None, "given": 1, "done": 0, "done_late": 0, "open": 1, "overdue": 1},
    ]
    lines = work("report", "tasks", "--at", NIGHT).out.splitlines()
    assert [line.split() for line in lines] == [
        ["跟进人", "派出", "完成", "其中逾期完成", "未完成", "其中已逾期"],
        ["张三", "1", "1", "1", "0", "0"], ["李四", "1", "0", "0", "1", "1"],
    ]
    assert work("report", "tasks", "--since", NIGHT, "--at", NIGHT).out == ""
    assert work("report", "tasks", "--until", LATER, "--at", NIGHT, "--json").json["tasks"] == answer["tasks"]
