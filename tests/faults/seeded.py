"""Seeded faults: small wrong changes to compiler and stages, each of which the differential tests must catch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One change: in ``file`` the text ``old`` (which stands there once) becomes ``new``.

    ``shown_by`` says what it is played against: ``conditions:`` and tests of the generator, or the rules of scenarios.
    """

    name: str
    file: str
    old: str
    new: str
    shown_by: str


FAULTS = (
    # The compiler and what it reads
    Fault(
        "a window ends a microsecond late",
        "engine/query/sql.py",
        "[*lowest, below(value.copy(), high)]",
        "[*lowest, exp.LTE(this=value.copy(), expression=high)]",
        "conditions:did,has_tag_gained",
    ),
    Fault(
        "an unknown value stays unknown under not",
        "engine/query/sql.py",
        "    return exp.Not(this=is_true(item))",
        "    return exp.Not(this=exp.Paren(this=item))",
        "conditions:compare_attribute,moment_in",
    ),
    Fault(
        "days by the clock of UTC",
        "engine/query/calendar.py",
        "return day_start(_first_day(kind, n, local_day(t, zone)), zone)",
        'return day_start(_first_day(kind, n, local_day(t, "UTC")), "UTC")',
        "conditions:did,in_window",
    ),
    Fault(
        "every day has 24 hours",
        "engine/query/calendar.py",
        "return day_start(_first_day(kind, n, local_day(t, zone)), zone)",
        "first = _first_day(kind, n, local_day(t, zone))\n"
        "    return day_start(local_day(t, zone), zone) + (first - local_day(t, zone)).days * 86_400_000_000",
        "conditions:did,in_window",
    ),
    Fault(
        "a month is 30 days",
        "engine/query/calendar.py",
        "return t if n == 0 else local_to_instant(add_months(local_of(t, zone), n), zone)",
        "return t + n * 30 * 86_400_000_000",
        "conditions:in_window,moment_in",
    ),
    Fault(
        "facts that arrive after the run are seen",
        "engine/stores/asof.py",
        'filters.append(exp.LTE(this=column("arrived", alias), expression=number(self.at)))',
        "pass",
        "conditions:did,compare_attribute",
    ),
    Fault(
        "facts behind the mark are seen",
        "engine/stores/asof.py",
        'filters.append(exp.LTE(this=column("seq", alias), expression=number(self.mark)))',
        "pass",
        "conditions:did,compare_attribute",
    ),
    Fault(
        "facts after t are seen",
        "engine/stores/asof.py",
        "past = [] if extent.max_at <= self.t_low else",
        "past = [] if extent.max_at <= self.at + 10**18 else",
        "conditions:did,compare_attribute",
    ),
    Fault(
        "members exist before they arrive",
        "engine/stores/asof.py",
        "[] if extent.max_arrived <= self.t_low else [at_t]",
        "[]",
        "conditions:sample",
    ),
    Fault(
        "a tag's prefix matches anywhere",
        "engine/stores/asof.py",
        "str(name).startswith(pattern.text)",
        "pattern.text in str(name)",
        "conditions:has_tag",
    ),
    Fault(
        "a text's prefix ends at U+FFFF",
        "engine/query/values.py",
        "    return kept[:-1] + chr(SURROGATES.stop if following in SURROGATES else following)",
        "    return kept + chr(0xFFFF) if following else kept",
        "conditions:did",
    ),
    Fault(
        "tags never expire",
        "engine/stores/sqlite/intervals.py",
        'this=_or_forever(_column("expires")), expressions',
        "this=exp.Literal.number(FOREVER), expressions",
        "conditions:has_tag",
    ),
    Fault(
        "a gain while held begins anew",
        "engine/stores/sqlite/intervals.py",
        ".when(still_held, exp.Literal.number(0))",
        ".when(still_held, exp.Literal.number(1))",
        "conditions:has_tag_gained",
    ),
    Fault(
        "draws without the separator",
        "engine/query/draws.py",
        'return _shifted(f"{name}\\0{member_id}")',
        'return _shifted(f"{name}{member_id}")',
        "conditions:sample",
    ),
    Fault(
        "a sample begins at nought",
        "engine/query/members.py",
        "between(drawn, number(threshold(test.low)),",
        "between(drawn, number(threshold(0)),",
        "conditions:sample",
    ),
    Fault(
        "exactly so often is at least so often",
        "engine/query/normal.py",
        "return Not(replace(test, at_least=most + 1, at_most=None))",
        "return Not(replace(test, at_least=most + 2, at_most=None))",
        "conditions:did_counted",
    ),
    Fault(
        "the last of one instant is the first to arrive",
        "engine/query/events.py",
        'at, seq = (beyond(this=later.column(n), expression=rows.column(n)) for n in ("at", "seq"))',
        'at = beyond(this=later.column("at"), expression=rows.column("at"))\n'
        '    seq = exp.LT(this=later.column("seq"), expression=rows.column("seq"))',
        "conditions:moment_has",
    ),
    Fault(
        "points are scaled",
        "engine/query/members.py",
        "builder.values.compare(value, *whole(test.op, test.values))",
        "builder.values.compare(value, test.op, test.values)",
        "conditions:compare_attribute",
    ),
    Fault(
        "a step's name is a mere prefix",
        "engine/query/states.py",
        'test.step + "/"',
        "test.step",
        "conditions:received",
    ),
    Fault(
        "withdrawn pushes count",
        "engine/stores/pushes.py",
        'LOST = ("failed", "refused", "withdrawn")',
        'LOST = ("failed", "refused")',
        "conditions:received",
    ),
    # The stages
    Fault(
        "caps that defer come first",
        "engine/run/caps.py",
        "key=lambda cap: cap.defer)",
        "key=lambda cap: not cap.defer)",
        "caps",
    ),
    Fault(
        "a cap allows one more",
        "engine/run/caps.py",
        "AND counted >= :number)",
        "AND counted > :number)",
        "caps",
    ),
    Fault(
        "caps limit service",
        "engine/run/caps.py",
        'if run.playbook.category != "marketing":',
        'if run.playbook.category == "nothing":',
        "caps",
    ),
    Fault(
        "quiet hours begin a microsecond late",
        "engine/run/quiet.py",
        "inside = start <= clock < end if start < end else clock >= start or clock < end",
        "inside = start < clock < end if start < end else clock > start or clock < end",
        "quiet",
    ),
    Fault(
        "pushes are deferred for a day at most",
        "engine/run/deferral.py",
        "HORIZON = 7 * DAY",
        "HORIZON = DAY",
        "caps",
    ),
    Fault(
        "scarce stock goes to the smallest ids",
        "engine/run/stock.py",
        "ORDER BY s.t, qingting_draw(:playbook || o.name, m.id), m.id",
        "ORDER BY s.t, m.id",
        "stock",
    ),
    Fault(
        "stock forgets what the run took",
        "engine/run/stock.py",
        " - taken_now(ctx, name)",
        "",
        "stock",
    ),
    Fault(
        "entries that came to nothing count",
        "engine/run/entry.py",
        "AND e.counted = 1 AND",
        "AND",
        "reentry",
    ),
    Fault(
        "who is inside enters again",
        "engine/run/entry.py",
        "turn_away_decided, turn_away_present, turn_away_returning,",
        "turn_away_decided, turn_away_returning,",
        "waits",
    ),
    Fault(
        "again a microsecond early",
        "engine/run/judge.py",
        "if months else Cutoff(CutoffKind.T, 0, 1 - micros)\n\n\ndef before",
        "if months else Cutoff(CutoffKind.T, 0, 2 - micros - 60_000_000)\n\n\ndef before",
        "reentry",
    ),
    Fault(
        "consent as of t",
        "engine/run/judge.py",
        "t_low = ctx.at if at_run else earliest(ctx)",
        "at_run, t_low = False, earliest(ctx)",
        "consent",
    ),
    Fault(
        "one holdout for all playbooks",
        "engine/run/entry.py",
        '"holdout:" + run.name',
        '"holdout"',
        "holdout",
    ),
    Fault(
        "service is held out",
        "engine/run/entry.py",
        'if run.playbook.category == "marketing" and ctx',
        "if ctx",
        "holdout",
    ),
    Fault(
        "a guard trips at its limit",
        "engine/run/entry.py",
        "if reached > limit:",
        "if reached >= limit:",
        "guard",
    ),
    Fault(
        "schedules are caught up for an hour",
        "engine/run/agenda.py",
        "CATCH_UP = 2 * HOUR",
        "CATCH_UP = HOUR",
        "quiet",
    ),
    Fault(
        "late facts start journeys for two days",
        "engine/run/triggers.py",
        "LATENESS = DAY",
        "LATENESS = 2 * DAY",
        "chains",
    ),
    Fault(
        "low priority goes first",
        "engine/run/agenda.py",
        "return (-run.playbook.priority,",
        "return (run.playbook.priority,",
        "caps+waits",
    ),
    Fault(
        "waits count from the run",
        "engine/run/sweep.py",
        "WHERE f.frame = flow.frame",
        "WHERE f.frame = flow.now_frame",
        "waits",
    ),
)
