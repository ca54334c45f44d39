-- From schema 3 to schema 4: the log as a tree with signed checkpoints. What was kept before was not signed and proves nothing;
-- the next commit writes the tree over all leaves and signs.
DROP TABLE checkpoints;
CREATE TABLE tree (
  level INTEGER NOT NULL CHECK (level > 0), position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)
) WITHOUT ROWID;
CREATE TABLE checkpoints (leaves INTEGER PRIMARY KEY, run INTEGER REFERENCES runs, note BLOB NOT NULL);
CREATE TABLE cosignatures (
  leaves INTEGER NOT NULL REFERENCES checkpoints, line TEXT NOT NULL, PRIMARY KEY (leaves, line)
) WITHOUT ROWID;
CREATE TABLE signers (
  number INTEGER PRIMARY KEY, origin TEXT NOT NULL, public BLOB NOT NULL, leaves INTEGER NOT NULL, UNIQUE (origin, public)
);
CREATE TRIGGER tree_keep BEFORE UPDATE ON tree BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER tree_stay BEFORE DELETE ON tree BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER checkpoints_keep BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER cosignatures_keep BEFORE UPDATE ON cosignatures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER cosignatures_stay BEFORE DELETE ON cosignatures BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER signers_keep BEFORE UPDATE ON signers BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER signers_stay BEFORE DELETE ON signers BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
-- Stretches of the log may be moved to files.
CREATE TABLE archives (
  first INTEGER PRIMARY KEY, stop INTEGER NOT NULL UNIQUE, until INTEGER NOT NULL, path TEXT NOT NULL, digest BLOB NOT NULL,
  private INTEGER NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE archived_leaves (first INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
DROP TRIGGER dispatches_keep;
CREATE TRIGGER dispatches_keep BEFORE UPDATE ON dispatches
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.leaf <> x'' OR NEW.key <> substr(OLD.key, 1, 10)
  OR (NEW.seq, NEW.header, NEW.occurrence, NEW.step, NEW.kind, NEW.unit, NEW.t, NEW.mark, NEW.not_before)
    IS NOT (OLD.seq, OLD.header, OLD.occurrence, OLD.step, OLD.kind, OLD.unit, OLD.t, OLD.mark, OLD.not_before)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
DROP TRIGGER dispatches_stay;
CREATE TRIGGER dispatches_stay BEFORE DELETE ON dispatches
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
  OR (SELECT h.status FROM headers AS h WHERE h.header = OLD.header) <> 'suppressed'
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
DROP TRIGGER headers_keep;
CREATE TRIGGER headers_keep BEFORE UPDATE ON headers
WHEN (SELECT r.first_leaf + r.leaves FROM runs AS r WHERE r.run = OLD.run) > (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.digest <> x'' OR NEW.body <> x''
  OR (NEW.header, NEW.run, NEW.occurrence, NEW.step, NEW.version, NEW.block, NEW.category, NEW.action, NEW.channel, NEW.content,
    NEW.params, NEW.arm, NEW.status, NEW.reason)
    IS NOT (OLD.header, OLD.run, OLD.occurrence, OLD.step, OLD.version, OLD.block, OLD.category, OLD.action, OLD.channel, OLD.content,
    OLD.params, OLD.arm, OLD.status, OLD.reason)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
DROP TRIGGER headers_stay;
CREATE TRIGGER headers_stay BEFORE DELETE ON headers
WHEN (SELECT r.first_leaf + r.leaves FROM runs AS r WHERE r.run = OLD.run) > (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_follow BEFORE INSERT ON archives
WHEN NEW.first <> (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.stop <= NEW.first
  OR NEW.stop > (SELECT m.value FROM meta AS m WHERE m.key = 'leaves')
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_keep BEFORE UPDATE ON archives BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archives_stay BEFORE DELETE ON archives BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archived_leaves_keep BEFORE UPDATE ON archived_leaves BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER archived_leaves_stay BEFORE DELETE ON archived_leaves BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
-- What of a delivery may be personal stands apart from here on, so that it can be erased; of members already erased it goes now, and
-- the file is to be cleaned of it (`qingting erase --clean`).
ALTER TABLE deliveries RENAME TO deliveries_3;
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY, dispatch INTEGER NOT NULL REFERENCES dispatches, at INTEGER NOT NULL, attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'unknown', 'confirmed', 'refused', 'withdrawn')),
  reason TEXT, format INTEGER NOT NULL CHECK (format IN (1, 2)), private BLOB, arrived_seq INTEGER NOT NULL, leaf BLOB NOT NULL
);
INSERT INTO deliveries (seq, dispatch, at, attempt, outcome, reason, format, private, arrived_seq, leaf)
SELECT seq, dispatch, at, attempt, outcome, reason, 1,
  delivery_texts_digest(outcome, reason, channel_id, error, text_digest), arrived_seq, leaf
FROM deliveries_3 ORDER BY seq;
CREATE TABLE delivery_texts (
  seq INTEGER PRIMARY KEY REFERENCES deliveries, salt BLOB, channel_id TEXT, error TEXT, text_digest BLOB
);
INSERT INTO delivery_texts (seq, channel_id, error, text_digest)
SELECT seq, channel_id, error, text_digest FROM deliveries_3
WHERE coalesce(channel_id, error, text_digest) IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM dispatches d JOIN erasures e ON e.unit = d.unit WHERE d.seq = deliveries_3.dispatch AND d.kind = 0)
ORDER BY seq;
INSERT OR IGNORE INTO meta (key, value) SELECT 'unclean', 1 WHERE EXISTS (SELECT 1 FROM erasures);
DROP TABLE deliveries_3;
CREATE INDEX deliveries_dispatch ON deliveries (dispatch, seq);
CREATE TRIGGER deliveries_keep BEFORE UPDATE ON deliveries
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a) OR NEW.leaf <> x''
  OR (NEW.seq, NEW.dispatch, NEW.at, NEW.attempt, NEW.outcome, NEW.reason, NEW.format, NEW.private, NEW.arrived_seq)
    IS NOT (OLD.seq, OLD.dispatch, OLD.at, OLD.attempt, OLD.outcome, OLD.reason, OLD.format, OLD.private, OLD.arrived_seq)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER deliveries_stay BEFORE DELETE ON deliveries
WHEN OLD.seq >= (SELECT coalesce(max(a.stop), 0) FROM archives AS a)
BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
CREATE TRIGGER delivery_texts_keep BEFORE UPDATE ON delivery_texts BEGIN SELECT RAISE(ABORT, 'the dispatch log is append-only'); END;
