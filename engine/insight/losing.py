"""Who lost to what: the suppressed records of a playbook by step and reason, and what had used up the rule before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..program.ir import Cap, Cutoff, CutoffKind, Playbook, Program
from ..query.calendar import LATEST, cutoff_instant
from ..stores.sqlite.database import SqliteStore
from .history import cap_begins

Cell = int | str | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Which records are asked about; None asks about all.

    ``run`` is a run's id; ``since`` (included) and ``until`` (excluded) are microseconds and speak of the deciding run.
    """

    playbook: str
    reason: str | None = None
    run: str | None = None
    since: int | None = None
    until: int | None = None

    @property
    def bound(self) -> dict[str, Cell]:
        """What the statements bind."""
        return {
            "playbook": self.playbook, "reason": self.reason, "run": self.run, "since": self.since, "until": self.until,
        }


@dataclass(frozen=True, slots=True)
class LostTo:
    """What stood in the way: a step of a playbook, or (``step`` None) its journey; the playbook None where it is not known.

    ``records`` and ``members`` count those who lost to it; where it is many who took what is scarce together, what they took
    stands in ``taken`` and the losers are those of the whole group. ``ids`` are outside ids, empty unless asked for.
    """

    playbook: str | None
    step: str | None
    records: int
    members: int
    taken: int | None = None
    ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The cause with stable keys."""
        told: dict[str, object] = {
            "playbook": self.playbook, "step": self.step, "records": self.records, "members": self.members,
        }
        if self.taken is not None:
            told["taken"] = self.taken
        return told | ({"member_ids": list(self.ids)} if self.ids else {})


@dataclass(frozen=True, slots=True)
class Lost:
    """The losers of one step for one reason, with what they lost to, the most losers first."""

    step: str
    reason: str
    records: int
    members: int
    to: tuple[LostTo, ...]

    def to_json(self) -> dict[str, object]:
        """The group with stable keys."""
        return {
            "step": self.step, "reason": self.reason, "records": self.records, "members": self.members,
            "to": [cause.to_json() for cause in self.to],
        }


def who_lost(store: SqliteStore, program: Program, asked: Loss, *, reveal: bool = False) -> tuple[Lost, ...]:
    """Return the suppressed records of a playbook by step and reason, the most members first.

    A record counts once: for ``cap`` under the push that took the last place before it, for ``exclusive`` under the playbook in
    whose journey the member was. Of ``stock`` and ``budget`` all steps that had taken of it are named. Caps are today's; what
    they do not explain has no playbook. ``reveal`` adds outside ids. Of what is archived nothing is told.
    """
    with store.snapshot() as connection:
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(_LOSERS, asked.bound)
        playbook = program.playbooks.get(asked.playbook)
        _find_caps(store, program, playbook)
        _find_rivals(store, program, playbook)
        causes = dict[tuple[str, str], list[LostTo]]()
        for step, reason, *cause in connection.execute(_CAUSES).fetchall():
            causes.setdefault((step, reason), []).append(_cause(store, step, reason, tuple(cause), reveal))
        return tuple(
            Lost(step, reason, records, members, (*causes.get((step, reason), ()), *_takers(store, asked, step, reason)))
            for step, reason, records, members in connection.execute(_GROUPS).fetchall()
        )


def _cause(store: SqliteStore, step: str, reason: str, cause: tuple[Cell, ...], reveal: bool) -> LostTo:
    playbook, winner, records, members = cause
    ids: tuple[str, ...] = ()
    if reveal:
        values = {"step": step, "reason": reason, "playbook": playbook, "winner": winner}
        ids = tuple(str(name) for (name,) in store.connection.execute(_IDS, values))
    return LostTo(
        None if playbook is None else str(playbook), None if winner is None else str(winner), int(records or 0),
        int(members or 0), None, ids,
    )


_TABLES = (
    """CREATE TEMP TABLE losers (
      seq INTEGER PRIMARY KEY, kind INTEGER, unit INTEGER, t INTEGER, at INTEGER, step TEXT, reason TEXT, channel TEXT,
      to_playbook TEXT, to_step TEXT)""",
    "CREATE TEMP TABLE cap_windows (t INTEGER PRIMARY KEY, low INTEGER, high INTEGER)",
    "CREATE TEMP TABLE full_caps (loser INTEGER PRIMARY KEY, winner INTEGER)",
    # Whose pushes count as whose: also those of an id that was merged into the member's.
    "CREATE TEMP TABLE persons (kind INTEGER, unit INTEGER, own INTEGER, PRIMARY KEY (kind, unit, own)) WITHOUT ROWID",
)
_LOSERS = """
INSERT INTO losers (seq, kind, unit, t, at, step, reason, channel)
SELECT d.seq, d.kind, d.unit, d.t, r.at, s.name, h.reason, h.channel
FROM main.headers h JOIN main.dispatches d ON d.header = h.header JOIN main.runs r ON r.run = h.run
JOIN main.steps s ON s.step = d.step
WHERE s.playbook = :playbook AND h.status = 'suppressed' AND (:reason IS NULL OR h.reason = :reason)
  AND (:run IS NULL OR r.id = :run) AND (:since IS NULL OR r.at >= :since) AND (:until IS NULL OR r.at < :until)
  AND d.seq >= (SELECT coalesce(max(a.stop), 0) FROM main.archives a)
"""
_GROUPS = """
SELECT step, reason, count(*), count(DISTINCT kind * (1 << 40) + unit) AS members FROM losers
GROUP BY step, reason ORDER BY members DESC, step, reason
"""
_CAUSES = """
SELECT step, reason, to_playbook, to_step, count(*), count(DISTINCT kind * (1 << 40) + unit) AS members FROM losers
GROUP BY step, reason, to_playbook, to_step ORDER BY step, reason, members DESC, to_playbook, to_step
"""
_IDS = """
SELECT DISTINCT coalesce(m.id, g.id) AS id FROM losers l
LEFT JOIN main.members m ON l.kind = 0 AND m.unit = l.unit LEFT JOIN main.groups g ON l.kind = 1 AND g.unit = l.unit
WHERE l.step = :step AND l.reason = :reason AND l.to_playbook IS :playbook AND l.to_step IS :winner
  AND coalesce(m.id, g.id) IS NOT NULL ORDER BY id
"""


# Caps


def _find_caps(store: SqliteStore, program: Program, playbook: Playbook | None) -> None:
    """Notes, cap by cap, who took the last place of the first cap that was full."""
    zone = program.policy.zone.name if playbook is None else playbook.zone.name
    instants = [int(t) for (t,) in store.connection.execute("SELECT DISTINCT t FROM losers WHERE reason = 'cap'")]
    store.connection.execute(_PERSONS)
    for cap in program.policy.caps if instants else ():
        store.connection.execute("DELETE FROM cap_windows")
        store.connection.executemany("INSERT INTO cap_windows VALUES (?, ?, ?)", _windows(cap, instants, zone))
        for statement in _FULL:
            store.connection.execute(statement, {"number": cap.number, "channel": cap.channel, "kind": int(cap.groups)})


def _windows(cap: Cap, instants: Iterable[int], zone: str) -> Iterator[tuple[int, int, int]]:
    """The instants [low, high) in which a cap counts, seen from each instant."""
    low = cap_begins(cap)
    for t in instants:
        high = cutoff_instant(Cutoff(CutoffKind.DAY, 1), t, zone) if cap.per is None else LATEST
        yield t, cutoff_instant(low, t, zone), high


_PERSONS = """
INSERT OR IGNORE INTO persons
SELECT kind, unit, unit FROM losers WHERE reason = 'cap'
UNION ALL SELECT l.kind, l.unit, g.unit FROM losers l JOIN main.merges g ON l.kind = 0 AND g.target = l.unit AND g.at <= l.at
"""
_FULL = (
    "DELETE FROM full_caps",
    """INSERT INTO full_caps
       SELECT l.seq, max(d.seq) FROM losers l JOIN cap_windows w ON w.t = l.t
       JOIN persons p ON p.kind = l.kind AND p.unit = l.unit
       JOIN main.dispatches d ON d.unit = p.own AND d.kind = l.kind AND d.seq < l.seq
         AND d.not_before >= w.low AND d.not_before < w.high
       JOIN main.headers h ON h.header = d.header
       WHERE l.reason = 'cap' AND l.to_playbook IS NULL AND l.kind = :kind AND (:channel IS NULL OR l.channel = :channel)
         AND h.status = 'queued' AND h.action = 'push' AND h.category = 'marketing'
         AND (:channel IS NULL OR h.channel = :channel)
         AND coalesce((
           SELECT v.outcome FROM main.deliveries v WHERE v.dispatch = d.seq AND v.at <= l.at ORDER BY v.seq DESC LIMIT 1), '')
           NOT IN ('failed', 'refused', 'withdrawn')
       GROUP BY l.seq HAVING count(*) >= :number""",
    """UPDATE losers SET (to_playbook, to_step) = (
         SELECT s.playbook, s.name FROM full_caps f JOIN main.dispatches x ON x.seq = f.winner
         JOIN main.steps s ON s.step = x.step WHERE f.loser = losers.seq)
       WHERE seq IN (SELECT loser FROM full_caps)""",
)


# Journeys of the same name


def _find_rivals(store: SqliteStore, program: Program, playbook: Playbook | None) -> None:
    """Notes in whose journey a member was, the first by name."""
    if playbook is None or playbook.only_one_of is None:
        return
    rivals = [
        other.name for other in program.playbooks.values()
        if other.only_one_of == playbook.only_one_of and other.name != playbook.name
    ]
    for rival in sorted(rivals):
        store.connection.execute(_ENGAGED, {"rival": rival})


_ENGAGED = """
UPDATE losers SET to_playbook = :rival WHERE reason = 'exclusive' AND to_playbook IS NULL AND (
  EXISTS (SELECT 1 FROM main.enrolments e WHERE e.playbook = :rival AND e.unit = losers.unit AND e.kind = losers.kind
    AND coalesce(e.why, '') <> 'holdout' AND e.entered <= losers.at
    AND (e.ended IS NULL OR e.ended >= losers.at OR (e.counted = 1 AND e.entered = losers.t)))
  OR EXISTS (SELECT 1 FROM main.dispatches d JOIN main.headers h ON h.header = d.header
    JOIN main.steps s ON s.step = d.step WHERE s.playbook = :rival AND d.unit = losers.unit AND d.kind = losers.kind
      AND d.t = losers.t AND h.status <> 'suppressed'))
"""


# What is scarce


def _takers(store: SqliteStore, asked: Loss, step: str, reason: str) -> Iterator[LostTo]:
    """The steps that had taken of the coupon, or of the playbook's budget, before the last of the losers."""
    sql = _TOOK.get(reason)
    if sql is None:
        return
    rows = store.connection.execute(sql, {"step": step, "reason": reason, "playbook": asked.playbook}).fetchall()
    for playbook, winner, taken in rows:
        yield LostTo(str(playbook), str(winner), 0, 0, int(taken))


_TOOK = {
    "stock": """
      SELECT s.playbook, s.name, count(DISTINCT f.code) AS taken
      FROM main.coupon_facts f JOIN main.dispatches d ON d.seq = f.cause JOIN main.steps s ON s.step = d.step
      WHERE f.kind IN ('reserved', 'issued')
        AND f.cause < (SELECT max(seq) FROM losers WHERE step = :step AND reason = :reason)
        AND f.coupon IN (
          SELECT k.coupon FROM main.coupon_kinds k JOIN main.headers h JOIN main.dispatches x ON x.header = h.header
          JOIN losers l ON l.seq = x.seq WHERE l.step = :step AND l.reason = :reason
            AND k.name = CASE h.action WHEN 'coupon' THEN h.content ELSE json_extract(h.params, '$.coupon') END)
      GROUP BY s.playbook, s.name ORDER BY taken DESC, s.playbook, s.name""",
    "budget": """
      SELECT s.playbook, s.name, count(*) AS taken
      FROM main.dispatches d JOIN main.headers h ON h.header = d.header JOIN main.steps s ON s.step = d.step
      WHERE s.playbook = :playbook AND h.status <> 'suppressed'
        AND d.seq < (SELECT max(seq) FROM losers WHERE step = :step AND reason = :reason)
        AND h.action IN ('push', 'coupon', 'redpacket')
      GROUP BY s.playbook, s.name ORDER BY taken DESC, s.playbook, s.name""",
}
