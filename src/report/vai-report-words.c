#include "vai-report-private.h"

#include "vai-format.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Says "ranks well" from here on. */
#define AUC_GOOD 0.75

/* Calibration errors up to this are called honest, in points of probability. */
#define HONEST_ERROR 0.05

#define FEW_ROWS 200

/* Likely means half and more; where it gives no quote that much, those from the threshold on are spoken of. NULL: none.
 */
static const VaiMetrics *
called_metrics (const VaiModel *model)
{
  if (model->at_half.value[VAI_METRIC_RECALL] > 0)
    return &model->at_half;
  return model->at_threshold.value[VAI_METRIC_RECALL] > 0 ? &model->at_threshold : NULL;
}

/* The range in tens says how far the word may be off. */
static char *
write_verdict (const VaiModel *model, const VaiMetrics *called)
{
  double low = called->low[VAI_METRIC_PRECISION], high = called->high[VAI_METRIC_PRECISION];
  const char *won = vai_tenths_word (called->value[VAI_METRIC_PRECISION]), *guess = vai_tenths_word (model->base_rate);
  g_autofree char *n = vai_format_count (called->n), *threshold = vai_format_probability (called->threshold);
  if (called != &model->at_half)
    return g_strdup_printf (
        _ ("Of ten quotes it gives %s or more, %s are won, on %s quotes it had not seen. Guessing gets %s."), threshold,
        won, n, guess);
  if (!isfinite (low) || !isfinite (high) || lround (10 * low) == lround (10 * high))
    return g_strdup_printf (
        _ ("Of ten quotes it calls likely, %s are won, on %s quotes it had not seen. Guessing gets %s."), won, n,
        guess);
  return g_strdup_printf (_ ("Of ten quotes it calls likely, %s are won: between %s and %s, on %s quotes it had not "
                             "seen. Guessing gets %s."),
                          won, vai_tenths_word (low), vai_tenths_word (high), n, guess);
}

static void
add_figures (VaiReport *self, const VaiModel *model, const VaiMetrics *called)
{
  VaiBlock *figures = vai_report_add (self, VAI_BLOCK_FIGURES, "");
  vai_block_take_row (figures, vai_format_count (model->n_rows), g_strdup (_ ("decided quotes")), NULL);
  vai_block_take_row (figures, vai_format_percent (model->base_rate), g_strdup (_ ("of them won")), NULL);
  if (model->has_signal && called == &model->at_half)
    vai_block_take_row (figures, g_strdup_printf (_ ("%ld of 10"), lround (10 * called->value[VAI_METRIC_PRECISION])),
                        g_strdup (_ ("called likely and won")), NULL);
  else
    vai_block_take_row (figures, vai_format_count (model->n_open), g_strdup (_ ("open quotes, not learned from")),
                        NULL);
  vai_block_take_row (figures, vai_format_number (model->at_half.value[VAI_METRIC_AUC_ROC], 2),
                      g_strdup (_ ("AUC; guessing has 0.50")), NULL);
}

void
vai_report_add_summary (VaiReport *self, const VaiModel *model)
{
  const VaiMetrics *called = called_metrics (model);
  g_autofree char *base = vai_format_percent (model->base_rate), *lead = NULL;
  if (!model->has_signal)
    lead = g_strdup_printf (_ ("It does not beat guessing: on quotes it had not seen, the model was no better than "
                               "giving each the average chance of %s. Do not "
                               "rank quotes by it."),
                            base);
  else if (called == NULL)
    lead = g_strdup_printf (
        _ ("It ranks quotes better than guessing, but calls none of them likely; the average chance is %s."), base);
  else
    lead = write_verdict (model, called);
  vai_report_add (self, VAI_BLOCK_LEAD, lead);
  add_figures (self, model, called);
}

static const char *
metric_title (VaiMetric metric)
{
  switch (metric)
    {
    case VAI_METRIC_ACCURACY:
      return _ ("Accuracy: right either way");
    case VAI_METRIC_PRECISION:
      return _ ("Precision: called likely and won");
    case VAI_METRIC_RECALL:
      return _ ("Recall: won and called likely");
    case VAI_METRIC_F1:
      return _ ("F1: precision and recall together");
    case VAI_METRIC_AUC_ROC:
      return _ ("AUC: ranks a won above a lost");
    case VAI_METRIC_AVERAGE_PRECISION:
      return _ ("Average precision: over all thresholds");
    case VAI_METRIC_BRIER:
      return _ ("Brier score: error of the chance, lower is better");
    case VAI_METRIC_LOG_LOSS:
      return _ ("Log loss: same, harder on false certainty");
    case VAI_METRIC_CALIBRATION_ERROR:
    case VAI_N_METRICS:
    default:
      return _ ("Calibration error: says 70%, means 70%");
    }
}

static void
add_metrics (VaiReport *self, const VaiModel *model)
{
  const VaiMetrics *called = called_metrics (model);
  VaiBlock *table = vai_report_add (self, VAI_BLOCK_TABLE, _ ("Metrics, each with its 95% range"));
  vai_block_take_row (table, g_strdup (_ ("Metric")), g_strdup (_ ("Value")), g_strdup (_ ("95% range")),
                      g_strdup (_ ("Guessing")), NULL);
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      const VaiMetrics *metrics = called != NULL ? called : &model->at_half;
      g_autofree char *low = vai_format_number (metrics->low[m], 2), *high = vai_format_number (metrics->high[m], 2);
      double guess = vai_model_guess (model, m);
      gboolean known = isfinite (metrics->low[m]) && isfinite (metrics->high[m]);
      vai_block_take_row (table, g_strdup (metric_title (m)), vai_format_number (metrics->value[m], 2),
                          known ? g_strdup_printf ("%s – %s", low, high) : g_strdup (_ ("not measured")),
                          isfinite (guess) ? vai_format_number (guess, 2) : g_strdup (_ ("not comparable")), NULL);
    }
}

void
vai_report_add_certainty (VaiReport *self, const VaiModel *model)
{
  g_autofree char *n = vai_format_count (model->at_half.n), *folds = vai_format_count (model->folds);
  g_autofree char *how
      = g_strcmp0 (model->validation, "walk-forward") == 0
            ? g_strdup_printf (_ ("The model was tested on %s quotes that it had not seen, in %s periods of time, each "
                                  "predicted from the quotes decided before it."),
                               n, folds)
            : g_strdup_printf (_ ("The model was tested on %s quotes, each predicted by models that had not seen it "
                                  "(cross-validation in %s parts; not by date, "
                                  "so a change over time is not tested)."),
                               n, folds);
  vai_report_add (self, VAI_BLOCK_PARAGRAPH, how);
  const VaiReference *past = &model->reference;
  g_autoptr (VaiChart) calibration = vai_report_chart_new (model, "calibration", NULL);
  if (past->frame->n_rows > 0 && calibration != NULL)
    vai_report_add (self, VAI_BLOCK_PARAGRAPH, vai_chart_get_finding (calibration));
  if (model->against_baseline.p_value <= 1 && isfinite (model->against_baseline.difference))
    {
      g_autofree char *p_value = vai_format_p_value (model->against_baseline.p_value);
      g_autofree char *compared = g_strdup_printf (
          model->has_signal ? _ ("The difference from guessing is real (p %s, paired test of log loss).")
                            : _ ("The difference from guessing may be chance (p %s, paired test of log loss)."),
          p_value);
      vai_report_add (self, VAI_BLOCK_PARAGRAPH, compared);
    }
  add_metrics (self, model);
}

void
vai_report_add_use (VaiReport *self, const VaiModel *model)
{
  const double *value = model->at_half.value;
  g_autofree char *threshold = vai_format_probability (model->threshold);
  if (!model->has_signal)
    {
      vai_report_add (self, VAI_BLOCK_BULLET, _ ("Do not use the chances of single quotes. Plan with the average."));
      vai_report_add (self, VAI_BLOCK_BULLET,
                      _ ("Add columns that decide: delivery, competitor, returning customer. Then train again."));
      return;
    }
  if (value[VAI_METRIC_CALIBRATION_ERROR] <= HONEST_ERROR)
    vai_report_add (self, VAI_BLOCK_BULLET, _ ("When it says 70%, about 70 in 100 are won: trust the number."));
  else
    {
      g_autofree char *points = vai_format_number (100 * value[VAI_METRIC_CALIBRATION_ERROR], 0);
      g_autofree char *text
          = g_strdup_printf (_ ("Its chances are off by about %s points on average: read them as rough."), points);
      vai_report_add (self, VAI_BLOCK_BULLET, text);
    }
  vai_report_add (
      self, VAI_BLOCK_BULLET,
      value[VAI_METRIC_AUC_ROC] >= AUC_GOOD
          ? _ ("It ranks well: work the top of the list first.")
          : _ ("It ranks better than guessing, not sharply: use the order as a hint beside your own judgement."));
  g_autofree char *likely = g_strdup_printf (
      _ ("A quote is likely from 50%%. Missed quotes and false hopes balance best when you work all from %s on."),
      threshold);
  vai_report_add (self, VAI_BLOCK_BULLET, likely);
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("Look at the range beside each chance: where it crosses 50%, the quote is too close to call."));
}

void
vai_report_add_limits (VaiReport *self, const VaiModel *model)
{
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("It says what went together with winning in the past, not what causes it: changing a field need "
                     "not change the outcome as much."));
  if (model->n_rows < FEW_ROWS)
    {
      g_autofree char *n
          = vai_format_count (model->n_rows),
          *text = g_strdup_printf (_ ("It has learned from only %s decided quotes: every range here is wide."), n);
      vai_report_add (self, VAI_BLOCK_BULLET, text);
    }
  for (guint i = 0; i < model->warnings->len; i++)
    {
      g_autofree char *words = vai_remark_words (g_ptr_array_index (model->warnings, i));
      vai_report_add (self, VAI_BLOCK_BULLET, words);
    }
  if (model->ignored->len == 0)
    return;
  VaiBlock *table = vai_report_add (self, VAI_BLOCK_TABLE, _ ("Columns it did not look at"));
  vai_block_take_row (table, g_strdup (_ ("Column")), g_strdup (_ ("Why it was left out")), NULL);
  for (guint i = 0; i < model->ignored->len; i++)
    {
      const VaiRemark *column = g_ptr_array_index (model->ignored, i);
      vai_block_take_row (table, g_strdup (column->subject), vai_remark_words (column), NULL);
    }
}
