/* Many servers on one PostgreSQL: a connection for each thread, READ COMMITTED with row locks for what changes rows,
 * one snapshot for what reads. Conflicts and deadlocks are run again; so is what fails because the connection went
 * away, unless it was committing. */
#include "vai-database-private.h"

#include "vai-error.h"

#include <libpq-fe.h>
#include <math.h>
#include <string.h>

/* Under 64 writers on one account a transaction seldom meets a second conflict; eight means that something is wrong. */
#define TRIES_MAX 8
#define BACKOFF_MICROSECONDS 2000

/* Two servers that start together must not both make the tables. Any number that nothing else here uses. */
#define MIGRATION_LOCK "7238441"

/* A transaction that only reads is a pipeline without a BEGIN, so it takes what is set here: one snapshot for all.
 * Plans are kept: one from when a table was small would go on reading all of it, though every query has its index. What
 * has none, statistics over everything, then seems dear enough to be compiled, which takes longer than it does. */
#define SETTINGS                                                                                                       \
  "SET client_min_messages = warning; SET enable_seqscan = off; SET jit = off; "                                       \
  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

/* $1 … of one statement. */
#define VALUES_MAX 32

typedef struct
{
  VaiDatabase base;
  char *address;
} Postgres;

typedef struct
{
  VaiConnection base;
  PGconn *handle;         /* NULL before the first time; in pipeline mode */
  GHashTable *statements; /* SQL text → name of the prepared statement */
  GPtrArray *fresh;       /* SQL texts whose preparation was sent and not answered yet */
  guint n_names;          /* ever given */
  guint n_sent;           /* commands whose answers were not read yet */
  GPtrArray *asked;       /* of Rows: queries among those */
  gboolean reading;       /* the transaction ends with its pipeline, and has no command of its own */
  gboolean synced;        /* the end of those was sent too */
  gboolean ended;         /* nothing more can be asked in the transaction, which reads */
} Connection;

typedef struct
{
  VaiRows base;
  guint asked; /* its place among the commands that were sent */
  gboolean answered;
  PGresult *result; /* NULL when it failed */
  int row;
  int n_rows;
} Rows;

static void
set_error (PGconn *handle, const PGresult *result, GError **error)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  VaiError code = VAI_ERROR_FAILED;
  if (PQstatus (handle) != CONNECTION_OK)
    code = VAI_ERROR_NOT_READABLE; /* the connection is gone */
  else if (g_strcmp0 (state, "40001") == 0 || g_strcmp0 (state, "40P01") == 0)
    code = VAI_ERROR_BUSY;
  else if (g_strcmp0 (state, "53100") == 0)
    code = VAI_ERROR_NO_SPACE;
  g_autofree char *message = g_strdup (result != NULL ? PQresultErrorMessage (result) : PQerrorMessage (handle));
  g_set_error (error, VAI_ERROR, code, state != NULL ? "PostgreSQL: %s (%s)" : "PostgreSQL: %s", g_strstrip (message),
               state);
}

static gboolean
exec (PGconn *handle, const char *sql, GError **error)
{
  PGresult *result = PQexec (handle, sql);
  ExecStatusType status = PQresultStatus (result);
  gboolean done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (!done)
    set_error (handle, result, error);
  PQclear (result);
  return done;
}

/* ── Statements ──
 * Commands are sent without waiting; the first whose answer is wanted waits for all. PostgreSQL skips what follows a
 * failure, and the transaction is then taken back. */

static gboolean
note_sent (Connection *self, gboolean sent, GError **error)
{
  if (sent)
    self->n_sent++;
  else
    set_error (self->handle, NULL, error);
  return sent;
}

/* The name under which @sql is prepared on this connection, when all goes well. */
static const char *
prepare (Connection *self, const char *sql, GError **error)
{
  const char *name = g_hash_table_lookup (self->statements, sql);
  if (name != NULL)
    return name;
  char *made = g_strdup_printf ("s%u", self->n_names++);
  if (!note_sent (self, PQsendPrepare (self->handle, made, sql, 0, NULL), error))
    {
      g_free (made);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), made);
  g_ptr_array_add (self->fresh, g_strdup (sql));
  return made;
}

/* The answer of the next command; NULL and @error when it has failed. */
static PGresult *
read_answer (Connection *self, GError **error)
{
  PGresult *result = PQgetResult (self->handle), *more;
  ExecStatusType status = PQresultStatus (result);
  gboolean done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  /* What was skipped after a failure has no message of its own. */
  if (!done && (error == NULL || *error == NULL))
    set_error (self->handle, result, error);
  while (result != NULL && (more = PQgetResult (self->handle)) != NULL)
    PQclear (more);
  if (done)
    return result;
  PQclear (result);
  return NULL;
}

/* The rows that @result, the answer of the @place-th command, belongs to; NULL: nobody asked for rows there. */
static Rows *
find_asked (Connection *self, guint place)
{
  Rows *first = self->asked->len > 0 ? self->asked->pdata[0] : NULL;
  if (first == NULL || first->asked != place)
    return NULL;
  g_ptr_array_remove_index (self->asked, 0);
  return first;
}

static void
take_rows (Rows *self, PGresult *result)
{
  self->answered = TRUE;
  self->result = result;
  self->n_rows = result != NULL ? PQntuples (result) : 0;
}

/* Reads the answers of all that was sent. The last one that nobody asked rows of is to be cleared. */
static PGresult *
read_answers (Connection *self, GError **error)
{
  PGresult *last = NULL;
  for (guint i = 0; i < self->n_sent && PQstatus (self->handle) == CONNECTION_OK; i++)
    {
      PGresult *result = read_answer (self, error);
      Rows *rows = find_asked (self, i);
      if (rows != NULL)
        take_rows (rows, result);
      else
        {
          PQclear (last);
          last = result;
        }
    }
  for (guint i = 0; i < self->asked->len; i++)
    take_rows (self->asked->pdata[i], NULL);
  g_ptr_array_set_size (self->asked, 0);
  return last;
}

/* The answer to the end of a pipeline. */
static void
read_end (Connection *self, GError **error)
{
  if (PQstatus (self->handle) == CONNECTION_OK)
    PQclear (PQgetResult (self->handle));
  else if (*error == NULL)
    set_error (self->handle, NULL, error);
  self->synced = FALSE;
}

/* Waits for all that was sent. The answer of the last command is to be cleared; NULL and @error when one has failed. */
static PGresult *
wait_for_answers (Connection *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  /* A pipeline that is flushed and not ended leaves its transaction open. */
  gboolean sent = self->synced || (self->reading ? PQsendFlushRequest (self->handle) : PQpipelineSync (self->handle));
  if (!sent)
    set_error (self->handle, NULL, &local);
  PGresult *last = read_answers (self, &local);
  if (self->synced || !self->reading)
    read_end (self, &local);
  /* A preparation that was skipped is not there. */
  for (guint i = 0; local != NULL && i < self->fresh->len; i++)
    g_hash_table_remove (self->statements, self->fresh->pdata[i]);
  g_ptr_array_set_size (self->fresh, 0);
  self->n_sent = 0;
  if (local == NULL)
    return last;
  PQclear (last);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

typedef struct
{
  const char *texts[VALUES_MAX];
  int sizes[VALUES_MAX];
  int formats[VALUES_MAX]; /* 1: bytes as they are */
  char numbers[VALUES_MAX][G_ASCII_DTOSTR_BUF_SIZE];
  int n;
} Parameters;

static void
fill_parameters (Parameters *self, const VaiValue *values)
{
  for (; values[self->n].kind != VAI_VALUE_END; self->n++)
    {
      int i = self->n;
      g_assert (i < VALUES_MAX);
      const VaiValue *value = &values[i];
      char *number = self->numbers[i];
      self->texts[i] = number;
      if (value->kind == VAI_VALUE_INTEGER)
        g_snprintf (number, G_ASCII_DTOSTR_BUF_SIZE, "%" G_GINT64_FORMAT, value->integer);
      else if (value->kind == VAI_VALUE_REAL)
        self->texts[i] = isnan (value->real) ? NULL : g_ascii_dtostr (number, G_ASCII_DTOSTR_BUF_SIZE, value->real);
      else if (value->kind == VAI_VALUE_TEXT)
        self->texts[i] = value->text;
      else
        {
          gsize size = 0;
          self->formats[i] = 1;
          self->texts[i] = value->bytes == NULL ? NULL : g_bytes_get_data (value->bytes, &size);
          /* An empty one is NULL to GBytes, and not to SQL. */
          if (value->bytes != NULL && size == 0)
            self->texts[i] = "";
          self->sizes[i] = (int) size;
        }
    }
}

static gboolean
send_statement (Connection *self, const char *sql, const VaiValue *values, GError **error)
{
  const char *name = prepare (self, sql, error);
  if (name == NULL)
    return FALSE;
  Parameters parameters = { .n = 0 };
  fill_parameters (&parameters, values);
  return note_sent (
      self,
      PQsendQueryPrepared (self->handle, name, parameters.n, parameters.texts, parameters.sizes, parameters.formats, 0),
      error);
}

/* One without values. */
static gboolean
send_command (Connection *self, const char *sql, GError **error)
{
  const VaiValue none = { VAI_VALUE_END, { NULL } };
  return send_statement (self, sql, &none, error);
}

static PGresult *
run_statement (Connection *self, const char *sql, const VaiValue *values, GError **error)
{
  return send_statement (self, sql, values, error) ? wait_for_answers (self, error) : NULL;
}

static gint64
postgres_run (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  PGresult *result = run_statement (transaction->handle, sql, values, error);
  gint64 n = result != NULL ? g_ascii_strtoll (PQcmdTuples (result), NULL, 10) : 0;
  PQclear (result);
  return n;
}

static void
postgres_send (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  send_statement (transaction->handle, sql, values, error);
}

static VaiRows *
postgres_query (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  Connection *self = transaction->handle;
  if (!send_statement (self, sql, values, error))
    return NULL;
  Rows *rows = g_new0 (Rows, 1);
  rows->base.transaction = transaction;
  rows->asked = self->n_sent - 1;
  rows->row = -1;
  g_ptr_array_add (self->asked, rows);
  if (transaction->last && self->reading)
    self->ended = self->synced = PQpipelineSync (self->handle);
  return &rows->base;
}

static void
postgres_lock (VaiTransaction *transaction, const char *table, const char *id, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM \"%s\" WHERE id = $1 FOR UPDATE", table);
  const VaiValue values[] = { VAI_TEXT (id), { VAI_VALUE_END, { NULL } } };
  send_statement (transaction->handle, sql, values, error);
}

static void
postgres_begin_part (VaiTransaction *transaction, GError **error)
{
  send_command (transaction->handle, "SAVEPOINT part", error);
}

static void
postgres_end_part (VaiTransaction *transaction, gboolean keep, GError **error)
{
  if (keep || send_command (transaction->handle, "ROLLBACK TO part", error))
    send_command (transaction->handle, "RELEASE part", error);
}

static gboolean
postgres_next (VaiRows *rows, GError **error)
{
  Rows *self = (Rows *) rows;
  if (!self->answered)
    PQclear (wait_for_answers (rows->transaction->handle, error));
  return ++self->row < self->n_rows;
}

static void
postgres_free_rows (VaiRows *rows)
{
  Rows *self = (Rows *) rows;
  if (!self->answered)
    g_ptr_array_remove (((Connection *) rows->transaction->handle)->asked, self);
  PQclear (self->result);
  g_free (self);
}

static gboolean
postgres_is_null (VaiRows *rows, int column)
{
  Rows *self = (Rows *) rows;
  return PQgetisnull (self->result, self->row, column);
}

static const char *
postgres_get_text (VaiRows *rows, int column)
{
  Rows *self = (Rows *) rows;
  return postgres_is_null (rows, column) ? NULL : PQgetvalue (self->result, self->row, column);
}

static gint64
postgres_get_integer (VaiRows *rows, int column)
{
  const char *text = postgres_get_text (rows, column);
  /* A comparison's answer. */
  if (g_strcmp0 (text, "t") == 0)
    return 1;
  return text == NULL ? 0 : g_ascii_strtoll (text, NULL, 10);
}

static double
postgres_get_real (VaiRows *rows, int column)
{
  const char *text = postgres_get_text (rows, column);
  return text == NULL ? NAN : g_ascii_strtod (text, NULL);
}

static GBytes *
postgres_dup_bytes (VaiRows *rows, int column)
{
  const char *text = postgres_get_text (rows, column);
  if (text == NULL)
    return g_bytes_new (NULL, 0);
  size_t size;
  unsigned char *data = PQunescapeBytea ((const unsigned char *) text, &size);
  return g_bytes_new_with_free_func (data, size, PQfreemem, data);
}

/* ── Transactions ── */

static gboolean
ensure_connected (Connection *self, GError **error)
{
  /* The end of what was read before. */
  if (self->synced || self->n_sent > 0)
    PQclear (wait_for_answers (self, NULL));
  if (self->handle != NULL && PQstatus (self->handle) == CONNECTION_OK)
    return TRUE;
  g_hash_table_remove_all (self->statements);
  PQfinish (self->handle);
  self->handle = PQconnectdb (((Postgres *) self->base.database)->address);
  if (PQstatus (self->handle) != CONNECTION_OK)
    {
      set_error (self->handle, NULL, error);
      return FALSE;
    }
  return exec (self->handle, SETTINGS, error) && PQenterPipelineMode (self->handle);
}

typedef enum
{
  OUTCOME_DONE,
  OUTCOME_AGAIN,  /* nothing of it has happened */
  OUTCOME_FAILED, /* nothing of it has happened, or nobody knows */
} Outcome;

/* What a failure means: @committing, when it can be that all has happened. */
static Outcome
take_back (Connection *self, gboolean committing, const GError *why)
{
  if (PQstatus (self->handle) != CONNECTION_OK)
    return committing ? OUTCOME_FAILED : OUTCOME_AGAIN;
  self->synced = self->reading && PQpipelineSync (self->handle);
  if (self->synced || send_command (self, "ROLLBACK", NULL))
    PQclear (wait_for_answers (self, NULL));
  return g_error_matches (why, VAI_ERROR, VAI_ERROR_BUSY) ? OUTCOME_AGAIN : OUTCOME_FAILED;
}

static gboolean
end_transaction (Connection *self, gboolean keep, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (!self->reading)
    send_command (self, keep ? "COMMIT" : "ROLLBACK", &local);
  else if (!self->ended)
    self->synced = PQpipelineSync (self->handle);
  /* Nobody waits for the end of what only read: it is looked at before the next begins. */
  if (local == NULL && (self->n_sent > 0 || !(self->synced || self->ended)))
    PQclear (wait_for_answers (self, &local));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static Outcome
try_once (Connection *self, gboolean reading, VaiWork work, gpointer data, GError **error)
{
  self->reading = reading;
  self->ended = FALSE;
  if (!ensure_connected (self, error)
      || (!reading && !send_command (self, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", error)))
    return OUTCOME_AGAIN;
  VaiTransaction transaction = { .database = self->base.database, .handle = self, .reads = reading };
  gboolean keep = work (&transaction, data);
  gboolean committing = transaction.error == NULL && keep && !reading;
  if (transaction.error == NULL && end_transaction (self, keep, &transaction.error))
    return OUTCOME_DONE;
  Outcome outcome = take_back (self, committing, transaction.error);
  g_propagate_error (error, transaction.error);
  return outcome;
}

static gboolean
run_transaction (VaiConnection *connection, gboolean reading, VaiWork work, gpointer data, GError **error)
{
  g_autoptr (GError) local = NULL;
  for (guint try = 1; try <= TRIES_MAX; try++)
    {
      g_clear_error (&local);
      Outcome outcome = try_once ((Connection *) connection, reading, work, data, &local);
      if (outcome == OUTCOME_DONE)
        return TRUE;
      if (outcome == OUTCOME_FAILED)
        break;
      g_usleep (try * (BACKOFF_MICROSECONDS / 2 + (gulong) g_random_int_range (0, BACKOFF_MICROSECONDS)));
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
postgres_read (VaiConnection *connection, VaiWork work, gpointer data, GError **error)
{
  return run_transaction (connection, TRUE, work, data, error);
}

static gboolean
postgres_write (VaiConnection *connection, VaiWork work, gpointer data, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean done = run_transaction (connection, FALSE, work, data, &local);
  vai_database_note_room (connection->database, local);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&local));
  return done;
}

static VaiConnection *
postgres_connect (VaiDatabase *database)
{
  Connection *self = g_new0 (Connection, 1);
  self->base.database = database;
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fresh = g_ptr_array_new_with_free_func (g_free);
  self->asked = g_ptr_array_new ();
  return &self->base;
}

static void
postgres_disconnect (VaiConnection *connection)
{
  Connection *self = (Connection *) connection;
  PQfinish (self->handle);
  g_hash_table_unref (self->statements);
  g_ptr_array_unref (self->fresh);
  g_ptr_array_unref (self->asked);
  g_free (self);
}

/* ── Opening ── */

static gint64
get_version (PGconn *handle)
{
  PGresult *result = PQexec (handle, "SELECT version FROM schema_version");
  gint64 version = PQntuples (result) == 1 ? g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10) : 0;
  PQclear (result);
  return version;
}

static gboolean
climb (PGconn *handle, GError **error)
{
  const char *const *steps = vai_database_get_steps (TRUE);
  guint newest = g_strv_length ((GStrv) steps);
  if (!exec (handle, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", error))
    return FALSE;
  gint64 version = get_version (handle);
  if (version > newest)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NEWER,
                   "The database was made by a newer server (version %d, this one knows up to %u): update this server.",
                   (int) version, newest);
      return FALSE;
    }
  for (; version < newest; version++)
    {
      g_autofree char *stamp = g_strdup_printf (
          "DELETE FROM schema_version; INSERT INTO schema_version VALUES (%d); COMMIT", (int) version + 1);
      if (!exec (handle, "BEGIN", error) || !exec (handle, steps[version], error) || !exec (handle, stamp, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
vai_database_is_right_address (const char *address)
{
  PQconninfoOption *parts = PQconninfoParse (address, NULL);
  gboolean right = parts != NULL;
  for (PQconninfoOption *part = parts; right && part->keyword != NULL; part++)
    if (strcmp (part->keyword, "port") == 0 && part->val != NULL)
      {
        g_auto (GStrv) ports = g_strsplit (part->val, ",", -1);
        for (guint i = 0; ports[i] != NULL; i++)
          right = right && (*ports[i] == '\0' || g_ascii_string_to_unsigned (ports[i], 10, 1, 65535, NULL, NULL));
      }
  PQconninfoFree (parts);
  return right;
}

static void
postgres_close (VaiDatabase *database)
{
  Postgres *self = (Postgres *) database;
  vai_database_clear (database);
  g_free (self->address);
  g_free (self);
}

static VaiDatabase *
postgres_open (const char *address, GError **error)
{
  PGconn *handle = PQconnectdb (address);
  gboolean done = PQstatus (handle) == CONNECTION_OK;
  if (!done)
    set_error (handle, NULL, error);
  done = done && exec (handle, "SET client_min_messages = warning; SELECT pg_advisory_lock (" MIGRATION_LOCK ")", error)
         && climb (handle, error);
  PQfinish (handle);
  if (!done)
    return NULL;
  Postgres *self = g_new0 (Postgres, 1);
  vai_database_init (&self->base, &vai_database_postgres);
  self->address = g_strdup (address);
  return &self->base;
}

const VaiDatabaseClass vai_database_postgres = {
  .kind = "postgresql",
  .open = postgres_open,
  .close = postgres_close,
  .connect = postgres_connect,
  .disconnect = postgres_disconnect,
  .read = postgres_read,
  .write = postgres_write,
  .run = postgres_run,
  .send = postgres_send,
  .query = postgres_query,
  .lock = postgres_lock,
  .begin_part = postgres_begin_part,
  .end_part = postgres_end_part,
  .next = postgres_next,
  .free_rows = postgres_free_rows,
  .is_null = postgres_is_null,
  .get_text = postgres_get_text,
  .get_integer = postgres_get_integer,
  .get_real = postgres_get_real,
  .dup_bytes = postgres_dup_bytes,
};
