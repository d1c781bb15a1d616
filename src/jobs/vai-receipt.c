#include "vai-receipt.h"

#include "vai-error.h"
#include "vai-format.h"
#include "vai-json.h"
#include "vai-scorer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Mathematical libraries of two computers may differ in the last digits; a person never sees this much. */
#define SAME_CHANCE 1e-9

static char *
dup_inputs_hash (const VaiPredictionRow *row)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, row->inputs != NULL ? row->inputs : "", -1);
}

char *
vai_receipt_dup_fingerprint (VaiStore *store, const char *model_id, GError **error)
{
  g_autoptr (GBytes) bytes = vai_store_load_model (store, model_id, error);

  return bytes != NULL ? vai_model_fingerprint (bytes, error) : NULL;
}

void
vai_receipt_sign (VaiPredictionRow *row, const char *fingerprint)
{
  g_autofree char *inputs = dup_inputs_hash (row);
  JsonObject *receipt = json_object_new ();

  vai_json_set_text (receipt, "model", fingerprint);
  vai_json_set_text (receipt, "inputs", inputs);
  vai_json_set_double (receipt, "win_probability", row->win_probability);
  g_autoptr (JsonObject) notes = json_object_new ();
  json_object_set_object_member (notes, "receipt", receipt);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), notes);
  g_free (row->notes);
  row->notes = json_to_string (node, FALSE);
}

gboolean
vai_receipt_write (VaiStore *store, VaiPredictionRow *row, GError **error)
{
  g_autofree char *fingerprint = vai_receipt_dup_fingerprint (store, row->model_id, error);

  if (fingerprint == NULL)
    return FALSE;
  vai_receipt_sign (row, fingerprint);
  return TRUE;
}

/* NULL when the notes hold none: they are a person's to change. @node keeps it alive. */
static JsonObject *
find_receipt (const VaiPredictionRow *row, JsonNode **node)
{
  *node = row->notes != NULL ? vai_json_parse (row->notes, strlen (row->notes), NULL) : NULL;
  JsonObject *notes = *node != NULL ? vai_json_node_get_object (*node, NULL) : NULL;

  return notes != NULL ? vai_json_get_object (notes, "receipt", NULL) : NULL;
}

static gboolean
fill_frame (VaiFrame *frame, const char *inputs, GError **error)
{
  g_autoptr (JsonNode) node
      = vai_json_parse (inputs != NULL ? inputs : "", inputs != NULL ? strlen (inputs) : 0, error);
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, error) : NULL;

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < frame->n_features; i++)
    {
      const char *name = vai_schema_feature (frame->schema, i)->name;
      const char *text = vai_json_get_string (object, name, NULL);
      /* What could not be read when it was scored was missing, and is again. */
      if (text != NULL)
        vai_frame_set_text (frame, 0, name, text, NULL);
    }
  return TRUE;
}

static gboolean
score_again (GBytes *bytes, const VaiPredictionRow *row, double *now, GError **error)
{
  g_autoptr (VaiModel) model = vai_model_from_bytes (bytes, error);
  g_autoptr (VaiFrame) frame = model != NULL ? vai_frame_new_empty (model->schema, 1) : NULL;

  if (frame == NULL || !fill_frame (frame, row->inputs, error))
    return FALSE;
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  VaiScore score;
  if (!vai_scorer_score (scorer, frame, NULL, 1, 1, &score, NULL, NULL, error))
    return FALSE;
  *now = score.win_probability;
  return TRUE;
}

static gboolean
is_text (JsonObject *receipt, const char *name, const char *text)
{
  return g_strcmp0 (vai_json_get_string (receipt, name, NULL), text) == 0;
}

static VaiReceiptFinding
compare (const VaiPredictionRow *row, const char *model, const VaiReceiptCheck *check)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *receipt = find_receipt (row, &node);
  g_autofree char *inputs = dup_inputs_hash (row);
  double signed_chance = NAN;
  gboolean same = fabs (check->said - check->now) <= SAME_CHANCE;

  if (receipt == NULL)
    return same ? VAI_RECEIPT_SAME_UNSIGNED : VAI_RECEIPT_DIFFERS;
  if (!is_text (receipt, "inputs", inputs))
    return VAI_RECEIPT_INPUTS_CHANGED;
  if (!is_text (receipt, "model", model))
    return VAI_RECEIPT_MODEL_CHANGED;
  vai_json_get_double (receipt, "win_probability", &signed_chance, NULL);
  return same && fabs (signed_chance - check->now) <= SAME_CHANCE ? VAI_RECEIPT_SAME : VAI_RECEIPT_DIFFERS;
}

static gboolean
verify_row (VaiStore *store, const VaiPredictionRow *row, VaiReceiptCheck *check, GError **error)
{
  g_autoptr (GBytes) bytes = vai_store_load_model (store, row->model_id, error);
  g_autofree char *model = bytes != NULL ? vai_model_fingerprint (bytes, error) : NULL;

  if (model == NULL)
    return FALSE;
  check->said = row->win_probability;
  if (!score_again (bytes, row, &check->now, error))
    return FALSE;
  check->finding = compare (row, model, check);
  return TRUE;
}

gboolean
vai_receipt_verify (VaiStore *store, const char *prediction_id, VaiReceiptCheck *check, GError **error)
{
  g_autoptr (VaiPredictionRow) row = vai_store_get_prediction (store, prediction_id, error);

  return row != NULL && verify_row (store, row, check, error);
}

/* NULL: it is not what is printed of a prediction. */
static VaiPredictionRow *
read_row (JsonObject *object)
{
  g_autoptr (VaiPredictionRow) row = g_new0 (VaiPredictionRow, 1);
  JsonObject *inputs = vai_json_get_object (object, "inputs", NULL);

  row->model_id = g_strdup (vai_json_get_string (object, "model_id", NULL));
  row->notes = g_strdup (vai_json_get_string (object, "notes", NULL));
  if (row->model_id == NULL || inputs == NULL
      || !vai_json_get_finite (object, "win_probability", &row->win_probability, NULL))
    return NULL;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), inputs);
  row->inputs = json_to_string (node, FALSE);
  return g_steal_pointer (&row);
}

gboolean
vai_receipt_verify_file (VaiStore *store, const char *path, VaiReceiptCheck *check, GError **error)
{
  g_autoptr (GBytes) bytes = vai_model_read_file (path, error);
  gsize size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  if (bytes == NULL)
    return FALSE;
  g_autoptr (JsonNode) node = size <= VAI_RECEIPT_FILE_MAX ? vai_json_parse (text, size, NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;
  g_autoptr (VaiPredictionRow) row = object != NULL ? read_row (object) : NULL;
  if (row == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FOREIGN,
                   _ ("“%s” is no receipt. Write one with: valutai-cli prediction show ID --json > RECEIPT.json"),
                   path);
      return FALSE;
    }
  return verify_row (store, row, check, error);
}

const char *
vai_receipt_finding_name (VaiReceiptFinding finding)
{
  static const char *const names[] = { "same", "same_unsigned", "inputs_changed", "model_changed", "differs" };

  g_return_val_if_fail ((guint) finding < G_N_ELEMENTS (names), NULL);
  return names[finding];
}

char *
vai_receipt_dup_words (const VaiReceiptCheck *check)
{
  g_autofree char *said = vai_format_probability (check->said), *now = vai_format_probability (check->now);

  switch (check->finding)
    {
    case VAI_RECEIPT_SAME:
      return g_strdup_printf (_ ("The same: %s again, from the same inputs and the same model"), now);
    case VAI_RECEIPT_SAME_UNSIGNED:
      return g_strdup_printf (_ ("The same: %s again; this score was kept without a receipt"), now);
    case VAI_RECEIPT_INPUTS_CHANGED:
      return g_strdup (_ ("Not the same: the inputs were changed after the score was saved"));
    case VAI_RECEIPT_MODEL_CHANGED:
      return g_strdup (_ ("Not the same: the model was changed after the score was saved"));
    case VAI_RECEIPT_DIFFERS:
    default:
      return g_strdup_printf (_ ("Not the same: %s was saved, and it is %s now"), said, now);
    }
}
