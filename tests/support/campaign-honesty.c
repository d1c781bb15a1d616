/* Shuffled outcomes: nothing can be learned, and every algorithm must say so. Mean reported AUC 0.50 ± 0.01 and Brier
 * no better than the base rate by more than two standard errors. Without --full: few small sets, for the test suite. */
#include "vai-simulation.h"
#include "vai-trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SETS_MAX 10000

typedef struct
{
  gboolean full;
  int sets, rows; /* 0: the usual ones */
  char *algorithm;
  int threads;
} Arguments;

typedef struct
{
  double mean, error; /* standard error of the mean */
} Mean;

static Mean
mean_of (const double *values, guint n)
{
  double sum = 0, squares = 0;
  for (guint i = 0; i < n; i++)
    sum += values[i];
  for (guint i = 0; i < n; i++)
    squares += (values[i] - sum / n) * (values[i] - sum / n);
  return (Mean){ sum / n, n > 1 ? sqrt (squares / (n - 1) / n) : NAN };
}

/* The next set with enough of both classes to be trained on at all: a small one with rare wins may have too few. */
static VaiSimulation *
draw (gsize rows, double rate, guint64 seed)
{
  for (;; seed += SETS_MAX)
    {
      g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, rows, rate, seed);
      gsize won = 0;
      for (gsize i = 0; i < rows; i++)
        won += simulation->won[i];
      if (won >= VAI_TRAIN_CLASS_MIN && rows - won >= VAI_TRAIN_CLASS_MIN)
        return g_steal_pointer (&simulation);
    }
}

static gboolean
run (VaiAlgorithm algorithm, gsize rows, guint sets, const Arguments *arguments)
{
  g_autofree double *auc = g_new (double, sets), *gain = g_new (double, sets);
  guint signals = 0;
  gint64 begin = g_get_monotonic_time ();
  for (guint set = 0; set < sets; set++)
    {
      /* Balanced, rare and frequent wins in turn. */
      const double rates[] = { 0.5, 0.3, 0.65 };
      g_autoptr (VaiSimulation) simulation = draw (rows, rates[set % G_N_ELEMENTS (rates)], 1000 + set);
      vai_simulation_shuffle (simulation, set);
      g_auto (VaiTrainOptions) options = { 0 };
      vai_train_options_init (&options);
      options.algorithm = algorithm;
      options.effort = arguments->full ? VAI_EFFORT_NORMAL : VAI_EFFORT_QUICK;
      options.seed = set;
      options.threads = arguments->threads;
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiModel) model
          = vai_train (simulation->table, simulation->profile, &options, NULL, NULL, NULL, NULL, NULL, &error);
      if (model == NULL)
        g_error ("set %u: %s", set, error->message);
      auc[set] = model->at_half.value[VAI_METRIC_AUC_ROC];
      gain[set] = model->baseline.value[VAI_METRIC_BRIER] - model->at_half.value[VAI_METRIC_BRIER];
      signals += model->has_signal;
    }
  Mean auc_mean = mean_of (auc, sets), gain_mean = mean_of (gain, sets);
  double allowed = arguments->full ? 0.01 : 0.05;
  gboolean good
      = fabs (auc_mean.mean - 0.5) <= allowed && !(gain_mean.mean > 2 * gain_mean.error && gain_mean.mean > 1e-9);
  printf ("%-14s %5u rows %3u sets: AUC %.4f (se %.4f), Brier gain %+.5f (se %.5f), says signal %u, %.1f s: %s\n",
          vai_algorithm_name (algorithm), (guint) rows, sets, auc_mean.mean, auc_mean.error, gain_mean.mean,
          gain_mean.error, signals, (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC,
          good ? "holds" : "FAILS");
  fflush (stdout);
  return good;
}

int
main (int argc, char **argv)
{
  Arguments arguments = { .threads = 0 };
  GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &arguments.full, "50 sets of 100, 300 and 1,000 rows", NULL },
    { "sets", 0, 0, G_OPTION_ARG_INT, &arguments.sets, "How many sets", "N" },
    { "rows", 0, 0, G_OPTION_ARG_INT, &arguments.rows, "Only this size", "N" },
    { "algorithm", 0, 0, G_OPTION_ARG_STRING, &arguments.algorithm, "Only this algorithm", "NAME" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &arguments.threads, "Threads", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  VaiAlgorithm only = VAI_N_ALGORITHMS;
  if (arguments.algorithm != NULL && !vai_algorithm_from_name (arguments.algorithm, &only))
    g_error ("no algorithm %s", arguments.algorithm);
  const gsize sizes[] = { 100, 300, 1000 };
  guint sets = CLAMP (arguments.sets > 0 ? arguments.sets : arguments.full ? 50 : 5, 1, SETS_MAX);
  gboolean good = TRUE;
  for (VaiAlgorithm algorithm = 0; algorithm < VAI_N_ALGORITHMS; algorithm++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        gsize rows = arguments.rows > 0 ? (gsize) arguments.rows : sizes[i];
        gboolean skip = arguments.rows > 0 ? i > 0 : !arguments.full && sizes[i] > 300;
        if (!skip && (only == VAI_N_ALGORITHMS || only == algorithm))
          good = run (algorithm, rows, sets, &arguments) && good;
      }
  g_free (arguments.algorithm);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
