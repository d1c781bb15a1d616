#include "vai-chart-kinds.h"
#include "vai-chart-private.h"

#include "vai-format.h"
#include "vai-wilson.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static char *
with_unit (double value, const char *unit)
{
  guint decimals = value == round (value) ? 0 : fabs (value) >= 100 ? 0 : 1;
  g_autofree char *number = vai_format_number (value, decimals);
  if (unit == NULL || *unit == '\0')
    return g_steal_pointer (&number);
  return g_strconcat (number, g_str_equal (unit, "%") ? "" : " ", unit, NULL);
}

/* Index of the finite value nearest to @x; @n when there is none. */
static guint
nearest (const double *values, guint n, double x)
{
  guint best = n;
  for (guint i = 0; i < n; i++)
    if (isfinite (values[i]) && (best == n || fabs (values[i] - x) < fabs (values[best] - x)))
      best = i;
  return best;
}

/* The part of a line that has support is drawn whole, the rest goes on dashed and grey; the parts share their border
 * point. */
static void
add_supported_line (VaiChart *self,
                    guint panel,
                    const VaiCourse *course,
                    const double *y,
                    VaiColor color,
                    const char *label,
                    VaiColor text)
{
  g_autofree double *known = g_memdup2 (y, course->n * sizeof *y), *unknown = g_memdup2 (y, course->n * sizeof *y);
  for (guint i = 0; i < course->n; i++)
    {
      gboolean beside = (i > 0 && course->supported[i - 1]) || (i + 1 < course->n && course->supported[i + 1]);
      known[i] = course->supported[i] ? y[i] : NAN;
      unknown[i]
          = course->supported[i]
                    && (!beside || (i > 0 && course->supported[i - 1] && i + 1 < course->n && course->supported[i + 1]))
                ? NAN
                : y[i];
    }
  VaiLayer *dashed
      = vai_plot_add (self->plot, panel, VAI_LAYER_LINE, VAI_COLOR_AXIS, course->x, unknown, NULL, NULL, course->n);
  dashed->dash = VAI_DASH_DASHED;
  dashed->width = 1.5;
  VaiLayer *line = vai_plot_add (self->plot, panel, VAI_LAYER_LINE, color, course->x, known, NULL, NULL, course->n);
  line->width = panel == 0 ? 2.5 : 2;
  if (label != NULL)
    vai_layer_label (line, label, text, course->x[course->n * 3 / 4]);
}

static void
add_grey (VaiChart *self, const VaiCourse *course)
{
  for (guint from = 0; from < course->n;)
    {
      guint to = from;
      while (to < course->n && !course->supported[to])
        to++;
      if (to == from)
        {
          from++;
          continue;
        }
      double ends[] = { course->x[from > 0 ? from - 1 : 0], course->x[MIN (to, course->n - 1)] };
      VaiLayer *grey = vai_plot_add (self->plot, 0, VAI_LAYER_GREY, VAI_COLOR_AXIS, ends, NULL, NULL, NULL, 2);
      vai_layer_label (grey, _ ("no similar quotes"), VAI_COLOR_TEXT, NAN);
      from = to;
    }
}

static void
add_now (VaiChart *self, const VaiCourse *course, guint now)
{
  if (now == course->n)
    return;
  double x = course->x[now];
  vai_plot_add (self->plot, 0, VAI_LAYER_RULE, VAI_COLOR_AXIS, &x, NULL, NULL, NULL, 1);
  VaiLayer *point
      = vai_plot_add (self->plot, 0, VAI_LAYER_POINTS, VAI_COLOR_WON, &x, &course->chance[now], NULL, NULL, 1);
  g_autofree char *value = with_unit (course->now, course->unit), *label = g_strdup_printf (_ ("%s now"), value);
  point->mark = VAI_MARK_CIRCLE;
  point->label_bold = TRUE;
  vai_layer_label (point, label, VAI_COLOR_TEXT, x);
}

/* The most earned where there is support; n when nothing is known. */
static guint
find_best (const VaiCourse *course)
{
  guint best = course->n;
  for (guint i = 0; course->earned != NULL && i < course->n; i++)
    if (course->supported[i] && isfinite (course->earned[i])
        && (best == course->n || course->earned[i] > course->earned[best]))
      best = i;
  return best;
}

static void
add_earned (VaiChart *self, const VaiCourse *course, guint now, guint best)
{
  self->plot->n_panels = 2;
  self->plot->panels[1].y.kind = VAI_AXIS_SHORT;
  self->plot->panels[1].y.unit = g_strdup (course->currency);
  double zero = 0;
  vai_plot_add (self->plot, 1, VAI_LAYER_LINE, VAI_COLOR_AXIS, course->x, &zero, NULL, NULL, 1);
  add_supported_line (self, 1, course, course->earned, VAI_COLOR_SECOND, course->earned_name, VAI_COLOR_SECOND);
  if (now < course->n)
    vai_plot_add (self->plot, 1, VAI_LAYER_RULE, VAI_COLOR_AXIS, &course->x[now], NULL, NULL, NULL, 1);
  VaiLayer *point = vai_plot_add (self->plot, 1, VAI_LAYER_POINTS, VAI_COLOR_SECOND, &course->x[best],
                                  &course->earned[best], NULL, NULL, 1);
  g_autofree char *value = with_unit (course->x[best], course->unit), *label = g_strdup_printf (_ ("best %s"), value);
  point->mark = VAI_MARK_DIAMOND;
  point->label_bold = TRUE;
  vai_layer_label (point, label, VAI_COLOR_SECOND, course->x[best]);
}

static char *
course_finding (const VaiCourse *course, guint now, guint best)
{
  guint highest = 0;
  for (guint i = 1; i < course->n; i++)
    if (course->supported[i] && (!course->supported[highest] || course->chance[i] > course->chance[highest]))
      highest = i;
  GString *text = g_string_new (NULL);
  g_autofree char *top = with_unit (course->x[highest], course->unit),
                  *top_chance = vai_format_probability (course->chance[highest]);
  if (now < course->n)
    {
      g_autofree char *present = with_unit (course->now, course->unit),
                      *chance = vai_format_probability (course->chance[now]);
      /* Where no quote is alike, the chance may be above the highest that past quotes speak for. */
      g_string_append_printf (text,
                              course->supported[now]
                                  ? _ ("With %s at %s the chance is %s; it is highest, %s, at %s.")
                                  : _ ("With %s at %s the chance is %s, though no past quote is alike; where some are, "
                                       "it is highest, %s, at %s."),
                              course->name, present, chance, top_chance, top);
    }
  else
    g_string_append_printf (text, _ ("The chance is highest, %s, with %s at %s."), top_chance, course->name, top);
  if (best < course->n)
    {
      g_autofree char *value = with_unit (course->x[best], course->unit);
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("%s is greatest at %s."), course->earned_name, value);
    }
  if (course->warning != NULL)
    g_string_append_printf (text, " %s", course->warning);
  return g_string_free (text, FALSE);
}

static gboolean
is_course_drawable (const VaiCourse *course)
{
  guint known = 0;
  for (guint i = 0; i < course->n; i++)
    known += isfinite (course->x[i]) && isfinite (course->chance[i]);
  return course->n >= 2 && known == course->n && course->x[course->n - 1] > course->x[0];
}

VaiChart *
vai_chart_new_curve (const VaiCourse *course)
{
  VaiChart *self = vai_chart_new (
      VAI_CHART_CURVE, course->name,
      course->earned != NULL ? _ ("chance to win, and what is earned") : _ ("chance to win"), course->name,
      _ ("Chance"), _ ("At least"), _ ("At most"), _ ("Earned"), _ ("Similar quotes"), NULL);
  if (!is_course_drawable (course))
    return vai_chart_set_empty (self, _ ("There are too few different values to draw a curve."));
  self->plot = vai_plot_new (VAI_AXIS_NUMBER, VAI_AXIS_PROBABILITY);
  self->plot->x.exact = TRUE;
  self->plot->x.unit = g_strdup (course->unit);
  add_grey (self, course);
  g_autofree double *low = g_memdup2 (course->low, course->n * sizeof *low),
                    *high = g_memdup2 (course->high, course->n * sizeof *high);
  for (guint i = 0; i < course->n; i++)
    if (!course->supported[i])
      low[i] = high[i] = NAN;
  vai_plot_add (self->plot, 0, VAI_LAYER_BAND, VAI_COLOR_WON, course->x, NULL, low, high, course->n);
  add_supported_line (self, 0, course, course->chance, VAI_COLOR_WON, NULL, VAI_COLOR_WON_TEXT);
  guint now = isfinite (course->now) ? nearest (course->x, course->n, course->now) : course->n,
        best = find_best (course);
  add_now (self, course, now);
  if (best < course->n)
    add_earned (self, course, now, best);
  for (guint i = 0; i < course->n; i++)
    {
      gboolean earned = course->earned != NULL && isfinite (course->earned[i]);
      vai_plot_add_anchor (self->plot, 0, course->x[i], course->chance[i]);
      vai_chart_take_row (self, with_unit (course->x[i], course->unit), vai_format_probability (course->chance[i]),
                          vai_format_probability (course->low[i]), vai_format_probability (course->high[i]),
                          earned ? vai_format_money (course->earned[i], course->currency) : g_strdup (_ ("not known")),
                          g_strdup (course->supported[i] ? _ ("yes") : _ ("no")), NULL);
    }
  vai_chart_take_finding (self, course_finding (course, now, best));
  return self;
}

/* The line of what was won; to a period that is not over it is dotted, and says so. */
static void
add_rates (VaiChart *self, const double *x, const double *rate, guint n, gboolean partial)
{
  guint n_whole = partial ? n - 1 : n;
  g_autofree char *last = vai_format_percent (rate[n - 1]);
  g_autofree char *label = g_strdup_printf (partial ? _ ("won %s (in part)") : _ ("won %s"), last);
  VaiLayer *line = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, x, rate, NULL, NULL, n_whole);
  if (partial)
    {
      line = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, x + n - 2, rate + n - 2, NULL, NULL, 2);
      line->dash = VAI_DASH_DOTTED;
    }
  line->label_bold = TRUE;
  vai_layer_label (line, label, VAI_COLOR_WON_TEXT, NAN);
  vai_plot_add (self->plot, 0, VAI_LAYER_POINTS, VAI_COLOR_WON, &x[n - 1], &rate[n - 1], NULL, NULL, 1)->mark
      = VAI_MARK_CIRCLE;
}

static void
add_periods (VaiChart *self,
             const char *const *periods,
             const guint *n_won,
             const guint *n_decided,
             const double *predicted,
             guint n,
             gboolean partial)
{
  g_autofree double *x = g_new (double, n), *rate = g_new (double, n), *low = g_new (double, n),
                    *high = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      x[i] = i;
      rate[i] = n_decided[i] > 0 ? (double) n_won[i] / n_decided[i] : NAN;
      vai_wilson (n_won[i], n_decided[i], &low[i], &high[i]);
      if (n_decided[i] == 0)
        low[i] = high[i] = NAN;
      g_ptr_array_add (self->plot->names, g_strdup (periods[i]));
      vai_plot_add_anchor (self->plot, 0, x[i], rate[i]);
      vai_chart_take_row (self, g_strdup (periods[i]), vai_format_percent (rate[i]), vai_format_count (n_won[i]),
                          vai_format_count (n_decided[i]),
                          predicted != NULL ? vai_format_percent (predicted[i]) : g_strdup (_ ("not known")), NULL);
    }
  vai_plot_add (self->plot, 0, VAI_LAYER_BAND, VAI_COLOR_WON, x, NULL, low, high, n);
  if (predicted != NULL)
    {
      VaiLayer *line = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_SECOND, x, predicted, NULL, NULL, n);
      g_autofree char *last = vai_format_percent (predicted[n - 1]),
                      *label = g_strdup_printf (_ ("predicted %s"), last);
      line->dash = VAI_DASH_DASHED;
      line->width = 2;
      vai_layer_label (line, label, VAI_COLOR_SECOND, NAN);
    }
  add_rates (self, x, rate, n, partial);
}

VaiChart *
vai_chart_new_win_rate (const char *const *periods,
                        const guint *n_won,
                        const guint *n_decided,
                        const double *predicted,
                        guint n,
                        gboolean partial)
{
  VaiChart *self = vai_chart_new (VAI_CHART_WIN_RATE, _ ("Win rate over time"),
                                  _ ("share of decided quotes won, with its 95% range"), _ ("Period"), _ ("Won"),
                                  _ ("Number won"), _ ("Decided"), _ ("Predicted"), NULL);
  guint n_known = 0, first = n, last = 0;
  for (guint i = 0; i < n; i++)
    if (n_decided[i] > 0)
      {
        n_known++;
        first = MIN (first, i);
        last = i;
      }
  if (n_known < 2)
    return vai_chart_set_empty (self, _ ("The quotes have no dates, or all fall into one period."));
  self->plot = vai_plot_new (VAI_AXIS_NAMES, VAI_AXIS_PERCENT);
  /* Periods without decisions at either end are not part of the story. */
  add_periods (self, periods + first, n_won + first, n_decided + first, predicted != NULL ? predicted + first : NULL,
               last - first + 1, partial && last == n - 1);
  g_autofree char *from = vai_format_percent ((double) n_won[first] / n_decided[first]),
                  *to = vai_format_percent ((double) n_won[last] / n_decided[last]);
  vai_chart_take_finding (self, g_strdup_printf (_ ("%s of the decided quotes were won in %s, %s in %s."), to,
                                                 periods[last], from, periods[first]));
  return self;
}

static void
add_dependence (VaiChart *self,
                const char *const *labels,
                const double *x,
                const double *probability,
                const guint *support,
                guint n)
{
  for (guint i = 0; i < n; i++)
    {
      double place = x != NULL ? x[i] : i;
      if (x == NULL)
        g_ptr_array_add (self->plot->names, g_strdup (labels[i]));
      vai_plot_add_anchor (self->plot, 0, place, probability[i]);
      vai_chart_take_row (self, x != NULL ? with_unit (x[i], NULL) : g_strdup (labels[i]),
                          vai_format_probability (probability[i]), vai_format_count (support[i]), NULL);
    }
  if (x != NULL)
    {
      vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, x, probability, NULL, NULL, n);
      return;
    }
  g_autofree double *places = g_new (double, n);
  for (guint i = 0; i < n; i++)
    places[i] = i;
  vai_plot_add (self->plot, 0, VAI_LAYER_BARS, VAI_COLOR_WON, places, probability, NULL, NULL, n)->width = 0.6;
  /* Half a bar of room at both ends. */
  self->plot->x.scale = (VaiScale){ -0.5, n - 0.5 };
}

VaiChart *
vai_chart_new_dependence (const char *name,
                          const char *const *labels,
                          const double *x,
                          const double *probability,
                          const guint *support,
                          guint n,
                          double average)
{
  VaiChart *self = vai_chart_new (VAI_CHART_DEPENDENCE, name, _ ("chance to win, all else as it is"), name,
                                  _ ("Chance"), _ ("Quotes near it"), NULL);
  guint highest = 0, lowest = 0, known = 0;
  for (guint i = 0; i < n; i++)
    {
      known += isfinite (probability[i]) && (x == NULL || isfinite (x[i]));
      highest = probability[i] > probability[highest] ? i : highest;
      lowest = probability[i] < probability[lowest] ? i : lowest;
    }
  if (n == 0 || known < n)
    return vai_chart_set_empty (self, _ ("There are too few different values to draw a curve."));
  self->plot = vai_plot_new (x != NULL ? VAI_AXIS_NUMBER : VAI_AXIS_NAMES, VAI_AXIS_PROBABILITY);
  self->plot->x.exact = TRUE;
  self->plot->x_title = g_strdup (name);
  add_dependence (self, labels, x, probability, support, n);
  double ends[] = { self->plot->x.scale.min, self->plot->x.scale.max }, mean[] = { average, average };
  g_autofree char *percent = vai_format_percent (average), *label = g_strdup_printf (_ ("your average %s"), percent);
  VaiLayer *line = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_AXIS, ends, mean, NULL, NULL, 2);
  line->dash = VAI_DASH_DOTTED;
  line->width = 1.2;
  vai_layer_label (line, label, VAI_COLOR_DIM_TEXT, ends[0] + 0.8 * (ends[1] - ends[0]));
  g_autofree char *best = vai_format_probability (probability[highest]),
                  *worst = vai_format_probability (probability[lowest]);
  vai_chart_take_finding (
      self, g_strdup_printf (_ ("All else as it is, the chance is highest, %s, at %s and lowest, %s, at %s."), best,
                             vai_chart_get_cell (self, highest, 0), worst, vai_chart_get_cell (self, lowest, 0)));
  return self;
}
