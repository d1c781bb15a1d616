/* What is asked of the model beside the score: does its world still stand, and does it still say what was saved? */
#include "vai-quote-view-private.h"

#include "vai-model-news.h"
#include "vai-receipt.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

static void
health_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiQuoteView) self = VAI_QUOTE_VIEW (user_data);
  g_autoptr (VaiModelNews) news = vai_model_news_finish (result, NULL);

  if (self->asking_health == NULL || g_task_get_cancellable (G_TASK (result)) != self->asking_health)
    return;
  g_clear_object (&self->asking_health);
  if (news == NULL || news->health->n_shifted == 0)
    return;
  g_autofree char *text = g_strdup_printf (_ ("Shifted since the training: %s."), news->shifted);
  vai_quote_hero_set_shift (self->hero, text);
}

void
vai_quote_view_ask_health (VaiQuoteView *self)
{
  g_cancellable_cancel (self->asking_health);
  g_clear_object (&self->asking_health);
  vai_quote_hero_set_shift (self->hero, NULL);
  if (self->workspace == NULL || vai_workspace_get_store (self->workspace) == NULL)
    return;
  self->asking_health = g_cancellable_new ();
  vai_model_news_async (vai_workspace_get_store (self->workspace), self->loaded, self->asking_health, health_cb,
                        g_object_ref (self));
}

/* Verifying. */

typedef struct
{
  VaiStore *store;
  char *id;
} Verifying;

static void
verifying_free (gpointer data)
{
  Verifying *self = data;

  g_object_unref (self->store);
  g_free (self->id);
  g_free (self);
}

static void
verify_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Verifying *verifying = data;
  g_autofree VaiReceiptCheck *check = g_new0 (VaiReceiptCheck, 1);
  GError *error = NULL;

  if (vai_receipt_verify (verifying->store, verifying->id, check, &error))
    g_task_return_pointer (task, g_steal_pointer (&check), g_free);
  else
    g_task_return_error (task, error);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (source);
  g_autoptr (GError) error = NULL;
  g_autofree VaiReceiptCheck *check = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->workspace == NULL)
    return;
  g_autofree char *text = check != NULL ? vai_receipt_dup_words (check) : g_strdup (error->message);
  vai_window_say (GTK_WIDGET (self), text);
}

void
vai_quote_view_verify (VaiQuoteView *self)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));

  if (!vai_quote_view_is_kept (self))
    {
      vai_window_say (GTK_WIDGET (self), _ ("Save the score first, or open a saved one"));
      return;
    }
  g_autoptr (GTask) task = g_task_new (self, NULL, verified_cb, NULL);
  Verifying *verifying = g_new (Verifying, 1);
  *verifying = (Verifying){ g_object_ref (vai_workspace_get_store (self->workspace)), g_strdup (self->kept_id) };
  g_task_set_task_data (task, verifying, verifying_free);
  g_task_run_in_thread (task, verify_thread);
}
