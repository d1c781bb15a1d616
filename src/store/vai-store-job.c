/* The table job. A job that says "running" while its process is gone was interrupted. A process is known by the boot of
 * the machine, its PID namespace, its number, and the time at which it began, because numbers come again. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-time.h"

#include <string.h>
#include <unistd.h>

static char *
read_line (const char *path)
{
  char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  return g_strchomp (text);
}

/* When process @pid began, in clock ticks since boot, as text; "" when there is none such. Field 22 of proc(5)'s stat,
 * counted behind the last bracket, since the name of a program may hold anything. */
static char *
begin_of_process (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *stat = read_line (path);
  const char *rest = strrchr (stat, ')');
  if (rest == NULL)
    return g_strdup ("");
  g_auto (GStrv) fields = g_strsplit (rest, " ", 22);
  return g_strdup (g_strv_length (fields) > 20 ? fields[20] : "");
}

static char *
name_of_process (const char *pid)
{
  g_autofree char *boot = read_line ("/proc/sys/kernel/random/boot_id");
  g_autofree char *space = g_file_read_link ("/proc/self/ns/pid", NULL);
  g_autofree char *begin = begin_of_process (pid);
  return g_strdup_printf ("%s %s %s %s", boot, space != NULL ? space : "", pid, begin);
}

static gboolean
is_alive (const char *process)
{
  g_auto (GStrv) parts = g_strsplit (process != NULL ? process : "", " ", 4);
  if (g_strv_length (parts) != 4)
    return FALSE;
  g_autofree char *now = name_of_process (parts[2]);
  return strcmp (now, process) == 0;
}

gboolean
vai_store_find_interrupted (VaiStore *self, GError **error)
{
  g_autoptr (GPtrArray) running = vai_store_list_jobs (self, "running", error);
  for (guint i = 0; running != NULL && i < running->len; i++)
    {
      const VaiJobRow *row = g_ptr_array_index (running, i);
      if (is_alive (row->process))
        continue;
      if (vai_store_change (self,
                            "UPDATE job SET state = 'interrupted', ended_at = ?1 WHERE id = ?2 AND state = 'running'",
                            vai_time_now_ms (), error, row->id, NULL)
          < 0)
        return FALSE;
    }
  return running != NULL;
}

static gboolean
start_job (VaiStore *self, gpointer data, GError **error)
{
  VaiJobRow *row = data;
  g_autofree char *pid = g_strdup_printf ("%d", (int) getpid ());
  gint64 unused = 0;
  vai_store_fill (&row->id, &row->started_at, &unused);
  g_free (row->state);
  row->state = g_strdup ("running");
  row->fraction = 0;
  g_free (row->process);
  row->process = name_of_process (pid);
  return vai_row_insert (&vai_job_row_kind, row, vai_store_get_db (self), error);
}

gboolean
vai_store_start_job (VaiStore *self, VaiJobRow *row, GError **error)
{
  return vai_store_transaction (self, start_job, row, error);
}

static gboolean
update_job (VaiStore *self, gpointer data, GError **error)
{
  const VaiStoreCall *call = data;
  g_autoptr (VaiStatement) update = vai_db_prepare (
      vai_store_get_db (self), "UPDATE job SET fraction = ?1, message = ?2 WHERE id = ?3 AND state = 'running'", error);
  if (update == NULL)
    return FALSE;
  vai_statement_bind_real (update, 1, call->real);
  vai_statement_bind_text (update, 2, call->in[1]);
  vai_statement_bind_text (update, 3, call->in[0]);
  return vai_statement_run (update, error);
}

gboolean
vai_store_update_job (VaiStore *self, const char *id, double fraction, const char *message, GError **error)
{
  VaiStoreCall call = { .in = { id, message }, .real = CLAMP (fraction, 0, 1) };
  return vai_store_transaction (self, update_job, &call, error);
}

typedef struct
{
  const char *id, *subject_id, *state, *error_message;
} End;

static gboolean
end_job (VaiStore *self, gpointer data, GError **error)
{
  const End *end = data;
  g_autoptr (VaiStatement) update
      = vai_db_prepare (vai_store_get_db (self),
                        "UPDATE job SET state = ?1, subject_id = ifnull (?2, subject_id), error = ?3, ended_at = ?4, "
                        "fraction = iif (?1 = 'done', 1.0, fraction) WHERE id = ?5",
                        error);
  if (update == NULL)
    return FALSE;
  vai_statement_bind_text (update, 1, end->state);
  vai_statement_bind_text (update, 2, end->subject_id);
  vai_statement_bind_text (update, 3, end->error_message);
  vai_statement_bind_integer (update, 4, vai_time_now_ms ());
  vai_statement_bind_text (update, 5, end->id);
  return vai_statement_run (update, error);
}

gboolean
vai_store_end_job (VaiStore *self,
                   const char *id,
                   const char *subject_id,
                   const char *state,
                   const char *error_message,
                   GError **error)
{
  End end = { id, subject_id, state, error_message };
  return vai_store_transaction (self, end_job, &end, error);
}

static gboolean
list_jobs (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const char *state = call->in[0];
  const char *where = state != NULL ? "WHERE state = ?1 ORDER BY started_at DESC, id DESC"
                                    : "WHERE started_at > 0 ORDER BY started_at DESC, id DESC";
  call->out = vai_store_list_rows (self, &vai_job_row_kind, where, state, error);
  return call->out != NULL;
}

GPtrArray *
vai_store_list_jobs (VaiStore *self, const char *state, GError **error)
{
  VaiStoreCall call = { .in = { state } };
  return vai_store_call (self, list_jobs, &call, error) ? call.out : NULL;
}

static gboolean
forget_job (VaiStore *self, gpointer data, GError **error)
{
  const VaiStoreCall *call = data;
  return vai_store_change (self, "DELETE FROM job WHERE started_at <= ?1 AND id = ?2", vai_time_now_ms (), error,
                           call->in[0], NULL)
         >= 0;
}

gboolean
vai_store_forget_job (VaiStore *self, const char *id, GError **error)
{
  VaiStoreCall call = { .in = { id } };
  return vai_store_transaction (self, forget_job, &call, error);
}
