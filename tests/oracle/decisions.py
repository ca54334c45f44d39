"""What runs decide: the second opinion on ``engine/run``.

A :class:`Runner` keeps what the store would keep and is run again and again. Each attempt works on a copy; a guard that
trips throws the copy away, and the run decides anew without that playbook.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from oracle import clock
from oracle.entering import enter
from oracle.falling_due import by_schedule, find_crossed, find_told, for_single_members
from oracle.leaving import leave_now, leave_removed
from oracle.model import Enrolment, World
from oracle.runs import BlockName, GuardTripped, Item, Record, Run, Setup, State, block_name
from oracle.standing import apply_rules, close_groups
from oracle.walking import look_again, walk
from qingting.engine.program import ir


class Runner:
    """Runs playbooks over a world whose store starts at ``start``."""

    def __init__(
        self, world: World, playbooks: Iterable[ir.Playbook], policy: ir.Policy, library: ir.Library, start: int
    ) -> None:
        self.setup = Setup((), policy, library, start)
        self.state = State(world)
        self.ran: list[ir.Playbook] = []
        self.edit(playbooks)

    def edit(self, playbooks: Iterable[ir.Playbook]) -> None:
        """Puts other playbooks in the place of those there are; members in flight stay on the version they entered."""
        newest, versions = [], list(self.setup.versions)
        for playbook in sorted(playbooks, key=lambda playbook: playbook.name):
            numbered = _numbered(playbook, [one for one in self.ran if one.name == playbook.name])
            newest.append(numbered)
            versions = [one for one in versions if one in self.ran or one.name != playbook.name]
            if (playbook.name, playbook.version) not in {(one.name, one.version) for one in versions}:
                versions.append(numbered)
        self.setup = replace(self.setup, playbooks=tuple(newest), versions=tuple(versions))

    @property
    def parked(self) -> list[Enrolment]:
        """The enrolments that wait for their instant."""
        return [enrolment for enrolment in self.state.enrolments if enrolment.ended is None]

    def end_of_wait(self, enrolment: Enrolment) -> int:
        """When a wait for something is over."""
        wait = self._block(enrolment).code[enrolment.position]
        assert isinstance(wait, ir.WaitFor)
        assert enrolment.waited is not None
        return clock.add_duration(enrolment.waited, wait.up_to, enrolment.zone)

    def asks_later(self, enrolment: Enrolment) -> bool:
        """Whether anything may ask for a journey later: its block has waits, or a re-entry line."""
        block = self._block(enrolment)
        return block.waits or block.reentry is not None

    def _block(self, enrolment: Enrolment) -> ir.Block:
        versions = [p for p in self.setup.versions if (p.name, p.version) == (enrolment.playbook, enrolment.version)]
        return next(block for block in versions[0].blocks if block.index == enrolment.block)

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
            attempt = Run(
                self.setup, copy.deepcopy(self.state), at, known, known, live, frozenset(refused), len(self.state.records)
            )
            try:
                decide(attempt)
                break
            except GuardTripped as tripped:
                refused.add(tripped.playbook)
        self.ran += [version for version in self.setup.versions if version not in self.ran and _runs(version, live)]
        known = len(self.state.records)
        self.state = attempt.state
        return self.state.records[known:], refused


def _runs(version: ir.Playbook, live: Iterable[ir.Playbook]) -> bool:
    return (version.name, version.version) in {(playbook.name, playbook.version) for playbook in live}


def _numbered(playbook: ir.Playbook, before: list[ir.Playbook]) -> ir.Playbook:
    """A playbook whose blocks keep the numbers that blocks of the same name had when versions before were run."""
    known: dict[BlockName, int] = {}
    for version in before:
        known.update({block_name(version, block): block.index for block in version.blocks})
    numbers = [known.setdefault(block_name(playbook, block), len(known)) for block in playbook.blocks]
    blocks = tuple(replace(block, index=number) for block, number in zip(playbook.blocks, numbers, strict=True))
    return replace(playbook, blocks=blocks)


def decide(run: Run) -> None:
    """Goes from schedule instant to schedule instant, and through what falls due for single members between.

    In the end it looks at goals, exits and waits for something, and at what the run made members cross, until nothing moves.
    """
    leave_removed(run)
    apply_rules(run)
    find_told(run)
    scheduled = by_schedule(run)
    for stop in sorted({item.instant for item in scheduled}):
        waves(run, before=stop)
        at_one_instant(run, [item for item in scheduled if item.instant == stop], stop)
    waves(run, before=run.at + 1)
    while True:
        leave_now(run)
        look_again(run)
        find_crossed(run)
        if not for_single_members(run):
            break
        waves(run, before=run.at + 1)
    for playbook in run.setup.playbooks:
        rests = playbook.state == "paused" or playbook.name in run.refused
        for block in playbook.blocks:
            done = run.progress(playbook, block) if rests else (run.at, run.seq)
            run.state.handled[playbook.name, block_name(playbook, block)] = done
        if playbook in run.live:
            run.state.looked[playbook.name] = run.at
    run.state.last_mark = run.seq
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
    """One playbook's block at one instant: who enters, then who steps on, version after version."""
    walk(run, enter(run, [item for item in items if item.enrolment is None]))
    for version in dict.fromkeys(playbook.version for playbook in run.setup.versions):
        walk(run, [item for item in items if item.enrolment is not None and item.enrolment.version == version])


def _turn(item: Item) -> tuple[tuple[int, int, str, int], str, str]:
    return (item.place, item.zone, item.occurrence)


def _first_items(items: list[Item]) -> list[Item]:
    """Each member's first item, in the order of a run."""
    first: dict[str, Item] = {}
    for item in sorted(items, key=_order):
        first.setdefault(item.member.id, item)
    return sorted(first.values(), key=_order)


def _order(item: Item) -> tuple[tuple[int, int, str, int], bool, int, str]:
    fact, detail = (0, "") if item.start is None else (item.start.fact, item.start.detail)
    return (item.place, item.enrolment is not None, fact, detail)
