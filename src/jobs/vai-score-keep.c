#include "vai-score-keep.h"

#include "vai-error.h"
#include "vai-receipt.h"
#include "vai-score-row.h"
#include "vai-time.h"

#include <math.h>
#include <string.h>

/* Rows between two looks at the cancellable. */
#define ROWS_A_LOOK 1024

static char *
dup_json (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return json_to_string (node, FALSE);
}

/* Table column of each feature, -1: the table lacks it. Free with g_free(). */
static int *
map_features (const VaiScoreKeep *keep)
{
  const VaiSchema *schema = keep->model->schema;
  int *columns = g_new (int, schema->features->len + 1);
  for (guint i = 0; i < schema->features->len; i++)
    columns[i] = vai_table_find (keep->table, vai_schema_feature (schema, i)->name);
  return columns;
}

static char *
dup_inputs (const VaiScoreKeep *keep, const int *columns, gsize row)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; i < keep->model->schema->features->len; i++)
    {
      if (columns[i] < 0)
        continue;
      g_autofree char *text = vai_column_dup_text (vai_table_column (keep->table, columns[i]), row);
      json_object_set_string_member (object, vai_schema_feature (keep->model->schema, i)->name, text);
    }
  return dup_json (object);
}

static void
set_reference (VaiPredictionRow *prediction, const VaiColumn *column, gsize row)
{
  if (!vai_column_is_missing (column, row))
    prediction->quote_ref = vai_column_dup_text (column, row);
}

/* The fields that every company knows, by the role of the column. */
static void
set_known_role (VaiPredictionRow *prediction,
                VaiRole role,
                const VaiScoreKeep *keep,
                const VaiColumn *column,
                gsize row)
{
  g_autofree char *text = vai_column_is_missing (column, row) ? g_strdup ("") : vai_column_dup_text (column, row);

  vai_score_row_set_role (prediction, role, text, column->type == VAI_TYPE_NUMBER ? column->numbers[row] : NAN,
                          keep->currency);
}

static VaiPredictionRow *
make_prediction (const VaiScoreKeep *keep, const int *columns, int identifier, gsize row)
{
  const VaiSchema *schema = keep->model->schema;
  const VaiScore *score = &g_array_index (keep->scores, VaiScore, row);
  gsize width = schema->features->len + 1;
  VaiPredictionRow *prediction = vai_row_new (&vai_prediction_row_kind);
  prediction->model_id = g_strdup (keep->model_id);
  prediction->batch_id = g_strdup (keep->batch_id);
  if (identifier >= 0)
    set_reference (prediction, vai_table_column (keep->table, identifier), row);
  for (guint i = 0; i < schema->features->len; i++)
    if (columns[i] >= 0)
      set_known_role (prediction, vai_schema_feature (schema, i)->role, keep,
                      vai_table_column (keep->table, columns[i]), row);
  prediction->inputs = dup_inputs (keep, columns, row);
  prediction->win_probability = score->win_probability;
  prediction->probability_low = score->low;
  prediction->probability_high = score->high;
  prediction->confidence = score->confidence;
  prediction->verdict = g_strdup (vai_verdict_name (score->verdict));
  prediction->feature_contributions
      = vai_score_row_dup_contributions (schema, score, &g_array_index (keep->contributions, double, row *width));
  return prediction;
}

gboolean
vai_score_keep_store (VaiStore *store, gpointer data, GError **error)
{
  VaiScoreKeep *keep = data;
  const char *name = keep->model->schema->identifier;
  int identifier = name != NULL ? vai_table_find (keep->table, name) : -1;
  g_autofree int *columns = map_features (keep);
  g_autofree char *fingerprint = vai_receipt_dup_fingerprint (store, keep->model_id, error);
  if (fingerprint == NULL)
    return FALSE;
  keep->batch_id = vai_uuid_new ();
  for (gsize row = 0; row < keep->scores->len; row++)
    {
      if (row % ROWS_A_LOOK == 0 && vai_cancelled (keep->cancellable, error))
        return FALSE;
      g_autoptr (VaiPredictionRow) prediction = make_prediction (keep, columns, identifier, row);
      vai_receipt_sign (prediction, fingerprint);
      if (!vai_store_add_prediction (store, prediction, error))
        return FALSE;
      if (row % ROWS_A_LOOK == 0)
        vai_progress_set (keep->progress, (double) row / keep->scores->len, NULL);
    }
  return TRUE;
}
