"""Alerts of staff on their way to a channel: which ones go, to whom, and with what text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ..program.builtin_names import attribute_name, field_name
from ..program.ir import DAY, Library, Template
from ..program.liquid_text import LiquidFault, read_liquid
from ..stores.sqlite.duties import reading_duties
from .store import DeliveryStore

STAFF_CHANNEL = "staff"
"""The channel that alerts are handed to, where the workspace has one of that name."""
_STAFF_NAMES = frozenset({"staff.name", "跟进人.姓名", "staff.姓名", "跟进人.name"})
_EVENT_ROOTS = ("event.", "事件.")


def queue_alerts(store: DeliveryStore, at: int) -> None:
    """Put the alerts of the last day into the outbox that have not been handed over; older ones, and what
    somebody has put away meanwhile, are only listed."""
    with store.transaction():
        store.connection.execute(_QUEUE, {"channel": STAFF_CHANNEL, "at": at, "since": at - DAY})


_QUEUE = """
INSERT OR IGNORE INTO outbox (dispatch, channel, due)
SELECT k.dispatch, :channel, k.arrived FROM tasks k
WHERE k.kind = 'alert' AND k.arrived > :since AND k.arrived <= :at
  AND NOT EXISTS (SELECT 1 FROM deliveries v WHERE v.dispatch = k.dispatch)
  AND NOT EXISTS (SELECT 1 FROM task_facts f WHERE f.task = k.seq)
ORDER BY k.seq
"""


def responsible_staff(store: DeliveryStore, dispatches: Sequence[int], at: int) -> Mapping[int, str]:
    """The ids of those whom alerts are for at ``at``, by the seq of their records; those for nobody are missing."""
    rows = store.connection.execute(_STAFF, {"at": at, "dispatches": json.dumps(list(dispatches))})
    return {dispatch: staff for dispatch, staff in rows if staff is not None}


_STAFF = reading_duties("""
SELECT dispatch, staff_id FROM duties WHERE dispatch IN (SELECT value FROM json_each(:dispatches))
""")


def text_for_staff(text: str, library: Library) -> Template:
    """The text of an alert or a task as a template, with its variables in canonical English."""
    found = read_liquid(text)
    paths = () if isinstance(found, LiquidFault) else tuple(sorted({_canonical(use.path, library) for use in found}))
    return Template("", None, text, (), paths, (), "")


def _canonical(path: str, library: Library) -> str:
    if path in _STAFF_NAMES:
        return "staff.name"
    root = next((root for root in _EVENT_ROOTS if path.startswith(root)), None)
    if root is not None:
        return _EVENT_ROOTS[0] + field_name(path.removeprefix(root))
    own = (*library.attributes, *library.metrics, *library.ladders)
    return path if path in own else attribute_name(path)
