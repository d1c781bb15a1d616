#include "vai-score-history-private.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-window.h"
#include "vai-range.h"

#include <glib/gi18n-lib.h>

/* Pixels; in a narrow window what is saved in two columns shows the number of the quote. */
#define QUOTE_WIDTH_COMPACT 96
#define CHANCE_WIDTH 80
#define CHANCE_WIDTH_COMPACT 60
#define VERDICT_WIDTH 170
#define VERDICT_WIDTH_COMPACT 132

G_DEFINE_FINAL_TYPE (VaiScoreHistory, vai_score_history, ADW_TYPE_BIN)

enum
{
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const outcomes[] = { NULL, "won", "lost", "none" };

/* Days shown, today among them; 0: all. */
static const guint days[] = { 0, 1, 7, 30, 365 };

static void
vai_score_history_dispose (GObject *object)
{
  VaiScoreHistory *self = VAI_SCORE_HISTORY (object);

  /* The bin must not hold on to a child that goes with the template. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_SCORE_HISTORY);
  g_clear_object (&self->selection);
  g_clear_object (&self->scores);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->model_ids, g_ptr_array_unref);
  g_clear_pointer (&self->asked, g_free);
  G_OBJECT_CLASS (vai_score_history_parent_class)->dispose (object);
}

/* Asking. */

static void ask_cb (VaiScoreHistory *self);

static guint
chosen_of (GtkWidget *drop)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop));

  return chosen != GTK_INVALID_LIST_POSITION ? chosen : 0;
}

/* NULL: all. */
static const char *
chosen_model (VaiScoreHistory *self)
{
  guint chosen = chosen_of (self->model);

  return chosen > 0 && chosen <= self->model_ids->len ? g_ptr_array_index (self->model_ids, chosen - 1) : NULL;
}

/* The models as they are now; the chosen one stays so, as long as there is one. */
static void
fill_models (VaiScoreHistory *self, guint position, guint removed, guint added, GListModel *models)
{
  g_autofree char *chosen = g_strdup (chosen_model (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint at = 0;

  g_ptr_array_set_size (self->model_ids, 0);
  gtk_string_list_append (names, _ ("All models"));
  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (VaiItem) item = g_list_model_get_item (models, i);
      if (g_strcmp0 (vai_item_get_model (item)->status, "ready") != 0)
        continue;
      gtk_string_list_append (names, vai_item_get_name (item));
      g_ptr_array_add (self->model_ids, g_strdup (vai_item_get_id (item)));
      if (g_strcmp0 (vai_item_get_id (item), chosen) == 0)
        at = self->model_ids->len;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->model), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->model), at);
  self->filling = FALSE;
  if (chosen != NULL && at == 0)
    ask_cb (self);
}

static gboolean
is_filtered (VaiScoreHistory *self)
{
  return chosen_of (self->model) > 0 || chosen_of (self->verdict) > 0 || chosen_of (self->outcome) > 0
         || chosen_of (self->day) > 0 || *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
}

/* Midnight of the chosen first day; 0: all. */
static gint64
chosen_since (VaiScoreHistory *self)
{
  guint chosen = MIN (chosen_of (self->day), G_N_ELEMENTS (days) - 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) today = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                                       g_date_time_get_day_of_month (now), 0, 0, 0);

  if (chosen == 0 || today == NULL)
    return 0;
  g_autoptr (GDateTime) first = g_date_time_add_days (today, 1 - (int) days[chosen]);
  return g_date_time_to_unix (first) * 1000;
}

static void
ask (VaiScoreHistory *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  guint verdict = chosen_of (self->verdict);

  if (self->scores == NULL || self->filling)
    return;
  /* Lines that nobody sees are not made. */
  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    return;
  VaiHistoryQuery query = { .order = chosen_of (self->order),
                            .verdict = verdict > 0 ? vai_verdict_name (verdict - 1) : NULL,
                            .outcome = outcomes[MIN (chosen_of (self->outcome), G_N_ELEMENTS (outcomes) - 1)],
                            .model_id = chosen_model (self),
                            .since = chosen_since (self),
                            .search = *search != '\0' ? search : NULL };
  g_free (self->asked);
  self->asked = g_strdup (search);
  vai_past_scores_ask (self->scores, &query);
}

/* Another list is wanted, which is read from its beginning. */
static void
ask_cb (VaiScoreHistory *self)
{
  self->to_top = TRUE;
  self->to_select = FALSE;
  ask (self);
}

/* Late, and maybe for words that were asked for meanwhile. */
static void
search_cb (VaiScoreHistory *self)
{
  if (g_strcmp0 (self->asked, gtk_editable_get_text (GTK_EDITABLE (self->search))) != 0)
    ask_cb (self);
}

static void
select_listed (VaiScoreHistory *self)
{
  if (!self->to_select || !vai_past_scores_is_listed (self->scores))
    return;
  self->to_select = FALSE;
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
}

/* All that fits what the person has said, which may not be listed yet. */
static gboolean
select_all_cb (GtkWidget *view, GVariant *arguments, gpointer user_data)
{
  VaiScoreHistory *self = VAI_SCORE_HISTORY (user_data);

  search_cb (self);
  self->to_select = TRUE;
  select_listed (self);
  return TRUE;
}

static void
vai_score_history_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vai_score_history_parent_class)->map (widget);
  if (VAI_SCORE_HISTORY (widget)->stale)
    ask (VAI_SCORE_HISTORY (widget));
}

static void
show_chosen (VaiScoreHistory *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint64 n = gtk_bitset_get_size (chosen);
  g_autofree char *count = vai_format_count (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s selected", "%s selected", n), count);

  gtk_action_bar_set_revealed (self->bar, n > 0);
  if (n > 0)
    vai_announce (self->chosen, text);
}

static char *
dup_expected_words (const VaiHistorySum *sum)
{
  g_autofree char *waiting = vai_format_count ((guint64) sum->n_waiting);
  g_autofree char *unlike = vai_format_count ((guint64) sum->n_unlike);
  g_autofree char *low = vai_format_number (sum->low, 0), *high = vai_format_number (sum->high, 0);

  if (sum->n_waiting == 0 && sum->n_unlike == 0)
    return g_strdup (_ ("every outcome is known"));
  if (sum->n_waiting == 0)
    return g_strdup_printf (ngettext ("%s not decided, too unlike past quotes",
                                      "%s not decided, too unlike past quotes", (gulong) sum->n_unlike),
                            unlike);
  g_autofree char *words
      = g_strdup_printf (_ ("wins expected of %s not decided, 9 times in 10 from %s to %s"), waiting, low, high);
  if (sum->n_unlike == 0)
    return g_steal_pointer (&words);
  return g_strdup_printf (ngettext ("%s; %s more is too unlike past quotes to count",
                                    "%s; %s more are too unlike past quotes to count", (gulong) sum->n_unlike),
                          words, unlike);
}

/* What is listed, and how many wins are to be expected of what is not decided. */
static void
show_sum (VaiScoreHistory *self, guint n)
{
  const VaiHistorySum *sum = vai_past_scores_get_sum (self->scores);
  g_autofree char *count = vai_format_count (n), *words = dup_expected_words (sum);
  g_autofree char *wins = vai_format_number (sum->expected, 1);

  gtk_widget_set_visible (self->summary, n > 0);
  gtk_label_set_label (self->listed, count);
  gtk_label_set_label (self->listed_words, ngettext ("score", "scores", n));
  gtk_label_set_label (self->expected, sum->n_waiting > 0 ? wins : "");
  gtk_label_set_label (self->expected_words, words);
}

/* The list within the view has this action, the view has not. */
static void
scroll_to (VaiScoreHistory *self, guint position)
{
  gtk_widget_activate_action (gtk_widget_get_last_child (self->view), "list.scroll-to-item", "u", position);
}

static void
found_cb (VaiScoreHistory *self)
{
  guint n = vai_past_scores_get_n_found (self->scores);
  gboolean filtered = is_filtered (self);

  gtk_widget_set_visible (GTK_WIDGET (self->tools), n > 0 || filtered);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "nothing");
  adw_status_page_set_title (self->nothing, filtered ? _ ("No score fits") : _ ("No scores yet"));
  adw_status_page_set_description (self->nothing,
                                   filtered ? _ ("Look for something else, or show all verdicts.")
                                            : _ ("Save the score of a quote, or score every quote of a file."));
  show_sum (self, n);
  /* Other scores stand in the lines that were chosen. */
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  show_chosen (self);
  if (self->to_top && n > 0)
    scroll_to (self, 0);
  self->to_top = FALSE;
  if (self->focus_at != G_MAXUINT && n > 0)
    {
      scroll_to (self, MIN (self->focus_at, n - 1));
      gtk_widget_grab_focus (self->view);
    }
  self->focus_at = G_MAXUINT;
  select_listed (self);
}

/* What was listed before stays in sight. */
static void
failed_cb (VaiScoreHistory *self, const GError *error)
{
  g_autofree char *text = vai_format_markup (error->message);

  vai_window_say (GTK_WIDGET (self), error->message);
  if (vai_past_scores_get_n_found (self->scores) > 0)
    return;
  adw_status_page_set_title (self->nothing, _ ("The past scores cannot be read"));
  adw_status_page_set_description (self->nothing, text);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
changed_cb (VaiScoreHistory *self, guint kind)
{
  if (kind == VAI_OBJECT_PREDICTION)
    ask (self);
}

void
vai_score_history_attach (VaiScoreHistory *self, VaiWorkspace *workspace)
{
  g_return_if_fail (VAI_IS_SCORE_HISTORY (self));

  g_set_object (&self->workspace, workspace);
  self->scores = vai_past_scores_new (vai_workspace_get_store (workspace));
  self->selection = vai_row_selection_new (G_LIST_MODEL (g_object_ref (self->scores)));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->scores, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scores, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scores, "items-changed", G_CALLBACK (select_listed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  GListModel *models = vai_workspace_get_list (workspace, VAI_OBJECT_MODEL);
  g_signal_connect_object (models, "items-changed", G_CALLBACK (fill_models), self, G_CONNECT_SWAPPED);
  fill_models (self, 0, 0, 0, models);
  ask_cb (self);
}

static void
activate_cb (VaiScoreHistory *self, guint position)
{
  g_autoptr (VaiPastScore) line = g_list_model_get_item (G_LIST_MODEL (self->scores), position);
  const VaiPredictionRow *row = line != NULL ? vai_past_score_get_row (line) : NULL;

  if (row != NULL)
    g_signal_emit (self, signals[OPENED], 0, row->id);
}

gboolean
vai_score_history_act (VaiScoreHistory *self, const char *name)
{
  g_return_val_if_fail (VAI_IS_SCORE_HISTORY (self), FALSE);

  gboolean any = gtk_action_bar_get_revealed (self->bar);
  if (g_str_equal (name, "search"))
    return gtk_widget_grab_focus (self->search);
  if (g_str_equal (name, "record") && any)
    gtk_menu_button_popup (GTK_MENU_BUTTON (self->record));
  else if (g_str_equal (name, "export") && any)
    vai_score_history_export (self);
  else
    return FALSE;
  return TRUE;
}

void
vai_score_history_set_compact (VaiScoreHistory *self, gboolean compact)
{
  g_return_if_fail (VAI_IS_SCORE_HISTORY (self));

  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      /* The mark to choose, the quote, its chance and the verdict are enough. */
      gtk_column_view_column_set_visible (column, !compact || i <= 1 || i == 4 || i == 5);
      if (i == 1)
        gtk_column_view_column_set_fixed_width (column, compact ? QUOTE_WIDTH_COMPACT : -1);
      else if (i == 4)
        gtk_column_view_column_set_fixed_width (column, compact ? CHANCE_WIDTH_COMPACT : CHANCE_WIDTH);
      else if (i == 5)
        gtk_column_view_column_set_fixed_width (column, compact ? VERDICT_WIDTH_COMPACT : VERDICT_WIDTH);
    }
  gtk_widget_set_visible (self->clear, !compact);
  gtk_widget_set_visible (self->export, !compact);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (self->filters), compact ? 2 : 5);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->tools),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
outcome_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_score_history_set_outcome (VAI_SCORE_HISTORY (widget), g_variant_get_string (parameter, NULL));
}

static void
delete_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_score_history_delete (VAI_SCORE_HISTORY (widget));
}

static void
export_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_score_history_export (VAI_SCORE_HISTORY (widget));
}

static void
clear_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiScoreHistory *self = VAI_SCORE_HISTORY (widget);

  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_grab_focus (self->view);
}

static void
fill_filters (VaiScoreHistory *self)
{
  const char *const by_outcome[] = { _ ("All outcomes"), _ ("Won"), _ ("Lost"), _ ("Not known yet"), NULL };
  const char *const by_day[]
      = { _ ("Any day"), _ ("Today"), _ ("Last 7 days"), _ ("Last 30 days"), _ ("Last 365 days"), NULL };
  const char *const orders[]
      = { _ ("newest first"), _ ("highest chance first"), _ ("lowest chance first"), _ ("largest first"), NULL };
  g_autoptr (GtkStringList) verdicts = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) outcome_list = gtk_string_list_new (by_outcome);
  g_autoptr (GtkStringList) day_list = gtk_string_list_new (by_day);
  g_autoptr (GtkStringList) order_list = gtk_string_list_new (orders);

  gtk_string_list_append (verdicts, _ ("All verdicts"));
  for (guint i = 0; i < VAI_N_VERDICTS; i++)
    gtk_string_list_append (verdicts, vai_verdict_chip_word (i));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->verdict), G_LIST_MODEL (verdicts));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->outcome), G_LIST_MODEL (outcome_list));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->day), G_LIST_MODEL (day_list));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->order), G_LIST_MODEL (order_list));
}

static void
vai_score_history_class_init (VaiScoreHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_score_history_dispose;
  widget_class->map = vai_score_history_map;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-score-history.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiScoreHistory, name)
  BIND (tools);
  BIND (search);
  BIND (filters);
  BIND (model);
  BIND (summary);
  BIND (listed);
  BIND (listed_words);
  BIND (expected);
  BIND (expected_words);
  BIND (verdict);
  BIND (outcome);
  BIND (day);
  BIND (order);
  BIND (stack);
  BIND (nothing);
  BIND (view);
  BIND (bar);
  BIND (chosen);
  BIND (record);
  BIND (clear);
  BIND (export);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "history.outcome", "s", outcome_action);
  gtk_widget_class_install_action (widget_class, "history.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "history.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "history.clear", NULL, clear_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "history.delete", NULL);
}

/* Before the list does: it would take what it shows. */
static void
take_select_all (VaiScoreHistory *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_a, GDK_CONTROL_MASK),
                                                          gtk_callback_action_new (select_all_cb, self, NULL)));
  gtk_widget_add_controller (self->view, keys);
}

static void
vai_score_history_init (VaiScoreHistory *self)
{
  self->focus_at = G_MAXUINT;
  self->model_ids = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_filters (self);
  vai_score_history_add_columns (self);
  vai_leave_list_by_tab (self->view);
  take_select_all (self);
  vai_score_history_set_compact (self, FALSE);
}
