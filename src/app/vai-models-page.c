#include "vai-models-page-private.h"

#include "vai-format.h"
#include "vai-model-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What takes less shows nothing of its loading. */
#define SPIN_AFTER_MS 300

G_DEFINE_FINAL_TYPE (VaiModelsPage, vai_models_page, VAI_TYPE_PAGE)

static const char *
dataset_currency (VaiModelsPage *self)
{
  const VaiModelRow *row = vai_item_get_model (self->item);
  GListModel *datasets = vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_DATASET);
  VaiItem *dataset = row->dataset_id != NULL ? vai_item_find (datasets, row->dataset_id) : NULL;

  return dataset != NULL ? vai_item_get_dataset (dataset)->currency : NULL;
}

void
vai_models_page_show_detail (VaiModelsPage *self, const char *name)
{
  gboolean model = g_str_equal (name, "model");

  g_clear_handle_id (&self->spin_id, g_source_remove);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "loading"));
  gtk_stack_set_visible_child_name (self->detail, name);
  adw_view_switcher_title_set_view_switcher_enabled (self->switcher, model);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), model);
  vai_models_page_update_actions (self);
}

static gboolean
spin_cb (gpointer data)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (data);

  self->spin_id = 0;
  vai_models_page_show_detail (self, "loading");
  return G_SOURCE_REMOVE;
}

static void
show_error (VaiModelsPage *self, const char *message)
{
  g_autofree char *description = vai_format_markup (message);

  adw_status_page_set_description (self->error_page, description);
  vai_models_page_show_detail (self, "error");
}

static void
stop_loading (VaiModelsPage *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_handle_id (&self->spin_id, g_source_remove);
}

/* Loading: the file, then what is said of it; both away from the main thread. */

typedef struct
{
  VaiLoadedModel *loaded;
  double threshold;
} Measuring;

static void
measuring_free (gpointer data)
{
  Measuring *self = data;

  g_object_unref (self->loaded);
  g_free (self);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Measuring *measuring = data;
  VaiModel *model = vai_loaded_model_get_model (measuring->loaded);
  VaiModelQuality *quality = vai_model_quality_new (model, measuring->threshold, cancellable);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, quality, (GDestroyNotify) vai_model_quality_unref);
  else
    g_clear_pointer (&quality, vai_model_quality_unref);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (source);
  const Measuring *measuring = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModelQuality) quality = g_task_propagate_pointer (G_TASK (result), &error);

  if (quality == NULL || self->loading == NULL || g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  VaiModel *model = vai_loaded_model_get_model (measuring->loaded);
  gboolean remeasured = !g_set_object (&self->loaded, measuring->loaded);
  g_clear_object (&self->loading);
  self->threshold = measuring->threshold;
  vai_model_summary_set (self->summary, model, quality, dataset_currency (self));
  /* She went on moving while what she had rested at was saved: the scale is hers. */
  if (!remeasured || !vai_model_charts_is_moving (self->charts))
    vai_model_charts_set (self->charts, model, quality, self->threshold);
  vai_model_why_set (self->why, self->loaded);
  vai_model_health_set (self->health, vai_page_get_workspace (VAI_PAGE (self)), self->loaded);
  if (!remeasured)
    vai_models_page_show_detail (self, "model");
}

static void
measure (VaiModelsPage *self, VaiLoadedModel *loaded)
{
  g_autoptr (GTask) task = g_task_new (self, self->loading, measured_cb, NULL);
  Measuring *measuring = g_new (Measuring, 1);

  measuring->loaded = g_object_ref (loaded);
  measuring->threshold
      = vai_model_row_get_threshold (vai_item_get_model (self->item), vai_loaded_model_get_model (loaded));
  g_task_set_task_data (task, measuring, measuring_free);
  g_task_run_in_thread (task, measure_in_thread);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiModelsPage) self = VAI_MODELS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiLoadedModel) loaded = vai_workspace_load_model_finish (VAI_WORKSPACE (source), result, &error);

  if (self->loading == NULL || self->item == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (loaded == NULL)
    {
      g_clear_object (&self->loading);
      show_error (self, error->message);
    }
  else if (g_str_equal (vai_loaded_model_get_id (loaded), vai_item_get_id (self->item)))
    measure (self, loaded);
}

static void
load (VaiModelsPage *self)
{
  const VaiModelRow *row = vai_item_get_model (self->item);

  stop_loading (self);
  g_clear_object (&self->loaded);
  if (g_strcmp0 (row->status, "ready") != 0)
    {
      show_error (self, row->error_message != NULL ? row->error_message : _ ("Its training did not end."));
      return;
    }
  self->loading = g_cancellable_new ();
  self->spin_id = g_timeout_add (SPIN_AFTER_MS, spin_cb, self);
  vai_workspace_load_model_async (vai_page_get_workspace (VAI_PAGE (self)), row->id, self->loading, loaded_cb,
                                  g_object_ref (self));
}

/* The same model again, read anew with the list: only another threshold moves its figures. */
static void
follow_row (VaiModelsPage *self)
{
  double threshold
      = vai_model_row_get_threshold (vai_item_get_model (self->item), vai_loaded_model_get_model (self->loaded));

  if (threshold == self->threshold || self->loading != NULL)
    return;
  self->loading = g_cancellable_new ();
  measure (self, self->loaded);
}

static void
show_item (VaiModelsPage *self, VaiItem *item)
{
  gboolean same
      = self->item != NULL && item != NULL && g_str_equal (vai_item_get_id (self->item), vai_item_get_id (item));

  if (!same)
    vai_model_charts_settle (self->charts);
  g_set_object (&self->item, item);
  adw_view_switcher_title_set_subtitle (self->switcher, item != NULL ? vai_item_get_name (item) : NULL);
  if (item == NULL)
    {
      stop_loading (self);
      g_clear_object (&self->loaded);
      vai_models_page_show_detail (self, "none");
    }
  else if (!same)
    load (self);
  else if (self->loaded != NULL)
    follow_row (self);
}

/* Beside each other, nothing lies behind the model but the sidebar of a compact window. */
static void
update_back (VaiModelsPage *self)
{
  gboolean covers = adw_leaflet_get_folded (self->leaflet)
                    && adw_leaflet_get_visible_child (self->leaflet) == self->detail_box
                    && g_strcmp0 (gtk_stack_get_visible_child_name (self->whole), "models") == 0;

  gtk_widget_set_visible (self->back_button, covers || vai_page_get_compact (VAI_PAGE (self)));
}

static void
update_whole (VaiModelsPage *self)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  gboolean empty = g_list_model_get_n_items (vai_workspace_get_list (workspace, VAI_OBJECT_MODEL)) == 0;

  gtk_stack_set_visible_child_name (self->whole, empty ? "empty" : "models");
  update_back (self);
  vai_models_page_update_actions (self);
}

static void
chosen_cb (VaiModelsPage *self, VaiItem *item)
{
  update_whole (self);
  show_item (self, item);
}

static void
activated_cb (VaiModelsPage *self, VaiItem *item)
{
  adw_leaflet_set_visible_child (self->leaflet, self->detail_box);
  gtk_widget_child_focus (GTK_WIDGET (self->detail), GTK_DIR_TAB_FORWARD);
}

static void
threshold_cb (VaiModelsPage *self, double threshold)
{
  vai_models_page_save_threshold (self, threshold);
}

/* "72% AUC…" means little in a list: when, and from what. */
static void
describe (VaiItem *item, VaiObjectRow *row)
{
  const VaiModelRow *model = vai_item_get_model (item);
  g_autofree char *date = vai_format_day (model->created_at);
  gboolean ready = g_strcmp0 (model->status, "ready") == 0;
  g_autofree char *auc = ready ? vai_format_number (model->auc_roc, 2) : NULL;

  row->subtitle = ready && isfinite (model->auc_roc) ? g_strdup_printf (_ ("%s · AUC %s"), date, auc) : g_strdup (date);
  row->state_icon = ready ? NULL : "dialog-error-symbolic";
  row->state = ready ? NULL : _ ("not ready");
}

static void
changed_cb (VaiModelsPage *self, guint kind)
{
  if (kind != VAI_OBJECT_MODEL)
    return;
  update_whole (self);
  if (self->wanted != NULL && vai_object_list_select (self->list, self->wanted))
    g_clear_pointer (&self->wanted, g_free);
}

static void
vai_models_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (page);

  VAI_PAGE_CLASS (vai_models_page_parent_class)->attach (page, workspace);
  vai_model_charts_follow (self->charts, page);
  vai_model_health_follow (self->health, page);
  vai_model_rivals_follow (self->rivals, page);
  vai_object_list_setup (self->list, workspace, VAI_OBJECT_MODEL, "vai-model-symbolic", describe);
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update_whole (self);
}

/* @target: the id of a model. */
static void
vai_models_page_opened (VaiPage *page, const char *target)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (page);

  g_clear_pointer (&self->wanted, g_free);
  if (target != NULL && !vai_object_list_select (self->list, target))
    self->wanted = g_strdup (target);
  if (target != NULL)
    adw_leaflet_set_visible_child (self->leaflet, self->detail_box);
  if (!gtk_widget_child_focus (GTK_WIDGET (target != NULL ? self->detail_box : GTK_WIDGET (self->list)),
                               GTK_DIR_TAB_FORWARD))
    VAI_PAGE_CLASS (vai_models_page_parent_class)->opened (page, target);
}

static gboolean
vai_models_page_act (VaiPage *page, const char *name)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (page);

  if (g_str_equal (name, "search"))
    {
      adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
      vai_object_list_focus_search (self->list);
      return g_str_equal (gtk_stack_get_visible_child_name (self->whole), "models");
    }
  return g_str_equal (name, "export") && gtk_widget_activate_action (GTK_WIDGET (self), "models.export", NULL);
}

static gboolean
vai_models_page_back (VaiPage *page)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (page);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->detail), "compare") == 0)
    return gtk_widget_activate_action (GTK_WIDGET (self), "models.end-comparison", NULL);
  return adw_leaflet_get_folded (self->leaflet) && adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
vai_models_page_dispose (GObject *object)
{
  VaiModelsPage *self = VAI_MODELS_PAGE (object);

  stop_loading (self);
  g_clear_object (&self->loaded);
  g_clear_object (&self->item);
  g_clear_pointer (&self->wanted, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODELS_PAGE);
  G_OBJECT_CLASS (vai_models_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-models-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, score_button);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, train_button);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, whole);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, list);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, detail_box);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, detail);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, tabs);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, bar);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, charts);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, why);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, health);
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, rivals);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, threshold_cb);
}

static void
vai_models_page_class_init (VaiModelsPageClass *klass)
{
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_models_page_dispose;
  page_class->attach = vai_models_page_attach;
  page_class->opened = vai_models_page_opened;
  page_class->act = vai_models_page_act;
  page_class->back = vai_models_page_back;
  g_type_ensure (VAI_TYPE_OBJECT_LIST);
  g_type_ensure (VAI_TYPE_MODEL_SUMMARY);
  g_type_ensure (VAI_TYPE_MODEL_CHARTS);
  g_type_ensure (VAI_TYPE_MODEL_WHY);
  g_type_ensure (VAI_TYPE_MODEL_HEALTH);
  g_type_ensure (VAI_TYPE_MODEL_RIVALS);
  bind_template (GTK_WIDGET_CLASS (klass));
  vai_models_page_class_install_actions (klass);
}

static void
vai_models_page_init (VaiModelsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (update_back), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify::visible-child", G_CALLBACK (update_back), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::compact", G_CALLBACK (update_back), NULL);
  g_signal_connect (self, "notify::compact", G_CALLBACK (vai_models_page_update_actions), NULL);
  g_object_bind_property (self->switcher, "title-visible", self->bar, "reveal", G_BINDING_SYNC_CREATE);
}
