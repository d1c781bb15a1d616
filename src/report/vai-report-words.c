#include "vai-report-private.h"

#include "vai-format.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
calls_any (const VaiMetrics *called)
{
  return called->value[VAI_METRIC_RECALL] > 0;
}

/* The range in tens says how far the word may be off. */
static char *
write_verdict (const VaiModel *model, const VaiMetrics *called)
{
  double low = called->low[VAI_METRIC_PRECISION], high = called->high[VAI_METRIC_PRECISION];
  const char *won = vai_tenths_word (called->value[VAI_METRIC_PRECISION]), *guess = vai_tenths_word (model->base_rate);
  g_autofree char *n = vai_format_count (called->n), *threshold = vai_format_probability (called->threshold);
  /* Not “it calls likely”: that is the word of a verdict, which looks at the range of one quote. */
  if (!isfinite (low) || !isfinite (high) || lround (10 * low) == lround (10 * high))
    return g_strdup_printf (
        _ ("Of ten quotes it gives %s or more, %s are won, on %s quotes it had not seen. Guessing gets %s."), threshold,
        won, n, guess);
  return g_strdup_printf (_ ("Of ten quotes it gives %s or more, %s are won: between %s and %s, on %s quotes it had "
                             "not seen. Guessing gets %s."),
                          threshold, won, vai_tenths_word (low), vai_tenths_word (high), n, guess);
}

static void
add_figures (VaiReport *self, const VaiModel *model, const VaiMetrics *called)
{
  VaiBlock *figures = vai_report_add (self, VAI_BLOCK_FIGURES, "");
  vai_block_take_row (figures, vai_format_count (model->n_rows), g_strdup (_ ("decided quotes")), NULL);
  vai_block_take_row (figures, vai_format_percent (model->base_rate), g_strdup (_ ("of them won")), NULL);
  if (model->has_signal && calls_any (called))
    {
      g_autofree char *threshold = vai_format_probability (called->threshold);
      vai_block_take_row (figures, g_strdup_printf (_ ("%ld of 10"), lround (10 * called->value[VAI_METRIC_PRECISION])),
                          g_strdup_printf (_ ("won, of those given %s or more"), threshold), NULL);
    }
  else
    vai_block_take_row (figures, vai_format_count (model->n_open), g_strdup (_ ("open quotes, not learned from")),
                        NULL);
  vai_block_take_row (figures, vai_format_number (model->at_half.value[VAI_METRIC_AUC_ROC], 2),
                      g_strdup (_ ("AUC; guessing has 0.50")), NULL);
}

void
vai_report_add_summary (VaiReport *self, const VaiModel *model, const VaiMetrics *called)
{
  g_autofree char *base = vai_format_percent (model->base_rate), *lead = NULL;
  if (!model->has_signal)
    lead = g_strdup_printf (_ ("It does not beat guessing: on quotes it had not seen, the model was no better than "
                               "giving each the average chance of %s. Do not "
                               "rank quotes by it."),
                            base);
  else if (!calls_any (called))
    {
      g_autofree char *threshold = vai_format_probability (called->threshold);
      lead = g_strdup_printf (
          _ ("It ranks quotes better than guessing, but gives none of them %s or more; the average chance is %s."),
          threshold, base);
    }
  else
    lead = write_verdict (model, called);
  vai_report_add (self, VAI_BLOCK_LEAD, lead);
  add_figures (self, model, called);
}

static char *
metric_title (VaiMetric metric, const char *threshold)
{
  switch (metric)
    {
    case VAI_METRIC_ACCURACY:
      return g_strdup_printf (_ ("Accuracy: won from %s on, lost below"), threshold);
    case VAI_METRIC_PRECISION:
      return g_strdup_printf (_ ("Precision: of those from %s on, won"), threshold);
    case VAI_METRIC_RECALL:
      return g_strdup_printf (_ ("Recall: of those won, from %s on"), threshold);
    case VAI_METRIC_F1:
      return g_strdup (_ ("F1: precision and recall together"));
    case VAI_METRIC_AUC_ROC:
      return g_strdup (_ ("AUC: ranks a won above a lost"));
    case VAI_METRIC_AVERAGE_PRECISION:
      return g_strdup (_ ("Average precision: over all thresholds"));
    case VAI_METRIC_BRIER:
      return g_strdup (_ ("Brier score: error of the chance, lower is better"));
    case VAI_METRIC_LOG_LOSS:
      return g_strdup (_ ("Log loss: same, harder on false certainty"));
    case VAI_METRIC_CALIBRATION_ERROR:
    case VAI_N_METRICS:
    default:
      return g_strdup (_ ("Calibration error: says 70%, means 70%"));
    }
}

static void
add_metrics (VaiReport *self, const VaiModel *model, const VaiMetrics *metrics)
{
  g_autofree char *threshold = vai_format_probability (metrics->threshold);
  VaiBlock *table = vai_report_add (self, VAI_BLOCK_TABLE, _ ("Metrics, each with its 95% range"));
  vai_block_take_row (table, g_strdup (_ ("Metric")), g_strdup (_ ("Value")), g_strdup (_ ("95% range")),
                      g_strdup (_ ("Guessing")), NULL);
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      g_autofree char *low = vai_format_number (metrics->low[m], 2), *high = vai_format_number (metrics->high[m], 2);
      double guess = vai_model_guess (model, m);
      gboolean known = isfinite (metrics->low[m]) && isfinite (metrics->high[m]);
      vai_block_take_row (table, metric_title (m, threshold), vai_format_number (metrics->value[m], 2),
                          known ? g_strdup_printf ("%s – %s", low, high) : g_strdup (_ ("not measured")),
                          isfinite (guess) ? vai_format_number (guess, 2) : g_strdup (_ ("not comparable")), NULL);
    }
}

void
vai_report_add_certainty (VaiReport *self, const VaiModel *model, const VaiMetrics *called)
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
  if (model->against_baseline.p_value <= 1 && isfinite (model->against_baseline.difference))
    {
      g_autofree char *p_value = vai_format_p_value (model->against_baseline.p_value);
      g_autofree char *compared = g_strdup_printf (
          model->has_signal ? _ ("The difference from guessing is real (p %s, paired test of log loss).")
                            : _ ("The difference from guessing may be chance (p %s, paired test of log loss)."),
          p_value);
      vai_report_add (self, VAI_BLOCK_PARAGRAPH, compared);
    }
  add_metrics (self, model, called);
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
  if (vai_model_is_honest (model))
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
      vai_model_ranks_well (model)
          ? _ ("It ranks well: work the top of the list first.")
          : _ ("It ranks better than guessing, not sharply: use the order as a hint beside your own judgement."));
  g_autofree char *work = g_strdup_printf (
      _ ("To miss few won quotes without chasing many lost ones, work all from %s on: that balances the two best."),
      threshold);
  vai_report_add (self, VAI_BLOCK_BULLET, work);
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("Look at the range beside each chance: a quote is likely where all of it is above 50%, and too "
                     "close to call where it crosses 50%."));
}

void
vai_report_add_limits (VaiReport *self, const VaiModel *model)
{
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("It says what went together with winning in the past, not what causes it: changing a field need "
                     "not change the outcome as much."));
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("It knows what was in the table and nothing else: a new competitor or price list is not in it."));
  vai_report_add (self, VAI_BLOCK_BULLET, _ ("It gets old: train again when the win rate or the quotes change."));
  vai_report_add (self, VAI_BLOCK_BULLET,
                  _ ("The range beside a chance holds the win rate of quotes scored like it nine times in ten, not the "
                     "outcome of one quote."));
  if (model->n_rows < VAI_MODEL_FEW_ROWS)
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

/* What names the model and says what it was made of, and has not been said above. */
void
vai_report_add_card (VaiReport *self, const VaiModel *model)
{
  VaiBlock *table = vai_report_add (self, VAI_BLOCK_TABLE, "");
  vai_block_take_row (table, g_strdup (_ ("Fact")), g_strdup (_ ("Value")), NULL);
  if (model->schema->outcome != NULL)
    vai_block_take_row (table, g_strdup (_ ("Column with the outcome")), g_strdup (model->schema->outcome), NULL);
  vai_block_take_row (table, g_strdup (_ ("Learner")), g_strdup (vai_algorithm_title (model->chosen)), NULL);
  vai_block_take_row (table, g_strdup (_ ("Won quotes learned from")), vai_format_count (model->n_won), NULL);
  vai_block_take_row (table, g_strdup (_ ("Lost quotes learned from")), vai_format_count (model->n_rows - model->n_won),
                      NULL);
  vai_block_take_row (table, g_strdup (_ ("Quotes without an outcome, not learned from")),
                      vai_format_count (model->n_open), NULL);
  vai_block_take_row (table, g_strdup (_ ("Columns it looks at")), vai_format_count (model->schema->features->len),
                      NULL);
  vai_block_take_row (table, g_strdup (_ ("Seed")), g_strdup_printf ("%" G_GUINT64_FORMAT, model->seed), NULL);
  if (model->data_fingerprint != NULL)
    vai_block_take_row (table, g_strdup (_ ("Fingerprint of the data (sha256)")), g_strdup (model->data_fingerprint),
                        NULL);
}
