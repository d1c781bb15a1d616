#include "vai-metric-words.h"

#include "vai-format.h"
#include "vai-interval-dot.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const VaiMetric shown[]
    = { VAI_METRIC_AUC_ROC,   VAI_METRIC_BRIER,  VAI_METRIC_LOG_LOSS, VAI_METRIC_CALIBRATION_ERROR,
        VAI_METRIC_PRECISION, VAI_METRIC_RECALL, VAI_METRIC_F1,       VAI_METRIC_ACCURACY };

guint
vai_metric_words_n_shown (void)
{
  return G_N_ELEMENTS (shown);
}

VaiMetric
vai_metric_words_shown (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (shown), VAI_METRIC_AUC_ROC);
  return shown[index];
}

const char *
vai_metric_words_name (VaiMetric metric)
{
  const char *const names[VAI_N_METRICS] = {
    [VAI_METRIC_ACCURACY] = _ ("Accuracy"),
    [VAI_METRIC_PRECISION] = _ ("Precision"),
    [VAI_METRIC_RECALL] = _ ("Recall"),
    [VAI_METRIC_F1] = _ ("F1"),
    [VAI_METRIC_AUC_ROC] = _ ("AUC-ROC"),
    [VAI_METRIC_AVERAGE_PRECISION] = _ ("Average precision"),
    [VAI_METRIC_BRIER] = _ ("Brier score"),
    [VAI_METRIC_LOG_LOSS] = _ ("Log loss"),
    [VAI_METRIC_CALIBRATION_ERROR] = _ ("Calibration error"),
  };

  return names[metric];
}

/* Not “called likely”: that is the word of a verdict, which looks at the range of one quote. */
static char *
dup_meaning (VaiMetric metric, double threshold)
{
  const char *const meanings[VAI_N_METRICS] = {
    [VAI_METRIC_ACCURACY] = _ ("right either way"),
    [VAI_METRIC_F1] = _ ("precision and recall together"),
    [VAI_METRIC_AUC_ROC] = _ ("ranks a won above a lost"),
    [VAI_METRIC_AVERAGE_PRECISION] = _ ("over all thresholds"),
    [VAI_METRIC_BRIER] = _ ("error of the chance, lower is better"),
    [VAI_METRIC_LOG_LOSS] = _ ("same, harder on false certainty"),
    [VAI_METRIC_CALIBRATION_ERROR] = _ ("says 70%, means 70%"),
  };

  g_autofree char *from = vai_format_probability (threshold);

  if (metric == VAI_METRIC_PRECISION)
    return g_strdup_printf (_ ("won, of those given %s or more"), from);
  if (metric == VAI_METRIC_RECALL)
    return g_strdup_printf (_ ("given %s or more, of those won"), from);
  return g_strdup (meanings[metric]);
}

/* What it gives so much cannot be right or wrong where it gives nothing so much: 0.00 would be no measurement. */
static gboolean
is_uncalled (const VaiMetrics *metrics, VaiMetric metric)
{
  return (metric == VAI_METRIC_PRECISION || metric == VAI_METRIC_RECALL || metric == VAI_METRIC_F1)
         && !(metrics->value[VAI_METRIC_RECALL] > 0);
}

char *
vai_metric_words_interval (const VaiMetrics *metrics, VaiMetric metric)
{
  if (is_uncalled (metrics, metric))
    return g_strdup (_ ("none given so much"));
  if (!isfinite (metrics->low[metric]) || !isfinite (metrics->high[metric]))
    return g_strdup (_ ("not measured"));
  g_autofree char *low = vai_format_number (metrics->low[metric], 2);
  g_autofree char *high = vai_format_number (metrics->high[metric], 2);
  return g_strdup_printf ("%s – %s", low, high);
}

/* The row's scale: around what stands in it, so that intervals are seen; never a greater part of the axis than there
 * is. */
static void
set_scale (VaiIntervalDot *dot, double guessed, const VaiMetrics *a, const VaiMetrics *b, VaiMetric metric)
{
  const double values[] = { guessed,
                            a->value[metric],
                            a->low[metric],
                            a->high[metric],
                            b != NULL ? b->value[metric] : NAN,
                            b != NULL ? b->low[metric] : NAN,
                            b != NULL ? b->high[metric] : NAN };
  double min = 1, max = 0;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (isfinite (values[i]))
      {
        min = MIN (min, values[i]);
        max = MAX (max, values[i]);
      }
  double pad = MAX (0.3 * (max - min), 0.05);
  vai_interval_dot_set_scale (dot, MAX (min - pad, 0), MIN (max + pad, 1));
}

static GtkWidget *
make_label (const char *text, const char *style, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);
  if (xalign > 0)
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
make_name (VaiMetric metric, double threshold)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *text = dup_meaning (metric, threshold);
  GtkWidget *meaning = make_label (text, "caption", 0);

  gtk_widget_add_css_class (meaning, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (meaning), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (meaning), 16);
  gtk_box_append (GTK_BOX (box), make_label (vai_metric_words_name (metric), "heading", 0));
  gtk_box_append (GTK_BOX (box), meaning);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
make_value (const VaiMetrics *metrics, VaiMetric metric, const char *style)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *value = vai_format_number (metrics->value[metric], 2);
  g_autofree char *interval = vai_metric_words_interval (metrics, metric);
  GtkWidget *number = make_label (value, "heading", 1), *range = make_label (interval, "caption", 1);

  gtk_widget_add_css_class (range, "dim-label");
  if (style != NULL)
    gtk_widget_add_css_class (number, style);
  gtk_widget_set_visible (number, !is_uncalled (metrics, metric));
  gtk_box_append (GTK_BOX (box), number);
  gtk_box_append (GTK_BOX (box), range);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/* "AUC-ROC 0.86, between 0.83 and 0.89, guessing 0.50". */
static char *
describe (VaiMetric metric, const VaiMetrics *metrics, double guessed)
{
  g_autofree char *value = vai_format_number (metrics->value[metric], 2), *guess_text = vai_format_number (guessed, 2);
  g_autofree char *interval = vai_metric_words_interval (metrics, metric);
  g_autofree char *start = is_uncalled (metrics, metric)
                               ? g_strdup_printf ("%s, %s", vai_metric_words_name (metric), interval)
                               : g_strdup_printf ("%s %s, %s", vai_metric_words_name (metric), value, interval);

  return isfinite (guessed) ? g_strdup_printf (_ ("%s, guessing %s"), start, guess_text) : g_steal_pointer (&start);
}

void
vai_metric_row_attach (GtkGrid *grid,
                       guint row,
                       VaiMetric metric,
                       const VaiModel *model,
                       const VaiMetrics *metrics,
                       const VaiMetrics *other)
{
  double guessed = vai_model_guess (model, metric);
  GtkWidget *dot = vai_interval_dot_new ();
  g_autofree char *finding = describe (metric, metrics, guessed);

  set_scale (VAI_INTERVAL_DOT (dot), guessed, metrics, other, metric);
  if (is_uncalled (metrics, metric))
    vai_interval_dot_set (VAI_INTERVAL_DOT (dot), NAN, NAN, NAN, guessed);
  else
    vai_interval_dot_set (VAI_INTERVAL_DOT (dot), metrics->value[metric], metrics->low[metric], metrics->high[metric],
                          guessed);
  gtk_grid_attach (grid, make_name (metric, metrics->threshold), 0, (int) row, 1, 1);
  gtk_grid_attach (grid, dot, 1, (int) row, 1, 1);
  gtk_grid_attach (grid, make_value (metrics, metric, other != NULL ? "won" : NULL), 2, (int) row, 1, 1);
  if (other != NULL)
    {
      g_autofree char *second = describe (metric, other, NAN);
      g_autofree char *both = g_strconcat (finding, "; ", second, NULL);
      if (!is_uncalled (other, metric))
        vai_interval_dot_set_other (VAI_INTERVAL_DOT (dot), other->value[metric], other->low[metric],
                                    other->high[metric]);
      gtk_grid_attach (grid, make_value (other, metric, "second"), 3, (int) row, 1, 1);
      vai_drawing_describe (VAI_DRAWING (dot), both, NULL);
      return;
    }
  vai_drawing_describe (VAI_DRAWING (dot), finding, NULL);
}
