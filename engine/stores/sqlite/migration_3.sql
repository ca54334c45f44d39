-- From schema 2 to schema 3: journeys that wait for something, and their goals.
ALTER TABLE enrolments ADD COLUMN waited INTEGER;
ALTER TABLE enrolments ADD COLUMN looked INTEGER;
ALTER TABLE enrolments ADD COLUMN seen INTEGER;
ALTER TABLE enrolments ADD COLUMN fact INTEGER;
ALTER TABLE enrolments ADD COLUMN goal INTEGER;
CREATE INDEX enrolments_open ON enrolments (version, block, position) WHERE ended IS NULL;
-- Work for staff; what may not go out later than an instant.
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL UNIQUE REFERENCES dispatches,
  kind TEXT NOT NULL CHECK (kind IN ('task', 'confirm', 'alert')), unit_kind INTEGER NOT NULL, unit INTEGER NOT NULL, title TEXT,
  staff TEXT, manager INTEGER NOT NULL CHECK (manager IN (0, 1)),
  otherwise TEXT CHECK (otherwise IN ('alert', 'skip')), at INTEGER NOT NULL, due INTEGER, arrived INTEGER NOT NULL
);
CREATE INDEX tasks_title ON tasks (title, unit, at, seq) WHERE kind = 'task';
CREATE TABLE task_facts (
  seq INTEGER PRIMARY KEY, task INTEGER NOT NULL REFERENCES tasks, done INTEGER NOT NULL CHECK (done IN (0, 1)),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL
);
CREATE INDEX task_facts_task ON task_facts (task, at, seq);
ALTER TABLE outbox ADD COLUMN latest INTEGER;
-- Members in flight moved to another version by hand.
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
-- Versions of which a goal may still be reached, before `until`, by those who have left or were held out.
CREATE TABLE watched_versions (
  version INTEGER PRIMARY KEY REFERENCES playbook_versions, until INTEGER NOT NULL
);
-- Ids of one person; who was erased. What they were given stays, so that coupons and red packets need no member.
CREATE TABLE merges (
  unit INTEGER PRIMARY KEY REFERENCES members, target INTEGER NOT NULL REFERENCES members, at INTEGER NOT NULL
);
CREATE INDEX merges_target ON merges (target);
CREATE TABLE erasures (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL UNIQUE, pseudonym BLOB NOT NULL, at INTEGER NOT NULL, leaf BLOB NOT NULL
);
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
ALTER TABLE coupon_facts RENAME TO coupon_facts_2;
CREATE TABLE coupon_facts (
  seq INTEGER PRIMARY KEY, code TEXT NOT NULL, coupon INTEGER NOT NULL REFERENCES coupon_kinds,
  unit INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('reserved', 'issued', 'used', 'cancelled')),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL, expires INTEGER, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
INSERT INTO coupon_facts (seq, code, coupon, unit, kind, at, arrived, expires, cause, backfilled)
SELECT seq, code, coupon, unit, kind, at, arrived, expires, cause, backfilled FROM coupon_facts_2;
DROP TABLE coupon_facts_2;
CREATE INDEX coupon_facts_cause ON coupon_facts (cause) WHERE kind = 'reserved';
CREATE INDEX coupon_facts_code ON coupon_facts (code);
ALTER TABLE redpacket_facts RENAME TO redpacket_facts_2;
CREATE TABLE redpacket_facts (
  seq INTEGER PRIMARY KEY, code TEXT NOT NULL, redpacket INTEGER NOT NULL REFERENCES redpacket_kinds,
  unit INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('reserved', 'issued', 'cancelled')),
  amount INTEGER NOT NULL, at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER
);
INSERT INTO redpacket_facts (seq, code, redpacket, unit, kind, amount, at, arrived, cause)
SELECT seq, code, redpacket, unit, kind, amount, at, arrived, cause FROM redpacket_facts_2;
DROP TABLE redpacket_facts_2;
CREATE INDEX redpacket_facts_cause ON redpacket_facts (cause) WHERE kind = 'reserved';
CREATE INDEX redpacket_facts_code ON redpacket_facts (code);
-- What starts journeys as its instant comes: facts that lie ahead of their arrival, the ends of tags, expiring coupons.
CREATE INDEX attribute_facts_ahead ON attribute_facts (at) WHERE at > arrived;
CREATE INDEX tag_facts_ahead ON tag_facts (at) WHERE at > arrived;
CREATE INDEX events_ahead ON events (at) WHERE at > arrived;
CREATE INDEX points_ahead ON points (at) WHERE at > arrived;
CREATE INDEX coupon_facts_ahead ON coupon_facts (at) WHERE at > arrived;
CREATE INDEX friendship_facts_ahead ON friendship_facts (at) WHERE at > arrived;
CREATE INDEX group_member_facts_ahead ON group_member_facts (at) WHERE at > arrived;
CREATE INDEX coupons_expires ON coupons (coupon, expires) WHERE expires IS NOT NULL;
CREATE INDEX member_tags_until ON member_tags (tag, until) WHERE until <> 9223372036854775807;
ALTER TABLE runs ADD COLUMN ahead INTEGER NOT NULL DEFAULT 1;
CREATE INDEX runs_at ON runs (at);
