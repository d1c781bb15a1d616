-- Money: what can be bought, what was bought, and what Stripe says about it. Amounts are in minor units.
CREATE TABLE credit_package (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  credits INTEGER NOT NULL CHECK (credits > 0),
  price INTEGER NOT NULL CHECK (price > 0),
  currency TEXT NOT NULL, -- ISO 4217 in lower case, as Stripe writes it
  "interval" TEXT NOT NULL CHECK ("interval" IN ('none', 'month')),
  stripe_price_id TEXT NOT NULL UNIQUE,
  is_active INTEGER NOT NULL DEFAULT 1,
  is_popular INTEGER NOT NULL DEFAULT 0,
  sort_order INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX credit_package_by_order ON credit_package (sort_order, id);

CREATE TABLE purchase (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES "user" (id),
  package_id TEXT NOT NULL REFERENCES credit_package (id),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  credits INTEGER NOT NULL CHECK (credits > 0),
  "interval" TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'created'
    CHECK (state IN ('created', 'open', 'awaiting_funds', 'expired', 'failed', 'refused', 'paid')),
  note TEXT, -- why it was refused
  request_key TEXT, -- the idempotency key it was asked for with
  stripe_session_id TEXT UNIQUE,
  stripe_payment_intent TEXT UNIQUE,
  check_at INTEGER, -- when Stripe is asked about it; NULL: no more
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (user_id, request_key)
) STRICT;
CREATE INDEX purchase_by_user ON purchase (user_id, created_at, id);
CREATE INDEX purchase_by_created ON purchase (created_at, id);
CREATE INDEX purchase_by_check ON purchase (check_at);
CREATE INDEX purchase_waiting ON purchase (id) WHERE state IN ('created', 'open', 'awaiting_funds');
CREATE INDEX purchase_by_package ON purchase (package_id);

CREATE TABLE stripe_event (
  id TEXT PRIMARY KEY NOT NULL,
  type TEXT NOT NULL,
  api_version TEXT,
  body TEXT NOT NULL, -- emptied when it is done and old: it may name a person
  status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'doing', 'done', 'refused')),
  lease_until INTEGER NOT NULL DEFAULT 0, -- before then nobody else takes it
  tries INTEGER NOT NULL DEFAULT 0,
  note TEXT,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX stripe_event_due ON stripe_event (status, lease_until);
CREATE INDEX stripe_event_by_received ON stripe_event (received_at, id);

-- One payment that gave credits, and how many of them went back with its money: what is posted follows the target.
CREATE TABLE payment_claw (
  payment_id TEXT PRIMARY KEY NOT NULL, -- Stripe's payment intent
  user_id TEXT NOT NULL REFERENCES "user" (id),
  purchase_id TEXT UNIQUE,
  invoice_id TEXT UNIQUE,
  grant_id TEXT NOT NULL REFERENCES "grant" (id),
  granted INTEGER NOT NULL CHECK (granted > 0),
  amount INTEGER NOT NULL CHECK (amount > 0), -- what was charged, tax included
  currency TEXT NOT NULL,
  refunded INTEGER NOT NULL DEFAULT 0,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  reinstated INTEGER NOT NULL DEFAULT 0,
  dispute_open INTEGER NOT NULL DEFAULT 0,
  target INTEGER NOT NULL DEFAULT 0,
  posted INTEGER NOT NULL DEFAULT 0 CHECK (posted >= 0 AND posted <= granted),
  n_posts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_claw_by_user ON payment_claw (user_id, dispute_open);
CREATE INDEX payment_claw_by_grant ON payment_claw (grant_id);
CREATE INDEX payment_claw_by_created ON payment_claw (created_at);

-- Refunds that an administrator gave. Their credits are reserved before Stripe is asked.
CREATE TABLE refund (
  id TEXT PRIMARY KEY NOT NULL,
  payment_id TEXT NOT NULL REFERENCES payment_claw (payment_id),
  user_id TEXT NOT NULL REFERENCES "user" (id),
  actor_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'posted', 'failed')),
  stripe_refund_id TEXT UNIQUE,
  request_key TEXT, -- the idempotency key it was asked for with
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (actor_id, request_key)
) STRICT;
CREATE INDEX refund_by_user ON refund (user_id);
CREATE INDEX refund_by_payment ON refund (payment_id, state);
CREATE INDEX refund_by_state ON refund (state, created_at);

-- A plan of months: its state only, never credits.
CREATE TABLE subscription (
  id TEXT PRIMARY KEY NOT NULL, -- Stripe's
  user_id TEXT NOT NULL REFERENCES "user" (id),
  package_id TEXT REFERENCES credit_package (id),
  status TEXT NOT NULL,
  period_end INTEGER,
  ends_at_period_end INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX subscription_by_user ON subscription (user_id, status);
CREATE INDEX subscription_by_status ON subscription (status);

-- Who read an object of Stripe last: what was read before that is not written over what was read after.
CREATE TABLE stripe_read (
  id TEXT PRIMARY KEY NOT NULL,
  ticket INTEGER NOT NULL
) STRICT;

-- How far events were listed, and when.
CREATE TABLE stripe_mark (
  id TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT;
