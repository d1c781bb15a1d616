/* What a training tries: one setting for a named algorithm, several of several algorithms for `auto`. */
#pragma once

#include "vai-trainer.h"

G_BEGIN_DECLS

/* Fewer decided rows: `auto` is a shrunk logistic model alone, for nothing else can be told from noise. */
#define VAI_AUTO_ROWS_MIN 200

/* `auto` tries no more than this. */
#define VAI_CANDIDATES_MAX 16

typedef struct
{
  VaiHyperparameters hyperparameters;
  char *description; /* owned, translated: "Boosted trees, depth 4" */
} VaiCandidate;

/* Of VaiCandidate, cleared with it. Error USAGE for a parameter that the algorithm has not, or any with `auto`. */
GArray *vai_candidates_new (const VaiTrainOptions *options, gsize n_rows, GError **error);

/* Does its number of rounds have to be found by early stopping? */
gboolean vai_candidate_stops_early (const VaiCandidate *self);

G_END_DECLS
