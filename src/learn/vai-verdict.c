#include "vai-range.h"

#include <glib/gi18n-lib.h>

static const char *const names[VAI_N_VERDICTS] = {
  [VAI_VERDICT_NOT_ENOUGH_SIMILAR] = "not_enough_similar",
  [VAI_VERDICT_VERY_LIKELY] = "very_likely",
  [VAI_VERDICT_LIKELY] = "likely",
  [VAI_VERDICT_VERY_UNLIKELY] = "very_unlikely",
  [VAI_VERDICT_UNLIKELY] = "unlikely",
  [VAI_VERDICT_TOO_CLOSE] = "too_close",
};

static const char *const sentences[VAI_N_VERDICTS] = {
  [VAI_VERDICT_NOT_ENOUGH_SIMILAR] = N_ ("Not enough similar quotes to say"),
  [VAI_VERDICT_VERY_LIKELY] = N_ ("Very likely to be won"),
  [VAI_VERDICT_LIKELY] = N_ ("Likely to be won"),
  [VAI_VERDICT_VERY_UNLIKELY] = N_ ("Very unlikely to be won"),
  [VAI_VERDICT_UNLIKELY] = N_ ("Unlikely to be won"),
  [VAI_VERDICT_TOO_CLOSE] = N_ ("Too close to call"),
};

/* Relations in the words people use, each up to a ratio halfway to the next. */
static const struct
{
  double below;
  const char *words;
} relations[] = {
  { 0.075, N_ ("less than a tenth of your average") },
  { 0.15, N_ ("a tenth of your average") },
  { 0.225, N_ ("a fifth of your average") },
  { 0.29, N_ ("a quarter of your average") },
  { 0.42, N_ ("a third of your average") },
  { 0.6, N_ ("half your average") },
  { 0.85, N_ ("below your average") },
  { 1.15, N_ ("about your average") },
  { 1.35, N_ ("above your average") },
  { 1.75, N_ ("one and a half times your average") },
  { 2.5, N_ ("twice your average") },
  { 3.5, N_ ("three times your average") },
  { 4.5, N_ ("four times your average") },
  { 5.5, N_ ("five times your average") },
  { 6.5, N_ ("six times your average") },
  { 7.5, N_ ("seven times your average") },
  { 8.5, N_ ("eight times your average") },
  { 9.5, N_ ("nine times your average") },
  { 11, N_ ("ten times your average") },
};

VaiVerdict
vai_verdict (double low, double high, guint n_similar)
{
  if (n_similar < VAI_SIMILAR_MIN || high - low > VAI_RANGE_WIDTH_MAX)
    return VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  if (low >= 0.75)
    return VAI_VERDICT_VERY_LIKELY;
  if (low >= 0.5)
    return VAI_VERDICT_LIKELY;
  if (high <= 0.25)
    return VAI_VERDICT_VERY_UNLIKELY;
  if (high <= 0.5)
    return VAI_VERDICT_UNLIKELY;
  return VAI_VERDICT_TOO_CLOSE;
}

const char *
vai_verdict_name (VaiVerdict verdict)
{
  g_return_val_if_fail (verdict < VAI_N_VERDICTS, NULL);
  return names[verdict];
}

const char *
vai_verdict_sentence (VaiVerdict verdict)
{
  g_return_val_if_fail (verdict < VAI_N_VERDICTS, NULL);
  return _ (sentences[verdict]);
}

char *
vai_verdict_relation (double probability, double base_rate)
{
  double ratio = base_rate > 0 ? probability / base_rate : 1;
  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    if (ratio < relations[i].below)
      return g_strdup (_ (relations[i].words));
  return g_strdup (_ ("more than ten times your average"));
}
