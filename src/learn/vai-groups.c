#include "vai-groups.h"

#include "vai-remark.h"

#include <math.h>
#include <string.h>

/* A group with more than this share of the rows cannot stay on one side of a split: there would be nothing to learn
 * from on the other. */
#define GROUP_SHARE_MAX 0.2

/* Nor can one with more than this share of the won or of the lost ones: what trains without it would have to learn a
 * class from the rest. */
#define CLASS_SHARE_MAX 0.5

/* Where more than this share of the rows repeats another, the columns are so coarse that equal does not mean the same
 * quote. */
#define REPEATED_SHARE_MAX 0.5

typedef struct
{
  guint64 hash;
  guint32 row; /* index in the rows looked at */
} HashedRow;

static guint64
mix (guint64 hash, guint64 value)
{
  guint64 z = (hash ^ value) + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static guint64
cell_bits (const VaiColumn *column, guint32 row)
{
  if (column->type == VAI_TYPE_DATE)
    return column->times[row];
  if (column->type != VAI_TYPE_NUMBER)
    return (guint32) column->codes[row];
  /* One NaN and one zero. */
  double value = isnan (column->numbers[row]) ? (double) NAN : column->numbers[row] + 0.0;
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  return isnan (value) ? G_MAXUINT64 : bits;
}

static guint32
find_root (guint32 *parents, guint32 row)
{
  while (parents[row] != row)
    {
      parents[row] = parents[parents[row]];
      row = parents[row];
    }
  return row;
}

static int
compare_hashes (gconstpointer a, gconstpointer b)
{
  const HashedRow *x = a, *y = b;
  if (x->hash != y->hash)
    return x->hash < y->hash ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

/* Sorts, and gives how many rows share a hash. */
static gsize
sort_hashes (HashedRow *hashed, gsize n)
{
  gsize n_repeated = 0;
  qsort (hashed, n, sizeof *hashed, compare_hashes);
  for (gsize begin = 0, end; begin < n; begin = end)
    {
      for (end = begin + 1; end < n && hashed[end].hash == hashed[begin].hash; end++)
        ;
      if (end - begin > 1)
        n_repeated += end - begin;
    }
  return n_repeated;
}

static void
join_equal (guint32 *parents, const HashedRow *hashed, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (hashed[i].hash == hashed[i - 1].hash)
      {
        guint32 a = find_root (parents, hashed[i - 1].row), b = find_root (parents, hashed[i].row);
        parents[MAX (a, b)] = MIN (a, b);
      }
}

/* The rows of the largest group, as a share of the most that a group may hold: of all rows, and of each class. Above 1
 * there is a group that cannot stay together. @share, nullable: of all rows. */
static double
burden (guint32 *parents, const guint8 *won, gsize n_rows, double *share)
{
  g_autofree guint32 *counts = g_new0 (guint32, 2 * MAX (n_rows, 1));
  double total[2] = { 0, 0 }, worst = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      counts[2 * find_root (parents, i) + won[i]]++;
      total[won[i]]++;
    }
  for (gsize i = 0; i < n_rows; i++)
    {
      double size = counts[2 * i] + counts[2 * i + 1], most = size / (GROUP_SHARE_MAX * (double) n_rows);
      for (guint c = 0; c < 2; c++)
        if (total[c] > 0)
          most = MAX (most, counts[2 * i + c] / (CLASS_SHARE_MAX * total[c]));
      if (most <= worst)
        continue;
      worst = most;
      if (share != NULL)
        *share = size / (double) n_rows;
    }
  return worst;
}

static gboolean
is_looked_at (VaiRole role, gboolean everything)
{
  if (role == VAI_ROLE_OUTCOME)
    return FALSE;
  return everything || (role != VAI_ROLE_IGNORED && role != VAI_ROLE_IDENTIFIER);
}

/* Joins rows that are equal in every column but identifiers and ignored ones; where that says nothing, in every column.
 */
static void
join_duplicates (const VaiTable *table,
                 const VaiProfile *profile,
                 const guint32 *rows,
                 gsize n_rows,
                 const guint8 *won,
                 guint32 *parents)
{
  g_autofree HashedRow *hashed = g_new (HashedRow, n_rows);
  g_autofree guint32 *tried = g_new (guint32, n_rows);
  for (guint pass = 0; pass < 2; pass++)
    {
      for (gsize i = 0; i < n_rows; i++)
        hashed[i] = (HashedRow){ .row = i };
      for (guint c = 0; c < table->columns->len; c++)
        if (is_looked_at (profile->columns[c].role, pass == 1))
          for (gsize i = 0; i < n_rows; i++)
            hashed[i].hash = mix (hashed[i].hash, cell_bits (vai_table_column (table, c), rows[i]));
      if ((double) sort_hashes (hashed, n_rows) > REPEATED_SHARE_MAX * (double) n_rows)
        continue;
      memcpy (tried, parents, n_rows * sizeof *tried);
      join_equal (tried, hashed, n_rows);
      if (burden (tried, won, n_rows, NULL) > 1)
        continue;
      memcpy (parents, tried, n_rows * sizeof *tried);
      return;
    }
}

/* Looked at after it is joined to what was before: two identifiers with small groups each can chain all rows to one. */
static void
join_identifiers (const VaiColumn *column,
                  const guint32 *rows,
                  gsize n_rows,
                  const guint8 *won,
                  guint32 *parents,
                  GPtrArray *warnings)
{
  g_autofree HashedRow *hashed = g_new (HashedRow, n_rows);
  g_autofree guint32 *tried = g_memdup2 (parents, n_rows * sizeof *parents);
  gsize n = 0;
  for (gsize i = 0; i < n_rows; i++)
    if (!vai_column_is_missing (column, rows[i]))
      hashed[n++] = (HashedRow){ .hash = cell_bits (column, rows[i]), .row = i };
  sort_hashes (hashed, n);
  join_equal (tried, hashed, n);
  double share = 0;
  if (burden (tried, won, n_rows, &share) > 1)
    vai_remarks_add (warnings, VAI_REMARK_IDENTIFIER_TIES, column->name, lround (100 * share), 0);
  else
    memcpy (parents, tried, n_rows * sizeof *tried);
}

guint
vai_groups_find (const VaiTable *table,
                 const VaiProfile *profile,
                 const guint32 *rows,
                 gsize n_rows,
                 const guint8 *won,
                 guint32 *groups,
                 GPtrArray *warnings)
{
  g_return_val_if_fail (n_rows > 0, 0);
  g_autofree guint32 *parents = g_new (guint32, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    parents[i] = i;
  join_duplicates (table, profile, rows, n_rows, won, parents);
  for (guint c = 0; c < table->columns->len; c++)
    if (profile->columns[c].role == VAI_ROLE_IDENTIFIER)
      join_identifiers (vai_table_column (table, c), rows, n_rows, won, parents, warnings);
  /* A root is the first row of its group, so its number is known before any other row asks for it. */
  guint n_groups = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      guint32 root = find_root (parents, i);
      groups[i] = root == i ? n_groups++ : groups[root];
    }
  return n_groups;
}
