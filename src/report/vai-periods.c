#include "vai-periods.h"

#include "vai-column.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A line of more points than this says less. */
#define PERIODS_MAX 36

/* A date of the year 9999 is a placeholder; a table over centuries has no use for a line over time. */
#define SPAN_MAX 400

/* So much of a period may be without quotes at its end. */
#define PARTIAL_SHARE 0.1

static gint64
period_of (gint64 seconds, guint months)
{
  gint64 year, days = seconds / VAI_SECONDS_PER_DAY - (seconds % VAI_SECONDS_PER_DAY < 0);
  guint month, day;
  vai_civil_from_days (days, &year, &month, &day);
  gint64 index = year * 12 + month - 1;
  return index >= 0 ? index / months : -((-index + months - 1) / months);
}

static char *
name_period (gint64 period, guint months)
{
  gint64 month = period * months;
  gint year = month / 12;
  if (months == 12)
    return g_strdup_printf ("%d", year);
  if (months == 3)
    return g_strdup_printf (_ ("Q%d %d"), (int) (month % 12 / 3 + 1), year);
  g_autoptr (GDateTime) date = g_date_time_new_utc (CLAMP (year, 1, 9999), month % 12 + 1, 1, 0, 0, 0);
  return g_date_time_format (date, "%b %Y");
}

/* Seconds at which @period begins. */
static gint64
begin_of (gint64 period, guint months)
{
  gint64 month = period * months;

  return vai_days_from_civil (month / 12, (guint) (month % 12) + 1, 1) * VAI_SECONDS_PER_DAY;
}

/* Quotes are not opened on every day: that a few are missing at its end does not make a period a part of one. */
static gboolean
is_partial (const gint64 *opened, gsize n, guint months, gint64 period)
{
  gint64 begin = begin_of (period, months), end = begin_of (period + 1, months), latest = begin;

  for (gsize i = 0; i < n; i++)
    if (opened[i] != VAI_TIME_MISSING)
      latest = MAX (latest, opened[i]);
  return (double) (end - latest) > PARTIAL_SHARE * (double) (end - begin);
}

static gboolean
find_ends (const gint64 *opened, gsize n, guint months, gint64 *first, gint64 *last)
{
  *first = G_MAXINT64;
  *last = G_MININT64;
  for (gsize i = 0; opened != NULL && i < n; i++)
    if (opened[i] != VAI_TIME_MISSING)
      {
        gint64 period = period_of (opened[i], months);
        *first = MIN (*first, period);
        *last = MAX (*last, period);
      }
  return *first <= *last && *first >= 0;
}

static void
fill (VaiPeriods *self,
      const gint64 *opened,
      const guint8 *won,
      const double *probability,
      gsize n,
      guint months,
      gint64 first)
{
  guint *n_won = (guint *) self->n_won->data, *n_decided = (guint *) self->n_decided->data;
  double *predicted = (double *) self->predicted->data;
  g_autofree guint *n_predicted = g_new0 (guint, MAX (self->names->len, 1));
  for (gsize i = 0; i < n; i++)
    if (opened[i] != VAI_TIME_MISSING)
      {
        guint index = period_of (opened[i], months) - first;
        n_won[index] += won[i] != 0;
        n_decided[index]++;
        if (isnan (probability[i]))
          continue;
        predicted[index] += probability[i];
        n_predicted[index]++;
      }
  for (guint p = 0; p < self->names->len; p++)
    predicted[p] = n_predicted[p] > 0 ? predicted[p] / n_predicted[p] : NAN;
}

VaiPeriods *
vai_periods_new (const gint64 *opened, const guint8 *won, const double *probability, gsize n)
{
  static const guint lengths[] = { 1, 3, 12 };
  VaiPeriods *self = g_new0 (VaiPeriods, 1);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->n_won = g_array_new (FALSE, TRUE, sizeof (guint));
  self->n_decided = g_array_new (FALSE, TRUE, sizeof (guint));
  self->predicted = g_array_new (FALSE, TRUE, sizeof (double));
  gint64 first, last;
  guint months = 0;
  for (guint k = 0; k < G_N_ELEMENTS (lengths); k++)
    {
      months = lengths[k];
      if (!find_ends (opened, n, months, &first, &last))
        return self;
      if (last - first < PERIODS_MAX)
        break;
    }
  if (last - first >= SPAN_MAX)
    return self;
  self->partial = is_partial (opened, n, months, last);
  for (gint64 period = first; period <= last; period++)
    {
      g_autofree char *name = name_period (period, months);
      g_ptr_array_add (self->names, period == last && self->partial ? g_strdup_printf (_ ("%s (in part)"), name)
                                                                    : g_steal_pointer (&name));
    }
  g_array_set_size (self->n_won, self->names->len);
  g_array_set_size (self->n_decided, self->names->len);
  g_array_set_size (self->predicted, self->names->len);
  fill (self, opened, won, probability, n, months, first);
  return self;
}

void
vai_periods_free (VaiPeriods *self)
{
  g_ptr_array_unref (self->names);
  g_array_unref (self->n_won);
  g_array_unref (self->n_decided);
  g_array_unref (self->predicted);
  g_free (self);
}
