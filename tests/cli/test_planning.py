"""Plans on the command line: written down, carried out, compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import EVENING, Type

LATER = "2026-11-20T20:06"


def tag(type_in: Type, shop: Path, member: str, name: str) -> None:
    (shop / "more.csv").write_text(f"member,tag\n{member},{name}\n", encoding="utf-8")
    assert type_in("import", "tags", str(shop / "more.csv"), "--at", "2026-11-20T19:00").code == 0


def test_a_plan_is_written_and_carried_out(type_in: Type, shop: Path) -> None:
    path = str(shop / "evening.plan")
    planned = type_in("plan", "--at", EVENING, "--out", path, "--json")
    assert planned.code == 0
    done = type_in("run", "--plan", path, "--at", LATER, "--json")
    assert done.code == 0
    assert done.json["plan"] == planned.json["plan"] == json.loads(Path(path).read_bytes())["id"]
    assert done.json["records"] == planned.json["records"] > 0
    again = type_in("run", "--plan", path, "--at", LATER, "--json")
    assert (again.code, again.json["error"]["code"]) == (4, "C277")


def test_a_plan_that_moved_shows_what(type_in: Type, shop: Path) -> None:
    path = str(shop / "evening.plan")
    assert type_in("plan", "--at", EVENING, "--out", path).code == 0
    gone = type_in("plan", "--at", EVENING, "--members", "--json").json["playbooks"][0]["steps"][0]["members"][0]
    tag(type_in, shop, gone, "退订")
    told = type_in("run", "--plan", path, "--at", LATER)
    assert told.code == 4
    assert "不再得到" in told.out
    assert gone not in told.out
    assert "C282" in told.err
    body = type_in("run", "--plan", path, "--at", LATER, "--members", "--json").json
    assert body["error"]["code"] == "C282"
    assert body["moved"]["totals"]["no_longer"] == 2
    (push, _) = body["moved"]["steps"]
    assert [(one["member"], one["now"]) for one in push["members"]["no_longer"]] == [(gone, "never_push")]


def test_a_comparison(type_in: Type, shop: Path, tmp_path: Path) -> None:
    was = tmp_path / "was"
    (was / "playbooks").mkdir(parents=True)
    for name in ("qingting.yaml", "playbooks/first.sop"):
        (was / name).write_text((shop / name).read_text("utf-8").replace("20:00", "19:00"), encoding="utf-8")
    body = type_in("plan", "--at", EVENING, "--against", str(was), "--json").json["against"]
    assert body["version"] == str(was)
    assert body["commit"] is None
    assert body["totals"] == {"newly": 0, "no_longer": 0, "time": 10, "content": 0, "reason": 0}
    assert [part["kind"] for part in body["parts"]] == ["playbooks"]
    (schedule,) = body["schedules"]
    assert (schedule["before"][0][11:16], schedule["after"][0][11:16]) == ("19:00", "20:00")
    told = type_in("plan", "--at", EVENING, "--against", str(was))
    assert "2026-11-20 19:00→20:00" in told.out


def test_a_plan_tells_volumes_and_what_is_coming(type_in: Type) -> None:
    body = type_in("plan", "--at", EVENING, "--json", "--no-funnel").json
    assert body["volumes"]["channels"] == [{"channel": "wecom", "pushes": 5}]
    assert body["playbooks"][0]["funnel"] == []
    assert body["next"][0]["at"] == "2026-11-21T20:00:00+08:00"
    told = type_in("plan", "--at", EVENING).out
    assert "抽样" in told
    assert "2026-11-20 20:00 +08:00     5" in told


def test_a_guard_tells_its_numbers(type_in: Type, shop: Path) -> None:
    file = shop / "playbooks/first.sop"
    text = file.read_text("utf-8")
    assert "熔断" in text
    file.write_text(text.replace("熔断 50%", "熔断 2人"), encoding="utf-8")
    assert "熔断 2人" in file.read_text("utf-8")
    told = type_in("plan", "--at", EVENING)
    assert told.code == 4
    assert "熔断:5 人,上限 2" in told.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("plan", "--out", "x", "--playbook", "猫粮跟进"), "C284"),
        (("plan", "--out", "x", "--against", "HEAD"), "C284"),
        (("run", "--plan", "x", "--watch"), "C284"),
        (("run", "--plan", "x", "--accept-restored", "2026-11-20T20:00"), "C284"),
        (("run", "--members"), "C285"),
    ],
)
def test_what_does_not_go_together(type_in: Type, words: tuple[str, ...], code: str) -> None:
    told = type_in(*words, "--json")
    assert (told.code, told.json["error"]["code"]) == (2, code)
