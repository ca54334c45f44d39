"""``qingting explain`` at the terminal: what is missing, and the question turned round."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Type = Callable[..., Any]
EVENING = "2026-11-20T20:00"
PLAYBOOK = "猫粮跟进"


def test_what_is_missing_stands_under_the_test(shop: Path, type_in: Type) -> None:
    shown = type_in("explain", "M005", "--at", EVENING, "--lang", "en").out
    assert "→ missing: 1 more 点击 \"猫*\"; counts from 2026-11-21 Saturday" in shown
    told = type_in("explain", "M005", "--at", EVENING, "--json", "--lang", "zh").json
    tree = told["playbooks"][0]["blocks"][0]["tree"]
    clicked = next(child for child in tree["children"] if not child["true"])
    assert [part["kind"] for part in clicked["missing"]] == ["event"]
    assert clicked["missing"][0]["values"] == {"subject": "猫"}
    assert tree["missing"] == clicked["missing"]


def test_who_got_nothing_of_a_playbook(shop: Path, type_in: Type) -> None:
    assert type_in("run", "--at", EVENING).code == 0
    suppressed = type_in("log", "--status", "suppressed", "--reveal", "--json").json["records"]
    assert suppressed
    (group,) = type_in("explain", "--playbook", PLAYBOOK, "--json").json["groups"]
    assert (group["reason"], group["members"]) == ("never_push", len(suppressed))
    assert all(record["member_id"] not in json.dumps(group) for record in suppressed)
    revealed = type_in("explain", "--playbook", PLAYBOOK, "--reveal", "--json").json["groups"]
    assert revealed[0]["to"][0]["member_ids"] == sorted(record["member_id"] for record in suppressed)
    shown = type_in("explain", "--playbook", PLAYBOOK, "--reason", "never_push", "--lang", "zh").out
    assert f"{len(suppressed)} 人,没有输给谁" in shown
    assert "没有这样的记录" in type_in("explain", "--playbook", PLAYBOOK, "--reason", "cap", "--lang", "zh").out


def test_an_unknown_playbook_is_said(shop: Path, type_in: Type) -> None:
    typed = type_in("explain", "--playbook", "没有", "--lang", "en")
    assert (typed.code, typed.out) == (2, "")
    assert "C127" in typed.err
