"""A shop with one playbook in the evening, and a way to plan, change something, and carry the plan out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qingting.engine.answers import RunAnswer
from qingting.engine.planning.carrying_out import Moved, PlanMoved
from qingting.engine.planning.plan_file import Plan, read_plan
from qingting.grammar.diagnostics import QingtingError
from workspaces import Shop, when

Open = Callable[[str], Shop]
EVENING = "2026-11-20 20:05"
BEFORE = "2026-11-20 19:00"
PUSH = 'push "问候"'
TAG = 'tag "已触达"'
TEXT = """
剧本 "晚安"
  面向 有标签 "好友"
  每天 20:00
    推送 企微 "问候"
    打标签 "已触达"
"""


def plan_of(shop: Shop, at: str = EVENING, name: str = "evening.plan", **options: Any) -> Path:
    """The file of a plan."""
    path = shop.root / name
    shop.plan(at, out=path, **options)
    return path


def carry_out(shop: Shop, path: Path, now: str = EVENING, **options: Any) -> RunAnswer:
    """Carries a plan out."""
    return shop.ws.run_plan(path, now=when(now), **options)


def refusal(shop: Shop, path: Path, now: str = EVENING) -> QingtingError:
    """Why a plan is not carried out; nothing of the store may have changed."""
    before = shop.dump()
    with pytest.raises(QingtingError) as refused:
        carry_out(shop, path, now)
    assert shop.dump() == before
    return refused.value


def moved(shop: Shop, path: Path, now: str = EVENING) -> Moved:
    """What moved since a plan, which is refused for that."""
    found = refusal(shop, path, now)
    assert isinstance(found, PlanMoved), found
    assert (found.code, found.exit_code) == ("C282", 4)
    return found.moved


def numbers(found: Moved, step: str = PUSH) -> dict[str, int]:
    """How many decisions of a step moved, by how."""
    return next({name: number for name, number in s.numbers.items() if number} for s in found.steps if s.step == step)


def plan_in(path: Path) -> Plan:
    """The plan that a file holds."""
    return read_plan(path)
