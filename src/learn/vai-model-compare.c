#include "vai-model-compare.h"

#include <math.h>

#define SEED 5

typedef struct
{
  guint8 *won;
  double *of_a, *of_b;
  guint32 *groups; /* of @a; nullable */
  gsize n;
} Pairs;

static void
pairs_clear (Pairs *self)
{
  g_free (self->won);
  g_free (self->of_a);
  g_free (self->of_b);
  g_free (self->groups);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

static gboolean
is_tested (const VaiReference *past, guint row)
{
  return (past->tested == NULL || past->tested[row]) && isfinite (past->probability[row]);
}

static void
add_pair (Pairs *self, const VaiReference *a, guint row_a, const VaiReference *b, guint row_b)
{
  if (!is_tested (a, row_a) || !is_tested (b, row_b) || !a->won[row_a] != !b->won[row_b])
    return;
  self->won[self->n] = a->won[row_a] != 0;
  self->of_a[self->n] = a->probability[row_a];
  self->of_b[self->n] = b->probability[row_b];
  if (self->groups != NULL)
    self->groups[self->n] = a->groups[row_a];
  self->n++;
}

static gboolean
is_same_table (const VaiModel *a, const VaiModel *b)
{
  guint n = a->reference.frame->n_rows;
  return g_strcmp0 (a->data_fingerprint, b->data_fingerprint) == 0 && n == b->reference.frame->n_rows
         && a->seed == b->seed && a->n_rows == b->n_rows;
}

/* Row + 1 by identifier; 0 where two rows have it, which then pairs nothing. */
static GHashTable *
index_names (const VaiReference *past)
{
  GHashTable *rows = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < past->frame->n_rows; i++)
    if (past->names[i] != NULL && *past->names[i] != '\0')
      {
        gboolean again = g_hash_table_contains (rows, past->names[i]);
        g_hash_table_insert (rows, past->names[i], GUINT_TO_POINTER (again ? 0 : i + 1));
      }
  return rows;
}

static void
pair_by_name (Pairs *self, const VaiReference *a, const VaiReference *b)
{
  g_autoptr (GHashTable) in_a = index_names (a), in_b = index_names (b);
  for (guint i = 0; i < a->frame->n_rows; i++)
    {
      if (a->names[i] == NULL || GPOINTER_TO_UINT (g_hash_table_lookup (in_a, a->names[i])) != i + 1)
        continue;
      guint found = GPOINTER_TO_UINT (g_hash_table_lookup (in_b, a->names[i]));
      if (found > 0)
        add_pair (self, a, i, b, found - 1);
    }
}

gsize
vai_model_compare (const VaiModel *a, const VaiModel *b, VaiComparison *result)
{
  const VaiReference *past_a = &a->reference, *past_b = &b->reference;
  guint n = MAX (past_a->frame->n_rows, 1);
  g_auto (Pairs) pairs = { g_new (guint8, n), g_new (double, n), g_new (double, n),
                           past_a->groups != NULL ? g_new (guint32, n) : NULL, 0 };
  if (is_same_table (a, b))
    for (guint i = 0; i < past_a->frame->n_rows; i++)
      add_pair (&pairs, past_a, i, past_b, i);
  else if (past_a->names != NULL && past_b->names != NULL)
    pair_by_name (&pairs, past_a, past_b);
  if (pairs.n >= VAI_MODEL_COMPARE_MIN)
    vai_metrics_compare (result, pairs.won, pairs.of_a, pairs.of_b, pairs.groups, pairs.n, SEED);
  return pairs.n;
}
