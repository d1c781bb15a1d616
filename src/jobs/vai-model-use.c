#include "vai-model-use.h"

#include <json-glib/json-glib.h>

void
vai_model_use_free (VaiModelUse *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  vai_health_free (self->health);
  g_free (self);
}

gint8
vai_model_use_outcome (const VaiPredictionRow *row)
{
  return g_strcmp0 (row->outcome, "won") == 0 ? 1 : g_strcmp0 (row->outcome, "lost") == 0 ? 0 : -1;
}

/* The quote as it was scored; what cannot be read any more is missing. */
static void
fill_row (VaiFrame *frame, guint row, const char *inputs)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (inputs == NULL || !json_parser_load_from_data (parser, inputs, -1, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (json_parser_get_root (parser)));
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
        && vai_schema_find (frame->schema, name) >= 0)
      vai_frame_set_text (frame, row, name, json_node_get_string (node), NULL);
}

/* Takes the rows out of @all. */
static GPtrArray *
newest_of_each (GPtrArray *all)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *kept = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_prediction_row_free);

  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++)
    {
      VaiPredictionRow *row = g_ptr_array_index (all, i);
      gboolean named = row->quote_ref != NULL && *row->quote_ref != '\0';
      if (!named || g_hash_table_add (seen, row->quote_ref))
        g_ptr_array_add (kept, row);
      else
        vai_prediction_row_free (row);
    }
  return kept;
}

VaiModelUse *
vai_model_use_load (VaiStore *store,
                    const char *model_id,
                    const VaiModel *model,
                    GCancellable *cancellable,
                    GError **error)
{
  VaiPredictionQuery query = { .model_id = model_id, .n_max = VAI_MODEL_USE_ROWS_MAX };
  g_autoptr (GPtrArray) all = vai_store_list_predictions (store, &query, error);
  g_autoptr (VaiModelUse) self = g_new0 (VaiModelUse, 1);

  if (all == NULL)
    return NULL;
  self->rows = newest_of_each (all);
  guint n = self->rows->len;
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, n);
  g_autofree double *said = g_new (double, n + 1);
  g_autofree gint8 *outcome = g_new (gint8, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (self->rows, i);
      fill_row (frame, i, row->inputs);
      said[i] = row->win_probability;
      outcome[i] = vai_model_use_outcome (row);
    }
  self->health = vai_health_new (model, frame, said, outcome, cancellable, error);
  return self->health != NULL ? g_steal_pointer (&self) : NULL;
}
