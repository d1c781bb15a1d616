#include "vai-db-private.h"

#include "vai-error.h"
#include "vai-output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

/* A large import leaves a write-ahead log of its size; it is cut back to this afterwards. */
#define WAL_KEPT_BYTES (16 * 1024 * 1024)

static VaiError
code_of_sqlite (VaiDb *self, int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return VAI_ERROR_NO_SPACE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return VAI_ERROR_BUSY;
    case SQLITE_CORRUPT:
      return VAI_ERROR_DAMAGED;
    case SQLITE_NOTADB:
      return VAI_ERROR_FOREIGN;
    case SQLITE_READONLY:
      return VAI_ERROR_NOT_WRITABLE;
    case SQLITE_CANTOPEN:
      return VAI_ERROR_NOT_READABLE;
    case SQLITE_TOOBIG:
      return VAI_ERROR_TOO_LARGE;
    case SQLITE_INTERRUPT:
      return VAI_ERROR_CANCELLED;
    case SQLITE_IOERR:
      return sqlite3_system_errno (self->handle) == ENOSPC ? VAI_ERROR_NO_SPACE : VAI_ERROR_FAILED;
    default:
      return VAI_ERROR_FAILED;
    }
}

static const char *
advice_of_code (VaiError code)
{
  switch (code)
    {
    case VAI_ERROR_NO_SPACE:
      return _ ("the disk is full. Nothing was changed: make room and try again");
    case VAI_ERROR_BUSY:
      return _ ("another program is working with it. Try again when that has finished");
    case VAI_ERROR_DAMAGED:
      return _ ("the file is damaged. Use a copy of it from before");
    case VAI_ERROR_FOREIGN:
      return _ ("it is a file of another kind");
    case VAI_ERROR_NOT_WRITABLE:
      return _ ("it may only be read. Check the permissions of the file and its folder");
    case VAI_ERROR_NOT_READABLE:
      return _ ("it cannot be opened. Check the permissions of the file and its folder");
    case VAI_ERROR_TOO_LARGE:
      return _ ("a value is larger than the file can hold");
    default:
      return NULL;
    }
}

void
vai_db_set_error (VaiDb *self, int code, const char *what, GError **error)
{
  VaiError ours = code_of_sqlite (self, code);
  self->failure = code;
  const char *advice = advice_of_code (ours);
  if (advice != NULL)
    g_set_error (error, VAI_ERROR, ours, "%s “%s”: %s.", what, self->path, advice);
  else
    g_set_error (error, VAI_ERROR, ours, "%s “%s”: %s (SQLite %d).", what, self->path, sqlite3_errmsg (self->handle),
                 sqlite3_extended_errcode (self->handle));
}

const char *
vai_db_what_failed (int code, gboolean reading)
{
  return reading && (code & 0xff) != SQLITE_FULL ? _ ("Cannot read") : _ ("Cannot write");
}

gboolean
vai_db_exec (VaiDb *self, const char *sql, GError **error)
{
  vai_db_assert_owner (self);
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  vai_db_set_error (self, code, vai_db_what_failed (code, self->read_only), error);
  return FALSE;
}

gboolean
vai_db_query_integer (VaiDb *self, const char *sql, gint64 *integer, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *integer = sqlite3_column_int64 (statement, 0);
  else
    vai_db_set_error (self, code, vai_db_what_failed (code, TRUE), error);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW;
}

/* What SQLite would only call "unable to open". */
static gboolean
check_path (const char *path, VaiDbMode mode, GError **error)
{
  struct stat info;
  if (stat (path, &info) != 0)
    {
      if (errno == ENOENT && mode == VAI_DB_CREATE)
        return TRUE;
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot open “%s”"), path);
      return FALSE;
    }
  if (S_ISREG (info.st_mode))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE,
               S_ISDIR (info.st_mode) ? _ ("“%s” is a folder: choose a file.") : _ ("“%s” is not an ordinary file."),
               path);
  return FALSE;
}

static int
open_handle (VaiDb *self, VaiDbMode mode)
{
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == VAI_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == VAI_DB_CREATE)
    flags |= SQLITE_OPEN_CREATE;
  return sqlite3_open_v2 (self->path, &self->handle, flags, vai_db_vfs_name ());
}

/* A file in WAL mode on a medium or in a folder that cannot be written has no place for its index; when nothing waits
 * in a log, it can be read as it stands. */
static int
open_unchanging (VaiDb *self)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);
  struct stat info;
  if (stat (wal, &info) == 0 && info.st_size > 0)
    return SQLITE_CANTOPEN;
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  sqlite3_close (g_steal_pointer (&self->handle));
  return sqlite3_open_v2 (uri, &self->handle,
                          SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

static gboolean
open_connection (VaiDb *self, VaiDbMode mode, GError **error)
{
  int code = open_handle (self, mode);
  if (code == SQLITE_OK)
    {
      sqlite3_busy_timeout (self->handle, VAI_DB_BUSY_TIMEOUT_MS);
      code = sqlite3_exec (self->handle, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
  if (mode == VAI_DB_READ_ONLY && ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY))
    code = open_unchanging (self);
  if (code != SQLITE_OK)
    {
      vai_db_set_error (self, code, _ ("Cannot open"), error);
      return FALSE;
    }
  if (mode != VAI_DB_READ_ONLY && sqlite3_db_readonly (self->handle, "main") == 1)
    {
      vai_db_set_error (self, SQLITE_READONLY, _ ("Cannot open"), error);
      return FALSE;
    }
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* Nothing here writes: the file has not been identified yet. */
  g_autofree char *sql = g_strdup_printf (
      "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=%d", WAL_KEPT_BYTES);
  return vai_db_exec (self, sql, error);
}

static int
count_log_pages (void *self, sqlite3 *handle, const char *name, int n_pages)
{
  ((VaiDb *) self)->n_log_pages = n_pages;
  return SQLITE_OK;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

VaiDb *
vai_db_open (const char *path, VaiDbMode mode, const VaiDbLadder *ladder, GError **error)
{
  g_return_val_if_fail (path != NULL && ladder != NULL, NULL);
  if (!check_path (path, mode, error))
    return NULL;
  g_autoptr (VaiDb) self = g_new0 (VaiDb, 1);
  self->path = g_strdup (path);
  self->read_only = mode == VAI_DB_READ_ONLY;
  self->owner = g_thread_self ();
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  if (!open_connection (self, mode, error))
    return NULL;
  if (ladder->keeps_log)
    sqlite3_wal_hook (self->handle, count_log_pages, self); /* in the place of SQLite's own */
  if (!vai_db_climb (self, ladder, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
vai_db_close (VaiDb *self)
{
  if (self == NULL)
    return;
  vai_db_assert_owner (self);
  g_hash_table_unref (self->statements);
  if (sqlite3_close (self->handle) != SQLITE_OK)
    g_critical ("a statement of “%s” was still in use", self->path);
  g_free (self->path);
  g_free (self);
}

void
vai_db_keep_log (VaiDb *self)
{
  vai_db_assert_owner (self);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

guint
vai_db_get_n_log_pages (VaiDb *self)
{
  vai_db_assert_owner (self);
  return self->n_log_pages;
}

gint64
vai_db_get_n_changed (VaiDb *self)
{
  vai_db_assert_owner (self);
  return sqlite3_changes64 (self->handle);
}

void
vai_db_count_no_memory (void)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
}

gint64
vai_db_get_n_changed_ever (VaiDb *self)
{
  vai_db_assert_owner (self);
  return sqlite3_total_changes64 (self->handle);
}

/* A statement that is run so often that parsing it each time would cost more than the rest. */
static gboolean
run_kept (VaiDb *self, const char *sql, GError **error)
{
  g_autoptr (VaiStatement) statement = vai_db_prepare (self, sql, error);
  return statement != NULL && vai_statement_run (statement, error);
}

static gboolean
begin (VaiDb *self, const char *outermost, GError **error)
{
  if (!run_kept (self, self->depth > 0 ? "SAVEPOINT inner_transaction" : outermost, error))
    return FALSE;
  self->depth++;
  return TRUE;
}

gboolean
vai_db_begin (VaiDb *self, GError **error)
{
  /* IMMEDIATE: the wait for another writer is here, where nothing has been read that could have grown old. */
  return begin (self, self->read_only ? "BEGIN" : "BEGIN IMMEDIATE", error);
}

gboolean
vai_db_begin_reading (VaiDb *self, GError **error)
{
  return begin (self, "BEGIN", error);
}

gboolean
vai_db_commit (VaiDb *self, GError **error)
{
  g_assert (self->depth > 0);
  if (run_kept (self, self->depth > 1 ? "RELEASE inner_transaction" : "COMMIT", error))
    {
      self->depth--;
      return TRUE;
    }
  vai_db_rollback (self);
  return FALSE;
}

void
vai_db_rollback (VaiDb *self)
{
  vai_db_assert_owner (self);
  g_assert (self->depth > 0);
  self->depth--;
  /* A full disk or a failed write has rolled everything back already. */
  if (sqlite3_get_autocommit (self->handle))
    return;
  if (self->depth == 0)
    run_kept (self, "ROLLBACK", NULL);
  else if (run_kept (self, "ROLLBACK TO inner_transaction", NULL))
    run_kept (self, "RELEASE inner_transaction", NULL);
}

gboolean
vai_db_is_in_transaction (VaiDb *self)
{
  vai_db_assert_owner (self);
  return !sqlite3_get_autocommit (self->handle);
}

gboolean
vai_db_was_full (VaiDb *self)
{
  vai_db_assert_owner (self);
  return (self->failure & 0xff) == SQLITE_FULL;
}

gboolean
vai_db_check (VaiDb *self, GPtrArray *problems, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) pages = vai_db_prepare (self, "PRAGMA integrity_check", error);
  if (pages == NULL)
    return FALSE;
  while (vai_statement_step (pages, &local))
    if (g_strcmp0 (vai_statement_get_text (pages, 0), "ok") != 0)
      g_ptr_array_add (problems, g_strdup (vai_statement_get_text (pages, 0)));
  g_autoptr (VaiStatement) keys = local == NULL ? vai_db_prepare (self, "PRAGMA foreign_key_check", &local) : NULL;
  while (local == NULL && vai_statement_step (keys, &local))
    g_ptr_array_add (problems,
                     g_strdup_printf (_ ("A row of “%s” belongs to nothing."), vai_statement_get_text (keys, 0)));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static int
copy_pages (VaiDb *self, sqlite3 *target)
{
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", self->handle, "main");
  if (backup == NULL)
    return sqlite3_errcode (target);
  sqlite3_backup_step (backup, -1);
  return sqlite3_backup_finish (backup);
}

gboolean
vai_db_backup (VaiDb *self, const char *path, GError **error)
{
  vai_db_assert_owner (self);
  g_autoptr (VaiOutput) output = vai_output_new (path, error);
  if (output == NULL)
    return FALSE;
  sqlite3 *target = NULL;
  int code = sqlite3_open_v2 (vai_output_get_temporary_path (output), &target,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, vai_db_vfs_name ());
  if (code == SQLITE_OK)
    code = copy_pages (self, target);
  sqlite3_close (target);
  if (code == SQLITE_OK)
    return vai_output_commit (output, error);
  vai_db_set_error (self, code, _ ("Cannot make a copy of"), error);
  return FALSE;
}
