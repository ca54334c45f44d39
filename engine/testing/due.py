"""When something falls due: the instants at which a runner that watches would run."""

from __future__ import annotations

from collections.abc import Iterator

from ..coming import next_instant
from ..program.clock import add_duration
from ..program.ir import Block, CouponExpires, Daily, Playbook, Program
from ..run.schedules import occurrences
from ..stores.sqlite.database import SqliteStore

_EXPIRIES = "SELECT DISTINCT expires FROM coupons WHERE expires IS NOT NULL ORDER BY expires"
_WAITING = """
SELECT min(instant) FROM (
  SELECT min(until) AS instant FROM member_tags WHERE until > :after
  UNION ALL SELECT min(due) FROM outbox WHERE due > :after)
"""


def next_due(program: Program, store: SqliteStore, after: int, until: int) -> int | None:
    """The first instant in (after, until] at which something falls due for anybody; None where nothing does.

    What only the passing of time makes true (a segment entered, a goal) has no instant of its own.
    """
    found = [next_instant(program, store.connection, after, until), _waiting(store, after)]
    for playbook in program.playbooks.values():
        for block in playbook.blocks:
            found += _expiring(playbook, block, store, after, until)
    return min((instant for instant in found if instant is not None and after < instant <= until), default=None)


def _waiting(store: SqliteStore, after: int) -> int | None:
    """When the next tag expires, or the next queued message may go out."""
    (found,) = store.connection.execute(_WAITING, {"after": after}).fetchone()
    return None if found is None else int(found)


def _expiring(playbook: Playbook, block: Block, store: SqliteStore, after: int, until: int) -> Iterator[int]:
    """When a block may be started by a coupon about to expire."""
    trigger, zone = block.trigger, playbook.zone.name
    if not isinstance(trigger, CouponExpires):
        return
    if trigger.clock is not None:
        # Whoever's day it is: the clock of a day falls due on every day.
        yield from list(occurrences(Daily(None, (trigger.clock,)), zone, after, until))[:1]
        return
    for (expires,) in store.connection.execute(_EXPIRIES):
        instant = add_duration(int(expires), trigger.ahead, zone, -1)
        if instant > after:
            yield instant
