-- The machines of a person, what the server has set aside for each, and the logs that they told.
CREATE TABLE device (
  id TEXT PRIMARY KEY NOT NULL, -- chosen by the device
  user_id TEXT NOT NULL REFERENCES "user" (id),
  name TEXT NOT NULL,
  public_key TEXT NOT NULL, -- Ed25519, hexadecimal; never changed
  epoch INTEGER NOT NULL DEFAULT 1,
  cap INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  returned INTEGER NOT NULL DEFAULT 0,
  head_seq INTEGER NOT NULL DEFAULT 0,
  head_hash TEXT NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000',
  not_after INTEGER NOT NULL DEFAULT 0, -- 0: no lease
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (used >= 0 AND returned >= 0 AND cap >= used + returned)
) STRICT;
CREATE INDEX device_by_user ON device (user_id, created_at, id);
-- Not by its numbers: they change with each settle, the end of the lease with the hour.
CREATE INDEX device_by_end ON device (not_after) WHERE not_after > 0;

-- The versions of the price list that its leases were made under, and the one at its beginning: what it may charge by.
CREATE TABLE device_price (
  device_id TEXT NOT NULL REFERENCES device (id),
  price_version INTEGER NOT NULL,
  PRIMARY KEY (device_id, price_version)
) STRICT;

-- Forks of a log have the same numbers and other hashes; an operation is charged in one of them.
CREATE TABLE device_entry (
  device_id TEXT NOT NULL REFERENCES device (id),
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  op_id TEXT NOT NULL,
  op_kind TEXT NOT NULL,
  units INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  price_version INTEGER NOT NULL,
  body TEXT NOT NULL, -- the text that was signed
  hash TEXT NOT NULL,
  signature TEXT NOT NULL,
  charged INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (device_id, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_entry_by_op ON device_entry (op_id) WHERE charged = 1;
