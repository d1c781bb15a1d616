/* Keeping a score, and what became of the quote. */
#include "vai-quote-view-private.h"

#include "vai-error.h"
#include "vai-format.h"
#include "vai-outcome-undo.h"
#include "vai-quote-value.h"
#include "vai-receipt.h"
#include "vai-score-row.h"
#include "vai-time.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

gboolean
vai_quote_view_is_kept (VaiQuoteView *self)
{
  g_autofree char *state = self->kept_id != NULL ? vai_quote_form_dup_state (self->form) : NULL;

  return state != NULL && g_str_equal (state, self->kept_state);
}

void
vai_quote_view_set_kept (VaiQuoteView *self, const char *id)
{
  g_free (self->kept_id);
  g_free (self->kept_state);
  g_clear_pointer (&self->outcome, g_free);
  self->kept_id = g_strdup (id);
  self->kept_state = id != NULL ? vai_quote_form_dup_state (self->form) : NULL;
}

static void
show_outcome (VaiQuoteView *self, gboolean known)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->strip), known);
  if (!known)
    return;
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (self->outcome_at / 1000);
  g_autofree char *date = g_date_time_format (day, _ ("%-d %B"));
  g_autofree char *chance = vai_format_probability (self->saved_probability);
  g_autofree char *text = g_strdup_printf (g_str_equal (self->outcome, "won") ? _ ("Won on %s; the model had said %s")
                                                                              : _ ("Lost on %s; the model had said %s"),
                                           date, chance);
  gtk_label_set_label (self->strip_text, text);
}

void
vai_quote_view_show_kept (VaiQuoteView *self)
{
  gboolean kept = vai_quote_view_is_kept (self);

  show_outcome (self, kept && self->outcome != NULL);
  vai_quote_view_set_unsaved (self, !kept && !vai_quote_form_is_empty (self->form));
}

static gboolean
keep_in_store (VaiStore *store, gpointer data, GError **error)
{
  return vai_receipt_write (store, data, error) && vai_store_add_prediction (store, data, error);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiQuoteView) self = VAI_QUOTE_VIEW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiPredictionRow) row = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (row != NULL)
    {
      vai_window_say (GTK_WIDGET (self), _ ("Score saved"));
      return;
    }
  vai_window_say (GTK_WIDGET (self), error->message);
  if (self->loaded == NULL)
    return;
  vai_quote_view_set_kept (self, NULL);
  vai_quote_view_show_kept (self);
}

const char *
vai_quote_view_find_currency (VaiQuoteView *self)
{
  if (self->currency != NULL)
    return self->currency;
  VaiItem *model = vai_item_find (vai_workspace_get_list (self->workspace, VAI_OBJECT_MODEL),
                                  vai_loaded_model_get_id (self->loaded));
  const char *dataset_id = model != NULL ? vai_item_get_model (model)->dataset_id : NULL;
  VaiItem *dataset = dataset_id != NULL
                         ? vai_item_find (vai_workspace_get_list (self->workspace, VAI_OBJECT_DATASET), dataset_id)
                         : NULL;

  if (dataset != NULL && vai_item_get_dataset (dataset)->currency != NULL)
    return vai_item_get_dataset (dataset)->currency;
  return vai_quote_value_find_currency (vai_loaded_model_get_model (self->loaded)->schema);
}

/* The quote with its score, without an id. */
static VaiPredictionRow *
row_new (VaiQuoteView *self)
{
  const GPtrArray *proposals
      = self->insight != NULL && self->cancellable == NULL && self->insight_id == 0 ? self->insight->proposals : NULL;

  return vai_score_row_new (vai_loaded_model_get_id (self->loaded), vai_quote_form_get_frame (self->form), &self->score,
                            self->contributions, proposals, vai_quote_form_get_ref (self->form),
                            vai_quote_view_find_currency (self));
}

VaiPredictionRow *
vai_quote_view_dup_unsaved (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), NULL);

  if (self->loaded == NULL)
    return NULL;
  vai_quote_form_stop_trying (self->form);
  return self->unsaved ? row_new (self) : NULL;
}

/* The id is known at once, so that what is recorded next finds it. */
static void
keep (VaiQuoteView *self)
{
  VaiPredictionRow *row = row_new (self);

  row->id = vai_uuid_new ();
  row->outcome = g_strdup ("none");
  vai_quote_view_set_kept (self, row->id);
  self->outcome_at = 0;
  self->saved_probability = row->win_probability;
  vai_quote_view_show_kept (self);
  vai_workspace_change_async (self->workspace, VAI_OBJECT_PREDICTION, keep_in_store, row,
                              (GDestroyNotify) vai_prediction_row_free, kept_cb, g_object_ref (self));
}

gboolean
vai_quote_view_save (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  if (self->loaded == NULL || !self->unsaved)
    return FALSE;
  vai_quote_form_adopt (self->form);
  keep (self);
  return TRUE;
}

typedef struct
{
  char *id, *outcome;
  gint64 at;
  GArray *before; /* of VaiOutcomeBefore */
} Recording;

static void
recording_free (gpointer data)
{
  Recording *self = data;

  g_free (self->id);
  g_free (self->outcome);
  g_array_unref (self->before);
  g_free (self);
}

static gboolean
record_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Recording *recording = data;
  gint64 n = vai_store_set_outcome (store, recording->id, recording->outcome, recording->at, recording->before, error);

  if (n == 0)
    g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NOT_FOUND,
                         _ ("This score was deleted meanwhile: save it again to record its outcome."));
  return n > 0;
}

/* What the strip said before something else was recorded. */
typedef struct
{
  VaiQuoteView *view; /* a reference */
  char *id, *outcome; /* outcome: nullable */
  gint64 at, recorded_at;
} Before;

static void
before_free (gpointer data)
{
  Before *self = data;

  g_object_unref (self->view);
  g_free (self->id);
  g_free (self->outcome);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Before, before_free)

/* What could not be recorded is not shown as if it were; a score that is gone is to be kept again. */
static void
take_back (const Before *before, gboolean gone)
{
  VaiQuoteView *self = before->view;

  if (self->loaded == NULL || g_strcmp0 (self->kept_id, before->id) != 0 || self->outcome_at != before->recorded_at)
    return;
  g_free (self->outcome);
  self->outcome = g_strdup (before->outcome);
  self->outcome_at = before->at;
  if (gone)
    vai_quote_view_set_kept (self, NULL);
  vai_quote_view_show_kept (self);
}

static void
undone_cb (gpointer data)
{
  take_back (data, FALSE);
}

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Before) before = user_data;
  g_autoptr (GError) error = NULL;
  Recording *recording = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (recording == NULL)
    {
      take_back (before, g_error_matches (error, VAI_ERROR, VAI_ERROR_NOT_FOUND));
      vai_window_say (GTK_WIDGET (before->view), error->message);
      return;
    }
  GtkWidget *view = GTK_WIDGET (before->view);
  vai_outcome_undo_offer (view, VAI_WORKSPACE (source), recording->before, undone_cb, g_steal_pointer (&before),
                          before_free);
  recording_free (recording);
}

static void
record (VaiQuoteView *self, const char *outcome)
{
  gboolean none = g_str_equal (outcome, "none");
  Before *before = g_new0 (Before, 1);
  Recording *recording = g_new0 (Recording, 1);

  *before = (Before){ g_object_ref (self), g_strdup (self->kept_id), g_steal_pointer (&self->outcome), self->outcome_at,
                      vai_time_now_ms () };
  self->outcome = none ? NULL : g_strdup (outcome);
  self->outcome_at = before->recorded_at;
  *recording = (Recording){ g_strdup (self->kept_id), g_strdup (outcome), none ? 0 : self->outcome_at,
                            g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore)) };
  vai_workspace_change_async (self->workspace, VAI_OBJECT_PREDICTION, record_in_store, recording, recording_free,
                              recorded_cb, before);
  vai_quote_view_show_kept (self);
}

/* What came true is said of the quote, never of what was tried. */
void
vai_quote_view_set_outcome (VaiQuoteView *self, const char *outcome)
{
  if (self->loaded == NULL)
    return;
  vai_quote_form_stop_trying (self->form);
  if (!vai_quote_view_is_kept (self))
    {
      if (vai_quote_form_is_empty (self->form))
        {
          vai_window_say (GTK_WIDGET (self), _ ("Fill in the quote first"));
          return;
        }
      keep (self);
    }
  record (self, outcome);
}
