"""What runs decide: the second opinion on ``engine/run``.

A :class:`Runner` keeps what the store would keep and is run again and again. Each attempt works on a copy; a guard that
trips throws the copy away, and the run decides anew without that playbook.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from itertools import groupby

from oracle.entering import enter
from oracle.falling_due import by_schedule, for_single_members
from oracle.model import World
from oracle.runs import Enrolment, GuardTripped, Item, Record, Run, Setup, State
from oracle.standing import apply_rules, close_groups
from oracle.walking import walk
from qingting.engine.program import ir


class Runner:
    """Runs playbooks over a world whose store starts at ``start``."""

    def __init__(
        self, world: World, playbooks: Iterable[ir.Playbook], policy: ir.Policy, library: ir.Library, start: int
    ) -> None:
        self.setup = Setup(tuple(sorted(playbooks, key=lambda playbook: playbook.name)), policy, library, start)
        self.state = State(world)

    @property
    def parked(self) -> list[Enrolment]:
        """The enrolments that wait for their instant."""
        return [enrolment for enrolment in self.state.enrolments if not enrolment.ended]

    def run(self, at: int, mark: int) -> tuple[list[Record], set[str]]:
        """Decides what falls due up to ``at`` by facts up to ``mark``.

        Gives the new records and the playbooks that a guard refused.
        """
        last = self.state.last_run
        if last is not None and at <= last:
            return [], set()
        refused: set[str] = set()
        while True:
            live = [p for p in self.setup.playbooks if p.state == "live" and p.name not in refused]
            known = max(mark, self.state.last_seq)
            attempt = Run(self.setup, copy.deepcopy(self.state), at, known, known, live, len(self.state.records))
            try:
                decide(attempt)
                break
            except GuardTripped as tripped:
                refused.add(tripped.playbook)
        known = len(self.state.records)
        self.state = attempt.state
        return self.state.records[known:], refused


def decide(run: Run) -> None:
    """Goes from schedule instant to schedule instant, and through what falls due for single members between."""
    apply_rules(run)
    scheduled = by_schedule(run)
    for stop in sorted({item.instant for item in scheduled}):
        waves(run, before=stop)
        at_one_instant(run, [item for item in scheduled if item.instant == stop], stop)
    waves(run, before=run.at + 1)
    for playbook in run.live:
        for block in playbook.blocks:
            run.state.handled[playbook.name, block.index] = run.at
            run.state.seen[playbook.name, block.index] = (run.at, run.seq)
    close_groups(run)
    run.state.last_run = run.at
    run.state.last_seq = run.seq


def waves(run: Run, before: int) -> None:
    """Wave after wave: each member's first item, all of them in order, until nothing is left."""
    while True:
        waiting = [item for item in for_single_members(run) if item.instant < before]
        if not waiting:
            return
        for _, group in groupby(_first_items(waiting), key=lambda item: item.place):
            decide_group(run, list(group))


def at_one_instant(run: Run, scheduled: list[Item], instant: int) -> None:
    """Block after block by priority: first those who have an item due at the instant, then the schedule's audience.

    Under members' own clocks an audience comes zone by zone, under members' own dates value by value.
    """
    done: set[tuple[tuple[int, int, str, int], str, str]] = set()
    while True:
        open_items = [item for item in scheduled if _turn(item) not in done]
        single = [item for item in for_single_members(run) if item.instant == instant]
        if not open_items and not single:
            return
        place = min(item.place for item in open_items + single)
        if any(item.place == place for item in single):
            decide_group(run, _first_items([item for item in single if item.place == place]))
        else:
            turn = min(_turn(item) for item in open_items if item.place == place)
            done.add(turn)
            decide_group(run, [item for item in open_items if _turn(item) == turn])


def decide_group(run: Run, items: list[Item]) -> None:
    """One playbook's block at one instant: who steps on, who enters, and what happens to them."""
    steps = [item for item in items if item.enrolment is not None]
    for item in steps:
        assert item.enrolment is not None
        item.enrolment.due = None
    entries = [item for item in items if item.enrolment is None]
    walk(run, steps + enter(run, entries))


def _turn(item: Item) -> tuple[tuple[int, int, str, int], str, str]:
    return (item.place, item.zone, item.occurrence)


def _first_items(items: list[Item]) -> list[Item]:
    """Each member's first item, in the order of a run."""
    first: dict[str, Item] = {}
    for item in sorted(items, key=_order):
        first.setdefault(item.member.id, item)
    return sorted(first.values(), key=_order)


def _order(item: Item) -> tuple[tuple[int, int, str, int], bool, int]:
    return (item.place, item.enrolment is not None, item.fact or 0)
