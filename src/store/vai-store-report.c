/* The table report. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>

static gboolean
add_report (VaiStore *self, gpointer data, GError **error)
{
  VaiReportRow *row = data;
  vai_store_fill (&row->id, &row->created_at, &row->updated_at);
  return vai_row_insert (&vai_report_row_kind, row, vai_store_get_db (self), error);
}

gboolean
vai_store_add_report (VaiStore *self, VaiReportRow *row, GError **error)
{
  return vai_store_transaction (self, add_report, row, error);
}

static gboolean
list_reports (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const char *model_id = call->in[0];
  const char *where = vai_store_list_where (call->flag);
  if (model_id != NULL)
    where = call->flag ? "WHERE model_id = ?1 AND deleted_at > 0 ORDER BY deleted_at DESC, created_at DESC, id DESC"
                       : "WHERE model_id = ?1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC";
  call->out = vai_store_list_rows (self, &vai_report_row_kind, where, model_id, error);
  return call->out != NULL;
}

GPtrArray *
vai_store_list_reports (VaiStore *self, const char *model_id, gboolean deleted, GError **error)
{
  VaiStoreCall call = { .in = { model_id }, .flag = deleted };
  return vai_store_call (self, list_reports, &call, error) ? call.out : NULL;
}

VaiReportRow *
vai_store_get_report (VaiStore *self, const char *id, GError **error)
{
  return vai_store_get_row (self, &vai_report_row_kind, id, error);
}

typedef struct
{
  const char *id, *title, *content;
} ReportText;

static gboolean
set_report (VaiStore *self, gpointer data, GError **error)
{
  const ReportText *text = data;
  VaiDb *db = vai_store_get_db (self);
  g_autoptr (VaiStatement) update
      = vai_db_prepare (db, "UPDATE report SET title = ?2, content = ?3, updated_at = ?4 WHERE id = ?1", error);
  if (update == NULL)
    return FALSE;
  vai_statement_bind_text (update, 1, text->id);
  vai_statement_bind_text (update, 2, text->title);
  vai_statement_bind_text (update, 3, text->content);
  vai_statement_bind_integer (update, 4, vai_time_now_ms ());
  if (!vai_statement_run (update, error))
    return FALSE;
  if (vai_db_get_n_changed (db) == 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND, _ ("There is no report “%s”."), text->id);
  return vai_db_get_n_changed (db) > 0;
}

gboolean
vai_store_set_report (VaiStore *self, const char *id, const char *title, const char *content, GError **error)
{
  ReportText text = { id, title, content };
  return vai_store_transaction (self, set_report, &text, error);
}
