/* Search and order of the rows of a table, computed as a permutation; both end soon once they are cancelled. */
#include "vai-column-words.h"
#include "vai-table-model.h"

#include <math.h>
#include <string.h>

/* Rows between two looks at the cancellable. */
#define LOOK_ROWS 65536

void
vai_table_query_free (VaiTableQuery *self)
{
  vai_table_unref (self->table);
  g_clear_pointer (&self->rows, g_array_unref);
  g_free (self->search);
  g_free (self);
}

/* As vai_format_number() writes it. */
#define MINUS "\u2212"

/* What is searched for in one column. */
typedef struct
{
  const VaiColumn *column;
  gboolean *codes; /* owned, nullable: which values have it */
} Needle;

static gboolean
is_over (gsize i, GCancellable *cancellable)
{
  return i % LOOK_ROWS == 0 && g_cancellable_is_cancelled (cancellable);
}

static gboolean *
match_codes (const VaiDictionary *dictionary, const char *search, GCancellable *cancellable)
{
  guint n = vai_dictionary_get_size (dictionary);
  gboolean *codes = g_new0 (gboolean, n + 1);

  for (guint i = 0; i < n && !is_over (i, cancellable); i++)
    {
      const char *text = vai_dictionary_get (dictionary, i, NULL);
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      g_autofree char *folded = g_utf8_casefold (valid, -1);
      codes[i] = strstr (folded, search) != NULL;
    }
  return codes;
}

/* A number or a date is found as it is shown, and as it is kept: “1,250.50” and “1250.5”. */
static gboolean
number_reads_as (const VaiColumn *column, gsize row, const char *search)
{
  if (vai_column_is_missing (column, row))
    return FALSE;
  g_autofree char *text = vai_column_dup_text (column, row);
  g_autofree char *shown = vai_column_dup_shown (column, row);
  return g_str_has_prefix (text, search) || g_str_has_prefix (shown, search);
}

static gboolean
row_matches (const Needle *needles, guint n, gsize row, const char *search, gboolean digits)
{
  for (guint i = 0; i < n; i++)
    {
      const VaiColumn *column = needles[i].column;
      if (needles[i].codes != NULL && column->codes[row] >= 0 && needles[i].codes[column->codes[row]])
        return TRUE;
      if (needles[i].codes == NULL && digits && number_reads_as (column, row, search))
        return TRUE;
    }
  return FALSE;
}

static GArray *
find_rows (const VaiTableQuery *self, GCancellable *cancellable)
{
  const VaiTable *table = self->table;
  guint n = table->columns->len;
  g_autofree char *search = g_utf8_casefold (self->search, -1);
  g_autofree Needle *needles = g_new0 (Needle, MAX (n, 1));
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize n_rows = self->rows != NULL ? self->rows->len : table->n_rows;
  gboolean digits = g_ascii_isdigit (search[0]) || search[0] == '-' || g_str_has_prefix (search, MINUS);

  for (guint i = 0; i < n; i++)
    {
      needles[i].column = vai_table_column (table, i);
      if (needles[i].column->codes != NULL)
        needles[i].codes = match_codes (needles[i].column->dictionary, search, cancellable);
    }
  for (gsize i = 0; i < n_rows && !is_over (i, cancellable); i++)
    {
      guint32 row = self->rows != NULL ? g_array_index (self->rows, guint32, i) : i;
      if (row_matches (needles, n, row, search, digits))
        g_array_append_val (found, row);
    }
  for (guint i = 0; i < n; i++)
    g_free (needles[i].codes);
  return found;
}

/* Order. */

typedef struct
{
  GCompareDataFunc compare; /* of two guint32 */
  gpointer keys;
  GCancellable *cancellable;
} Sort;

/* Two sorted runs that follow each other, into one of @out. */
static void
merge_runs (const Sort *self, const guint32 *from, const guint32 *middle, const guint32 *end, guint32 *out)
{
  const guint32 *a = from, *b = middle;

  while (a < middle && b < end)
    *out++ = self->compare (a, b, self->keys) <= 0 ? *a++ : *b++;
  while (a < middle)
    *out++ = *a++;
  while (b < end)
    *out++ = *b++;
}

/* By pieces, so that it can be cancelled between them: FALSE, and the items are in no order and some there twice. */
static gboolean
sort (const Sort *self, guint32 *items, gsize n)
{
  g_autofree guint32 *spare = g_new (guint32, MAX (n, 1));
  guint32 *from = items, *to = spare;

  for (gsize i = 0; i < n && !g_cancellable_is_cancelled (self->cancellable); i += LOOK_ROWS)
    g_qsort_with_data (items + i, MIN (LOOK_ROWS, n - i), sizeof *items, self->compare, self->keys);
  for (gsize run = LOOK_ROWS; run < n; run *= 2)
    {
      for (gsize i = 0; i < n && !g_cancellable_is_cancelled (self->cancellable); i += 2 * run)
        merge_runs (self, from + i, from + MIN (i + run, n), from + MIN (i + 2 * run, n), to + i);
      if (g_cancellable_is_cancelled (self->cancellable))
        return FALSE;
      guint32 *swap = from;
      from = to;
      to = swap;
    }
  if (from != items)
    memcpy (items, from, n * sizeof *items);
  return !g_cancellable_is_cancelled (self->cancellable);
}

static int
compare_texts (gconstpointer a, gconstpointer b, gpointer keys)
{
  char *const *of = keys;

  return strcmp (of[*(const guint32 *) a], of[*(const guint32 *) b]);
}

/* The place of each value of the dictionary in the order of the language. */
static double *
rank_codes (const VaiDictionary *dictionary, GCancellable *cancellable)
{
  guint n = vai_dictionary_get_size (dictionary);
  g_autofree guint32 *order = g_new (guint32, n + 1);
  char **keys = g_new0 (char *, n + 1);
  double *ranks = g_new0 (double, n + 1);
  guint n_keys = 0;

  for (; n_keys < n && !is_over (n_keys, cancellable); n_keys++)
    {
      const char *text = vai_dictionary_get (dictionary, n_keys, NULL);
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      keys[n_keys] = g_utf8_collate_key (valid, -1);
      order[n_keys] = n_keys;
    }
  if (n_keys == n && sort (&(Sort){ compare_texts, keys, cancellable }, order, n))
    for (guint i = 0; i < n; i++)
      ranks[order[i]] = i;
  g_strfreev (keys);
  return ranks;
}

static double *
make_keys (const VaiColumn *column, GCancellable *cancellable)
{
  double *keys = g_new (double, MAX (column->n_rows, 1));
  g_autofree double *ranks = column->codes != NULL ? rank_codes (column->dictionary, cancellable) : NULL;

  for (gsize row = 0; row < column->n_rows; row++)
    if (vai_column_is_missing (column, row))
      keys[row] = NAN;
    else if (ranks != NULL)
      keys[row] = ranks[column->codes[row]];
    else
      keys[row] = column->numbers != NULL ? column->numbers[row] : (double) column->times[row];
  return keys;
}

typedef struct
{
  const double *keys;
  gboolean descending;
} Order;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order *order = user_data;
  guint32 row_a = *(const guint32 *) a, row_b = *(const guint32 *) b;
  double x = order->keys[row_a], y = order->keys[row_b];

  if (isnan (x) != isnan (y))
    return isnan (x) ? 1 : -1;
  if (!isnan (x) && x != y)
    return (x < y) != order->descending ? -1 : 1;
  return row_a < row_b ? -1 : row_a > row_b;
}

static GArray *
all_rows (const VaiTableQuery *self)
{
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), MAX (self->table->n_rows, 1));

  for (guint32 i = 0; i < self->table->n_rows; i++)
    g_array_append_val (rows, i);
  return rows;
}

GArray *
vai_table_query_run (const VaiTableQuery *self, GCancellable *cancellable, gboolean *all)
{
  g_return_val_if_fail (self != NULL && all != NULL, NULL);

  gboolean searching = self->search != NULL && self->search[0] != '\0';
  gboolean sorting = self->sort >= 0 && self->sort < (int) self->table->columns->len;
  g_autoptr (GArray) rows = NULL;
  *all = !searching && !sorting && self->rows == NULL;
  if (*all)
    return NULL;
  if (searching)
    rows = find_rows (self, cancellable);
  else
    rows = self->rows != NULL ? g_array_copy (self->rows) : all_rows (self);
  if (sorting && !g_cancellable_is_cancelled (cancellable))
    {
      g_autofree double *keys = make_keys (vai_table_column (self->table, self->sort), cancellable);
      Order order = { keys, self->descending };
      sort (&(Sort){ compare_rows, &order, cancellable }, (guint32 *) (gpointer) rows->data, rows->len);
    }
  return g_cancellable_is_cancelled (cancellable) ? NULL : g_steal_pointer (&rows);
}
