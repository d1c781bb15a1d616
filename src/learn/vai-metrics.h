/* How good probabilities are. Definitions are scikit-learn's (1.2), and agree with it to 1e-9. Plain arrays: @won is 0
 * or 1, @probability 0..1. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_METRIC_ACCURACY,
  VAI_METRIC_PRECISION, /* 0 when nothing is called won */
  VAI_METRIC_RECALL,
  VAI_METRIC_F1,
  VAI_METRIC_AUC_ROC,
  VAI_METRIC_AVERAGE_PRECISION,
  VAI_METRIC_BRIER,
  VAI_METRIC_LOG_LOSS,          /* probabilities kept 2^-52 away from 0 and 1 */
  VAI_METRIC_CALIBRATION_ERROR, /* mean |mean probability - win rate| over 10 bins of equal count by ascending
                                 * probability (as numpy.array_split sizes them; fewer rows than 10: a bin each); rows
                                 * of equal probability share their win rate */
  VAI_N_METRICS
} VaiMetric;

/* "accuracy", "precision", "recall", "f1", "auc_roc", "average_precision", "brier", "log_loss", "calibration_error". */
const char *vai_metric_name (VaiMetric metric);

typedef struct
{
  double value[VAI_N_METRICS];
  double low[VAI_N_METRICS]; /* 95 % bootstrap interval, NaN until asked for */
  double high[VAI_N_METRICS];
  double threshold; /* of the label metrics */
  gsize n, n_won;
} VaiMetrics;

/* Called won: probability ≥ @threshold. Needs at least one row of each class for AUC and average precision (else NaN).
 * O(n log n). */
void vai_metrics_compute (VaiMetrics *self, const guint8 *won, const double *probability, gsize n, double threshold);

/* The AUC that vai_metrics_compute() gives, alone: of won rows, the share of lost ones that stand below, ties by half.
 * NaN when there is one class. */
double vai_metrics_auc (const guint8 *won, const double *probability, gsize n);

/* Fills low and high around the values of vai_metrics_compute(): percentiles of @replicates resamplings of whole groups
 * (@groups NULL: of rows), widened to hold the value. Fewer replicates, down to 200, where rows × replicates would be
 * over twenty million. */
void vai_metrics_bootstrap (VaiMetrics *self,
                            const guint8 *won,
                            const double *probability,
                            const guint32 *groups,
                            gsize n,
                            guint replicates,
                            guint64 seed);

/* The threshold with the best F1 on these rows; ties take the lowest. */
double vai_metrics_best_f1_threshold (const guint8 *won, const double *probability, gsize n);

/* Points of the curves, for charts and reports; arrays of doubles to free with g_array_unref(). ROC: false and true
 * positive rate from (0,0) to (1,1); precision-recall: recall from 0 and precision; gain: share of rows worked, share
 * of won found. */
void vai_metrics_roc (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y);
void vai_metrics_precision_recall (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y);
void vai_metrics_gain (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y);

/* Paired comparison of two sets of probabilities for the same rows: mean of log loss A - B and its 95 % interval by
 * resampling groups, and a two-sided p-value (normal, standard error by groups). */
typedef struct
{
  double difference, low, high, p_value;
} VaiComparison;

void vai_metrics_compare (VaiComparison *result,
                          const guint8 *won,
                          const double *probability_a,
                          const double *probability_b,
                          const guint32 *groups,
                          gsize n,
                          guint64 seed);

/* Several predictions of the same rows. */
typedef struct
{
  VaiMetrics *const *metrics; /* of each prediction, from vai_metrics_compute() */
  const double *const *probabilities;
  guint n_predictions; /* at least 1; those after the first have few different values */
  const guint8 *won;
  const guint32 *groups; /* nullable */
  gsize n;
} VaiPredictions;

/* vai_metrics_bootstrap() of all over the same draws, and with @comparison, nullable, the first compared with the last
 * as vai_metrics_compare() does. The same with any number of threads. */
void vai_metrics_bootstrap_all (const VaiPredictions *data,
                                VaiComparison *comparison,
                                guint replicates,
                                guint64 seed,
                                guint threads);

G_END_DECLS
