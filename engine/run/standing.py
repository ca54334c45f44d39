"""What is done as events arrive: points rules and standing rules, for all newly arrived events of a rule at once.

A rule acts on an event once, at the later of its ``at`` and ``arrived``. The facts it causes happen at that instant and
arrive at T, like all that a run causes; no record of the log is written, since nothing is dispatched and nobody chosen:
points carry the rule as their reason. Backfilled events are past, and nothing is done about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlglot import exp

from ..program.clock import add_duration, day_start, local_day
from ..program.ir import EventQuery, FieldRef, Library, PointsRule, RulePoints, RuleSet, RuleTags, StandingRule
from ..program.words.conditions import describe_events
from ..query.events import event_rows
from ..query.scopes import Scope
from ..query.sql import column, cross, eq, number, select_from, table
from .context import RunContext, Value
from .effects import note_attribute, note_points, note_tag, rivals
from .judge import compiler_for
from .statement import fill_once
from .triggers.caused import Caused, watch

RULES = "standing rules"
"""The name under which it is kept how far events have been handled."""


def apply_rules(ctx: RunContext, mark: int, handled: int) -> None:
    """Does what the rules say about the events that have come since ``mark`` and ``handled``.

    While one of them could not be read none acts, and events wait for it to be mended.
    """
    library = ctx.program.library
    if not (library.points or library.rules) or not ctx.program.rules_stand or not _find_new(ctx, mark, handled):
        return
    # What begins or changes by it shows when all rules have acted, whose events lie side by side.
    for caused in list(_act_by_all(ctx, library)):
        watch(ctx, caused)


def _act_by_all(ctx: RunContext, library: Library) -> Iterator[Caused]:
    """Does what all rules say about the events in ``fresh``; gives what they cause, in this order."""
    for place, points in enumerate(library.points):
        if _gather(ctx, points.query):
            yield _earn(ctx, points, _reason(library.points, place))
    for rule in library.rules:
        if _gather(ctx, rule.query):
            for action in rule.actions:
                yield from _act(ctx, rule, action)


def _reason(rules: Sequence[PointsRule], place: int) -> str:
    """What the ledger says about points by a rule: its events, with an ordinal where several rules speak of the same."""
    texts = [f"points:{describe_events(rule.query, 'en')}" for rule in rules]
    before = texts[:place].count(texts[place])
    return texts[place] + (f" #{before + 1}" if before else "")


def _find_new(ctx: RunContext, mark: int, handled: int) -> int:
    """Fills ``fresh`` with the events that arrived behind ``mark``, and those whose instant has come since ``handled``."""
    values: dict[str, Value] = {"mark": mark, "handled": handled, "at": ctx.at, "known": ctx.mark}
    found = ctx.execute(_ARRIVED, values).rowcount
    if ctx.count(_LIES_AHEAD, values):
        found += ctx.execute(_COME_DUE, values).rowcount
    return found


_ARRIVED = """
INSERT INTO fresh SELECT seq, type, unit, max(at, arrived) FROM events
WHERE seq > :mark AND seq <= :known AND backfilled = 0 AND max(at, arrived) <= :at
"""
_LIES_AHEAD = "SELECT EXISTS (SELECT 1 FROM extents WHERE relation = 'event' AND max(max_at, max_arrived) > :handled)"
_COME_DUE = """
INSERT OR IGNORE INTO fresh SELECT seq, type, unit, max(at, arrived) FROM events
WHERE seq <= :mark AND backfilled = 0 AND max(at, arrived) > :handled AND max(at, arrived) <= :at
"""


def _gather(ctx: RunContext, query: EventQuery) -> int:
    """Fills ``caused`` with those of ``fresh`` that a rule speaks of."""
    ctx.execute("DELETE FROM caused")
    compiler = compiler_for(ctx, None, ctx.at)
    frame = ctx.frame(ctx.at, ctx.program.policy.zone.name)
    rows = event_rows(compiler.builder, query, Scope(column("unit", "n"), "f"), "order")
    if rows is None:
        return 0
    what = [column("event", "n"), column("unit", "n"), column("t", "n"), rows.column("amount")]
    where = [eq(column("frame", "f"), number(frame)), eq(rows.column("seq"), column("event", "n")), *rows.where]
    # New events are few and lead to the others.
    chosen = cross(cross(select_from(what, table("frames", "f"), where), table("fresh", "n")), rows.source)
    return ctx.execute(fill_once(_CAUSED, chosen=chosen), compiler.parameters.values).rowcount


_CAUSED = "INSERT INTO caused SELECT event, unit, t, amount FROM chosen"


def _earn(ctx: RunContext, rule: PointsRule, reason: str) -> Caused:
    """Books what a points rule gives; past the most of a day nothing more is given, and what is taken is taken."""
    if rule.daily is not None:
        _find_days(ctx)
    values: dict[str, Value] = {
        "seq": ctx.counters.seq, "points": rule.points, "per": rule.per_cents, "daily": rule.daily, "reason": reason,
        "at": ctx.at,
    }
    return note_points(ctx, ctx.execute(_EARNED if rule.daily is None else _EARNED_A_DAY, values).rowcount)


def _find_days(ctx: RunContext) -> None:
    """Fills ``rule_days`` with the local days that the events of ``caused`` lie on."""
    ctx.execute("DELETE FROM rule_days")
    zone = ctx.program.policy.zone.name
    first, last = ctx.rows("SELECT min(t), max(t) FROM caused")[0]
    day = local_day(first, zone)
    while (start := day_start(day, zone)) <= last:
        day += timedelta(days=1)
        ctx.execute("INSERT INTO rule_days VALUES (:low, :high)", {"low": start, "high": day_start(day, zone)})


_EARNED = """
INSERT INTO run_points (seq, unit, delta, reason, at, cause)
SELECT :seq + row_number() OVER (ORDER BY event), unit, gain, :reason, t, NULL
FROM (SELECT event, unit, t, :points * CASE WHEN :per IS NULL THEN 1 ELSE amount / :per END AS gain FROM caused)
WHERE gain <> 0
"""
_EARNED_A_DAY = """
INSERT INTO run_points (seq, unit, delta, reason, at, cause)
SELECT :seq + row_number() OVER (ORDER BY event), unit, given, :reason, t, NULL FROM (
  SELECT event, unit, t,
    CASE WHEN gain < 0 THEN gain ELSE min(:daily, upto) - min(:daily, upto - gain) END AS given
  FROM (
    SELECT event, unit, t, gain, had + sum(max(gain, 0)) OVER (
      PARTITION BY unit, low ORDER BY t, event ROWS UNBOUNDED PRECEDING) AS upto
    FROM (
      SELECT c.event AS event, c.unit AS unit, c.t AS t, d.low AS low,
        :points * CASE WHEN :per IS NULL THEN 1 ELSE c.amount / :per END AS gain,
        (SELECT coalesce(sum(p.delta), 0) FROM points p WHERE p.unit = c.unit AND p.reason = :reason AND p.delta > 0
           AND p.at >= d.low AND p.at < d.high) AS had
      FROM caused c JOIN rule_days d ON c.t >= d.low AND c.t < d.high)
    WHERE gain IS NOT NULL))
WHERE given <> 0
"""


def _act(ctx: RunContext, rule: StandingRule, action: RuleTags | RulePoints | RuleSet) -> Iterator[Caused]:
    match action:
        case RuleTags(tags, given):
            for tag in tags:
                for rival in rivals(ctx, tag) if given else ():
                    yield _write_tag(ctx, rival, given=False)
                yield _write_tag(ctx, tag, given=given)
        case RulePoints(delta):
            yield _earn(ctx, PointsRule(rule.query, delta), f"whenever:{rule.identity}")
        case RuleSet():
            yield _set(ctx, action)


def _write_tag(ctx: RunContext, tag: str, *, given: bool) -> Caused:
    """Writes the facts of one tag; who does not hold a tag that is taken gets the fact as well, which changes nothing."""
    expires = ctx.program.library.tags[tag].expires if given else None
    ctx.execute("DELETE FROM expiries")
    if expires is not None:
        zone = ctx.program.policy.zone.name
        ends = [(t, add_duration(t, expires, zone)) for (t,) in ctx.rows(_INSTANTS)]
        ctx.connection.executemany("INSERT INTO expiries VALUES (?, ?)", ends)
    values: dict[str, Value] = {"seq": ctx.counters.seq, "tag": ctx.tags[tag], "given": int(given), "at": ctx.at}
    return note_tag(ctx, tag, ctx.execute(_TAG_FACTS, values).rowcount)


_INSTANTS = "SELECT DISTINCT t FROM caused"
_TAG_FACTS = """
INSERT INTO run_tag_facts (seq, unit, tag, given, at, arrived, expires, cause)
SELECT :seq + row_number() OVER (ORDER BY c.event), c.unit, :tag, :given, c.t, :at, x.expires, NULL
FROM caused c LEFT JOIN expiries x ON x.t = c.t
"""


def _set(ctx: RunContext, action: RuleSet) -> Caused:
    """Sets an attribute to a value or to a field of the event; a field that is unknown makes it unknown."""
    compiler = compiler_for(ctx, None, ctx.at)
    if isinstance(action.value, FieldRef):
        place = compiler.relations.field(action.value, "e") or exp.null()
    else:
        place = compiler.parameters.bind(action.value)
    attribute = ctx.attributes[action.attribute.name]
    values: dict[str, Value] = {"seq": ctx.counters.seq, "attribute": attribute}
    written = ctx.execute(fill_once(_SET, set_to=place), {**compiler.parameters.values, **values}).rowcount
    return note_attribute(ctx, action.attribute.name, written)


_SET = """
INSERT INTO run_attribute_facts (seq, unit, attribute, value, at, cause)
SELECT :seq + row_number() OVER (ORDER BY c.event), c.unit, :attribute, set_to, c.t, NULL
FROM caused c JOIN events e ON e.seq = c.event
"""
