/* What is done with the chosen scores. */
#include "vai-score-history-private.h"

#include "vai-compat.h"
#include "vai-export-scores.h"
#include "vai-format.h"
#include "vai-outcome-undo.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

GArray *
vai_score_history_dup_chosen (VaiScoreHistory *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, chosen, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_array_append_val (positions, position);
  return vai_past_scores_dup_keys (self->scores, positions);
}

typedef struct
{
  VaiScoreHistory *view; /* a reference */
  GArray *keys;
  char *outcome;  /* NULL: to the trash or back */
  GArray *before; /* of VaiOutcomeBefore: what was recorded until now */
  gboolean deleted;
  gboolean quiet; /* an Undo is not offered again */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_array_unref (self->keys);
  g_array_unref (self->before);
  g_free (self->outcome);
  g_object_unref (self->view);
  g_free (self);
}

static Change *
change_new (VaiScoreHistory *view, GArray *keys, const char *outcome, gboolean deleted)
{
  Change *self = g_new0 (Change, 1);

  *self = (Change){ g_object_ref (view),
                    g_array_ref (keys),
                    g_strdup (outcome),
                    g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore)),
                    deleted,
                    FALSE };
  return self;
}

static gboolean
change_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Change *change = data;
  const gint64 *keys = (const gint64 *) (gpointer) change->keys->data;

  if (change->outcome != NULL)
    return vai_store_set_outcomes (store, keys, change->keys->len, change->outcome, change->before, error);
  return vai_store_set_predictions_deleted (store, keys, change->keys->len, change->deleted, error);
}

static void start_change (Change *change);

static void
undo (gpointer data)
{
  const Change *change = data;
  Change *back = change_new (change->view, change->keys, NULL, FALSE);

  back->quiet = TRUE;
  start_change (back);
}

/* The bar or the message that had the keyboard is gone. */
static void
outcomes_undone (gpointer data)
{
  VaiScoreHistory *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self))))
    gtk_widget_grab_focus (self->view);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiScoreHistory) self = VAI_SCORE_HISTORY (user_data);
  g_autoptr (GError) error = NULL;
  Change *change = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (change == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  if (change->outcome != NULL)
    vai_outcome_undo_offer (GTK_WIDGET (self), VAI_WORKSPACE (source), change->before, outcomes_undone,
                            g_object_ref (self), g_object_unref);
  if (change->outcome != NULL || change->quiet)
    {
      change_free (change);
      return;
    }
  guint n = change->keys->len;
  g_autofree char *count = vai_format_count (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s score deleted", "%s scores deleted", n), count);
  vai_window_offer_undo (GTK_WIDGET (self), text, undo, change, change_free);
}

/* Takes @change. */
static void
start_change (Change *change)
{
  vai_workspace_change_async (change->view->workspace, VAI_OBJECT_PREDICTION, change_in_store, change, change_free,
                              changed_cb, g_object_ref (change->view));
}

void
vai_score_history_set_outcome (VaiScoreHistory *self, const char *outcome)
{
  g_autoptr (GArray) keys = vai_score_history_dup_chosen (self);
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (keys->len == 0)
    return;
  self->focus_at = gtk_bitset_get_minimum (chosen);
  start_change (change_new (self, keys, outcome, FALSE));
}

void
vai_score_history_delete (VaiScoreHistory *self)
{
  g_autoptr (GArray) keys = vai_score_history_dup_chosen (self);
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (keys->len == 0)
    return;
  self->focus_at = gtk_bitset_get_minimum (chosen);
  start_change (change_new (self, keys, NULL, TRUE));
}

/* Export. */

typedef struct
{
  VaiStore *store;
  GArray *keys;
  char *path;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->store);
  g_array_unref (self->keys);
  g_free (self->path);
  g_free (self);
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Export *export = data;
  GError *error = NULL;

  if (vai_export_scores (export->store, (const gint64 *) (gpointer) export->keys->data, export->keys->len, export->path,
                         cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  vai_window_say (GTK_WIDGET (source), done ? _ ("Scores exported") : error->message);
}

static void
target_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiScoreHistory *self = VAI_SCORE_HISTORY (source);
  g_autoptr (GArray) keys = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL || self->workspace == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, exported_cb, NULL);
  Export *export = g_new0 (Export, 1);
  *export = (Export){ g_object_ref (vai_workspace_get_store (self->workspace)), g_array_ref (keys),
                      g_steal_pointer (&path) };
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_thread);
}

void
vai_score_history_export (VaiScoreHistory *self)
{
  GArray *keys = vai_score_history_dup_chosen (self);

  vai_pick_target_async (GTK_WIDGET (self), _ ("Export Scores"), _ ("Scores.csv"), target_cb, keys);
}
