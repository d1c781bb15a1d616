#include "vai-model-health.h"

#include "vai-cards.h"
#include "vai-chart-view.h"
#include "vai-compat.h"
#include "vai-format.h"
#include "vai-model-news.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

struct _VaiModelHealth
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkBox *headline;
  GtkImage *icon;
  GtkLabel *verdict, *reason;
  GtkWidget *retrain;
  GtkBox *figures;
  VaiChartView *periods, *drift;
  GtkWidget *waiting_card;
  GtkButton *record;
  GtkGrid *waiting;
  VaiWorkspace *workspace; /* nullable */
  VaiLoadedModel *loaded;  /* nullable */
  GCancellable *reading;   /* nullable */
  gboolean fresh;          /* what is shown is of @loaded and of now */
  gboolean wants_focus;    /* the keyboard is to come here once there is something */
  gpointer focus_before;   /* where it was then; only compared */
};

G_DEFINE_FINAL_TYPE (VaiModelHealth, vai_model_health, GTK_TYPE_WIDGET)

/* What happened to the scores: never concluded from a shift. */
static char *
scores_sentence (const VaiHealth *health)
{
  g_autofree char *n = vai_format_count (health->n_outcomes);
  g_autofree char *said = vai_format_percent (health->said), *won = vai_format_percent (health->won);

  if (health->n_outcomes < VAI_HEALTH_ROWS_MIN)
    {
      g_autofree char *wanted = vai_format_count (VAI_HEALTH_ROWS_MIN);
      return g_strdup_printf (
          _ ("Outcomes recorded since it is in use: %s. From %s on it is known whether its chances come true."), n,
          wanted);
    }
  return health->worse
             ? g_strdup_printf (_ ("Its chances no longer come true: it said %s, and %s of %s were won."), said, won, n)
             : g_strdup_printf (_ ("Its chances come true: it said %s, and %s of %s were won."), said, won, n);
}

static void
show_verdict (VaiModelHealth *self, const VaiModelNews *news)
{
  const char *const icons[]
      = { "content-loading-symbolic", "emblem-ok-symbolic", "dialog-warning-symbolic", "dialog-warning-symbolic" };
  const char *const styles[] = { "neutral", "good", "care", "care" };
  const VaiHealth *health = news->health;
  VaiCondition condition = vai_health_judge (health);
  const char *classes[] = { styles[condition], NULL };
  g_autofree char *scores = scores_sentence (health);
  g_autofree char *n = vai_format_count (health->n_outcomes), *shift = NULL, *effect = NULL;

  if (health->n_shifted > 0)
    shift = g_strdup_printf (_ ("Shifted since the training: %s."), news->shifted);
  if (condition == VAI_CONDITION_RETRAIN)
    effect = g_strdup_printf (_ ("Trained again it would learn from %s more outcomes."), n);
  g_autofree char *reason = g_strdup_printf ("%s%s%s%s%s", shift != NULL ? shift : "", shift != NULL ? " " : "", scores,
                                             effect != NULL ? " " : "", effect != NULL ? effect : "");
  gtk_image_set_from_icon_name (self->icon, icons[condition]);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  vai_announce (self->verdict, vai_condition_words (condition));
  gtk_label_set_label (self->reason, reason);
}

static GtkWidget *
add_figure (VaiModelHealth *self, const char *value, const char *caption)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *number = gtk_label_new (value), *words = gtk_label_new (caption);

  gtk_widget_add_css_class (number, "title-2");
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (words, "caption");
  gtk_widget_add_css_class (words, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (number), 0);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_selectable (GTK_LABEL (number), TRUE);
  gtk_box_append (GTK_BOX (box), number);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (self->figures, box);
  return box;
}

static void
add_metric (VaiModelHealth *self, const VaiModel *model, const VaiHealth *health, VaiMetric metric, const char *name)
{
  g_autofree char *tested = vai_format_number (model->at_half.value[metric], 2);

  if (health->n_outcomes < VAI_HEALTH_ROWS_MIN || !isfinite (health->metrics.value[metric]))
    {
      g_autofree char *wanted = vai_format_count (VAI_HEALTH_ROWS_MIN);
      g_autofree char *caption = g_strdup_printf (_ ("%s, tested; measured in use from %s outcomes on"), name, wanted);
      add_figure (self, tested, caption);
      return;
    }
  g_autofree char *value = vai_format_number (health->metrics.value[metric], 2);
  g_autofree char *low = vai_format_number (health->metrics.low[metric], 2);
  g_autofree char *high = vai_format_number (health->metrics.high[metric], 2);
  g_autofree char *caption = g_strdup_printf (_ ("%s, %s to %s; tested %s"), name, low, high, tested);
  add_figure (self, value, caption);
}

static void
clear_children (GtkWidget *parent)
{
  for (GtkWidget *child = gtk_widget_get_first_child (parent), *next; child != NULL; child = next)
    {
      next = gtk_widget_get_next_sibling (child);
      if (GTK_IS_BOX (parent))
        gtk_box_remove (GTK_BOX (parent), child);
      else
        gtk_grid_remove (GTK_GRID (parent), child);
    }
}

static void
show_figures (VaiModelHealth *self, const VaiModel *model, const VaiHealth *health)
{
  g_autofree char *outcomes = vai_format_count (health->n_outcomes), *quotes = vai_format_count (health->n_new);
  g_autofree char *caption = g_strdup_printf (_ ("outcomes of %s quotes scored"), quotes);

  clear_children (GTK_WIDGET (self->figures));
  add_figure (self, outcomes, caption);
  add_metric (self, model, health, VAI_METRIC_BRIER, _ ("Brier score"));
  add_metric (self, model, health, VAI_METRIC_AUC_ROC, _ ("AUC-ROC"));
  if (health->drifts->len > 0)
    {
      g_autofree char *shifted = g_strdup_printf (_ ("%u of %u"), health->n_shifted, health->drifts->len);
      add_figure (self, shifted, _ ("columns shifted, the score among them"));
      return;
    }
  g_autofree char *wanted = vai_format_count (VAI_HEALTH_ROWS_MIN);
  g_autofree char *later = g_strdup_printf (_ ("quotes scored; shifts are looked for from %s on"), wanted);
  add_figure (self, quotes, later);
}

static void
attach_label (GtkGrid *grid, const char *text, int column, int row, const char *style, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, style);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static void
show_waiting (VaiModelHealth *self, const VaiModelNews *news)
{
  g_autofree char *n = vai_format_count (news->n_waiting);
  g_autofree char *button = g_strdup_printf (_ ("Record %s…"), n);

  gtk_widget_set_visible (self->waiting_card, news->n_waiting > 0);
  gtk_button_set_label (self->record, button);
  clear_children (GTK_WIDGET (self->waiting));
  attach_label (self->waiting, _ ("Quote"), 0, 0, "caption-heading", 0);
  attach_label (self->waiting, _ ("Said"), 1, 0, "caption-heading", 1);
  attach_label (self->waiting, _ ("Scored on"), 2, 0, "caption-heading", 0);
  for (guint i = 0; i < news->waiting->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (news->waiting, i);
      g_autofree char *said = vai_format_probability (row->win_probability);
      g_autofree char *date = vai_format_day (row->created_at);
      gboolean named = row->quote_ref != NULL && *row->quote_ref != '\0';
      attach_label (self->waiting, named ? row->quote_ref : _ ("without a number"), 0, (int) i + 1, "numeric", 0);
      attach_label (self->waiting, said, 1, (int) i + 1, "numeric", 1);
      attach_label (self->waiting, date, 2, (int) i + 1, "numeric", 0);
    }
}

static gpointer
focus_now (VaiModelHealth *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

static void
take_focus (VaiModelHealth *self)
{
  gboolean stayed
      = self->wants_focus && gtk_widget_get_mapped (GTK_WIDGET (self)) && focus_now (self) == self->focus_before;

  self->wants_focus = FALSE;
  if (stayed)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

void
vai_model_health_await_focus (VaiModelHealth *self)
{
  g_return_if_fail (VAI_IS_MODEL_HEALTH (self));

  self->wants_focus = self->reading != NULL;
  self->focus_before = focus_now (self);
}

static void
news_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiModelHealth) self = VAI_MODEL_HEALTH (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModelNews) news = vai_model_news_finish (result, &error);

  if (self->reading == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  gtk_stack_set_visible_child_name (self->stack, "health");
  if (news == NULL)
    {
      gtk_image_set_from_icon_name (self->icon, "dialog-error-symbolic");
      vai_announce (self->verdict, _ ("The saved scores cannot be read"));
      gtk_label_set_label (self->reason, error->message);
      return;
    }
  self->fresh = TRUE;
  show_verdict (self, news);
  show_figures (self, vai_loaded_model_get_model (self->loaded), news->health);
  vai_chart_view_take_chart (self->periods, g_steal_pointer (&news->periods));
  vai_chart_view_take_chart (self->drift, g_steal_pointer (&news->drift));
  show_waiting (self, news);
  take_focus (self);
}

static void
stop (VaiModelHealth *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* Only for somebody who looks. */
static void
read_news (VaiModelHealth *self)
{
  if (self->loaded == NULL || self->fresh || self->reading != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->reading = g_cancellable_new ();
  vai_model_news_async (vai_workspace_get_store (self->workspace), self->loaded, self->reading, news_cb,
                        g_object_ref (self));
}

static void
changed_cb (VaiModelHealth *self, guint kind)
{
  if (kind != VAI_OBJECT_PREDICTION)
    return;
  stop (self);
  self->fresh = FALSE;
  read_news (self);
}

static void
vai_model_health_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vai_model_health_parent_class)->map (widget);
  read_news (VAI_MODEL_HEALTH (widget));
}

void
vai_model_health_set (VaiModelHealth *self, VaiWorkspace *workspace, VaiLoadedModel *loaded)
{
  g_return_if_fail (VAI_IS_MODEL_HEALTH (self));

  if (self->loaded == loaded)
    return;
  if (g_set_object (&self->workspace, workspace))
    g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  stop (self);
  self->fresh = FALSE;
  g_set_object (&self->loaded, loaded);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  read_news (self);
}

void
vai_model_health_follow (VaiModelHealth *self, VaiPage *page)
{
  g_return_if_fail (VAI_IS_MODEL_HEALTH (self));
  vai_page_bind_orientation (page, self->headline);
  vai_page_bind_orientation (page, self->figures);
}

static void
vai_model_health_dispose (GObject *object)
{
  VaiModelHealth *self = VAI_MODEL_HEALTH (object);

  stop (self);
  g_clear_object (&self->loaded);
  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODEL_HEALTH);
  G_OBJECT_CLASS (vai_model_health_parent_class)->dispose (object);
}

static void
vai_model_health_class_init (VaiModelHealthClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_model_health_dispose;
  widget_class->map = vai_model_health_map;
  g_type_ensure (VAI_TYPE_CHART_VIEW);
  g_type_ensure (VAI_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-model-health.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, stack);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, headline);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, icon);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, verdict);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, reason);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, retrain);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, figures);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, periods);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, drift);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, waiting_card);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, record);
  gtk_widget_class_bind_template_child (widget_class, VaiModelHealth, waiting);
}

static void
vai_model_health_init (VaiModelHealth *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
