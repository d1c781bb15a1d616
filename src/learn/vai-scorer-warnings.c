#include "vai-scorer.h"

#include "vai-format.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* An opening date so many days after the newest past quote is told: the model is old. */
#define OLD_DAYS 365

/* A feature with a smaller share of the importance is not missed when it is empty. */
#define IMPORTANCE_MIN 0.01

static char *
warn_number (const VaiFeature *feature, double value)
{
  double least = feature->seen[0], most = feature->seen[VAI_N_SEEN_QUANTILES - 1];
  if (isnan (least))
    return g_strdup_printf (_ ("“%s” was empty in every past quote: the model does not know what it does."),
                            feature->name);
  if (value >= least && value <= most)
    return NULL;
  g_autofree char *own = vai_format_value (value, feature->decimals),
                  *from = vai_format_value (least, feature->decimals), *to = vai_format_value (most, feature->decimals);
  return g_strdup_printf (_ ("“%s” is %s, outside what past quotes had (%s to %s)."), feature->name, own, from, to);
}

/* Open quotes are newer than decided ones: only a year is worth a word. */
static char *
warn_date (const VaiFeature *feature, double value)
{
  double newest = feature->seen[VAI_N_SEEN_QUANTILES - 1];
  if (feature->role != VAI_ROLE_OPENED_DATE || isnan (newest) || value <= newest + OLD_DAYS)
    return NULL;
  g_autofree char *date = vai_format_date ((gint64) floor (newest) * VAI_SECONDS_PER_DAY);
  return g_strdup_printf (
      _ ("The model is old for this quote: the newest past quote is of %s. Train it on newer ones."), date);
}

static char *
warn_feature (const VaiModel *model, const VaiFrame *frame, guint row, guint f)
{
  const VaiFeature *feature = vai_schema_feature (model->schema, f);
  const VaiFrameColumn *column = &frame->columns[f];
  if (vai_frame_is_missing (frame, row, f))
    {
      gboolean matters = model->importance == NULL || model->importance[f] >= IMPORTANCE_MIN;
      return matters && feature->n_missing == 0
                 ? g_strdup_printf (_ ("“%s” is empty; every past quote had it."), feature->name)
                 : NULL;
    }
  if (feature->type == VAI_TYPE_NUMBER)
    return warn_number (feature, column->numbers[row]);
  if (feature->type == VAI_TYPE_DATE)
    return warn_date (feature, column->numbers[row]);
  if (feature->type != VAI_TYPE_CATEGORY || column->codes[row] != VAI_CODE_UNSEEN)
    return NULL;
  g_autofree char *value = vai_frame_dup_text (frame, row, f);
  return g_strdup_printf (_ ("“%s” has the value “%s”, which no past quote had."), feature->name, value);
}

char *
vai_scorer_dup_warning (VaiScorer *self, const VaiFrame *frame, guint row, guint feature)
{
  return warn_feature (vai_scorer_get_model (self), frame, row, feature);
}

GPtrArray *
vai_scorer_warnings (VaiScorer *self, const VaiFrame *frame, guint row)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);
  for (guint f = 0; f < frame->n_features; f++)
    {
      char *warning = vai_scorer_dup_warning (self, frame, row, f);
      if (warning != NULL)
        g_ptr_array_add (warnings, warning);
    }
  return warnings;
}
