/* A SQLite file of ours: opened, identified, brought up to date, written in transactions. No application tables.
 * Everything here must be called on the thread that opened the connection, and asserts it.
 *
 * Settings, and why: WAL (readers never wait for a writer), synchronous=FULL (a commit that was answered survives a
 * power cut), foreign keys on, and a busy timeout, so that two programs on one file take turns. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaiDb VaiDb;
typedef struct _VaiStatement VaiStatement;

typedef enum
{
  VAI_DB_CREATE,    /* made when it is not there */
  VAI_DB_EXISTING,  /* NOT_FOUND when it is not there */
  VAI_DB_READ_ONLY, /* nothing is written */
} VaiDbMode;

/* What a file of one kind is and was: step n (from 1) is the SQL that brings version n - 1 to version n. */
typedef struct
{
  gint32 application_id;
  const char *kind;         /* for messages, translated: “ValutAI workspace” */
  const char *const *steps; /* NULL-terminated */
  guint page_bytes;         /* of a new file; 0 for pages that suit large values */
  gboolean keeps_log; /* its owner brings the log into the file: SQLite would after a commit, and not say it failed */
} VaiDbLadder;

/* Waiting this long for another program is better than failing; longer looks like a program that hangs. */
#define VAI_DB_BUSY_TIMEOUT_MS 5000

/* For a program of many threads, before it opens a file: SQLite would count its memory under a lock of all of them. */
void vai_db_count_no_memory (void);

/* Opens @path and climbs the ladder, each step in one transaction; before the first step of an older file a copy is
 * made beside it
 * ("PATH.vN.backup"). Errors: NOT_FOUND, NOT_READABLE, NOT_WRITABLE, NO_SPACE, BUSY, FOREIGN (not of this kind), NEWER,
 * DAMAGED. A file that is refused is not touched. */
VaiDb *vai_db_open (const char *path, VaiDbMode mode, const VaiDbLadder *ladder, GError **error);
void vai_db_close (VaiDb *self);

/* The log beside the file stays when @self is closed, also when nobody else has it open: the next who opens the file
 * begins with it. */
void vai_db_keep_log (VaiDb *self);

/* Pages in that log after the last commit of @self, in a file whose owner brings it in; else 0. */
guint vai_db_get_n_log_pages (VaiDb *self);

/* Transactions nest: an inner one is a savepoint of the outer. A commit that fails has rolled back. */
gboolean vai_db_begin (VaiDb *self, GError **error);
gboolean vai_db_begin_reading (VaiDb *self, GError **error); /* waits for no writer; to be committed like another */
gboolean vai_db_commit (VaiDb *self, GError **error);
void vai_db_rollback (VaiDb *self);

/* FALSE when a failed statement has ended the whole transaction, with all that was in it (a full disk does that). */
gboolean vai_db_is_in_transaction (VaiDb *self);

/* TRUE when what failed last found no room to write, before anything was synced: then nothing of its transaction has
 * happened. After a failed sync that is not known, whatever its reason. */
gboolean vai_db_was_full (VaiDb *self);

/* Statements without parameters, several at once. */
gboolean vai_db_exec (VaiDb *self, const char *sql, GError **error);

/* Rows that the last statement changed. */
gint64 vai_db_get_n_changed (VaiDb *self);

/* Rows that were changed since @self was opened, also those that were taken back. */
gint64 vai_db_get_n_changed_ever (VaiDb *self);

/* Adds what PRAGMA integrity_check and foreign_key_check find to @problems (of char*); FALSE when it cannot be asked.
 */
gboolean vai_db_check (VaiDb *self, GPtrArray *problems, GError **error);

/* A copy as of now, whole or not at all; replaces a file that is at @path. */
gboolean vai_db_backup (VaiDb *self, const char *path, GError **error);

/* The texts of all statements that were prepared on this connection, for the test that reads their plans. Free with
 * g_strfreev(). */
GStrv vai_db_dup_statements (VaiDb *self);

/* A statement, prepared once for each text and kept. Freeing it makes it ready for its next use. */
VaiStatement *vai_db_prepare (VaiDb *self, const char *sql, GError **error);
void vai_statement_free (VaiStatement *self);

/* Parameters count from 1. Texts and blobs are not copied: they must live until the next step or bind. NULL text, a NaN
 * and a NULL blob with size 0 are SQL's NULL. What goes wrong is told by the next step. */
void vai_statement_bind_text (VaiStatement *self, int parameter, const char *text);
void vai_statement_bind_integer (VaiStatement *self, int parameter, gint64 integer);
void vai_statement_bind_real (VaiStatement *self, int parameter, double real);
void vai_statement_bind_blob (VaiStatement *self, int parameter, const void *data, gsize size);
void vai_statement_bind_null (VaiStatement *self, int parameter);

/* The next row; FALSE without @error at the end. */
gboolean vai_statement_step (VaiStatement *self, GError **error);

/* For statements that give no rows: runs it and makes it ready for the next parameters. */
gboolean vai_statement_run (VaiStatement *self, GError **error);

/* Columns count from 0. Texts and blobs belong to the statement and live until the next step. A NULL is NULL, 0 or NaN.
 */
gboolean vai_statement_is_null (VaiStatement *self, int column);
const char *vai_statement_get_text (VaiStatement *self, int column);
gint64 vai_statement_get_integer (VaiStatement *self, int column);
double vai_statement_get_real (VaiStatement *self, int column);
const void *vai_statement_get_blob (VaiStatement *self, int column, gsize *size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDb, vai_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiStatement, vai_statement_free)

G_END_DECLS
