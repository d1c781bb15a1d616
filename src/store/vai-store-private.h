/* Shared by the files of the workspace: how a call reaches the thread that owns the connection. */
#pragma once

#include "vai-row-private.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* The arguments and the answer of one call, on the caller's stack. */
typedef struct
{
  gconstpointer in[3];
  gpointer row; /* in and out: ids and times are filled in */
  gpointer out; /* owned by the caller after a success */
  gint64 number;
  double real;
  gboolean flag;
  VaiObject object;
  VaiProgress *progress;
  GCancellable *cancellable;
} VaiStoreCall;

/* Runs @func on the store's thread and waits; not in a transaction. */
gboolean vai_store_call (VaiStore *self, VaiStoreFunc func, gpointer call, GError **error);

/* The same, in a transaction that only reads: all its queries see one state of the file. */
gboolean vai_store_read (VaiStore *self, VaiStoreFunc func, gpointer call, GError **error);

/* The connection; asserts that this is its thread. */
VaiDb *vai_store_get_db (VaiStore *self);

/* Fills in what every new row needs: id, created_at, updated_at. */
void vai_store_fill (char **id, gint64 *created_at, gint64 *updated_at);

/* The row of @kind with @id; NOT_FOUND. */
gpointer vai_store_get_row (VaiStore *self, const VaiRowKind *kind, const char *id, GError **error);

/* Adds the rows that @where (with the parameter ?1 = @parameter, nullable) gives. Free with g_ptr_array_unref(). */
GPtrArray *
vai_store_list_rows (VaiStore *self, const VaiRowKind *kind, const char *where, const char *parameter, GError **error);

/* WHERE and ORDER of a list of live rows or of the trash, newest first. */
const char *vai_store_list_where (gboolean deleted);

/* Jobs whose process is gone become "interrupted". */
gboolean vai_store_find_interrupted (VaiStore *self, GError **error);

/* Adds sentences about columns of @dataset_id, and about model files, that are not what was stored. */
gboolean vai_store_check_dataset (VaiStore *self,
                                  const char *dataset_id,
                                  GPtrArray *problems,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean vai_store_check_models (VaiStore *self, GPtrArray *problems, GCancellable *cancellable, GError **error);

/* Runs a statement whose parameters are @time (?1) and texts (?2, ?3, …; ended by NULL); gives the number of rows
 * changed, -1 on error. */
gint64 vai_store_change (VaiStore *self, const char *sql, gint64 time, GError **error, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
