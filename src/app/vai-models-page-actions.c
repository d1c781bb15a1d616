/* What can be done with the model that is shown. */
#include "vai-models-page-private.h"

#include "vai-compat.h"
#include "vai-output.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

static const char *const of_a_model[] = { "models.rename", "models.delete", "models.train-again" };
static const char *const of_a_shown_model[] = { "models.export", "models.report", "models.score", "models.compare" };

void
vai_models_page_update_actions (VaiModelsPage *self)
{
  gboolean shown = g_strcmp0 (gtk_stack_get_visible_child_name (self->detail), "model") == 0;

  for (guint i = 0; i < G_N_ELEMENTS (of_a_model); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_a_model[i], self->item != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (of_a_shown_model); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_a_shown_model[i], shown);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), self->item != NULL);
  /* In a narrow window it is in the menu alone. */
  gtk_widget_set_visible (self->score_button, shown && !vai_page_get_compact (VAI_PAGE (self)));
}

/* A change of one row on the store's thread. */
typedef struct
{
  char *id, *name; /* @name NULL: the threshold */
  double threshold;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static gboolean
change (VaiStore *store, gpointer data, GError **error)
{
  const Change *wanted = data;

  return wanted->name != NULL
             ? vai_store_annotate (store, VAI_OBJECT_MODEL, wanted->id, wanted->name, NULL, NULL, NULL, error)
             : vai_store_set_threshold (store, wanted->id, wanted->threshold, error);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiModelsPage) self = VAI_MODELS_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  Change *done = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);
  if (error != NULL)
    vai_window_say (GTK_WIDGET (self), error->message);
  g_clear_pointer (&done, change_free);
}

/* Takes @id and @name. */
static void
begin_change (VaiModelsPage *self, char *id, char *name, double threshold)
{
  Change *wanted = g_new0 (Change, 1);

  *wanted = (Change){ id, name, threshold };
  vai_workspace_change_async (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_MODEL, change, wanted, change_free,
                              changed_cb, g_object_ref (self));
}

void
vai_models_page_save_threshold (VaiModelsPage *self, double threshold)
{
  if (self->item != NULL)
    begin_change (self, g_strdup (vai_item_get_id (self->item)), NULL, threshold);
}

static void
named_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (source);
  g_autofree char *id = user_data;
  g_autofree char *name = vai_ask_text_finish (result);

  /* It was asked of this one, whatever is shown by now. */
  if (name != NULL && vai_page_get_workspace (VAI_PAGE (self)) != NULL)
    begin_change (self, g_steal_pointer (&id), g_steal_pointer (&name), 0);
}

static void
rename_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (widget);

  vai_ask_text_async (widget, _ ("Rename Model"), _ ("Name of the model"), vai_item_get_name (self->item),
                      _ ("_Rename"), named_cb, g_strdup (vai_item_get_id (self->item)));
}

/* Export: the bytes as they are kept. */
typedef struct
{
  VaiStore *store;
  char *id, *path;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->store);
  g_free (self->id);
  g_free (self->path);
  g_free (self);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Export *wanted = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = vai_store_load_model (wanted->store, wanted->id, &error);
  gsize size = 0;
  const void *content = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (content != NULL && vai_output_write_bytes (wanted->path, content, size, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Export *wanted = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (wanted->path);
  g_autofree char *message = g_strdup_printf (_ ("Saved “%s”"), name);

  vai_window_say (GTK_WIDGET (source), g_task_propagate_boolean (G_TASK (result), &error) ? message : error->message);
}

static void
target_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (source);
  g_autofree char *id = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL || workspace == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, exported_cb, NULL);
  Export *wanted = g_new (Export, 1);
  *wanted
      = (Export){ g_object_ref (vai_workspace_get_store (workspace)), g_steal_pointer (&id), g_steal_pointer (&path) };
  g_task_set_task_data (task, wanted, export_free);
  g_task_run_in_thread (task, export_in_thread);
}

static void
export_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (widget);
  g_autofree char *stem = g_strdelimit (g_strdup (vai_item_get_name (self->item)), "/\n", '-');
  g_autofree char *name = g_strconcat (stem, ".valutai", NULL);

  vai_pick_target_async (widget, _ ("Export Model File"), name, target_cb, g_strdup (vai_item_get_id (self->item)));
}

static void
show_on (VaiModelsPage *self, const char *page, const char *what)
{
  g_autofree char *target = g_strdup_printf ("%s:%s", what, vai_item_get_id (self->item));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-object", "(ss)", page, target);
}

static void
report_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_on (VAI_MODELS_PAGE (widget), "reports", "new");
}

static void
score_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_on (VAI_MODELS_PAGE (widget), "scoring", "model");
}

static void
train_again_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const VaiModelRow *row = vai_item_get_model (VAI_MODELS_PAGE (widget)->item);

  gtk_widget_activate_action (widget, "win.train", "s", row->dataset_id != NULL ? row->dataset_id : "");
}

static void
compare_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (widget);

  vai_model_rivals_set (self->rivals, vai_page_get_workspace (VAI_PAGE (self)), self->item, self->loaded);
  vai_models_page_show_detail (self, "compare");
  gtk_widget_child_focus (GTK_WIDGET (self->rivals), GTK_DIR_TAB_FORWARD);
}

static void
end_comparison_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (widget);

  vai_models_page_show_detail (self, "model");
  gtk_widget_grab_focus (GTK_WIDGET (self->menu_button));
}

static void
delete_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!vai_object_list_delete_selected (VAI_MODELS_PAGE (widget)->list))
    gtk_widget_error_bell (widget);
}

static void
tab_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->detail), "model") != 0)
    return;
  adw_leaflet_set_visible_child (self->leaflet, self->detail_box);
  adw_view_stack_set_visible_child_name (self->tabs, g_variant_get_string (parameter, NULL));
  /* What is still being read has nothing to focus yet. */
  if (gtk_widget_child_focus (adw_view_stack_get_visible_child (self->tabs), GTK_DIR_TAB_FORWARD))
    return;
  gtk_widget_child_focus (GTK_WIDGET (self->switcher), GTK_DIR_TAB_FORWARD);
  if (adw_view_stack_get_visible_child (self->tabs) == GTK_WIDGET (self->health))
    vai_model_health_await_focus (self->health);
}

void
vai_models_page_class_install_actions (VaiModelsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *const tabs[] = { "summary", "charts", "why", "health" };

  gtk_widget_class_install_action (widget_class, "models.rename", NULL, rename_cb);
  gtk_widget_class_install_action (widget_class, "models.export", NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "models.report", NULL, report_cb);
  gtk_widget_class_install_action (widget_class, "models.score", NULL, score_cb);
  gtk_widget_class_install_action (widget_class, "models.train-again", NULL, train_again_cb);
  gtk_widget_class_install_action (widget_class, "models.delete", NULL, delete_cb);
  gtk_widget_class_install_action (widget_class, "models.compare", NULL, compare_cb);
  gtk_widget_class_install_action (widget_class, "models.end-comparison", NULL, end_comparison_cb);
  gtk_widget_class_install_action (widget_class, "models.tab", "s", tab_cb);
  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, GDK_ALT_MASK, "models.tab", "s", tabs[i]);
}
