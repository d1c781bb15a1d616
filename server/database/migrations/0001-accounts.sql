-- Persons, how they sign in, and what every request needs. Times are UTC milliseconds, flags 0 or 1.
CREATE TABLE "user" (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, -- normalised
  email_verified INTEGER NOT NULL DEFAULT 0,
  image BLOB, -- PNG
  role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'support', 'billing', 'owner')),
  credits INTEGER NOT NULL DEFAULT 0, -- a checked cache of the ledger's balance
  stripe_customer_id TEXT UNIQUE,
  stripe_subscription_id TEXT,
  has_received_free_credits INTEGER NOT NULL DEFAULT 0,
  previous_emails_for_free_credits TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(previous_emails_for_free_credits)),
  password_hash TEXT, -- NULL after deletion
  totp BLOB, -- encrypted
  totp_enabled INTEGER NOT NULL DEFAULT 0,
  totp_counter INTEGER NOT NULL DEFAULT 0, -- the last one used
  suspended_at INTEGER,
  deleted_at INTEGER,
  locale TEXT NOT NULL DEFAULT 'en',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX user_by_created ON "user" (created_at);
CREATE INDEX user_unconfirmed ON "user" (created_at) WHERE email_verified = 0 AND deleted_at IS NULL;
CREATE INDEX user_owners ON "user" (id) WHERE role = 'owner';

CREATE TABLE session (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES "user" (id),
  device_id TEXT,
  token_hash TEXT NOT NULL UNIQUE,
  next_token_hash TEXT UNIQUE, -- proposed by the client, until it is used
  ip_address TEXT,
  user_agent TEXT,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX session_by_user ON session (user_id, created_at);
CREATE INDEX session_by_revoked ON session (revoked_at);
CREATE INDEX session_by_use ON session (updated_at, user_id);

-- Refresh tokens that were replaced: one that comes back was stolen, or its thief was first.
CREATE TABLE session_token_used (
  token_hash TEXT PRIMARY KEY NOT NULL,
  session_id TEXT NOT NULL REFERENCES session (id),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_token_used_by_time ON session_token_used (created_at);
CREATE INDEX session_token_used_by_session ON session_token_used (session_id);

-- What a link in a mail carries, hashed: verification, change of address, reset, the first administrator.
CREATE TABLE one_time_token (
  token_hash TEXT PRIMARY KEY NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'email', 'reset', 'setup')),
  user_id TEXT REFERENCES "user" (id),
  detail TEXT,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX one_time_token_by_expiry ON one_time_token (expires_at);
CREATE INDEX one_time_token_by_user ON one_time_token (user_id, purpose);

-- Ten codes that stand in for a lost one-time password, each for once.
CREATE TABLE backup_code (
  user_id TEXT NOT NULL REFERENCES "user" (id),
  code_hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_hash)
) STRICT;

-- A machine that waits to be let in by somebody who is signed in elsewhere (RFC 8628).
CREATE TABLE device_code (
  code_hash TEXT PRIMARY KEY NOT NULL,
  user_code_hash TEXT NOT NULL UNIQUE,
  name TEXT, -- what the machine calls itself
  ip_address TEXT,
  user_agent TEXT,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'denied', 'used')),
  user_id TEXT REFERENCES "user" (id), -- who decided
  poll_seconds INTEGER NOT NULL,
  polled_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_code_by_expiry ON device_code (expires_at);
CREATE INDEX device_code_by_user ON device_code (user_id);

-- Keys of this server: of tokens, of one-time codes, of leases. Encrypted under the master key.
CREATE TABLE secret_key (
  id TEXT PRIMARY KEY NOT NULL,
  purpose TEXT NOT NULL,
  value BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX secret_key_purpose ON secret_key (purpose, created_at);

-- The first answer to a request that changes something, for when it is repeated.
CREATE TABLE idempotency (
  user_id TEXT NOT NULL, -- or the address, before a sign-in
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  answer BLOB NOT NULL, -- encrypted when it holds a token
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, route, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE rate_limit (
  id TEXT PRIMARY KEY NOT NULL, -- what is counted: class and whom
  window_start INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT;
CREATE INDEX rate_limit_by_window ON rate_limit (window_start);

CREATE TABLE mail_outbox (
  id TEXT PRIMARY KEY NOT NULL,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body BLOB NOT NULL, -- encrypted; empty once it was sent
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'sent', 'failed')),
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT;
CREATE INDEX mail_outbox_due ON mail_outbox (status, next_try_at);
CREATE INDEX mail_outbox_by_recipient ON mail_outbox (recipient);
