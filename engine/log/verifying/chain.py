"""The chain of runs: each run's id follows from the run before it, its instant, its program and what it could see."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator

from ..keys import run_id
from ..store import LogStore
from .model import Finding

_RUNS = "SELECT run, id, at, mark, program, first_leaf, leaves FROM runs ORDER BY run"
_HELD = """
SELECT h.run, min(d.first), max(d.last) + 1, sum(d.number) FROM headers AS h JOIN (
  SELECT header, min(seq) AS first, max(seq) AS last, count(*) AS number FROM dispatches
  WHERE seq >= :archived GROUP BY header) AS d ON d.header = h.header
GROUP BY h.run
"""
_LAST = "SELECT key, value FROM meta WHERE key IN ('last_run', 'settled')"
_NOTHING = (0, 0, 0)


def check_runs(store: LogStore, archived: int, signed: Collection[int], since: int | None) -> Iterator[Finding]:
    """Yield what is wrong with the runs of a store; of its records only those from the entry ``archived`` on.

    ``signed`` are the lengths at which there are checkpoints, ``since`` the length from which on there must be one at the end
    of every run, None where the log was never signed.
    """
    held = {
        run: (first, end, number)
        for run, first, end, number in store.connection.execute(_HELD, {"archived": archived})
    }
    previous: tuple[str | None, int] = (None, -(2**63))
    for number, row in enumerate(store.connection.execute(_RUNS), 1):
        run, name, at, mark, program, first, leaves = row
        if not all(type(value) is int for value in (run, at, mark, first, leaves)):
            yield Finding("D412", None, {"run": str(name)})
            continue
        if run != number or at <= previous[1] or name != _id(previous[0], at, mark, program):
            yield Finding("D412", first, {"run": str(name)})
        # Its records are those that it says are its own, all of them.
        kept, end = max(first, archived), first + leaves
        if held.pop(run, _NOTHING) != ((kept, end, end - kept) if end > kept else _NOTHING):
            yield Finding("D413", first, {"run": str(name)})
        if leaves and since is not None and end >= since and end not in signed:
            yield Finding("D459", end - 1, {"run": str(name), "leaves": end})
        previous = (name, at)
    yield from (Finding("D413", first, {"run": "?"}) for first, _, _ in held.values())
    # The last one may have decided nothing, so that no entry tells of it.
    if previous[0] is not None and previous[1] not in {value for _, value in store.connection.execute(_LAST)}:
        yield Finding("D412", None, {"run": previous[0]})


def _id(previous: str | None, at: int, mark: int, program: str) -> str | None:
    try:
        return run_id(previous, at, program, mark)
    except (struct.error, TypeError, ValueError, AttributeError):
        return None
