#include "vai-candidate.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

/* From so many rows on, deeper trees have enough rows in their leaves. */
#define DEEP_ROWS_MIN 3000

/* Trees of the forest in a combination, where the other members steady it. */
#define AUTO_TREES 150

static void
clear_candidate (gpointer data)
{
  VaiCandidate *self = data;
  g_free (self->description);
}

static char *
describe (const VaiHyperparameters *parameters)
{
  switch (parameters->algorithm)
    {
    case VAI_ALGORITHM_LOGISTIC:
      return g_strdup (_ ("Logistic regression"));
    case VAI_ALGORITHM_BOOSTED_TREES:
      return g_strdup_printf (_ ("Boosted trees, depth %u"), parameters->depth);
    case VAI_ALGORITHM_RANDOM_FOREST:
      return g_strdup_printf (_ ("Random forest, %u trees"), parameters->rounds);
    case VAI_ALGORITHM_ADDITIVE:
      return g_strdup (_ ("Additive scorecard"));
    case VAI_ALGORITHM_BASELINE:
    case VAI_ALGORITHM_AUTO:
    case VAI_N_ALGORITHMS:
    default:
      return g_strdup (_ ("Base rate"));
    }
}

static VaiHyperparameters *
add (GArray *candidates, VaiAlgorithm algorithm)
{
  VaiCandidate candidate = { .description = NULL };
  vai_hyperparameters_init (&candidate.hyperparameters, algorithm);
  g_array_append_val (candidates, candidate);
  return &g_array_index (candidates, VaiCandidate, candidates->len - 1).hyperparameters;
}

static void
add_boosted (GArray *candidates, guint depth, double learning_rate, double min_child_weight)
{
  VaiHyperparameters *parameters = add (candidates, VAI_ALGORITHM_BOOSTED_TREES);
  parameters->depth = depth;
  parameters->learning_rate = learning_rate;
  parameters->min_child_weight = min_child_weight;
}

static void
add_auto (GArray *candidates, VaiEffort effort, gsize n_rows)
{
  add (candidates, VAI_ALGORITHM_LOGISTIC);
  if (n_rows < VAI_AUTO_ROWS_MIN)
    return;
  add_boosted (candidates, n_rows < DEEP_ROWS_MIN ? 3 : 5, 0.06, 3);
  add (candidates, VAI_ALGORITHM_RANDOM_FOREST)->rounds = AUTO_TREES;
  if (effort == VAI_EFFORT_QUICK)
    return;
  add_boosted (candidates, n_rows < DEEP_ROWS_MIN ? 5 : 8, 0.04, n_rows < DEEP_ROWS_MIN ? 2 : 5);
  add (candidates, VAI_ALGORITHM_ADDITIVE);
  if (effort == VAI_EFFORT_NORMAL)
    return;
  add_boosted (candidates, 2, 0.08, 1);
  add_boosted (candidates, n_rows < DEEP_ROWS_MIN ? 4 : 6, 0.02, 10);
}

static gboolean
set_parameters (VaiHyperparameters *parameters, const GPtrArray *texts, GError **error)
{
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    {
      g_auto (GStrv) pair = g_strsplit (g_ptr_array_index (texts, i), "=", 2);
      if (g_strv_length (pair) != 2)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is no parameter: write it as NAME=VALUE."),
                       (const char *) g_ptr_array_index (texts, i));
          return FALSE;
        }
      if (!vai_hyperparameters_set (parameters, pair[0], pair[1], error))
        return FALSE;
    }
  return TRUE;
}

GArray *
vai_candidates_new (const VaiTrainOptions *options, gsize n_rows, GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, TRUE, sizeof (VaiCandidate));
  g_array_set_clear_func (candidates, clear_candidate);
  if (options->algorithm != VAI_ALGORITHM_AUTO)
    {
      if (!set_parameters (add (candidates, options->algorithm), options->parameters, error))
        return NULL;
    }
  else if (options->parameters != NULL && options->parameters->len > 0)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Parameters belong to one algorithm, and “auto” tries several: name the algorithm too."));
      return NULL;
    }
  else
    add_auto (candidates, options->effort, n_rows);
  for (guint i = 0; i < candidates->len; i++)
    {
      VaiCandidate *candidate = &g_array_index (candidates, VaiCandidate, i);
      candidate->description = describe (&candidate->hyperparameters);
    }
  return g_steal_pointer (&candidates);
}

gboolean
vai_candidate_stops_early (const VaiCandidate *self)
{
  const VaiHyperparameters *parameters = &self->hyperparameters;
  return parameters->patience > 0
         && (parameters->algorithm == VAI_ALGORITHM_BOOSTED_TREES || parameters->algorithm == VAI_ALGORITHM_ADDITIVE);
}
