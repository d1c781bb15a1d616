#include "vai-folds.h"

#include "vai-column.h"
#include "vai-random.h"

#include <string.h>

/* Share of the training rows that may be left out to make the classes of all training parts equal. */
#define TRIM_MAX 0.02

/* Fewest groups of a class that a training part of a walk-forward needs: as many as inner splits have folds, so that
 * none of them trains without the class. */
#define CLASS_GROUPS_MIN 5

void
vai_split_free (VaiSplit *self)
{
  if (self == NULL)
    return;
  g_free (self->train);
  g_free (self->test);
  g_free (self);
}

typedef struct
{
  guint32 group, position;
  guint32 count[2]; /* lost, won */
} GroupCount;

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const GroupCount *x = a, *y = b;
  guint32 size_x = x->count[0] + x->count[1], size_y = y->count[0] + y->count[1];
  if (size_x != size_y)
    return size_x > size_y ? -1 : 1;
  return x->position < y->position ? -1 : x->position > y->position;
}

/* The groups of @rows, the largest first, in an order that depends on @random only. */
static GArray *
ordered_groups (const guint32 *rows,
                gsize n_rows,
                const guint8 *won,
                const guint32 *groups,
                guint n_groups,
                VaiRandom *random)
{
  g_autofree GroupCount *counts = g_new0 (GroupCount, n_groups);
  for (gsize i = 0; i < n_rows; i++)
    counts[groups[rows[i]]].count[won[rows[i]]]++;
  g_autofree guint32 *order = g_new (guint32, n_groups);
  for (guint32 i = 0; i < n_groups; i++)
    order[i] = i;
  vai_random_shuffle (random, order, n_groups);
  GArray *sorted = g_array_new (FALSE, FALSE, sizeof (GroupCount));
  for (guint32 i = 0; i < n_groups; i++)
    {
      GroupCount *count = &counts[order[i]];
      if (count->count[0] + count->count[1] == 0)
        continue;
      count->group = order[i];
      count->position = i;
      g_array_append_val (sorted, *count);
    }
  g_array_sort (sorted, compare_groups);
  return sorted;
}

/* The fold of each group: where its classes are scarcest, measured as shares of the whole; then where there are fewest
 * rows. */
static void
deal_groups (const GArray *sorted, const gsize total[2], guint folds, guint32 *fold_of_group)
{
  g_autofree double *held = g_new0 (double, 2 * folds);
  const double squares[2] = { (double) total[0] * total[0], (double) total[1] * total[1] };
  for (guint i = 0; i < sorted->len; i++)
    {
      const GroupCount *group = &g_array_index (sorted, GroupCount, i);
      guint best = 0;
      double best_cost = G_MAXDOUBLE, best_rows = G_MAXDOUBLE;
      for (guint fold = 0; fold < folds; fold++)
        {
          double cost = 0, rows = held[2 * fold] + held[2 * fold + 1];
          for (guint c = 0; c < 2; c++)
            if (group->count[c] > 0)
              cost += held[2 * fold + c] * group->count[c] / squares[c];
          if (cost < best_cost || (cost == best_cost && rows < best_rows))
            {
              best = fold;
              best_cost = cost;
              best_rows = rows;
            }
        }
      fold_of_group[group->group] = best;
      held[2 * best] += group->count[0];
      held[2 * best + 1] += group->count[1];
    }
}

/* How many rows of each class every training part shall have: the least that one has, unless that would cost too much.
 */
static void
common_counts (const guint32 *rows,
               gsize n_rows,
               const guint8 *won,
               const guint32 *groups,
               const guint32 *fold_of_group,
               guint folds,
               gsize wanted[2])
{
  g_autofree gsize *tested = g_new0 (gsize, 2 * folds);
  gsize total[2] = { 0, 0 };
  for (gsize i = 0; i < n_rows; i++)
    {
      tested[2 * fold_of_group[groups[rows[i]]] + won[rows[i]]]++;
      total[won[rows[i]]]++;
    }
  for (guint c = 0; c < 2; c++)
    {
      gsize least = G_MAXSIZE, most = 0;
      for (guint fold = 0; fold < folds; fold++)
        {
          least = MIN (least, total[c] - tested[2 * fold + c]);
          most = MAX (most, total[c] - tested[2 * fold + c]);
        }
      gboolean cheap = most - least <= 1 || (double) (most - least) <= TRIM_MAX * (double) n_rows;
      wanted[c] = cheap ? least : G_MAXSIZE;
    }
}

/* Keeps the first @wanted of each class of @order that are not tested in @fold; the sides come in the order of @rows.
 */
static VaiSplit *
make_split (const guint32 *rows,
            gsize n_rows,
            const guint32 *order,
            const guint8 *won,
            const guint32 *groups,
            const guint32 *fold_of_group,
            guint fold,
            const gsize wanted[2])
{
  g_autofree guint8 *trains = g_new0 (guint8, n_rows);
  gsize kept[2] = { 0, 0 };
  for (gsize i = 0; i < n_rows; i++)
    {
      guint32 row = rows[order[i]];
      if (fold_of_group[groups[row]] != fold && kept[won[row]] < wanted[won[row]])
        {
          trains[order[i]] = 1;
          kept[won[row]]++;
        }
    }
  VaiSplit *split = g_new0 (VaiSplit, 1);
  split->train = g_new (guint32, MAX (kept[0] + kept[1], 1));
  split->test = g_new (guint32, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    if (trains[i])
      split->train[split->n_train++] = rows[i];
    else if (fold_of_group[groups[rows[i]]] == fold)
      split->test[split->n_test++] = rows[i];
  split->test = g_renew (guint32, split->test, MAX (split->n_test, 1));
  return split;
}

GPtrArray *
vai_folds_cross_validation (const guint32 *rows,
                            gsize n_rows,
                            const guint8 *won,
                            const guint32 *groups,
                            guint n_groups,
                            guint folds,
                            guint64 seed)
{
  g_return_val_if_fail (folds >= 2 && n_rows > 0, NULL);
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  g_autoptr (GArray) sorted = ordered_groups (rows, n_rows, won, groups, n_groups, &random);
  gsize total[2] = { 0, 0 };
  for (gsize i = 0; i < n_rows; i++)
    total[won[rows[i]]]++;
  g_autofree guint32 *fold_of_group = g_new0 (guint32, n_groups);
  deal_groups (sorted, total, folds, fold_of_group);
  gsize wanted[2];
  common_counts (rows, n_rows, won, groups, fold_of_group, folds, wanted);

  g_autofree guint32 *order = g_new (guint32, n_rows);
  GPtrArray *splits = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_split_free);
  for (guint fold = 0; fold < folds; fold++)
    {
      for (gsize i = 0; i < n_rows; i++)
        order[i] = i;
      vai_random_shuffle (&random, order, n_rows);
      g_ptr_array_add (splits, make_split (rows, n_rows, order, won, groups, fold_of_group, fold, wanted));
    }
  return splits;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return x < y ? -1 : x > y;
}

/* The times at which the blocks after the first begin: fewer where many rows share a time. */
static GArray *
block_starts (const guint32 *rows, gsize n_rows, const gint64 *opened, guint blocks)
{
  g_autoptr (GArray) times = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_rows);
  for (gsize i = 0; i < n_rows; i++)
    if (opened[rows[i]] != VAI_TIME_MISSING)
      g_array_append_val (times, opened[rows[i]]);
  g_array_sort (times, compare_times);
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint block = 1; block < blocks && times->len > 0; block++)
    {
      gint64 start = g_array_index (times, gint64, (gsize) times->len * block / blocks);
      gboolean later = start > g_array_index (times, gint64, 0);
      if (later && (starts->len == 0 || start > g_array_index (starts, gint64, starts->len - 1)))
        g_array_append_val (starts, start);
    }
  return starts;
}

static gboolean
is_known_before (guint32 row, const gint64 *opened, const gint64 *closed, gint64 time)
{
  gint64 known = closed != NULL && closed[row] != VAI_TIME_MISSING ? closed[row] : opened[row];
  return known != VAI_TIME_MISSING && MAX (known, opened[row]) < time;
}

static VaiSplit *
make_block (const guint32 *rows,
            gsize n_rows,
            const guint32 *groups,
            guint n_groups,
            const gint64 *opened,
            const gint64 *closed,
            gint64 start,
            gint64 end)
{
  VaiSplit *split = g_new0 (VaiSplit, 1);
  split->train = g_new (guint32, n_rows);
  split->test = g_new (guint32, n_rows);
  g_autofree guint8 *is_tested = g_new0 (guint8, n_groups);
  for (gsize i = 0; i < n_rows; i++)
    if (opened[rows[i]] != VAI_TIME_MISSING && opened[rows[i]] >= start && opened[rows[i]] < end)
      {
        split->test[split->n_test++] = rows[i];
        is_tested[groups[rows[i]]] = 1;
      }
  for (gsize i = 0; i < n_rows; i++)
    if (is_known_before (rows[i], opened, closed, start) && !is_tested[groups[rows[i]]])
      split->train[split->n_train++] = rows[i];
  split->train = g_renew (guint32, split->train, MAX (split->n_train, 1));
  split->test = g_renew (guint32, split->test, MAX (split->n_test, 1));
  return split;
}

/* Enough rows of each class, and of enough groups: inside the training part it is split again. */
static gboolean
can_be_learned (const VaiSplit *split, const guint8 *won, const guint32 *groups, guint n_groups)
{
  gsize n_rows[2] = { 0, 0 }, n_held[2] = { 0, 0 };
  g_autofree guint8 *holds = g_new0 (guint8, 2 * MAX (n_groups, 1u));
  for (gsize i = 0; i < split->n_train; i++)
    {
      guint8 class = won[split->train[i]], *held = &holds[2 * groups[split->train[i]] + class];
      n_rows[class]++;
      n_held[class] += *held == 0;
      *held = 1;
    }
  return MIN (n_rows[0], n_rows[1]) >= VAI_BLOCK_CLASS_MIN && MIN (n_held[0], n_held[1]) >= CLASS_GROUPS_MIN
         && split->n_test > 0;
}

GPtrArray *
vai_folds_walk_forward (const guint32 *rows,
                        gsize n_rows,
                        const guint8 *won,
                        const guint32 *groups,
                        guint n_groups,
                        const gint64 *opened,
                        const gint64 *closed,
                        guint blocks,
                        guint *n_skipped)
{
  g_autoptr (GArray) starts = block_starts (rows, n_rows, opened, blocks);
  g_autoptr (GPtrArray) splits = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_split_free);
  *n_skipped = 0;
  for (guint i = 0; i < starts->len; i++)
    {
      gint64 start = g_array_index (starts, gint64, i);
      gint64 end = i + 1 < starts->len ? g_array_index (starts, gint64, i + 1) : G_MAXINT64;
      g_autoptr (VaiSplit) split = make_block (rows, n_rows, groups, n_groups, opened, closed, start, end);
      if (can_be_learned (split, won, groups, n_groups))
        g_ptr_array_add (splits, g_steal_pointer (&split));
      else
        (*n_skipped)++;
    }
  return splits->len >= VAI_BLOCKS_MIN ? g_steal_pointer (&splits) : NULL;
}
