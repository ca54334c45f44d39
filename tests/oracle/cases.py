"""Cases for the differential tests: a world, where it is looked at from, a library, and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from oracle.conditions import exists, holds
from oracle.questions import Questioner
from oracle.worlds import Setting, random_pushes, random_setting
from qingting.engine.program import ir


@dataclass(frozen=True, slots=True)
class Question:
    """A condition and the test it was made for."""

    condition: ir.Condition
    kind: int


@dataclass(frozen=True, slots=True)
class Case:
    """A setting with questions about it."""

    setting: Setting
    library: ir.Library
    questions: tuple[Question, ...]


def existing(setting: Setting) -> set[str]:
    """The members that exist at the setting's coordinates."""
    at = setting.at
    return {member.id for member in setting.world.members if exists(member, at.t, at.T, at.mark)}


def members_of(condition: ir.Condition, setting: Setting, library: ir.Library) -> set[str]:
    """The members of whom a condition is true, by the oracle."""
    at, world = setting.at, setting.world
    return {
        member.id
        for member in world.members
        if exists(member, at.t, at.T, at.mark)
        and holds(condition, world, member, at.t, at.T, at.mark, at.zone, library)
    }


def random_case(
    rng: Random, questions: int, least: int = 5, most: int = 25, tries: int = 4, tests: tuple[str, ...] = ()
) -> Case:
    """A world with questions; each is asked anew, ``tries`` times at most, until it parts the members.

    ``tests`` names the tests the questions are about, by the methods of :class:`Questioner`; none are all.
    """
    setting = random_setting(rng, least, most)
    random_pushes(rng, setting)
    questioner = Questioner(rng, setting.at)
    library = questioner.library()
    everybody = existing(setting)
    found = []
    depth = 1 if tests else 3
    for kind in range(questions):
        for _ in range(tries):
            condition = questioner.condition(depth, questioner.number_of(tests, kind))
            if 0 < len(members_of(condition, setting, library)) < len(everybody):
                break
        found.append(Question(condition, kind))
    return Case(setting, library, tuple(found))


def seeded_cases(seed: int | str, worlds: int, questions: int, tests: tuple[str, ...] = ()) -> Iterator[Case]:
    """The cases of a seed, the same on every machine."""
    for number in range(worlds):
        yield random_case(Random(f"{seed}/{number}"), questions, tests=tests)
