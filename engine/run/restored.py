"""Taking a restored copy of a store: what the lost part may have done counts as done, so that nothing happens twice."""

from __future__ import annotations

from ..log.notary import Notary
from ..program.ir import Program
from ..stores.sqlite.database import SqliteStore
from ..stores.sqlite.identifiers import with_names
from .blocks import block_name
from .engine import stored_progress
from .progress import JOURNEYS

WHY = "settled"

_LAST_FACT = "SELECT seq FROM $table WHERE arrived <= :settled ORDER BY seq DESC LIMIT 1"
# Whatever may start a block.
_FACTS = (
    "attribute_facts", "tag_facts", "events", "points", "coupon_facts", "friendship_facts", "groups", "group_facts",
    "group_member_facts", "task_facts",
)
_PROGRESS = """
INSERT INTO progress (playbook, block, handled, mark) VALUES (:playbook, :block, :handled, :mark)
ON CONFLICT (playbook, block) DO UPDATE SET handled = excluded.handled, mark = excluded.mark
"""
# Who waits for a condition may have gone on in the lost part, whatever the copy knows of it.
_ENROLMENTS = """
UPDATE enrolments SET ended = :settled, due = NULL, why = :why
WHERE ended IS NULL AND (due <= :settled OR waited <= :settled)
"""
# As if a lost delivery had them in hand: the next one asks the channel, and where that cannot tell they are `unknown`.
_OUTBOX = """
UPDATE outbox SET attempt = attempt + 1, lease_owner = :why, lease_until = :settled
WHERE due <= :settled AND lease_owner IS NULL
"""


def accept_restored_store(store: SqliteStore, program: Program, settled: int, notary: Notary) -> None:
    """Make the store as it stands the one that counts, with all up to the instant ``settled`` taken as decided.

    Occurrences and facts up to then are not handled any more; facts that are imported again are late. Journeys that were due
    by then or wait for a condition end, and messages that were due may have been sent. The log goes on under another name.
    The caller holds the run lock.
    Doing it again changes nothing.
    """
    with store.transaction() as connection:
        before, fresh = stored_progress(store)
        last_fact = _last_fact(store, settled)
        for playbook in program.playbooks.values():
            for name in (*(block_name(playbook, block.index) for block in playbook.blocks), JOURNEYS):
                key = (playbook.name, name)
                known = before.get(key, fresh)
                values = {"handled": max(known.handled, settled), "mark": max(known.mark, last_fact)}
                connection.execute(_PROGRESS, {"playbook": key[0], "block": key[1], **values})
        connection.execute(_ENROLMENTS, {"settled": settled, "why": WHY})
        connection.execute(_OUTBOX, {"settled": settled, "why": WHY})
        store.set_meta("last_run", max(store.last_run or settled, settled))
        store.set_meta("settled", max(store.settled or settled, settled))
        notary.restart(store)
    notary.accept(store)


def _last_fact(store: SqliteStore, settled: int) -> int:
    """The seq of the last fact that had arrived by then."""
    found = [
        row[0]
        for name in _FACTS
        for row in store.connection.execute(with_names(_LAST_FACT, table=name), {"settled": settled})
    ]
    return max(found, default=0)
