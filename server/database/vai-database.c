#include "vai-database-private.h"

#include "vai-error.h"

void
vai_database_init (VaiDatabase *self, const VaiDatabaseClass *class)
{
  self->class = class;
  g_mutex_init (&self->lock);
}

void
vai_database_clear (VaiDatabase *self)
{
  g_mutex_clear (&self->lock);
  g_free (self->stopped);
}

gboolean
vai_database_is_address (const char *text)
{
  return g_str_has_prefix (text, "postgresql://") || g_str_has_prefix (text, "postgres://");
}

VaiDatabase *
vai_database_open (const char *address, GError **error)
{
  return (vai_database_is_address (address) ? vai_database_postgres : vai_database_sqlite).open (address, error);
}

void
vai_database_close (VaiDatabase *self)
{
  if (self != NULL)
    self->class->close (self);
}

const char *
vai_database_get_kind (VaiDatabase *self)
{
  return self->class->kind;
}

gboolean
vai_database_can_write (VaiDatabase *self, char **why)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const char *reason = self->stopped;
  if (reason == NULL && self->full)
    reason = "The disk is full. Make room: then it goes on by itself.";
  if (why != NULL)
    *why = g_strdup (reason);
  return reason == NULL;
}

gboolean
vai_database_is_stopped (VaiDatabase *self, char **why)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  *why = g_strdup (self->stopped);
  return self->stopped != NULL;
}

void
vai_database_note_room (VaiDatabase *self, const GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (error == NULL || g_error_matches (error, VAI_ERROR, VAI_ERROR_NO_SPACE))
    self->full = error != NULL;
}

void
vai_database_stop (VaiDatabase *self, const char *why)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (self->stopped == NULL)
    self->stopped = g_strdup_printf ("%s Look at the disk, then start the server again.", why);
}

guint
vai_database_get_n_waiting (VaiDatabase *self)
{
  return (guint) g_atomic_int_get (&self->n_waiting);
}

VaiConnection *
vai_connection_new (VaiDatabase *database)
{
  return database->class->connect (database);
}

void
vai_connection_free (VaiConnection *self)
{
  if (self != NULL)
    self->database->class->disconnect (self);
}

gboolean
vai_connection_read (VaiConnection *self, VaiWork work, gpointer data, GError **error)
{
  return self->database->class->read (self, work, data, error);
}

gboolean
vai_connection_write (VaiConnection *self, VaiWork work, gpointer data, GError **error)
{
  g_autofree char *why = NULL;
  if (vai_database_is_stopped (self->database, &why))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE, "Nothing is written since a commit failed: %s", why);
      return FALSE;
    }
  g_atomic_int_inc (&self->database->n_waiting);
  gboolean done = self->database->class->write (self, work, data, error);
  g_atomic_int_add (&self->database->n_waiting, -1);
  return done;
}

/* FALSE after a failure, and after the last query: what comes then would see another snapshot. */
static gboolean
may_go_on (VaiTransaction *self, const char *sql)
{
  if (self->error == NULL && self->ended)
    g_set_error (&self->error, VAI_ERROR, VAI_ERROR_FAILED, "“%s” comes after the last query.", sql);
  return self->error == NULL;
}

gint64
vai_transaction_run_values (VaiTransaction *self, const char *sql, const VaiValue *values)
{
  return may_go_on (self, sql) ? self->database->class->run (self, sql, values, &self->error) : 0;
}

void
vai_transaction_send_values (VaiTransaction *self, const char *sql, const VaiValue *values)
{
  if (may_go_on (self, sql))
    self->database->class->send (self, sql, values, &self->error);
}

/* What a failed transaction gives: no rows. */
static VaiRows no_rows;

VaiRows *
vai_transaction_query_values (VaiTransaction *self, const char *sql, const VaiValue *values)
{
  VaiRows *rows = may_go_on (self, sql) ? self->database->class->query (self, sql, values, &self->error) : NULL;
  self->ended = self->last && self->reads;
  return rows != NULL ? rows : &no_rows;
}

gint64
vai_transaction_get_integer_values (VaiTransaction *self, gint64 otherwise, const char *sql, const VaiValue *values)
{
  g_autoptr (VaiRows) rows = vai_transaction_query_values (self, sql, values);
  return vai_rows_next (rows) && !vai_rows_is_null (rows, 0) ? vai_rows_get_integer (rows, 0) : otherwise;
}

char *
vai_transaction_dup_text_values (VaiTransaction *self, const char *sql, const VaiValue *values)
{
  g_autoptr (VaiRows) rows = vai_transaction_query_values (self, sql, values);
  return vai_rows_next (rows) ? g_strdup (vai_rows_get_text (rows, 0)) : NULL;
}

void
vai_transaction_lock (VaiTransaction *self, const char *table, const char *id)
{
  if (self->error == NULL)
    self->database->class->lock (self, table, id, &self->error);
}

void
vai_transaction_begin_part (VaiTransaction *self)
{
  if (self->error != NULL)
    return;
  self->database->class->begin_part (self, &self->error);
  if (self->error == NULL)
    self->n_parts++;
}

void
vai_transaction_end_part (VaiTransaction *self, gboolean keep)
{
  if (self->error != NULL)
    return;
  self->database->class->end_part (self, keep, &self->error);
  self->n_parts--;
}

void
vai_transaction_expect_last (VaiTransaction *self)
{
  self->last = TRUE;
}

gboolean
vai_transaction_has_failed (VaiTransaction *self)
{
  return self->error != NULL;
}

gboolean
vai_rows_next (VaiRows *self)
{
  return self != &no_rows && self->transaction->error == NULL
         && self->transaction->database->class->next (self, &self->transaction->error);
}

void
vai_rows_free (VaiRows *self)
{
  if (self != &no_rows)
    self->transaction->database->class->free_rows (self);
}

gboolean
vai_rows_is_null (VaiRows *self, int column)
{
  return self->transaction->database->class->is_null (self, column);
}

const char *
vai_rows_get_text (VaiRows *self, int column)
{
  return self->transaction->database->class->get_text (self, column);
}

gint64
vai_rows_get_integer (VaiRows *self, int column)
{
  return self->transaction->database->class->get_integer (self, column);
}

double
vai_rows_get_real (VaiRows *self, int column)
{
  return self->transaction->database->class->get_real (self, column);
}

GBytes *
vai_rows_dup_bytes (VaiRows *self, int column)
{
  return self->transaction->database->class->dup_bytes (self, column);
}
