"""Plays scenarios by the oracle alone, to find those in which the rules they are about really matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from oracle import clock
from oracle.decisions import Runner
from oracle.model import AttributeFact, EventFact, Member, TagFact, World
from oracle.scenarios import EXTRAS, Scenario, Told, random_scenario

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
}


def runner_of(scenario: Scenario) -> Runner:
    """The oracle at the start of a scenario."""
    return Runner(World([]), scenario.playbooks, scenario.policy, scenario.library, scenario.start)


def add_fact(member: Member, told: Told, seq: int, scenario: Scenario) -> None:
    """Adds a fact to a member, a tag with its expiry."""
    match told.fact:
        case AttributeFact():
            member.attributes.append(replace(told.fact, seq=seq))
        case EventFact():
            member.events.append(replace(told.fact, seq=seq))
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
        _, refused = runner.run(step.at, seq)
        seq += 2**32
        outcomes["guard"] += len(refused)
        outcomes += parked_outcomes(runner)
    outcomes += settled_outcomes(runner)
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
    outcomes["duplicate"] += runner.state.duplicates
    return outcomes


def telling_scenarios(features: tuple[str, ...], count: int) -> Iterator[tuple[int, Scenario]]:
    """Numbered scenarios in which all of the features show."""
    number = found = 0
    while found < count:
        number += 1
        rng = Random(f"{'+'.join(features)}/{number}")
        extras = rng.sample(EXTRAS, rng.choice((0, 1, 2)))
        scenario = random_scenario(rng, frozenset((*features, *extras)))
        outcomes = outcomes_alone(scenario)
        if all(any(outcomes[reason] for reason in SHOWN_BY[feature]) for feature in features):
            found += 1
            yield number, scenario
