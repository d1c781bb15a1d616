#include "vai-groups.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A group with more than this share of the rows cannot stay on one side of a split: there would be nothing to learn
 * from on the other. */
#define GROUP_SHARE_MAX 0.2

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

/* Sorts, and counts the rows that share a hash: all, and of the largest group. */
static void
sort_hashes (HashedRow *hashed, gsize n, gsize *n_repeated, gsize *largest)
{
  qsort (hashed, n, sizeof *hashed, compare_hashes);
  *n_repeated = *largest = 0;
  for (gsize begin = 0, end; begin < n; begin = end)
    {
      for (end = begin + 1; end < n && hashed[end].hash == hashed[begin].hash; end++)
        ;
      if (end - begin > 1)
        *n_repeated += end - begin;
      *largest = MAX (*largest, end - begin);
    }
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
join_duplicates (const VaiTable *table, const VaiProfile *profile, const guint32 *rows, gsize n_rows, guint32 *parents)
{
  g_autofree HashedRow *hashed = g_new (HashedRow, n_rows);
  for (guint pass = 0; pass < 2; pass++)
    {
      for (gsize i = 0; i < n_rows; i++)
        hashed[i] = (HashedRow){ .row = i };
      for (guint c = 0; c < table->columns->len; c++)
        if (is_looked_at (profile->columns[c].role, pass == 1))
          for (gsize i = 0; i < n_rows; i++)
            hashed[i].hash = mix (hashed[i].hash, cell_bits (vai_table_column (table, c), rows[i]));
      gsize n_repeated, largest;
      sort_hashes (hashed, n_rows, &n_repeated, &largest);
      if ((double) n_repeated > REPEATED_SHARE_MAX * (double) n_rows
          || (double) largest > GROUP_SHARE_MAX * (double) n_rows)
        continue;
      join_equal (parents, hashed, n_rows);
      return;
    }
}

static void
join_identifiers (const VaiColumn *column, const guint32 *rows, gsize n_rows, guint32 *parents, GPtrArray *warnings)
{
  g_autofree HashedRow *hashed = g_new (HashedRow, n_rows);
  gsize n = 0, n_repeated, largest;
  for (gsize i = 0; i < n_rows; i++)
    if (!vai_column_is_missing (column, rows[i]))
      hashed[n++] = (HashedRow){ .hash = cell_bits (column, rows[i]), .row = i };
  sort_hashes (hashed, n, &n_repeated, &largest);
  if ((double) largest > GROUP_SHARE_MAX * (double) n_rows)
    g_ptr_array_add (
        warnings,
        g_strdup_printf (_ ("One value of “%s” holds %.0f %% of the quotes, so its quotes were not kept together when "
                            "the model was tested."),
                         column->name, 100.0 * (double) largest / (double) n_rows));
  else
    join_equal (parents, hashed, n);
}

guint
vai_groups_find (const VaiTable *table,
                 const VaiProfile *profile,
                 const guint32 *rows,
                 gsize n_rows,
                 guint32 *groups,
                 GPtrArray *warnings)
{
  g_autofree guint32 *parents = g_new (guint32, MAX (n_rows, 1));
  for (gsize i = 0; i < n_rows; i++)
    parents[i] = i;
  join_duplicates (table, profile, rows, n_rows, parents);
  for (guint c = 0; c < table->columns->len; c++)
    if (profile->columns[c].role == VAI_ROLE_IDENTIFIER)
      join_identifiers (vai_table_column (table, c), rows, n_rows, parents, warnings);
  /* A root is the first row of its group, so its number is known before any other row asks for it. */
  guint n_groups = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      guint32 root = find_root (parents, i);
      groups[i] = root == i ? n_groups++ : groups[root];
    }
  return n_groups;
}
