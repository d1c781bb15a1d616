#include "vai-data-page.h"

#include "vai-dataset-facts.h"
#include "vai-dataset-view.h"
#include "vai-format.h"
#include "vai-job-import.h"
#include "vai-object-list.h"
#include "vai-sample.h"
#include "vai-task-row.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

struct _VaiDataPage
{
  VaiPage parent_instance;

  char *target;   /* nullable: the dataset that is to be shown once it is listed */
  VaiItem *shown; /* nullable */

  AdwWindowTitle *title;
  GtkWidget *pages_button, *list_button, *menu_button, *import_button, *train_button;
  GtkWidget *first_import;
  GtkStack *stack, *detail_stack;
  AdwLeaflet *leaflet;
  GtkWidget *side, *detail;
  VaiObjectList *list;
  GtkListBox *imports;
  GtkRevealer *failed;
  GtkLabel *failed_label;
  VaiDatasetView *dataset;
};

G_DEFINE_FINAL_TYPE (VaiDataPage, vai_data_page, VAI_TYPE_PAGE)

static void
vai_data_page_dispose (GObject *object)
{
  g_clear_pointer (&VAI_DATA_PAGE (object)->target, g_free);
  g_clear_object (&VAI_DATA_PAGE (object)->shown);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_DATA_PAGE);
  G_OBJECT_CLASS (vai_data_page_parent_class)->dispose (object);
}

/* Layout. */

static void
lay_out (VaiDataPage *self)
{
  gboolean compact = vai_page_get_compact (VAI_PAGE (self));
  gboolean detail = adw_leaflet_get_folded (self->leaflet)
                    && adw_leaflet_get_visible_child (self->leaflet) == self->detail
                    && gtk_widget_get_visible (GTK_WIDGET (self->leaflet))
                    && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "datasets") == 0;

  gboolean list = adw_leaflet_get_folded (self->leaflet) && !detail;
  VaiItem *item = list ? NULL : self->shown;
  const VaiDatasetRow *row = item != NULL ? vai_item_get_dataset (item) : NULL;

  gtk_widget_set_visible (self->list_button, detail);
  gtk_widget_set_visible (self->pages_button, compact && !detail);
  gtk_widget_set_visible (self->import_button, !detail);
  adw_window_title_set_title (self->title, item != NULL ? vai_item_get_name (item) : _ ("Data"));
  adw_window_title_set_subtitle (self->title, row != NULL && row->file_name != NULL ? row->file_name : "");
  gtk_widget_set_visible (self->train_button, item != NULL);
  gtk_widget_set_visible (self->menu_button, item != NULL || vai_object_list_count_selected (self->list) > 1);
}

static gboolean
lay_out_idle_cb (gpointer user_data)
{
  if (gtk_widget_get_root (GTK_WIDGET (user_data)) != NULL)
    lay_out (VAI_DATA_PAGE (user_data));
  return G_SOURCE_REMOVE;
}

/* The leaflet folds while places are given out: what then changes in the header bar would get none. */
static void
layout_cb (VaiDataPage *self)
{
  g_idle_add_full (GTK_PRIORITY_RESIZE - 1, lay_out_idle_cb, g_object_ref (self), g_object_unref);
}

static void
compact_cb (VaiDataPage *self)
{
  adw_leaflet_set_can_unfold (self->leaflet, !vai_page_get_compact (VAI_PAGE (self)));
  layout_cb (self);
}

static void
show_list_cb (VaiDataPage *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->side);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
activated_cb (VaiDataPage *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->detail);
  gtk_widget_child_focus (self->detail, GTK_DIR_TAB_FORWARD);
}

/* The list. */

static void
describe (VaiItem *item, VaiObjectRow *row)
{
  const VaiDatasetRow *dataset = vai_item_get_dataset (item);
  VaiDatasetFacts facts;

  vai_dataset_facts_read (dataset, &facts);
  guint64 n = vai_dataset_facts_quotes (&facts, dataset);
  g_autofree char *count = vai_format_count (n);
  g_autofree char *quotes = g_strdup_printf (ngettext ("%s quote", "%s quotes", (gulong) n), count);
  if (vai_dataset_facts_decided (&facts, dataset) < VAI_DECIDED_MIN)
    {
      row->subtitle = g_strdup_printf (_ ("%s · too few"), quotes);
      row->state_icon = "content-loading-symbolic";
      row->state = _ ("Too few decided quotes");
      return;
    }
  g_autofree char *open = vai_format_count (facts.n_open);
  row->subtitle = facts.n_open > 0 ? g_strdup_printf (_ ("%s · %s open"), quotes, open) : g_steal_pointer (&quotes);
  row->state_icon = facts.n_leaks > 0 ? "dialog-warning-symbolic" : "emblem-ok-symbolic";
  row->state = facts.n_leaks > 0 ? _ ("Something gives the answer away") : _ ("Ready to train");
}

static void
show_item (VaiDataPage *self, VaiItem *item)
{
  const VaiDatasetRow *row = item != NULL ? vai_item_get_dataset (item) : NULL;

  g_set_object (&self->shown, item);
  vai_dataset_view_set (self->dataset, vai_page_get_workspace (VAI_PAGE (self)), item);
  gtk_stack_set_visible_child_name (self->detail_stack, item != NULL ? "one" : "none");
  layout_cb (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.delete", vai_object_list_count_selected (self->list) > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.export-rejected", row != NULL && row->rejected_count > 0);
}

static void
chosen_cb (VaiDataPage *self, VaiItem *item)
{
  show_item (self, item);
}

static void
train_cb (VaiDataPage *self)
{
  VaiItem *item = vai_object_list_get_chosen (self->list);

  if (item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.train", "s", vai_item_get_id (item));
}

static void
sample_cb (VaiDataPage *self)
{
  vai_sample_begin (vai_page_get_workspace (VAI_PAGE (self)));
}

static void delete (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_object_list_delete_selected (VAI_DATA_PAGE (widget)->list);
}

static void
export_rejected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_dataset_view_export_rejected (VAI_DATA_PAGE (widget)->dataset);
}

/* Imports that run or failed. */

static VaiTask *
find_import (VaiDataPage *self, gboolean failed)
{
  GListModel *tasks = vai_workspace_get_tasks (vai_page_get_workspace (VAI_PAGE (self)));

  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++)
    {
      g_autoptr (VaiTask) task = g_list_model_get_item (tasks, i);
      if (VAI_IS_JOB_IMPORT (vai_task_get_job (task)) && (!failed || vai_task_get_state (task) == VAI_TASK_FAILED))
        return task;
    }
  return NULL;
}

static void
update_state (VaiDataPage *self)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  gboolean any = g_list_model_get_n_items (vai_workspace_get_list (workspace, VAI_OBJECT_DATASET)) > 0
                 || find_import (self, FALSE) != NULL;
  VaiTask *failed = find_import (self, TRUE);

  gtk_stack_set_visible_child_name (self->stack, any ? "datasets" : "empty");
  if (failed != NULL)
    {
      g_autofree char *text
          = g_strdup_printf ("%s: %s", vai_task_get_title (failed), vai_task_get_error (failed)->message);
      gtk_label_set_label (self->failed_label, text);
    }
  gtk_revealer_set_reveal_child (self->failed, failed != NULL);
  layout_cb (self);
}

static GtkWidget *
task_row_new (gpointer item, gpointer user_data)
{
  GtkWidget *row = vai_task_row_new (item, vai_page_get_workspace (VAI_PAGE (user_data)));

  gtk_widget_set_visible (row, VAI_IS_JOB_IMPORT (vai_task_get_job (item)));
  return row;
}

static void
try_again_cb (VaiDataPage *self)
{
  VaiTask *task = find_import (self, TRUE);

  if (task == NULL)
    return;
  VaiQuotesOptions *options = vai_job_import_get_options (VAI_JOB_IMPORT (vai_task_get_job (task)));
  g_autofree char *path = g_strdup (options->path);
  vai_workspace_dismiss_task (vai_page_get_workspace (VAI_PAGE (self)), task);
  if (path != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.import-file", "s", path);
}

static void
dismiss_cb (VaiDataPage *self)
{
  VaiTask *task = find_import (self, TRUE);

  if (task != NULL)
    vai_workspace_dismiss_task (vai_page_get_workspace (VAI_PAGE (self)), task);
}

/* The page. */

static void
show_target (VaiDataPage *self)
{
  if (self->target == NULL || !vai_object_list_select (self->list, self->target))
    return;
  g_clear_pointer (&self->target, g_free);
  adw_leaflet_set_visible_child (self->leaflet, self->detail);
}

static void
changed_cb (VaiDataPage *self, guint kind)
{
  if (kind != VAI_OBJECT_DATASET)
    return;
  update_state (self);
  show_target (self);
}

static void
vai_data_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VaiDataPage *self = VAI_DATA_PAGE (page);

  VAI_PAGE_CLASS (vai_data_page_parent_class)->attach (page, workspace);
  vai_object_list_setup (self->list, workspace, VAI_OBJECT_DATASET, "vai-data-symbolic", describe);
  gtk_list_box_bind_model (self->imports, vai_workspace_get_tasks (workspace), task_row_new, self, NULL);
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "task-ended", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (vai_workspace_get_tasks (workspace), "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  show_item (self, vai_object_list_get_chosen (self->list));
  update_state (self);
}

static void
vai_data_page_opened (VaiPage *page, const char *target)
{
  VaiDataPage *self = VAI_DATA_PAGE (page);
  gboolean empty = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "empty") == 0;

  g_free (self->target);
  self->target = g_strdup (target);
  show_target (self);
  if (empty)
    gtk_widget_grab_focus (self->first_import);
  else if (adw_leaflet_get_folded (self->leaflet) && adw_leaflet_get_visible_child (self->leaflet) == self->detail)
    gtk_widget_child_focus (self->detail, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static gboolean
vai_data_page_act (VaiPage *page, const char *name)
{
  VaiDataPage *self = VAI_DATA_PAGE (page);

  if (!g_str_equal (name, "search"))
    return FALSE;
  adw_leaflet_set_visible_child (self->leaflet, self->side);
  vai_object_list_focus_search (self->list);
  return TRUE;
}

static gboolean
vai_data_page_back (VaiPage *page)
{
  VaiDataPage *self = VAI_DATA_PAGE (page);

  if (!gtk_widget_get_visible (self->list_button))
    return FALSE;
  show_list_cb (self);
  return TRUE;
}

static void
vai_data_page_class_init (VaiDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_data_page_dispose;
  page_class->attach = vai_data_page_attach;
  page_class->opened = vai_data_page_opened;
  page_class->act = vai_data_page_act;
  page_class->back = vai_data_page_back;
  g_type_ensure (VAI_TYPE_OBJECT_LIST);
  g_type_ensure (VAI_TYPE_DATASET_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-data-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiDataPage, name)
  BIND (title);
  BIND (pages_button);
  BIND (list_button);
  BIND (menu_button);
  BIND (train_button);
  BIND (import_button);
  BIND (first_import);
  BIND (stack);
  BIND (detail_stack);
  BIND (leaflet);
  BIND (side);
  BIND (detail);
  BIND (list);
  BIND (imports);
  BIND (failed);
  BIND (failed_label);
  BIND (dataset);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, layout_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_list_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, train_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_cb);
  gtk_widget_class_bind_template_callback (widget_class, try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
  gtk_widget_class_install_action (widget_class, "data.delete", NULL, delete);
  gtk_widget_class_install_action (widget_class, "data.export-rejected", NULL, export_rejected);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.import-pasted", NULL);
}

static void
vai_data_page_init (VaiDataPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->train_button, FALSE);
  gtk_widget_set_visible (self->menu_button, FALSE);
  g_signal_connect (self, "notify::compact", G_CALLBACK (compact_cb), NULL);
}
