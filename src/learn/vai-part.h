/* Everything that is chosen and fitted inside one training part, from its rows alone: rounds, blend weights,
 * calibrator, threshold and members. The outer training parts of a validation and the final model, whose part is all
 * rows, are made by the same code. */
#pragma once

#include "vai-candidate.h"
#include "vai-fit.h"
#include "vai-folds.h"

G_BEGIN_DECLS

typedef struct
{
  /* given */
  const guint32 *rows; /* not owned */
  gsize n_rows;
  const guint32 *test; /* nullable, not owned: predicted by the finished part */
  gsize n_test;
  const VaiFrame *probe; /* nullable, not owned: predicted too */
  guint64 seed;
  gboolean keep; /* the members */
  /* found inside */
  guint n_candidates;
  guint *rounds;     /* by candidate, 0 where it means nothing */
  GPtrArray *pilots; /* splits that rounds are found on */
  GPtrArray *splits; /* inner folds, repeat after repeat; until the weights are found */
  guint inner_folds, inner_repeats;
  double
      *inner; /* n_rows × n_candidates: margins of rows that their member had not seen; until the weights are found */
  double *weights; /* by candidate; 0: left out; NULL until they are found */
  double intercept;
  gboolean is_flat;       /* nothing better than the base rate was found: it answers with that */
  gboolean fails_forward; /* flat because what was found did not rank later quotes */
  double base_margin;     /* log-odds of the base rate */
  double *blended;        /* n_rows: combined inner margins; kept with the members */
  double *probability;    /* n_rows: calibrated by a calibrator that had not seen the row; kept with the members */
  VaiCalibrator *calibrator;
  double threshold;
  GArray *early;         /* of VaiFit, nullable: the refit of an only candidate, which need not wait for its weight */
  GPtrArray *members;    /* kept: of VaiMember, in the order of the candidates with weight */
  double *test_margins;  /* n_test, combined */
  double *probe_margins; /* of the probe's rows, combined */
} VaiPart;

void vai_part_clear (VaiPart *self);

/* Trainings that parts of this number will take, at most. */
guint vai_parts_count_fits (const GArray *candidates, guint n_parts, gsize n_rows, VaiEffort effort);

/* Fits all @parts (of VaiPart), side by side; drops from @candidates what was not tried when the person stopped it.
 * Errors: CANCELLED, FAILED. */
gboolean vai_parts_fit (VaiFitContext *context, GArray *parts, GArray *candidates, VaiEffort effort, GError **error);

/* Their @rounds, @splits and @inner, candidate after candidate, so that it can be stopped after each: vai-tune.c. */
gboolean vai_parts_tune (VaiFitContext *context, GArray *parts, GArray *candidates, GError **error);

/* Purposes of the seeds of a part. */
enum
{
  VAI_PART_SEED_PILOT_SPLIT,
  VAI_PART_SEED_PILOT,
  VAI_PART_SEED_INNER_SPLIT,
  VAI_PART_SEED_INNER,
  VAI_PART_SEED_REFIT,
};

/* Trainings that find the rounds of one candidate. */
guint vai_part_count_pilots (gsize n_rows);

/* A training of candidate @c, without rows yet; @rounds 0: with its own, and early stopping. */
VaiFit vai_part_make_fit (const GArray *candidates, guint c, guint rounds);

/* A training of candidate @c on all rows of the part. */
VaiFit vai_part_make_refit (const VaiPart *self, const GArray *candidates, guint c);

/* From @inner to @weights, @calibrator, @threshold: vai-combine.c. */
void vai_part_combine (VaiPart *self, const VaiProblem *problem);

/* Makes it answer with the base rate. */
void vai_part_flatten (VaiPart *self);

/* A training of candidate @c whose predictions are looked at inside, without rows yet. */
VaiFit vai_part_make_inner_fit (const VaiPart *self, const GArray *candidates, guint c);

/* Flattens parts that cannot rank later quotes, where opening dates are known: vai-forward.c. */
gboolean vai_parts_check_forward (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error);

G_END_DECLS
