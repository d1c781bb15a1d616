#include "vai-outcome-undo.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWidget *from; /* a reference */
  VaiWorkspace *workspace;
  GArray *before;
  VaiUndoFunc undone;
  gpointer data;
  GDestroyNotify destroy;
} OutcomeUndo;

static void
outcome_undo_clear (gpointer data)
{
  OutcomeUndo *self = data;

  g_object_unref (self->from);
  g_object_unref (self->workspace);
  g_array_unref (self->before);
  if (self->destroy != NULL)
    self->destroy (self->data);
}

/* Both the offer and what comes of it hold it. */
static void
outcome_undo_unref (gpointer data)
{
  g_rc_box_release_full (data, outcome_undo_clear);
}

static gboolean
put_back_in_store (VaiStore *store, gpointer data, GError **error)
{
  return vai_store_put_back_outcomes (store, ((OutcomeUndo *) data)->before, error);
}

static void
put_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) from = user_data;
  g_autoptr (GError) error = NULL;
  OutcomeUndo *self = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (self == NULL)
    {
      vai_window_say (from, error->message);
      return;
    }
  if (self->undone != NULL)
    self->undone (self->data);
  outcome_undo_unref (self);
}

static void
undo (gpointer data)
{
  OutcomeUndo *self = data;

  vai_workspace_change_async (self->workspace, VAI_OBJECT_PREDICTION, put_back_in_store, g_rc_box_acquire (self),
                              outcome_undo_unref, put_back_cb, g_object_ref (self->from));
}

void
vai_outcome_undo_offer (GtkWidget *from,
                        VaiWorkspace *workspace,
                        GArray *before,
                        VaiUndoFunc undone,
                        gpointer data,
                        GDestroyNotify destroy)
{
  OutcomeUndo *self = g_rc_box_new0 (OutcomeUndo);
  g_autofree char *count = vai_format_count (before->len);
  g_autofree char *text = g_strdup_printf (
      ngettext ("Outcome recorded for %s score", "Outcome recorded for %s scores", before->len), count);

  *self = (OutcomeUndo){ g_object_ref (from), g_object_ref (workspace), g_array_ref (before), undone, data, destroy };
  vai_window_offer_undo (from, text, undo, self, outcome_undo_unref);
}
