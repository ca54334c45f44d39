"""Scenarios in which many rules stand together: four playbooks of different priorities that vie for the same members.

Caps, quiet hours, stock, a limit per member, holdout, re-entry, consent, splits, waits, goals and exits are all there, and the
day is short: what the clock brings in the evening comes close to quiet hours, and a cap leaves room for one or two pushes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from oracle.playing import outcomes_alone
from oracle.scenarios import FEATURES, LEFT, Maker, Scenario
from qingting.engine.program import ir

RULES = frozenset((*FEATURES, "consent", "splits", "waits", "wait for", "goals", "exits", "events"))
SHOWN = (
    ("cap", "deferred"), ("quiet_hours", "deferred"), ("stock", "per_member_limit"), ("holdout",), ("duplicate",), ("never_push",),
    ("WaitFor",), ("goal_reached", "exited"), ("EventHappens",),
)
"""What must come of a scenario: of each of these at least one."""


def scenarios_together(count: int) -> Iterator[tuple[int, Scenario]]:
    """Numbered scenarios in which all of them show."""
    number = found = 0
    while found < count:
        number += 1
        scenario = _Together(Random(f"together/{number}"), RULES).scenario(members=12, runs=7)
        outcomes = outcomes_alone(scenario)
        if all(any(outcomes[reason] for reason in some) for some in SHOWN):
            found += 1
            yield number, scenario


class _Together(Maker):
    """Makes them."""

    def scenario(self, members: int, runs: int) -> Scenario:
        priorities = self.rng.sample((0, 20, 40, 60, 80, 100), 4)
        playbooks = [replace(self.playbook(n), priority=p) for n, p in zip(("甲", "乙", "丙", "丁"), priorities, strict=True)]
        return self.of(tuple(playbooks), members, runs)

    def playbook(self, name: str) -> ir.Playbook:
        """Mostly without a goal and an exit, so that somebody is left to vie for."""
        made, rng = super().playbook(name), self.rng
        goal, leaves = made.goal if rng.random() < 0.4 else None, made.exit if rng.random() < 0.4 else None
        return replace(made, state="live", goal=goal, exit=leaves)

    def coded(self, index: int, coupons: bool) -> tuple[ir.Instruction, ...]:
        """Code that ends with a push."""
        coupon = self.rng.choice((None, "立减5")) if coupons else None
        return (*super().coded(index, coupons), ir.Push(f"末{index}", "wecom", "普通", coupon))

    def policy(self) -> ir.Policy:
        rng = self.rng
        evening = rng.choice((19 * 60 + 30, 22 * 60))
        quiet = ir.QuietHours(evening, 8 * 60, rng.choice(("defer", "defer", "skip")))
        daily = ir.Cap(1, None, rng.choice((None, "wecom")), rng.random() < 0.3)
        rolling = ir.Cap(rng.choice((2, 3)), ir.Duration(3 * ir.DAY), None, rng.random() < 0.5)
        return ir.Policy(ir.Zone(self.zone), (ir.Consent(False, LEFT),), quiet, (daily, rolling), 2500, None)

    def coupon(self, name: str) -> ir.Coupon:
        return ir.Coupon(name, 2000, stock=self.rng.choice((2, 3, 5)), limit=self.rng.choice((None, 1)))

    def trigger(self) -> ir.Trigger:
        if self.rng.random() < 0.4:
            return super().trigger()
        return ir.Daily(None, self.rng.choice(((9 * 60,), (12 * 60, 20 * 60), (20 * 60,), (21 * 60 + 59,), (22 * 60,))))
