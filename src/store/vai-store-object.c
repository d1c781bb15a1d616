/* What is the same for every object that a person keeps: names, trash, notes. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A shorter beginning of an id fits by chance: UUIDv7 begin with the time. */
#define ID_BEGINNING_MIN 4

typedef struct
{
  const VaiRowKind *kind;
  const char *name; /* the column that a person knows it by */
  const char *not_found;
  const char *ambiguous;
} ObjectKind;

static const ObjectKind object_kinds[VAI_N_OBJECTS] = {
  [VAI_OBJECT_DATASET] = { &vai_dataset_row_kind, "name", N_ ("There is no dataset “%s” in the workspace."),
                           N_ ("More than one dataset is meant by “%s”: give its id.") },
  [VAI_OBJECT_MODEL] = { &vai_model_row_kind, "name", N_ ("There is no model “%s” in the workspace."),
                         N_ ("More than one model is meant by “%s”: give its id.") },
  [VAI_OBJECT_PREDICTION]
  = { &vai_prediction_row_kind, "quote_ref", N_ ("There is no prediction “%s” in the workspace."),
      N_ ("More than one prediction is meant by “%s”: give its id.") },
  [VAI_OBJECT_REPORT] = { &vai_report_row_kind, "title", N_ ("There is no report “%s” in the workspace."),
                          N_ ("More than one report is meant by “%s”: give its id.") },
};

void
vai_store_fill (char **id, gint64 *created_at, gint64 *updated_at)
{
  if (*id == NULL)
    *id = vai_uuid_new ();
  if (*created_at == 0)
    *created_at = vai_time_now_ms ();
  if (*updated_at == 0)
    *updated_at = *created_at;
}

const char *
vai_store_list_where (gboolean deleted)
{
  return deleted ? "WHERE deleted_at > 0 ORDER BY deleted_at DESC, created_at DESC, id DESC"
                 : "WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC";
}

static void
set_not_found (const VaiRowKind *kind, const char *id, GError **error)
{
  const char *format = N_ ("There is no job “%s” in the workspace.");
  for (guint i = 0; i < VAI_N_OBJECTS; i++)
    if (object_kinds[i].kind == kind)
      format = object_kinds[i].not_found;
  g_autoptr (GString) message = g_string_new (_ (format));
  g_string_replace (message, "%s", id, 1);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NOT_FOUND, message->str);
}

GPtrArray *
vai_store_list_rows (VaiStore *self, const VaiRowKind *kind, const char *where, const char *parameter, GError **error)
{
  static const struct
  {
    const VaiRowKind *kind;
    GDestroyNotify free;
  } frees[] = {
    { &vai_dataset_row_kind, (GDestroyNotify) vai_dataset_row_free },
    { &vai_model_row_kind, (GDestroyNotify) vai_model_row_free },
    { &vai_prediction_row_kind, (GDestroyNotify) vai_prediction_row_free },
    { &vai_report_row_kind, (GDestroyNotify) vai_report_row_free },
    { &vai_job_row_kind, (GDestroyNotify) vai_job_row_free },
  };
  g_autofree char *sql = vai_row_select (kind, where);
  g_autoptr (VaiStatement) query = vai_db_prepare (vai_store_get_db (self), sql, error);
  if (query == NULL)
    return NULL;
  if (parameter != NULL)
    vai_statement_bind_text (query, 1, parameter);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (frees); i++)
    if (frees[i].kind == kind)
      g_ptr_array_set_free_func (rows, frees[i].free);
  return vai_row_read_all (kind, query, rows, error) ? g_steal_pointer (&rows) : NULL;
}

static gboolean
get_row (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const VaiRowKind *kind = call->in[0];
  const char *id = call->in[1];
  g_autoptr (GPtrArray) rows = vai_store_list_rows (self, kind, "WHERE id = ?1", id, error);
  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    {
      set_not_found (kind, id, error);
      return FALSE;
    }
  call->out = g_ptr_array_steal_index (rows, 0);
  return TRUE;
}

gpointer
vai_store_get_row (VaiStore *self, const VaiRowKind *kind, const char *id, GError **error)
{
  VaiStoreCall call = { .in = { kind, id } };
  return vai_store_call (self, get_row, &call, error) ? call.out : NULL;
}

gint64
vai_store_change (VaiStore *self, const char *sql, gint64 time, GError **error, ...)
{
  VaiDb *db = vai_store_get_db (self);
  g_autoptr (VaiStatement) statement = vai_db_prepare (db, sql, error);
  if (statement == NULL)
    return -1;
  vai_statement_bind_integer (statement, 1, time);
  va_list texts;
  va_start (texts, error);
  int parameter = 2;
  for (const char *text = va_arg (texts, const char *); text != NULL; text = va_arg (texts, const char *))
    vai_statement_bind_text (statement, parameter++, text);
  va_end (texts);
  return vai_statement_run (statement, error) ? vai_db_get_n_changed (db) : -1;
}

/* Adds the ids of at most two rows that @sql gives for texts @first and @second to @ids. */
static gboolean
find_ids (VaiStore *self, const char *sql, const char *first, const char *second, GPtrArray *ids, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) query = vai_db_prepare (vai_store_get_db (self), sql, error);
  if (query == NULL)
    return FALSE;
  vai_statement_bind_text (query, 1, first);
  if (second != NULL)
    vai_statement_bind_text (query, 2, second);
  while (vai_statement_step (query, &local))
    g_ptr_array_add (ids, g_strdup (vai_statement_get_text (query, 0)));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* A whole id is found in the trash too; a beginning or a name is not. The sign before deleted_at keeps its index out of
 * the plan: it would read all live rows to find one. */
static gboolean
resolve (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const ObjectKind *kind = &object_kinds[call->object];
  const char *text = call->in[0];
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *by_id = g_strdup_printf ("SELECT id FROM %s WHERE id = ?1", kind->kind->table);
  g_autofree char *by_name = g_strdup_printf ("SELECT id FROM %s WHERE %s = ?1 AND +deleted_at IS NULL LIMIT 2",
                                              kind->kind->table, kind->name);
  g_autofree char *by_beginning = g_strdup_printf (
      "SELECT id FROM %s WHERE id >= ?1 AND id < ?2 AND +deleted_at IS NULL LIMIT 2", kind->kind->table);
  /* "g" comes after every hexadecimal digit. */
  g_autofree char *end = g_strconcat (text, "g", NULL);
  if (!find_ids (self, by_id, text, NULL, ids, error))
    return FALSE;
  if (ids->len == 0 && !find_ids (self, by_name, text, NULL, ids, error))
    return FALSE;
  if (ids->len == 0 && strlen (text) >= ID_BEGINNING_MIN && !find_ids (self, by_beginning, text, end, ids, error))
    return FALSE;
  if (ids->len == 1)
    {
      call->out = g_ptr_array_steal_index (ids, 0);
      return TRUE;
    }
  if (ids->len == 0)
    {
      set_not_found (kind->kind, text, error);
      return FALSE;
    }
  g_autoptr (GString) message = g_string_new (_ (kind->ambiguous));
  g_string_replace (message, "%s", text, 1);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, message->str);
  return FALSE;
}

char *
vai_store_resolve (VaiStore *self, VaiObject object, const char *text, GError **error)
{
  VaiStoreCall call = { .in = { text }, .object = object };
  return vai_store_read (self, resolve, &call, error) ? call.out : NULL;
}

static gboolean
set_deleted (VaiStore *self, gpointer data, GError **error)
{
  const VaiStoreCall *call = data;
  const VaiRowKind *kind = object_kinds[call->object].kind;
  g_autofree char *sql = g_strdup_printf ("UPDATE %s SET updated_at = ?1, deleted_at = %s WHERE id = ?2", kind->table,
                                          call->flag ? "?1" : "NULL");
  gint64 n = vai_store_change (self, sql, vai_time_now_ms (), error, call->in[0], NULL);
  if (n == 0)
    set_not_found (kind, call->in[0], error);
  return n > 0;
}

gboolean
vai_store_set_deleted (VaiStore *self, VaiObject object, const char *id, gboolean deleted, GError **error)
{
  VaiStoreCall call = { .in = { id }, .object = object, .flag = deleted };
  return vai_store_transaction (self, set_deleted, &call, error);
}

static gboolean
purge (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  g_autofree char *sql
      = g_strdup_printf ("DELETE FROM %s WHERE deleted_at > 0 AND deleted_at < ?1%s",
                         object_kinds[call->object].kind->table, call->in[0] != NULL ? " AND id = ?2" : "");
  call->number = vai_store_change (self, sql, call->number, error, call->in[0], NULL);
  return call->number >= 0;
}

/* What was purged shall not linger in the file: its pages are given back to the disk. */
static gboolean
shrink (VaiStore *self, gpointer data, GError **error)
{
  return vai_db_exec (vai_store_get_db (self), "PRAGMA incremental_vacuum", error);
}

gint64
vai_store_purge (VaiStore *self, VaiObject object, const char *id, gint64 before_ms, GError **error)
{
  VaiStoreCall call = { .in = { id }, .object = object, .number = before_ms };
  if (!vai_store_transaction (self, purge, &call, error) || !vai_store_call (self, shrink, NULL, error))
    return -1;
  return call.number;
}

typedef struct
{
  VaiObject object;
  const char *id, *name, *notes, *tags, *folder;
} Annotation;

static gboolean
annotate (VaiStore *self, gpointer data, GError **error)
{
  const Annotation *a = data;
  const ObjectKind *kind = &object_kinds[a->object];
  g_autofree char *naming = a->object == VAI_OBJECT_PREDICTION
                                ? g_strdup ("")
                                : g_strdup_printf (", %s = ifnull (?6, %s)", kind->name, kind->name);
  g_autofree char *sql
      = g_strdup_printf ("UPDATE %s SET updated_at = ?1, notes = ifnull (?3, notes), tags = ifnull (?4, tags), "
                         "folder = ifnull (?5, folder)%s WHERE id = ?2",
                         kind->kind->table, naming);
  VaiDb *db = vai_store_get_db (self);
  g_autoptr (VaiStatement) update = vai_db_prepare (db, sql, error);
  if (update == NULL)
    return FALSE;
  const char *texts[] = { a->id, a->notes, a->tags, a->folder, a->name };
  vai_statement_bind_integer (update, 1, vai_time_now_ms ());
  for (guint i = 0; i < G_N_ELEMENTS (texts) - (a->object == VAI_OBJECT_PREDICTION); i++)
    vai_statement_bind_text (update, 2 + i, texts[i]);
  if (!vai_statement_run (update, error))
    return FALSE;
  if (vai_db_get_n_changed (db) == 0)
    set_not_found (kind->kind, a->id, error);
  return vai_db_get_n_changed (db) > 0;
}

gboolean
vai_store_annotate (VaiStore *self,
                    VaiObject object,
                    const char *id,
                    const char *name,
                    const char *notes,
                    const char *tags,
                    const char *folder,
                    GError **error)
{
  Annotation annotation = { object, id, name, notes, tags, folder };
  return vai_store_transaction (self, annotate, &annotation, error);
}
