#include "vai-chart-kinds.h"
#include "vai-chart-private.h"

#include "vai-format.h"
#include "vai-wilson.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A step function of 20,000 points looks the same with these. */
#define CURVE_POINTS_MAX 400

/* Rows of the table of a curve: one can be read out. */
#define CURVE_ROWS 21

/* Lift over fewer quotes than this share is noise. */
#define LIFT_FROM 0.05

/* The best-scored share that a gain or lift chart speaks of. */
#define WORKED_SHARE 0.4
#define LIFT_SHARE 0.1

static gboolean
is_drawable (const VaiQualityCurve *curve)
{
  gsize known = 0;
  for (gsize i = 0; i < curve->n; i++)
    known += isfinite (curve->x[i]) && isfinite (curve->y[i]);
  return curve->n >= 2 && known == curve->n;
}

static double
curve_at (const VaiQualityCurve *curve, double x)
{
  for (gsize i = 1; i < curve->n; i++)
    if (curve->x[i] >= x)
      {
        double width = curve->x[i] - curve->x[i - 1];
        return width > 0 ? curve->y[i - 1] + (x - curve->x[i - 1]) / width * (curve->y[i] - curve->y[i - 1])
                         : curve->y[i];
      }
  return curve->y[curve->n - 1];
}

/* Every stride-th point and the last. Arrays to free with g_free(). */
static gsize
thin (const VaiQualityCurve *curve, double **x, double **y)
{
  gsize stride = 1 + (curve->n - 1) / CURVE_POINTS_MAX, kept = 0;
  *x = g_new (double, curve->n / stride + 2);
  *y = g_new (double, curve->n / stride + 2);
  for (gsize i = 0; i < curve->n; i += stride)
    {
      (*x)[kept] = curve->x[i];
      (*y)[kept++] = curve->y[i];
    }
  (*x)[kept] = curve->x[curve->n - 1];
  (*y)[kept++] = curve->y[curve->n - 1];
  return kept;
}

static void
add_curve (VaiChart *self, const VaiQualityCurve *curve)
{
  if (curve->n_band > 0)
    vai_plot_add (self->plot, 0, VAI_LAYER_BAND, VAI_COLOR_WON, curve->band_x, NULL, curve->band_low, curve->band_high,
                  curve->n_band);
  g_autofree double *x = NULL, *y = NULL;
  gsize n = thin (curve, &x, &y);
  vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, x, y, NULL, NULL, n);
}

static void
add_point (VaiChart *self, const VaiQualityCurve *curve, const char *label)
{
  if (!isfinite (curve->point_x) || !isfinite (curve->point_y))
    return;
  VaiLayer *layer
      = vai_plot_add (self->plot, 0, VAI_LAYER_POINTS, VAI_COLOR_WON, &curve->point_x, &curve->point_y, NULL, NULL, 1);
  layer->mark = VAI_MARK_CIRCLE;
  layer->label_bold = TRUE;
  vai_layer_label (layer, label, VAI_COLOR_WON_TEXT, curve->point_x);
}

static void
add_guess (VaiChart *self, double y0, double y1, const char *label, double at)
{
  double x[] = { 0, 1 }, y[] = { y0, y1 };
  VaiLayer *layer = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_AXIS, x, y, NULL, NULL, 2);
  layer->width = 1.2;
  layer->dash = VAI_DASH_DOTTED;
  vai_layer_label (layer, label, VAI_COLOR_DIM_TEXT, at);
}

static void
add_curve_rows (VaiChart *self, const VaiQualityCurve *curve)
{
  for (guint i = 0; i < CURVE_ROWS; i++)
    {
      double x = (double) i / (CURVE_ROWS - 1), y = curve_at (curve, x);
      if (x < curve->x[0])
        continue;
      vai_plot_add_anchor (self->plot, 0, x, y);
      vai_chart_take_row (self, vai_format_percent (x), vai_format_percent (y), NULL);
    }
}

/* "0.86 (0.83 – 0.89)", without the brackets where there is no interval. */
static char *
format_interval (double value, double low, double high)
{
  g_autofree char *value_text = vai_format_number (value, 2);
  if (!isfinite (low) || !isfinite (high))
    return g_steal_pointer (&value_text);
  g_autofree char *low_text = vai_format_number (low, 2), *high_text = vai_format_number (high, 2);
  return g_strdup_printf ("%s (%s – %s)", value_text, low_text, high_text);
}

static char *
threshold_label (double threshold)
{
  g_autofree char *percent = vai_format_probability (threshold);
  return g_strdup_printf (_ ("threshold %s"), percent);
}

VaiChart *
vai_chart_new_roc (const VaiQualityCurve *curve)
{
  g_autofree char *auc = format_interval (curve->value, curve->low, curve->high);
  g_autofree char *subtitle = g_strdup_printf (_ ("won quotes found · AUC %s"), auc);
  VaiChart *self = vai_chart_new (VAI_CHART_ROC, _ ("ROC"), subtitle, _ ("Lost quotes raising false hope"),
                                  _ ("Won quotes found"), NULL);
  if (!is_drawable (curve))
    return vai_chart_set_empty (self, _ ("There are no won and lost quotes to tell apart yet."));
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_PROBABILITY);
  self->plot->x_title = g_strdup (_ ("lost quotes raising false hope"));
  add_curve (self, curve);
  g_autofree char *label = threshold_label (curve->threshold);
  add_point (self, curve, label);
  add_guess (self, 0, 1, _ ("guessing"), 0.6);
  add_curve_rows (self, curve);
  g_autofree char *times = vai_format_number (100 * curve->value, 0);
  vai_chart_take_finding (
      self, g_strdup_printf (
                _ ("Of a won and a lost quote it ranks the won one first %s times in 100; guessing does so 50 times."),
                times));
  return self;
}

VaiChart *
vai_chart_new_precision_recall (const VaiQualityCurve *curve)
{
  g_autofree char *average = format_interval (curve->value, curve->low, curve->high);
  g_autofree char *subtitle = g_strdup_printf (_ ("won, of all from the threshold on · average %s"), average);
  VaiChart *self = vai_chart_new (VAI_CHART_PRECISION_RECALL, _ ("Precision and recall"), subtitle,
                                  _ ("Won quotes found"), _ ("Won, of all from the threshold on"), NULL);
  if (!is_drawable (curve))
    return vai_chart_set_empty (self, _ ("There are no won quotes to find yet."));
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_PROBABILITY);
  self->plot->x_title = g_strdup (_ ("won quotes found"));
  add_curve (self, curve);
  g_autofree char *label = threshold_label (curve->threshold);
  add_point (self, curve, label);
  g_autofree char *base = vai_format_percent (curve->base_rate);
  g_autofree char *guess = g_strdup_printf (_ ("guessing %s"), base);
  add_guess (self, curve->base_rate, curve->base_rate, guess, 0.3);
  add_curve_rows (self, curve);
  g_autofree char *value = vai_format_percent (curve->value);
  vai_chart_take_finding (
      self, g_strdup_printf (_ ("Over all thresholds, %s of the quotes from there on are won; guessing gets %s."),
                             value, base));
  return self;
}

static char *
gain_label (const VaiQualityCurve *curve, const char *worked, const char *kept)
{
  return g_strdup_printf (curve->of_revenue ? _ ("%s of quotes, %s of revenue") : _ ("%s of quotes, %s of those won"),
                          worked, kept);
}

VaiChart *
vai_chart_new_gain (const VaiQualityCurve *curve)
{
  VaiChart *self = vai_chart_new (VAI_CHART_GAIN, _ ("Gain"),
                                  curve->of_revenue ? _ ("share of won revenue kept") : _ ("share of won quotes kept"),
                                  _ ("Quotes worked, best score first"),
                                  curve->of_revenue ? _ ("Won revenue among them") : _ ("Won quotes among them"), NULL);
  if (!is_drawable (curve))
    return vai_chart_set_empty (self, _ ("There are no won quotes to find yet."));
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_PROBABILITY);
  self->plot->x_title = g_strdup (_ ("quotes worked, best score first"));
  add_curve (self, curve);
  gboolean given = isfinite (curve->point_x) && isfinite (curve->point_y);
  VaiQualityCurve point = { .point_x = given ? curve->point_x : WORKED_SHARE,
                            .point_y = given ? curve->point_y : curve_at (curve, WORKED_SHARE) };
  g_autofree char *worked = vai_format_percent (point.point_x), *kept = vai_format_percent (point.point_y);
  g_autofree char *label = gain_label (curve, worked, kept);
  add_point (self, &point, label);
  add_guess (self, 0, 1, _ ("in any order"), 0.75);
  add_curve_rows (self, curve);
  vai_chart_take_finding (
      self,
      g_strdup_printf (
          curve->of_revenue
              ? _ ("The best-scored %s of the quotes hold %s of the revenue won; in any order they would hold %s.")
              : _ ("The best-scored %s of the quotes hold %s of those won; in any order they would hold %s."),
          worked, kept, worked));
  return self;
}

VaiChart *
vai_chart_new_lift (const VaiQualityCurve *curve)
{
  VaiChart *self = vai_chart_new (VAI_CHART_LIFT, _ ("Lift"), _ ("times the average win rate"),
                                  _ ("Quotes worked, best score first"), _ ("Times the average win rate"), NULL);
  if (!is_drawable (curve))
    return vai_chart_set_empty (self, _ ("There are no won quotes to find yet."));
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_NUMBER);
  self->plot->x_title = g_strdup (_ ("quotes worked, best score first"));
  double x[CURVE_ROWS], y[CURVE_ROWS];
  guint n = 0;
  for (guint i = 1; i < CURVE_ROWS; i++)
    {
      double share = (double) i / (CURVE_ROWS - 1);
      if (share < LIFT_FROM)
        continue;
      x[n] = share;
      y[n] = curve_at (curve, share) / share;
      vai_plot_add_anchor (self->plot, 0, share, y[n]);
      vai_chart_take_row (self, vai_format_percent (share), vai_format_number (y[n], 2), NULL);
      n++;
    }
  vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, x, y, NULL, NULL, n);
  /* Bars and lines that are compared stand on nothing. */
  double zero = 0;
  vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_AXIS, &zero, &zero, NULL, NULL, 1);
  add_guess (self, 1, 1, _ ("in any order"), 0.2);
  g_autofree char *best = vai_format_percent (LIFT_SHARE),
                  *times = vai_format_number (curve_at (curve, LIFT_SHARE) / LIFT_SHARE, 1);
  vai_chart_take_finding (
      self,
      g_strdup_printf (_ ("The best-scored %s of the quotes are won %s times as often as the average."), best, times));
  return self;
}

typedef struct
{
  double probability;
  guint8 won;
} Scored;

static int
compare_scored (gconstpointer a, gconstpointer b)
{
  double x = ((const Scored *) a)->probability, y = ((const Scored *) b)->probability;
  return x < y ? -1 : x > y;
}

/* The finite ones, ascending. Free with g_free(). */
static Scored *
sort_scored (const guint8 *won, const double *probability, gsize n, gsize *n_known)
{
  Scored *scored = g_new (Scored, MAX (n, 1));
  gsize kept = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite (probability[i]))
      scored[kept++] = (Scored){ probability[i], won[i] != 0 };
  qsort (scored, kept, sizeof *scored, compare_scored);
  *n_known = kept;
  return scored;
}

static void
add_bin (VaiChart *self, const Scored *scored, gsize n, double *said, double *rate, double *low, double *high)
{
  double sum = 0, n_won = 0;
  for (gsize i = 0; i < n; i++)
    {
      sum += scored[i].probability;
      n_won += scored[i].won;
    }
  *said = sum / n;
  *rate = n_won / n;
  vai_wilson (n_won, n, low, high);
  vai_plot_add_anchor (self->plot, 0, *said, *rate);
  vai_chart_take_row (self, vai_format_probability (*said), vai_format_percent (*rate), vai_format_percent (*low),
                      vai_format_percent (*high), vai_format_count (n), NULL);
}

VaiChart *
vai_chart_new_calibration (const guint8 *won,
                           const double *probability,
                           gsize n,
                           double error,
                           double low_error,
                           double high_error)
{
  g_autofree char *interval = format_interval (error, low_error, high_error);
  g_autofree char *subtitle = g_strdup_printf (_ ("how often they were won · error %s"), interval);
  VaiChart *self = vai_chart_new (VAI_CHART_CALIBRATION, _ ("Calibration"),
                                  isfinite (error) ? subtitle : _ ("how often they were won"), _ ("Chance it gave"),
                                  _ ("Won"), _ ("At least"), _ ("At most"), _ ("Quotes"), NULL);
  gsize known;
  g_autofree Scored *scored = sort_scored (won, probability, n, &known);
  if (known == 0)
    return vai_chart_set_empty (self, _ ("There are no decided quotes to compare with yet."));
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_PROBABILITY);
  self->plot->x_title = g_strdup (_ ("chance it gave"));
  add_guess (self, 0, 1, _ ("perfectly honest"), 0.7);
  double said[VAI_CALIBRATION_BINS], rate[VAI_CALIBRATION_BINS], low[VAI_CALIBRATION_BINS], high[VAI_CALIBRATION_BINS];
  guint bins = MIN (VAI_CALIBRATION_BINS, known), near = 0;
  double sum = 0;
  for (guint b = 0; b < bins; b++)
    {
      gsize from = known * b / bins, to = known * (b + 1) / bins;
      add_bin (self, scored + from, to - from, &said[b], &rate[b], &low[b], &high[b]);
      near = fabs (said[b] - 0.7) < fabs (said[near] - 0.7) ? b : near;
    }
  for (gsize i = 0; i < known; i++)
    sum += scored[i].won;
  VaiLayer *line = vai_plot_add (self->plot, 0, VAI_LAYER_LINE, VAI_COLOR_WON, said, rate, NULL, NULL, bins);
  line->width = 1.5;
  vai_plot_add (self->plot, 0, VAI_LAYER_POINTS, VAI_COLOR_WON, said, rate, low, high, bins)->mark = VAI_MARK_CIRCLE;
  g_autofree char *base = vai_format_percent (sum / known), *guess = g_strdup_printf (_ ("guessing %s"), base);
  add_guess (self, sum / known, sum / known, guess, 0.92);
  g_autofree char *chance = vai_format_probability (said[near]), *times = vai_format_number (100 * rate[near], 0);
  vai_chart_take_finding (self, g_strdup_printf (_ ("When it said %s, %s in 100 were won."), chance, times));
  return self;
}

#define HISTOGRAM_BINS 20

/* @scored ascending; the middle probability of those with this outcome. */
static double
median_of (const Scored *scored, gsize n, guint8 won, gsize n_such)
{
  gsize seen = 0;
  for (gsize i = 0; i < n; i++)
    if (scored[i].won == won && ++seen * 2 >= n_such)
      return scored[i].probability;
  return NAN;
}

static void
add_histogram_bars (VaiChart *self, const Scored *scored, gsize n, const double *total)
{
  double count[2][HISTOGRAM_BINS] = { 0 }, middle[HISTOGRAM_BINS], left[HISTOGRAM_BINS], right[HISTOGRAM_BINS];
  for (gsize i = 0; i < n; i++)
    count[scored[i].won][CLAMP ((int) (scored[i].probability * HISTOGRAM_BINS), 0, HISTOGRAM_BINS - 1)]++;
  for (guint b = 0; b < HISTOGRAM_BINS; b++)
    {
      middle[b] = (b + 0.5) / HISTOGRAM_BINS;
      left[b] = middle[b] - 0.22 / HISTOGRAM_BINS;
      right[b] = middle[b] + 0.22 / HISTOGRAM_BINS;
      g_autofree char *from = vai_format_percent ((double) b / HISTOGRAM_BINS),
                      *to = vai_format_percent ((b + 1.0) / HISTOGRAM_BINS);
      vai_plot_add_anchor (self->plot, 0, middle[b], MAX (count[0][b], count[1][b]));
      vai_chart_take_row (self, g_strdup_printf ("%s – %s", from, to), vai_format_count (count[1][b]),
                          vai_format_count (count[0][b]), NULL);
    }
  g_autofree char *n_won = vai_format_count (total[1]), *n_lost = vai_format_count (total[0]);
  g_autofree char *won = g_strdup_printf (_ ("%s won"), n_won), *lost = g_strdup_printf (_ ("%s lost"), n_lost);
  VaiLayer *bars
      = vai_plot_add (self->plot, 0, VAI_LAYER_BARS, VAI_COLOR_LOST, left, count[0], NULL, NULL, HISTOGRAM_BINS);
  bars->width = 0.42 / HISTOGRAM_BINS;
  bars->fill = VAI_FILL_HATCHED;
  vai_layer_label (bars, lost, VAI_COLOR_LOST_TEXT, median_of (scored, n, 0, total[0]));
  bars = vai_plot_add (self->plot, 0, VAI_LAYER_BARS, VAI_COLOR_WON, right, count[1], NULL, NULL, HISTOGRAM_BINS);
  bars->width = 0.42 / HISTOGRAM_BINS;
  vai_layer_label (bars, won, VAI_COLOR_WON_TEXT, median_of (scored, n, 1, total[1]));
}

VaiChart *
vai_chart_new_histogram (const guint8 *won, const double *probability, gsize n)
{
  VaiChart *self = vai_chart_new (VAI_CHART_HISTOGRAM, _ ("Chances given"), _ ("number of quotes"),
                                  _ ("Chance it gave"), _ ("Won"), _ ("Lost"), NULL);
  gsize known;
  g_autofree Scored *scored = sort_scored (won, probability, n, &known);
  if (known == 0)
    return vai_chart_set_empty (self, _ ("There are no decided quotes to show yet."));
  double total[2] = { 0 };
  for (gsize i = 0; i < known; i++)
    total[scored[i].won]++;
  self->plot = vai_plot_new (VAI_AXIS_PROBABILITY, VAI_AXIS_NUMBER);
  self->plot->x_title = g_strdup (_ ("chance it gave"));
  add_histogram_bars (self, scored, known, total);
  /* Room for the names above the bars. */
  self->plot->panels[0].y.scale.max *= 1.25;
  double base = total[1] / known;
  g_autofree char *rate = vai_format_percent (base), *guess = g_strdup_printf (_ ("guessing %s"), rate);
  VaiLayer *rule = vai_plot_add (self->plot, 0, VAI_LAYER_RULE, VAI_COLOR_AXIS, &base, NULL, NULL, NULL, 1);
  vai_layer_label (rule, guess, VAI_COLOR_DIM_TEXT, base);
  if (total[0] == 0 || total[1] == 0)
    {
      vai_chart_take_finding (
          self, g_strdup (total[0] == 0 ? _ ("All quotes shown were won.") : _ ("All quotes shown were lost.")));
      return self;
    }
  g_autofree char *high = vai_format_probability (median_of (scored, known, 1, total[1])),
                  *low = vai_format_probability (median_of (scored, known, 0, total[0]));
  vai_chart_take_finding (
      self, g_strdup_printf (_ ("Half of the won quotes had been given at least %s, half of the lost ones at most %s."),
                             high, low));
  return self;
}
