-- From schema 1 to schema 2: groups, staff, friends and red packets. Stores of schema 1 could not be given any of them, so
-- their empty tables are made anew.
DROP TABLE friendship_facts;
DROP TABLE group_member_facts;
DROP TABLE groups;
DROP TABLE staff;
CREATE TABLE redpacket_kinds (redpacket INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE groups (
  unit INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, pseudonym BLOB NOT NULL, name TEXT NOT NULL, owner TEXT,
  created INTEGER, arrived INTEGER NOT NULL, seq INTEGER NOT NULL UNIQUE, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX groups_name ON groups (name);
CREATE TABLE staff (
  staff INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, manager TEXT, arrived INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE
);
CREATE TABLE redpacket_facts (
  seq INTEGER PRIMARY KEY, code TEXT NOT NULL, redpacket INTEGER NOT NULL REFERENCES redpacket_kinds,
  unit INTEGER NOT NULL REFERENCES members, kind TEXT NOT NULL CHECK (kind IN ('reserved', 'issued', 'cancelled')),
  amount INTEGER NOT NULL, at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER
);
CREATE INDEX redpacket_facts_cause ON redpacket_facts (cause) WHERE kind = 'reserved';
CREATE INDEX redpacket_facts_code ON redpacket_facts (code);
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
CREATE TABLE friendships (
  unit INTEGER NOT NULL, staff INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (unit, staff, since)
) WITHOUT ROWID;
CREATE INDEX friendships_staff ON friendships (staff, unit);
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
CREATE TABLE group_member_facts (
  seq INTEGER PRIMARY KEY, grp INTEGER NOT NULL REFERENCES groups, unit INTEGER NOT NULL REFERENCES members,
  given INTEGER NOT NULL CHECK (given IN (0, 1)), at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER,
  backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX group_member_facts_grp ON group_member_facts (grp, unit, at, seq);
CREATE INDEX group_member_facts_unit ON group_member_facts (unit, grp, at, seq);
CREATE TABLE group_members (
  grp INTEGER NOT NULL, unit INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (grp, unit, since)
) WITHOUT ROWID;
CREATE INDEX group_members_unit ON group_members (unit, grp);
CREATE TABLE removal_facts (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES members, given INTEGER NOT NULL CHECK (given IN (0, 1)),
  at INTEGER NOT NULL, arrived INTEGER NOT NULL, cause INTEGER, backfilled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX removal_facts_unit ON removal_facts (unit, at, seq);
ALTER TABLE coupon_facts ADD COLUMN backfilled INTEGER NOT NULL DEFAULT 0;
-- Whoever joined is a friend since then.
INSERT INTO friendships (unit, staff, since, until, seq)
SELECT f.unit, 0, f.value, 9223372036854775807, f.seq
FROM attribute_facts AS f JOIN attributes AS a ON a.attribute = f.attribute
WHERE a.name = 'joined' AND f.value IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM attribute_facts AS l
  WHERE l.attribute = f.attribute AND l.unit = f.unit AND (l.at > f.at OR (l.at = f.at AND l.seq > f.seq))
);
INSERT INTO extents (relation, key, rows, units, min_at, max_at, max_arrived, max_seq)
SELECT 'friendship', 0, COUNT(*), COUNT(*), MIN(COALESCE(f.value, f.at)), MAX(COALESCE(f.value, f.at)), MAX(f.arrived),
  MAX(f.seq)
FROM attribute_facts AS f JOIN attributes AS a ON a.attribute = f.attribute
WHERE a.name = 'joined' HAVING COUNT(*) > 0;
