-- Credits: double entry, and what is derived from it. Whole numbers only.
CREATE TABLE ledger_account (
  id TEXT PRIMARY KEY NOT NULL, -- user:kind, user:hold:device
  user_id TEXT NOT NULL REFERENCES "user" (id),
  kind TEXT NOT NULL CHECK (kind IN ('available', 'hold', 'consumed', 'clawed', 'expired', 'debt', 'mint')),
  device_id TEXT,
  balance INTEGER NOT NULL DEFAULT 0, -- of a debt: what is owed
  CHECK (kind = 'mint' OR balance >= 0)
) STRICT;
CREATE INDEX ledger_account_by_user ON ledger_account (user_id);
-- Not by its balance: that changes with each debit.
CREATE INDEX ledger_account_debts ON ledger_account (user_id) WHERE kind = 'debt';

CREATE TABLE transfer (
  id TEXT PRIMARY KEY NOT NULL, -- chosen by its cause
  debit TEXT NOT NULL REFERENCES ledger_account (id),
  credit TEXT NOT NULL REFERENCES ledger_account (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  kind TEXT NOT NULL,
  ref TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Both sides are of one person: who looks for what came to her finds it by where it came from.
CREATE INDEX transfer_by_debit ON transfer (debit);

CREATE TABLE "grant" (
  id TEXT PRIMARY KEY NOT NULL, -- of the transfer that made it
  user_id TEXT NOT NULL REFERENCES "user" (id),
  source TEXT NOT NULL CHECK (source IN ('free', 'admin', 'subscription', 'purchase')),
  purchase_id TEXT UNIQUE,
  invoice_id TEXT UNIQUE,
  amount INTEGER NOT NULL CHECK (amount > 0),
  remaining INTEGER NOT NULL CHECK (remaining >= 0 AND remaining <= amount),
  open INTEGER NOT NULL DEFAULT 1, -- 0 when nothing remains
  expires_at INTEGER,
  priority INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grant_by_time ON "grant" (created_at);
CREATE INDEX grant_by_user ON "grant" (user_id);
-- Only what can still expire; not by what remains, which changes with each debit.
CREATE INDEX grant_by_expiry ON "grant" (expires_at) WHERE open = 1;

CREATE TABLE allocation (
  grant_id TEXT NOT NULL REFERENCES "grant" (id),
  transfer_id TEXT NOT NULL REFERENCES transfer (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (grant_id, transfer_id)
) STRICT, WITHOUT ROWID;

-- Addresses that had the welcome gift, as keyed hashes.
CREATE TABLE gifted_email (
  email_hash TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES "user" (id)
) STRICT;
CREATE INDEX gifted_email_by_user ON gifted_email (user_id);

-- What a person reads, in that order; each row belongs to a transfer, and is written with it. Its key comes first: the
-- integrity check of SQLite 3.40 takes the columns for others where it does not.
CREATE TABLE credit_transaction (
  user_id TEXT NOT NULL REFERENCES "user" (id),
  created_at INTEGER NOT NULL,
  id TEXT NOT NULL REFERENCES transfer (id),
  type TEXT NOT NULL CHECK (type IN ('purchase', 'free', 'subscription', 'debit', 'refund', 'grant', 'correction', 'expiry')),
  amount INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  description TEXT NOT NULL,
  operation_type TEXT,
  resource_id TEXT,
  PRIMARY KEY (user_id, created_at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_transaction_by_time ON credit_transaction (created_at, id);

-- The price list: a change adds a row under the next version, and what was agreed under an earlier one stays.
CREATE TABLE credit_operation (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  credit_cost INTEGER NOT NULL CHECK (credit_cost >= 0),
  is_active INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (name, version)
) STRICT;
CREATE INDEX credit_operation_by_version ON credit_operation (version, id);
INSERT INTO credit_operation (id, name, description, credit_cost, is_active, version, created_at, updated_at) VALUES
  ('00000000-0000-7000-8000-000000000001', 'dataset_upload', 'A dataset imported for the first time', 1, 1, 1, 0, 0),
  ('00000000-0000-7000-8000-000000000002', 'model_training', 'A model trained', 5, 1, 1, 0, 0),
  ('00000000-0000-7000-8000-000000000003', 'prediction', 'A quote scored and saved', 1, 1, 1, 0, 0),
  ('00000000-0000-7000-8000-000000000004', 'report', 'A report made', 2, 1, 1, 0, 0);

-- only sqlite
CREATE TRIGGER transfer_is_final BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'a transfer is final'); END;
CREATE TRIGGER transfer_stays BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'a transfer stays'); END;
CREATE TRIGGER allocation_is_final BEFORE UPDATE ON allocation BEGIN SELECT RAISE(ABORT, 'an allocation is final'); END;
CREATE TRIGGER allocation_stays BEFORE DELETE ON allocation BEGIN SELECT RAISE(ABORT, 'an allocation stays'); END;
-- only postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is final', TG_TABLE_NAME;
END $$;
CREATE TRIGGER transfer_is_final BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_is_final BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- both
