#include "vai-move.h"

#include "vai-error.h"

#include <string.h>

/* What a table needs to be copied. */
typedef struct
{
  char *name;
  GPtrArray *columns; /* of char*, quoted where needed */
  GString *kinds;     /* a letter each: i, r, b, t */
  char *select, *insert;
} Table;

static void
table_free (gpointer data)
{
  Table *table = data;
  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_string_free (table->kinds, TRUE);
  g_free (table->select);
  g_free (table->insert);
  g_free (table);
}

static void
make_statements (Table *table)
{
  g_autoptr (GString) columns = g_string_new (NULL), places = g_string_new (NULL);
  for (guint i = 0; i < table->columns->len; i++)
    {
      g_string_append_printf (columns, "%s\"%s\"", i > 0 ? ", " : "", (char *) table->columns->pdata[i]);
      g_string_append_printf (places, "%s$%u", i > 0 ? ", " : "", i + 1);
    }
  table->select = g_strdup_printf ("SELECT %s FROM \"%s\"", columns->str, table->name);
  table->insert = g_strdup_printf ("INSERT INTO \"%s\" (%s) VALUES (%s)", table->name, columns->str, places->str);
}

static Table *
read_table (VaiTransaction *from, const char *name)
{
  Table *table = g_new0 (Table, 1);
  table->name = g_strdup (name);
  table->columns = g_ptr_array_new_with_free_func (g_free);
  table->kinds = g_string_new (NULL);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (from, "SELECT name, type FROM pragma_table_info($1) ORDER BY cid", VAI_TEXT (name));
  while (vai_rows_next (rows))
    {
      g_ptr_array_add (table->columns, g_strdup (vai_rows_get_text (rows, 0)));
      g_string_append_c (table->kinds, g_ascii_tolower (vai_rows_get_text (rows, 1)[0]));
    }
  make_statements (table);
  return table;
}

static gboolean
is_listed (GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (strcmp (((Table *) tables->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* TRUE when every other table that @name refers to is listed. */
static gboolean
can_follow (VaiTransaction *from, GPtrArray *tables, const char *name)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (from, "SELECT \"table\" FROM pragma_foreign_key_list($1)", VAI_TEXT (name));
  while (vai_rows_next (rows))
    if (strcmp (vai_rows_get_text (rows, 0), name) != 0 && !is_listed (tables, vai_rows_get_text (rows, 0)))
      return FALSE;
  return TRUE;
}

/* All tables, each after those that it refers to. */
static GPtrArray *
list_tables (VaiTransaction *from)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      from, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
  while (vai_rows_next (rows))
    g_ptr_array_add (names, g_strdup (vai_rows_get_text (rows, 0)));
  for (guint before = G_MAXUINT; before != tables->len;)
    {
      before = tables->len;
      for (guint i = 0; i < names->len; i++)
        if (!is_listed (tables, names->pdata[i]) && can_follow (from, tables, names->pdata[i]))
          g_ptr_array_add (tables, read_table (from, names->pdata[i]));
    }
  g_assert (tables->len == names->len);
  return tables;
}

/* ── Rows ── */

typedef struct
{
  gint64 n;
  guint64 sum; /* over all rows in any order */
} Total;

static void
add_value (GChecksum *checksum, VaiRows *rows, int column, char kind)
{
  g_autofree char *number = NULL;
  if (vai_rows_is_null (rows, column))
    number = g_strdup ("null");
  else if (kind == 'i')
    number = g_strdup_printf ("%" G_GINT64_FORMAT, vai_rows_get_integer (rows, column));
  else if (kind == 'r')
    number = g_strdup_printf ("%a", vai_rows_get_real (rows, column));
  else
    {
      g_autoptr (GBytes) bytes
          = kind == 'b' ? vai_rows_dup_bytes (rows, column)
                        : g_bytes_new (vai_rows_get_text (rows, column), strlen (vai_rows_get_text (rows, column)));
      number = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
    }
  g_checksum_update (checksum, (const guchar *) number, (gssize) strlen (number) + 1);
}

static void
add_row (Total *total, const Table *table, VaiRows *rows)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < table->columns->len; i++)
    add_value (checksum, rows, (int) i, table->kinds->str[i]);
  total->n++;
  total->sum += g_ascii_strtoull (g_checksum_get_string (checksum) + 48, NULL, 16);
}

static void
copy_row (VaiTransaction *to, const Table *table, VaiRows *rows)
{
  guint n = table->columns->len;
  g_autofree VaiValue *values = g_new0 (VaiValue, n + 1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < n; i++)
    if (vai_rows_is_null (rows, (int) i))
      values[i] = VAI_NULL;
    else if (table->kinds->str[i] == 'i')
      values[i] = VAI_INTEGER (vai_rows_get_integer (rows, (int) i));
    else if (table->kinds->str[i] == 'r')
      values[i] = VAI_REAL (vai_rows_get_real (rows, (int) i));
    else if (table->kinds->str[i] == 't')
      values[i] = VAI_TEXT (vai_rows_get_text (rows, (int) i));
    else
      {
        g_ptr_array_add (kept, vai_rows_dup_bytes (rows, (int) i));
        values[i] = VAI_BYTES (kept->pdata[kept->len - 1]);
      }
  vai_transaction_run_values (to, table->insert, values);
}

/* ── The move ── */

typedef struct
{
  VaiTransaction *from;
  VaiConnection *target;
  GPtrArray *tables;
  GArray *totals; /* of Total, by table */
  GString *report;
  gboolean refused; /* the target has accounts */
  char *differs;    /* the table that is not the same; owned */
  GError *error;
} Move;

static gboolean
copy_work (VaiTransaction *to, gpointer data)
{
  Move *move = data;
  g_array_set_size (move->totals, 0);
  move->refused = vai_transaction_get_integer (to, 0, "SELECT count(*) FROM \"user\"") > 0;
  if (move->refused)
    return FALSE;
  for (guint i = move->tables->len; i > 0; i--)
    {
      /* What the migrations put there themselves. */
      g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\"", ((Table *) move->tables->pdata[i - 1])->name);
      vai_transaction_run (to, sql);
    }
  for (guint i = 0; i < move->tables->len && !vai_transaction_has_failed (to); i++)
    {
      const Table *table = move->tables->pdata[i];
      Total total = { 0, 0 };
      g_autoptr (VaiRows) rows = vai_transaction_query (move->from, table->select);
      while (vai_rows_next (rows))
        {
          add_row (&total, table, rows);
          copy_row (to, table, rows);
        }
      g_array_append_val (move->totals, total);
    }
  return TRUE;
}

static gboolean
prove_work (VaiTransaction *to, gpointer data)
{
  Move *move = data;
  g_clear_pointer (&move->differs, g_free);
  g_string_truncate (move->report, 0);
  for (guint i = 0; i < move->tables->len; i++)
    {
      const Table *table = move->tables->pdata[i];
      const Total *expected = &g_array_index (move->totals, Total, i);
      Total total = { 0, 0 };
      g_autoptr (VaiRows) rows = vai_transaction_query (to, table->select);
      while (vai_rows_next (rows))
        add_row (&total, table, rows);
      if ((total.n != expected->n || total.sum != expected->sum) && move->differs == NULL)
        move->differs = g_strdup (table->name);
      g_string_append_printf (move->report, "%s: %" G_GINT64_FORMAT " rows, sum %016" G_GINT64_MODIFIER "x\n",
                              table->name, total.n, total.sum);
    }
  return TRUE;
}

static gboolean
move_work (VaiTransaction *from, gpointer data)
{
  Move *move = data;
  move->from = from;
  g_clear_pointer (&move->tables, g_ptr_array_unref);
  move->tables = list_tables (from);
  if (vai_connection_write (move->target, copy_work, move, &move->error) && !move->refused)
    vai_connection_read (move->target, prove_work, move, &move->error);
  return FALSE;
}

gboolean
vai_move (VaiDatabase *from, VaiDatabase *to, GString *report, GError **error)
{
  g_autoptr (VaiConnection) source = vai_connection_new (from), target = vai_connection_new (to);
  Move move = { .target = target, .totals = g_array_new (FALSE, FALSE, sizeof (Total)), .report = report };
  g_autoptr (GError) local = NULL;
  vai_connection_read (source, move_work, &move, &local);
  if (local == NULL && move.refused)
    g_set_error (&local, VAI_ERROR, VAI_ERROR_NOT_WRITABLE,
                 "There are accounts in the target: give an empty database.");
  else if (local == NULL && move.differs != NULL)
    g_set_error (&local, VAI_ERROR, VAI_ERROR_DAMAGED, "The table “%s” is not the same in the target: do not use it.",
                 move.differs);
  if (local == NULL)
    local = g_steal_pointer (&move.error);
  g_clear_error (&move.error);
  g_clear_pointer (&move.tables, g_ptr_array_unref);
  g_array_unref (move.totals);
  g_free (move.differs);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
