-- Models that their owners have published, for the predictions API.
CREATE TABLE published_model (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES "user" (id),
  name TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  bytes BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, fingerprint)
) STRICT;
CREATE INDEX published_model_by_user ON published_model (user_id, created_at, id);
