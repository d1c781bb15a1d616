#include "vai-model-summary.h"

#include "vai-cards.h"
#include "vai-chart-view.h"
#include "vai-format.h"
#include "vai-interval-dot.h"
#include "vai-metric-words.h"
#include "vai-model-measure.h"
#include "vai-ten-dots.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define USES_MAX 4
#define CLOSE_SHARE 0.1 /* so many quotes too close to call are worth a line */

struct _VaiModelSummary
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkLabel *lead, *answer, *detail;
  VaiTenDots *dots;
  GtkBox *uses;
  GtkGrid *metrics;
  GtkWidget *replay_card;
  VaiChartView *replay, *importance;
  GtkLabel *replay_words;
  guint n_uses;
};

G_DEFINE_FINAL_TYPE (VaiModelSummary, vai_model_summary, GTK_TYPE_WIDGET)

static void
set_answer (VaiModelSummary *self, const char *lead, const char *answer, const char *style)
{
  const char *classes[] = { "title-2", style, NULL };

  gtk_label_set_label (self->lead, lead);
  gtk_label_set_label (self->answer, answer);
  gtk_widget_set_css_classes (GTK_WIDGET (self->answer), classes);
  gtk_widget_set_visible (GTK_WIDGET (self->lead), *lead != '\0');
}

static char *
won_answer (double share)
{
  int tenths = vai_tenths (share);

  return tenths == 0   ? g_strdup (_ ("none is won."))
         : tenths == 1 ? g_strdup (_ ("one is won."))
                       : g_strdup_printf (_ ("%s are won."), vai_tenths_word (share));
}

static char *
call_detail (const VaiMetrics *metrics, const VaiModel *model)
{
  double low = metrics->low[VAI_METRIC_PRECISION], high = metrics->high[VAI_METRIC_PRECISION];
  g_autofree char *n = vai_format_count (metrics->n);
  const char *guess = vai_tenths_word (model->base_rate);

  if (isfinite (low) && isfinite (high) && vai_tenths (low) != vai_tenths (high))
    return g_strdup_printf (_ ("Between %s and %s, on %s quotes it had not seen. Guessing gets %s."),
                            vai_tenths_word (low), vai_tenths_word (high), n, guess);
  return g_strdup_printf (_ ("On %s quotes it had not seen. Guessing gets %s."), n, guess);
}

static void
set_calls (VaiModelSummary *self, const VaiModel *model, const VaiMetrics *metrics)
{
  double precision = metrics->value[VAI_METRIC_PRECISION];
  double low = metrics->low[VAI_METRIC_PRECISION], high = metrics->high[VAI_METRIC_PRECISION];
  g_autofree char *threshold = vai_format_probability (metrics->threshold), *answer = won_answer (precision);
  g_autofree char *lead = g_strdup_printf (_ ("Of ten quotes it gives %s or more,"), threshold);
  g_autofree char *detail = call_detail (metrics, model);
  g_autofree char *sentence = g_strconcat (lead, " ", answer, " ", detail, NULL);

  set_answer (self, lead, answer, "won");
  gtk_label_set_label (self->detail, detail);
  vai_ten_dots_set (self->dots, isfinite (low) ? low : precision, isfinite (high) ? high : precision, sentence);
}

static void
set_headline (VaiModelSummary *self, const VaiModel *model, const VaiMetrics *metrics)
{
  g_autofree char *base = vai_format_percent (model->base_rate);
  g_autofree char *detail = NULL;
  gboolean calls = model->has_signal && metrics->value[VAI_METRIC_RECALL] > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->dots), calls);
  if (calls)
    {
      set_calls (self, model, metrics);
      return;
    }
  if (!model->has_signal)
    {
      set_answer (self, "", _ ("It does not beat guessing"), "neutral");
      detail
          = g_strdup_printf (_ ("On quotes it had not seen it was no better than giving each the average chance of %s. "
                                "Do not rank quotes by it."),
                             base);
    }
  else
    {
      g_autofree char *threshold = vai_format_probability (metrics->threshold);
      set_answer (self, "", _ ("It ranks quotes better than guessing"), "neutral");
      detail = g_strdup_printf (_ ("But it gives none of them %s or more; the average chance is %s. Choose a lower "
                                   "threshold under Charts."),
                                threshold, base);
    }
  gtk_label_set_label (self->detail, detail);
}

static void
add_use (VaiModelSummary *self, gboolean good, const char *text)
{
  if (self->n_uses == USES_MAX)
    return;
  self->n_uses++;
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (good ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  GtkWidget *label = gtk_label_new (text);
  gtk_widget_add_css_class (icon, good ? "good" : "care");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* Else it is given less width than its height was asked for. */
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (self->uses, row);
}

static void
add_strengths (VaiModelSummary *self, const VaiModel *model)
{
  if (!model->has_signal)
    {
      add_use (self, FALSE, _ ("Do not use the chances of single quotes. Plan with the average."));
      add_use (self, FALSE, _ ("Add columns that decide: delivery, competitor, returning customer. Then train again."));
      return;
    }
  if (vai_model_is_honest (model))
    add_use (self, TRUE, _ ("When it says 70%, about 70 in 100 are won: trust the number."));
  if (vai_model_ranks_well (model))
    add_use (self, TRUE, _ ("It ranks well: work the top of the list first."));
}

static void
add_limits (VaiModelSummary *self, const VaiModel *model, const VaiModelQuality *quality)
{
  const double *value = model->at_half.value;
  double close = vai_model_quality_get_too_close (quality);

  if (model->n_rows < VAI_MODEL_FEW_ROWS)
    {
      g_autofree char *n = vai_format_count (model->n_rows),
                      *more = vai_format_count (VAI_MODEL_FEW_ROWS - model->n_rows);
      g_autofree char *text = g_strdup_printf (
          _ ("Only %s decided quotes to learn from: every range is wide. About %s more make them narrower."), n, more);
      add_use (self, FALSE, text);
    }
  if (g_strcmp0 (model->validation, "walk-forward") != 0)
    add_use (self, FALSE, _ ("Not tested by date: whether it holds as time goes on is not known."));
  if (!model->has_signal)
    return;
  if (!vai_model_is_honest (model))
    {
      g_autofree char *points = vai_format_number (100 * value[VAI_METRIC_CALIBRATION_ERROR], 0);
      g_autofree char *text
          = g_strdup_printf (_ ("Its chances are off by about %s points on average: read them as rough."), points);
      add_use (self, FALSE, text);
    }
  if (!vai_model_ranks_well (model))
    add_use (self, FALSE,
             _ ("It ranks better than guessing, not sharply: use the order as a hint beside your own judgement."));
  if (close >= CLOSE_SHARE)
    {
      g_autofree char *percent = vai_format_percent (close);
      g_autofree char *text = g_strdup_printf (_ ("%s of the quotes are too close to call, and it says so."), percent);
      add_use (self, FALSE, text);
    }
}

static void
clear (GtkWidget *parent)
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
set_metrics (VaiModelSummary *self, const VaiModel *model, const VaiMetrics *metrics)
{
  clear (GTK_WIDGET (self->metrics));
  for (guint i = 0; i < vai_metric_words_n_shown (); i++)
    vai_metric_row_attach (self->metrics, i, vai_metric_words_shown (i), model, metrics, NULL);
}

static char *
amount (double value, gboolean in_money, const char *currency)
{
  return in_money ? vai_format_money_short (value, currency) : vai_format_count ((guint64) llround (value));
}

static void
set_replay (VaiModelSummary *self, VaiModelQuality *quality, const char *currency)
{
  const VaiReplay *replay = vai_model_quality_get_replay (quality);

  gtk_widget_set_visible (self->replay_card, replay->n > 0);
  vai_chart_view_take_chart (self->replay, vai_model_quality_replay_chart (quality));
  if (replay->n == 0)
    return;
  g_autofree char *worked = vai_format_percent (replay->worked), *kept = vai_format_percent (replay->kept);
  g_autofree char *part = amount (replay->kept_won, replay->in_money, currency);
  g_autofree char *whole = amount (replay->won, replay->in_money, currency);
  g_autofree char *text
      = g_strdup_printf (replay->in_money ? _ ("Working the top %s would have kept %s of the revenue won: %s of %s.")
                                          : _ ("Working the top %s would have kept %s of the quotes won: %s of %s."),
                         worked, kept, part, whole);
  gtk_label_set_label (self->replay_words, text);
}

void
vai_model_summary_set (VaiModelSummary *self, const VaiModel *model, VaiModelQuality *quality, const char *currency)
{
  g_return_if_fail (VAI_IS_MODEL_SUMMARY (self));

  const VaiMetrics *metrics = vai_model_quality_get_metrics (quality);
  set_headline (self, model, metrics);
  clear (GTK_WIDGET (self->uses));
  self->n_uses = 0;
  add_strengths (self, model);
  add_limits (self, model, quality);
  set_metrics (self, model, metrics);
  set_replay (self, quality, currency);
  vai_chart_view_take_chart (self->importance, vai_model_quality_steal_chart (quality, VAI_CHART_IMPORTANCE));
}

static void
vai_model_summary_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODEL_SUMMARY);
  G_OBJECT_CLASS (vai_model_summary_parent_class)->dispose (object);
}

static void
vai_model_summary_class_init (VaiModelSummaryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_model_summary_dispose;
  g_type_ensure (VAI_TYPE_CHART_VIEW);
  g_type_ensure (VAI_TYPE_TEN_DOTS);
  g_type_ensure (VAI_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-model-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, lead);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, answer);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, detail);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, dots);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, uses);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, metrics);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, replay_card);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, replay);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, replay_words);
  gtk_widget_class_bind_template_child (widget_class, VaiModelSummary, importance);
}

static void
vai_model_summary_init (VaiModelSummary *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
