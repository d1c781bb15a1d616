/* Keeping a score, and what became of the quote. */
#include "vai-quote-view-private.h"

#include "vai-format.h"
#include "vai-score-row.h"
#include "vai-time.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

void
vai_quote_view_show_outcome (VaiQuoteView *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->strip), self->outcome != NULL);
  if (self->outcome == NULL)
    return;
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (self->outcome_at / 1000);
  g_autofree char *date = g_date_time_format (day, _ ("%-d %B"));
  g_autofree char *chance = vai_format_probability (self->saved_probability);
  g_autofree char *text = g_strdup_printf (g_str_equal (self->outcome, "won") ? _ ("Won on %s; the model had said %s")
                                                                              : _ ("Lost on %s; the model had said %s"),
                                           date, chance);
  gtk_label_set_label (self->strip_text, text);
}

static gboolean
keep_in_store (VaiStore *store, gpointer data, GError **error)
{
  return vai_store_add_prediction (store, data, error);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiQuoteView) self = VAI_QUOTE_VIEW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiPredictionRow) row = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (row == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      vai_quote_view_set_unsaved (self, TRUE);
      return;
    }
  vai_window_say (GTK_WIDGET (self), _ ("Score saved"));
  /* A value that was changed meanwhile makes another score. */
  if (self->unsaved)
    return;
  g_free (self->prediction_id);
  self->prediction_id = g_strdup (row->id);
}

/* @outcome: "none", or what is known already. */
static void
keep (VaiQuoteView *self, const char *outcome)
{
  const GPtrArray *proposals
      = self->insight != NULL && self->cancellable == NULL && self->insight_id == 0 ? self->insight->proposals : NULL;
  VaiPredictionRow *row
      = vai_score_row_new (vai_loaded_model_get_id (self->loaded), vai_quote_form_get_frame (self->form), &self->score,
                           self->contributions, proposals, vai_quote_form_get_ref (self->form), NULL);

  row->outcome = g_strdup (outcome);
  if (!g_str_equal (outcome, "none"))
    row->outcome_at = vai_time_now_ms ();
  self->saved_probability = row->win_probability;
  vai_quote_view_set_unsaved (self, FALSE);
  vai_workspace_change_async (self->workspace, VAI_OBJECT_PREDICTION, keep_in_store, row,
                              (GDestroyNotify) vai_prediction_row_free, kept_cb, g_object_ref (self));
}

gboolean
vai_quote_view_save (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  if (self->loaded == NULL || !self->unsaved)
    return FALSE;
  keep (self, "none");
  return TRUE;
}

typedef struct
{
  char *id, *outcome;
  gint64 at;
} Recording;

static void
recording_free (gpointer data)
{
  Recording *self = data;

  g_free (self->id);
  g_free (self->outcome);
  g_free (self);
}

static gboolean
record_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Recording *recording = data;

  return vai_store_set_outcome (store, recording->id, recording->outcome, recording->at, error) >= 0;
}

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiQuoteView) self = VAI_QUOTE_VIEW (user_data);
  g_autoptr (GError) error = NULL;
  Recording *recording = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (recording == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  vai_window_say (GTK_WIDGET (self), _ ("Outcome recorded"));
  recording_free (recording);
}

void
vai_quote_view_set_outcome (VaiQuoteView *self, const char *outcome)
{
  gboolean none = g_str_equal (outcome, "none");

  if (self->loaded == NULL)
    return;
  g_free (self->outcome);
  self->outcome = none ? NULL : g_strdup (outcome);
  self->outcome_at = vai_time_now_ms ();
  if (self->prediction_id == NULL)
    keep (self, outcome);
  else
    {
      Recording *recording = g_new0 (Recording, 1);
      *recording = (Recording){ g_strdup (self->prediction_id), g_strdup (outcome), none ? 0 : self->outcome_at };
      vai_workspace_change_async (self->workspace, VAI_OBJECT_PREDICTION, record_in_store, recording, recording_free,
                                  recorded_cb, g_object_ref (self));
    }
  vai_quote_view_show_outcome (self);
}
