-- The member store, schema 4. Instants are microseconds since 1970 UTC. `seq` is the store-wide arrival number.
-- Fact tables are append-only; what is maintained from them is named beside them. The indexes `..._ahead` hold the few facts
-- that lie ahead of their arrival, so that a run finds those whose instant has come.

CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
-- store_id (text), schema (int), started (instant), last_seq (last seq in use), next_seq (next seq to give),
-- leaves (number of log leaves), last_run (instant of the last run, absent before the first), archiving (path of the archive of
-- the log at work, absent when none is)

-- Interned names
CREATE TABLE attributes (attribute INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
CREATE TABLE fields (field INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
CREATE TABLE event_types (type INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tags (tag INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE coupon_kinds (coupon INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE redpacket_kinds (redpacket INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Units of decision: kind 0 is a member, 1 a group.
CREATE TABLE members (
  unit INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pseudonym BLOB NOT NULL, arrived INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE, points INTEGER NOT NULL DEFAULT 0
  -- and a column a<attribute> for the present value of each attribute: what the latest fact by (at, seq) says
);
-- `id` is the outside id; `name`, `owner` (a staff id) and `created` are what the latest fact of `group_facts` by (at, seq)
-- says; a group without a name bears its id. A group exists from its arrival.
CREATE TABLE groups (
  unit INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pseudonym BLOB NOT NULL, name TEXT NOT NULL, owner TEXT,
  created INTEGER, arrived INTEGER NOT NULL, seq INTEGER NOT NULL UNIQUE, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX groups_name ON groups (name);
-- Staff are told by whoever names them; `name` and `manager` (a staff id) as for groups. No row has the number 0.
CREATE TABLE staff (
  staff INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, manager TEXT, arrived INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE
);

-- Facts. `cause` is NULL for imports, else the leaf index of the log record that caused the fact.
CREATE TABLE attribute_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, attribute INTEGER NOT NULL REFERENCES attributes,
  value, at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX attribute_facts_unit ON attribute_facts (attribute, unit, at, seq);
CREATE INDEX attribute_facts_ahead ON attribute_facts (at) WHERE at > arrived;

CREATE TABLE tag_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, tag INTEGER NOT NULL REFERENCES tags,
  given INTEGER NOT NULL CHECK (given IN (0, 1)), at INTEGER NOT NULL, arrived INTEGER NOT NULL,
  expires INTEGER, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX tag_facts_tag ON tag_facts (tag, unit, at, seq);
CREATE INDEX tag_facts_ahead ON tag_facts (at) WHERE at > arrived;
-- Maintained: the intervals [since, until) held, by all facts known; `until` is 9223372036854775807 while open.
-- `seq` is the fact that began the interval.
CREATE TABLE member_tags (
  tag INTEGER NOT NULL, unit INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (tag, unit, since)
) WITHOUT ROWID;
CREATE INDEX member_tags_until ON member_tags (tag, until) WHERE until <> 9223372036854775807;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type INTEGER NOT NULL REFERENCES event_types,
  unit INTEGER NOT NULL REFERENCES members, at INTEGER NOT NULL, arrived INTEGER NOT NULL, subject TEXT, amount INTEGER,
  backfilled INTEGER NOT NULL DEFAULT 0
  -- and a column f<field> for each declared field; partial indexes by type are made after loading
);
CREATE INDEX events_ahead ON events (at) WHERE at > arrived;

-- Whole points, not scaled like other numbers; the same in `members.points`.
CREATE TABLE points (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, delta INTEGER NOT NULL, reason TEXT NOT NULL,
  at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX points_unit ON points (unit, at);
CREATE INDEX points_ahead ON points (at) WHERE at > arrived;

-- kind: reserved (by a queued push), issued, used, cancelled. What an erased member was given stays given: `unit` is then no
-- member any more, and `code` no code.
CREATE TABLE coupon_facts (
  seq INTEGER PRIMARY KEY, code TEXT NOT NULL, coupon INTEGER NOT NULL REFERENCES coupon_kinds,
  unit INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('reserved', 'issued', 'used', 'cancelled')),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL, expires INTEGER, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX coupon_facts_cause ON coupon_facts (cause) WHERE kind = 'reserved';
CREATE INDEX coupon_facts_code ON coupon_facts (code);
CREATE INDEX coupon_facts_ahead ON coupon_facts (at) WHERE at > arrived;
-- Maintained: one row a code. `taken` is when it was reserved or issued; cancelled ones give the stock back.
CREATE TABLE coupons (
  code TEXT PRIMARY KEY, coupon INTEGER NOT NULL, unit INTEGER NOT NULL, taken INTEGER NOT NULL, issued INTEGER,
  expires INTEGER, used INTEGER, cancelled INTEGER
) WITHOUT ROWID;
CREATE INDEX coupons_unit ON coupons (coupon, unit);
CREATE INDEX coupons_expires ON coupons (coupon, expires) WHERE expires IS NOT NULL;

-- `amount` in cents. kind: reserved (by a queued push), issued, cancelled. `code` tells one packet from all others.
CREATE TABLE redpacket_facts (
  seq INTEGER PRIMARY KEY, code TEXT NOT NULL, redpacket INTEGER NOT NULL REFERENCES redpacket_kinds,
  unit INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('reserved', 'issued', 'cancelled')),
  amount INTEGER NOT NULL, at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER
);
CREATE INDEX redpacket_facts_cause ON redpacket_facts (cause) WHERE kind = 'reserved';
CREATE INDEX redpacket_facts_code ON redpacket_facts (code);
-- Maintained: one row a packet, as for coupons.
CREATE TABLE redpackets (
  code TEXT PRIMARY KEY, redpacket INTEGER NOT NULL, unit INTEGER NOT NULL, amount INTEGER NOT NULL,
  taken INTEGER NOT NULL, issued INTEGER, cancelled INTEGER
) WITHOUT ROWID;
CREATE INDEX redpackets_unit ON redpackets (redpacket, unit);

CREATE TABLE friendship_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, staff INTEGER NOT NULL REFERENCES staff,
  given INTEGER NOT NULL CHECK (given IN (0, 1)), at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER,
  backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX friendship_facts_unit ON friendship_facts (unit, staff, at, seq);
CREATE INDEX friendship_facts_ahead ON friendship_facts (at) WHERE at > arrived;
-- Maintained: the intervals in which a member is a friend of a staff member, folded as those of tags. Staff 0 is nobody
-- known: a member whose attribute `joined` is known is a friend since that instant, until the first fact of
-- `friendship_facts` about the member, whatever it says. As of (t, T, mark) the value of `joined` is what the latest fact
-- by (at, seq) among those with arrived <= T and seq <= mark says, and its own instant takes the place of `at`, as if
-- the friendship had been imported with it; `seq` is that fact.
CREATE TABLE friendships (
  unit INTEGER NOT NULL, staff INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (unit, staff, since)
) WITHOUT ROWID;
CREATE INDEX friendships_staff ON friendships (staff, unit);

-- What is said of a group or of a staff member from `at` on; a value is NULL where it is unknown.
CREATE TABLE group_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES groups,
  property TEXT NOT NULL CHECK (property IN ('name', 'owner', 'created')), value, at INTEGER NOT NULL,
  arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX group_facts_unit ON group_facts (property, unit, at, seq);
CREATE TABLE staff_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES staff,
  property TEXT NOT NULL CHECK (property IN ('name', 'manager')), value, at INTEGER NOT NULL,
  arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX staff_facts_unit ON staff_facts (property, unit, at, seq);

-- Tags of groups: `unit` is a group. Names, expiry and exclusive groups are those of members' tags.
CREATE TABLE group_tag_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES groups, tag INTEGER NOT NULL REFERENCES tags,
  given INTEGER NOT NULL CHECK (given IN (0, 1)), at INTEGER NOT NULL, arrived INTEGER NOT NULL,
  expires INTEGER, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX group_tag_facts_tag ON group_tag_facts (tag, unit, at, seq);
CREATE TABLE group_tags (
  tag INTEGER NOT NULL, unit INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (tag, unit, since)
) WITHOUT ROWID;

-- Who is in which group: `grp` is a group, `unit` a member.
CREATE TABLE group_member_facts (
  seq INTEGER PRIMARY KEY, grp INTEGER NOT NULL REFERENCES groups, unit INTEGER NOT NULL REFERENCES members,
  given INTEGER NOT NULL CHECK (given IN (0, 1)), at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER,
  backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX group_member_facts_grp ON group_member_facts (grp, unit, at, seq);
CREATE INDEX group_member_facts_unit ON group_member_facts (unit, grp, at, seq);
CREATE INDEX group_member_facts_ahead ON group_member_facts (at) WHERE at > arrived;
CREATE TABLE group_members (
  grp INTEGER NOT NULL, unit INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (grp, unit, since)
) WITHOUT ROWID;
CREATE INDEX group_members_unit ON group_members (unit, grp);

-- Members that an import took out (given 1) or brought back (given 0): who was taken out is no member at t where the
-- latest fact by (at, seq) that is seen says so. Few stores have any.
CREATE TABLE removal_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, given INTEGER NOT NULL CHECK (given IN (0, 1)),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX removal_facts_unit ON removal_facts (unit, at, seq);
-- Ids that turned out to be the same person as `target`, who was told all that was known of them; they are taken out as
-- well. `target` is never merged itself.
CREATE TABLE merges (
  unit INTEGER PRIMARY KEY REFERENCES members, target INTEGER NOT NULL REFERENCES members, at INTEGER NOT NULL
);
CREATE INDEX merges_target ON merges (target);

-- Upper bounds over facts: relation is attribute, tag, event, points, coupon, redpacket, member, removal, group (the rows
-- of groups), group_fact, group_tag, group_member, friendship, task or task_fact; key the interned number (a group's for
-- group_member) or 0.
-- What is said of `joined` counts as facts of friendship, at the instant joined.
-- `rows` counts facts. They tell when the maintained tables answer for an instant, and what a plan costs.
CREATE TABLE extents (
  relation TEXT NOT NULL, key INTEGER NOT NULL, rows INTEGER NOT NULL, units INTEGER NOT NULL DEFAULT 0, min_at INTEGER NOT NULL,
  max_at INTEGER NOT NULL, max_arrived INTEGER NOT NULL, max_seq INTEGER NOT NULL, PRIMARY KEY (relation, key)
) WITHOUT ROWID;

-- Decisions
CREATE TABLE playbook_versions (
  version INTEGER PRIMARY KEY, playbook TEXT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL,
  first_seen INTEGER NOT NULL, UNIQUE (playbook, digest)
);
-- `ahead` says whether the store held facts that arrive later than the run's instant `at`, so that it could not see them.
CREATE TABLE runs (
  run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, mark INTEGER NOT NULL, end_mark INTEGER NOT NULL,
  program TEXT NOT NULL, first_leaf INTEGER NOT NULL, leaves INTEGER NOT NULL, started_wall TEXT NOT NULL, report TEXT NOT NULL,
  ahead INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX runs_at ON runs (at);
-- The log's tree over its leaves: `hash` is that of the complete subtree over the leaves from position * 256^level on, 256^level
-- of them; level 0 are the leaves themselves, which stand in their own tables. It may lag behind the leaves.
CREATE TABLE tree (
  level INTEGER NOT NULL CHECK (level > 0), position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)
) WITHOUT ROWID;
-- A signed checkpoint for every length at which the log was left; `run` is the last run before it. `note` bears the log's own
-- signature; what witnesses signed since stands beside it, a line each.
CREATE TABLE checkpoints (leaves INTEGER PRIMARY KEY, run INTEGER REFERENCES runs, note BLOB NOT NULL);
CREATE TABLE cosignatures (
  leaves INTEGER NOT NULL REFERENCES checkpoints, line TEXT NOT NULL, PRIMARY KEY (leaves, line)
) WITHOUT ROWID;
-- Under which name and public key checkpoints were signed, each from a length of the log on; the last one is at work.
CREATE TABLE signers (
  number INTEGER PRIMARY KEY, origin TEXT NOT NULL, public BLOB NOT NULL, leaves INTEGER NOT NULL, UNIQUE (origin, public)
);
-- Stretches of the log that stand in files of their own, [first, stop) of leaf indexes, each from where the one before it ends. What
-- runs before the instant `until` decided is in files. `path` is seen from the folder of the store, `digest` the file's SHA-256. With
-- `private` the words of channels went to a file beside it.
CREATE TABLE archives (
  first INTEGER PRIMARY KEY, stop INTEGER NOT NULL UNIQUE, until INTEGER NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL,
  private INTEGER NOT NULL, at INTEGER NOT NULL
);
-- The leaves of these stretches, 32 bytes each, from `first` on to the next multiple of 256 at most.
CREATE TABLE archived_leaves (first INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
-- How far each block has been handled: schedules up to `handled` (instant), facts up to `mark` (seq).
CREATE TABLE progress (
  playbook TEXT NOT NULL, block TEXT NOT NULL, handled INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (playbook, block)
) WITHOUT ROWID;

CREATE TABLE occurrences (
  occurrence INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (playbook, name)
);
CREATE TABLE steps (
  step INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (playbook, name)
);
-- One row for what the records of one occurrence, step, status, reason and content share; `body` is what is hashed.
-- `block` is the number of the block, which a trigger keeps through all versions of its playbook.
CREATE TABLE headers (
  header INTEGER PRIMARY KEY, digest BLOB NOT NULL, body BLOB NOT NULL, run INTEGER NOT NULL REFERENCES runs,
  occurrence INTEGER NOT NULL REFERENCES occurrences, step INTEGER NOT NULL REFERENCES steps,
  version INTEGER NOT NULL REFERENCES playbook_versions, block INTEGER NOT NULL, category TEXT NOT NULL, action TEXT NOT NULL, channel TEXT, content TEXT,
  params TEXT NOT NULL, arm TEXT, status TEXT NOT NULL CHECK (status IN ('queued', 'done', 'suppressed')), reason TEXT
);
-- `seq` is the leaf index. `t` is the evaluation instant, `mark` the last seq visible to the decision.
CREATE TABLE dispatches (
  seq INTEGER PRIMARY KEY, header INTEGER NOT NULL, occurrence INTEGER NOT NULL, step INTEGER NOT NULL, kind INTEGER NOT NULL,
  unit INTEGER NOT NULL, t INTEGER NOT NULL, mark INTEGER NOT NULL, not_before INTEGER NOT NULL, key BLOB NOT NULL,
  leaf BLOB NOT NULL, UNIQUE (occurrence, step, kind, unit)
);
CREATE INDEX dispatches_unit ON dispatches (unit, not_before, header);
-- What became of a dispatch; `format` is that of the leaf, `private` the digest of its row in `delivery_texts`, NULL where there
-- is none. In the first format it covers outcome and reason as well and is never NULL.
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL REFERENCES dispatches, at INTEGER NOT NULL, attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'unknown', 'confirmed', 'refused', 'withdrawn')),
  reason TEXT, format INTEGER NOT NULL CHECK (format IN (1, 2)), private BLOB, arrived_seq INTEGER NOT NULL, leaf BLOB NOT NULL
);
CREATE INDEX deliveries_dispatch ON deliveries (dispatch, seq);
-- What of a delivery may be personal: the channel's own words, and the digest of the text. Its digest is `private` there. The
-- row goes when the member is erased; deliveries of the first format have no salt.
CREATE TABLE delivery_texts (
  seq INTEGER PRIMARY KEY REFERENCES deliveries, salt BLOB, channel_id TEXT, error TEXT, text_digest BLOB
);
-- Members who were erased, with what the log knows them by; `seq` is a leaf index. Nothing else says who they were.
CREATE TABLE erasures (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL UNIQUE, pseudonym BLOB NOT NULL, at INTEGER NOT NULL, leaf BLOB NOT NULL
);
-- Work for staff, one row for each record that gave some; `dispatch` is that record. kind: task; confirm (a push that staff
-- confirm to have sent); alert. `title` is Liquid as it stands in the playbook, NULL of a confirm. `staff` is a name as the
-- playbook gives it; else it is for the `manager`, else for whoever serves the member. `otherwise` says what becomes of a
-- confirm that is overdue: alert, or skip. An alert has no `due`.
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL UNIQUE REFERENCES dispatches,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'confirm', 'alert')), unit_kind INTEGER NOT NULL, unit INTEGER NOT NULL, title TEXT,
  staff TEXT, manager INTEGER NOT NULL CHECK (manager IN (0, 1)),
  otherwise TEXT CHECK (otherwise IN ('alert', 'skip')), at INTEGER NOT NULL, due INTEGER, arrived INTEGER NOT NULL
);
CREATE INDEX tasks_title ON tasks (title, unit, at, seq) WHERE kind = 'task';
-- That work is done (1) or is open again (0); `task` is a seq of `tasks`.
CREATE TABLE task_facts (
  seq INTEGER PRIMARY KEY, task INTEGER NOT NULL REFERENCES tasks, done INTEGER NOT NULL CHECK (done IN (0, 1)),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL
);
CREATE INDEX task_facts_task ON task_facts (task, at, seq);
-- What waits for a channel. Mutable; a row leaves when its outcome is final. A row with a lease is handed over to its
-- channel; `text_digest` is that of the text handed over. After `latest` it is withdrawn instead, NULL never.
CREATE TABLE outbox (
  dispatch INTEGER PRIMARY KEY REFERENCES dispatches, channel TEXT NOT NULL, due INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER, lease_owner TEXT, text_digest BLOB, latest INTEGER
);
CREATE INDEX outbox_due ON outbox (channel, due);

-- Who is, or was, inside a playbook. `waited` is when the wait for a condition at hand began, `looked` and `seen` the instant
-- and the last seq of its latest test; `fact` is the event or fact that started the journey, `goal` when its goal was reached.
CREATE TABLE enrolments (
  enrolment INTEGER PRIMARY KEY, playbook TEXT NOT NULL, block INTEGER NOT NULL, kind INTEGER NOT NULL, unit INTEGER NOT NULL,
  occurrence INTEGER NOT NULL REFERENCES occurrences, version INTEGER NOT NULL REFERENCES playbook_versions,
  entered INTEGER NOT NULL, position INTEGER, due INTEGER, deferrals INTEGER NOT NULL DEFAULT 0, arm TEXT,
  counted INTEGER NOT NULL DEFAULT 0, ended INTEGER, why TEXT, waited INTEGER, looked INTEGER, seen INTEGER, fact INTEGER,
  goal INTEGER
);
CREATE INDEX enrolments_unit ON enrolments (playbook, unit, block);
CREATE INDEX enrolments_due ON enrolments (due) WHERE ended IS NULL;
CREATE INDEX enrolments_open ON enrolments (version, block, position) WHERE ended IS NULL;
-- Versions of which a goal may still be reached, before `until`, by those who have left or were held out.
CREATE TABLE watched_versions (
  version INTEGER PRIMARY KEY REFERENCES playbook_versions, until INTEGER NOT NULL
);
-- Members in flight who were moved to another version of their playbook by hand: when, from which to which, and of each where
-- they stood and stand; without `to_block` they left. `wall` is the wall clock as text, as in `runs`.
CREATE TABLE migrations (
  migration INTEGER PRIMARY KEY, at INTEGER NOT NULL, playbook TEXT NOT NULL,
  source INTEGER NOT NULL REFERENCES playbook_versions, target INTEGER NOT NULL REFERENCES playbook_versions,
  wall TEXT NOT NULL
);
CREATE TABLE migrated (
  migration INTEGER NOT NULL REFERENCES migrations, enrolment INTEGER NOT NULL REFERENCES enrolments,
  block INTEGER NOT NULL, position INTEGER NOT NULL, to_block INTEGER, to_position INTEGER,
  PRIMARY KEY (migration, enrolment)
) WITHOUT ROWID;
CREATE TRIGGER migrations_keep BEFORE UPDATE ON migrations BEGIN SELECT RAISE(ABORT, 'migrations are append-only'); END;
CREATE TRIGGER migrations_stay BEFORE DELETE ON migrations BEGIN SELECT RAISE(ABORT, 'migrations are append-only'); END;
CREATE TRIGGER migrated_keep BEFORE UPDATE ON migrated BEGIN SELECT RAISE(ABORT, 'migrations are append-only'); END;
CREATE TRIGGER migrated_stay BEFORE DELETE ON migrated BEGIN SELECT RAISE(ABORT, 'migrations are append-only'); END;

-- Of what is archived a trace may be left: a record keeps the part of its key that is its id.
CREATE TRIGGER dispatches_keep BEFORE UPDATE ON dispatches
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.leaf <> x'' OR NEW.key <> substr(OLD.key, 1, 10)
  OR (NEW.seq, NEW.header, NEW.occurrence, NEW.step, NEW.kind, NEW.unit, NEW.t, NEW.mark, NEW.not_before)
    IS NOT (OLD.seq, OLD.header, OLD.occurrence, OLD.step, OLD.kind, OLD.unit, OLD.t, OLD.mark, OLD.not_before)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER dispatches_stay BEFORE DELETE ON dispatches
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
  OR (SELECT h.status FROM headers AS h WHERE h.header = OLD.header) <> 'suppressed'
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER deliveries_keep BEFORE UPDATE ON deliveries
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.leaf <> x''
  OR (NEW.seq, NEW.dispatch, NEW.at, NEW.attempt, NEW.outcome, NEW.reason, NEW.format, NEW.private, NEW.arrived_seq)
    IS NOT (OLD.seq, OLD.dispatch, OLD.at, OLD.attempt, OLD.outcome, OLD.reason, OLD.format, OLD.private, OLD.arrived_seq)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER deliveries_stay BEFORE DELETE ON deliveries
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER delivery_texts_keep BEFORE UPDATE ON delivery_texts BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER headers_keep BEFORE UPDATE ON headers
WHEN (SELECT r.first_leaf + r.leaves FROM runs AS r WHERE r.run = OLD.run) > (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.digest <> x'' OR NEW.body <> x''
  OR (NEW.header, NEW.run, NEW.occurrence, NEW.step, NEW.version, NEW.block, NEW.category, NEW.action, NEW.channel, NEW.content,
    NEW.params, NEW.arm, NEW.status, NEW.reason)
    IS NOT (OLD.header, OLD.run, OLD.occurrence, OLD.step, OLD.version, OLD.block, OLD.category, OLD.action, OLD.channel, OLD.content,
    OLD.params, OLD.arm, OLD.status, OLD.reason)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER headers_stay BEFORE DELETE ON headers
WHEN (SELECT r.first_leaf + r.leaves FROM runs AS r WHERE r.run = OLD.run) > (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER tree_keep BEFORE UPDATE ON tree BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER tree_stay BEFORE DELETE ON tree BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER cosignatures_keep BEFORE UPDATE ON cosignatures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER cosignatures_stay BEFORE DELETE ON cosignatures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER signers_keep BEFORE UPDATE ON signers BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER signers_stay BEFORE DELETE ON signers BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_follow BEFORE INSERT ON archives
WHEN NEW.first <> (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.stop <= NEW.first
  OR NEW.stop > (SELECT m.value FROM meta AS m WHERE m.key = 'leaves')
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_keep BEFORE UPDATE ON archives BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_stay BEFORE DELETE ON archives BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archived_leaves_keep BEFORE UPDATE ON archived_leaves BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archived_leaves_stay BEFORE DELETE ON archived_leaves BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
