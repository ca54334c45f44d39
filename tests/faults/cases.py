"""The differential cases that show a fault."""

from __future__ import annotations

from pathlib import Path


def play_cases(rules: str, count: int, stores: Path, kept: Path | None) -> None:
    """Plays ``count`` cases of rules, ``conditions:`` with tests or rules joined by ``+``; raises where engine and oracle differ.

    ``kept`` is the folder where the numbers of scenarios that tell are kept.
    """
    kind, _, tests = rules.partition(":")
    if kind == "conditions":
        from differential.checking import check_case
        from oracle.cases import seeded_cases

        for case in seeded_cases("faults", count, 10, tuple(tests.split(","))):
            check_case(case, stores)
        return
    from differential.running import play
    from oracle.playing import telling_scenarios

    for number, scenario in telling_scenarios(tuple(rules.split("+")), count, kept):
        play(scenario, stores, f"s{number}")
