/* Rows of the workspace as plain structs, and one description of each kind of row from which it is bound, read, freed
 * and written as JSON. Field names are those of the columns. Text is owned and nullable unless said; times are UTC
 * milliseconds, 0: never. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_FIELD_TEXT,
  VAI_FIELD_JSON,    /* text that is valid JSON */
  VAI_FIELD_INTEGER, /* gint64 */
  VAI_FIELD_TIME,    /* gint64; 0 is NULL */
  VAI_FIELD_MONEY,   /* gint64, minor units; VAI_ROW_NO_PRICE is NULL */
  VAI_FIELD_REAL,    /* double; NaN is NULL */
} VaiFieldKind;

typedef struct
{
  const char *name;
  VaiFieldKind kind;
  gsize offset;
} VaiField;

/* A kind of row: its table, its struct. The first field is the id. */
typedef struct
{
  const char *table;
  gsize size;
  const VaiField *fields; /* ends with a NULL name */
} VaiRowKind;

/* What every object that a person keeps has beside its own fields. */
#define VAI_ROW_KEPT_FIELDS                                                                                            \
  char *notes, *tags, *folder; /* tags: a JSON array of texts */                                                       \
  gint64 created_at, updated_at, deleted_at

typedef struct
{
  char *id;
  char *name, *description, *file_name;
  gint64 file_size;
  char *file_sha256;
  gint64 row_count, open_count, rejected_count;
  char *column_mapping; /* JSON: {"outcome":…, "won":[…], "lost":[…], "date":…, "roles":{column: role}} */
  char *dialect;        /* JSON */
  char *quality;        /* JSON: findings with their acts; won, lost, open; opened_first, opened_last in seconds */
  char *currency;       /* ISO 4217 */
  char *status;         /* "importing", "ready", "failed" */
  char *error_message;
  VAI_ROW_KEPT_FIELDS;
} VaiDatasetRow;

typedef struct
{
  char *id;
  char *name, *description;
  char *dataset_id; /* NULL: trained from a file, or the dataset is gone */
  char *algorithm;
  char *hyperparameters, *validation; /* JSON */
  double accuracy, precision, recall, f1_score, auc_roc, brier_score, log_loss, calibration_error;
  char *intervals; /* JSON: metric → [low, high] */
  double base_rate;
  char *feature_importance; /* JSON: column → share */
  char *status;             /* "queued", "training", "ready", "failed", "cancelled" */
  char *error_message;
  gint64 training_time_ms;
  double threshold;
  gint64 seed;
  char *data_fingerprint;
  VAI_ROW_KEPT_FIELDS;
} VaiModelRow;

typedef struct
{
  char *id;
  char *model_id;
  char *quote_ref; /* the identifier as it was written */
  char *customer_sector, *customer_size;
  double discount_percentage;
  gint64 total_price; /* minor units of @currency; VAI_ROW_NO_PRICE: unknown */
  char *currency;
  double delivery_time;
  char *channel, *sales_rep, *lead_source;
  char *inputs; /* JSON: feature → text as given */
  double win_probability, probability_low, probability_high, confidence;
  char *verdict;
  char *feature_contributions; /* JSON: column → log-odds, and "base", "calibration" */
  char *recommendations;       /* JSON */
  char *outcome;               /* "won", "lost", "none" */
  gint64 outcome_at;
  char *batch_id;
  VAI_ROW_KEPT_FIELDS;
} VaiPredictionRow;

#define VAI_ROW_NO_PRICE G_MININT64

typedef struct
{
  char *id;
  char *model_id;
  char *title;
  char *content, *insights; /* JSON */
  VAI_ROW_KEPT_FIELDS;
} VaiReportRow;

typedef struct
{
  char *id;
  char *kind;       /* "import", "train", "score", "report", "outcome" */
  char *subject_id; /* the dataset, model or batch it is about */
  char *parameters; /* JSON: enough to begin it again */
  char *state;      /* "running", "done", "failed", "cancelled", "interrupted" */
  double fraction;
  char *message, *error;
  gint64 started_at, ended_at;
  char *process; /* who runs it: see vai-store-job.c */
} VaiJobRow;

extern const VaiRowKind vai_dataset_row_kind;
extern const VaiRowKind vai_model_row_kind;
extern const VaiRowKind vai_prediction_row_kind;
extern const VaiRowKind vai_report_row_kind;
extern const VaiRowKind vai_job_row_kind;

/* All fields empty: NULL, 0, NaN, VAI_ROW_NO_PRICE. Free with the _row_free() of the kind. */
gpointer vai_row_new (const VaiRowKind *kind);
void vai_row_free (const VaiRowKind *kind, gpointer row);

/* An object with every field by name; JSON fields as what they hold, unknown ones as null. */
JsonNode *vai_row_to_json (const VaiRowKind *kind, gconstpointer row);

void vai_dataset_row_free (VaiDatasetRow *self);
void vai_model_row_free (VaiModelRow *self);
void vai_prediction_row_free (VaiPredictionRow *self);
void vai_report_row_free (VaiReportRow *self);
void vai_job_row_free (VaiJobRow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDatasetRow, vai_dataset_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiModelRow, vai_model_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPredictionRow, vai_prediction_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiReportRow, vai_report_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiJobRow, vai_job_row_free)

G_END_DECLS
