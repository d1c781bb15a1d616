-- What administrators and the server's own watch need.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  actor_id TEXT, -- NULL: nobody who has signed in
  action TEXT NOT NULL,
  subject TEXT,
  detail TEXT NOT NULL CHECK (json_valid(detail)), -- no personal data
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (created_at);
CREATE INDEX audit_by_actor ON audit (actor_id, seq);
CREATE INDEX audit_by_subject ON audit (subject, seq);
CREATE INDEX audit_by_action ON audit (action, seq);

-- One row: the end of the chain, and its lock.
CREATE TABLE audit_head (
  id TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES ('head', 0, '');

CREATE TABLE error_group (
  fingerprint TEXT PRIMARY KEY NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('server', 'client')),
  message TEXT NOT NULL,
  detail TEXT NOT NULL,
  version TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  resolved_at INTEGER
) STRICT;
CREATE INDEX error_group_by_last ON error_group (last_at);
-- only sqlite
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'an audit entry is final'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'an audit entry stays'); END;
-- only postgres
CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- both
