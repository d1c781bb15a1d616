#include "vai-db-private.h"

#include "vai-error.h"

#include <math.h>

struct _VaiStatement
{
  VaiDb *db; /* not owned */
  sqlite3_stmt *statement;
  gboolean kept; /* owned by the connection, not by @self */
  int failed;    /* the first bind that went wrong, else SQLITE_OK */
};

static sqlite3_stmt *
compile (VaiDb *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (code != SQLITE_OK)
    vai_db_set_error (db, code, vai_db_what_failed (code, TRUE), error);
  return statement;
}

VaiStatement *
vai_db_prepare (VaiDb *db, const char *sql, GError **error)
{
  vai_db_assert_owner (db);
  sqlite3_stmt *kept = g_hash_table_lookup (db->statements, sql);
  /* One that is being stepped through by a caller further up cannot be used twice. */
  gboolean busy = kept != NULL && sqlite3_stmt_busy (kept);
  sqlite3_stmt *statement = kept != NULL && !busy ? kept : compile (db, sql, error);
  if (statement == NULL)
    return NULL;
  if (kept == NULL)
    g_hash_table_insert (db->statements, g_strdup (sql), statement);
  VaiStatement *self = g_new0 (VaiStatement, 1);
  self->db = db;
  self->statement = statement;
  self->kept = !busy;
  return self;
}

void
vai_statement_free (VaiStatement *self)
{
  if (self == NULL)
    return;
  vai_db_assert_owner (self->db);
  sqlite3_reset (self->statement);
  sqlite3_clear_bindings (self->statement);
  if (!self->kept)
    sqlite3_finalize (self->statement);
  g_free (self);
}

static void
note_bind (VaiStatement *self, int code)
{
  if (self->failed == SQLITE_OK)
    self->failed = code;
}

void
vai_statement_bind_text (VaiStatement *self, int parameter, const char *text)
{
  note_bind (self, sqlite3_bind_text (self->statement, parameter, text, -1, SQLITE_STATIC));
}

void
vai_statement_bind_integer (VaiStatement *self, int parameter, gint64 integer)
{
  note_bind (self, sqlite3_bind_int64 (self->statement, parameter, integer));
}

void
vai_statement_bind_real (VaiStatement *self, int parameter, double real)
{
  note_bind (self, isnan (real) ? sqlite3_bind_null (self->statement, parameter)
                                : sqlite3_bind_double (self->statement, parameter, real));
}

void
vai_statement_bind_blob (VaiStatement *self, int parameter, const void *data, gsize size)
{
  /* SQLite takes a NULL pointer for NULL, whatever the size: an empty array is an empty blob. */
  note_bind (self, sqlite3_bind_blob64 (self->statement, parameter, data, size, SQLITE_STATIC));
}

void
vai_statement_bind_null (VaiStatement *self, int parameter)
{
  note_bind (self, sqlite3_bind_null (self->statement, parameter));
}

gboolean
vai_statement_step (VaiStatement *self, GError **error)
{
  vai_db_assert_owner (self->db);
  int code = self->failed != SQLITE_OK ? self->failed : sqlite3_step (self->statement);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code == SQLITE_DONE)
    return FALSE;
  gboolean reading = sqlite3_stmt_readonly (self->statement);
  vai_db_set_error (self->db, code, vai_db_what_failed (code, reading), error);
  return FALSE;
}

gboolean
vai_statement_run (VaiStatement *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean row = vai_statement_step (self, &local);
  g_assert (!row);
  sqlite3_reset (self->statement);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
vai_statement_is_null (VaiStatement *self, int column)
{
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

const char *
vai_statement_get_text (VaiStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->statement, column);
}

gint64
vai_statement_get_integer (VaiStatement *self, int column)
{
  return sqlite3_column_int64 (self->statement, column);
}

double
vai_statement_get_real (VaiStatement *self, int column)
{
  return vai_statement_is_null (self, column) ? NAN : sqlite3_column_double (self->statement, column);
}

const void *
vai_statement_get_blob (VaiStatement *self, int column, gsize *size)
{
  const void *data = sqlite3_column_blob (self->statement, column);
  *size = sqlite3_column_bytes (self->statement, column);
  return data;
}

GStrv
vai_db_dup_statements (VaiDb *self)
{
  vai_db_assert_owner (self);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer sql;
  g_hash_table_iter_init (&iter, self->statements);
  while (g_hash_table_iter_next (&iter, &sql, NULL))
    g_strv_builder_add (builder, sql);
  return g_strv_builder_end (builder);
}
