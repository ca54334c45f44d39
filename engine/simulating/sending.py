"""What stands in the outbox of the copy counts as sent at once: no channel is reached, and nobody's answer is waited for."""

from __future__ import annotations

from ..stores.sqlite.identifiers import with_names
from ..stores.sqlite.maintenance import maintain
from .copying import Copy

_RESERVED = "SELECT EXISTS (SELECT 1 FROM $facts f JOIN outbox o ON o.dispatch = f.cause WHERE f.kind = 'reserved')"
# What a push reserved is the member's as it goes out.
_ISSUED = {
    "coupon_facts": """
INSERT INTO coupon_facts (seq, code, coupon, unit, kind, at, arrived, expires, cause)
SELECT :seq + row_number() OVER (ORDER BY f.seq), f.code, f.coupon, f.unit, 'issued', max(o.due, :at), :at, f.expires, f.cause
FROM outbox o JOIN coupon_facts f ON f.cause = o.dispatch AND f.kind = 'reserved'
WHERE NOT EXISTS (SELECT 1 FROM coupon_facts i WHERE i.code = f.code AND i.kind <> 'reserved')
""",
    "redpacket_facts": """
INSERT INTO redpacket_facts (seq, code, redpacket, unit, kind, amount, at, arrived, cause)
SELECT :seq + row_number() OVER (ORDER BY f.seq), f.code, f.redpacket, f.unit, 'issued', f.amount, max(o.due, :at), :at, f.cause
FROM outbox o JOIN redpacket_facts f ON f.cause = o.dispatch AND f.kind = 'reserved'
WHERE NOT EXISTS (SELECT 1 FROM redpacket_facts i WHERE i.code = f.code AND i.kind <> 'reserved')
""",
}


def send_all(copy: Copy, at: int) -> None:
    """Empties the outbox after the run at ``at``; coupons and red packets that were reserved are issued."""
    store, connection = copy.store, copy.connection
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM outbox)").fetchone()[0]:
        return
    with store.transaction():
        first = last = store.last_seq
        for facts, issued in _ISSUED.items():
            if connection.execute(with_names(_RESERVED, facts=facts)).fetchone()[0]:
                last += connection.execute(issued, {"seq": last, "at": at}).rowcount
        if last > first:
            store.use_seqs(last)
            maintain(connection, first + 1, last)
        connection.execute("DELETE FROM outbox")
