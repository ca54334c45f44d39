"""``report experiments`` on the command line; ``report tasks`` is with the work of staff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]
TEXT = """
剧本 "试验"
  面向 客户号 开头是 "x"
  转化目标 做过 下单 最长2天
  定时 2026-11-20 20:00
    分流 "诱饵"
      50% "红包"
        打标签 "红包组"
      50% 对照组
标签 "红包组"
"""


@pytest.fixture
def tried(shop: Path, type_in: Type) -> Type:
    """A workspace in which ten members took part in an experiment, and some reached its goal."""
    for path in shop.rglob("*.sop"):
        path.unlink()
    (shop / "trial.sop").write_text(TEXT + "事件 下单\n", encoding="utf-8")
    members = "id\n" + "".join(f"x{n}\n" for n in range(10))
    orders = "id,member,type,at\n" + "".join(f"trial{n},x{n},下单,2026-11-21 10:00\n" for n in (0, 1, 2))
    for kind, text, at in (("members", members, "2026-11-20T13:00"), ("events", orders, "2026-11-21T11:00")):
        path = shop / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        if kind == "events":
            assert type_in("run", "--at", "2026-11-20T20:00").code == 0
        assert type_in("import", kind, str(path), "--at", at).code == 0
    assert type_in("run", "--at", "2026-11-22T20:00").code == 0
    return type_in


def test_as_json(tried: Type) -> None:
    (found,) = tried("report", "experiments", "--at", "2026-11-23T10:00", "--json").json["experiments"]
    arms = found.pop("arms")
    assert found == {"playbook": "试验", "goal": "goal did 下单 since entry up to 2 days", "other_goals": 0}
    everybody, lured, idle = arms
    # Wilson's interval of 3 in 10, as published tables have it.
    assert everybody == {
        "kind": "entered", "arm": None, "entered": 10, "reached": 3, "rate": {"value": 0.3, "low": 0.107791, "high": 0.603222},
        "lift": None, "open": 0, "open_reached": 0,
    }
    assert [(arm["kind"], arm["arm"]) for arm in (lured, idle)] == [("arm", "红包"), ("arm_holdout", None)]
    assert (lured["entered"] + idle["entered"], lured["reached"] + idle["reached"]) == (10, 3)
    assert lured["lift"]["value"] == round(lured["rate"]["value"] - idle["rate"]["value"], 6)
    assert lured["lift"]["low"] < lured["lift"]["value"] < lured["lift"]["high"]


def test_as_text(tried: Type) -> None:
    lines = tried("report", "experiments", "--at", "2026-11-23T10:00").out.splitlines()
    assert lines[0] == "试验  转化目标 进入后 做过 下单 最长2天"
    assert lines[1].split() == ["分组", "已到期", "达成", "达成率(95%区间)", "比对照组多(95%区间)", "未到期", "其中已达成"]
    assert lines[2].split() == ["进入的", "10", "3", "30.0%", "(10.8", "…", "60.3)", "0", "0"]
    assert [line.split()[0] for line in lines[3:]] == ["分流", "分流对照组"]
    english = tried("report", "experiments", "--at", "2026-11-23T10:00", "--lang", "en").out
    assert "rate (95% interval)" in english
    assert "entered" in english


def test_a_while_in_which_nobody_entered_and_a_workspace_without_goals(tried: Type, shop: Path) -> None:
    late = tried("report", "experiments", "--since", "2026-11-21", "--at", "2026-11-23T10:00", "--json").json
    assert [arm["entered"] for arm in late["experiments"][0]["arms"]] == [0]
    (shop / "trial.sop").write_text(TEXT.replace("最长2天", "最长3天") + "事件 下单\n", encoding="utf-8")
    assert "另有 10 次进入" in tried("report", "experiments", "--at", "2026-11-23T10:00").err
    (shop / "trial.sop").write_text(TEXT.replace("  转化目标 做过 下单 最长2天\n", "") + "事件 下单\n", encoding="utf-8")
    answer = tried("report", "experiments", "--at", "2026-11-23T10:00")
    assert (answer.code, answer.out, answer.err) == (0, "", "没有写转化目标的剧本\n")
