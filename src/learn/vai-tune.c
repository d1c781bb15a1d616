/* Tries candidates inside training parts, one candidate after another over all parts, so that after each there is
 * something whole to keep. */
#include "vai-part.h"

#include "vai-calibrator.h"
#include "vai-error.h"
#include "vai-parallel.h"
#include "vai-wilson.h"

#include <math.h>

#define PILOT_FOLDS 5

typedef struct
{
  VaiFitContext *context;
  GArray *parts;
  GArray *candidates;
} Tuning;

static VaiPart *
part_at (const Tuning *self, guint p)
{
  return &g_array_index (self->parts, VaiPart, p);
}

static gboolean
stops_early (const Tuning *self, guint c)
{
  return vai_candidate_stops_early (&g_array_index (self->candidates, VaiCandidate, c));
}

/* Rounds by early stopping on rows that the pilot does not train on. The pilots are thrown away: margins of rows that
 * decided when to stop look better than they are. The part of all rows comes first: its curve is shown. */
static gboolean
find_rounds (const Tuning *self, guint c, GError **error)
{
  g_autoptr (GArray) fits = vai_fits_new ();
  for (guint p = self->parts->len; p-- > 0;)
    {
      const VaiPart *part = part_at (self, p);
      for (guint k = 0; k < part->pilots->len; k++)
        {
          const VaiSplit *split = g_ptr_array_index (part->pilots, k);
          VaiFit fit = vai_part_make_fit (self->candidates, c, 0);
          fit.train = split->train;
          fit.n_train = split->n_train;
          fit.stop = split->test;
          fit.n_stop = split->n_test;
          fit.seed = vai_fit_seed (part->seed, VAI_PART_SEED_PILOT, c, k);
          fit.is_curve = fits->len == 0;
          g_array_append_val (fits, fit);
        }
    }
  if (!vai_fits_run (self->context, fits, NULL, NULL, error))
    return FALSE;
  for (guint p = self->parts->len, at = 0; p-- > 0;)
    {
      VaiPart *part = part_at (self, p);
      double sum = 0;
      for (guint k = 0; k < part->pilots->len; k++)
        sum += g_array_index (fits, VaiFit, at++).rounds;
      part->rounds[c] = MAX (1, lround (sum / part->pilots->len));
    }
  return TRUE;
}

static void
make_pilot_splits (VaiPart *self, const VaiProblem *problem)
{
  self->pilots = vai_folds_cross_validation (self->rows, self->n_rows, problem->won, problem->groups, problem->n_groups,
                                             PILOT_FOLDS, vai_fit_seed (self->seed, VAI_PART_SEED_PILOT_SPLIT, 0, 0));
  g_ptr_array_set_size (self->pilots, MIN (self->pilots->len, vai_part_count_pilots (self->n_rows)));
}

/* Cross-validated also where the outer folds go by date, so that every row of the part gets a margin. Whether what was
 * found holds for later quotes is asked by vai-forward.c. */
static void
make_inner_splits (VaiPart *self, const VaiProblem *problem)
{
  self->splits = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_split_free);
  for (guint repeat = 0; repeat < self->inner_repeats; repeat++)
    {
      g_autoptr (GPtrArray) splits = vai_folds_cross_validation (
          self->rows, self->n_rows, problem->won, problem->groups, problem->n_groups, self->inner_folds,
          vai_fit_seed (self->seed, VAI_PART_SEED_INNER_SPLIT, repeat, 0));
      g_ptr_array_set_free_func (splits, NULL);
      for (guint k = 0; k < splits->len; k++)
        g_ptr_array_add (self->splits, g_ptr_array_index (splits, k));
    }
}

/* Each part by itself, side by side. */
static void
prepare_parts (gsize from, gsize to, gpointer user_data)
{
  const Tuning *self = user_data;
  gboolean any = FALSE;
  for (guint c = 0; c < self->candidates->len; c++)
    any |= stops_early (self, c);
  for (gsize p = from; p < to; p++)
    {
      VaiPart *part = part_at (self, p);
      if (any)
        make_pilot_splits (part, self->context->problem);
      make_inner_splits (part, self->context->problem);
      part->inner = g_new0 (double, part->n_rows * part->n_candidates);
    }
}

static void
add_inner (const Tuning *self, const VaiPart *part, guint c, GArray *fits)
{
  for (guint k = 0; k < part->splits->len; k++)
    {
      const VaiSplit *split = g_ptr_array_index (part->splits, k);
      VaiFit fit = vai_part_make_inner_fit (part, self->candidates, c);
      fit.train = split->train;
      fit.n_train = split->n_train;
      fit.test = split->test;
      fit.n_test = split->n_test;
      fit.seed = vai_fit_seed (part->seed, VAI_PART_SEED_INNER, c, k);
      g_array_append_val (fits, fit);
    }
}

/* Moves @fit, which leaves an empty one. */
static void
take_early (VaiPart *part, VaiFit *fit)
{
  part->early = vai_fits_new ();
  g_array_append_vals (part->early, fit, 1);
  *fit = (VaiFit){ 0 };
}

/* The fits of one candidate: of each part its inner folds, then, when it is the only one, its refit. */
typedef struct
{
  const Tuning *tuning;
  GArray *fits;
  guint *from; /* by part: its first fit; then their number */
  gboolean only;
  int *taken; /* by part, atomic: its margins are in their places */
  VaiTrainEvent *complete;
} Inside;

static guint
end_of_inner (const Inside *self, guint p)
{
  return self->from[p + 1] - self->only;
}

/* What candidate @c does on all rows, each by a member that had not seen it; its losses beside those of guessing, row
 * by row. */
static void
measure (const VaiPart *part, const VaiProblem *problem, guint c, VaiTrainEvent *complete)
{
  double sum = 0, gain = 0, gain_squares = 0, n = (double) part->n_rows;
  double rate = (double) problem->n_won / (double) problem->n, guess = vai_logit (rate);
  for (gsize i = 0; i < part->n_rows; i++)
    {
      guint8 won = problem->won[part->rows[i]];
      double margin = part->inner[i * part->n_candidates + c], loss = vai_log_loss (margin, won);
      double better = vai_log_loss (guess, won) - loss;
      sum += loss;
      gain += better;
      gain_squares += better * better;
      complete->n_likely += margin >= 0;
      complete->n_likely_won += margin >= 0 && won;
    }
  complete->loss = sum / n;
  complete->beats_guessing = gain > VAI_Z95 * sqrt (MAX (gain_squares - gain * gain / n, 0));
}

/* Moves margins of tested rows to their places in the part's @inner, the mean of the repeats. */
static void
scatter (const Inside *self, guint p)
{
  const VaiProblem *problem = self->tuning->context->problem;
  VaiPart *part = part_at (self->tuning, p);
  g_autofree guint32 *position = g_new (guint32, problem->n);
  for (gsize i = 0; i < part->n_rows; i++)
    position[part->rows[i]] = i;
  for (guint k = self->from[p]; k < end_of_inner (self, p); k++)
    {
      VaiFit *fit = &g_array_index (self->fits, VaiFit, k);
      for (gsize i = 0; i < fit->n_test; i++)
        part->inner[(gsize) position[fit->test[i]] * part->n_candidates + fit->candidate]
            += fit->margins[i] / part->inner_repeats;
      g_clear_pointer (&fit->margins, g_free);
    }
  if (p + 1 == self->tuning->parts->len)
    measure (part, problem, self->complete->candidate, self->complete);
}

static gboolean
is_done (const Inside *self, guint p)
{
  gboolean done = TRUE;
  for (guint k = self->from[p]; k < end_of_inner (self, p); k++)
    done = done && g_atomic_int_get (&g_array_index (self->fits, VaiFit, k).done);
  return done;
}

/* Combines a part whose inner folds are all done. */
static gboolean
combine_one (gpointer user_data)
{
  const Inside *self = user_data;
  for (guint p = 0; p < self->tuning->parts->len; p++)
    if (is_done (self, p) && g_atomic_int_compare_and_exchange (&self->taken[p], 0, 1))
      {
        scatter (self, p);
        vai_part_combine (part_at (self->tuning, p), self->tuning->context->problem);
        return TRUE;
      }
  return FALSE;
}

/* With an only candidate nothing of a part waits for the others: its refit is made at once, which is in vain where the
 * part turns out flat, and threads without a training combine parts. */
static gboolean
predict_inside (const Tuning *self, VaiTrainEvent *complete, GError **error)
{
  guint c = complete->candidate;
  g_autoptr (GArray) fits = vai_fits_new ();
  g_autofree guint *from = g_new (guint, self->parts->len + 1);
  g_autofree int *taken = g_new0 (int, self->parts->len);
  gboolean only = self->candidates->len == 1;
  for (guint p = 0; p < self->parts->len; p++)
    {
      const VaiPart *part = part_at (self, p);
      from[p] = fits->len;
      add_inner (self, part, c, fits);
      VaiFit fit = vai_part_make_refit (part, self->candidates, c);
      if (only)
        g_array_append_val (fits, fit);
    }
  from[self->parts->len] = fits->len;
  Inside inside = { self, fits, from, only, taken, complete };
  if (!vai_fits_run (self->context, fits, only ? combine_one : NULL, &inside, error))
    return FALSE;
  for (guint p = 0; p < self->parts->len; p++)
    {
      VaiPart *part = part_at (self, p);
      if (!taken[p])
        scatter (&inside, p);
      if (only)
        take_early (part, &g_array_index (fits, VaiFit, from[p + 1] - 1));
    }
  return TRUE;
}

static VaiTrainEvent
event_of (const Tuning *self, VaiTrainEventKind kind, guint c)
{
  const VaiCandidate *candidate = &g_array_index (self->candidates, VaiCandidate, c);
  return (VaiTrainEvent){ .kind = kind,
                          .candidate = c,
                          .description = candidate->description,
                          .algorithm = candidate->hyperparameters.algorithm,
                          .loss = NAN };
}

static void
tell_complete (const Tuning *self, VaiTrainEvent event)
{
  VaiFitContext *context = self->context;
  context->n_complete = event.candidate + 1;
  if (!(event.loss >= context->best_loss))
    context->best_loss = event.loss;
  vai_fit_context_tell (context, event);
}

static gboolean
try_candidate (const Tuning *self, guint c, GError **error)
{
  vai_fit_context_tell (self->context, event_of (self, VAI_TRAIN_BEGIN, c));
  if (stops_early (self, c) && !find_rounds (self, c, error))
    return FALSE;
  VaiTrainEvent complete = event_of (self, VAI_TRAIN_COMPLETE, c);
  if (!predict_inside (self, &complete, error))
    return FALSE;
  tell_complete (self, complete);
  return TRUE;
}

static gboolean
is_stopped (const Tuning *self)
{
  return self->context->n_complete > 0 && g_cancellable_is_cancelled (self->context->stop);
}

static void
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Either the person gave all up, or she keeps what there is: both end what runs at the next tree. */
static gboolean
try_stoppable (Tuning *self, guint c, GError **error)
{
  VaiFitContext *context = self->context;
  GCancellable *cancellable = context->cancellable;
  g_autoptr (GCancellable) either = g_cancellable_new ();
  g_autoptr (GError) why = NULL;
  gulong id = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), either, NULL) : 0;
  gulong stop_id = c > 0 ? g_cancellable_connect (context->stop, G_CALLBACK (cancel_cb), either, NULL) : 0;
  context->cancellable = either;
  gboolean good = try_candidate (self, c, &why);
  context->cancellable = cancellable;
  g_cancellable_disconnect (cancellable, id);
  g_cancellable_disconnect (context->stop, stop_id);
  if (good || (g_error_matches (why, VAI_ERROR, VAI_ERROR_CANCELLED) && !g_cancellable_is_cancelled (cancellable)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* Only the first @n candidates were tried; to the parts it is as if there had been no others. */
static void
keep_first (Tuning *self, guint n)
{
  guint n_before = self->candidates->len;
  if (n == n_before)
    return;
  for (guint p = 0; p < self->parts->len; p++)
    {
      VaiPart *part = part_at (self, p);
      for (gsize i = 0; i < part->n_rows; i++)
        for (guint c = 0; c < n; c++)
          part->inner[i * n + c] = part->inner[i * n_before + c];
      part->n_candidates = n;
    }
  g_array_set_size (self->candidates, n);
  self->context->n_expected = self->context->n_done + self->parts->len * n;
}

static double
guessing_loss (const VaiProblem *problem)
{
  double p = (double) problem->n_won / (double) problem->n;
  return -(p * log (p) + (1 - p) * log (1 - p));
}

gboolean
vai_parts_tune (VaiFitContext *context, GArray *parts, GArray *candidates, GError **error)
{
  Tuning self = { context, parts, candidates };
  context->guessing_loss = guessing_loss (context->problem);
  vai_parallel_rows (parts->len, 1, context->threads, prepare_parts, &self);
  for (guint c = 0; c < candidates->len && !is_stopped (&self); c++)
    if (!(context->stop != NULL ? try_stoppable (&self, c, error) : try_candidate (&self, c, error)))
      return FALSE;
  keep_first (&self, context->n_complete);
  for (guint p = 0; p < parts->len; p++)
    g_clear_pointer (&part_at (&self, p)->pilots, g_ptr_array_unref);
  VaiTrainEvent event = { .kind = VAI_TRAIN_TESTING, .candidate = candidates->len, .loss = NAN };
  vai_fit_context_tell (context, event);
  return TRUE;
}
