"""Plays differential cases against a copy of the package: ``runner.py FOLDER RULES COUNT``.

``FOLDER`` holds the copy as ``qingting``; ``RULES`` is ``conditions:`` with tests or rules joined by ``+``. Exit code 0: engine and
oracle agree in all cases; 7: they do not.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

DIFFERENT = 7


def main(folder: str, rules: str, count: int) -> int:
    """Plays the cases of some rules."""
    sys.path[:0] = [folder, str(Path(__file__).parents[1])]
    import qingting

    assert Path(str(qingting.__file__)).is_relative_to(folder), qingting.__file__
    with tempfile.TemporaryDirectory() as stores:
        try:
            play_cases(rules, count, Path(stores))
        except AssertionError as difference:
            sys.stderr.write(f"{type(difference).__name__}: {difference}\n"[:2000])
            return DIFFERENT
    return 0


def play_cases(rules: str, count: int, stores: Path) -> None:
    """Raises where engine and oracle differ."""
    kind, _, tests = rules.partition(":")
    if kind == "conditions":
        from differential.checking import check_case
        from oracle.cases import seeded_cases

        for case in seeded_cases("faults", count, 10, tuple(tests.split(","))):
            check_case(case, stores)
        return
    from differential.running import play
    from oracle.playing import telling_scenarios

    for number, scenario in telling_scenarios(tuple(rules.split("+")), count):
        play(scenario, stores, f"s{number}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
