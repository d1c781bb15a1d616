#include "vai-model-news.h"

#include "vai-chart-kinds.h"
#include "vai-model-use.h"
#include "vai-periods.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
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
      if (vai_model_use_outcome (row) < 0)
        continue;
      opened[n] = row->created_at / 1000;
      won[n] = vai_model_use_outcome (row) == 1;
      said[n++] = row->win_probability;
    }
  g_autoptr (VaiPeriods) periods = vai_periods_new (opened, won, said, n);
  return vai_chart_new_win_rate (
      (const char *const *) periods->names->pdata, (const guint *) (gpointer) periods->n_won->data,
      (const guint *) (gpointer) periods->n_decided->data, (const double *) (gpointer) periods->predicted->data,
      periods->names->len, periods->partial);
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

/* The oldest first. */
static void
collect_waiting (VaiModelNews *self, GPtrArray *rows)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_prediction_row_free);
  for (guint i = rows->len; i > 0; i--)
    {
      if (vai_model_use_outcome (g_ptr_array_index (rows, i - 1)) >= 0)
        continue;
      self->n_waiting++;
      if (self->waiting->len < VAI_NEWS_WAITING_MAX)
        g_ptr_array_add (self->waiting, g_ptr_array_steal_index (rows, i - 1));
    }
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Asking *asking = data;
  const VaiModel *model = vai_loaded_model_get_model (asking->loaded);
  GError *error = NULL;
  g_autoptr (VaiModelUse) use
      = vai_model_use_load (asking->store, vai_loaded_model_get_id (asking->loaded), model, cancellable, &error);

  if (use == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  VaiModelNews *self = g_new0 (VaiModelNews, 1);
  self->health = g_steal_pointer (&use->health);
  self->periods = make_periods (model, use->rows);
  self->drift = make_drift (self, model);
  collect_waiting (self, use->rows);
  g_task_return_pointer (task, self, (GDestroyNotify) vai_model_news_free);
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
