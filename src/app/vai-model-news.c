#include "vai-model-news.h"

#include "vai-chart-kinds.h"
#include "vai-periods.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>

typedef struct
{
  VaiStore *store;
  VaiLoadedModel *loaded;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_object_unref (self->store);
  g_object_unref (self->loaded);
  g_free (self);
}

void
vai_model_news_free (VaiModelNews *self)
{
  if (self == NULL)
    return;
  vai_health_free (self->health);
  vai_chart_free (self->periods);
  vai_chart_free (self->drift);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_free (self->shifted);
  g_free (self);
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

/* One score for each quote: the newest. */
static GPtrArray *
newest_of_each (GPtrArray *rows)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      VaiPredictionRow *row = g_ptr_array_index (rows, i);
      gboolean named = row->quote_ref != NULL && *row->quote_ref != '\0';
      if (!named || g_hash_table_add (seen, row->quote_ref))
        g_ptr_array_add (kept, row);
    }
  return kept;
}

static gint8
outcome_of (const VaiPredictionRow *row)
{
  return g_strcmp0 (row->outcome, "won") == 0 ? 1 : g_strcmp0 (row->outcome, "lost") == 0 ? 0 : -1;
}

/* The test and the use, one after the other, by the month of the quote. */
static VaiChart *
make_periods (const VaiModel *model, GPtrArray *rows)
{
  const VaiReference *past = &model->reference;
  guint n_past = past->opened != NULL ? past->frame->n_rows : 0, n = 0;
  g_autofree gint64 *opened = g_new (gint64, n_past + rows->len + 1);
  g_autofree guint8 *won = g_new (guint8, n_past + rows->len + 1);
  g_autofree double *said = g_new (double, n_past + rows->len + 1);

  for (guint i = 0; i < n_past; i++)
    {
      opened[n] = past->opened[i];
      won[n] = past->won[i];
      said[n++] = past->tested == NULL || past->tested[i] ? past->probability[i] : NAN;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (rows, i);
      if (outcome_of (row) < 0)
        continue;
      opened[n] = row->created_at / 1000;
      won[n] = outcome_of (row) == 1;
      said[n++] = row->win_probability;
    }
  g_autoptr (VaiPeriods) periods = vai_periods_new (opened, won, said, n);
  return vai_chart_new_win_rate ((const char *const *) periods->names->pdata,
                                 (const guint *) (gpointer) periods->n_won->data,
                                 (const guint *) (gpointer) periods->n_decided->data,
                                 (const double *) (gpointer) periods->predicted->data, periods->names->len);
}

static VaiChart *
make_drift (VaiModelNews *self, const VaiModel *model)
{
  GArray *drifts = self->health->drifts;
  g_autofree VaiDriftBar *bars = g_new (VaiDriftBar, drifts->len + 1);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < drifts->len; i++)
    {
      const VaiDrift *drift = &g_array_index (drifts, VaiDrift, i);
      const char *name = drift->feature < model->schema->features->len
                             ? vai_schema_feature (model->schema, drift->feature)->name
                             : _ ("The score itself");
      bars[i] = (VaiDriftBar){ name, drift->index, drift->chance, drift->shifted };
      if (drift->shifted)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  self->shifted = g_string_free (names, FALSE);
  return vai_chart_new_drift (bars, drifts->len, self->health->n_new);
}

static void
collect_waiting (VaiModelNews *self, GPtrArray *all, GPtrArray *rows)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_prediction_row_free);
  for (guint i = rows->len; i > 0; i--)
    {
      VaiPredictionRow *row = g_ptr_array_index (rows, i - 1);
      guint index;
      if (outcome_of (row) >= 0)
        continue;
      self->n_waiting++;
      if (self->waiting->len < VAI_NEWS_WAITING_MAX && g_ptr_array_find (all, row, &index))
        g_ptr_array_add (self->waiting, g_ptr_array_steal_index (all, index));
    }
}

static VaiModelNews *
make_news (VaiLoadedModel *loaded, GPtrArray *all, GCancellable *cancellable, GError **error)
{
  VaiModel *model = vai_loaded_model_get_model (loaded);
  g_autoptr (GPtrArray) rows = newest_of_each (all);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, rows->len);
  g_autofree double *said = g_new (double, rows->len + 1);
  g_autofree gint8 *outcome = g_new (gint8, rows->len + 1);
  g_autoptr (VaiModelNews) self = g_new0 (VaiModelNews, 1);

  for (guint i = 0; i < rows->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (rows, i);
      fill_row (frame, i, row->inputs);
      said[i] = row->win_probability;
      outcome[i] = outcome_of (row);
    }
  self->health = vai_health_new (model, frame, said, outcome, cancellable, error);
  if (self->health == NULL)
    return NULL;
  self->periods = make_periods (model, rows);
  self->drift = make_drift (self, model);
  collect_waiting (self, all, rows);
  return g_steal_pointer (&self);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Asking *asking = data;
  VaiPredictionQuery query = { .model_id = vai_loaded_model_get_id (asking->loaded), .n_max = VAI_NEWS_ROWS_MAX };
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = vai_store_list_predictions (asking->store, &query, &error);
  VaiModelNews *news = rows != NULL ? make_news (asking->loaded, rows, cancellable, &error) : NULL;

  if (news != NULL)
    g_task_return_pointer (task, news, (GDestroyNotify) vai_model_news_free);
  else
    g_task_return_error (task, error);
}

void
vai_model_news_async (VaiStore *store,
                      VaiLoadedModel *loaded,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Asking *asking = g_new (Asking, 1);

  *asking = (Asking){ g_object_ref (store), g_object_ref (loaded) };
  g_task_set_task_data (task, asking, asking_free);
  g_task_run_in_thread (task, ask_in_thread);
}

VaiModelNews *
vai_model_news_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
