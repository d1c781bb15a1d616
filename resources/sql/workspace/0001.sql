-- Format 1 of the workspace. Ids are UUIDv7 text, times UTC milliseconds, money integer minor units, JSON checked text.
-- Lists are answered by the index on (deleted_at, …): live rows have no deleted_at.

CREATE TABLE dataset (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  file_name TEXT,
  file_size INTEGER NOT NULL,
  file_sha256 TEXT,
  row_count INTEGER NOT NULL CHECK (row_count >= 0),
  open_count INTEGER NOT NULL CHECK (open_count >= 0),
  rejected_count INTEGER NOT NULL CHECK (rejected_count >= 0),
  column_mapping TEXT CHECK (column_mapping IS NULL OR json_valid (column_mapping)),
  dialect TEXT CHECK (dialect IS NULL OR json_valid (dialect)),
  quality TEXT CHECK (quality IS NULL OR json_valid (quality)),
  currency TEXT,
  status TEXT NOT NULL CHECK (status IN ('importing', 'ready', 'failed')),
  error_message TEXT,
  notes TEXT,
  tags TEXT CHECK (tags IS NULL OR json_valid (tags)),
  folder TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX dataset_by_time ON dataset (deleted_at, created_at, id);
CREATE INDEX dataset_by_name ON dataset (name);

CREATE TABLE rejected_row (
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  raw TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (dataset_id, position)
) STRICT, WITHOUT ROWID;

-- dictionary: the number of texts, the length of each (all 32 bits, little-endian), then the texts.
CREATE TABLE dataset_column (
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('number', 'category', 'date', 'text')),
  role TEXT NOT NULL,
  unit TEXT,
  has_time INTEGER NOT NULL CHECK (has_time IN (0, 1)),
  decimals INTEGER NOT NULL,
  dictionary_checksum INTEGER,
  dictionary BLOB,
  PRIMARY KEY (dataset_id, position)
) STRICT;

-- Column -1 holds the line of the file at which each row began.
CREATE TABLE column_chunk (
  dataset_id TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
  "column" INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  rows INTEGER NOT NULL CHECK (rows BETWEEN 1 AND 65536),
  checksum INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (dataset_id, "column", chunk)
) STRICT;

CREATE TABLE model (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  dataset_id TEXT REFERENCES dataset (id) ON DELETE SET NULL,
  algorithm TEXT NOT NULL,
  hyperparameters TEXT CHECK (hyperparameters IS NULL OR json_valid (hyperparameters)),
  validation TEXT CHECK (validation IS NULL OR json_valid (validation)),
  accuracy REAL,
  precision REAL,
  recall REAL,
  f1_score REAL,
  auc_roc REAL,
  brier_score REAL,
  log_loss REAL,
  calibration_error REAL,
  intervals TEXT CHECK (intervals IS NULL OR json_valid (intervals)),
  base_rate REAL,
  feature_importance TEXT CHECK (feature_importance IS NULL OR json_valid (feature_importance)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'training', 'ready', 'failed', 'cancelled')),
  error_message TEXT,
  training_time_ms INTEGER NOT NULL,
  threshold REAL,
  seed INTEGER NOT NULL,
  data_fingerprint TEXT,
  notes TEXT,
  tags TEXT CHECK (tags IS NULL OR json_valid (tags)),
  folder TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX model_by_time ON model (deleted_at, created_at, id);
CREATE INDEX model_by_dataset ON model (dataset_id, deleted_at, created_at, id);
CREATE INDEX model_by_name ON model (name);

CREATE TABLE model_file (
  model_id TEXT PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE prediction (
  id TEXT PRIMARY KEY,
  model_id TEXT NOT NULL REFERENCES model (id) ON DELETE CASCADE,
  quote_ref TEXT,
  customer_sector TEXT,
  customer_size TEXT,
  discount_percentage REAL,
  total_price INTEGER,
  currency TEXT,
  delivery_time REAL,
  channel TEXT,
  sales_rep TEXT,
  lead_source TEXT,
  inputs TEXT CHECK (inputs IS NULL OR json_valid (inputs)),
  win_probability REAL CHECK (win_probability BETWEEN 0 AND 1),
  probability_low REAL,
  probability_high REAL,
  confidence REAL,
  verdict TEXT,
  feature_contributions TEXT CHECK (feature_contributions IS NULL OR json_valid (feature_contributions)),
  recommendations TEXT CHECK (recommendations IS NULL OR json_valid (recommendations)),
  outcome TEXT NOT NULL CHECK (outcome IN ('won', 'lost', 'none')),
  outcome_at INTEGER,
  batch_id TEXT,
  notes TEXT,
  tags TEXT CHECK (tags IS NULL OR json_valid (tags)),
  folder TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX prediction_by_time ON prediction (deleted_at, id);
CREATE INDEX prediction_by_model ON prediction (model_id, deleted_at, id);
CREATE INDEX prediction_by_batch ON prediction (batch_id, deleted_at, id);
CREATE INDEX prediction_by_quote ON prediction (quote_ref, deleted_at, id);
CREATE INDEX prediction_by_outcome ON prediction (outcome, deleted_at, id);

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  model_id TEXT NOT NULL REFERENCES model (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  content TEXT CHECK (content IS NULL OR json_valid (content)),
  insights TEXT CHECK (insights IS NULL OR json_valid (insights)),
  notes TEXT,
  tags TEXT CHECK (tags IS NULL OR json_valid (tags)),
  folder TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX report_by_time ON report (deleted_at, created_at, id);
CREATE INDEX report_by_model ON report (model_id, deleted_at, created_at, id);
CREATE INDEX report_by_title ON report (title);

-- subject_id may be of any kind of object, and may be gone.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id TEXT,
  parameters TEXT CHECK (parameters IS NULL OR json_valid (parameters)),
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  fraction REAL NOT NULL,
  message TEXT,
  error TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  process TEXT
) STRICT;
CREATE INDEX job_by_time ON job (started_at, id);
CREATE INDEX job_by_state ON job (state, started_at, id);
