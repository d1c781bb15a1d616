#include "vai-quote-view-private.h"

#include "vai-chart-view.h"
#include "vai-format.h"
#include "vai-report.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A hand that moves a slider asks for proposals only when it rests. */
#define INSIGHT_DELAY_MS 60

/* The old answer stays; only when the new one is late is it shown to be old. */
#define STALE_MS 150

/* A screen reader is told when the keys are quiet. */
#define ANNOUNCE_MS 400

/* Two cards of 270 px with what is around them. */
#define TWO_CARDS_WIDTH 580

/* Targets offered, in percent. */
static const guint targets[] = { 50, 60, 70, 75, 80, 85, 90, 95 };
#define TARGET_DEFAULT 4

G_DEFINE_FINAL_TYPE (VaiQuoteView, vai_quote_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_UNSAVED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
vai_quote_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UNSAVED)
    g_value_set_boolean (value, VAI_QUOTE_VIEW (object)->unsaved);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
stop_waiting (VaiQuoteView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->insight_id, g_source_remove);
  g_clear_handle_id (&self->stale_id, g_source_remove);
  g_clear_handle_id (&self->announce_id, g_source_remove);
}

static void
vai_quote_view_dispose (GObject *object)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (object);

  stop_waiting (self);
  g_cancellable_cancel (self->asking_health);
  g_clear_object (&self->asking_health);
  g_clear_handle_id (&self->columns_id, g_source_remove);
  /* The bin must not hold on to a child that goes with the template. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_QUOTE_VIEW);
  g_clear_pointer (&self->insight, vai_quote_insight_free);
  g_clear_object (&self->loaded);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (vai_quote_view_parent_class)->dispose (object);
}

static void
vai_quote_view_finalize (GObject *object)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (object);

  g_array_unref (self->curve_features);
  g_free (self->contributions);
  g_free (self->kept_id);
  g_free (self->kept_state);
  g_free (self->currency);
  g_free (self->outcome);
  G_OBJECT_CLASS (vai_quote_view_parent_class)->finalize (object);
}

void
vai_quote_view_set_unsaved (VaiQuoteView *self, gboolean unsaved)
{
  if (self->unsaved == unsaved)
    return;
  self->unsaved = unsaved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSAVED]);
}

/* What takes longer. */

static void
set_stale (VaiQuoteView *self, gboolean stale)
{
  double opacity = stale ? 0.6 : 1;

  gtk_widget_set_opacity (self->curve_slot, opacity);
  gtk_widget_set_opacity (self->path_slot, opacity);
  gtk_widget_set_opacity (self->similar_slot, opacity);
}

static gboolean
stale_cb (gpointer data)
{
  VAI_QUOTE_VIEW (data)->stale_id = 0;
  set_stale (VAI_QUOTE_VIEW (data), TRUE);
  return G_SOURCE_REMOVE;
}

static void
insight_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiQuoteView) self = VAI_QUOTE_VIEW (user_data);
  g_autoptr (GError) error = NULL;
  VaiQuoteInsight *insight = vai_quote_insight_finish (result, &error);

  /* A later one is under way, or the view is gone. */
  if (self->cancellable == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    {
      g_clear_pointer (&insight, vai_quote_insight_free);
      return;
    }
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->stale_id, g_source_remove);
  set_stale (self, FALSE);
  if (insight == NULL)
    return;
  g_clear_pointer (&self->insight, vai_quote_insight_free);
  self->insight = insight;
  vai_chart_view_take_chart (VAI_CHART_VIEW (self->curve), g_steal_pointer (&insight->curve));
  vai_quote_view_show_insight (self);
}

static gboolean
ask_cb (gpointer data)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (data);
  g_autoptr (GArray) locked = vai_quote_form_dup_locked (self->form);
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->curve_field));

  self->insight_id = 0;
  self->cancellable = g_cancellable_new ();
  vai_quote_insight_async (
      self->loaded, vai_quote_form_get_frame (self->form), locked, vai_quote_view_get_target (self),
      chosen < self->curve_features->len ? (int) g_array_index (self->curve_features, guint, chosen) : -1,
      vai_quote_view_find_currency (self), self->cancellable, insight_cb, g_object_ref (self));
  if (self->stale_id == 0)
    self->stale_id = g_timeout_add (STALE_MS, stale_cb, self);
  return G_SOURCE_REMOVE;
}

static void update_tab (VaiQuoteView *self);

/* Of a quote of which nothing is known there is nothing to propose, to compare or to explain. */
static void
show_blank (VaiQuoteView *self)
{
  g_clear_pointer (&self->insight, vai_quote_insight_free);
  g_clear_handle_id (&self->stale_id, g_source_remove);
  set_stale (self, FALSE);
  vai_chart_view_take_chart (VAI_CHART_VIEW (self->curve), NULL);
  vai_quote_view_show_insight (self);
}

static void
ask_insight (VaiQuoteView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->insight_id, g_source_remove);
  if (self->blank)
    show_blank (self);
  else if (self->loaded != NULL)
    self->insight_id = g_timeout_add (INSIGHT_DELAY_MS, ask_cb, self);
}

static void
ask_again_cb (VaiQuoteView *self)
{
  if (!self->filling)
    ask_insight (self);
}

/* The score: at once. */

static gboolean
announce_cb (gpointer data)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (data);
  g_autofree char *summary = vai_quote_hero_dup_summary (self->hero);
  g_autofree char *step = vai_quote_view_dup_best_step (self);
  g_autofree char *text = step != NULL ? g_strdup_printf (_ ("%s Best step: %s."), summary, step) : g_strdup (summary);

  self->announce_id = 0;
  vai_quote_hero_announce (self->hero, text);
  return G_SOURCE_REMOVE;
}

/* While the number is kept back its reasons would give it away: what is not known stands in their place. */
static void
show_why (VaiQuoteView *self, GPtrArray *warnings)
{
  gboolean hidden = vai_quote_hero_is_hidden (self->hero);
  g_autoptr (GString) text = g_string_new (_ ("Too little is known to say what moves the chance of this quote."));

  for (guint i = 0; i < warnings->len; i++)
    g_string_append_printf (text, "\n• %s", (const char *) g_ptr_array_index (warnings, i));
  gtk_label_set_label (self->why_note, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->why_note), hidden);
  gtk_widget_set_visible (GTK_WIDGET (self->why), !hidden);
}

static void
asked_cb (VaiQuoteView *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->why_note), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->why), TRUE);
  if (self->insight != NULL)
    vai_quote_view_show_insight (self);
  update_tab (self);
}

/* What cannot be read counts as empty, but is not. */
static GPtrArray *
list_warnings (VaiQuoteView *self, VaiScorer *scorer, const VaiFrame *frame)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < frame->n_features; i++)
    {
      char *trouble = vai_quote_form_dup_trouble (self->form, i);
      char *warning = trouble != NULL ? trouble : vai_scorer_dup_warning (scorer, frame, 0, i);
      if (warning != NULL)
        g_ptr_array_add (warnings, warning);
    }
  return warnings;
}

static void
score_now (VaiQuoteView *self)
{
  const VaiFrame *frame = vai_quote_form_get_frame (self->form);
  VaiScorer *scorer = vai_loaded_model_get_scorer (self->loaded);
  VaiModel *model = vai_loaded_model_get_model (self->loaded);
  g_autoptr (GError) error = NULL;

  if (!vai_scorer_score (scorer, frame, NULL, 1, 1, &self->score, self->contributions, NULL, &error))
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  g_autoptr (GPtrArray) warnings = list_warnings (self, scorer, frame);
  self->blank = vai_quote_form_is_empty (self->form);
  vai_quote_hero_set (self->hero, model, frame, self->blank, &self->score, self->contributions, warnings);
  vai_chart_view_take_chart (VAI_CHART_VIEW (self->why),
                             vai_report_waterfall_new (model, frame, 0, &self->score, self->contributions));
  show_why (self, warnings);
  update_tab (self);
  g_clear_handle_id (&self->announce_id, g_source_remove);
  self->announce_id = g_timeout_add (ANNOUNCE_MS, announce_cb, self);
  ask_insight (self);
}

static void
form_changed_cb (VaiQuoteView *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->trying), vai_quote_form_is_trying (self->form));
  if (self->loaded == NULL || self->filling)
    return;
  vai_quote_view_show_kept (self);
  score_now (self);
}

/* Numbers that a curve can move: a discount first, then what else a rep can change. */
static void
list_curves (VaiQuoteView *self, const VaiSchema *schema)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_array_set_size (self->curve_features, 0);
  for (guint i = 0; i < schema->features->len; i++)
    {
      const VaiFeature *feature = vai_schema_feature (schema, i);
      if (!feature->actionable || feature->type != VAI_TYPE_NUMBER)
        continue;
      if (feature->role == VAI_ROLE_DISCOUNT)
        g_array_prepend_val (self->curve_features, i);
      else
        g_array_append_val (self->curve_features, i);
    }
  for (guint i = 0; i < self->curve_features->len; i++)
    gtk_string_list_append (names, vai_schema_feature (schema, g_array_index (self->curve_features, guint, i))->name);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->curve_field), G_LIST_MODEL (names));
  gtk_widget_set_visible (self->curve_field, self->curve_features->len > 1);
}

void
vai_quote_view_set_model (VaiQuoteView *self, VaiLoadedModel *loaded, const VaiModelRow *row)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));
  g_return_if_fail (VAI_IS_LOADED_MODEL (loaded));

  if (self->loaded == loaded)
    return;
  VaiModel *model = vai_loaded_model_get_model (loaded);
  g_autoptr (VaiLoadedModel) before = g_steal_pointer (&self->loaded);
  stop_waiting (self);
  g_clear_pointer (&self->insight, vai_quote_insight_free);
  self->loaded = g_object_ref (loaded);
  g_free (self->contributions);
  self->contributions = g_new0 (double, model->schema->features->len + 1);
  self->filling = TRUE;
  vai_quote_view_set_kept (self, NULL);
  vai_quote_hero_forget (self->hero);
  list_curves (self, model->schema);
  vai_quote_form_set_model (self->form, model);
  self->filling = FALSE;
  update_tab (self);
  form_changed_cb (self);
  vai_quote_view_ask_health (self);
}

void
vai_quote_view_clear (VaiQuoteView *self)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));

  vai_quote_view_set_kept (self, NULL);
  vai_quote_hero_forget (self->hero);
  g_clear_pointer (&self->currency, g_free);
  vai_quote_form_clear (self->form);
  adw_view_stack_set_visible_child_name (self->tabs, "quote");
}

void
vai_quote_view_show_prediction (VaiQuoteView *self, const VaiPredictionRow *row)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));

  self->filling = TRUE;
  vai_quote_hero_forget (self->hero);
  g_free (self->currency);
  self->currency = g_strdup (row->currency);
  vai_quote_form_fill (self->form, row->quote_ref, row->inputs);
  vai_quote_view_set_kept (self, row->id);
  self->outcome = g_strdup (g_strcmp0 (row->outcome, "none") != 0 ? row->outcome : NULL);
  self->outcome_at = row->outcome_at;
  self->saved_probability = row->win_probability;
  self->filling = FALSE;
  form_changed_cb (self);
}

void
vai_quote_view_show_quote (VaiQuoteView *self, const VaiTable *table, gsize row, const char *currency)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));
  g_return_if_fail (self->loaded != NULL && row < table->n_rows);

  VaiSchema *schema = vai_loaded_model_get_model (self->loaded)->schema;
  guint32 at = row;
  g_autoptr (VaiFrame) frame = vai_frame_new_from_table (schema, table, &at, 1);
  int identifier = schema->identifier != NULL ? vai_table_find (table, schema->identifier) : -1;
  g_autofree char *ref
      = identifier >= 0 ? vai_column_dup_text (vai_table_column (table, (guint) identifier), row) : NULL;
  vai_quote_view_set_kept (self, NULL);
  vai_quote_hero_forget (self->hero);
  vai_quote_form_fill_row (self->form, ref, frame, 0);
  g_free (self->currency);
  self->currency = g_strdup (currency);
  adw_view_stack_set_visible_child_name (self->tabs, "quote");
}

double
vai_quote_view_get_target (VaiQuoteView *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->target));

  return targets[chosen < G_N_ELEMENTS (targets) ? chosen : TARGET_DEFAULT] / 100.0;
}

gboolean
vai_quote_view_try (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  if (!vai_quote_view_has_proposals (self))
    return FALSE;
  vai_quote_view_try_proposal (self, 0);
  return TRUE;
}

gboolean
vai_quote_view_lock (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);
  return vai_quote_form_toggle_lock (self->form);
}

gboolean
vai_quote_view_record (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  if (self->loaded == NULL)
    return FALSE;
  adw_view_stack_set_visible_child_name (self->tabs, "quote");
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->record_button));
  return TRUE;
}

gboolean
vai_quote_view_back (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  if (vai_quote_view_stop_trying (self))
    return TRUE;
  if (!self->compact || g_strcmp0 (adw_view_stack_get_visible_child_name (self->tabs), "quote") == 0)
    return FALSE;
  adw_view_stack_set_visible_child_name (self->tabs, "quote");
  return TRUE;
}

void
vai_quote_view_focus (VaiQuoteView *self)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *scroller = gtk_widget_get_ancestor (GTK_WIDGET (self->form), GTK_TYPE_SCROLLED_WINDOW);
  /* A form that has the focus would pass it on to its next field, and stay scrolled to the last. */
  if (root != NULL)
    gtk_root_set_focus (root, NULL);
  if (scroller != NULL)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)), 0);
  gtk_widget_child_focus (GTK_WIDGET (self->form), GTK_DIR_TAB_FORWARD);
}

gboolean
vai_quote_view_stop_trying (VaiQuoteView *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_VIEW (self), FALSE);

  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  if (!vai_quote_form_stop_trying (self->form))
    return FALSE;
  /* The button that ends it goes away, and a focus on it with it. */
  if (focus == NULL || gtk_widget_is_ancestor (focus, self->trying))
    vai_quote_view_focus (self);
  return TRUE;
}

static void
stop_trying_cb (VaiQuoteView *self)
{
  vai_quote_view_stop_trying (self);
}

static void
outcome_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_quote_view_set_outcome (VAI_QUOTE_VIEW (widget), g_variant_get_string (parameter, NULL));
}

/* Layout. */

static void
place (VaiQuoteView *self, GtkWidget *child, int column, int row, int column_span, int row_span)
{
  g_object_set (gtk_layout_manager_get_layout_child (gtk_widget_get_layout_manager (GTK_WIDGET (self->grid)), child),
                "column", column, "row", row, "column-span", column_span, "row-span", row_span, NULL);
}

/* Cards stand side by side where each keeps its width. */
static gboolean
columns_cb (gpointer data)
{
  VaiQuoteView *self = VAI_QUOTE_VIEW (data);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->rest_scroller));
  guint columns = !self->compact && gtk_adjustment_get_page_size (across) >= TWO_CARDS_WIDTH ? 2 : 1;

  self->columns_id = 0;
  if (gtk_flow_box_get_min_children_per_line (self->flow) == columns
      && gtk_flow_box_get_max_children_per_line (self->flow) == columns)
    return G_SOURCE_REMOVE;
  gtk_flow_box_set_min_children_per_line (self->flow, columns);
  gtk_flow_box_set_max_children_per_line (self->flow, columns);
  return G_SOURCE_REMOVE;
}

/* Not from within an allocation, which would not see it. */
static void
width_cb (VaiQuoteView *self)
{
  if (self->columns_id == 0)
    self->columns_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, columns_cb, self, NULL);
}

/* In a narrow window one part at a time, under the score; else all. */
static void
update_tab (VaiQuoteView *self)
{
  const char *tab = adw_view_stack_get_visible_child_name (self->tabs);
  gboolean all = !self->compact;
  gboolean quote = g_strcmp0 (tab, "quote") == 0, why = g_strcmp0 (tab, "why") == 0;
  gboolean curve = (all || g_strcmp0 (tab, "discount") == 0) && self->curve_features->len > 0;
  gboolean hidden = vai_quote_hero_is_hidden (self->hero);

  gtk_widget_set_visible (self->left, all || quote);
  gtk_widget_set_visible (self->rest_scroller, all || !quote);
  gtk_widget_set_visible (self->why_slot, (all || why) && !self->blank);
  gtk_widget_set_visible (self->path_slot, all || why || (curve && hidden));
  gtk_widget_set_visible (self->curve_slot, curve && !hidden);
  gtk_widget_set_visible (self->similar_slot, all || g_strcmp0 (tab, "similar") == 0);
  vai_quote_hero_set_compact (self->hero, self->compact, !quote);
}

void
vai_quote_view_set_compact (VaiQuoteView *self, gboolean compact)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));

  GtkWidget *top = gtk_widget_get_parent (self->strip);
  self->compact = compact;
  place (self, top, compact ? 0 : 1, 0, compact ? 2 : 1, 1);
  place (self, self->left, 0, compact ? 1 : 0, compact ? 2 : 1, compact ? 1 : 2);
  place (self, self->rest_scroller, compact ? 0 : 1, compact ? 2 : 1, compact ? 2 : 1, 1);
  adw_view_switcher_bar_set_reveal (ADW_VIEW_SWITCHER_BAR (self->bar), compact);
  gtk_widget_set_size_request (self->side, compact ? -1 : 290, -1);
  width_cb (self);
  gtk_widget_set_hexpand (self->left, compact);
  vai_quote_form_set_compact (self->form, compact);
  update_tab (self);
}

void
vai_quote_view_attach (VaiQuoteView *self, VaiWorkspace *workspace)
{
  g_return_if_fail (VAI_IS_QUOTE_VIEW (self));
  g_set_object (&self->workspace, workspace);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiQuoteView, name)
  BIND (grid);
  BIND (left);
  BIND (side);
  BIND (rest_scroller);
  BIND (bar);
  BIND (form);
  BIND (hero);
  BIND (trying);
  BIND (strip);
  BIND (record_button);
  BIND (strip_text);
  BIND (flow);
  BIND (why_slot);
  BIND (curve_slot);
  BIND (path_slot);
  BIND (similar_slot);
  BIND (why);
  BIND (why_note);
  BIND (curve);
  BIND (curve_field);
  BIND (curve_box);
  BIND (confounded);
  BIND (confounded_text);
  BIND (path_rows);
  BIND (similar_rows);
  BIND (target);
  BIND (path_note);
  BIND (similar_note);
  BIND (tabs);
#undef BIND
}

static void
vai_quote_view_class_init (VaiQuoteViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_quote_view_get_property;
  object_class->dispose = vai_quote_view_dispose;
  object_class->finalize = vai_quote_view_finalize;
  properties[PROP_UNSAVED]
      = g_param_spec_boolean ("unsaved", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (VAI_TYPE_QUOTE_FORM);
  g_type_ensure (VAI_TYPE_QUOTE_HERO);
  g_type_ensure (VAI_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-quote-view.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_trying_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask_again_cb);
  gtk_widget_class_install_action (widget_class, "quote.outcome", "s", outcome_cb);
}

static void
vai_quote_view_init (VaiQuoteView *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  self->curve_features = g_array_new (FALSE, FALSE, sizeof (guint));
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *percent = vai_format_percent (targets[i] / 100.0);
      g_autofree char *name = g_strdup_printf (_ ("Target %s"), percent);
      gtk_string_list_append (names, name);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->target), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->target), TARGET_DEFAULT);
  self->filling = FALSE;
  g_signal_connect_object (self->tabs, "notify::visible-child", G_CALLBACK (update_tab), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->rest_scroller)),
                           "notify::page-size", G_CALLBACK (width_cb), self, G_CONNECT_SWAPPED);
  vai_quote_view_set_compact (self, FALSE);
}
