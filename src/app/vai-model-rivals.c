#include "vai-model-rivals.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-interval-dot.h"
#include "vai-metric-words.h"
#include "vai-model-compare.h"

#include <glib/gi18n-lib.h>

/* A difference is called real below this. */
#define LEVEL 0.05

struct _VaiModelRivals
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *choice;
  GtkDropDown *other;
  GtkLabel *verdict, *reason, *first_name, *second_name;
  GtkWidget *figures_card;
  GtkGrid *figures;
  VaiWorkspace *workspace; /* nullable */
  VaiItem *item;           /* nullable */
  VaiLoadedModel *loaded;  /* nullable: of @item */
  GPtrArray *others;       /* of VaiItem: those of the drop-down */
  GCancellable *comparing; /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiModelRivals, vai_model_rivals, GTK_TYPE_WIDGET)

typedef struct
{
  VaiLoadedModel *first, *second;
  VaiItem *other;
  VaiComparison result;
  gsize n_shared;
} Comparing;

static void
comparing_free (gpointer data)
{
  Comparing *self = data;

  g_object_unref (self->first);
  g_object_unref (self->second);
  g_object_unref (self->other);
  g_free (self);
}

/* Two figures with their ranges fill a narrow window: the picture of them gives way. */
static void
show_dots (VaiModelRivals *self)
{
  VaiPage *page = VAI_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), VAI_TYPE_PAGE));

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->figures)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (VAI_IS_INTERVAL_DOT (child))
      gtk_widget_set_visible (child, page == NULL || !vai_page_get_compact (page));
}

static void
say (VaiModelRivals *self, const char *verdict, const char *reason)
{
  vai_announce (self->verdict, verdict);
  gtk_label_set_label (self->reason, reason);
}

static void
show_figures (VaiModelRivals *self, const Comparing *comparing)
{
  const VaiModel *first = vai_loaded_model_get_model (comparing->first);
  const VaiModel *second = vai_loaded_model_get_model (comparing->second);
  g_autofree char *first_name = g_strdup_printf ("● %s", vai_item_get_name (self->item));
  g_autofree char *second_name = g_strdup_printf ("◆ %s", vai_item_get_name (comparing->other));

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->figures)), *next; child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      gtk_grid_remove (self->figures, child);
    }
  gtk_label_set_label (self->first_name, first_name);
  gtk_label_set_label (self->second_name, second_name);
  for (guint i = 0; i < vai_metric_words_n_shown (); i++)
    vai_metric_row_attach (self->figures, i, vai_metric_words_shown (i), first, &first->at_half, &second->at_half);
  show_dots (self);
  gtk_widget_set_visible (self->figures_card, TRUE);
}

static void
show_test (VaiModelRivals *self, const Comparing *comparing)
{
  g_autofree char *n = vai_format_count (comparing->n_shared);
  g_autofree char *p_value = vai_format_p_value (comparing->result.p_value);

  if (comparing->n_shared < VAI_MODEL_COMPARE_MIN)
    {
      say (self, _ ("Not tested on the same quotes"),
           _ ("The figures are of different quotes, so a difference between them proves nothing. Train both from the "
              "same "
              "quotes, with a column that numbers them."));
      return;
    }
  /* By date a model knows less of what it is tested on: that is no fault of it. */
  if (g_strcmp0 (vai_loaded_model_get_model (comparing->first)->validation,
                 vai_loaded_model_get_model (comparing->second)->validation)
      != 0)
    {
      say (self, _ ("Not tested in the same way"),
           _ ("One was tested by date, which is harder, the other was not: a difference between them may come from "
              "that. "
              "Train both by date, or neither."));
      return;
    }
  if (!(comparing->result.p_value < LEVEL))
    {
      g_autofree char *reason = g_strdup_printf (_ ("On the %s quotes that both were tested on, the difference may be "
                                                    "chance (p %s, paired test of log loss)."),
                                                 n, p_value);
      say (self, _ ("No real difference"), reason);
      return;
    }
  VaiItem *better = comparing->result.difference < 0 ? self->item : comparing->other;
  g_autofree char *verdict = g_strdup_printf (_ ("“%s” is better, p %s"), vai_item_get_name (better), p_value);
  g_autofree char *reason
      = g_strdup_printf (_ ("On the %s quotes that both were tested on (paired test of log loss)."), n);
  say (self, verdict, reason);
}

static void
compare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Comparing *comparing = data;

  comparing->n_shared = vai_model_compare (vai_loaded_model_get_model (comparing->first),
                                           vai_loaded_model_get_model (comparing->second), &comparing->result);
  g_task_return_boolean (task, TRUE);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiModelRivals *self = VAI_MODEL_RIVALS (source);

  if (self->comparing == NULL || g_task_get_cancellable (G_TASK (result)) != self->comparing)
    return;
  g_clear_object (&self->comparing);
  show_figures (self, g_task_get_task_data (G_TASK (result)));
  show_test (self, g_task_get_task_data (G_TASK (result)));
}

typedef struct
{
  VaiModelRivals *self;
  VaiItem *other;
  GCancellable *cancellable;
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_object_unref (loading->self);
  g_object_unref (loading->other);
  g_object_unref (loading->cancellable);
  g_free (loading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;
  g_autoptr (GError) error = NULL;
  VaiModelRivals *self = loading->self;
  g_autoptr (VaiLoadedModel) second = vai_workspace_load_model_finish (VAI_WORKSPACE (source), result, &error);

  if (self->comparing != loading->cancellable || self->loaded == NULL)
    return;
  if (second == NULL)
    {
      g_clear_object (&self->comparing);
      say (self, _ ("This model cannot be shown"), error->message);
      return;
    }
  Comparing *comparing = g_new0 (Comparing, 1);
  comparing->first = g_object_ref (self->loaded);
  comparing->second = g_object_ref (second);
  comparing->other = g_object_ref (loading->other);
  g_autoptr (GTask) task = g_task_new (self, self->comparing, compared_cb, NULL);
  g_task_set_task_data (task, comparing, comparing_free);
  g_task_run_in_thread (task, compare_in_thread);
}

static void
stop (VaiModelRivals *self)
{
  g_cancellable_cancel (self->comparing);
  g_clear_object (&self->comparing);
}

static void
selected_cb (VaiModelRivals *self)
{
  guint selected = gtk_drop_down_get_selected (self->other);

  stop (self);
  if (self->loaded == NULL || selected >= self->others->len)
    return;
  Loading *loading = g_new (Loading, 1);
  self->comparing = g_cancellable_new ();
  *loading = (Loading){ g_object_ref (self), g_object_ref (g_ptr_array_index (self->others, selected)),
                        g_object_ref (self->comparing) };
  vai_workspace_load_model_async (self->workspace, vai_item_get_id (loading->other), self->comparing, loaded_cb,
                                  loading);
}

void
vai_model_rivals_set (VaiModelRivals *self, VaiWorkspace *workspace, VaiItem *item, VaiLoadedModel *loaded)
{
  g_return_if_fail (VAI_IS_MODEL_RIVALS (self));

  GListModel *models = vai_workspace_get_list (workspace, VAI_OBJECT_MODEL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  stop (self);
  g_clear_object (&self->loaded);
  g_ptr_array_set_size (self->others, 0);
  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (VaiItem) other = g_list_model_get_item (models, i);
      if (g_str_equal (vai_item_get_id (other), vai_item_get_id (item))
          || g_strcmp0 (vai_item_get_model (other)->status, "ready") != 0)
        continue;
      gtk_string_list_append (names, vai_item_get_name (other));
      g_ptr_array_add (self->others, g_object_ref (other));
    }
  gtk_drop_down_set_model (self->other, G_LIST_MODEL (names));
  gtk_widget_set_sensitive (GTK_WIDGET (self->other), self->others->len > 0);
  gtk_widget_set_visible (self->figures_card, FALSE);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->item, item);
  g_set_object (&self->loaded, loaded);
  if (self->others->len == 0)
    say (self, _ ("There is no other model"), _ ("Train a second one, with other columns or another algorithm."));
  else
    {
      say (self, _ ("Comparing…"), "");
      selected_cb (self);
    }
}

void
vai_model_rivals_follow (VaiModelRivals *self, VaiPage *page)
{
  g_return_if_fail (VAI_IS_MODEL_RIVALS (self));
  vai_page_bind_orientation (page, self->choice);
  g_signal_connect_object (page, "notify::compact", G_CALLBACK (show_dots), self, G_CONNECT_SWAPPED);
}

static void
vai_model_rivals_dispose (GObject *object)
{
  VaiModelRivals *self = VAI_MODEL_RIVALS (object);

  stop (self);
  g_clear_object (&self->loaded);
  g_clear_object (&self->item);
  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODEL_RIVALS);
  G_OBJECT_CLASS (vai_model_rivals_parent_class)->dispose (object);
}

static void
vai_model_rivals_finalize (GObject *object)
{
  g_ptr_array_unref (VAI_MODEL_RIVALS (object)->others);
  G_OBJECT_CLASS (vai_model_rivals_parent_class)->finalize (object);
}

static void
vai_model_rivals_class_init (VaiModelRivalsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_model_rivals_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_model_rivals_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-model-rivals.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, choice);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, other);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, verdict);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, reason);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, first_name);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, second_name);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, figures_card);
  gtk_widget_class_bind_template_child (widget_class, VaiModelRivals, figures);
}

static void
vai_model_rivals_init (VaiModelRivals *self)
{
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkExpression *words = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  gtk_drop_down_set_expression (self->other, words);
  gtk_expression_unref (words);
  g_signal_connect_object (self->other, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
}
