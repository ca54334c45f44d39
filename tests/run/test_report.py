"""The report as data: the keys that scripts read."""

from __future__ import annotations

import json

import pytest
from qingting.engine.run.report import (
    Blocked,
    CouponStock,
    FunnelLine,
    GuardReport,
    PlaybookReport,
    RunReport,
    StepReport,
    Timeliness,
)

STEP = StepReport('push "话术"', "push", 6, 3, {"cap": 1}, {"holdout": 2}, None)
PLAYBOOK = PlaybookReport(
    "剧本", "ab12", "Asia/Shanghai", "live", (0,), (), 6, 1, 0, 2, {"finished": 4}, (FunnelLine(1, "有标签", 9),), (STEP,),
    (CouponStock("券", 5, 2),), GuardReport(10, 6, False), schedules=Timeliness(1), items=Timeliness(0, 2, 3), late_by=90_000_000,
)


def report(*blocked: Blocked, run: str | None = "r1", earlier: int | None = None) -> RunReport:
    return RunReport(0, "Asia/Shanghai", run, (PLAYBOOK,), blocked, 6, earlier)


def test_keys_of_a_run() -> None:
    assert report().to_json().keys() == {"at", "run", "playbooks", "blocked", "records"}
    assert report(run=None).to_json().keys() == {"at", "playbooks", "blocked", "records"}
    assert report(earlier=0).to_json()["last_run"] == "1970-01-01T08:00:00+08:00"


def test_a_playbook_in_full() -> None:
    (playbook,) = json.loads(report().to_text())["playbooks"]
    assert playbook == {
        "playbook": "剧本", "version": "ab12", "state": "live", "occurrences": ["1970-01-01T08:00:00+08:00"], "missed": [],
        "unknown_days": [],
        "entered": 6, "duplicate": 1, "late": 0, "in_flight": 2, "left": {"finished": 4},
        "late_by_seconds": 90,
        "timeliness": {
            "occurrences": {"on_time": 1, "late": 0, "skipped": 0}, "items": {"on_time": 0, "late": 2, "skipped": 3},
        },
        "funnel": [{"line": 1, "text": "有标签", "left": 9}],
        "steps": [{
            "step": 'push "话术"', "action": "push", "audience": 6, "dispatched": 3, "deferred": {"cap": 1},
            "suppressed": {"holdout": 2},
        }],
        "stock": [{"coupon": "券", "before": 5, "after": 2}], "redpackets": [], "budgets": [],
        "guard": {"limit": 10, "reached": 6, "tripped": False},
    }


@pytest.mark.parametrize(
    ("blocked", "body", "code"),
    [
        (Blocked("a", "check", ("E101",)), {"playbook": "a", "reason": "check", "codes": ["E101"]}, 1),
        (
            Blocked("a", "guard", limit=5, reached=6),
            {"playbook": "a", "reason": "guard", "codes": [], "limit": 5, "reached": 6},
            4,
        ),
        (Blocked("a", "failed", where="x.py:1"), {"playbook": "a", "reason": "failed", "codes": [], "where": "x.py:1"}, 1),
    ],
)
def test_a_blocked_playbook_and_the_exit_code(blocked: Blocked, body: dict[str, object], code: int) -> None:
    assert blocked.to_json() == body
    assert report(blocked).exit_code == code


def test_a_guard_outranks_other_reasons_and_none_is_fine() -> None:
    assert report(Blocked("a", "check"), Blocked("b", "guard", limit=1, reached=2)).exit_code == 4
    assert report().exit_code == 0
