/* The server's database: one interface, two of them behind it. SQL is written once, in what SQLite and PostgreSQL both
 * understand: `$1` … in the order of their first appearance, RETURNING, ON CONFLICT.
 *
 * What changes rows is a function of (transaction, data) that has no other effect, because it may run again: on SQLite
 * when another request of its group ended the transaction of all, on PostgreSQL after a deadlock or a conflict. It has
 * happened when vai_connection_write() returned TRUE, and not before.
 *
 * Failures stick to the transaction: after the first one every call does nothing and gives nothing, so a function need
 * not ask each time; it must only not loop for ever on an answer of nothing. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaiDatabase VaiDatabase;
typedef struct _VaiConnection VaiConnection;
typedef struct _VaiTransaction VaiTransaction;
typedef struct _VaiRows VaiRows;

/* TRUE for “postgresql://…”, FALSE for a path. */
gboolean vai_database_is_address (const char *text);

/* Opens @address, a path or “postgresql://…”, and brings its tables up to date under a lock. */
VaiDatabase *vai_database_open (const char *address, GError **error);
void vai_database_close (VaiDatabase *self);

/* A copy of the SQLite file @path as of now, whole, to the new file @target; a server may be running on it. */
gboolean vai_database_backup (const char *path, const char *target, GError **error);

/* Puts the copy @from in the place of @path, after looking through the whole of it; what was there is kept beside it as
 * PATH.before-restore. Errors: BUSY while a server runs on @path, DAMAGED and others of opening. */
gboolean vai_database_restore (const char *path, const char *from, GError **error);

/* “sqlite” or “postgresql”, for logs and metrics. Static. */
const char *vai_database_get_kind (VaiDatabase *self);

/* FALSE after a commit or a sync has failed: what is on the disk is then unknown, and nothing more is written before a
 * person has looked and started the server again. Also FALSE while the disk is full: then nothing was half done, each
 * write is tried, and the first that finds room ends it. @why is a copy to free, or NULL. */
gboolean vai_database_can_write (VaiDatabase *self, char **why);

/* Writes that wait, for metrics. */
guint vai_database_get_n_waiting (VaiDatabase *self);

/* Whether libpq can read an address of PostgreSQL, and its ports are some. Nothing is opened. */
gboolean vai_database_is_right_address (const char *address);

/* The way into the database for one thread; belongs to the thread that made it. */
VaiConnection *vai_connection_new (VaiDatabase *database);
void vai_connection_free (VaiConnection *self);

/* TRUE keeps what was done, FALSE takes it back (an answer may have been found all the same). */
typedef gboolean (*VaiWork) (VaiTransaction *transaction, gpointer data);

/* Runs @work on one consistent view. FALSE with @error when the database failed; what @work returned is not told. */
gboolean vai_connection_read (VaiConnection *self, VaiWork work, gpointer data, GError **error);

/* Runs @work, perhaps more than once, and returns when its effect is durable (or was taken back). Errors: NO_SPACE,
 * BUSY, FAILED; then nothing of it has happened, or for a connection lost while committing: it is not known. */
gboolean vai_connection_write (VaiConnection *self, VaiWork work, gpointer data, GError **error);

/* ── Inside a transaction ── */

typedef enum
{
  VAI_VALUE_END,
  VAI_VALUE_TEXT,
  VAI_VALUE_INTEGER,
  VAI_VALUE_REAL,
  VAI_VALUE_BYTES,
} VaiValueKind;

typedef struct
{
  VaiValueKind kind;
  union
  {
    const char *text; /* NULL is SQL's NULL */
    gint64 integer;
    double real;
    GBytes *bytes; /* NULL is SQL's NULL */
  };
} VaiValue;

/* All are borrowed until the call returns, those of a query until its rows are freed. */
#define VAI_TEXT(value)                                                                                                \
  (VaiValue) { .kind = VAI_VALUE_TEXT, .text = (value) }
#define VAI_INTEGER(value)                                                                                             \
  (VaiValue) { .kind = VAI_VALUE_INTEGER, .integer = (value) }
#define VAI_REAL(value)                                                                                                \
  (VaiValue) { .kind = VAI_VALUE_REAL, .real = (value) }
#define VAI_BYTES(value)                                                                                               \
  (VaiValue) { .kind = VAI_VALUE_BYTES, .bytes = (value) }
#define VAI_NULL VAI_TEXT (NULL)

/* Runs @sql with the values that follow; gives the number of rows that it changed. */
#define vai_transaction_run(self, sql, ...)                                                                            \
  vai_transaction_run_values (self, sql, (const VaiValue[]){ __VA_ARGS__ __VA_OPT__ (, ){ VAI_VALUE_END, { NULL } } })
gint64 vai_transaction_run_values (VaiTransaction *self, const char *sql, const VaiValue *values);

/* The same for one whose number of rows nobody wants to know: on PostgreSQL it leaves together with the next call, so
 * that many cost one journey. */
#define vai_transaction_send(self, sql, ...)                                                                           \
  vai_transaction_send_values (self, sql, (const VaiValue[]){ __VA_ARGS__ __VA_OPT__ (, ){ VAI_VALUE_END, { NULL } } })
void vai_transaction_send_values (VaiTransaction *self, const char *sql, const VaiValue *values);

/* The rows of @sql; never NULL. */
#define vai_transaction_query(self, sql, ...)                                                                          \
  vai_transaction_query_values (self, sql, (const VaiValue[]){ __VA_ARGS__ __VA_OPT__ (, ){ VAI_VALUE_END, { NULL } } })
VaiRows *vai_transaction_query_values (VaiTransaction *self, const char *sql, const VaiValue *values);

/* The next query is the last of a transaction that only reads: PostgreSQL is told so with it, which saves a journey. */
void vai_transaction_expect_last (VaiTransaction *self);

/* The first column of the first row, or @otherwise. */
#define vai_transaction_get_integer(self, otherwise, sql, ...)                                                         \
  vai_transaction_get_integer_values (self, otherwise, sql,                                                            \
                                      (const VaiValue[]){ __VA_ARGS__ __VA_OPT__ (, ){ VAI_VALUE_END, { NULL } } })
gint64
vai_transaction_get_integer_values (VaiTransaction *self, gint64 otherwise, const char *sql, const VaiValue *values);

/* The same for a text; NULL when there is none. Free with g_free(). */
#define vai_transaction_dup_text(self, sql, ...)                                                                       \
  vai_transaction_dup_text_values (self, sql,                                                                          \
                                   (const VaiValue[]){ __VA_ARGS__ __VA_OPT__ (, ){ VAI_VALUE_END, { NULL } } })
char *vai_transaction_dup_text_values (VaiTransaction *self, const char *sql, const VaiValue *values);

/* Keeps others from changing the row @id of @table until the end of this transaction. On SQLite there is one writer
 * and this costs nothing. Take locks in one order: user, device, others by name. */
void vai_transaction_lock (VaiTransaction *self, const char *table, const char *id);

/* A part that can be taken back alone. */
void vai_transaction_begin_part (VaiTransaction *self);
void vai_transaction_end_part (VaiTransaction *self, gboolean keep);

/* TRUE when something failed: what was read since is worth nothing. */
gboolean vai_transaction_has_failed (VaiTransaction *self);

/* The next row; FALSE at the end. */
gboolean vai_rows_next (VaiRows *self);
void vai_rows_free (VaiRows *self);

/* Columns count from 0. Texts live until the next row. A NULL is NULL, 0 or NaN. */
gboolean vai_rows_is_null (VaiRows *self, int column);
const char *vai_rows_get_text (VaiRows *self, int column);
gint64 vai_rows_get_integer (VaiRows *self, int column);
double vai_rows_get_real (VaiRows *self, int column);
GBytes *vai_rows_dup_bytes (VaiRows *self, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDatabase, vai_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiConnection, vai_connection_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiRows, vai_rows_free)

G_END_DECLS
