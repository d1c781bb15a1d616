#include "vai-health.h"

#include "vai-error.h"
#include "vai-random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define DECILES 10
#define N_BINS (DECILES + 2) /* missing, and for categories the rest */
#define BIN_MISSING DECILES
#define BIN_REST (DECILES + 1)
#define PERMUTATIONS 400
#define LEVEL 0.05
#define REPLICATES 400
#define SEED 671
#define WORSE_Z 2.2414 /* one-sided 2.5 %, shared by two questions */

/* Every row, old ones first, as the number of its bin in every measured column. */
typedef struct
{
  guint n_old, n_new, n_columns;
  guint *features; /* of each column; as many as the schema has: the score */
  guint8 *bins;    /* (n_old + n_new) × n_columns */
} Binned;

static void
binned_clear (Binned *self)
{
  g_free (self->features);
  g_free (self->bins);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Binned, binned_clear)

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* Inner edges of the deciles of the old values that are known; gives how many. */
static guint
find_edges (const double *old, guint n, double edges[DECILES])
{
  g_autofree double *known = g_new (double, MAX (n, 1));
  guint n_known = 0, n_edges = 0;
  for (guint i = 0; i < n; i++)
    if (isfinite (old[i]))
      known[n_known++] = old[i];
  qsort (known, n_known, sizeof *known, compare_doubles);
  for (guint k = 1; k < DECILES && n_known > 0; k++)
    {
      double edge = known[(gsize) k * n_known / DECILES];
      if (n_edges == 0 || edge > edges[n_edges - 1])
        edges[n_edges++] = edge;
    }
  return n_edges;
}

static void
bin_numbers (Binned *self, guint column, const double *old, const double *new)
{
  double edges[DECILES];
  guint n_edges = find_edges (old, self->n_old, edges);
  for (guint i = 0; i < self->n_old + self->n_new; i++)
    {
      double x = i < self->n_old ? old[i] : new[i - self->n_old];
      guint bin = 0;
      while (bin < n_edges && x >= edges[bin])
        bin++;
      self->bins[(gsize) i * self->n_columns + column] = isfinite (x) ? bin : BIN_MISSING;
    }
}

/* The values that were seen most often have a bin each; all others, and those never seen, one together. */
static void
bin_codes (Binned *self, guint column, const gint32 *old, const gint32 *new, guint n_values)
{
  g_autofree guint *counts = g_new0 (guint, MAX (n_values, 1));
  g_autofree guint8 *bins = g_new (guint8, MAX (n_values, 1));
  memset (bins, BIN_REST, MAX (n_values, 1));
  for (guint i = 0; i < self->n_old; i++)
    if (old[i] >= 0 && (guint) old[i] < n_values)
      counts[old[i]]++;
  for (guint bin = 0; bin < DECILES; bin++)
    {
      guint best = 0;
      for (guint v = 1; v < n_values; v++)
        if (counts[v] > counts[best])
          best = v;
      if (n_values == 0 || counts[best] == 0)
        break;
      bins[best] = bin;
      counts[best] = 0;
    }
  for (guint i = 0; i < self->n_old + self->n_new; i++)
    {
      gint32 code = i < self->n_old ? old[i] : new[i - self->n_old];
      self->bins[(gsize) i * self->n_columns + column] = code == VAI_CODE_MISSING               ? BIN_MISSING
                                                         : code >= 0 && (guint) code < n_values ? bins[code]
                                                                                                : BIN_REST;
    }
}

static gboolean
is_measured (const VaiFeature *feature)
{
  return feature->type == VAI_TYPE_NUMBER || feature->type == VAI_TYPE_CATEGORY;
}

static void
bin_all (Binned *self, const VaiModel *model, const VaiFrame *frame, const double *probability)
{
  const VaiReference *past = &model->reference;
  guint n_features = model->schema->features->len;
  self->n_old = past->frame->n_rows;
  self->n_new = frame->n_rows;
  self->features = g_new (guint, n_features + 1);
  for (guint f = 0; f < n_features; f++)
    if (is_measured (vai_schema_feature (model->schema, f)))
      self->features[self->n_columns++] = f;
  self->features[self->n_columns++] = n_features;
  self->bins = g_new (guint8, ((gsize) self->n_old + self->n_new) * self->n_columns);
  for (guint c = 0; c + 1 < self->n_columns; c++)
    {
      guint f = self->features[c];
      const VaiFeature *feature = vai_schema_feature (model->schema, f);
      if (feature->type == VAI_TYPE_NUMBER)
        bin_numbers (self, c, past->frame->columns[f].numbers, frame->columns[f].numbers);
      else
        bin_codes (self, c, past->frame->columns[f].codes, frame->columns[f].codes,
                   vai_dictionary_get_size (feature->values));
    }
  bin_numbers (self, self->n_columns - 1, past->probability, probability);
}

static void
tally (const Binned *self, const guint32 *rows, guint n, guint *counts)
{
  memset (counts, 0, (gsize) self->n_columns * N_BINS * sizeof *counts);
  for (guint i = 0; i < n; i++)
    {
      const guint8 *bins = self->bins + (gsize) rows[i] * self->n_columns;
      for (guint c = 0; c < self->n_columns; c++)
        counts[c * N_BINS + bins[c]]++;
    }
}

/* Half a row more in every bin that has any: the index stays finite. */
static double
stability_index (const guint *all, const guint *new, guint n_old, guint n_new)
{
  double index = 0;
  for (guint b = 0; b < N_BINS; b++)
    if (all[b] > 0)
      {
        double was = (all[b] - new[b] + 0.5) / n_old, is = (new[b] + 0.5) / n_new;
        index += (is - was) * log (is / was);
      }
  return index;
}

typedef struct
{
  double *index; /* of each column, as it is */
  double *drawn; /* PERMUTATIONS × columns */
} Distances;

static gboolean
measure (const Binned *self, Distances *distances, GCancellable *cancellable, GError **error)
{
  guint n = self->n_old + self->n_new, n_counts = self->n_columns * N_BINS;
  g_autofree guint32 *rows = g_new (guint32, n);
  g_autofree guint *all = g_new (guint, n_counts), *new = g_new (guint, n_counts);
  for (guint i = 0; i < n; i++)
    rows[i] = i;
  tally (self, rows, n, all);
  tally (self, rows + self->n_old, self->n_new, new);
  for (guint c = 0; c < self->n_columns; c++)
    distances->index[c] = stability_index (all + c * N_BINS, new + c *N_BINS, self->n_old, self->n_new);
  for (guint p = 0; p < PERMUTATIONS; p++)
    {
      VaiRandom random;
      vai_random_init (&random, SEED, p);
      if (vai_cancelled (cancellable, error))
        return FALSE;
      for (guint i = 0; i < self->n_new; i++)
        {
          guint with = i + vai_random_below (&random, n - i);
          guint32 row = rows[i];
          rows[i] = rows[with];
          rows[with] = row;
        }
      tally (self, rows, self->n_new, new);
      for (guint c = 0; c < self->n_columns; c++)
        distances->drawn[p * self->n_columns + c]
            = stability_index (all + c * N_BINS, new + c *N_BINS, self->n_old, self->n_new);
    }
  return TRUE;
}

/* Of the drawn ones. */
static void
moments (const Distances *distances, guint n_columns, guint column, double *mean, double *deviation)
{
  double sum = 0, squares = 0;
  for (guint p = 0; p < PERMUTATIONS; p++)
    sum += distances->drawn[p * n_columns + column];
  *mean = sum / PERMUTATIONS;
  for (guint p = 0; p < PERMUTATIONS; p++)
    {
      double off = distances->drawn[p * n_columns + column] - *mean;
      squares += off * off;
    }
  *deviation = sqrt (squares / (PERMUTATIONS - 1));
}

static void
judge (VaiHealth *self, const Binned *binned, const Distances *distances)
{
  guint n = binned->n_columns;
  g_autofree double *mean = g_new (double, n), *deviation = g_new (double, n);
  double greatest[PERMUTATIONS];
  for (guint c = 0; c < n; c++)
    moments (distances, n, c, &mean[c], &deviation[c]);
  for (guint p = 0; p < PERMUTATIONS; p++)
    {
      greatest[p] = 0;
      for (guint c = 0; c < n; c++)
        if (deviation[c] > 0)
          greatest[p] = MAX (greatest[p], (distances->drawn[p * n + c] - mean[c]) / deviation[c]);
    }
  qsort (greatest, PERMUTATIONS, sizeof *greatest, compare_doubles);
  double limit = greatest[(guint) ceil ((1 - LEVEL) * PERMUTATIONS) - 1];
  for (guint c = 0; c < n; c++)
    {
      VaiDrift drift
          = { .feature = binned->features[c], .index = distances->index[c], .chance = mean[c] + limit * deviation[c] };
      drift.shifted = deviation[c] > 0 && drift.index > drift.chance;
      self->n_shifted += drift.shifted;
      g_array_append_val (self->drifts, drift);
    }
}

static gboolean
find_drifts (VaiHealth *self,
             const VaiModel *model,
             const VaiFrame *frame,
             const double *probability,
             GCancellable *cancellable,
             GError **error)
{
  g_auto (Binned) binned = { 0 };
  if (self->n_new < VAI_HEALTH_ROWS_MIN || model->reference.frame->n_rows < VAI_HEALTH_ROWS_MIN)
    return TRUE;
  bin_all (&binned, model, frame, probability);
  g_autofree double *index = g_new (double, binned.n_columns);
  g_autofree double *drawn = g_new (double, (gsize) PERMUTATIONS *binned.n_columns);
  Distances distances = { index, drawn };
  if (!measure (&binned, &distances, cancellable, error))
    return FALSE;
  judge (self, &binned, &distances);
  return TRUE;
}

static double
row_loss (gboolean won, double probability)
{
  const double edge = 1e-6;
  return -log (CLAMP (won ? probability : 1 - probability, edge, 1));
}

typedef struct
{
  double n, sum, squares;
} Sums;

static void
add_loss (Sums *self, double loss)
{
  self->n++;
  self->sum += loss;
  self->squares += loss * loss;
}

static double
variance_of_mean (const Sums *self)
{
  double mean = self->sum / self->n;
  return MAX (self->squares / self->n - mean * mean, 0) / self->n;
}

/* Greater losses than in the test, or another number won than was said. */
static gboolean
is_worse (const VaiModel *model, const guint8 *won, const double *probability, gsize n)
{
  const VaiReference *past = &model->reference;
  Sums then = { 0 }, now = { 0 };
  double surprise = 0, spread = 0;
  for (guint i = 0; i < past->frame->n_rows; i++)
    if ((past->tested == NULL || past->tested[i]) && isfinite (past->probability[i]))
      add_loss (&then, row_loss (past->won[i] != 0, past->probability[i]));
  for (gsize i = 0; i < n; i++)
    {
      add_loss (&now, row_loss (won[i], probability[i]));
      surprise += won[i] - probability[i];
      spread += probability[i] * (1 - probability[i]);
    }
  if (then.n < VAI_HEALTH_ROWS_MIN)
    return FALSE;
  double error = sqrt (variance_of_mean (&then) + variance_of_mean (&now));
  return (error > 0 && (now.sum / now.n - then.sum / then.n) / error > WORSE_Z)
         || (spread > 0 && fabs (surprise) / sqrt (spread) > WORSE_Z);
}

static void
measure_outcomes (VaiHealth *self, const VaiModel *model, const double *probability, const gint8 *outcome, gsize n)
{
  g_autofree guint8 *won = g_new (guint8, MAX (n, 1));
  g_autofree double *said = g_new (double, MAX (n, 1));
  double sum = 0;
  gsize n_won = 0;
  for (gsize i = 0; i < n; i++)
    if (outcome[i] >= 0 && isfinite (probability[i]))
      {
        won[self->n_outcomes] = outcome[i] != 0;
        said[self->n_outcomes++] = probability[i];
        sum += probability[i];
        n_won += outcome[i] != 0;
      }
  if (self->n_outcomes == 0)
    return;
  self->said = sum / self->n_outcomes;
  self->won = (double) n_won / self->n_outcomes;
  if (self->n_outcomes < VAI_HEALTH_ROWS_MIN)
    return;
  vai_metrics_compute (&self->metrics, won, said, self->n_outcomes, 0.5);
  vai_metrics_bootstrap (&self->metrics, won, said, NULL, self->n_outcomes, REPLICATES, SEED);
  self->worse = is_worse (model, won, said, self->n_outcomes);
}

VaiHealth *
vai_health_new (const VaiModel *model,
                const VaiFrame *frame,
                const double *probability,
                const gint8 *outcome,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (VaiHealth) self = g_new0 (VaiHealth, 1);
  self->n_new = frame->n_rows;
  self->drifts = g_array_new (FALSE, TRUE, sizeof (VaiDrift));
  self->said = self->won = NAN;
  measure_outcomes (self, model, probability, outcome, frame->n_rows);
  return find_drifts (self, model, frame, probability, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

void
vai_health_free (VaiHealth *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->drifts);
  g_free (self);
}

VaiCondition
vai_health_judge (const VaiHealth *self)
{
  if (self->worse)
    return VAI_CONDITION_RETRAIN;
  if (self->n_shifted > 0)
    return VAI_CONDITION_WATCH;
  return self->n_outcomes >= VAI_HEALTH_ROWS_MIN ? VAI_CONDITION_GOOD : VAI_CONDITION_EARLY;
}

const char *
vai_condition_words (VaiCondition condition)
{
  switch (condition)
    {
    case VAI_CONDITION_GOOD:
      return _ ("Says what happens");
    case VAI_CONDITION_WATCH:
      return _ ("Watch");
    case VAI_CONDITION_RETRAIN:
      return _ ("Retraining would help");
    case VAI_CONDITION_EARLY:
    default:
      return _ ("Too early to tell");
    }
}
