#include "vai-dataset-view.h"

#include "vai-column-words.h"
#include "vai-dataset-acts.h"
#include "vai-dataset-facts.h"
#include "vai-finding-list.h"
#include "vai-format.h"
#include "vai-compat.h"
#include "vai-import.h"
#include "vai-outcome-bar.h"
#include "vai-rejected.h"
#include "vai-revise.h"
#include "vai-table-view.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

/* Rows of the preview. */
#define PREVIEW_ROWS 100

/* Unreadable lines that are listed; all can be exported. */
#define REJECTED_SHOWN 50

enum
{
  FACT_ROWS,
  FACT_COLUMNS,
  FACT_OPENED,
  FACT_REJECTED,
  N_FACTS
};

struct _VaiDatasetView
{
  GtkWidget parent_instance;

  VaiWorkspace *workspace;   /* nullable */
  VaiItem *item;             /* nullable */
  VaiTable *loaded;          /* nullable: of @item */
  GCancellable *cancellable; /* of what is loaded for @item */
  GPtrArray *rejected_rows;  /* of GtkWidget */
  GPtrArray *rejected;       /* nullable; of VaiRejectedRow */
  gboolean export_when_there;
  GtkLabel *fact_numbers[N_FACTS], *fact_words[N_FACTS];

  GtkScrolledWindow *scroller;
  GtkFlowBox *facts;
  VaiOutcomeBar *outcome_bar;
  GtkLabel *open_label, *few_label;
  GtkWidget *findings_title;
  GtkSpinner *finding_spinner;
  GtkLabel *to_decide;
  VaiFindingList *findings;
  GtkSpinner *table_spinner;
  GtkWidget *all_button;
  GtkStack *table_stack;
  VaiTableView *table;
  AdwStatusPage *table_error;
  AdwEntryRow *name_row, *notes_row;
  AdwActionRow *file_row;
  AdwExpanderRow *rejected_row;
};

G_DEFINE_FINAL_TYPE (VaiDatasetView, vai_dataset_view, GTK_TYPE_WIDGET)

static void
stop (VaiDatasetView *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
vai_dataset_view_dispose (GObject *object)
{
  VaiDatasetView *self = VAI_DATASET_VIEW (object);

  stop (self);
  g_clear_object (&self->item);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->loaded, vai_table_unref);
  g_clear_pointer (&self->rejected, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_DATASET_VIEW);
  g_clear_pointer (&self->rejected_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (vai_dataset_view_parent_class)->dispose (object);
}

/* Facts. */

static GtkLabel *
fact_label_new (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* By mouse: the keyboard goes to what can be done. */
  gtk_widget_set_focusable (label, FALSE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

/* Made once: a label that is taken away while something in it is selected leaves GTK 4.8 without it. */
static void
make_facts (VaiDatasetView *self)
{
  for (guint i = 0; i < N_FACTS; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *child = gtk_flow_box_child_new ();
      self->fact_numbers[i] = fact_label_new (box, "page-number");
      self->fact_words[i] = fact_label_new (box, "caption");
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_append (self->facts, child);
    }
}

/* @number NULL: there is no such fact. */
static void
set_fact (VaiDatasetView *self, guint fact, const char *number, const char *words)
{
  GtkWidget *child = gtk_widget_get_ancestor (GTK_WIDGET (self->fact_numbers[fact]), GTK_TYPE_FLOW_BOX_CHILD);
  g_autofree char *name = g_strdup_printf ("%s %s", number != NULL ? number : "", words);

  gtk_label_set_label (self->fact_numbers[fact], number != NULL ? number : "");
  gtk_label_set_label (self->fact_words[fact], words);
  gtk_widget_set_visible (child, number != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static char *
dup_month (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  return date != NULL ? g_date_time_format (date, "%b %Y") : g_strdup ("");
}

static char *
dup_opened (const VaiDatasetFacts *facts)
{
  if (!facts->has_opened)
    return NULL;
  g_autofree char *first = dup_month (facts->opened_first);
  g_autofree char *last = dup_month (facts->opened_last);
  return g_str_equal (first, last) ? g_strdup (first) : g_strdup_printf ("%s – %s", first, last);
}

static void
show_counts (VaiDatasetView *self, const VaiDatasetRow *row, const VaiDatasetFacts *facts)
{
  guint64 n = vai_dataset_facts_quotes (facts, row);
  g_autofree char *quotes = vai_format_count (n);
  g_autofree char *columns = vai_format_count (facts->n_columns);
  g_autofree char *opened = dup_opened (facts);
  g_autofree char *rejected = vai_format_count (MAX (0, row->rejected_count));
  g_autofree char *ignored
      = g_strdup_printf (ngettext ("column, %u left out", "columns, %u left out", facts->n_columns), facts->n_ignored);

  set_fact (self, FACT_ROWS, quotes, ngettext ("quote", "quotes", (gulong) n));
  set_fact (self, FACT_COLUMNS, columns,
            facts->n_ignored > 0 ? ignored : ngettext ("column", "columns", facts->n_columns));
  set_fact (self, FACT_OPENED, opened, _ ("opened"));
  set_fact (self, FACT_REJECTED, row->rejected_count > 0 ? rejected : NULL,
            ngettext ("row unreadable", "rows unreadable", (gulong) row->rejected_count));
}

static void
show_outcomes (VaiDatasetView *self, const VaiDatasetRow *row, const VaiDatasetFacts *facts)
{
  guint64 decided = vai_dataset_facts_decided (facts, row);
  g_autofree char *open = vai_format_count (facts->n_open);
  g_autofree char *text
      = g_strdup_printf (ngettext ("%s quote is still open and waits for an outcome",
                                   "%s quotes are still open and wait for an outcome", (gulong) facts->n_open),
                         open);
  guint missing = decided < VAI_DECIDED_MIN ? VAI_DECIDED_MIN - decided : 0;
  g_autofree char *few
      = g_strdup_printf (ngettext ("%u more decided quote needed", "%u more decided quotes needed", missing), missing);

  vai_outcome_bar_set (self->outcome_bar, facts->n_won, facts->n_lost, facts->n_open);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome_bar), facts->has_counts);
  gtk_label_set_label (self->open_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->open_label), facts->n_open > 0);
  gtk_label_set_label (self->few_label, few);
  gtk_widget_set_visible (GTK_WIDGET (self->few_label), missing > 0);
}

/* Findings. */

static void
show_findings (VaiDatasetView *self, const VaiDatasetRow *row)
{
  g_auto (GStrv) stored = vai_mapping_dup_acts (row->column_mapping);
  g_auto (GStrv) acts = vai_dataset_dup_acts (self->workspace, row->id, (const char *const *) stored);
  GPtrArray *views = vai_finding_views_of_quality (row->quality, row->column_mapping, (const char *const *) acts);

  gtk_widget_set_visible (self->findings_title, views->len > 0);
  vai_finding_list_set (self->findings, views);
  guint n = vai_finding_list_count_open (self->findings);
  g_autofree char *text
      = n > 0 ? g_strdup_printf (ngettext ("%u to decide", "%u to decide", n), n) : g_strdup (_ ("All decided"));
  vai_announce (self->to_decide, text);
}

typedef struct
{
  VaiDatasetView *view;
  char *dataset_id, *finding_id;
} Undo;

static void
undo_free (gpointer data)
{
  g_object_unref (((Undo *) data)->view);
  g_free (((Undo *) data)->dataset_id);
  g_free (((Undo *) data)->finding_id);
  g_free (data);
}

static void
act_on (VaiDatasetView *self, const char *dataset_id, const char *finding_id, gboolean acted)
{
  vai_dataset_act (GTK_WIDGET (self), self->workspace, dataset_id, finding_id, acted);
  if (self->item != NULL && g_str_equal (vai_item_get_id (self->item), dataset_id))
    show_findings (self, vai_item_get_dataset (self->item));
}

static void
undo_act (gpointer data)
{
  const Undo *undo = data;

  if (undo->view->workspace != NULL)
    act_on (undo->view, undo->dataset_id, undo->finding_id, FALSE);
}

static void
act_cb (VaiDatasetView *self, const char *id, gboolean acted)
{
  const VaiFindingView *view = vai_finding_list_find (self->findings, id);
  g_autofree char *message = view != NULL ? vai_finding_dup_done (view) : NULL;

  if (self->item == NULL)
    return;
  act_on (self, vai_item_get_id (self->item), id, acted);
  if (!acted || message == NULL)
    return;
  Undo *undo = g_new0 (Undo, 1);
  *undo = (Undo){ g_object_ref (self), g_strdup (vai_item_get_id (self->item)), g_strdup (id) };
  vai_window_offer_undo (GTK_WIDGET (self), message, undo_act, undo, undo_free);
}

/* The rows of a finding: the dataset as it was imported, profiled again on another thread. */

typedef struct
{
  VaiStore *store;
  char *dataset_id, *finding_id;
} Search;

static void
search_free (gpointer data)
{
  g_object_unref (((Search *) data)->store);
  g_free (((Search *) data)->dataset_id);
  g_free (((Search *) data)->finding_id);
  g_free (data);
}

static void
search_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Search *search = data;
  g_auto (VaiQuotesOptions) options;
  GError *error = NULL;

  vai_quotes_options_init (&options);
  options.dataset_id = g_strdup (search->dataset_id);
  options.acts = g_new0 (char *, 1);
  VaiQuotes *quotes = vai_quotes_load (&options, search->store, NULL, cancellable, &error);
  if (quotes != NULL)
    g_task_return_pointer (task, quotes, (GDestroyNotify) vai_quotes_unref);
  else
    g_task_return_error (task, error);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiDatasetView *self = VAI_DATASET_VIEW (source);
  const Search *search = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiQuotes) quotes = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || self->cancellable == NULL)
    return;
  gtk_spinner_stop (self->finding_spinner);
  if (quotes == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  for (guint i = 0; i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      if (g_str_equal (finding->id, search->finding_id))
        vai_finding_show_rows (GTK_WIDGET (self), quotes->profile, quotes->table, finding);
    }
}

static void
show_rows_cb (VaiDatasetView *self, const char *id)
{
  if (self->item == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, searched_cb, NULL);
  Search *search = g_new0 (Search, 1);
  *search = (Search){ g_object_ref (vai_workspace_get_store (self->workspace)), g_strdup (vai_item_get_id (self->item)),
                      g_strdup (id) };
  g_task_set_task_data (task, search, search_free);
  gtk_spinner_start (self->finding_spinner);
  g_task_run_in_thread (task, search_thread);
}

/* The table. */

static GArray *
first_rows (const VaiTable *table)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < MIN (table->n_rows, PREVIEW_ROWS); i++)
    g_array_append_val (rows, i);
  return rows;
}

typedef struct
{
  VaiDatasetView *view;
  GCancellable *cancellable;
} Loading;

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (VaiDatasetView) self = loading->view;
  g_autoptr (GCancellable) cancellable = loading->cancellable;
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = vai_workspace_load_table_finish (VAI_WORKSPACE (source), result, &error);

  if (cancellable != self->cancellable)
    return;
  gtk_spinner_stop (self->table_spinner);
  gtk_widget_set_sensitive (self->all_button, table != NULL);
  gtk_stack_set_visible_child_name (self->table_stack, table != NULL ? "rows" : "error");
  if (table == NULL)
    {
      g_autofree char *text = vai_format_markup (error->message);
      adw_status_page_set_description (self->table_error, text);
      return;
    }
  self->loaded = vai_table_ref (table);
  g_autoptr (GArray) rows = first_rows (table);
  vai_table_view_set (self->table, table, rows);
}

static void
load_table (VaiDatasetView *self)
{
  Loading *loading = g_new0 (Loading, 1);

  *loading = (Loading){ g_object_ref (self), g_object_ref (self->cancellable) };
  gtk_spinner_start (self->table_spinner);
  gtk_widget_set_sensitive (self->all_button, FALSE);
  vai_workspace_load_table_async (self->workspace, vai_item_get_id (self->item), self->cancellable, loaded_cb, loading);
}

static void
all_rows_cb (VaiDatasetView *self)
{
  if (self->loaded != NULL && self->item != NULL)
    vai_rows_window_present (GTK_WIDGET (self), vai_item_get_name (self->item), self->loaded, NULL);
}

/* Name, notes, file. */

typedef struct
{
  char *id, *name, *notes;
} Annotation;

static void
annotation_free (gpointer data)
{
  Annotation *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->notes);
  g_free (self);
}

static gboolean
annotate_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Annotation *said = data;

  return vai_store_annotate (store, VAI_OBJECT_DATASET, said->id, said->name, said->notes, NULL, NULL, error);
}

static void
annotated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiDatasetView) self = user_data;
  g_autoptr (GError) error = NULL;

  Annotation *done = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);
  if (error != NULL)
    vai_window_say (GTK_WIDGET (self), error->message);
  g_clear_pointer (&done, annotation_free);
}

static void
annotate_cb (VaiDatasetView *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  if (self->item == NULL)
    return;
  /* It is never without a name. */
  if (name[0] == '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), vai_item_get_name (self->item));
  Annotation *said = g_new0 (Annotation, 1);
  said->id = g_strdup (vai_item_get_id (self->item));
  said->name = name[0] != '\0' ? g_steal_pointer (&name) : NULL;
  said->notes = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->notes_row)));
  vai_workspace_change_async (self->workspace, VAI_OBJECT_DATASET, annotate_in_store, said, annotation_free,
                              annotated_cb, g_object_ref (self));
}

/* What a person is writing is hers: only what stands as it was stored follows the store. */
static void
show_text (AdwEntryRow *row, const char *before, const char *now)
{
  if (before == NULL || g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), before))
    gtk_editable_set_text (GTK_EDITABLE (row), now);
}

static const char *
notes_of (VaiItem *item)
{
  const char *notes = vai_item_get_dataset (item)->notes;

  return notes != NULL ? notes : "";
}

/* @before, nullable: the same dataset as it was shown until now. */
static void
show_file (VaiDatasetView *self, const VaiDatasetRow *row, VaiItem *before)
{
  g_autofree char *size = g_format_size (MAX (0, row->file_size));
  g_autofree char *date = vai_format_local_date (row->created_at);
  g_autofree char *name = g_utf8_make_valid (row->file_name != NULL ? row->file_name : "", -1);
  g_autofree char *text = g_strdup_printf (_ ("%s, %s, imported on %s"), name, size, date);

  adw_action_row_set_subtitle (self->file_row, text);
  show_text (self->name_row, before != NULL ? vai_item_get_name (before) : NULL, vai_item_get_name (self->item));
  show_text (self->notes_row, before != NULL ? notes_of (before) : NULL, notes_of (self->item));
}

/* Lines that cannot be read. */

static void
clear_rejected (VaiDatasetView *self)
{
  for (guint i = 0; i < self->rejected_rows->len; i++)
    adw_expander_row_remove (self->rejected_row, g_ptr_array_index (self->rejected_rows, i));
  g_ptr_array_set_size (self->rejected_rows, 0);
  g_clear_pointer (&self->rejected, g_ptr_array_unref);
}

static void
show_rejected (VaiDatasetView *self)
{
  for (guint i = 0; i < MIN (self->rejected->len, REJECTED_SHOWN); i++)
    {
      const VaiRejectedRow *rejected = g_ptr_array_index (self->rejected, i);
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *line = vai_format_count (rejected->line);
      g_autofree char *title = g_strdup_printf (_ ("Line %s: %s"), line, rejected->reason);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rejected->raw);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
      g_ptr_array_add (self->rejected_rows, row);
      adw_expander_row_add_row (self->rejected_row, row);
    }
}

typedef struct
{
  char *id;
  GPtrArray *rows;
} Listing;

static void
listing_free (gpointer data)
{
  g_free (((Listing *) data)->id);
  g_clear_pointer (&((Listing *) data)->rows, g_ptr_array_unref);
  g_free (data);
}

static gboolean
list_in_store (VaiStore *store, gpointer data, GError **error)
{
  Listing *listing = data;

  listing->rows = vai_store_list_rejected (store, listing->id, error);
  return listing->rows != NULL;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiDatasetView) self = user_data;
  g_autoptr (GError) error = NULL;
  Listing *listing = vai_store_run_finish (VAI_STORE (source), result, &error);

  if (listing == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  if (self->item == NULL || !g_str_equal (vai_item_get_id (self->item), listing->id) || self->rejected != NULL)
    return;
  self->rejected = g_steal_pointer (&listing->rows);
  show_rejected (self);
  if (self->export_when_there)
    vai_rejected_export (GTK_WIDGET (self), self->rejected);
  self->export_when_there = FALSE;
}

static void
list_rejected (VaiDatasetView *self)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->id = g_strdup (vai_item_get_id (self->item));
  vai_store_run_async (vai_workspace_get_store (self->workspace), list_in_store, listing, listing_free, NULL, listed_cb,
                       g_object_ref (self));
}

static void
rejected_expanded_cb (VaiDatasetView *self)
{
  if (self->item != NULL && self->rejected == NULL && adw_expander_row_get_expanded (self->rejected_row))
    list_rejected (self);
}

void
vai_dataset_view_export_rejected (VaiDatasetView *self)
{
  g_return_if_fail (VAI_IS_DATASET_VIEW (self));

  if (self->item == NULL || vai_item_get_dataset (self->item)->rejected_count == 0)
    return;
  self->export_when_there = self->rejected == NULL;
  if (self->rejected == NULL)
    list_rejected (self);
  else
    vai_rejected_export (GTK_WIDGET (self), self->rejected);
}

static void
export_rejected_cb (VaiDatasetView *self)
{
  vai_dataset_view_export_rejected (self);
}

static void
vai_dataset_view_class_init (VaiDatasetViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_dataset_view_dispose;
  g_type_ensure (VAI_TYPE_OUTCOME_BAR);
  g_type_ensure (VAI_TYPE_FINDING_LIST);
  g_type_ensure (VAI_TYPE_TABLE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-dataset-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiDatasetView, name)
  BIND (scroller);
  BIND (facts);
  BIND (outcome_bar);
  BIND (open_label);
  BIND (few_label);
  BIND (findings_title);
  BIND (finding_spinner);
  BIND (to_decide);
  BIND (findings);
  BIND (table_spinner);
  BIND (all_button);
  BIND (table_stack);
  BIND (table);
  BIND (table_error);
  BIND (name_row);
  BIND (notes_row);
  BIND (file_row);
  BIND (rejected_row);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, act_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_rows_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_rows_cb);
  gtk_widget_class_bind_template_callback (widget_class, annotate_cb);
  gtk_widget_class_bind_template_callback (widget_class, rejected_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_rejected_cb);
}

static void
vai_dataset_view_init (VaiDatasetView *self)
{
  self->rejected_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  make_facts (self);
}

/* Another dataset: nothing of the old one is waited for. */
static void
leave (VaiDatasetView *self)
{
  stop (self);
  gtk_spinner_stop (self->finding_spinner);
  gtk_spinner_stop (self->table_spinner);
  clear_rejected (self);
  self->export_when_there = FALSE;
  adw_expander_row_set_expanded (self->rejected_row, FALSE);
  vai_table_view_set (self->table, NULL, NULL);
  g_clear_pointer (&self->loaded, vai_table_unref);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

void
vai_dataset_view_set (VaiDatasetView *self, VaiWorkspace *workspace, VaiItem *item)
{
  VaiDatasetFacts facts;

  g_return_if_fail (VAI_IS_DATASET_VIEW (self));
  gboolean same
      = item != NULL && self->item != NULL && g_str_equal (vai_item_get_id (item), vai_item_get_id (self->item));
  g_autoptr (VaiItem) before = same ? g_object_ref (self->item) : NULL;
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->item, item);
  if (!same)
    leave (self);
  if (item == NULL)
    return;
  const VaiDatasetRow *row = vai_item_get_dataset (item);
  vai_dataset_facts_read (row, &facts);
  show_counts (self, row, &facts);
  show_outcomes (self, row, &facts);
  show_findings (self, row);
  show_file (self, row, before);
  gtk_widget_set_visible (GTK_WIDGET (self->rejected_row), row->rejected_count > 0);
  if (same)
    return;
  self->cancellable = g_cancellable_new ();
  load_table (self);
}
