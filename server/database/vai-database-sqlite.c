/* The embedded database. One thread writes: it takes what waits, runs the requests one after another in one transaction
 * and commits them together, so that many share one sync of the disk. Readers have a connection each and never wait for
 * it. */
#include "vai-database-private.h"

#include "vai-db.h"
#include "vai-error.h"
#include "vai-failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* More would let the first wait long for its answer, and gain little: the sync is shared by 32 already. */
#define GROUP_MAX 32

/* A thread of its own brings the log into the file while the writer goes on, and the writer itself what is left when
 * the log has 64 MiB, so that it can begin anew. */
#define LOG_PAGES 16384

/* Room for what a group changes: what does not fit is written twice. The log keeps its size, as a file that grows takes
 * longer to sync. */
#define WRITER_SETTINGS "PRAGMA cache_size = -4096; PRAGMA journal_size_limit = 67108864"

/* Changed rows between two times that the thread brings the log into the file: some thousand pages of it. */
#define CHECKPOINT_ROWS 4096

#define APPLICATION_ID 0x56614153 /* "VaAS" */

typedef struct
{
  VaiDatabase base;
  char *path;
  VaiDb *db; /* the writer's, used on its thread only */
  GThread *writer;
  int lock_fd;           /* nobody else serves this file */
  GAsyncQueue *requests; /* of Request */
  GThread *checkpointer;
  GAsyncQueue *checkpoints; /* of CHECKPOINT and END */
  gint64 checkpointed;      /* rows that were changed when one was asked for */
  GMutex log_lock;          /* of what follows; held by the one who brings the log into the file */
  gboolean log_stays;       /* from now on: what failed on its way into the file may be nowhere else */
  gboolean log_waits;       /* for room, and that was said */
} Sqlite;

#define CHECKPOINT GINT_TO_POINTER (1)
#define END GINT_TO_POINTER (2)

typedef struct
{
  VaiConnection base;
  VaiDb *db; /* for reading; NULL before the first time */
} Connection;

/* What waits for the writer; lives on the stack of the one who waits. */
typedef struct
{
  VaiWork work; /* NULL: the writer is to end */
  gpointer data;
  GError *error;
  gboolean answered;
  GMutex lock;
  GCond done;
} Request;

typedef struct
{
  VaiRows base;
  VaiStatement *statement;
} Rows;

/* ── Statements ── */

static void
bind_bytes (VaiStatement *statement, int parameter, GBytes *bytes)
{
  gsize size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  /* An empty one is NULL to GBytes, and not to SQL. */
  vai_statement_bind_blob (statement, parameter, bytes != NULL && size == 0 ? "" : data, size);
}

static VaiStatement *
bind (VaiDb *db, const char *sql, const VaiValue *values, GError **error)
{
  VaiStatement *statement = vai_db_prepare (db, sql, error);
  if (statement == NULL)
    return NULL;
  for (int i = 0; values[i].kind != VAI_VALUE_END; i++)
    switch (values[i].kind)
      {
      case VAI_VALUE_INTEGER:
        vai_statement_bind_integer (statement, i + 1, values[i].integer);
        break;
      case VAI_VALUE_REAL:
        vai_statement_bind_real (statement, i + 1, values[i].real);
        break;
      case VAI_VALUE_BYTES:
        bind_bytes (statement, i + 1, values[i].bytes);
        break;
      default:
        vai_statement_bind_text (statement, i + 1, values[i].text);
        break;
      }
  return statement;
}

static gint64
sqlite_run (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  g_autoptr (VaiStatement) statement = bind (transaction->handle, sql, values, error);
  return statement != NULL && vai_statement_run (statement, error) ? vai_db_get_n_changed (transaction->handle) : 0;
}

static void
sqlite_send (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  g_autoptr (VaiStatement) statement = bind (transaction->handle, sql, values, error);
  if (statement != NULL)
    vai_statement_run (statement, error);
}

static VaiRows *
sqlite_query (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error)
{
  VaiStatement *statement = bind (transaction->handle, sql, values, error);
  if (statement == NULL)
    return NULL;
  Rows *rows = g_new0 (Rows, 1);
  rows->base.transaction = transaction;
  rows->statement = statement;
  return &rows->base;
}

static void
sqlite_lock (VaiTransaction *transaction, const char *table, const char *id, GError **error)
{
  /* The one writer is the lock. */
}

static void
sqlite_begin_part (VaiTransaction *transaction, GError **error)
{
  vai_db_begin (transaction->handle, error);
}

static void
sqlite_end_part (VaiTransaction *transaction, gboolean keep, GError **error)
{
  if (keep)
    vai_db_commit (transaction->handle, error);
  else
    vai_db_rollback (transaction->handle);
}

static gboolean
sqlite_next (VaiRows *rows, GError **error)
{
  return vai_statement_step (((Rows *) rows)->statement, error);
}

static void
sqlite_free_rows (VaiRows *rows)
{
  vai_statement_free (((Rows *) rows)->statement);
  g_free (rows);
}

static gboolean
sqlite_is_null (VaiRows *rows, int column)
{
  return vai_statement_is_null (((Rows *) rows)->statement, column);
}

static const char *
sqlite_get_text (VaiRows *rows, int column)
{
  return vai_statement_get_text (((Rows *) rows)->statement, column);
}

static gint64
sqlite_get_integer (VaiRows *rows, int column)
{
  return vai_statement_get_integer (((Rows *) rows)->statement, column);
}

static double
sqlite_get_real (VaiRows *rows, int column)
{
  return vai_statement_get_real (((Rows *) rows)->statement, column);
}

static GBytes *
sqlite_dup_bytes (VaiRows *rows, int column)
{
  gsize size;
  const void *data = vai_statement_get_blob (((Rows *) rows)->statement, column, &size);
  return g_bytes_new (data, size);
}

/* ── The log ── */

static VaiDbLadder ladder_of (void);

/* A failure for want of room is no loss, as the log stays. Another may be of a sync, and pages that an earlier
 * checkpoint wrote are not written again: the next would only seem to succeed, and the log begin anew. */
static void
tell_unmoved (Sqlite *self, gboolean full, const GError *error)
{
  if (!full && !g_error_matches (error, VAI_ERROR, VAI_ERROR_BUSY))
    {
      self->log_stays = TRUE;
      vai_database_stop (&self->base, error->message);
    }
  else if (!self->log_waits)
    {
      self->log_waits = TRUE;
      g_warning ("the log was not brought into the database: %s", error->message);
    }
}

/* Does nothing while the other thread is at it. */
static void
checkpoint (Sqlite *self, VaiDb *db)
{
  g_autoptr (GError) error = NULL;
  if (!g_mutex_trylock (&self->log_lock))
    return;
  if (!self->log_stays)
    {
      if (vai_db_exec (db, "PRAGMA wal_checkpoint (PASSIVE)", &error))
        self->log_waits = FALSE;
      else
        tell_unmoved (self, vai_db_was_full (db), error);
    }
  g_mutex_unlock (&self->log_lock);
}

static void
close_db (Sqlite *self, VaiDb *db)
{
  g_mutex_lock (&self->log_lock);
  if (db != NULL && self->log_stays)
    vai_db_keep_log (db);
  g_mutex_unlock (&self->log_lock);
  vai_db_close (db);
}

static gpointer
checkpointer_thread (gpointer data)
{
  Sqlite *self = data;
  VaiDbLadder ladder = ladder_of ();
  VaiDb *db = NULL;
  while (g_async_queue_pop (self->checkpoints) == CHECKPOINT)
    {
      g_autoptr (GError) error = NULL;
      if (db == NULL)
        db = vai_db_open (self->path, VAI_DB_EXISTING, &ladder, &error);
      if (db != NULL)
        checkpoint (self, db);
      else
        g_warning ("the log was not brought into the database: %s", error->message);
    }
  close_db (self, db);
  return NULL;
}

static void
checkpoint_when_due (Sqlite *self)
{
  if (vai_db_get_n_log_pages (self->db) >= LOG_PAGES)
    checkpoint (self, self->db);
  gint64 changed = vai_db_get_n_changed_ever (self->db);
  if (changed - self->checkpointed < CHECKPOINT_ROWS)
    return;
  self->checkpointed = changed;
  g_async_queue_push (self->checkpoints, CHECKPOINT);
}

/* ── The writer ── */

static void
answer (Request *request)
{
  g_mutex_lock (&request->lock);
  request->answered = TRUE;
  g_cond_signal (&request->done);
  g_mutex_unlock (&request->lock);
}

static void
fail (Request *request, const GError *error)
{
  g_clear_error (&request->error);
  request->error = g_error_copy (error);
}

/* Runs @request in the transaction of its group. FALSE when it has to be taken back from there. */
static gboolean
run_in_group (Sqlite *self, Request *request)
{
  VaiTransaction transaction = { .database = &self->base, .handle = self->db };
  gint64 before = vai_db_get_n_changed_ever (self->db);
  gboolean keep = request->work (&transaction, request->data);
  gboolean failed = transaction.error != NULL;
  for (; transaction.n_parts > 0; transaction.n_parts--)
    vai_db_rollback (self->db);
  g_clear_error (&transaction.error); /* it runs again */
  return !failed && vai_db_is_in_transaction (self->db) && (keep || vai_db_get_n_changed_ever (self->db) == before);
}

/* Runs @request in a savepoint. FALSE when its failure has ended the transaction of all. */
static gboolean
run_apart (Sqlite *self, Request *request)
{
  VaiTransaction transaction = { .database = &self->base, .handle = self->db };
  g_clear_error (&request->error);
  if (!vai_db_begin (self->db, &request->error))
    return vai_db_is_in_transaction (self->db);
  gboolean keep = request->work (&transaction, request->data);
  request->error = transaction.error;
  for (; transaction.n_parts > 0; transaction.n_parts--)
    vai_db_rollback (self->db);
  if (request->error == NULL && keep)
    vai_db_commit (self->db, &request->error);
  else
    vai_db_rollback (self->db);
  return vai_db_is_in_transaction (self->db);
}

/* FALSE when nothing of it has happened for want of room: a part of it may find some. */
static gboolean
commit_group (Sqlite *self, Request **group, guint n, gboolean *full)
{
  g_autoptr (GError) error = NULL;
  if (vai_db_commit (self->db, &error))
    return TRUE;
  *full = vai_db_was_full (self->db);
  /* What a failed sync has left on the disk is not known, and trying again would only seem to succeed. */
  if (!*full)
    vai_database_stop (&self->base, error->message);
  for (guint i = 0; i < n; i++)
    fail (group[i], error);
  return !*full;
}

typedef gboolean (*RunRequest) (Sqlite *self, Request *request);

/* Runs @n requests in one transaction by @run. FALSE when one of them did not let that be, or the disk was @full: all
 * of it was taken back. */
static gboolean
try_group (Sqlite *self, Request **group, guint n, RunRequest run, gboolean *full)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  if (vai_database_is_stopped (&self->base, &why))
    g_set_error (&error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE, "Nothing is written since a commit failed: %s", why);
  if (error != NULL || !vai_db_begin (self->db, &error))
    {
      for (guint i = 0; i < n; i++)
        fail (group[i], error);
      return TRUE;
    }
  for (guint i = 0; i < n; i++)
    if (!run (self, group[i]) || (run == run_in_group && vai_failpoint ("write-again") != 0))
      {
        vai_db_rollback (self->db);
        return FALSE;
      }
  return commit_group (self, group, n, full);
}

/* A savepoint for each request would keep a copy of every page that it changes, and hardly any is taken back: so first
 * without, then with, and when one ends the transaction of all each in one of its own. */
static void
run_group (Sqlite *self, Request **group, guint n)
{
  gboolean full = FALSE;
  if (try_group (self, group, n, run_in_group, &full) || (!full && try_group (self, group, n, run_apart, &full)))
    return;
  for (guint i = 0; n > 1 && i < n; i++)
    try_group (self, &group[i], 1, run_apart, &full);
}

static void
write_until_end (Sqlite *self)
{
  Request *group[GROUP_MAX];
  gboolean going = TRUE;
  while (going)
    {
      guint n = 0;
      Request *request = g_async_queue_pop (self->requests);
      for (; request != NULL; request = n < GROUP_MAX ? g_async_queue_try_pop (self->requests) : NULL)
        if (request->work != NULL)
          group[n++] = request;
        else
          going = FALSE;
      if (n > 0)
        run_group (self, group, n);
      for (guint i = 0; i < n; i++)
        {
          vai_database_note_room (&self->base, group[i]->error);
          answer (group[i]);
        }
      checkpoint_when_due (self);
    }
}

static void
hand_over (Sqlite *self, Request *request)
{
  g_mutex_init (&request->lock);
  g_cond_init (&request->done);
  g_async_queue_push (self->requests, request);
  g_mutex_lock (&request->lock);
  while (!request->answered)
    g_cond_wait (&request->done, &request->lock);
  g_mutex_unlock (&request->lock);
  g_cond_clear (&request->done);
  g_mutex_clear (&request->lock);
}

static gboolean
sqlite_write (VaiConnection *connection, VaiWork work, gpointer data, GError **error)
{
  Request request = { .work = work, .data = data };
  hand_over ((Sqlite *) connection->database, &request);
  if (request.error == NULL)
    return TRUE;
  g_propagate_error (error, request.error);
  return FALSE;
}

/* ── Readers ── */

static gboolean
sqlite_read (VaiConnection *connection, VaiWork work, gpointer data, GError **error)
{
  Connection *self = (Connection *) connection;
  VaiDbLadder ladder = ladder_of ();
  if (self->db == NULL)
    {
      self->db = vai_db_open (((Sqlite *) connection->database)->path, VAI_DB_READ_ONLY, &ladder, error);
      /* A page cache for each reader would multiply; the system's own serves all. */
      if (self->db == NULL || !vai_db_exec (self->db, "PRAGMA cache_size=-128; PRAGMA mmap_size=268435456", error))
        return FALSE;
    }
  if (!vai_db_begin_reading (self->db, error))
    return FALSE;
  VaiTransaction transaction = { .database = connection->database, .handle = self->db, .reads = TRUE };
  work (&transaction, data);
  if (transaction.error == NULL && vai_db_commit (self->db, &transaction.error))
    return TRUE;
  if (vai_db_is_in_transaction (self->db))
    vai_db_rollback (self->db);
  g_propagate_error (error, transaction.error);
  return FALSE;
}

static VaiConnection *
sqlite_connect (VaiDatabase *database)
{
  Connection *self = g_new0 (Connection, 1);
  self->base.database = database;
  return &self->base;
}

static void
sqlite_disconnect (VaiConnection *connection)
{
  vai_db_close (((Connection *) connection)->db);
  g_free (connection);
}

/* ── Opening ── */

static VaiDbLadder
ladder_of (void)
{
  /* Small pages: a request changes a row here and there, and each page of it is written whole. */
  return (VaiDbLadder){ APPLICATION_ID, "ValutAI server", vai_database_get_steps (FALSE), .page_bytes = 4096,
                        .keeps_log = TRUE };
}

/* One server serves a file: a second writer would wait for locks that the first never gives up for long. -1: @error. */
static int
lock_file (const char *path, GError **error)
{
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  int fd = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      vai_error_set_errno (error, errno, TRUE, "Cannot write “%s”", lock);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  g_set_error (error, VAI_ERROR, VAI_ERROR_BUSY, "Another server is running on “%s”: stop it first.", path);
  return -1;
}

/* The connection belongs to the writer, so it is opened there: the first request. */
static gboolean
open_work (VaiTransaction *transaction, gpointer data)
{
  return TRUE;
}

static gpointer
writer_thread (gpointer data)
{
  Sqlite *self = data;
  VaiDbLadder ladder = ladder_of ();
  Request *first = g_async_queue_pop (self->requests);
  self->db = vai_db_open (self->path, VAI_DB_CREATE, &ladder, &first->error);
  gboolean opened = self->db != NULL && vai_db_exec (self->db, WRITER_SETTINGS, &first->error);
  answer (first);
  if (opened)
    write_until_end (self);
  close_db (self, self->db);
  return NULL;
}

static void
sqlite_close (VaiDatabase *database)
{
  Sqlite *self = (Sqlite *) database;
  Request end = { NULL };
  g_async_queue_push (self->requests, &end);
  g_thread_join (self->writer);
  g_async_queue_unref (self->requests);
  /* Only now: until its end the writer asks for checkpoints. */
  g_async_queue_push (self->checkpoints, END);
  g_thread_join (self->checkpointer);
  g_async_queue_unref (self->checkpoints);
  g_mutex_clear (&self->log_lock);
  vai_database_clear (database);
  close (self->lock_fd);
  g_free (self->path);
  g_free (self);
}

static VaiDatabase *
sqlite_open (const char *address, GError **error)
{
  int lock_fd = lock_file (address, error);
  if (lock_fd < 0)
    return NULL;
  Sqlite *self = g_new0 (Sqlite, 1);
  self->lock_fd = lock_fd;
  vai_database_init (&self->base, &vai_database_sqlite);
  self->path = g_strdup (address);
  g_mutex_init (&self->log_lock);
  self->requests = g_async_queue_new ();
  self->checkpoints = g_async_queue_new ();
  self->checkpointer = g_thread_new ("checkpoints", checkpointer_thread, self);
  self->writer = g_thread_new ("writer", writer_thread, self);
  Request first = { .work = open_work };
  hand_over (self, &first);
  if (first.error == NULL)
    return &self->base;
  g_propagate_error (error, first.error);
  sqlite_close (&self->base);
  return NULL;
}

/* ── Copies ── */

gboolean
vai_database_backup (const char *path, const char *target, GError **error)
{
  VaiDbLadder ladder = ladder_of ();
  if (g_file_test (target, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE, "“%s” is there already: choose another name.", target);
      return FALSE;
    }
  g_autoptr (VaiDb) db = vai_db_open (path, VAI_DB_READ_ONLY, &ladder, error);
  return db != NULL && vai_db_backup (db, target, error);
}

/* Every page and every reference of @path is looked at. */
static gboolean
check_file (const char *path, GError **error)
{
  VaiDbLadder ladder = ladder_of ();
  g_autoptr (VaiDb) db = vai_db_open (path, VAI_DB_READ_ONLY, &ladder, error);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  if (db == NULL || !vai_db_check (db, problems, error))
    return FALSE;
  if (problems->len == 0)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, "“%s” is damaged: %s", path, (char *) problems->pdata[0]);
  return FALSE;
}

/* What is not in the file itself yet belongs to the old one. */
static gboolean
set_aside (const char *path, GError **error)
{
  static const char *const parts[] = { "", "-wal", "-shm" };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *from = g_strconcat (path, parts[i], NULL);
      g_autofree char *to = g_strconcat (path, ".before-restore", parts[i], NULL);
      if (g_rename (from, to) != 0 && errno != ENOENT)
        {
          vai_error_set_errno (error, errno, TRUE, "Cannot set “%s” aside", from);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
vai_database_restore (const char *path, const char *from, GError **error)
{
  if (!check_file (from, error))
    return FALSE;
  int lock_fd = lock_file (path, error);
  if (lock_fd < 0)
    return FALSE;
  gboolean done = set_aside (path, error) && vai_database_backup (from, path, error);
  close (lock_fd);
  return done;
}

const VaiDatabaseClass vai_database_sqlite = {
  .kind = "sqlite",
  .open = sqlite_open,
  .close = sqlite_close,
  .connect = sqlite_connect,
  .disconnect = sqlite_disconnect,
  .read = sqlite_read,
  .write = sqlite_write,
  .run = sqlite_run,
  .send = sqlite_send,
  .query = sqlite_query,
  .lock = sqlite_lock,
  .begin_part = sqlite_begin_part,
  .end_part = sqlite_end_part,
  .next = sqlite_next,
  .free_rows = sqlite_free_rows,
  .is_null = sqlite_is_null,
  .get_text = sqlite_get_text,
  .get_integer = sqlite_get_integer,
  .get_real = sqlite_get_real,
  .dup_bytes = sqlite_dup_bytes,
};
