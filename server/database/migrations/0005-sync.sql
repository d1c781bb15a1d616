-- The library that a person's machines share: objects by number of change, and the files that they name.

-- Which database this is, and which of its lives: cursors of another one are not understood. A restored backup takes
-- a new epoch.
CREATE TABLE sync_store (
  id TEXT PRIMARY KEY NOT NULL,
  epoch TEXT NOT NULL,
  home TEXT -- of PostgreSQL: the cluster, timeline, database and table it was last seen in; NULL: not yet
) STRICT;
-- only sqlite
INSERT INTO sync_store (id, epoch) VALUES (lower(hex(randomblob(16))), lower(hex(randomblob(4))));
-- only postgres
INSERT INTO sync_store (id, epoch) VALUES (replace(gen_random_uuid()::text, '-', ''), substr(gen_random_uuid()::text, 1, 8));
-- both

-- Locked by each write, so that the order of commits is the order of numbers.
CREATE TABLE sync_account (
  id TEXT PRIMARY KEY NOT NULL REFERENCES "user" (id),
  sync_seq INTEGER NOT NULL DEFAULT 0,
  floor_seq INTEGER NOT NULL DEFAULT 0, -- of the last tombstone that is forgotten
  bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0) -- of its blobs, of what is known of its objects, and of published models
) STRICT;

CREATE TABLE sync_object (
  user_id TEXT NOT NULL REFERENCES sync_account (id),
  id TEXT NOT NULL, -- chosen by a client: another person may have the same
  kind TEXT NOT NULL CHECK (kind IN ('dataset', 'model', 'prediction', 'report', 'preference')),
  schema INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  meta TEXT NOT NULL CHECK (json_valid(meta)), -- as it came
  blobs TEXT NOT NULL CHECK (json_valid(blobs)),
  op_id TEXT, -- the settled operation that made it
  push_hash TEXT NOT NULL, -- of the item that wrote this revision
  updated_by_device TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  emptied INTEGER NOT NULL DEFAULT 0, -- out of the trash: a tombstone
  PRIMARY KEY (user_id, id)
) STRICT;
CREATE UNIQUE INDEX sync_object_by_seq ON sync_object (user_id, seq);
CREATE INDEX sync_object_by_op ON sync_object (user_id, op_id) WHERE op_id IS NOT NULL;
CREATE INDEX sync_object_in_trash ON sync_object (deleted_at) WHERE deleted = 1 AND emptied = 0;
CREATE INDEX sync_object_tombstone ON sync_object (deleted_at) WHERE deleted = 1 AND emptied = 1;

-- What an object was before, and what lost when two machines had changed the same field.
CREATE TABLE object_history (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  object_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('replaced', 'lost')),
  rev INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  meta TEXT NOT NULL CHECK (json_valid(meta)),
  push_hash TEXT,
  updated_by_device TEXT,
  created_at INTEGER NOT NULL,
  FOREIGN KEY (user_id, object_id) REFERENCES sync_object (user_id, id)
) STRICT;
CREATE INDEX object_history_by_object ON object_history (user_id, object_id, id);

-- A file in the store. The row is there before the file and goes after it.
CREATE TABLE blob (
  hash TEXT PRIMARY KEY NOT NULL,
  size INTEGER NOT NULL DEFAULT 0, -- 0 until it is whole
  refs INTEGER NOT NULL DEFAULT 0 CHECK (refs >= 0), -- accounts that have it
  used_at INTEGER NOT NULL,
  removing INTEGER NOT NULL DEFAULT 0 -- since when
) STRICT;
CREATE INDEX blob_unused ON blob (used_at) WHERE refs = 0;

-- Who has sent it: nobody gets a file by knowing its hash.
CREATE TABLE user_blob (
  user_id TEXT NOT NULL REFERENCES sync_account (id),
  hash TEXT NOT NULL REFERENCES blob (hash),
  size INTEGER NOT NULL,
  refs INTEGER NOT NULL DEFAULT 0 CHECK (refs >= 0), -- objects that name it
  used_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, hash)
) STRICT;
CREATE INDEX user_blob_unused ON user_blob (used_at) WHERE refs = 0;
CREATE INDEX user_blob_by_hash ON user_blob (hash);

CREATE TABLE upload (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES sync_account (id),
  hash TEXT NOT NULL REFERENCES blob (hash),
  size INTEGER NOT NULL,
  "offset" INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, hash)
) STRICT;
CREATE INDEX upload_by_created ON upload (created_at);
CREATE INDEX upload_by_hash ON upload (hash);
