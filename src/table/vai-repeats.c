/* Rows that say the same as an earlier row, and columns that say the same as an earlier column. */
#include "vai-audit.h"

#include "vai-error.h"
#include "vai-hash.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Like rows are worth a word when there are so many more of them than chance alone would make. */
#define NEAR_OVER_CHANCE 20.0

/* Relative difference up to which a column is a fixed multiple of another (net and gross, say). */
#define MULTIPLE_TOLERANCE 1e-9

/* What a cell holds, as bits: equal cells, equal bits. */
static inline guint64
cell_bits (const VaiColumn *column, gsize row)
{
  guint64 bits;
  switch (column->type)
    {
    case VAI_TYPE_NUMBER:
      if (isnan (column->numbers[row]))
        return G_MAXUINT64;
      double number = column->numbers[row] + 0.0;
      memcpy (&bits, &number, sizeof bits);
      return bits;
    case VAI_TYPE_DATE:
      return (guint64) column->times[row];
    default:
      return (guint64) (gint64) column->codes[row];
    }
}

static guint64 *
hash_rows (const VaiTable *table, const gboolean *used)
{
  guint64 *hashes = g_new0 (guint64, MAX (table->n_rows, 1));
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      if (!used[i])
        continue;
      for (gsize row = 0; row < table->n_rows; row++)
        hashes[row] = vai_hash_mix (hashes[row] ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f),
                                    cell_bits (column, row) ^ G_GUINT64_CONSTANT (0xe7037ed1a0b428db));
    }
  return hashes;
}

static gboolean
rows_equal (const VaiTable *table, const gboolean *used, gsize a, gsize b)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      if (used[i] && cell_bits (column, a) != cell_bits (column, b))
        return FALSE;
    }
  return TRUE;
}

/* Open addressing over at most half full slots; what is found by its hash is compared cell by cell. */
static GArray *
find_repeats (const VaiTable *table, const gboolean *used)
{
  GArray *repeats = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (table->n_rows >= G_MAXUINT32)
    return repeats;
  gsize n_slots = 16;
  while (n_slots < 2 * table->n_rows)
    n_slots *= 2;
  g_autofree guint64 *hashes = hash_rows (table, used);
  g_autofree guint32 *slots = g_new0 (guint32, n_slots); /* row + 1 */
  for (guint32 row = 0; row < table->n_rows; row++)
    {
      gsize slot = hashes[row] & (n_slots - 1);
      while (slots[slot] != 0
             && (hashes[slots[slot] - 1] != hashes[row] || !rows_equal (table, used, slots[slot] - 1, row)))
        slot = (slot + 1) & (n_slots - 1);
      if (slots[slot] != 0)
        g_array_append_val (repeats, row);
      else
        slots[slot] = row + 1;
    }
  return repeats;
}

GArray *
vai_rows_find_repeats (const VaiTable *table)
{
  g_autofree gboolean *used = g_new (gboolean, MAX (table->columns->len, 1));
  for (guint i = 0; i < table->columns->len; i++)
    used[i] = TRUE;
  return find_repeats (table, used);
}

GArray *
vai_rows_find_near_repeats (const VaiProfile *profile, const VaiTable *table)
{
  g_autofree gboolean *used = g_new (gboolean, MAX (table->columns->len, 1));
  for (guint i = 0; i < table->columns->len; i++)
    used[i] = vai_table_column (table, i)->type != VAI_TYPE_DATE && profile->columns[i].role != VAI_ROLE_IDENTIFIER
              && profile->columns[i].role != VAI_ROLE_IGNORED;
  return find_repeats (table, used);
}

/* Pairs of rows that would be alike by chance, were the columns independent. */
static double
chance_pairs (const VaiAudit *audit)
{
  double equal = 1;
  for (guint i = 0; i < audit->table->columns->len; i++)
    {
      VaiRole role = audit->profile->columns[i].role;
      if (vai_table_column (audit->table, i)->type != VAI_TYPE_DATE && role != VAI_ROLE_IDENTIFIER
          && role != VAI_ROLE_IGNORED)
        equal *= audit->facts[i].chance_equal;
    }
  double n = audit->table->n_rows;
  return n * (n - 1) / 2 * equal;
}

static void
say_repeats (VaiAudit *audit)
{
  VaiProfile *profile = audit->profile;
  g_autoptr (GArray) repeats = vai_rows_find_repeats (audit->table);
  profile->n_duplicate_rows = repeats->len;
  if (repeats->len > 0)
    vai_finding_add (
        audit, VAI_FINDING_DUPLICATE_ROWS, VAI_SEVERITY_WARNING, -1, NULL, VAI_ACT_KEEP_ONE, repeats->len,
        g_strdup_printf (ngettext ("%u row repeats another row in every column: keep one of them?",
                                   "%u rows repeat another row in every column: keep one of each?", repeats->len),
                         repeats->len));
  g_autoptr (GArray) near = vai_rows_find_near_repeats (profile, audit->table);
  if (near->len <= repeats->len || near->len - repeats->len < NEAR_OVER_CHANCE * chance_pairs (audit))
    return;
  guint only_near = near->len - repeats->len;
  vai_finding_add (
      audit, VAI_FINDING_NEAR_DUPLICATES, VAI_SEVERITY_INFO, -1, NULL, VAI_ACT_KEEP_ONE, only_near,
      g_strdup_printf (
          ngettext ("%u row is like another row but for identifiers and dates, with the same outcome: if they are "
                    "one quote entered twice, keep one of them?",
                    "%u rows are like another row but for identifiers and dates, with the same outcome: if they are "
                    "one quote entered twice, keep one of each?",
                    only_near),
          only_near));
}

typedef struct
{
  guint64 key, value;
  gboolean used;
} Pair;

/* Is the other column's value fixed by the first one's? Both have as many distinct values. */
static gboolean
same_groups (const VaiColumn *a, const VaiColumn *b, gsize n_distinct)
{
  gsize n_slots = 16;
  while (n_slots < 2 * (n_distinct + 1))
    n_slots *= 2;
  g_autofree Pair *pairs = g_new0 (Pair, n_slots);
  for (gsize row = 0; row < a->n_rows; row++)
    {
      if (vai_column_is_missing (a, row) != vai_column_is_missing (b, row))
        return FALSE;
      guint64 key = cell_bits (a, row), value = cell_bits (b, row);
      gsize slot = vai_hash_mix (key ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f), G_GUINT64_CONSTANT (0xe7037ed1a0b428db))
                   & (n_slots - 1);
      while (pairs[slot].used && pairs[slot].key != key)
        slot = (slot + 1) & (n_slots - 1);
      if (pairs[slot].used && pairs[slot].value != value)
        return FALSE;
      pairs[slot] = (Pair){ key, value, TRUE };
    }
  return TRUE;
}

static gboolean
is_multiple (const VaiColumn *a, const VaiColumn *b)
{
  double factor = NAN;
  for (gsize row = 0; row < a->n_rows; row++)
    {
      double x = a->numbers[row], y = b->numbers[row];
      if (isnan (x) != isnan (y))
        return FALSE;
      if (isnan (x) || (x == 0 && y == 0))
        continue;
      if (isnan (factor))
        factor = y / x;
      if (!(fabs (y - factor * x) <= MULTIPLE_TOLERANCE * fabs (y)))
        return FALSE;
    }
  return !isnan (factor);
}

/* Columns of running numbers part the rows alike without saying the same, so nearly distinct ones must be multiples. */
static gboolean
says_the_same (const VaiAudit *audit, guint i, guint j)
{
  const VaiColumn *a = vai_table_column (audit->table, i), *b = vai_table_column (audit->table, j);
  const VaiColumnFacts *x = &audit->facts[i], *y = &audit->facts[j];
  if (x->n_filled != y->n_filled || x->n_distinct != y->n_distinct || x->n_distinct < 2
      || x->counts_hash != y->counts_hash)
    return FALSE;
  if (2 * x->n_distinct > x->n_filled)
    return a->type == VAI_TYPE_NUMBER && b->type == VAI_TYPE_NUMBER && is_multiple (a, b);
  return same_groups (a, b, x->n_distinct);
}

static void
say_duplicate_column (VaiAudit *audit, guint i, guint j)
{
  const char *name = vai_table_column (audit->table, j)->name, *other = vai_table_column (audit->table, i)->name;
  vai_finding_add (audit, VAI_FINDING_DUPLICATE_COLUMN, VAI_SEVERITY_WARNING, j, NULL, VAI_ACT_LEAVE_OUT,
                   audit->table->n_rows,
                   g_strdup_printf (_ ("“%s” says the same as “%s” in every row: leave it out?"), name, other));
}

static gboolean
find_duplicate_columns (VaiAudit *audit, GError **error)
{
  guint n = audit->table->columns->len;
  for (guint j = 1; j < n; j++)
    {
      if (vai_cancelled (audit->cancellable, error))
        return FALSE;
      for (guint i = 0; i < j; i++)
        {
          if (audit->facts[i].ignored || audit->facts[j].ignored || (int) i == audit->profile->outcome
              || (int) j == audit->profile->outcome || !says_the_same (audit, i, j))
            continue;
          say_duplicate_column (audit, i, j);
          break;
        }
    }
  return TRUE;
}

gboolean
vai_quality_find_in_rows (VaiAudit *audit, GError **error)
{
  if (audit->table->columns->len == 0 || audit->table->n_rows < 2)
    return TRUE;
  say_repeats (audit);
  return find_duplicate_columns (audit, error);
}
