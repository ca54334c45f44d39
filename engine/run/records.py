"""Writing decisions into the delta tables, as sets: headers first, then one row a unit.

Who is recorded is said by ``flow``: the rows at one position with one outcome.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from ..log.encoding import canonical_params as canonical
from ..program.ir import (
    Block,
    ChangePoints,
    FieldRef,
    GiveTags,
    IssueCoupon,
    IssueRedpacket,
    Push,
    SetAttribute,
    TakeTags,
)
from .context import BlockRun, RunContext, StepAction, Value


@dataclass(frozen=True, slots=True)
class Content:
    """What a step's records share: ``content`` and ``params`` are canonical texts."""

    step: str
    action: str
    channel: str | None
    content: str | None
    params: str

    def unchanged(self) -> Content:
        """The same of an effect that changes nothing."""
        return replace(self, params=canonical({**json.loads(self.params), "changed": False}))


def actions_of(block: Block) -> list[StepAction]:
    """The steps of a block that leave records, in text order."""
    return [i for i in block.code if isinstance(i, StepAction)]


def content_of(action: StepAction, ctx: RunContext, template: str | None = None) -> Content:
    """What the records of an action say; ``template`` is the one that a rotation chose."""
    match action:
        case Push(step, channel, named):
            chosen = template or named
            content = f"{chosen}@{ctx.program.library.templates[chosen].digest}" if chosen else None
            return Content(step, "push", channel, content, canonical(_push_params(action)))
        case GiveTags(step, tags):
            return Content(step, "tag", None, None, canonical({"tags": list(tags)}))
        case TakeTags(step, tags):
            return Content(step, "untag", None, None, canonical({"tags": list(tags)}))
        case IssueCoupon(step, coupon):
            return Content(step, "coupon", None, coupon, canonical({}))
        case IssueRedpacket(step, redpacket):
            return Content(step, "redpacket", None, redpacket, canonical({}))
        case ChangePoints(step, delta):
            return Content(step, "points", None, None, canonical({"delta": delta}))
        case SetAttribute(step, attribute, value):
            # The field of an event may hold anything; only what stands in the playbook is written down.
            written = {} if isinstance(value, FieldRef) else {"value": value}
            return Content(step, "set", None, None, canonical({"attribute": attribute.name, **written}))


def _push_params(push: Push) -> dict[str, str | list[str]]:
    named = {"coupon": push.coupon, "redpacket": push.redpacket}
    despite = [what for what, is_so in (("caps", push.despite_caps), ("quiet hours", push.despite_quiet)) if is_so]
    params: dict[str, str | list[str]] = {name: value for name, value in named.items() if value is not None}
    if despite:
        params["despite"] = despite
    return params


_SHARED = """
SELECT min(occurrence), max(occurrence), count(arm), count(*) FROM flow WHERE pc = :pc AND outcome IS :outcome AND choice IS :choice
"""

_HEADERS = """
INSERT INTO run_headers
SELECT :header + row_number() OVER (ORDER BY occurrence, arm), NULL, occurrence, :step, :version, :block, :category,
       :action, :channel, :content, :params, arm, :status, :reason
FROM (SELECT DISTINCT occurrence, arm FROM flow WHERE pc = :pc AND outcome IS :outcome AND choice IS :choice)
"""

_HEADER = """
INSERT INTO run_headers VALUES (
  :header + 1, NULL, :occurrence, :step, :version, :block, :category, :action, :channel, :content, :params, NULL,
  :status, :reason)
"""

_ONE_HEADER = """
INSERT INTO run_dispatches (header, occurrence, step, kind, unit, t, mark, not_before, pseudonym)
SELECT :header + 1, f.occurrence, :step, f.kind, f.unit, f.t, :mark, f.t + f.spread, m.pseudonym
FROM flow f JOIN members m ON m.unit = f.unit
WHERE f.pc = :pc AND f.outcome IS :outcome AND f.choice IS :choice ORDER BY f.t, m.id
"""

_MANY_HEADERS = """
INSERT INTO run_dispatches (header, occurrence, step, kind, unit, t, mark, not_before, pseudonym)
SELECT h.header, f.occurrence, :step, f.kind, f.unit, f.t, :mark, f.t + f.spread, m.pseudonym
FROM run_headers h
JOIN flow f ON f.occurrence = h.occurrence AND f.arm IS h.arm AND f.pc = :pc AND f.outcome IS :outcome
  AND f.choice IS :choice
JOIN members m ON m.unit = f.unit
WHERE h.header > :header ORDER BY f.t, m.id
"""


def write_records(
    ctx: RunContext, run: BlockRun, pc: int, outcome: str | None, content: Content, status: str, reason: str | None,
    choice: str | None = None,
) -> int:
    """Records the rows of ``flow`` at ``pc`` with ``outcome`` (and what a rotation chose); gives their number.

    They are numbered on from the last one, by (t, outside id): a new row's number is one more than the greatest. One
    header is enough where they share occurrence and arm.
    """
    counters = ctx.counters
    values: dict[str, Value] = {
        "header": counters.header, "mark": counters.seq, "pc": pc, "outcome": outcome, "choice": choice,
        "step": ctx.steps[run.name, content.step], "version": run.version,
        "block": run.number, "category": run.playbook.category,
        "action": content.action, "channel": content.channel, "content": content.content, "params": content.params,
        "status": status, "reason": reason,
    }
    first, last, arms, rows = ctx.rows(_SHARED, {"pc": pc, "outcome": outcome, "choice": choice})[0]
    if not rows:
        return 0
    shared = first == last and not arms
    headers = ctx.execute(_HEADER if shared else _HEADERS, {**values, "occurrence": first}).rowcount
    written = ctx.execute(_ONE_HEADER if shared else _MANY_HEADERS, values).rowcount
    counters.header += headers
    counters.leaf += written
    counters.pushes = counters.pushes or status == "queued"
    return written
