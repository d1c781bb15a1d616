#include "vai-scoring-page.h"

#include "vai-compat.h"
#include "vai-job-score.h"
#include "vai-quote-view.h"
#include "vai-sample.h"
#include "vai-score-history.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _VaiScoringPage
{
  VaiPage parent_instance;

  AdwHeaderBar *header;
  GtkWidget *narrow_bar, *chooser, *toggles, *save, *choose, *one_toggle, *many_toggle;
  GtkStack *stack;
  AdwStatusPage *failed;
  VaiQuoteView *quote;
  VaiScoreHistory *many;

  GListModel *models;        /* ready ones */
  GCancellable *loading;     /* nullable */
  GCancellable *reading;     /* nullable: of what is to be shown */
  VaiPredictionRow *to_show; /* nullable: a saved score, once its model is loaded */
  VaiTable *to_fill;         /* nullable: or a quote of a dataset, its row fill_row */
  gsize fill_row;
  char *fill_currency; /* nullable */
  char *loaded_id;     /* nullable */
  char *wanted_id;     /* nullable: the model that was chosen, loaded or on its way */
  gboolean refreshing; /* the list changes, and nobody chose */
};

G_DEFINE_TYPE (VaiScoringPage, vai_scoring_page, VAI_TYPE_PAGE)

static void
forget_waiting (VaiScoringPage *self)
{
  g_clear_pointer (&self->to_show, vai_prediction_row_free);
  g_clear_pointer (&self->to_fill, vai_table_unref);
  g_clear_pointer (&self->fill_currency, g_free);
}

static void
vai_scoring_page_dispose (GObject *object)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_SCORING_PAGE);
  g_clear_object (&self->models);
  forget_waiting (self);
  g_clear_pointer (&self->loaded_id, g_free);
  g_clear_pointer (&self->wanted_id, g_free);
  G_OBJECT_CLASS (vai_scoring_page_parent_class)->dispose (object);
}

/* What is in view. */

static gboolean
is_many (VaiScoringPage *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->many_toggle));
}

static void
show_part (VaiScoringPage *self)
{
  gboolean many = is_many (self);
  gboolean any = self->models != NULL && g_list_model_get_n_items (self->models) > 0;

  gtk_widget_set_visible (self->save, !many && any);
  gtk_widget_set_visible (self->choose, many && any);
  gtk_widget_set_visible (self->chooser, any);
  gtk_stack_set_visible_child_name (self->stack, many ? "many" : any ? "one" : "none");
}

static void
toggled_cb (VaiScoringPage *self)
{
  show_part (self);
}

static VaiItem *
chosen_model (VaiScoringPage *self)
{
  return gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->chooser));
}

/* A quote that was put away unsaved. */
typedef struct
{
  VaiScoringPage *page;  /* a reference */
  VaiPredictionRow *row; /* nullable */
} Unsaved;

static void
unsaved_free (gpointer data)
{
  Unsaved *self = data;

  g_clear_pointer (&self->row, vai_prediction_row_free);
  g_object_unref (self->page);
  g_free (self);
}

static GCancellable *start_reading (VaiScoringPage *self);
static gboolean choose_model (VaiScoringPage *self, const char *id);

static void
bring_back (gpointer data)
{
  Unsaved *unsaved = data;
  VaiScoringPage *self = unsaved->page;

  if (self->models == NULL)
    return;
  start_reading (self);
  self->to_show = g_steal_pointer (&unsaved->row);
  if (!choose_model (self, self->to_show->model_id))
    {
      forget_waiting (self);
      vai_window_say (GTK_WIDGET (self), _ ("The model of this score was deleted"));
    }
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-page", "s", "scoring");
}

/* Takes @row, nullable: what vai_quote_view_dup_unsaved() gave before another quote came in its place. */
static void
offer_back (VaiScoringPage *self, VaiPredictionRow *row)
{
  if (row == NULL)
    return;
  Unsaved *unsaved = g_new (Unsaved, 1);
  *unsaved = (Unsaved){ g_object_ref (self), row };
  vai_window_offer_undo (GTK_WIDGET (self), _ ("A quote that was not saved was put away"), bring_back, unsaved,
                         unsaved_free);
}

static gboolean
is_waiting (VaiScoringPage *self)
{
  return self->to_show != NULL || self->to_fill != NULL;
}

/* A score is shown in its own model only. */
static void
show_waiting (VaiScoringPage *self)
{
  if (self->to_show != NULL && g_strcmp0 (self->to_show->model_id, self->loaded_id) == 0)
    vai_quote_view_show_prediction (self->quote, self->to_show);
  else if (self->to_show == NULL && self->to_fill != NULL)
    vai_quote_view_show_quote (self->quote, self->to_fill, self->fill_row, self->fill_currency);
  forget_waiting (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiScoringPage) self = VAI_SCORING_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiLoadedModel) loaded = vai_workspace_load_model_finish (VAI_WORKSPACE (source), result, &error);
  VaiItem *item = self->models != NULL ? chosen_model (self) : NULL;

  if (item == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (loaded == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->failed, text);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  if (!g_str_equal (vai_item_get_id (item), vai_loaded_model_get_id (loaded)))
    return;
  VaiPredictionRow *unsaved = is_waiting (self) ? vai_quote_view_dup_unsaved (self->quote) : NULL;
  g_free (self->loaded_id);
  self->loaded_id = g_strdup (vai_loaded_model_get_id (loaded));
  vai_quote_view_set_model (self->quote, loaded, vai_item_get_model (item));
  show_part (self);
  show_waiting (self);
  offer_back (self, unsaved);
}

static void
model_chosen_cb (VaiScoringPage *self)
{
  VaiItem *item = chosen_model (self);
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));

  show_part (self);
  if (item == NULL || workspace == NULL || self->refreshing)
    return;
  if (self->loading != NULL && g_strcmp0 (self->wanted_id, vai_item_get_id (item)) == 0)
    return;
  g_free (self->wanted_id);
  self->wanted_id = g_strdup (vai_item_get_id (item));
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (g_strcmp0 (self->loaded_id, self->wanted_id) == 0)
    {
      VaiPredictionRow *unsaved = is_waiting (self) ? vai_quote_view_dup_unsaved (self->quote) : NULL;
      show_waiting (self);
      offer_back (self, unsaved);
      return;
    }
  self->loading = g_cancellable_new ();
  vai_workspace_load_model_async (workspace, vai_item_get_id (item), self->loading, loaded_cb, g_object_ref (self));
}

static gboolean
choose_model (VaiScoringPage *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->models); i++)
    {
      g_autoptr (VaiItem) item = g_list_model_get_item (self->models, i);
      if (!g_str_equal (vai_item_get_id (item), id))
        continue;
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->chooser), i);
      model_chosen_cb (self);
      return TRUE;
    }
  return FALSE;
}

/* What a target names: a saved score, or a quote of a dataset. The last one asked for is shown. */

static GCancellable *
start_reading (VaiScoringPage *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  forget_waiting (self);
  self->reading = g_cancellable_new ();
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->one_toggle), TRUE);
  return self->reading;
}

typedef struct
{
  VaiScoringPage *page; /* a reference */
  GCancellable *cancellable;
  char *dataset_id; /* nullable */
  gsize row;
} Awaited;

static Awaited *
awaited_new (VaiScoringPage *page, const char *dataset_id, gsize row)
{
  Awaited *self = g_new (Awaited, 1);

  *self = (Awaited){ g_object_ref (page), g_object_ref (start_reading (page)), g_strdup (dataset_id), row };
  return self;
}

static void
awaited_free (Awaited *self)
{
  g_object_unref (self->page);
  g_object_unref (self->cancellable);
  g_free (self->dataset_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Awaited, awaited_free)

/* Is the answer still asked for? */
static gboolean
is_awaited (const Awaited *self)
{
  return self->page->models != NULL && self->page->reading == self->cancellable;
}

static gboolean
read_in_store (VaiStore *store, gpointer data, GError **error)
{
  VaiPredictionRow **row = data;
  g_autofree char *id = g_steal_pointer (&(*row)->id);

  vai_prediction_row_free (*row);
  *row = vai_store_get_prediction (store, id, error);
  return *row != NULL;
}

static void
reading_free (gpointer data)
{
  VaiPredictionRow **row = data;

  g_clear_pointer (row, vai_prediction_row_free);
  g_free (row);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Awaited) awaited = user_data;
  g_autoptr (GError) error = NULL;
  VaiPredictionRow **row = vai_store_run_finish (VAI_STORE (source), result, &error);
  VaiScoringPage *self = awaited->page;

  if (!is_awaited (awaited))
    return;
  if (row == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  self->to_show = g_steal_pointer (row);
  if (choose_model (self, self->to_show->model_id))
    return;
  forget_waiting (self);
  vai_window_say (GTK_WIDGET (self), _ ("The model of this score was deleted"));
}

static void
open_prediction (VaiScoringPage *self, const char *id)
{
  VaiPredictionRow **row = g_new (VaiPredictionRow *, 1);
  Awaited *awaited = awaited_new (self, NULL, 0);

  *row = vai_row_new (&vai_prediction_row_kind);
  (*row)->id = g_strdup (id);
  vai_store_run_async (vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (self))), read_in_store, row,
                       reading_free, NULL, read_cb, awaited);
}

static void
table_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Awaited) awaited = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = vai_workspace_load_table_finish (VAI_WORKSPACE (source), result, &error);
  VaiScoringPage *self = awaited->page;

  if (!is_awaited (awaited))
    return;
  if (table == NULL || awaited->row >= table->n_rows)
    {
      vai_window_say (GTK_WIDGET (self), table == NULL ? error->message : _ ("This quote is no longer in the data"));
      return;
    }
  g_autoptr (VaiItem) newest = g_list_model_get_item (self->models, 0);
  if (newest == NULL)
    return;
  self->to_fill = g_steal_pointer (&table);
  self->fill_row = awaited->row;
  VaiItem *dataset
      = vai_item_find (vai_workspace_get_list (VAI_WORKSPACE (source), VAI_OBJECT_DATASET), awaited->dataset_id);
  self->fill_currency = g_strdup (dataset != NULL ? vai_item_get_dataset (dataset)->currency : NULL);
  choose_model (self, vai_item_get_id (newest));
}

/* “DATASET_ID:ROW”, scored with the newest model. */
static void
open_quote (VaiScoringPage *self, const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, ":", 2);
  guint64 row;

  if (parts[0] == NULL || parts[1] == NULL || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXSIZE, &row, NULL))
    return;
  Awaited *awaited = awaited_new (self, parts[0], row);
  vai_workspace_load_table_async (vai_page_get_workspace (VAI_PAGE (self)), parts[0], awaited->cancellable, table_cb,
                                  awaited);
}

/* The page. */

static void
vai_scoring_page_opened (VaiPage *page, const char *target)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (page);

  if (target != NULL && g_str_has_prefix (target, "model:"))
    {
      start_reading (self);
      choose_model (self, target + strlen ("model:"));
    }
  else if (target != NULL && g_str_has_prefix (target, "open:"))
    open_quote (self, target + strlen ("open:"));
  else if (g_strcmp0 (target, "new") == 0)
    {
      start_reading (self);
      VaiPredictionRow *unsaved = vai_quote_view_dup_unsaved (self->quote);
      vai_quote_view_clear (self->quote);
      offer_back (self, unsaved);
    }
  else if (g_strcmp0 (target, "many") == 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->many_toggle), TRUE);
  else if (target != NULL)
    open_prediction (self, target);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "one") == 0)
    vai_quote_view_focus (self->quote);
  else
    gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
save_cb (VaiScoringPage *self)
{
  vai_quote_view_save (self->quote);
}

static gboolean
vai_scoring_page_act (VaiPage *page, const char *name)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (page);

  if (is_many (self))
    return vai_score_history_act (self->many, name);
  if (g_str_equal (name, "save"))
    return vai_quote_view_save (self->quote);
  if (g_str_equal (name, "try"))
    return vai_quote_view_try (self->quote);
  if (g_str_equal (name, "lock"))
    return vai_quote_view_lock (self->quote);
  if (g_str_equal (name, "record"))
    return vai_quote_view_record (self->quote);
  return FALSE;
}

static gboolean
vai_scoring_page_back (VaiPage *page)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (page);

  return !is_many (self) && vai_quote_view_back (self->quote);
}

static gboolean
is_ready (gpointer item, gpointer data)
{
  return g_strcmp0 (vai_item_get_model (item)->status, "ready") == 0;
}

static void
models_change_cb (VaiScoringPage *self)
{
  self->refreshing = TRUE;
}

/* The list was read again: what was chosen stays so, as long as it is there. */
static void
models_changed_cb (VaiScoringPage *self)
{
  self->refreshing = FALSE;
  show_part (self);
  if (self->wanted_id == NULL || !choose_model (self, self->wanted_id))
    model_chosen_cb (self);
}

static void
setup_name_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_list_item_set_child (item, label);
}

static void
bind_name_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), vai_item_get_name (gtk_list_item_get_item (item)));
}

static void
vai_scoring_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (page);
  GtkCustomFilter *filter = gtk_custom_filter_new (is_ready, NULL, NULL);

  VAI_PAGE_CLASS (vai_scoring_page_parent_class)->attach (page, workspace);
  vai_quote_view_attach (self->quote, workspace);
  vai_score_history_attach (self->many, workspace);
  self->models = G_LIST_MODEL (gtk_filter_list_model_new (
      g_object_ref (vai_workspace_get_list (workspace, VAI_OBJECT_MODEL)), GTK_FILTER (filter)));
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_name_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_name_cb), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->chooser), factory);
  /* Before the list of the chooser hears of it, and after. */
  g_signal_connect_object (self->models, "items-changed", G_CALLBACK (models_change_cb), self, G_CONNECT_SWAPPED);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->chooser), self->models);
  g_signal_connect_object (self->models, "items-changed", G_CALLBACK (models_changed_cb), self, G_CONNECT_SWAPPED);
  model_chosen_cb (self);
}

static void
set_button (GtkWidget *button, gboolean compact, const char *label, const char *icon)
{
  if (compact)
    gtk_button_set_icon_name (GTK_BUTTON (button), icon);
  else
    gtk_button_set_label (GTK_BUTTON (button), label);
}

/* Narrow: the model and the two parts under the header, the buttons as icons. */
static void
compact_cb (VaiScoringPage *self)
{
  gboolean compact = vai_page_get_compact (VAI_PAGE (self));
  gboolean is_narrow = gtk_widget_get_parent (self->chooser) == self->narrow_bar;
  g_autoptr (GtkWidget) chooser = g_object_ref (self->chooser);
  g_autoptr (GtkWidget) toggles = g_object_ref (self->toggles);

  if (compact && !is_narrow)
    {
      adw_header_bar_remove (self->header, chooser);
      adw_header_bar_set_title_widget (self->header, adw_window_title_new (_ ("Scoring"), NULL));
      gtk_box_append (GTK_BOX (self->narrow_bar), chooser);
      gtk_box_append (GTK_BOX (self->narrow_bar), toggles);
    }
  else if (!compact && is_narrow)
    {
      gtk_box_remove (GTK_BOX (self->narrow_bar), chooser);
      gtk_box_remove (GTK_BOX (self->narrow_bar), toggles);
      adw_header_bar_pack_start (self->header, chooser);
      adw_header_bar_set_title_widget (self->header, toggles);
    }
  gtk_widget_set_hexpand (chooser, compact);
  set_button (self->save, compact, _ ("Save Score"), "document-save-symbolic");
  set_button (self->choose, compact, _ ("Choose Quotes…"), "document-open-symbolic");
  vai_quote_view_set_compact (self->quote, compact);
  vai_score_history_set_compact (self->many, compact);
}

/* A file of quotes: a job, kept as past scores. */

static void
file_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (source);
  g_autofree char *model_id = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL || workspace == NULL)
    return;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *title = g_strdup_printf (_ ("Scoring “%s”"), shown);
  g_autofree char *done = g_strdup_printf (_ ("The quotes of “%s” are scored"), shown);
  g_autoptr (VaiJobScore) job = vai_job_score_new (vai_workspace_get_store (workspace));
  VaiScoreOptions *options = vai_job_score_get_options (job);
  options->model_id = g_steal_pointer (&model_id);
  options->path = g_steal_pointer (&path);
  options->keep = TRUE;
  g_autoptr (VaiTask) task = vai_task_new (VAI_JOB (job), title, done);
  vai_task_set_place (task, "scoring", "many");
  vai_workspace_start (workspace, task);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->many_toggle), TRUE);
}

static void
file_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (widget);
  VaiItem *item = self->models != NULL ? chosen_model (self) : NULL;

  if (item != NULL)
    vai_pick_table_async (widget, _ ("Choose Quotes"), file_cb, g_strdup (vai_item_get_id (item)));
}

static void
sample_cb (VaiScoringPage *self)
{
  vai_sample_begin (vai_page_get_workspace (VAI_PAGE (self)));
}

static void
verify_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_quote_view_verify (VAI_SCORING_PAGE (widget)->quote);
}

static void
vai_scoring_page_class_init (VaiScoringPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_scoring_page_dispose;
  page_class->opened = vai_scoring_page_opened;
  page_class->act = vai_scoring_page_act;
  page_class->back = vai_scoring_page_back;
  page_class->attach = vai_scoring_page_attach;
  g_type_ensure (VAI_TYPE_QUOTE_VIEW);
  g_type_ensure (VAI_TYPE_SCORE_HISTORY);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-scoring-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiScoringPage, name)
  BIND (header);
  BIND (narrow_bar);
  BIND (chooser);
  BIND (toggles);
  BIND (save);
  BIND (choose);
  BIND (one_toggle);
  BIND (many_toggle);
  BIND (stack);
  BIND (failed);
  BIND (quote);
  BIND (many);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "opened_cb", G_CALLBACK (open_prediction));
  gtk_widget_class_install_action (widget_class, "scoring.file", NULL, file_action);
  gtk_widget_class_install_action (widget_class, "scoring.verify", NULL, verify_action);
}

/* Wherever the focus is, or when nothing has it: a popover that was closed leaves none. */
static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  VaiScoringPage *self = VAI_SCORING_PAGE (widget);

  return gtk_widget_get_mapped (widget) && !is_many (self) && vai_quote_view_stop_trying (self->quote);
}

static void
listen_for_escape (VaiScoringPage *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
vai_scoring_page_init (VaiScoringPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  listen_for_escape (self);
  g_signal_connect (self, "notify::compact", G_CALLBACK (compact_cb), NULL);
  g_object_bind_property (self->quote, "unsaved", self->save, "sensitive", G_BINDING_SYNC_CREATE);
}
