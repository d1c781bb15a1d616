/* Ranges of whole trainings on simulated quotes with a known true chance: by decile of the score of quotes the model
 * has not seen, the mean true chance lies within the mean range in at least 90 % of (set, decile) pairs, and the mean
 * width is at most 1.4 times a Wilson interval on a decile's rows. Without --full: few small sets, for the test suite.
 */
#include "vai-simulation.h"
#include "vai-trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NEW_ROWS 4000
#define DECILES 10
/* Not the seeds at which the factor of vai_range_widen() was chosen. */
#define FIRST_SEED 90000
#define INSIDE_MIN 0.90
#define WIDTH_MAX 1.4

/* Two-sided 90 %. */
#define WILSON_Z 1.6448536269514722

typedef struct
{
  double probability, low, high, truth;
} Scored;

static int
compare_scored (gconstpointer a, gconstpointer b)
{
  const Scored *x = a, *y = b;
  return x->probability < y->probability ? -1 : x->probability > y->probability;
}

static double
wilson_width (double rate, double n)
{
  double z = WILSON_Z;
  return 2 * z / (1 + z * z / n) * sqrt (rate * (1 - rate) / n + z * z / (4 * n * n));
}

/* The first @n rows are decided, the others are scored. */
static VaiModel *
train (VaiSimulation *simulation, VaiAlgorithm algorithm, gsize n, guint64 seed)
{
  VaiColumn *outcome = vai_table_column (simulation->table, simulation->table->columns->len - 1);
  for (gsize i = n; i < simulation->n; i++)
    outcome->codes[i] = VAI_CODE_MISSING;
  g_auto (VaiTrainOptions) options = { 0 };
  vai_train_options_init (&options);
  options.algorithm = algorithm;
  options.effort = VAI_EFFORT_QUICK;
  options.seed = seed;
  g_autoptr (GError) error = NULL;
  VaiModel *model = vai_train (simulation->table, simulation->profile, &options, NULL, NULL, NULL, NULL, NULL, &error);
  if (model == NULL)
    g_error ("%s", error->message);
  return model;
}

static Scored *
score_new (const VaiModel *model, const VaiSimulation *simulation, gsize n)
{
  g_autofree guint32 *rows = g_new (guint32, NEW_ROWS);
  g_autofree double *margins = g_new (double, NEW_ROWS);
  for (guint i = 0; i < NEW_ROWS; i++)
    rows[i] = n + i;
  g_autoptr (VaiFrame) frame = vai_frame_new_from_table (model->schema, simulation->table, rows, NEW_ROWS);
  if (!vai_model_margins (model, frame, NULL, NEW_ROWS, 1, margins, NULL))
    g_error ("cannot score");
  Scored *scored = g_new (Scored, NEW_ROWS);
  for (guint i = 0; i < NEW_ROWS; i++)
    {
      scored[i].probability = vai_calibrator_apply (model->calibrator, margins[i]);
      vai_range_apply (model->range, margins[i], scored[i].probability, &scored[i].low, &scored[i].high);
      scored[i].truth = simulation->truth[n + i];
    }
  qsort (scored, NEW_ROWS, sizeof *scored, compare_scored);
  return scored;
}

static gboolean
run (VaiAlgorithm algorithm, VaiSimulationKind kind, gsize n, guint sets)
{
  guint inside = 0;
  double width = 0, wilson = 0;
  for (guint set = 0; set < sets; set++)
    {
      g_autoptr (VaiSimulation) simulation = vai_simulation_new (kind, n + NEW_ROWS, 0.4, FIRST_SEED + set);
      g_autoptr (VaiModel) model = train (simulation, algorithm, n, set);
      g_autofree Scored *scored = score_new (model, simulation, n);
      for (guint decile = 0; decile < DECILES; decile++)
        {
          Scored mean = { 0, 0, 0, 0 };
          const guint rows = NEW_ROWS / DECILES;
          for (guint i = decile * rows; i < (decile + 1) * rows; i++)
            {
              mean.probability += scored[i].probability / rows;
              mean.low += scored[i].low / rows;
              mean.high += scored[i].high / rows;
              mean.truth += scored[i].truth / rows;
            }
          inside += mean.low <= mean.truth && mean.truth <= mean.high;
          width += mean.high - mean.low;
          wilson += wilson_width (mean.probability, (double) n / DECILES);
        }
    }
  static const char *const kinds[] = { "straight", "bent", "weak", "none" };
  double share = (double) inside / (sets * DECILES);
  gboolean good = share >= INSIDE_MIN && width <= WIDTH_MAX * wilson;
  printf ("%-14s %-8s %5u rows %3u sets: inside %.3f, width %.2f of Wilson's: %s\n", vai_algorithm_name (algorithm),
          kinds[kind], (guint) n, sets, share, width / wilson, good ? "holds" : "FAILS");
  fflush (stdout);
  return good;
}

int
main (int argc, char **argv)
{
  gboolean full = FALSE;
  int sets = 0;
  GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, "Every kind and size, 30 sets each", NULL },
    { "sets", 0, 0, G_OPTION_ARG_INT, &sets, "How many sets of each", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  guint n_sets = sets > 0 ? MIN (sets, 10000) : full ? 30 : 5;
  if (!full)
    return run (VAI_ALGORITHM_LOGISTIC, VAI_SIMULATION_STRAIGHT, 300, n_sets) ? EXIT_SUCCESS : EXIT_FAILURE;
  const VaiAlgorithm algorithms[] = { VAI_ALGORITHM_LOGISTIC, VAI_ALGORITHM_BOOSTED_TREES, VAI_ALGORITHM_AUTO };
  const gsize sizes[] = { 100, 300, 1000 };
  gboolean good = TRUE;
  for (guint a = 0; a < G_N_ELEMENTS (algorithms); a++)
    for (VaiSimulationKind kind = 0; kind < VAI_N_SIMULATIONS; kind++)
      for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
        good = run (algorithms[a], kind, sizes[s], n_sets) && good;
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
