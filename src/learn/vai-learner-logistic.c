/* Logistic regression by LIBLINEAR's primal solver, the only one of its solvers that does not call rand(). */
#include "vai-learner.h"

#include "vai-calibrator.h"
#include "vai-error.h"
#include "vai-random.h"

#include <glib/gi18n-lib.h>
#include <linear.h>
#include <math.h>

/* The solver shrinks the weight of its constant column too; so large a constant needs so small a weight that it does
 * not matter. */
#define CONSTANT 20.0

#define TOLERANCE 1e-4

/* Strengths that are tried, and the inner folds they are tried on. */
static const double strengths[] = { 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10 };
#define FOLDS 5

/* Rows for the choice of strength: enough to tell the strengths apart, and quick. */
#define CHOICE_ROWS_MAX 20000

/* Steps of Newton's method for the intercept; it converges in a handful. */
#define NEWTON_STEPS_MAX 100

typedef struct
{
  guint n_columns;
  gsize n;
  struct feature_node **rows; /* by row, into @nodes */
  struct feature_node *nodes;
  double *won; /* 1 or 0 */
  guint8 *fold;
  double *library_seconds; /* not owned */
} Problem;

static void
problem_clear (Problem *self)
{
  g_free (self->rows);
  g_free (self->nodes);
  g_free (self->won);
  g_free (self->fold);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Problem, problem_clear)

void
vai_linear_clear (VaiLinear *self)
{
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->means, g_free);
}

static void
silence (const char *message)
{
}

/* Only what is not 0, as the solver wants it; a constant column and an end mark behind. */
static void
problem_fill (Problem *self, const float *matrix, const VaiTraining *training, guint width)
{
  gsize n_nodes = 0;
  self->n = training->n_rows;
  self->n_columns = width;
  for (gsize i = 0; i < self->n * width; i++)
    n_nodes += matrix[i] != 0;
  self->nodes = g_new (struct feature_node, n_nodes + 2 * self->n);
  self->rows = g_new (struct feature_node *, self->n + 1);
  self->won = g_new (double, self->n + 1);
  self->fold = g_new (guint8, self->n + 1);
  struct feature_node *node = self->nodes;
  for (gsize i = 0; i < self->n; i++)
    {
      guint32 row = training->rows[i];
      VaiRandom random;
      vai_random_init (&random, training->seed, training->groups ? training->groups[row] : row);
      self->fold[i] = vai_random_below (&random, FOLDS);
      self->won[i] = training->won[row];
      self->rows[i] = node;
      for (guint j = 0; j < width; j++)
        if (matrix[i * width + j] != 0)
          *node++ = (struct feature_node){ j + 1, matrix[i * width + j] };
      *node++ = (struct feature_node){ width + 1, CONSTANT };
      *node++ = (struct feature_node){ -1, 0 };
    }
}

static double
row_margin (const struct feature_node *node, const double *weights, double intercept)
{
  double margin = intercept;
  for (; node->index >= 0; node++)
    if (node[1].index >= 0) /* the last one is the constant */
      margin += weights[node->index - 1] * node->value;
  return margin;
}

/* The intercept with which the mean probability of these rows is their base rate. */
static double
fit_intercept (const Problem *self, struct feature_node **rows, const double *won, gsize n, const double *weights)
{
  g_autofree double *margins = g_new (double, n + 1);
  double n_won = 0, low = -100, high = 100, intercept = 0;
  for (gsize i = 0; i < n; i++)
    {
      margins[i] = row_margin (rows[i], weights, 0);
      n_won += won[i];
      low = MIN (low, -margins[i] - 100);
      high = MAX (high, -margins[i] + 100);
    }
  for (guint step = 0; step < NEWTON_STEPS_MAX; step++)
    {
      double slope = 0, gap = -n_won;
      for (gsize i = 0; i < n; i++)
        {
          double p = 1 / (1 + exp (-(margins[i] + intercept)));
          gap += p;
          slope += p * (1 - p);
        }
      *(gap > 0 ? &high : &low) = intercept;
      double next = intercept - gap / slope;
      if (!(next > low && next < high))
        next = (low + high) / 2;
      if (fabs (next - intercept) < 1e-12)
        break;
      intercept = next;
    }
  return intercept;
}

/* Weights of @rows; @start is where the solver begins (n_columns + 1), and gets where it ended. */
static void
solve (const Problem *self, struct feature_node **rows, double *won, gsize n, double strength, double *start)
{
  struct problem problem = { .l = n, .n = self->n_columns + 1, .y = won, .x = rows, .bias = -1 };
  struct parameter parameter = { .solver_type = L2R_LR, .eps = TOLERANCE, .C = strength, .init_sol = start };
  set_print_string_function (silence);
  gint64 begin = g_get_monotonic_time ();
  struct model *model = train (&problem, &parameter);
  *self->library_seconds += (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
  /* Weights speak for the class that the solver met first. */
  double sign = model->label[0] == 1 ? 1 : -1;
  for (guint i = 0; i <= self->n_columns; i++)
    start[i] = sign * model->w[i];
  free_and_destroy_model (&model);
}

/* The solver begins at @start as it is, so it is turned to the class that it will meet first. */
static void
turn (double *start, guint n, double first_won)
{
  for (guint i = 0; i < n && first_won != 1; i++)
    start[i] = -start[i];
}

typedef struct
{
  struct feature_node **rows;
  double *won;
  gsize n;
} Part;

static void
part_clear (Part *self)
{
  g_free (self->rows);
  g_free (self->won);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

/* Every @step-th row that is in @fold, or (not @inside) in any other. */
static void
part_fill (Part *part, const Problem *self, guint fold, gboolean inside, gsize step)
{
  part->rows = g_new (struct feature_node *, self->n / step + 2);
  part->won = g_new (double, self->n / step + 2);
  part->n = 0;
  for (gsize i = 0; i < self->n; i += step)
    if ((self->fold[i] == fold) == inside)
      {
        part->rows[part->n] = self->rows[i];
        part->won[part->n++] = self->won[i];
      }
}

static gboolean
has_both (const Part *part)
{
  for (gsize i = 1; i < part->n; i++)
    if (part->won[i] != part->won[0])
      return TRUE;
  return FALSE;
}

static double
part_loss (const Part *part, const double *weights, double intercept)
{
  double loss = 0;
  for (gsize i = 0; i < part->n; i++)
    loss += vai_log_loss (row_margin (part->rows[i], weights, intercept), part->won[i]);
  return loss;
}

/* Adds to @losses what each strength loses on the rows of @fold, fitted without them. */
static void
try_strengths (const Problem *self, guint fold, gsize step, double *losses)
{
  g_auto (Part) others = { 0 };
  g_auto (Part) held = { 0 };
  part_fill (&others, self, fold, FALSE, step);
  part_fill (&held, self, fold, TRUE, step);
  if (!has_both (&others))
    return;
  g_autofree double *weights = g_new0 (double, self->n_columns + 2);
  for (guint i = 0; i < G_N_ELEMENTS (strengths); i++)
    {
      turn (weights, self->n_columns + 1, others.won[0]);
      solve (self, others.rows, others.won, others.n, strengths[i], weights);
      double intercept = fit_intercept (self, others.rows, others.won, others.n, weights);
      losses[i] += part_loss (&held, weights, intercept);
    }
}

static gboolean
choose_strength (const Problem *self,
                 double *strength,
                 VaiRoundFunc on_round,
                 gpointer user_data,
                 GCancellable *cancellable,
                 GError **error)
{
  double losses[G_N_ELEMENTS (strengths)] = { 0 };
  gsize step = (self->n + CHOICE_ROWS_MAX - 1) / CHOICE_ROWS_MAX;
  for (guint fold = 0; fold < FOLDS; fold++)
    {
      if (vai_cancelled (cancellable, error))
        return FALSE;
      try_strengths (self, fold, MAX (step, 1), losses);
      if (on_round)
        on_round (fold + 1, NAN, user_data);
    }
  guint best = 0;
  for (guint i = 1; i < G_N_ELEMENTS (strengths); i++)
    if (losses[i] < losses[best])
      best = i;
  *strength = strengths[best];
  return TRUE;
}

/* Takes out of the problem the columns of a monotone feature whose weight has the wrong sign. */
static gboolean
drop_wrong_signs (Problem *self, const VaiEncoder *encoder, const double *weights)
{
  gboolean any = FALSE;
  g_autofree guint8 *wrong = g_new0 (guint8, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    any |= wrong[i] = weights[i] * vai_encoder_column (encoder, i)->monotone < 0;
  for (gsize i = 0; any && i < self->n; i++)
    for (struct feature_node *node = self->rows[i]; node[1].index >= 0; node++)
      if (wrong[node->index - 1])
        node->value = 0;
  return any;
}

static void
fill_means (VaiLinear *self, const float *matrix, gsize n)
{
  for (gsize i = 0; i < n; i++)
    for (guint j = 0; j < self->n_columns; j++)
      self->means[j] += matrix[i * self->n_columns + j];
  for (guint j = 0; j < self->n_columns; j++)
    self->means[j] /= n;
}

gboolean
vai_logistic_fit (VaiLinear *self,
                  const VaiEncoder *encoder,
                  const float *matrix,
                  const VaiTraining *training,
                  double *strength,
                  VaiRoundFunc on_round,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto (Problem) problem = { .library_seconds = &self->library_seconds };
  guint width = vai_encoder_width (encoder);
  problem_fill (&problem, matrix, training, width);
  if (isnan (*strength) && !choose_strength (&problem, strength, on_round, user_data, cancellable, error))
    return FALSE;
  self->n_columns = width;
  self->weights = g_new0 (double, width + 2);
  self->means = g_new0 (double, width + 1);
  /* Once is enough unless a promise of direction is broken; each further round drops a column at least. */
  do
    {
      if (vai_cancelled (cancellable, error))
        return FALSE;
      for (guint i = 0; i <= width; i++)
        self->weights[i] = 0;
      solve (&problem, problem.rows, problem.won, problem.n, *strength, self->weights);
    }
  while (drop_wrong_signs (&problem, encoder, self->weights));
  self->intercept = fit_intercept (&problem, problem.rows, problem.won, problem.n, self->weights);
  fill_means (self, matrix, problem.n);
  return TRUE;
}
