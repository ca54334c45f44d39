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
