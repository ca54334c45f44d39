"""Playing time on a copy: run after run, each as the real ones are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..program.ir import Program
from ..run.engine import execute_run
from .arriving import Arrivals
from .copying import Copy
from .counting import Heard
from .pace import Pace, gap_for, look_for
from .rewinding import Rewound, is_history, move_travellers, rewind
from .sending import send_all


@dataclass(frozen=True, slots=True)
class Span:
    """What is simulated and when: runs from ``begin`` on, told of from ``start`` to ``until``; ``now`` is the present."""

    begin: int
    start: int
    until: int
    now: int


@dataclass(frozen=True, slots=True)
class Played:
    """What was heard of the runs. ``first_run`` is the number of the first that is told of, ``rewound`` what history lost.

    ``gap`` is how long facts and journeys waited for a run at most, 0 where the instants were given.
    """

    heard: Heard
    first_run: int
    rewound: Rewound | None
    gap: int


def play(
    copy: Copy, program: Program, span: Span, *, instants: Iterable[int] | None = None,
    progress: Callable[[float], None] = lambda part: None,
) -> Played:
    """Makes every run of the span on the copy; ``progress`` hears which part of it is done.

    ``instants`` are those of the runs, ascending; without them each is chosen as time goes by.
    """
    replayed = is_history(copy, span.begin, span.now)
    rewound = rewind(copy, program, span.begin) if replayed else None
    arrivals = Arrivals(copy.store, program, span.begin, replayed=replayed)
    length = span.until - span.begin
    pace = Pace(program, gap_for(program, length), look_for(program, length), arrivals)
    heard, first_run = Heard(program.policy.zone.name), None
    for at in instants if instants is not None else _instants(copy, pace, span):
        arrivals.bring(at)
        if rewound is not None:
            move_travellers(copy, at)
        if first_run is None and at >= span.start:
            first_run = _next_number(copy)
        report = execute_run(copy.store, program, at, copy.settings)
        send_all(copy, at)
        if at >= span.start and report.earlier is None:
            heard.note(report)
        progress((at - span.begin) / max(1, length))
    return Played(heard, _next_number(copy) if first_run is None else first_run, rewound, 0 if instants is not None else pace.gap)


def _instants(copy: Copy, pace: Pace, span: Span) -> Iterator[int]:
    """The instants of the runs: at the beginning, whenever something is due, and at the end."""
    at = span.begin
    yield at
    while at < span.until:
        at = pace.next(copy.store, at, span.until)
        yield at


def _next_number(copy: Copy) -> int:
    """The number of the next run."""
    return int(copy.connection.execute("SELECT coalesce(max(run), 0) + 1 FROM runs").fetchone()[0])
