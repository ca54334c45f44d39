-- An archive of the log: the entries [first, stop) as a store holds them (see engine/stores/sqlite/schema.sql), with all that it takes
-- to compute their leaves anew. Of members and groups it has numbers and pseudonyms, of deliveries nothing that may be personal.
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
-- store_id (text), archive (the form of this file), first, stop, until (instant), leaves (as stop)
CREATE TABLE members (unit INTEGER PRIMARY KEY, id TEXT CHECK (id IS NULL), pseudonym BLOB NOT NULL);
CREATE TABLE groups (unit INTEGER PRIMARY KEY, id TEXT CHECK (id IS NULL), pseudonym BLOB NOT NULL);
CREATE TABLE playbook_versions (
  version INTEGER PRIMARY KEY, playbook TEXT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL, first_seen INTEGER NOT NULL
);
CREATE TABLE runs (
  run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, mark INTEGER NOT NULL, end_mark INTEGER NOT NULL,
  program TEXT NOT NULL, first_leaf INTEGER NOT NULL, leaves INTEGER NOT NULL, started_wall TEXT NOT NULL, report TEXT NOT NULL,
  ahead INTEGER NOT NULL
);
CREATE TABLE occurrences (occurrence INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE steps (step INTEGER PRIMARY KEY, playbook TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE headers (
  header INTEGER PRIMARY KEY, digest BLOB NOT NULL, body BLOB NOT NULL, run INTEGER NOT NULL, occurrence INTEGER NOT NULL,
  step INTEGER NOT NULL, version INTEGER NOT NULL, block INTEGER NOT NULL, category TEXT NOT NULL, action TEXT NOT NULL, channel TEXT,
  content TEXT, params TEXT NOT NULL, arm TEXT, status TEXT NOT NULL, reason TEXT
);
CREATE TABLE dispatches (
  seq INTEGER PRIMARY KEY, header INTEGER NOT NULL, occurrence INTEGER NOT NULL, step INTEGER NOT NULL, kind INTEGER NOT NULL,
  unit INTEGER NOT NULL, t INTEGER NOT NULL, mark INTEGER NOT NULL, not_before INTEGER NOT NULL, key BLOB NOT NULL,
  leaf BLOB NOT NULL
);
CREATE INDEX dispatches_unit ON dispatches (unit);
CREATE INDEX dispatches_key ON dispatches (key);
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL, at INTEGER NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL,
  reason TEXT, format INTEGER NOT NULL, private BLOB, arrived_seq INTEGER NOT NULL, leaf BLOB NOT NULL
);
CREATE INDEX deliveries_dispatch ON deliveries (dispatch, seq);
-- Besides those of the stretch, the erasures of members whose records it holds, whenever they came.
CREATE TABLE erasures (
  seq INTEGER PRIMARY KEY, unit INTEGER NOT NULL UNIQUE, pseudonym BLOB NOT NULL, at INTEGER NOT NULL, leaf BLOB NOT NULL
);
CREATE TABLE checkpoints (leaves INTEGER PRIMARY KEY, run INTEGER, note BLOB NOT NULL);
CREATE TABLE cosignatures (leaves INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (leaves, line)) WITHOUT ROWID;
CREATE TABLE signers (number INTEGER PRIMARY KEY, origin TEXT NOT NULL, public BLOB NOT NULL, leaves INTEGER NOT NULL);
-- The roots of the complete subtrees over the leaves before `first`, widest first: with them the file alone gives the root at `stop`.
CREATE TABLE before (first INTEGER PRIMARY KEY, stop INTEGER NOT NULL, hash BLOB NOT NULL);
-- What readers of a log look for, and what an archive has none of.
CREATE TABLE tree (level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)) WITHOUT ROWID;
CREATE TABLE archives (
  first INTEGER PRIMARY KEY, stop INTEGER NOT NULL, until INTEGER NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL,
  private INTEGER NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE archived_leaves (first INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
