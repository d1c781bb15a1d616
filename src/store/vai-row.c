#include "vai-row-private.h"

#include <math.h>
#include <string.h>

#define FIELD(type, kind, name)                                                                                        \
  {                                                                                                                    \
#name, VAI_FIELD_##kind, G_STRUCT_OFFSET(type, name)                                                               \
  }
#define KEPT_FIELDS(type)                                                                                              \
  FIELD (type, TEXT, notes), FIELD (type, JSON, tags), FIELD (type, TEXT, folder), FIELD (type, TIME, created_at),     \
      FIELD (type, TIME, updated_at), FIELD (type, TIME, deleted_at)
#define END                                                                                                            \
  {                                                                                                                    \
    NULL                                                                                                               \
  }

static const VaiField dataset_fields[] = {
  FIELD (VaiDatasetRow, TEXT, id),
  FIELD (VaiDatasetRow, TEXT, name),
  FIELD (VaiDatasetRow, TEXT, description),
  FIELD (VaiDatasetRow, TEXT, file_name),
  FIELD (VaiDatasetRow, INTEGER, file_size),
  FIELD (VaiDatasetRow, TEXT, file_sha256),
  FIELD (VaiDatasetRow, INTEGER, row_count),
  FIELD (VaiDatasetRow, INTEGER, open_count),
  FIELD (VaiDatasetRow, INTEGER, rejected_count),
  FIELD (VaiDatasetRow, JSON, column_mapping),
  FIELD (VaiDatasetRow, JSON, dialect),
  FIELD (VaiDatasetRow, JSON, quality),
  FIELD (VaiDatasetRow, TEXT, currency),
  FIELD (VaiDatasetRow, TEXT, status),
  FIELD (VaiDatasetRow, TEXT, error_message),
  KEPT_FIELDS (VaiDatasetRow),
  END,
};

static const VaiField model_fields[] = {
  FIELD (VaiModelRow, TEXT, id),
  FIELD (VaiModelRow, TEXT, name),
  FIELD (VaiModelRow, TEXT, description),
  FIELD (VaiModelRow, TEXT, dataset_id),
  FIELD (VaiModelRow, TEXT, algorithm),
  FIELD (VaiModelRow, JSON, hyperparameters),
  FIELD (VaiModelRow, JSON, validation),
  FIELD (VaiModelRow, REAL, accuracy),
  FIELD (VaiModelRow, REAL, precision),
  FIELD (VaiModelRow, REAL, recall),
  FIELD (VaiModelRow, REAL, f1_score),
  FIELD (VaiModelRow, REAL, auc_roc),
  FIELD (VaiModelRow, REAL, brier_score),
  FIELD (VaiModelRow, REAL, log_loss),
  FIELD (VaiModelRow, REAL, calibration_error),
  FIELD (VaiModelRow, JSON, intervals),
  FIELD (VaiModelRow, REAL, base_rate),
  FIELD (VaiModelRow, JSON, feature_importance),
  FIELD (VaiModelRow, TEXT, status),
  FIELD (VaiModelRow, TEXT, error_message),
  FIELD (VaiModelRow, INTEGER, training_time_ms),
  FIELD (VaiModelRow, REAL, threshold),
  FIELD (VaiModelRow, INTEGER, seed),
  FIELD (VaiModelRow, TEXT, data_fingerprint),
  KEPT_FIELDS (VaiModelRow),
  END,
};

static const VaiField prediction_fields[] = {
  FIELD (VaiPredictionRow, TEXT, id),
  FIELD (VaiPredictionRow, TEXT, model_id),
  FIELD (VaiPredictionRow, TEXT, quote_ref),
  FIELD (VaiPredictionRow, TEXT, customer_sector),
  FIELD (VaiPredictionRow, TEXT, customer_size),
  FIELD (VaiPredictionRow, REAL, discount_percentage),
  FIELD (VaiPredictionRow, MONEY, total_price),
  FIELD (VaiPredictionRow, TEXT, currency),
  FIELD (VaiPredictionRow, REAL, delivery_time),
  FIELD (VaiPredictionRow, TEXT, channel),
  FIELD (VaiPredictionRow, TEXT, sales_rep),
  FIELD (VaiPredictionRow, TEXT, lead_source),
  FIELD (VaiPredictionRow, JSON, inputs),
  FIELD (VaiPredictionRow, REAL, win_probability),
  FIELD (VaiPredictionRow, REAL, probability_low),
  FIELD (VaiPredictionRow, REAL, probability_high),
  FIELD (VaiPredictionRow, REAL, confidence),
  FIELD (VaiPredictionRow, TEXT, verdict),
  FIELD (VaiPredictionRow, JSON, feature_contributions),
  FIELD (VaiPredictionRow, JSON, recommendations),
  FIELD (VaiPredictionRow, TEXT, outcome),
  FIELD (VaiPredictionRow, TIME, outcome_at),
  FIELD (VaiPredictionRow, TEXT, batch_id),
  KEPT_FIELDS (VaiPredictionRow),
  END,
};

static const VaiField report_fields[] = {
  FIELD (VaiReportRow, TEXT, id),
  FIELD (VaiReportRow, TEXT, model_id),
  FIELD (VaiReportRow, TEXT, title),
  FIELD (VaiReportRow, JSON, content),
  FIELD (VaiReportRow, JSON, insights),
  KEPT_FIELDS (VaiReportRow),
  END,
};

static const VaiField job_fields[] = {
  FIELD (VaiJobRow, TEXT, id),         FIELD (VaiJobRow, TEXT, kind),    FIELD (VaiJobRow, TEXT, subject_id),
  FIELD (VaiJobRow, JSON, parameters), FIELD (VaiJobRow, TEXT, state),   FIELD (VaiJobRow, REAL, fraction),
  FIELD (VaiJobRow, TEXT, message),    FIELD (VaiJobRow, TEXT, error),   FIELD (VaiJobRow, TIME, started_at),
  FIELD (VaiJobRow, TIME, ended_at),   FIELD (VaiJobRow, TEXT, process), END,
};

const VaiRowKind vai_dataset_row_kind = { "dataset", sizeof (VaiDatasetRow), dataset_fields };
const VaiRowKind vai_model_row_kind = { "model", sizeof (VaiModelRow), model_fields };
const VaiRowKind vai_prediction_row_kind = { "prediction", sizeof (VaiPredictionRow), prediction_fields };
const VaiRowKind vai_report_row_kind = { "report", sizeof (VaiReportRow), report_fields };
const VaiRowKind vai_job_row_kind = { "job", sizeof (VaiJobRow), job_fields };

/* JSON nested deeper than this is not ours, and json-glib would end the process over it. */
#define JSON_DEPTH_MAX 64

static inline gpointer
at (const VaiField *field, gconstpointer row)
{
  return (char *) row + field->offset;
}

gpointer
vai_row_new (const VaiRowKind *kind)
{
  gpointer row = g_malloc0 (kind->size);
  for (const VaiField *field = kind->fields; field->name != NULL; field++)
    if (field->kind == VAI_FIELD_REAL)
      *(double *) at (field, row) = NAN;
    else if (field->kind == VAI_FIELD_MONEY)
      *(gint64 *) at (field, row) = VAI_ROW_NO_PRICE;
  return row;
}

void
vai_row_free (const VaiRowKind *kind, gpointer row)
{
  if (row == NULL)
    return;
  for (const VaiField *field = kind->fields; field->name != NULL; field++)
    if (field->kind == VAI_FIELD_TEXT || field->kind == VAI_FIELD_JSON)
      g_free (*(char **) at (field, row));
  g_free (row);
}

static gboolean
is_shallow (const char *text)
{
  guint depth = 0;
  for (; *text != '\0'; text++)
    if (*text == '[' || *text == '{')
      {
        if (++depth > JSON_DEPTH_MAX)
          return FALSE;
      }
    else if ((*text == ']' || *text == '}') && depth > 0)
      depth--;
  return TRUE;
}

/* What @text holds; the text itself when it is no JSON of ours. */
static JsonNode *
parse (const char *text)
{
  JsonNode *node = is_shallow (text) ? json_from_string (text, NULL) : NULL;
  return node != NULL ? node : json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
field_to_json (const VaiField *field, gconstpointer row)
{
  gconstpointer value = at (field, row);
  const char *text = field->kind == VAI_FIELD_TEXT || field->kind == VAI_FIELD_JSON ? *(char *const *) value : NULL;
  JsonNode *node = json_node_alloc ();
  if (field->kind == VAI_FIELD_TEXT && text != NULL)
    return json_node_init_string (node, text);
  if (field->kind == VAI_FIELD_INTEGER)
    return json_node_init_int (node, *(const gint64 *) value);
  if (field->kind == VAI_FIELD_TIME && *(const gint64 *) value != 0)
    return json_node_init_int (node, *(const gint64 *) value);
  if (field->kind == VAI_FIELD_MONEY && *(const gint64 *) value != VAI_ROW_NO_PRICE)
    return json_node_init_int (node, *(const gint64 *) value);
  if (field->kind == VAI_FIELD_REAL && isfinite (*(const double *) value))
    return json_node_init_double (node, *(const double *) value);
  if (field->kind == VAI_FIELD_JSON && text != NULL)
    {
      json_node_free (node);
      return parse (text);
    }
  return json_node_init_null (node);
}

JsonNode *
vai_row_to_json (const VaiRowKind *kind, gconstpointer row)
{
  JsonObject *object = json_object_new ();
  for (const VaiField *field = kind->fields; field->name != NULL; field++)
    json_object_set_member (object, field->name, field_to_json (field, row));
  JsonNode *node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}

void
vai_dataset_row_free (VaiDatasetRow *self)
{
  vai_row_free (&vai_dataset_row_kind, self);
}

void
vai_model_row_free (VaiModelRow *self)
{
  vai_row_free (&vai_model_row_kind, self);
}

void
vai_prediction_row_free (VaiPredictionRow *self)
{
  vai_row_free (&vai_prediction_row_kind, self);
}

void
vai_report_row_free (VaiReportRow *self)
{
  vai_row_free (&vai_report_row_kind, self);
}

void
vai_job_row_free (VaiJobRow *self)
{
  vai_row_free (&vai_job_row_kind, self);
}

/* SQL from the description of a row. */

char *
vai_row_select (const VaiRowKind *kind, const char *where)
{
  GString *sql = g_string_new ("SELECT ");
  for (const VaiField *field = kind->fields; field->name != NULL; field++)
    g_string_append_printf (sql, "%s%s", field == kind->fields ? "" : ", ", field->name);
  g_string_append_printf (sql, " FROM %s %s", kind->table, where);
  return g_string_free (sql, FALSE);
}

gpointer
vai_row_read (const VaiRowKind *kind, VaiStatement *statement)
{
  gpointer row = vai_row_new (kind);
  int column = 0;
  for (const VaiField *field = kind->fields; field->name != NULL; field++, column++)
    {
      if (field->kind == VAI_FIELD_TEXT || field->kind == VAI_FIELD_JSON)
        *(char **) at (field, row) = g_strdup (vai_statement_get_text (statement, column));
      else if (field->kind == VAI_FIELD_REAL)
        *(double *) at (field, row) = vai_statement_get_real (statement, column);
      else if (!vai_statement_is_null (statement, column))
        *(gint64 *) at (field, row) = vai_statement_get_integer (statement, column);
    }
  return row;
}

static void
bind_field (const VaiField *field, gconstpointer row, VaiStatement *statement, int parameter)
{
  gconstpointer value = at (field, row);
  if (field->kind == VAI_FIELD_TEXT || field->kind == VAI_FIELD_JSON)
    {
      vai_statement_bind_text (statement, parameter, *(char *const *) value);
      return;
    }
  if (field->kind == VAI_FIELD_REAL)
    {
      vai_statement_bind_real (statement, parameter, *(const double *) value);
      return;
    }
  gint64 integer = *(const gint64 *) value;
  if ((field->kind == VAI_FIELD_TIME && integer == 0)
      || (field->kind == VAI_FIELD_MONEY && integer == VAI_ROW_NO_PRICE))
    vai_statement_bind_null (statement, parameter);
  else
    vai_statement_bind_integer (statement, parameter, integer);
}

gboolean
vai_row_insert (const VaiRowKind *kind, gconstpointer row, VaiDb *db, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new (NULL);
  g_string_printf (sql, "INSERT INTO %s (", kind->table);
  for (const VaiField *field = kind->fields; field->name != NULL; field++)
    {
      const char *comma = field == kind->fields ? "" : ", ";
      g_string_append_printf (sql, "%s%s", comma, field->name);
      g_string_append_printf (marks, "%s?", comma);
    }
  g_string_append_printf (sql, ") VALUES (%s)", marks->str);
  g_autoptr (VaiStatement) insert = vai_db_prepare (db, sql->str, error);
  if (insert == NULL)
    return FALSE;
  int parameter = 1;
  for (const VaiField *field = kind->fields; field->name != NULL; field++, parameter++)
    bind_field (field, row, insert, parameter);
  return vai_statement_run (insert, error);
}

gboolean
vai_row_read_all (const VaiRowKind *kind, VaiStatement *statement, GPtrArray *rows, GError **error)
{
  g_autoptr (GError) local = NULL;
  while (vai_statement_step (statement, &local))
    g_ptr_array_add (rows, vai_row_read (kind, statement));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
