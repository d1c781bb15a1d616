#include "vai-card.h"

#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <math.h>

/* Features named in the card: the rest weighs little. */
#define FEATURES_MAX 15

static const char *
metric_title (VaiMetric metric)
{
  switch (metric)
    {
    case VAI_METRIC_ACCURACY:
      return _ ("Accuracy: share of quotes called right");
    case VAI_METRIC_PRECISION:
      return _ ("Precision: of those called won, share that were");
    case VAI_METRIC_RECALL:
      return _ ("Recall: of those won, share that were called");
    case VAI_METRIC_F1:
      return _ ("F1: precision and recall in one");
    case VAI_METRIC_AUC_ROC:
      return _ ("AUC: chance that a won quote ranks above a lost one");
    case VAI_METRIC_AVERAGE_PRECISION:
      return _ ("Average precision");
    case VAI_METRIC_BRIER:
      return _ ("Brier score: mean squared error of the probability, less is better");
    case VAI_METRIC_LOG_LOSS:
      return _ ("Log loss: less is better");
    case VAI_METRIC_CALIBRATION_ERROR:
      return _ ("Calibration error: mean gap between probability and win rate");
    case VAI_N_METRICS:
    default:
      return "";
    }
}

static void
write_data (const VaiModel *model, GString *card)
{
  g_string_append_printf (
      card,
      _ ("It was trained on %u decided quotes: %u won, %u lost (base rate %.1f%%). %u quotes without a decision "
         "were not used.\n\n"),
      (guint) model->n_rows, (guint) model->n_won, (guint) (model->n_rows - model->n_won), 100 * model->base_rate,
      (guint) model->n_open);
  g_string_append_printf (card, _ ("Data fingerprint (sha256): %s\n\n"), model->data_fingerprint);
}

static void
write_verdict (const VaiModel *model, GString *card)
{
  const VaiMetrics *metrics = &model->at_half;
  if (!model->has_signal)
    {
      g_string_append (
          card,
          _ ("**No better than the base rate.** On quotes it had not seen, the model was not better than giving every "
             "quote the average win rate, beyond what chance does. Do not rank quotes by it.\n\n"));
      return;
    }
  g_string_append_printf (
      card,
      _ ("On quotes it had not seen, it ranked a won quote above a lost one %.0f times in 100 (guessing: 50; "
         "95%% interval %.0f to %.0f).\n\n"),
      100 * metrics->value[VAI_METRIC_AUC_ROC], 100 * metrics->low[VAI_METRIC_AUC_ROC],
      100 * metrics->high[VAI_METRIC_AUC_ROC]);
  double base = model->baseline.value[VAI_METRIC_BRIER];
  g_string_append_printf (
      card,
      _ ("Its probabilities were closer to the outcomes than the base rate by %.1f%% (Brier score %.4f against "
         "%.4f).\n\n"),
      100 * (1 - metrics->value[VAI_METRIC_BRIER] / base), metrics->value[VAI_METRIC_BRIER], base);
}

static void
write_validation (const VaiModel *model, GString *card)
{
  if (g_strcmp0 (model->validation, "walk-forward") == 0)
    g_string_append_printf (
        card, _ ("Tested by date: %u periods, each predicted by a model that knew only quotes decided before it.\n"),
        model->folds);
  else if (model->repeats == 1)
    g_string_append_printf (card,
                            _ ("Tested by cross-validation: %u folds; every quote was predicted by models that had "
                               "not seen it. Repeated quotes and quotes of one identifier stayed on one side.\n"),
                            model->folds);
  else
    g_string_append_printf (
        card,
        _ ("Tested by cross-validation: %u folds, repeated %u times; every quote was predicted by models that had "
           "not seen it. Repeated quotes and quotes of one identifier stayed on one side.\n"),
        model->folds, model->repeats);
  g_string_append (
      card,
      _ ("Settings, calibration and threshold were chosen inside each training part, so no figure below comes from "
         "quotes that the model had seen.\n\n"));
}

static void
write_metrics (const VaiModel *model, GString *card)
{
  g_string_append_printf (card, _ ("| | at 50%% | 95%% interval | at the threshold (%.1f%%) | base rate |\n"),
                          100 * model->threshold);
  g_string_append (card, "| --- | --- | --- | --- | --- |\n");
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      double guess = vai_model_guess (model, i);
      g_autofree char *guessing = isfinite (guess) ? g_strdup_printf ("%.4f", guess) : g_strdup ("–");
      g_string_append_printf (card, "| %s | %.4f | %.4f – %.4f | %.4f | %s |\n", metric_title (i),
                              model->at_half.value[i], model->at_half.low[i], model->at_half.high[i],
                              model->at_threshold.value[i], guessing);
    }
  g_string_append_c (card, '\n');
}

typedef struct
{
  const char *name;
  double share;
  guint index;
} Weighed;

static int
compare_weighed (gconstpointer a, gconstpointer b)
{
  const Weighed *x = a, *y = b;
  if (x->share != y->share)
    return x->share > y->share ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

static void
write_features (const VaiModel *model, GString *card)
{
  guint n = model->schema->features->len;
  g_autofree Weighed *weighed = g_new (Weighed, n);
  for (guint i = 0; i < n; i++)
    weighed[i] = (Weighed){ vai_schema_feature (model->schema, i)->name, model->importance[i], i };
  qsort (weighed, n, sizeof *weighed, compare_weighed);
  g_string_append_printf (card, _ ("It learned from %u columns. What weighs most, as a share of the whole:\n\n"), n);
  for (guint i = 0; i < MIN (n, FEATURES_MAX); i++)
    g_string_append_printf (card, "- %s: %.1f%%\n", weighed[i].name, 100 * weighed[i].share);
  g_string_append_c (card, '\n');
  if (model->ignored->len == 0)
    return;
  g_string_append (card, _ ("Columns it did not learn from:\n\n"));
  for (guint i = 0; i < model->ignored->len; i++)
    {
      const VaiRemark *column = g_ptr_array_index (model->ignored, i);
      g_autofree char *reason = vai_remark_words (column);
      g_string_append_printf (card, "- %s: %s\n", column->subject, reason);
    }
  g_string_append_c (card, '\n');
}

static void
write_limits (const VaiModel *model, GString *card)
{
  g_string_append (
      card,
      _ ("- It knows what was in the table and nothing else: a new competitor or price list is not in it.\n"
         "- It shows what went together with winning. That changing a value changes the outcome is not shown.\n"
         "- It gets old: train again when win rate or quotes change.\n"
         "- A range beside a score holds the win rate of quotes scored like it in nine cases of ten, not the outcome "
         "of one quote.\n"));
  for (guint i = 0; i < model->warnings->len; i++)
    {
      g_autofree char *words = vai_remark_words (g_ptr_array_index (model->warnings, i));
      g_string_append_printf (card, "- %s\n", words);
    }
}

char *
vai_card_write (const VaiModel *model)
{
  GString *card = g_string_new (NULL);
  g_string_append_printf (card, "# %s\n\n", _ ("Model card"));
  g_string_append_printf (card, _ ("This model gives the chance that a quote will be won (column “%s”). It is %s.\n\n"),
                          model->schema->outcome != NULL ? model->schema->outcome : "",
                          vai_algorithm_title (model->chosen));
  write_verdict (model, card);
  g_string_append_printf (card, "## %s\n\n", _ ("Data"));
  write_data (model, card);
  g_string_append_printf (card, "## %s\n\n", _ ("How it was tested"));
  write_validation (model, card);
  write_metrics (model, card);
  g_string_append_printf (card, "## %s\n\n", _ ("Columns"));
  write_features (model, card);
  g_string_append_printf (card, "## %s\n\n", _ ("Limits"));
  write_limits (model, card);
  return g_string_free (card, FALSE);
}

char *
vai_card_write_english (const VaiModel *model)
{
  /* The locale of this thread alone: gettext and printf() ask it, other threads go on in their language. */
  locale_t english = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  locale_t before = uselocale (english);
  char *card = vai_card_write (model);
  uselocale (before);
  freelocale (english);
  return card;
}
