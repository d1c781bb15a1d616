#include "vai-chart-kinds.h"
#include "vai-chart-private.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* No scale of a waterfall is shorter: a hundredth of a point must not look like a cliff. */
#define WATERFALL_SPAN_MIN 0.1

/* A drift is drawn up to so many times what chance gives. */
#define DRIFT_SPAN 6

/* A name longer than this is cut before it is laid out; what can be seen of it is far less. */
#define NAME_CHARACTERS_MAX 200

static char *
dup_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  return g_utf8_strlen (valid, -1) > NAME_CHARACTERS_MAX ? g_utf8_substring (valid, 0, NAME_CHARACTERS_MAX)
                                                         : g_steal_pointer (&valid);
}

typedef struct
{
  guint index;
  double size;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  if (x->size != y->size)
    return x->size > y->size ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* Greatest first, ties as given; what is not finite counts as nothing. Free with g_free(). */
static Ranked *
rank (const double *sizes, gsize stride, guint n)
{
  Ranked *ranked = g_new (Ranked, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      double size = *(const double *) ((const char *) sizes + i * stride);
      ranked[i] = (Ranked){ i, isfinite (size) ? fabs (size) : 0 };
    }
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  return ranked;
}

VaiChart *
vai_chart_new_confusion (gsize found, gsize missed, gsize false_hope, gsize rightly_left, double threshold)
{
  g_autofree char *percent = vai_format_probability (threshold);
  g_autofree char *title = g_strdup_printf (_ ("Confusion at %s"), percent);
  g_autofree char *all = vai_format_count (found + missed + false_hope + rightly_left);
  g_autofree char *subtitle = g_strdup_printf (_ ("%s quotes it had not seen"), all);
  VaiChart *self = vai_chart_new (VAI_CHART_CONFUSION, title, subtitle, _ ("Quotes"), _ ("Number"), NULL);
  if (found + missed + false_hope + rightly_left == 0)
    return vai_chart_set_empty (self, _ ("There are no decided quotes to count yet."));
  self->cells = g_new (VaiCells, 1);
  *self->cells = (VaiCells){ found, missed, false_hope, rightly_left, threshold };
  /* By what they were given, not “called likely”: that is the word of a verdict, which looks at the range. */
  vai_chart_take_row (self, g_strdup_printf (_ ("won, from %s on: found"), percent), vai_format_count (found), NULL);
  vai_chart_take_row (self, g_strdup_printf (_ ("won, below %s: missed"), percent), vai_format_count (missed), NULL);
  vai_chart_take_row (self, g_strdup_printf (_ ("lost, from %s on: false hope"), percent),
                      vai_format_count (false_hope), NULL);
  vai_chart_take_row (self, g_strdup_printf (_ ("lost, below %s: rightly left"), percent),
                      vai_format_count (rightly_left), NULL);
  g_autofree char *n_found = vai_format_count (found), *n_won = vai_format_count (found + missed);
  g_autofree char *n_false = vai_format_count (false_hope), *n_lost = vai_format_count (false_hope + rightly_left);
  /* Guessing takes as many, blindly: it finds the same share of the won as of the lost. */
  g_autofree char *blind
      = vai_format_percent ((double) (found + false_hope) / (found + missed + false_hope + rightly_left));
  vai_chart_take_finding (self, g_strdup_printf (_ ("At %s, %s of %s won quotes are found and %s of %s lost ones raise "
                                                    "false hope; guessing as often would find %s of the won."),
                                                 percent, n_found, n_won, n_false, n_lost, blind));
  return self;
}

static void
add_importance (VaiChart *self, char *name, double share, double low, double high, gboolean rest)
{
  VaiBar bar = { .name = name,
                 .value = vai_format_percent (share),
                 .to = share,
                 .low = low,
                 .high = high,
                 .color = rest ? VAI_COLOR_NEUTRAL : VAI_COLOR_WON,
                 .text_color = VAI_COLOR_DIM_TEXT,
                 .fill = rest ? VAI_FILL_OUTLINED : VAI_FILL_SOLID };
  g_array_append_val (self->bars->bars, bar);
  self->bars->scale.max = MAX (self->bars->scale.max, isfinite (high) ? high : share);
  vai_chart_take_row (self, g_strdup (name), g_strdup (bar.value), NULL);
}

VaiChart *
vai_chart_new_importance (const char *const *names, const double *share, const double *low, const double *high, guint n)
{
  VaiChart *self = vai_chart_new (VAI_CHART_IMPORTANCE, _ ("What it looks at"), _ ("share of the decision"),
                                  _ ("Column"), _ ("Share of the decision"), NULL);
  g_autofree Ranked *ranked = rank (share, sizeof *share, n);
  if (n == 0 || !(ranked[0].size > 0))
    return vai_chart_set_empty (self, _ ("No column weighs anything in this model."));
  self->bars = vai_bars_new ();
  guint shown = n > VAI_IMPORTANCE_ROWS ? VAI_IMPORTANCE_ROWS - 1 : n;
  double rest = 0;
  for (guint i = 0; i < n; i++)
    {
      guint k = ranked[i].index;
      if (i < shown)
        add_importance (self, dup_name (names[k]), ranked[i].size, low != NULL ? low[k] : NAN,
                        high != NULL ? high[k] : NAN, FALSE);
      else
        rest += ranked[i].size;
    }
  if (shown < n)
    add_importance (self, g_strdup_printf (_ ("Other, %u columns"), n - shown), rest, NAN, NAN, TRUE);
  g_autofree char *first = dup_name (names[ranked[0].index]), *first_share = vai_format_percent (ranked[0].size);
  if (n == 1 || ranked[1].size == 0)
    vai_chart_take_finding (self, g_strdup_printf (_ ("It looks at “%s” alone."), first));
  else
    {
      g_autofree char *second = dup_name (names[ranked[1].index]), *second_share = vai_format_percent (ranked[1].size);
      vai_chart_take_finding (self, g_strdup_printf (_ ("“%s” weighs most, %s of the decision, then “%s”, %s."), first,
                                                     first_share, second, second_share));
    }
  return self;
}

static double
logit (double p)
{
  p = CLAMP (p, 1e-9, 1 - 1e-9);
  return log (p / (1 - p));
}

static double
sigmoid (double margin)
{
  return 1 / (1 + exp (-margin));
}

/* One step: @end is where it leads to on the probability scale. */
static void
add_step (VaiChart *self, char *name, const char *detail, double from, double to, VaiFill pale)
{
  double points = to - from;
  gboolean up = round (100 * points) > 0, down = round (100 * points) < 0;
  VaiBar bar = { .name = name,
                 .detail = detail != NULL ? dup_name (detail) : NULL,
                 .value = vai_format_points (points),
                 .from = from,
                 .to = to,
                 .low = NAN,
                 .high = NAN,
                 .joined = TRUE };
  bar.color = points < 0 ? VAI_COLOR_LOST : VAI_COLOR_WON;
  bar.text_color = up ? VAI_COLOR_WON_TEXT : down ? VAI_COLOR_LOST_TEXT : VAI_COLOR_DIM_TEXT;
  bar.fill = points < 0 ? VAI_FILL_HATCHED : pale;
  g_array_append_val (self->bars->bars, bar);
  self->bars->scale.min = MIN (self->bars->scale.min, to);
  self->bars->scale.max = MAX (self->bars->scale.max, to);
  vai_chart_take_row (self, g_strdup (name), g_strdup (bar.detail != NULL ? bar.detail : ""), g_strdup (bar.value),
                      NULL);
}

static void
add_end (VaiChart *self, const char *name, double at, gboolean average)
{
  VaiBar bar = { .name = g_strdup (name),
                 .value = vai_format_probability (at),
                 .from = at,
                 .to = at,
                 .low = NAN,
                 .high = NAN,
                 .color = average ? VAI_COLOR_NEUTRAL : VAI_COLOR_WON,
                 .text_color = average ? VAI_COLOR_DIM_TEXT : VAI_COLOR_TEXT,
                 .mark = average ? VAI_MARK_SQUARE : VAI_MARK_CIRCLE,
                 .bold = !average };
  g_array_append_val (self->bars->bars, bar);
  vai_chart_take_row (self, g_strdup (name), g_strdup (""), g_strdup (bar.value), NULL);
}

/* A value that was not given says nothing of the quote: it is named only where nothing else moves the chance that way.
 */
static gboolean
is_greater (const VaiBar *bar, const VaiBar *best, double sign)
{
  double points = sign * (bar->to - bar->from);
  if (!(points > 0))
    return FALSE;
  if (best == NULL || bar->absent != best->absent)
    return best == NULL || best->absent;
  return points > sign * (best->to - best->from);
}

/* “Discount” (+8 points) */
static char *
dup_reason (const VaiBar *bar)
{
  return bar->absent ? g_strdup_printf (_ ("that “%s” is not given (%s)"), bar->name, bar->value)
                     : g_strdup_printf (_ ("“%s” (%s)"), bar->name, bar->value);
}

static char *
waterfall_finding (const VaiChart *self, guint n_steps, double average, double probability)
{
  const VaiBar *most = NULL, *least = NULL;
  /* The average stands before the steps; “Other” and calibration after them are nobody's reasons. */
  for (guint i = 1; i <= n_steps; i++)
    {
      const VaiBar *bar = &g_array_index (self->bars->bars, VaiBar, i);
      most = is_greater (bar, most, 1) ? bar : most;
      least = is_greater (bar, least, -1) ? bar : least;
    }
  g_autofree char *chance = vai_format_probability (probability), *base = vai_format_probability (average);
  g_autofree char *good = most != NULL ? dup_reason (most) : NULL, *bad = least != NULL ? dup_reason (least) : NULL;
  if (good != NULL && bad != NULL)
    return g_strdup_printf (_ ("%s, where the average quote has %s: most for it is %s, most against it %s."), chance,
                            base, good, bad);
  if (good != NULL)
    return g_strdup_printf (_ ("%s, where the average quote has %s: most for it is %s."), chance, base, good);
  if (bad != NULL)
    return g_strdup_printf (_ ("%s, where the average quote has %s: most against it is %s."), chance, base, bad);
  return g_strdup_printf (_ ("%s, where the average quote has %s."), chance, base);
}

VaiChart *
vai_chart_new_waterfall (const VaiWaterfallStep *steps, guint n, double average, double probability)
{
  VaiChart *self = vai_chart_new (VAI_CHART_WATERFALL, _ ("Why"), _ ("points of probability"), _ ("Column"),
                                  _ ("Value"), _ ("Points"), NULL);
  if (!isfinite (average) || !isfinite (probability))
    return vai_chart_set_empty (self, _ ("This quote has no score to explain."));
  g_autofree Ranked *ranked = n > 0 ? rank (&steps->contribution, sizeof *steps, n) : NULL;
  self->bars = vai_bars_new ();
  self->bars->rule = average;
  self->bars->scale = (VaiScale){ MIN (average, probability), MAX (average, probability) };
  add_end (self, _ ("Average quote"), average, TRUE);
  double margin = logit (average), at = average;
  guint shown = MIN (n, VAI_WATERFALL_STEPS);
  for (guint i = 0; i < n; i++)
    {
      const VaiWaterfallStep *step = &steps[ranked[i].index];
      margin += isfinite (step->contribution) ? step->contribution : 0;
      double to = sigmoid (margin);
      if (i < shown)
        {
          add_step (self, dup_name (step->name), step->value, at, to, VAI_FILL_SOLID);
          g_array_index (self->bars->bars, VaiBar, self->bars->bars->len - 1).absent = step->absent;
          at = to;
        }
      else if (i == n - 1)
        {
          g_autofree char *count
              = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u column", "%u columns", n - shown), n - shown);
          add_step (self, g_strdup (_ ("Other")), count, at, to, VAI_FILL_PALE);
          at = to;
        }
    }
  add_step (self, g_strdup (_ ("Calibration")), NULL, at, probability, VAI_FILL_PALE);
  add_end (self, _ ("This quote"), probability, FALSE);
  VaiScale *scale = &self->bars->scale;
  double pad = MAX (0.04 * (scale->max - scale->min), (WATERFALL_SPAN_MIN - (scale->max - scale->min)) / 2);
  *scale = (VaiScale){ scale->min - pad, scale->max + pad };
  vai_chart_take_finding (self, waterfall_finding (self, shown, average, probability));
  return self;
}

static void
add_drift (VaiChart *self, const VaiDriftBar *drift)
{
  g_autofree char *chance = vai_format_number (drift->chance, 2);
  VaiBar bar = { .name = dup_name (drift->name),
                 .value = vai_format_number (drift->index, 2),
                 .to = drift->index,
                 .low = NAN,
                 .high = NAN,
                 .under = drift->chance,
                 .color = drift->shifted ? VAI_COLOR_LOST : VAI_COLOR_NEUTRAL,
                 .text_color = drift->shifted ? VAI_COLOR_LOST_TEXT : VAI_COLOR_DIM_TEXT,
                 .fill = drift->shifted ? VAI_FILL_HATCHED : VAI_FILL_SOLID,
                 .bold = drift->shifted };
  g_array_append_val (self->bars->bars, bar);
  vai_chart_take_row (self, g_strdup (bar.name), g_strdup (bar.value), g_steal_pointer (&chance),
                      g_strdup (drift->shifted ? _ ("yes") : _ ("no")), NULL);
}

VaiChart *
vai_chart_new_drift (const VaiDriftBar *bars, guint n, gsize n_quotes)
{
  g_autofree char *quotes = vai_format_count (n_quotes);
  g_autofree char *subtitle = g_strdup_printf (_ ("grey: as much as chance gives in %s quotes"), quotes);
  VaiChart *self = vai_chart_new (VAI_CHART_DRIFT, _ ("What has shifted"), subtitle, _ ("Column"),
                                  _ ("Population stability index"), _ ("Chance gives"), _ ("Shifted"), NULL);
  g_autofree Ranked *ranked = rank (n > 0 ? &bars[0].index : NULL, sizeof *bars, n);
  guint n_shifted = 0;
  if (n == 0)
    return vai_chart_set_empty (self, _ ("Too early to tell: a shift is looked for from 50 quotes on."));
  self->bars = vai_bars_new ();
  double chance = 0;
  for (guint i = 0; i < n; i++)
    {
      chance = MAX (chance, bars[i].chance);
      add_drift (self, &bars[ranked[i].index]);
      n_shifted += bars[i].shifted;
    }
  /* A column that has left its values altogether must not flatten all others. */
  self->bars->scale.max = MAX (chance, MIN (bars[ranked[0].index].index, DRIFT_SPAN * chance));
  vai_chart_take_finding (
      self, n_shifted == 0 ? g_strdup (_ ("No column has moved further than chance gives."))
                           : g_strdup_printf (ngettext ("%u column has moved further than chance gives.",
                                                        "%u columns have moved further than chance gives.", n_shifted),
                                              n_shifted));
  return self;
}
