"""Writing decisions into the delta tables, as sets: headers first, then one row a unit.

Who is recorded is said by ``flow``: the rows at one position with one outcome.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from ..log.encoding import canonical_params as canonical
from ..program.ir import (
    Alert,
    Block,
    ChangePoints,
    EnterPlaybook,
    FieldRef,
    GiveTags,
    GiveTask,
    IssueCoupon,
    IssueRedpacket,
    Push,
    SetAttribute,
    TakeTags,
    Welcome,
)
from ..program.words.values import Tongue
from ..program.words.windows import elapsed_words
from .context import BlockRun, RunContext, StepAction, Value
from .units import by_kind


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
            return Content(step, "push", channel, _template_content(ctx, chosen), canonical(_push_params(action)))
        case Welcome(step, channel, named):
            return Content(step, "welcome", channel, _template_content(ctx, named), canonical({}))
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
        case GiveTask(step, title):
            # The text as it stands in the playbook: what it shows of the member is filled in when somebody looks.
            return Content(step, "task", None, title, canonical(_task_params(action)))
        case Alert(step, whom, text):
            return Content(step, "alert", None, text, canonical({"for": whom}))
        case EnterPlaybook(step, playbook):
            return Content(step, "enter playbook", None, playbook, canonical({}))


def _template_content(ctx: RunContext, template: str) -> str | None:
    return f"{template}@{ctx.program.library.templates[template].digest}" if template else None


def _push_params(push: Push) -> dict[str, str | list[str]]:
    named = {"coupon": push.coupon, "redpacket": push.redpacket}
    despite = [what for what, is_so in (("caps", push.despite_caps), ("quiet hours", push.despite_quiet)) if is_so]
    params: dict[str, str | list[str]] = {name: value for name, value in named.items() if value is not None}
    if despite:
        params["despite"] = despite
    if push.within is not None:
        params["within"] = elapsed_words(push.within, _ENGLISH)
    if push.confirmed is not None:
        params["confirmed"] = elapsed_words(push.confirmed.within, _ENGLISH)
        params["else"] = push.confirmed.otherwise
    return params


def _task_params(task: GiveTask) -> dict[str, str]:
    due = {"due": elapsed_words(task.due, _ENGLISH)}
    if task.staff is not None:
        return {**due, "staff": task.staff}
    return {**due, "for": "manager" if task.manager else "staff"}


_ENGLISH = Tongue("en")


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

_ONE_HEADER = by_kind("""
INSERT INTO run_dispatches (header, occurrence, step, kind, unit, t, mark, not_before, pseudonym)
SELECT :header + 1, f.occurrence, :step, f.kind, f.unit, f.t, :mark,
  CASE :status WHEN 'queued' THEN coalesce(f.sends, f.t) ELSE f.t END + f.spread, m.pseudonym
FROM flow f JOIN $units m ON m.unit = f.unit
WHERE f.pc = :pc AND f.outcome IS :outcome AND f.choice IS :choice ORDER BY f.t, m.id
""")

_MANY_HEADERS = by_kind("""
INSERT INTO run_dispatches (header, occurrence, step, kind, unit, t, mark, not_before, pseudonym)
SELECT h.header, f.occurrence, :step, f.kind, f.unit, f.t, :mark,
  CASE :status WHEN 'queued' THEN coalesce(f.sends, f.t) ELSE f.t END + f.spread, m.pseudonym
FROM run_headers h
JOIN flow f ON f.occurrence = h.occurrence AND f.arm IS h.arm AND f.pc = :pc AND f.outcome IS :outcome
  AND f.choice IS :choice
JOIN $units m ON m.unit = f.unit
WHERE h.header > :header ORDER BY f.t, m.id
""")


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
    written = ctx.execute((_ONE_HEADER if shared else _MANY_HEADERS)[run.kind], values).rowcount
    counters.header += headers
    counters.leaf += written
    counters.pushes = counters.pushes or status == "queued"
    return written
