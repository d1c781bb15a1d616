#include "vai-range.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const names[VAI_N_VERDICTS] = {
  [VAI_VERDICT_NOT_ENOUGH_SIMILAR] = "not_enough_similar",
  [VAI_VERDICT_VERY_LIKELY] = "very_likely",
  [VAI_VERDICT_LIKELY] = "likely",
  [VAI_VERDICT_VERY_UNLIKELY] = "very_unlikely",
  [VAI_VERDICT_UNLIKELY] = "unlikely",
  [VAI_VERDICT_TOO_CLOSE] = "too_close",
};

static const char *const sentences[VAI_N_VERDICTS] = {
  [VAI_VERDICT_NOT_ENOUGH_SIMILAR] = N_ ("Not enough similar quotes"),
  [VAI_VERDICT_VERY_LIKELY] = N_ ("Very likely to be won"),
  [VAI_VERDICT_LIKELY] = N_ ("Likely to be won"),
  [VAI_VERDICT_VERY_UNLIKELY] = N_ ("Very unlikely to be won"),
  [VAI_VERDICT_UNLIKELY] = N_ ("Unlikely to be won"),
  [VAI_VERDICT_TOO_CLOSE] = N_ ("Too close to call"),
};

static const char *const chip_words[VAI_N_VERDICTS] = {
  [VAI_VERDICT_NOT_ENOUGH_SIMILAR] = N_ ("Too few like it"),
  [VAI_VERDICT_VERY_LIKELY] = N_ ("Very likely"),
  [VAI_VERDICT_LIKELY] = N_ ("Likely"),
  [VAI_VERDICT_VERY_UNLIKELY] = N_ ("Very unlikely"),
  [VAI_VERDICT_UNLIKELY] = N_ ("Unlikely"),
  [VAI_VERDICT_TOO_CLOSE] = N_ ("Too close to call"),
};

static const char *const tenths[] = { N_ ("none"), N_ ("one"),   N_ ("two"),   N_ ("three"), N_ ("four"), N_ ("five"),
                                      N_ ("six"),  N_ ("seven"), N_ ("eight"), N_ ("nine"),  N_ ("ten") };

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

const char *
vai_verdict_chip_word (VaiVerdict verdict)
{
  g_return_val_if_fail (verdict < VAI_N_VERDICTS, NULL);
  return _ (chip_words[verdict]);
}

VaiVerdict
vai_verdict_from_name (const char *name)
{
  for (guint i = 0; i < VAI_N_VERDICTS; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return VAI_N_VERDICTS;
}

int
vai_tenths (double share)
{
  return isfinite (share) ? CLAMP ((int) floor (10 * share + 0.5), 0, 10) : 0;
}

const char *
vai_tenths_word (double share)
{
  return _ (tenths[vai_tenths (share)]);
}

char *
vai_verdict_of_ten (double low, double high)
{
  int from = vai_tenths (low), to = vai_tenths (high);
  if (to == 0)
    return g_strdup (_ ("Of ten like this, none is won."));
  if (from == to)
    return to == 1 ? g_strdup (_ ("Of ten like this, one is won."))
                   : g_strdup_printf (_ ("Of ten like this, %s are won."), _ (tenths[to]));
  if (from == 0)
    return to == 1 ? g_strdup (_ ("Of ten like this, at most one is won."))
                   : g_strdup_printf (_ ("Of ten like this, at most %s are won."), _ (tenths[to]));
  return g_strdup_printf (_ ("Of ten like this, %s to %s are won."), _ (tenths[from]), _ (tenths[to]));
}
