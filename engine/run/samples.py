"""Who gets a step, by way of example, and who had it on the same day already: names masked unless ids are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlglot import exp

from ..program.clock import day_start, local_day
from ..program.ir import Playbook
from .context import RunContext
from .foreseen import Again, Sampled
from .masking import masked, name_column
from .statement import Part, fill

SAMPLE = 5
_MOST_LISTED = 10


def samples_of(ctx: RunContext, *, members: bool) -> dict[int, tuple[Sampled, ...]]:
    """Some of those who get each step, by the step's number, out of the groups of ``volumes``."""
    groups: dict[int, list[tuple[int, int]]] = {}
    for step, first, last in ctx.rows(_GROUPS, {"most": SAMPLE}):
        groups.setdefault(step, []).append((first, last))
    seqs = sorted({seq for spans in groups.values() for seq in _spread(spans)})
    found: dict[int, list[Sampled]] = {}
    sql = fill(_CHOSEN, name=_name(ctx))
    for step, name, at, member in ctx.rows(sql, {"seqs": json.dumps(seqs)}):
        found.setdefault(step, []).append(Sampled(masked(name), at, member if members else None))
    return {step: tuple(shown[:SAMPLE]) for step, shown in found.items()}


def _spread(spans: list[tuple[int, int]]) -> Iterator[int]:
    """About ``SAMPLE`` numbers, spread evenly over all spans."""
    each = -(-SAMPLE // len(spans))
    for first, last in spans:
        yield from (first + (last - first) * place // max(1, each - 1) for place in range(each))


# Rows written together are of one step and one status, so that any number between the first and the last will do.
_GROUPS = """
SELECT step, first, last FROM (
  SELECT h.step, v.first, v.last, row_number() OVER (PARTITION BY h.step ORDER BY v.last - v.first DESC, v.first) AS place
  FROM volumes v JOIN run_headers h ON h.header = v.header WHERE h.status <> 'suppressed')
WHERE place <= :most ORDER BY step, place
"""
_CHOSEN = """
SELECT d.step, CASE WHEN d.kind = 0 THEN name ELSE g.name END, d.not_before, coalesce(m.id, g.id)
FROM run_dispatches d JOIN run_headers h ON h.header = d.header
LEFT JOIN members m ON d.kind = 0 AND m.unit = d.unit LEFT JOIN groups g ON d.kind = 1 AND g.unit = d.unit
WHERE d.seq IN (SELECT value FROM json_each(:seqs)) AND h.status <> 'suppressed' ORDER BY d.seq
"""


def _name(ctx: RunContext) -> exp.Expression:
    """The names of members ``m``; NULL where no name was ever imported."""
    own = name_column(ctx.connection)
    return exp.null() if own is None else exp.column(own, "m")


def again_today(ctx: RunContext, playbooks: Iterable[Playbook], *, members: bool) -> dict[int, Again]:
    """Those who get a step and had it on the same local day under another occurrence, by the step's number.

    That comes of a clock that was moved, among others. The day is that of the playbook's zone, and under ``timezone member``
    that of the occurrence. A playbook of which nothing was decided on these days costs nothing.
    """
    days = {(name, day): named for name, zone, named, *span in _spans(ctx, playbooks) for day in _days(zone, named, *span)}
    if not days:
        return {}
    decided: dict[str, list[int]] = {}
    for name, step in ctx.rows(_DECIDED, {"since": min(low for _, (low, _) in days)}):
        decided.setdefault(name, []).append(step)
    today = [(step, named, *day) for (name, day), named in days.items() for step in decided.get(name, ())]
    if not today:
        return {}
    ctx.execute("DROP TABLE IF EXISTS temp.today")
    ctx.execute("CREATE TEMP TABLE today (step INTEGER, named INTEGER, low INTEGER, high INTEGER, PRIMARY KEY (step, low))")
    ctx.connection.executemany("INSERT INTO today VALUES (?, ?, ?, ?)", today)
    sql = fill(_LISTED, had=_HAD, name=_name(ctx))
    found = {}
    for step, number in ctx.rows(fill(_COUNTED, had=_HAD)):
        rows = ctx.rows(sql, {"step": step, "most": -1 if members else _MOST_LISTED})
        shown = (Sampled(masked(name), at, member if members else None) for name, at, member in rows)
        found[step] = Again(number, tuple(shown))
    return found


def _spans(ctx: RunContext, playbooks: Iterable[Playbook]) -> Iterator[tuple[str, str, bool, int, int]]:
    """The playbooks of which something is decided, with their zones, and the earliest and the latest t."""
    if not ctx.has_dispatches:
        return
    known = {playbook.name: playbook for playbook in playbooks}
    for name, low, high in ctx.rows(_SPANS):
        if name in known:
            yield name, known[name].zone.name, known[name].zone.per_member, low, high


def _days(zone: str, named: bool, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The local days of a playbook from t to t as instants [low, high); where days go by name, all in one with a day around."""
    first, last = local_day(low, zone), local_day(high, zone)
    if named:
        yield day_start(first - _DAY, zone), day_start(last + 2 * _DAY, zone)
        return
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        yield day_start(day, zone), day_start(day + _DAY, zone)


_DAY = timedelta(days=1)
# Within a stretch records are in the order of t.
_SPANS = """
SELECT o.playbook, min(v.low), max(d.t) FROM volumes v JOIN run_headers h ON h.header = v.header
JOIN run_occurrences o ON o.occurrence = h.occurrence JOIN run_dispatches d ON d.seq = v.last
WHERE h.status <> 'suppressed' GROUP BY o.playbook
"""
# What was decided on a day was decided by a run on that day or later: headers are numbered in the order of runs.
_DECIDED = """
SELECT DISTINCT s.playbook, h.step FROM headers h JOIN steps s ON s.step = h.step
WHERE h.status <> 'suppressed' AND EXISTS (SELECT 1 FROM runs r WHERE r.at >= :since)
  AND h.header > coalesce((
    SELECT d.header FROM dispatches d
    WHERE d.seq < (SELECT min(r.first_leaf) FROM runs r WHERE r.at >= :since) ORDER BY d.seq DESC LIMIT 1), 0)
"""
_HAD = Part("""
SELECT e.t FROM dispatches e JOIN headers g ON g.header = e.header
WHERE e.unit = d.unit AND e.not_before >= w.low AND e.kind = d.kind AND e.step = d.step AND e.t >= w.low AND e.t < w.high
  AND g.status <> 'suppressed' AND (w.named = 0 OR
    (SELECT substr(x.name, 1, 10) FROM run_occurrences x WHERE x.occurrence = d.occurrence)
    = (SELECT substr(y.name, 1, 10) FROM occurrences y WHERE y.occurrence = e.occurrence))
ORDER BY e.t DESC LIMIT 1
""")
_COUNTED = """
SELECT d.step, count(*)
FROM run_dispatches d JOIN today w ON w.step = d.step AND d.t >= w.low AND d.t < w.high
JOIN run_headers h ON h.header = d.header
WHERE h.status <> 'suppressed' AND NOT had IS NULL GROUP BY d.step ORDER BY d.step
"""
_LISTED = """
SELECT CASE WHEN d.kind = 0 THEN name ELSE g.name END, had, coalesce(m.id, g.id)
FROM run_dispatches d JOIN today w ON w.step = d.step AND d.t >= w.low AND d.t < w.high
JOIN run_headers h ON h.header = d.header
LEFT JOIN members m ON d.kind = 0 AND m.unit = d.unit LEFT JOIN groups g ON d.kind = 1 AND g.unit = d.unit
WHERE d.step = :step AND h.status <> 'suppressed' AND NOT had IS NULL ORDER BY d.seq LIMIT :most
"""
