#include "vai-training-data.h"

#include "vai-format.h"
#include "vai-trainer.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

/* Values of an outcome that are named; the others are counted. */
#define VALUES_SHOWN 6

struct _VaiTrainingData
{
  GtkWidget parent_instance;

  GtkStack *stack; /* "choose", "nothing" */
  GtkListBox *list;
  GtkStack *facts; /* "loading", "facts", "few", "error" */
  AdwActionRow *outcome_row, *won_row, *lost_row, *open_row;
  AdwStatusPage *few_page, *error_page;
  GtkButton *error_button;

  VaiWorkspace *workspace;
  GtkFilterListModel *ready; /* owned */
  GtkWidget *group;          /* owned; not shown: with it a single row has a radio button too */
  char *chosen;              /* nullable: id of a dataset */
  VaiQuotes *quotes;         /* nullable */
  char *hindrance;           /* nullable */
  GCancellable *cancellable; /* nullable: of the reading under way */
};

G_DEFINE_FINAL_TYPE (VaiTrainingData, vai_training_data, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_hindrance (VaiTrainingData *self, const char *hindrance)
{
  g_free (self->hindrance);
  self->hindrance = g_strdup (hindrance);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What is predicted. */

/* “Won”, “Yes”, and how many others. */
static char *
dup_values (const VaiProfile *profile, VaiOutcome outcome)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      if (value->outcome != outcome || *value->value == '\0' || n++ >= VALUES_SHOWN)
        continue;
      g_string_append_printf (text, "%s“%s”", text->len > 0 ? ", " : "", value->value);
    }
  if (n > VALUES_SHOWN)
    g_string_append_printf (text, ngettext (" and %u other", " and %u others", n - VALUES_SHOWN), n - VALUES_SHOWN);
  return g_string_free (text, FALSE);
}

static void
set_row (AdwActionRow *row, const char *title, const char *subtitle)
{
  g_autofree char *valid_title = g_utf8_make_valid (title, -1);
  g_autofree char *valid_subtitle = g_utf8_make_valid (subtitle, -1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), valid_title);
  adw_action_row_set_subtitle (row, valid_subtitle);
}

static void
show_facts (VaiTrainingData *self)
{
  const VaiProfile *profile = self->quotes->profile;
  g_autofree char *won = dup_values (profile, VAI_OUTCOME_WON);
  g_autofree char *lost = dup_values (profile, VAI_OUTCOME_LOST);
  g_autofree char *open = dup_values (profile, VAI_OUTCOME_OPEN);
  g_autofree char *n_won = vai_format_count (profile->n_won);
  g_autofree char *n_lost = vai_format_count (profile->n_lost);
  g_autofree char *n_open = vai_format_count (profile->n_open);
  g_autofree char *won_title = g_strdup_printf (_ ("%s won"), n_won);
  g_autofree char *lost_title = g_strdup_printf (_ ("%s lost"), n_lost);
  g_autofree char *open_title = g_strdup_printf (_ ("%s still open, not learned from"), n_open);

  set_row (self->outcome_row, vai_table_column (self->quotes->table, profile->outcome)->name,
           _ ("The chance that a quote is won, from this column"));
  set_row (self->won_row, won_title, won);
  set_row (self->lost_row, lost_title, lost);
  set_row (self->open_row, open_title, open);
  gtk_widget_set_visible (GTK_WIDGET (self->open_row), profile->n_open > 0);
  gtk_stack_set_visible_child_name (self->facts, "facts");
  set_hindrance (self, NULL);
}

static void
show_few (VaiTrainingData *self, guint missing)
{
  const VaiProfile *profile = self->quotes->profile;
  g_autofree char *decided = vai_format_count (profile->n_won + profile->n_lost);
  g_autofree char *won = vai_format_count (profile->n_won);
  g_autofree char *title
      = g_strdup_printf (ngettext ("%u more decided quote needed", "%u more decided quotes needed", missing), missing);
  g_autofree char *text = g_strdup_printf (
      _ ("You have %s decided quotes, %s of them won. ValutAI can begin at %d, with %d won and %d lost."), decided, won,
      VAI_TRAIN_ROWS_MIN, VAI_TRAIN_CLASS_MIN, VAI_TRAIN_CLASS_MIN);

  adw_status_page_set_title (self->few_page, title);
  adw_status_page_set_description (self->few_page, text);
  gtk_stack_set_visible_child_name (self->facts, "few");
  set_hindrance (self, title);
}

static void
show_error (VaiTrainingData *self, const char *title, const char *message, const char *button)
{
  g_autofree char *markup = vai_format_markup (message);

  adw_status_page_set_title (self->error_page, title);
  adw_status_page_set_description (self->error_page, markup);
  gtk_button_set_label (self->error_button, button);
  gtk_stack_set_visible_child_name (self->facts, "error");
  set_hindrance (self, title);
}

/* Decided quotes that are missing, of either kind. */
static guint
count_missing (const VaiProfile *profile)
{
  gsize won = profile->n_won, lost = profile->n_lost;
  gsize missing = (won < VAI_TRAIN_CLASS_MIN ? VAI_TRAIN_CLASS_MIN - won : 0)
                  + (lost < VAI_TRAIN_CLASS_MIN ? VAI_TRAIN_CLASS_MIN - lost : 0);

  return MAX (missing, won + lost < VAI_TRAIN_ROWS_MIN ? VAI_TRAIN_ROWS_MIN - won - lost : 0);
}

static void
show_quotes (VaiTrainingData *self)
{
  const VaiProfile *profile = self->quotes->profile;

  if (profile->outcome < 0)
    show_error (self, _ ("No outcome column"),
                _ ("Import the file again, and say there which column tells won from lost quotes."),
                _ ("Import Quotes…"));
  else if (count_missing (profile) > 0)
    show_few (self, count_missing (profile));
  else
    show_facts (self);
}

/* Reading. */

typedef struct
{
  VaiStore *store;
  VaiQuotesOptions options;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->store);
  vai_quotes_options_clear (&self->options);
  g_free (self);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Reading *reading = data;
  GError *error = NULL;
  VaiQuotes *quotes = vai_quotes_load (&reading->options, reading->store, NULL, cancellable, &error);

  if (quotes != NULL)
    g_task_return_pointer (task, quotes, (GDestroyNotify) vai_quotes_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiTrainingData *self = VAI_TRAINING_DATA (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiQuotes) quotes = g_task_propagate_pointer (G_TASK (result), &error);

  /* Another was chosen meanwhile, or the wizard is gone. */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || self->workspace == NULL)
    return;
  g_clear_object (&self->cancellable);
  if (quotes == NULL)
    {
      show_error (self, _ ("These quotes cannot be read"), error->message, _ ("Try Again"));
      return;
    }
  self->quotes = g_steal_pointer (&quotes);
  show_quotes (self);
}

static void
begin_reading (VaiTrainingData *self)
{
  Reading *reading = g_new0 (Reading, 1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->facts, "loading");
  set_hindrance (self, _ ("The quotes are being read"));
  reading->store = g_object_ref (vai_workspace_get_store (self->workspace));
  vai_quotes_options_init (&reading->options);
  reading->options.dataset_id = g_strdup (self->chosen);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}

/* The way out: what cannot be read may be read a second time, what has no outcome must be imported anew. */
static void
error_cb (VaiTrainingData *self)
{
  if (self->quotes == NULL)
    begin_reading (self);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.import", NULL);
}

/* The list. */

static void
choose (VaiTrainingData *self, const char *id)
{
  if (g_strcmp0 (self->chosen, id) == 0)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (id);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    begin_reading (self);
}

static void
radio_cb (GtkCheckButton *radio, GParamSpec *pspec, VaiTrainingData *self)
{
  VaiItem *item = g_object_get_data (G_OBJECT (radio), "item");

  if (gtk_check_button_get_active (radio))
    choose (self, vai_item_get_id (item));
}

static GtkWidget *
create_row (gpointer object, gpointer user_data)
{
  VaiTrainingData *self = VAI_TRAINING_DATA (user_data);
  VaiItem *item = VAI_ITEM (object);
  GtkWidget *row = adw_action_row_new (), *radio = gtk_check_button_new ();
  gint64 n = MAX (0, vai_item_get_dataset (item)->row_count);
  g_autofree char *number = vai_format_count (n);
  g_autofree char *count = g_strdup_printf (ngettext ("%s quote", "%s quotes", (gulong) n), number);
  g_autofree char *name = vai_format_markup (vai_item_get_name (item));

  gtk_check_button_set_group (GTK_CHECK_BUTTON (radio), GTK_CHECK_BUTTON (self->group));
  g_object_set_data_full (G_OBJECT (radio), "item", g_object_ref (item), g_object_unref);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (radio), g_strcmp0 (vai_item_get_id (item), self->chosen) == 0);
  g_signal_connect_object (radio, "notify::active", G_CALLBACK (radio_cb), self, 0);
  gtk_widget_set_valign (radio, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), count);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), radio);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), radio);
  return row;
}

static gboolean
is_ready (gpointer item, gpointer user_data)
{
  const VaiDatasetRow *row = vai_item_get_dataset (item);

  return row->status == NULL || g_str_equal (row->status, "ready");
}

/* The chosen one may have been deleted, or be the first of all. */
static void
list_changed_cb (VaiTrainingData *self)
{
  GListModel *model = G_LIST_MODEL (self->ready);
  guint n = g_list_model_get_n_items (model);

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "choose" : "nothing");
  if (n == 0)
    {
      set_hindrance (self, _ ("No quotes yet"));
      return;
    }
  g_autoptr (VaiItem) first = g_list_model_get_item (model, 0);
  if (self->chosen != NULL && vai_item_find (model, self->chosen) != NULL)
    return;
  choose (self, vai_item_get_id (first));
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0));
  GtkWidget *radio = row != NULL ? adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)) : NULL;
  if (radio != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (radio), TRUE);
}

static void
map_cb (VaiTrainingData *self)
{
  if (self->chosen != NULL && self->quotes == NULL && self->cancellable == NULL && self->workspace != NULL)
    begin_reading (self);
}

static void
vai_training_data_dispose (GObject *object)
{
  VaiTrainingData *self = VAI_TRAINING_DATA (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  if (self->ready != NULL)
    g_signal_handlers_disconnect_by_data (self->ready, self);
  g_clear_object (&self->ready);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->hindrance, g_free);
  g_clear_object (&self->group);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_DATA);
  G_OBJECT_CLASS (vai_training_data_parent_class)->dispose (object);
}

static void
vai_training_data_class_init (VaiTrainingDataClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_data_dispose;
  signals[CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-data.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, stack);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, list);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, facts);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, outcome_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, won_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, lost_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, open_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, few_page);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, error_page);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingData, error_button);
  gtk_widget_class_bind_template_callback (widget_class, map_cb);
  gtk_widget_class_bind_template_callback (widget_class, error_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
vai_training_data_init (VaiTrainingData *self)
{
  self->group = g_object_ref_sink (gtk_check_button_new ());
  gtk_widget_init_template (GTK_WIDGET (self));
  self->hindrance = g_strdup (_ ("The quotes are being read"));
}

void
vai_training_data_set_workspace (VaiTrainingData *self, VaiWorkspace *workspace, const char *dataset_id)
{
  g_return_if_fail (VAI_IS_TRAINING_DATA (self));
  g_return_if_fail (self->workspace == NULL);

  GListModel *list = vai_workspace_get_list (workspace, VAI_OBJECT_DATASET);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_ready, NULL, NULL));
  self->workspace = g_object_ref (workspace);
  self->ready = gtk_filter_list_model_new (g_object_ref (list), filter);
  if (dataset_id != NULL && vai_item_find (G_LIST_MODEL (self->ready), dataset_id) != NULL)
    self->chosen = g_strdup (dataset_id);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->ready), create_row, self, NULL);
  g_signal_connect_swapped (self->ready, "items-changed", G_CALLBACK (list_changed_cb), self);
  list_changed_cb (self);
}

const char *
vai_training_data_get_hindrance (VaiTrainingData *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_DATA (self), NULL);
  return self->hindrance;
}

VaiQuotes *
vai_training_data_get_quotes (VaiTrainingData *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_DATA (self), NULL);
  return self->quotes;
}

void
vai_training_data_forget (VaiTrainingData *self)
{
  g_return_if_fail (VAI_IS_TRAINING_DATA (self));
  g_clear_pointer (&self->quotes, vai_quotes_unref);
}
