"""When a simulation runs: at each instant of a schedule, and for facts and journeys in a steady pace between.

Thousands of members go on at instants of their own. What is due is decided as of its instant, so that one run may handle
what fell due in an hour; only what has no time to wait is handled at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..coming import next_instant, next_scheduled
from ..program.clock import day_start, local_day
from ..program.ir import DAY, HOUR, MINUTE, Block, Program, Push, WaitFor
from ..run.lateness import elapsed, event_window, step_window
from ..run.reads import reads_of
from ..run.upcoming import starts_by_looks
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.identifiers import with_names
from .arriving import Arrivals

_STEPS = 240
_SHORTEST, _LONGEST = HOUR, 6 * HOUR
_AHEAD = ("events", "attribute_facts", "tag_facts", "points", "coupon_facts", "friendship_facts", "group_member_facts")
_ANY_AHEAD = "SELECT EXISTS (SELECT 1 FROM extents WHERE max_at > ?)"
_NEXT_AHEAD = "SELECT min(at) FROM $facts WHERE at > arrived AND at > ?"


def gap_for(program: Program, span: int) -> int:
    """How long facts and journeys may wait for a run in a simulation of ``span``, in whole minutes.

    Long spans are played in about 240 steps besides their schedules; a line of a playbook that has less patience decides.
    """
    return max(MINUTE, min(_steady(span), *_patience(program)))


def look_for(program: Program, span: int) -> int:
    """How often a run is made in a simulation of ``span`` to look for what has come about by the mere passing of time."""
    return _steady(span) if _has_to_look(program) else DAY


def _steady(span: int) -> int:
    return min(max(-(-span // (_STEPS * MINUTE)) * MINUTE, _SHORTEST), _LONGEST)


def _patience(program: Program) -> Iterator[int]:
    """How late something may be handled before it counts as late, by each playbook that says so."""
    yield _LONGEST
    for playbook in program.playbooks.values():
        windows = (event_window(playbook), step_window(playbook), *_of_pushes(playbook.blocks))
        yield from (window // MINUTE * MINUTE for window in windows if window is not None)


def _of_pushes(blocks: Iterable[Block]) -> Iterator[int]:
    for block in blocks:
        for step in block.code:
            if isinstance(step, Push):
                limits = (step.within, None if step.confirmed is None else step.confirmed.within)
                yield from (elapsed(limit) for limit in limits if limit is not None)


def _has_to_look(program: Program) -> bool:
    """Whether a playbook begins, or a wait ends, by what becomes true by and by.

    Goals and exits do not count, since they are asked before each step as well.
    """
    return any(
        starts_by_looks(playbook) or any(isinstance(i, WaitFor) and not reads_of(i.condition, program.library).only
                                         for block in playbook.blocks for i in block.code)
        for playbook in program.playbooks.values() if playbook.state == "live"
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """Finds the next run.

    ``gap`` is the least time between runs that no schedule and no welcome asks for, ``look`` the longest without a run; at
    the end of a day there is one in any case.
    """

    program: Program
    gap: int
    look: int
    arrivals: Arrivals

    def next(self, store: SqliteStore, last: int, until: int) -> int:
        """The instant of the run behind the one at ``last``, ``until`` at the latest."""
        due = self._due(store, last, until)
        soonest = min(last + self.gap, self._day_end(last))
        if due is not None and due < soonest:
            exact = self._exact(store, last, soonest)
            due = soonest if exact is None else exact
        look = min(last + self.look, self._day_end(last), until)
        return look if due is None else min(due, look)

    def _due(self, store: SqliteStore, last: int, until: int) -> int | None:
        """When anything at all falls due or arrives."""
        found = [next_instant(self.program, store.connection, last, until), self.arrivals.next(last), *_ahead(store, last)]
        return min((instant for instant in found if instant is not None), default=None)

    def _day_end(self, last: int) -> int:
        """The last instant of a local day: what fell due on it is not to go out, and count, on the next."""
        zone = self.program.policy.zone.name
        return day_start(local_day(last + 1, zone) + timedelta(days=1), zone) - 1

    def _exact(self, store: SqliteStore, last: int, until: int) -> int | None:
        """What is to be handled at its very instant."""
        found = [next_scheduled(self.program, store.connection, last, until), self.arrivals.next_urgent(last)]
        return min((instant for instant in found if instant is not None and instant <= until), default=None)


def _ahead(store: SqliteStore, last: int) -> Iterator[int | None]:
    """The first instants later than ``last`` of which is known already what will be; most stores know of none."""
    if store.connection.execute(_ANY_AHEAD, (last,)).fetchone()[0]:
        for facts in _AHEAD:
            yield store.connection.execute(with_names(_NEXT_AHEAD, facts=facts), (last,)).fetchone()[0]
