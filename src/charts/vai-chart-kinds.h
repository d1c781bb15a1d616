/* The kinds of charts, each made from plain arrays. Empty or degenerate data give a chart with one sentence in its
 * middle, never an error. */
#pragma once

#include "vai-chart.h"

G_BEGIN_DECLS

/* A curve of quality over all thresholds, with what stands on it. */
typedef struct
{
  const double *x, *y; /* ascending in x */
  gsize n;
  const double *band_x, *band_low, *band_high; /* nullable: 95 % band */
  gsize n_band;
  double point_x, point_y; /* where the threshold is; NaN: nowhere */
  double threshold;
  double value, low, high; /* AUC, average precision; NaN where it has none */
  double base_rate;        /* what guessing gives, where it is not the diagonal */
  gboolean of_revenue;     /* gain: y is the share of the revenue won, not of the quotes won */
} VaiQualityCurve;

/* False positive rate, true positive rate; value is the AUC. */
VaiChart *vai_chart_new_roc (const VaiQualityCurve *curve);

/* Recall, precision; value is the average precision. */
VaiChart *vai_chart_new_precision_recall (const VaiQualityCurve *curve);

/* Share of quotes worked, best score first; share of those won that is among them. Without a point it speaks of the
 * best 40 %. */
VaiChart *vai_chart_new_gain (const VaiQualityCurve *curve);

/* From the gain curve: how many times the average win rate the best share has. */
VaiChart *vai_chart_new_lift (const VaiQualityCurve *curve);

#define VAI_CALIBRATION_BINS 10

/* Bins of equal count by order of probability, each with the 95 % Wilson interval of its win rate. @error is the
 * calibration error, NaN when not known. */
VaiChart *vai_chart_new_calibration (const guint8 *won,
                                     const double *probability,
                                     gsize n,
                                     double error,
                                     double low,
                                     double high);

/* Won and lost quotes by the chance they were given. */
VaiChart *vai_chart_new_histogram (const guint8 *won, const double *probability, gsize n);

VaiChart *vai_chart_new_confusion (gsize found, gsize missed, gsize false_hope, gsize rightly_left, double threshold);

/* @share by name, in any order; @low, @high nullable. The greatest VAI_IMPORTANCE_ROWS are shown, the rest as one. */
#define VAI_IMPORTANCE_ROWS 12
VaiChart *vai_chart_new_importance (const char *const *names,
                                    const double *share,
                                    const double *low,
                                    const double *high,
                                    guint n);

/* One column's part in one score. */
typedef struct
{
  const char *name;
  const char *value;   /* nullable: as the quote has it */
  double contribution; /* in log-odds */
  gboolean absent;     /* the quote has no value: a reason to name only where there is no other */
} VaiWaterfallStep;

/* From @average to @probability, both 0..1, in points of probability: steps by size, those after VAI_WATERFALL_STEPS as
 * "Other", then what is left between the sum and the probability as calibration. Points depend on the order, so this is
 * the one place that orders them. */
#define VAI_WATERFALL_STEPS 7
VaiChart *vai_chart_new_waterfall (const VaiWaterfallStep *steps, guint n, double average, double probability);

/* The chance along one field, over what is earned (nullable). */
typedef struct
{
  const char *name; /* of the field */
  const char *unit; /* nullable */
  const double *x;  /* ascending */
  const double *chance, *low, *high;
  const double *earned;    /* nullable; NaN where not known */
  const char *earned_name; /* "Expected margin", "Expected revenue" */
  const char *currency;    /* nullable: of what is earned */
  const gboolean *supported;
  guint n;
  double now;          /* NaN: the quote has no value */
  const char *warning; /* nullable: goes into the finding */
} VaiCourse;

VaiChart *vai_chart_new_curve (const VaiCourse *course);

/* Share of decided quotes won in each period, with its 95 % Wilson interval, and the share that was predicted
 * (nullable). @partial: the quotes end within the last period, which is drawn and called so. */
VaiChart *vai_chart_new_win_rate (const char *const *periods,
                                  const guint *n_won,
                                  const guint *n_decided,
                                  const double *predicted,
                                  guint n,
                                  gboolean partial);

/* Mean chance at each value of a feature. Numbers when @x is given, places with @labels when it is NULL. @support: past
 * quotes near it. */
VaiChart *vai_chart_new_dependence (const char *name,
                                    const char *const *labels,
                                    const double *x,
                                    const double *probability,
                                    const guint *support,
                                    guint n,
                                    double average);

/* How far each column has moved, by its population stability index, over as much as chance gives in @n_quotes quotes.
 */
typedef struct
{
  const char *name;
  double index, chance;
  gboolean shifted;
} VaiDriftBar;

VaiChart *vai_chart_new_drift (const VaiDriftBar *bars, guint n, gsize n_quotes);

G_END_DECLS
