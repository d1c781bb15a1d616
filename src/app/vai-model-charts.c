#include "vai-model-charts.h"

#include "vai-cards.h"
#include "vai-chart-view.h"
#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* So long the scale rests before the threshold is saved. */
#define REST_MS 600

/* Two rows of charts under the strip in a window of 800 px. */
#define CHART_HEIGHT 280

typedef enum
{
  CHART_ROC,
  CHART_CALIBRATION,
  CHART_GAIN,
  CHART_CONFUSION,
  CHART_PRECISION_RECALL,
  CHART_HISTOGRAM,
  N_CHARTS
} Chart;

struct _VaiModelCharts
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *strip, *calls_strip;
  GtkScale *scale;
  GtkAdjustment *adjustment;
  GtkLabel *percent, *calls;
  GtkButton *best;
  VaiCards *charts;
  VaiChartView *views[N_CHARTS];
  VaiModelQuality *quality; /* nullable */
  gboolean setting;
  guint rest_id;
};

G_DEFINE_FINAL_TYPE (VaiModelCharts, vai_model_charts, GTK_TYPE_WIDGET)

enum
{
  THRESHOLD_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static double
get_threshold (VaiModelCharts *self)
{
  return round (gtk_adjustment_get_value (self->adjustment)) / 100;
}

static char *
format_share (gsize part, gsize rest)
{
  return part + rest > 0 ? vai_format_number ((double) part / (part + rest), 2) : g_strdup ("–");
}

static void
show_calls (VaiModelCharts *self, double threshold)
{
  VaiCalls calls = vai_model_quality_count (self->quality, threshold);
  g_autofree char *found = vai_format_count (calls.found), *won = vai_format_count (calls.found + calls.missed);
  g_autofree char *hope = vai_format_count (calls.false_hope);
  g_autofree char *lost = vai_format_count (calls.false_hope + calls.rightly_left);
  g_autofree char *precision = format_share (calls.found, calls.false_hope);
  g_autofree char *recall = format_share (calls.found, calls.missed);
  g_autofree char *f1 = format_share (2 * calls.found, calls.false_hope + calls.missed);
  g_autofree char *words = g_strdup_printf (_ ("%s of %s won are found\n%s of %s lost raise false hope\nprecision %s · "
                                               "recall %s · F1 %s"),
                                            found, won, hope, lost, precision, recall, f1);

  vai_announce (self->calls, words);
}

/* At each move of the scale: looks up, draws anew; no pass over the quotes. */
static void
show_threshold (VaiModelCharts *self)
{
  double threshold = get_threshold (self);
  g_autofree char *percent = vai_format_percent (threshold);

  gtk_label_set_label (self->percent, percent);
  if (self->quality == NULL)
    return;
  show_calls (self, threshold);
  vai_chart_view_take_chart (self->views[CHART_ROC], vai_model_quality_roc (self->quality, threshold));
  vai_chart_view_take_chart (self->views[CHART_PRECISION_RECALL],
                             vai_model_quality_precision_recall (self->quality, threshold));
  vai_chart_view_take_chart (self->views[CHART_GAIN], vai_model_quality_gain (self->quality, threshold));
  vai_chart_view_take_chart (self->views[CHART_CONFUSION], vai_model_quality_confusion (self->quality, threshold));
}

static gboolean
rested_cb (gpointer data)
{
  VaiModelCharts *self = VAI_MODEL_CHARTS (data);

  self->rest_id = 0;
  g_signal_emit (self, signals[THRESHOLD_CHOSEN], 0, get_threshold (self));
  return G_SOURCE_REMOVE;
}

static void
moved_cb (VaiModelCharts *self)
{
  if (self->setting)
    return;
  show_threshold (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, rested_cb, self);
}

static void
best_cb (VaiModelCharts *self)
{
  if (self->quality != NULL)
    gtk_adjustment_set_value (self->adjustment, 100 * vai_model_quality_get_best_f1 (self->quality));
}

static void
set_marks (VaiModelCharts *self, double base_rate)
{
  g_autofree char *zero = vai_format_percent (0), *whole = vai_format_percent (1);

  gtk_scale_clear_marks (self->scale);
  gtk_scale_add_mark (self->scale, 0, GTK_POS_BOTTOM, zero);
  gtk_scale_add_mark (self->scale, 100, GTK_POS_BOTTOM, whole);
  /* The scale stops at a mark, and goes on from there in whole percents. */
  gtk_scale_add_mark (self->scale, round (100 * base_rate), GTK_POS_BOTTOM, _ ("base rate"));
}

void
vai_model_charts_set (VaiModelCharts *self, const VaiModel *model, VaiModelQuality *quality, double threshold)
{
  g_return_if_fail (VAI_IS_MODEL_CHARTS (self));

  g_autofree char *best = vai_format_percent (vai_model_quality_get_best_f1 (quality));
  g_autofree char *label = g_strdup_printf (_ ("Best F1: %s"), best);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_pointer (&self->quality, vai_model_quality_unref);
  self->quality = vai_model_quality_ref (quality);
  self->setting = TRUE;
  gtk_adjustment_set_value (self->adjustment, round (100 * threshold));
  self->setting = FALSE;
  gtk_button_set_label (self->best, label);
  set_marks (self, model->base_rate);
  vai_chart_view_take_chart (self->views[CHART_CALIBRATION],
                             vai_model_quality_steal_chart (quality, VAI_CHART_CALIBRATION));
  vai_chart_view_take_chart (self->views[CHART_HISTOGRAM],
                             vai_model_quality_steal_chart (quality, VAI_CHART_HISTOGRAM));
  show_threshold (self);
}

gboolean
vai_model_charts_is_moving (VaiModelCharts *self)
{
  g_return_val_if_fail (VAI_IS_MODEL_CHARTS (self), FALSE);
  return self->rest_id != 0;
}

void
vai_model_charts_settle (VaiModelCharts *self)
{
  g_return_if_fail (VAI_IS_MODEL_CHARTS (self));

  if (self->rest_id == 0)
    return;
  g_source_remove (self->rest_id);
  rested_cb (self);
}

static void
vai_model_charts_unmap (GtkWidget *widget)
{
  vai_model_charts_settle (VAI_MODEL_CHARTS (widget));
  GTK_WIDGET_CLASS (vai_model_charts_parent_class)->unmap (widget);
}

void
vai_model_charts_follow (VaiModelCharts *self, VaiPage *page)
{
  g_return_if_fail (VAI_IS_MODEL_CHARTS (self));
  vai_page_bind_orientation (page, self->strip);
  vai_page_bind_orientation (page, self->calls_strip);
}

static void
vai_model_charts_dispose (GObject *object)
{
  VaiModelCharts *self = VAI_MODEL_CHARTS (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_pointer (&self->quality, vai_model_quality_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODEL_CHARTS);
  G_OBJECT_CLASS (vai_model_charts_parent_class)->dispose (object);
}

static void
vai_model_charts_class_init (VaiModelChartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_model_charts_dispose;
  widget_class->unmap = vai_model_charts_unmap;
  signals[THRESHOLD_CHOSEN] = g_signal_new ("threshold-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  g_type_ensure (VAI_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-model-charts.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, strip);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, calls_strip);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, scale);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, adjustment);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, percent);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, calls);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, best);
  gtk_widget_class_bind_template_child (widget_class, VaiModelCharts, charts);
  gtk_widget_class_bind_template_callback (widget_class, best_cb);
}

static void
vai_model_charts_init (VaiModelCharts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_CHARTS; i++)
    {
      GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *view = vai_chart_view_new ();
      self->views[i] = VAI_CHART_VIEW (view);
      gtk_widget_add_css_class (card, "card");
      gtk_widget_add_css_class (card, "card-content");
      gtk_widget_set_size_request (view, -1, CHART_HEIGHT);
      gtk_box_append (GTK_BOX (card), view);
      vai_cards_append (self->charts, card);
    }
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
}
