"""Plays scenarios by the oracle alone, to find those in which the rules they are about really matter."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from oracle import clock
from oracle.belongings import ROTATED, Told
from oracle.decisions import Runner
from oracle.model import (
    AttributeFact,
    CodeFact,
    EventFact,
    FriendFact,
    Member,
    NameFact,
    PlaceFact,
    PointsFact,
    TagFact,
    World,
)
from oracle.scenarios import EXTRAS, FEATURES, JOURNEYS, MORE, Scenario, random_scenario
from oracle.vocabulary import GROUPS
from qingting.engine.program import ir

SHOWN_BY = {
    "caps": ("cap", "deferred"),
    "quiet": ("quiet_hours", "deferred"),
    "stock": ("stock", "per_member_limit"),
    "holdout": ("holdout",),
    "reentry": ("duplicate",),
    "waits": ("waiting",),
    "chains": ("chained",),
    "member zones": ("local",),
    "consent": ("never_push",),
    "guard": ("guard",),
    "splits": ("in an arm",),
    "schedules": ("by calendar",),
    "own dates": ("own date",),
    "during": ("in season",),
    "over": ("spread",),
    "budgets": ("budget",),
    "packets": ("packet",),
    "rotation": ("rotated", "no_content"),
    "take": ("not taken",),
    "one of": ("exclusive",),
    "points": ("points",),
    "rules": ("ruled",),
    "despite": ("queued",),
    "returns": ("duplicate",),
    "wait until": ("WaitUntil",),
    "days": ("WaitDay",),
    "wait for": ("WaitFor",),
    "repeats": ("again",),
    "since": ("Branch",),
    "goals": ("goal_reached",),
    "exits": ("exited",),
    "catch up": ("late",),
    "within": ("late",),
    "inside": ("done", "queued"),
    "edits": ("edited",),
    "outages": ("done", "queued"),
    "removed": ("removed",),
    "events": ("EventHappens",),
    "fields": ("EventHappens",),
    "untagged": ("TagLost",),
    "friends": ("Joined", "Left"),
    "marks": ("MarkReached",),
    "tiers": ("TierMoves",),
    "segments": ("SegmentCrossed",),
    "changes": ("AttributeChanges",),
    "coupon starts": ("CouponUsed", "CouponExpires"),
    "handed over": ("HandedOver",),
    "invited": ("SomebodyInvited",),
    "groups": ("GroupEvent",),
    "enter": ("Entered",),
}
SHOWN_TOGETHER = {frozenset({"catch up", "outages"}): "passed over"}
"""What must show besides where rules meet."""
OTHERS = ("waits", "chains", "member zones", "quiet", "holdout", "reentry", "points", "rules", "one of", "caps", "stock")
"""Rules that scenarios of journeys are joined with."""
BY_CALENDAR = (ir.DayKind, ir.EveryWeeks, ir.MonthlyWeekday, ir.Yearly, ir.ActivityEdge)


def runner_of(scenario: Scenario) -> Runner:
    """The oracle at the start of a scenario."""
    groups: dict[str, list[NameFact]] = {name: [] for name in GROUPS}
    return Runner(World([], groups), scenario.playbooks, scenario.policy, scenario.library, scenario.start)


def add_fact(member: Member, told: Told, seq: int, scenario: Scenario) -> None:
    """Adds a fact to a member, a tag with its expiry."""
    match told.fact:
        case AttributeFact():
            member.attributes.append(replace(told.fact, seq=seq))
        case EventFact():
            member.events.append(replace(told.fact, seq=seq))
        case PointsFact():
            member.points.append(replace(told.fact, seq=seq))
        case CodeFact():
            member.codes.append(replace(told.fact, seq=seq))
        case FriendFact():
            member.friends.append(replace(told.fact, seq=seq))
        case PlaceFact():
            member.places.append(replace(told.fact, seq=seq))
        case TagFact(tag=tag, given=given, at=at):
            declared = scenario.library.tags[tag].expires
            expires = None
            if given and declared is not None:
                expires = clock.add_duration(at, declared, scenario.policy.zone.name)
            member.tags.append(replace(told.fact, seq=seq, expires=expires))


def outcomes_alone(scenario: Scenario) -> Counter[str]:
    """What comes of a scenario, by the oracle alone."""
    runner, outcomes, seq = runner_of(scenario), Counter[str](), 0
    for step in scenario.steps:
        for name, arrived in step.members:
            seq += 1
            runner.state.world.members.append(Member(name, arrived, seq))
        members = {member.id: member for member in runner.state.world.members}
        for told in sorted(step.facts, key=lambda told: told.fact.arrived):
            seq += 1
            add_fact(members[told.member], told, seq, scenario)
        for told in step.removed:
            seq += 1
            assert isinstance(told.fact, PlaceFact)
            members[told.member].removals.append(replace(told.fact, seq=seq))
        if step.playbooks is not None:
            runner.edit(step.playbooks)
        _, refused = runner.run(step.at, seq)
        seq += 2**32
        outcomes["guard"] += len(refused)
        outcomes += parked_outcomes(runner)
    outcomes += settled_outcomes(runner)
    outcomes += seasonal_outcomes(runner)
    outcomes += journey_outcomes(runner, scenario)
    return outcomes


def parked_outcomes(runner: Runner) -> Counter[str]:
    """How many wait, and how many were put off."""
    put_off = sum(enrolment.deferrals > 0 for enrolment in runner.parked)
    return Counter({"deferred": put_off, "waiting": len(runner.parked) - put_off})


def settled_outcomes(runner: Runner) -> Counter[str]:
    """Statuses, reasons, and what the occurrences tell."""
    outcomes: Counter[str] = Counter()
    for record in runner.state.records:
        outcomes[record.reason or record.status] += 1
        outcomes["chained"] += record.occurrence.partition("#")[2] > str(2**32)
        outcomes["local"] += record.occurrence[-1] != "Z" and "#" not in record.occurrence
        outcomes["in an arm"] += record.arm not in (None, "holdout")
        outcomes["spread"] += record.not_before > record.t
        outcomes["rotated"] += record.template in ROTATED
    members = runner.state.world.members
    outcomes["packet"] += sum(len(member.packets) for member in members)
    outcomes["points"] += sum("/" in fact.reason for member in members for fact in member.points)
    outcomes["ruled"] += sum("/" not in fact.reason for member in members for fact in member.points)
    outcomes["duplicate"] += runner.state.duplicates
    outcomes["not taken"] += runner.state.not_taken
    outcomes["passed over"] += runner.state.passed_over
    return outcomes


def seasonal_outcomes(runner: Runner) -> Counter[str]:
    """How many decisions came by which schedules, and of playbooks that an activity binds."""
    outcomes: Counter[str] = Counter()
    blocks = {(p.name, b.index): (p, b) for p in runner.setup.versions for b in p.blocks}
    for record in runner.state.records:
        playbook, block = blocks[record.playbook, record.block]
        outcomes["by calendar"] += isinstance(block.trigger, BY_CALENDAR)
        outcomes["own date"] += isinstance(block.trigger, ir.MemberDate)
        outcomes["in season"] += bool(playbook.during)
        if record.reason != "late":
            outcomes[type(block.trigger).__name__] += 1
            outcomes.update({type(instruction).__name__ for instruction in block.code})
    return outcomes


def journey_outcomes(runner: Runner, scenario: Scenario) -> Counter[str]:
    """How many journeys ended why, how often steps came again, how many playbooks were edited."""
    outcomes = Counter(enrolment.why or "inside" for enrolment in runner.state.enrolments)
    outcomes["again"] += sum(" @" in record.step for record in runner.state.records)
    outcomes["edited"] += len(runner.setup.versions) - len(scenario.playbooks)
    return outcomes


def telling_scenarios(features: tuple[str, ...], count: int, kept: Path | None = None) -> Iterator[tuple[int, Scenario]]:
    """Numbered scenarios in which all of the features show.

    ``kept`` is a folder for the numbers found, so that tests that want the same scenarios look for them once.
    """
    file = None if kept is None else kept / ("+".join(features) + ".json")
    found: list[int] = json.loads(file.read_text()) if file is not None and file.exists() else []
    for number in found[:count]:
        yield number, numbered_scenario(features, number)
    number = max(found, default=0)
    while len(found) < count:
        number += 1
        scenario = numbered_scenario(features, number)
        outcomes = outcomes_alone(scenario)
        together = [outcome for rules, outcome in SHOWN_TOGETHER.items() if rules <= set(features)]
        shown = all(any(outcomes[reason] for reason in SHOWN_BY[feature]) for feature in features)
        if shown and all(outcomes[outcome] for outcome in together):
            found.append(number)
            if file is not None:
                _keep(file, found)
            yield number, scenario


def numbered_scenario(features: tuple[str, ...], number: int) -> Scenario:
    """A scenario about some features and up to three more, which may or may not show."""
    rng = Random(f"{'+'.join(features)}/{number}")
    extras = rng.sample(EXTRAS, rng.choice((0, 1, 2)))
    if set(features) & set(MORE):
        extras = rng.sample((*FEATURES, *EXTRAS, *MORE), rng.choice((0, 1, 2, 3)))
    if set(features) & set(JOURNEYS):
        extras = rng.sample((*OTHERS, *JOURNEYS), rng.choice((0, 1, 2, 3)))
    return random_scenario(rng, frozenset((*features, *extras)))


def _keep(file: Path, found: list[int]) -> None:
    """Writes what other processes may be reading or writing."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(found))
    beside.replace(file)
