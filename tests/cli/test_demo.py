"""The demo's shop is lifelike, the same every time, and its two days show every kind of outcome."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from qingting.terminal.commands.demo import ARRIVALS, NEWCOMERS, OPENS, SEED
from qingting.terminal.demo.shop import generate_shop

ROOT = Path(__file__).resolve().parents[2]
Type = Callable[..., Any]


def test_the_shop_is_the_same_for_the_same_seed() -> None:
    shop = generate_shop(200, OPENS, NEWCOMERS, SEED)
    assert generate_shop(200, OPENS, NEWCOMERS, SEED) == shop
    assert generate_shop(200, OPENS, NEWCOMERS, SEED + 1) != shop
    ids = [happening.id for happening in shop.happenings]
    assert len(set(ids)) == len(ids)
    joined = {customer.id: customer.joined for customer in shop.customers}
    assert all(happening.at >= joined[happening.member] for happening in shop.happenings)
    assert max(happening.at for happening in shop.happenings) < OPENS + timedelta(days=2)
    assert {happening.type for happening in shop.happenings} == {"点击", "下单", "分享"}


def test_the_shipped_playbooks_have_no_problems(tmp_path: Path) -> None:
    from qingting import Workspace

    settings = "timezone: Asia/Shanghai\nchannels:\n  企微: {type: console}\n"
    (tmp_path / "qingting.yaml").write_text(settings, encoding="utf-8")
    for path in (ROOT / "playbooks").glob("*.sop"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    answer = Workspace.open(tmp_path).check()
    assert answer.diagnostics == ()
    assert answer.playbooks == 5


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The demo of a smaller shop: its workspace and its steps."""
    import io
    from contextlib import redirect_stdout

    from qingting.cli import run_command

    folder = tmp_path_factory.mktemp("demo") / "shop"
    stream = io.StringIO()
    with redirect_stdout(stream):
        code = run_command(["demo", "--members", "900", "--folder", str(folder), "--json", "--lang", "zh"], {})
    assert code == 0
    return folder, json.loads(stream.getvalue())["steps"]


@pytest.mark.slow
def test_the_demo_goes_through(told: tuple[Path, list[dict[str, Any]]]) -> None:
    _, steps = told
    assert {step["exit"] for step in steps} == {0}
    used = Counter(step["arguments"][0] for step in steps)
    assert set(used) == {"import", "check", "who", "next", "plan", "run", "deliver", "explain", "log"}
    assert used["import"] == 3 * len(ARRIVALS)
    assert [step["output"]["rejected"] for step in steps if step["output"].get("rejected")] == []


@pytest.mark.slow
def test_the_demo_shows_every_kind_of_outcome(told: tuple[Path, list[dict[str, Any]]]) -> None:
    _, steps = told
    runs = [step["output"] for step in steps if step["arguments"][0] == "run"]
    parts = [part for run in runs for playbook in run["playbooks"] for part in playbook["steps"]]
    reasons = {reason for part in parts for reason in part["suppressed"]}
    assert {"never_push", "holdout", "cap"} <= reasons
    assert any(part["deferred"] for part in parts)
    assert all(
        part["audience"] == part["dispatched"] + sum(part["deferred"].values()) + sum(part["suppressed"].values())
        for part in parts
    )
    assert {playbook["playbook"] for run in runs for playbook in run["playbooks"] if playbook["entered"]} == {
        "分享有礼", "新客旅程", "沉睡唤回", "猫粮跟进", "生日祝福",
    }  # fmt: skip


@pytest.mark.slow
def test_the_demo_sends_each_message_once(told: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, steps = told
    lines = (folder / "outbox/wecom.jsonl").read_text(encoding="utf-8").splitlines()
    sent = sum(step["output"]["sent"] for step in steps if step["arguments"][0] == "deliver")
    assert len({json.loads(line)["key"] for line in lines}) == len(lines) == sent
