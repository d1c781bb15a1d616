#include "vai-reports-page.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-job-report.h"
#include "vai-object-list.h"
#include "vai-report-view.h"
#include "vai-time.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Characters in a line of the list of models: it fits into the narrowest window. */
#define MODEL_NAME_WIDTH 30

struct _VaiReportsPage
{
  VaiPage parent_instance;

  VaiObjectList *list;
  AdwLeaflet *leaflet;
  GtkWidget *detail, *shown_banner;
  GtkLabel *banner_words;
  GtkStack *content; /* "none", "loading", "error", "report" */
  AdwStatusPage *none, *failure;
  GtkWidget *none_listed; /* in place of an empty list that hides the page */
  GtkButton *begin;       /* on an empty page */
  VaiReportView *view;
  AdwWindowTitle *title;
  GtkWidget *export_button, *print_button, *edit_button;
  char *report_id;           /* nullable: shown, or being loaded */
  gboolean has_model;        /* its model was in the list when it was loaded */
  char *awaited;             /* nullable: the report that was just written, to be shown */
  GCancellable *loading;     /* nullable */
  GtkPrintSettings *printed; /* nullable: the choices of the last time */
};

G_DEFINE_FINAL_TYPE (VaiReportsPage, vai_reports_page, VAI_TYPE_PAGE)

/* What is on the right. */

static void
set_buttons (VaiReportsPage *self, gboolean report)
{
  gtk_widget_set_visible (self->export_button, report);
  gtk_widget_set_sensitive (self->print_button, report);
  gtk_widget_set_sensitive (self->edit_button, report);
}

static void
show_none (VaiReportsPage *self)
{
  gboolean model
      = g_list_model_get_n_items (vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_MODEL))
        > 0;

  adw_status_page_set_description (self->none, model ? _ ("A report says in words what a model has learnt.")
                                                     : _ ("Train a model first: a report is written from it."));
  gtk_button_set_label (self->begin, model ? _ ("Write a Report") : _ ("Train a Model"));
  gtk_stack_set_visible_child_name (self->content, "none");
  adw_window_title_set_title (self->title, _ ("Reports"));
  adw_window_title_set_subtitle (self->title, "");
  set_buttons (self, FALSE);
}

/* Loading. */

typedef struct
{
  char *id;
  VaiReport *report;   /* nullable */
  GError *model_error; /* nullable: why its model is not there */
} Loading;

static void
loading_free (gpointer data)
{
  Loading *self = data;

  g_free (self->id);
  vai_report_free (self->report);
  g_clear_error (&self->model_error);
  g_free (self);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Loading *loading = data;
  VaiStore *store = vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (source)));
  GError *error = NULL;

  loading->report = vai_job_report_load (store, loading->id, &loading->model_error, &error);
  if (loading->report != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Whether the model was deleted or is damaged makes a difference to what can be done. */
static void
show_model_error (VaiReportsPage *self, const GError *error)
{
  g_autofree char *text = error != NULL ? g_strdup_printf (_ ("%s What was written stays."), error->message) : NULL;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->shown_banner), error != NULL);
  gtk_label_set_label (self->banner_words, text);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (source);
  Loading *loading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      /* Another one was chosen meanwhile. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      adw_status_page_set_description (self->failure, error->message);
      gtk_stack_set_visible_child_name (self->content, "error");
      set_buttons (self, FALSE);
      return;
    }
  vai_report_view_take_report (self->view, g_steal_pointer (&loading->report));
  show_model_error (self, loading->model_error);
  gtk_stack_set_visible_child_name (self->content, "report");
  set_buttons (self, TRUE);
}

/* What is in the fields becomes the report, before it is left, exported or printed. */
static void
finish_editing (VaiReportsPage *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->edit_button), FALSE);
}

static gboolean
is_listed (VaiReportsPage *self, const char *model_id)
{
  GListModel *models = vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_MODEL);

  return model_id != NULL && vai_item_find (models, model_id) != NULL;
}

static void
load (VaiReportsPage *self, VaiItem *item)
{
  const VaiReportRow *row = vai_item_get_report (item);
  g_autofree char *date = vai_format_day (row->created_at);
  g_autoptr (GTask) task = NULL;
  Loading *loading = g_new0 (Loading, 1);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  finish_editing (self);
  /* Until the other is read there is nothing to edit, to print or to export. */
  vai_report_view_take_report (self->view, NULL);
  set_buttons (self, FALSE);
  g_free (self->report_id);
  self->report_id = g_strdup (row->id);
  self->has_model = is_listed (self, row->model_id);
  adw_window_title_set_title (self->title, vai_item_get_name (item));
  adw_window_title_set_subtitle (self->title, date);
  gtk_stack_set_visible_child_name (self->content, "loading");
  loading->id = g_strdup (row->id);
  task = g_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_task_data (task, loading, loading_free);
  g_task_run_in_thread (task, load_thread);
}

static void
chosen_cb (VaiReportsPage *self, VaiItem *item)
{
  if (item == NULL)
    {
      finish_editing (self);
      g_clear_pointer (&self->report_id, g_free);
      show_none (self);
    }
  else if (g_strcmp0 (self->report_id, vai_item_get_id (item)) != 0)
    load (self, item);
  else
    adw_window_title_set_title (self->title, vai_item_get_name (item));
}

static void
activated_cb (VaiReportsPage *self, VaiItem *item)
{
  adw_leaflet_set_visible_child (self->leaflet, self->detail);
}

static void
describe (VaiItem *item, VaiObjectRow *row)
{
  row->subtitle = vai_format_day (vai_item_get_report (item)->created_at);
}

/* A new one. */

static void
task_ended_cb (VaiReportsPage *self, VaiTask *task)
{
  VaiJob *job = vai_task_get_job (task);

  if (!VAI_IS_JOB_REPORT (job) || vai_task_get_state (task) != VAI_TASK_DONE)
    return;
  g_free (self->awaited);
  self->awaited = g_strdup (vai_job_report_get_report_id (VAI_JOB_REPORT (job)));
}

static gboolean
show_side_idle_cb (gpointer user_data)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (user_data);
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  gboolean bare = adw_leaflet_get_folded (self->leaflet) && workspace != NULL
                  && g_list_model_get_n_items (vai_workspace_get_list (workspace, VAI_OBJECT_REPORT)) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->list), !bare);
  gtk_widget_set_visible (self->none_listed, bare);
  return G_SOURCE_REMOVE;
}

/* The leaflet folds while places are given out: what then changes would get none. */
static void
show_side_cb (VaiReportsPage *self)
{
  g_idle_add_full (GTK_PRIORITY_RESIZE - 1, show_side_idle_cb, g_object_ref (self), g_object_unref);
}

/* Its model was deleted meanwhile, or came back: the report says which. */
static void
follow_model (VaiReportsPage *self)
{
  GListModel *reports = vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_REPORT);
  VaiItem *item = vai_item_find (reports, self->report_id);

  if (item != NULL && is_listed (self, vai_item_get_report (item)->model_id) != self->has_model)
    load (self, item);
}

static void
changed_cb (VaiReportsPage *self, guint kind)
{
  show_side_cb (self);
  if (kind == VAI_OBJECT_MODEL && self->report_id != NULL)
    follow_model (self);
  if (kind == VAI_OBJECT_MODEL && self->report_id == NULL)
    show_none (self);
  if (kind != VAI_OBJECT_REPORT || self->awaited == NULL)
    return;
  g_autofree char *awaited = g_steal_pointer (&self->awaited);
  vai_object_list_select (self->list, awaited);
  adw_leaflet_set_visible_child (self->leaflet, self->detail);
}

static void
write_report (VaiReportsPage *self, VaiItem *model)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  g_autoptr (VaiJobReport) job = vai_job_report_new (vai_workspace_get_store (workspace));
  VaiReportOptions *options = vai_job_report_get_options (job);
  g_autofree char *date = vai_format_day (vai_time_now_ms ());
  g_autofree char *title = g_strdup_printf (_ ("Writing a report on “%s”"), vai_item_get_name (model));

  options->model_id = g_strdup (vai_item_get_id (model));
  options->title = g_strdup (vai_item_get_name (model));
  options->note = g_strdup_printf ("ValutAI · %s", date);
  g_autoptr (VaiTask) task = vai_task_new (VAI_JOB (job), title, _ ("The report is written"));
  vai_task_set_place (task, "reports", NULL);
  vai_workspace_start (workspace, task);
}

/* The id of a model. */
static void
new_report (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (widget);
  GListModel *models = vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_MODEL);
  VaiItem *model = vai_item_find (models, g_variant_get_string (parameter, NULL));

  if (model != NULL)
    write_report (self, model);
}

static void
popover_closed_cb (GtkPopover *popover)
{
  gtk_widget_unparent (GTK_WIDGET (popover));
}

static void
model_clicked_cb (GtkWidget *button, VaiItem *model)
{
  GtkWidget *page = gtk_widget_get_ancestor (button, VAI_TYPE_REPORTS_PAGE);

  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
  write_report (VAI_REPORTS_PAGE (page), model);
}

/* Models of one dataset have one name: when it was learnt and how good it is tell them apart. */
static GtkWidget *
model_button_new (VaiItem *item)
{
  const VaiModelRow *model = vai_item_get_model (item);
  g_autofree char *day = vai_format_day (model->created_at), *auc = vai_format_number (model->auc_roc, 2);
  g_autofree char *detail = g_strdup_printf (_ ("%s · AUC %s"), day, auc);
  g_autofree char *label
      = g_strdup_printf ("%s, %s", vai_item_get_name (item), isfinite (model->auc_roc) ? detail : day);
  GtkWidget *button = gtk_button_new_with_label (label);

  GtkWidget *words = gtk_button_get_child (GTK_BUTTON (button));
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_width_chars (GTK_LABEL (words), MODEL_NAME_WIDTH);
  gtk_label_set_max_width_chars (GTK_LABEL (words), MODEL_NAME_WIDTH);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (model_clicked_cb), item, 0);
  g_object_set_data_full (G_OBJECT (button), "model", g_object_ref (item), g_object_unref);
  return button;
}

/* Of several models one must be chosen. */
static void
choose_model (GtkWidget *button, GListModel *models)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (VaiItem) model = g_list_model_get_item (models, i);
      gtk_box_append (GTK_BOX (box), model_button_new (model));
    }
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 360);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Which model?"), -1);
  gtk_widget_set_parent (popover, button);
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
new_clicked_cb (VaiReportsPage *self, GtkWidget *button)
{
  GListModel *models = vai_workspace_get_list (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_MODEL);
  guint n = g_list_model_get_n_items (models);

  if (n == 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.train", "s", "");
  else if (n > 1)
    choose_model (button, models);
  else
    {
      g_autoptr (VaiItem) model = g_list_model_get_item (models, 0);
      write_report (self, model);
    }
}

/* Export. The file is written by a thread: a disk may be slow. */

typedef struct
{
  char *report_id, *path;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_free (self->report_id);
  g_free (self->path);
  g_free (self);
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Export *export = data;
  VaiStore *store = vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (source)));
  GError *error = NULL;
  g_autoptr (VaiReport) report = vai_job_report_load (store, export->report_id, NULL, &error);

  if (report != NULL && vai_report_save (report, export->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const Export *export = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_path_get_basename (export->path);
  g_autofree char *message = g_strdup_printf (_ ("Saved as “%s”"), name);

  vai_window_say (GTK_WIDGET (source), g_task_propagate_boolean (G_TASK (result), &error) ? message : error->message);
}

static void
target_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL || self->report_id == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, exported_cb, NULL);
  Export *export = g_new0 (Export, 1);
  *export = (Export){ g_strdup (self->report_id), g_steal_pointer (&path) };
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_thread);
}

static void
pick_target (VaiReportsPage *self, const char *ending)
{
  VaiReport *report = vai_report_view_get_report (self->view);

  if (report == NULL || self->report_id == NULL)
    return;
  finish_editing (self);
  g_autofree char *name = g_strdelimit (g_strdup_printf ("%s%s", vai_report_get_title (report), ending), "/\\:", '-');
  vai_pick_target_async (GTK_WIDGET (self), _ ("Export the report"), name, target_picked_cb, NULL);
}

static void
export_pdf (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pick_target (VAI_REPORTS_PAGE (widget), ".pdf");
}

static void
export_html (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pick_target (VAI_REPORTS_PAGE (widget), ".html");
}

/* Printing. */

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, VaiReportsPage *self)
{
  VaiReport *report = vai_report_view_get_report (self->view);

  /* Another one may be on its way by now: a report that was just written is shown. */
  if (report == NULL)
    gtk_print_operation_cancel (operation);
  gtk_print_operation_set_n_pages (operation,
                                   report != NULL ? MAX ((int) vai_report_count_pages (report, NULL), 1) : 1);
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, VaiReportsPage *self)
{
  VaiReport *report = vai_report_view_get_report (self->view);
  int n_pages;

  g_object_get (operation, "n-pages", &n_pages, NULL);
  if (report != NULL)
    vai_report_draw_page (report, gtk_print_context_get_cairo_context (context), (guint) page + 1, (guint) n_pages);
}

static void
print_report (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (widget);
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  g_autoptr (GError) error = NULL;

  if (vai_report_view_get_report (self->view) == NULL)
    return;
  finish_editing (self);
  gtk_page_setup_set_paper_size (setup, paper);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, vai_report_get_title (vai_report_view_get_report (self->view)));
  if (self->printed != NULL)
    gtk_print_operation_set_print_settings (operation, self->printed);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print_cb), self);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), self);
  GtkPrintOperationResult result = gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                                                            GTK_WINDOW (gtk_widget_get_root (widget)), &error);
  if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    g_set_object (&self->printed, gtk_print_operation_get_print_settings (operation));
  else if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    vai_window_say (widget, error->message);
}

/* Editing. */

typedef struct
{
  char *id, *title, *content;
} Texts;

static void
texts_free (gpointer data)
{
  Texts *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self->content);
  g_free (self);
}

static gboolean
keep_texts (VaiStore *store, gpointer data, GError **error)
{
  const Texts *texts = data;

  return vai_store_set_report (store, texts->id, texts->title, texts->content, error);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiReportsPage) self = VAI_REPORTS_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  Texts *texts = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  vai_window_say (GTK_WIDGET (self), texts != NULL ? _ ("Your words are kept") : error->message);
  g_clear_pointer (&texts, texts_free);
}

static void
edit_toggled_cb (VaiReportsPage *self)
{
  gboolean editing = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->edit_button));
  VaiReport *report = vai_report_view_get_report (self->view);

  if (report == NULL || self->report_id == NULL)
    return;
  vai_report_view_set_editing (self->view, editing);
  if (editing)
    return;
  g_autoptr (JsonNode) content = vai_report_content_to_json (report);
  Texts *texts = g_new0 (Texts, 1);
  *texts = (Texts){ g_strdup (self->report_id), g_strdup (vai_report_get_title (report)),
                    json_to_string (content, FALSE) };
  vai_workspace_change_async (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_REPORT, keep_texts, texts,
                              texts_free, kept_cb, g_object_ref (self));
}

/* The page. */

static void
vai_reports_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (page);

  VAI_PAGE_CLASS (vai_reports_page_parent_class)->attach (page, workspace);
  vai_object_list_setup (self->list, workspace, VAI_OBJECT_REPORT, "vai-report-symbolic", describe);
  g_signal_connect_object (workspace, "task-ended", G_CALLBACK (task_ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  show_side_cb (self);
}

/* The id of a report, or "new:" and the id of a model. */
static void
vai_reports_page_opened (VaiPage *page, const char *target)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (page);

  if (target != NULL && g_str_has_prefix (target, "new:"))
    gtk_widget_activate_action (GTK_WIDGET (self), "reports.new", "s", target + strlen ("new:"));
  else if (target != NULL)
    vai_object_list_select (self->list, target);
  VAI_PAGE_CLASS (vai_reports_page_parent_class)->opened (page, target);
}

static gboolean
vai_reports_page_act (VaiPage *page, const char *name)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (page);

  if (g_str_equal (name, "search"))
    {
      vai_object_list_focus_search (self->list);
      return TRUE;
    }
  if (self->report_id == NULL)
    return FALSE;
  if (g_str_equal (name, "print"))
    print_report (GTK_WIDGET (self), name, NULL);
  else if (g_str_equal (name, "export"))
    pick_target (self, ".pdf");
  else if (g_str_equal (name, "save"))
    finish_editing (self);
  else
    return FALSE;
  return TRUE;
}

static gboolean
vai_reports_page_back (VaiPage *page)
{
  return adw_leaflet_get_folded (VAI_REPORTS_PAGE (page)->leaflet)
         && adw_leaflet_navigate (VAI_REPORTS_PAGE (page)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
back_clicked_cb (VaiReportsPage *self)
{
  vai_reports_page_back (VAI_PAGE (self));
}

static void
vai_reports_page_unmap (GtkWidget *widget)
{
  finish_editing (VAI_REPORTS_PAGE (widget));
  GTK_WIDGET_CLASS (vai_reports_page_parent_class)->unmap (widget);
}

static void
vai_reports_page_dispose (GObject *object)
{
  VaiReportsPage *self = VAI_REPORTS_PAGE (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->printed);
  g_clear_pointer (&self->report_id, g_free);
  g_clear_pointer (&self->awaited, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_REPORTS_PAGE);
  G_OBJECT_CLASS (vai_reports_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-reports-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, list);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, detail);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, shown_banner);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, banner_words);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, content);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, none);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, none_listed);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, failure);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, view);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, title);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, print_button);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, VaiReportsPage, begin);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_side_cb);
}

static void
vai_reports_page_class_init (VaiReportsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_reports_page_dispose;
  GTK_WIDGET_CLASS (klass)->unmap = vai_reports_page_unmap;
  page_class->attach = vai_reports_page_attach;
  page_class->opened = vai_reports_page_opened;
  page_class->act = vai_reports_page_act;
  page_class->back = vai_reports_page_back;
  g_type_ensure (VAI_TYPE_OBJECT_LIST);
  g_type_ensure (VAI_TYPE_REPORT_VIEW);
  gtk_widget_class_install_action (widget_class, "reports.new", "s", new_report);
  gtk_widget_class_install_action (widget_class, "reports.export-pdf", NULL, export_pdf);
  gtk_widget_class_install_action (widget_class, "reports.export-html", NULL, export_html);
  gtk_widget_class_install_action (widget_class, "reports.print", NULL, print_report);
  bind_template (widget_class);
}

static void
vai_reports_page_init (VaiReportsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
