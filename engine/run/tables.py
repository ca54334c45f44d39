"""The temporary delta tables of a run: what it has decided so far, beside the store and never in it.

Numbers of headers, occurrences, steps and enrolments continue after those of the store. ``flow`` carries the
units that one block is deciding on (``choice`` is the template that a rotation chose, ``spread`` how long after t a push
may go out; ``sends`` and ``send_frame`` stand for t and its frame where a push goes out on a later day than it should
have), ``turn`` the single-member items of one wave.

Conditions see what the run has caused through ``query.relations.Delta``: of each kind of fact only what ``Counters``
names is read. Every fact has ``seq`` (the next of ``Counters.seq``), ``at`` (the t of its record), and ``cause`` (the
record's number in ``run_dispatches``, NULL for standing rules); it arrives at T. The rules for who writes them:

- ``run_points``: ``delta`` in whole points, ``reason`` as in ``points``; sets ``Counters.points``.
- ``run_attribute_facts``: ``value`` in the units of the store, NULL for unknown; adds the number to ``Counters.attributes``.
- ``run_coupons``: ``kind`` is reserved (with a push) or issued; sets ``Counters.coupons``. The code is made at the commit.
- ``run_redpackets``: the same, with ``amount`` in cents; sets ``Counters.redpackets``.
- ``run_tasks``: as ``tasks`` of the store; sets ``Counters.tasks``.
"""

from __future__ import annotations

import sqlite3

from ..stores.sqlite.identifiers import with_names

_TABLES = (
    # Facts and the intervals that follow from them; the pairs listed replace those of the store.
    """CREATE TEMP TABLE run_tag_facts (
      seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL, tag INTEGER NOT NULL, given INTEGER NOT NULL,
      at INTEGER NOT NULL, arrived INTEGER NOT NULL, expires INTEGER, cause INTEGER)""",
    "CREATE INDEX temp.run_tag_facts_pair ON run_tag_facts (tag, unit)",
    "CREATE TEMP TABLE run_tag_pairs (tag INTEGER, unit INTEGER, PRIMARY KEY (tag, unit)) WITHOUT ROWID",
    """CREATE TEMP TABLE run_member_tags (
      tag INTEGER, unit INTEGER, since INTEGER, until INTEGER, seq INTEGER,
      PRIMARY KEY (tag, unit, since)) WITHOUT ROWID""",
    """CREATE TEMP TABLE run_coupons (
      cause INTEGER PRIMARY KEY, seq INTEGER NOT NULL, coupon INTEGER NOT NULL, unit INTEGER NOT NULL,
      kind TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER)""",
    "CREATE INDEX temp.run_coupons_unit ON run_coupons (coupon, unit)",
    """CREATE TEMP TABLE run_redpackets (
      cause INTEGER PRIMARY KEY, seq INTEGER NOT NULL, redpacket INTEGER NOT NULL, unit INTEGER NOT NULL,
      kind TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL)""",
    "CREATE INDEX temp.run_redpackets_unit ON run_redpackets (redpacket, unit)",
    # Work for staff, as in the store, and the last instants at which something may be handed to its channel.
    """CREATE TEMP TABLE run_tasks (
      cause INTEGER PRIMARY KEY, seq INTEGER NOT NULL, kind TEXT NOT NULL, unit_kind INTEGER NOT NULL, unit INTEGER NOT NULL,
      title TEXT, staff TEXT, manager INTEGER NOT NULL, otherwise TEXT, at INTEGER NOT NULL, due INTEGER)""",
    "CREATE INDEX temp.run_tasks_title ON run_tasks (title, unit)",
    "CREATE TEMP TABLE run_latest (cause INTEGER PRIMARY KEY, latest INTEGER NOT NULL)",
    """CREATE TEMP TABLE run_points (
      seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL, delta INTEGER NOT NULL, reason TEXT NOT NULL,
      at INTEGER NOT NULL, cause INTEGER)""",
    "CREATE INDEX temp.run_points_unit ON run_points (unit, at)",
    # `value` has no type, as in the store.
    """CREATE TEMP TABLE run_attribute_facts (
      seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL, attribute INTEGER NOT NULL, value, at INTEGER NOT NULL,
      cause INTEGER)""",
    "CREATE INDEX temp.run_attribute_facts_unit ON run_attribute_facts (attribute, unit, at, seq)",
    # Decisions
    """CREATE TEMP TABLE run_occurrences (
      occurrence INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
      UNIQUE (playbook, name))""",
    "CREATE TEMP TABLE run_versions (version INTEGER PRIMARY KEY, playbook TEXT NOT NULL, digest TEXT NOT NULL)",
    "CREATE TEMP TABLE run_steps (step INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL)",
    """CREATE TEMP TABLE run_headers (
      header INTEGER PRIMARY KEY, run INTEGER, occurrence INTEGER NOT NULL, step INTEGER NOT NULL,
      version INTEGER NOT NULL, block INTEGER NOT NULL, category TEXT NOT NULL, action TEXT NOT NULL, channel TEXT,
      content TEXT, params TEXT NOT NULL, arm TEXT, status TEXT NOT NULL, reason TEXT)""",
    # Records are numbered from 1; in the log they follow the leaves that are there when the run commits.
    """CREATE TEMP TABLE run_dispatches (
      seq INTEGER PRIMARY KEY, header INTEGER NOT NULL, occurrence INTEGER NOT NULL, step INTEGER NOT NULL,
      kind INTEGER NOT NULL, unit INTEGER NOT NULL, t INTEGER NOT NULL, mark INTEGER NOT NULL,
      not_before INTEGER NOT NULL, pseudonym BLOB NOT NULL)""",
    "CREATE INDEX temp.run_dispatches_unit ON run_dispatches (unit, not_before, header)",
    # Enrolments that this run creates or changes; a row here replaces the store's row of the same number.
    """CREATE TEMP TABLE run_enrolments (
      enrolment INTEGER PRIMARY KEY, playbook TEXT NOT NULL, block INTEGER NOT NULL, kind INTEGER NOT NULL,
      unit INTEGER NOT NULL, occurrence INTEGER NOT NULL, version INTEGER NOT NULL, entered INTEGER NOT NULL,
      position INTEGER, due INTEGER, deferrals INTEGER NOT NULL, arm TEXT, counted INTEGER NOT NULL,
      ended INTEGER, why TEXT, waited INTEGER, looked INTEGER, seen INTEGER, fact INTEGER, goal INTEGER)""",
    "CREATE INDEX temp.run_enrolments_unit ON run_enrolments (playbook, unit, block)",
    "CREATE INDEX temp.run_enrolments_due ON run_enrolments (due) WHERE ended IS NULL",
    # What starts a block for a single unit: the fact, when it happened and arrived, when it falls due. What is no fact (a
    # mark, a tier, a segment) has fact 0 and says in `detail` what it is.
    """CREATE TEMP TABLE run_triggers (
      playbook TEXT NOT NULL, block INTEGER NOT NULL, kind INTEGER NOT NULL DEFAULT 0, unit INTEGER NOT NULL,
      fact INTEGER NOT NULL, detail TEXT NOT NULL DEFAULT '', due INTEGER NOT NULL, at INTEGER NOT NULL,
      arrived INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, caused INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (playbook, block, kind, unit, fact, detail)) WITHOUT ROWID""",
    "CREATE INDEX temp.run_triggers_due ON run_triggers (due) WHERE done = 0",
    # What the run causes (and is not late) starts a playbook at most once for a unit; it all falls due at T.
    "CREATE UNIQUE INDEX temp.run_triggers_once ON run_triggers (playbook, kind, unit) WHERE caused = 1",
    # Finding what starts blocks: facts new to a block, the intervals of a few units, those who may have crossed something.
    """CREATE TEMP TABLE news (
      seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL, at INTEGER NOT NULL, arrived INTEGER NOT NULL, frame INTEGER)""",
    """CREATE TEMP TABLE spells (
      unit INTEGER NOT NULL, place INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
      PRIMARY KEY (unit, place, since)) WITHOUT ROWID""",
    """CREATE TEMP TABLE crossed (
      unit INTEGER PRIMARY KEY, stands INTEGER NOT NULL DEFAULT 0, aged INTEGER NOT NULL DEFAULT 0)""",
    "CREATE TEMP TABLE uncrossed (unit INTEGER PRIMARY KEY)",
    """CREATE TEMP TABLE named (
      fact INTEGER NOT NULL, detail TEXT NOT NULL, due INTEGER NOT NULL, name TEXT NOT NULL,
      PRIMARY KEY (fact, detail, due)) WITHOUT ROWID""",
    # At work
    """CREATE TEMP TABLE turn (
      kind INTEGER NOT NULL, unit INTEGER NOT NULL, due INTEGER NOT NULL, priority INTEGER NOT NULL,
      playbook TEXT NOT NULL, block INTEGER NOT NULL, version INTEGER, enrolment INTEGER, fact INTEGER, detail TEXT,
      place INTEGER NOT NULL, occurrence INTEGER, PRIMARY KEY (kind, unit)) WITHOUT ROWID""",
    """CREATE TEMP TABLE flow (
      unit INTEGER PRIMARY KEY, kind INTEGER NOT NULL DEFAULT 0, frame INTEGER NOT NULL, now_frame INTEGER NOT NULL,
      t INTEGER NOT NULL, occurrence INTEGER NOT NULL, enrolment INTEGER, entered INTEGER NOT NULL,
      deferrals INTEGER NOT NULL DEFAULT 0, arm TEXT, counted INTEGER NOT NULL DEFAULT 0,
      pc INTEGER NOT NULL DEFAULT 0, outcome TEXT, due INTEGER, choice TEXT, spread INTEGER NOT NULL DEFAULT 0,
      waited INTEGER, looked INTEGER, fact INTEGER, late INTEGER NOT NULL DEFAULT 0, sends INTEGER, send_frame INTEGER)""",
    # The members of a flow while a push to groups is decided.
    "CREATE TEMP TABLE aside AS SELECT * FROM flow WHERE 0",
    "CREATE TEMP TABLE release (unit INTEGER PRIMARY KEY, due INTEGER NOT NULL, frame INTEGER, zone TEXT NOT NULL)",
    """CREATE TEMP TABLE unit_frames (
      number INTEGER PRIMARY KEY, unit INTEGER NOT NULL, kind INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, zone TEXT,
      entered INTEGER, waited INTEGER, fact INTEGER, occurrence INTEGER, done INTEGER, steps TEXT, frame INTEGER, now_frame INTEGER)""",
    """CREATE TEMP TABLE frame_keys (
      frame INTEGER PRIMARY KEY, t INTEGER NOT NULL, zone TEXT NOT NULL, entered INTEGER, waited INTEGER, event INTEGER,
      steps TEXT)""",
    "CREATE INDEX temp.frame_keys_story ON frame_keys (t, zone, entered, waited, event, steps)",
    # Those who want something scarce, in the order of their turns.
    """CREATE TEMP TABLE queue (
      place INTEGER PRIMARY KEY, unit INTEGER NOT NULL, t INTEGER NOT NULL, takes INTEGER NOT NULL, drawn INTEGER NOT NULL)""",
    # What standing rules act on: events newly arrived, those that one rule speaks of, and what follows from instants.
    "CREATE TEMP TABLE fresh (event INTEGER PRIMARY KEY, type INTEGER NOT NULL, unit INTEGER NOT NULL, t INTEGER NOT NULL)",
    "CREATE TEMP TABLE caused (event INTEGER PRIMARY KEY, unit INTEGER NOT NULL, t INTEGER NOT NULL, amount INTEGER)",
    "CREATE TEMP TABLE rule_days (low INTEGER PRIMARY KEY, high INTEGER NOT NULL)",
    "CREATE TEMP TABLE expiries (t INTEGER PRIMARY KEY, expires INTEGER NOT NULL)",
    # The templates of a rotation, in the order declared.
    "CREATE TEMP TABLE rota (place INTEGER PRIMARY KEY, template TEXT NOT NULL)",
    "CREATE TEMP TABLE touched (tag INTEGER, unit INTEGER, PRIMARY KEY (tag, unit)) WITHOUT ROWID",
    "CREATE TEMP TABLE known_tags (tag INTEGER, unit INTEGER, since INTEGER, until INTEGER, seq INTEGER)",
    "CREATE TEMP TABLE filling (unit INTEGER PRIMARY KEY, filled INTEGER NOT NULL, next_due INTEGER NOT NULL)",
    "CREATE TEMP TABLE frame_dues (frame INTEGER PRIMARY KEY, due INTEGER NOT NULL)",
    """CREATE TEMP TABLE day_targets (
      zone TEXT, began INTEGER, target INTEGER NOT NULL, PRIMARY KEY (zone, began)) WITHOUT ROWID""",
    "CREATE TEMP TABLE woken (enrolment INTEGER PRIMARY KEY, due INTEGER NOT NULL)",
    "CREATE TEMP TABLE quiet_frames (frame INTEGER PRIMARY KEY, until INTEGER NOT NULL)",
    "CREATE TEMP TABLE priorities (playbook TEXT PRIMARY KEY, priority INTEGER NOT NULL) WITHOUT ROWID",
)

_NAMES = (
    "run_tag_facts", "run_tag_pairs", "run_member_tags", "run_coupons", "run_redpackets", "run_tasks", "run_latest", "run_points",
    "run_attribute_facts", "run_occurrences", "run_versions", "run_steps",
    "run_headers", "run_dispatches", "run_enrolments", "run_triggers", "news", "spells", "crossed", "uncrossed", "named", "turn",
    "flow", "aside", "release", "unit_frames", "frame_keys", "fresh", "caused", "rule_days", "expiries", "rota", "queue",
    "touched", "known_tags", "filling", "frame_dues", "day_targets", "woken", "quiet_frames", "priorities",
)


def create_tables(connection: sqlite3.Connection) -> None:
    """Makes the delta tables anew, empty."""
    drop_tables(connection)
    for statement in _TABLES:
        connection.execute(statement)


def drop_tables(connection: sqlite3.Connection) -> None:
    """Removes the delta tables, if there are any."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_temp_master WHERE type = 'table'")}
    for name in _NAMES:
        if name in there:
            connection.execute(with_names("DROP TABLE temp.$name", name=name))
