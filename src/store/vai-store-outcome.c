/* What became of quotes, in the table prediction: recorded, and taken back. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *ref;    /* nullable: an id, else a quote_ref … */
  const gint64 *keys; /* … else these */
  gsize n_keys;
  const char *outcome;
  gint64 at;      /* 0: now */
  GArray *before; /* nullable */
  gint64 n_changed;
} Recording;

/* @sql of the scores that @where finds by @text, else by @key; NULL with @error. */
static VaiStatement *
prepare (VaiStore *self, const char *sql, const char *where, const char *text, gint64 key, GError **error)
{
  g_autofree char *whole = g_strconcat (sql, " WHERE ", where, NULL);
  VaiStatement *statement = vai_db_prepare (vai_store_get_db (self), whole, error);

  if (statement == NULL)
    return NULL;
  if (text != NULL)
    vai_statement_bind_text (statement, 1, text);
  else
    vai_statement_bind_integer (statement, 1, key);
  return statement;
}

/* The scores that are found, as they are before the change; FALSE with @error. */
static gboolean
remember (VaiStore *self, const char *where, const char *text, gint64 key, GArray *before, GError **error)
{
  g_autoptr (VaiStatement) statement
      = prepare (self, "SELECT rowid, outcome, outcome_at FROM prediction", where, text, key, error);
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;
  while (vai_statement_step (statement, &local))
    {
      VaiOutcomeBefore one
          = { .key = vai_statement_get_integer (statement, 0), .outcome_at = vai_statement_get_integer (statement, 2) };
      g_strlcpy (one.outcome, vai_statement_get_text (statement, 1), sizeof one.outcome);
      g_array_append_val (before, one);
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return local == NULL;
}

/* @at 0: no outcome has no time. Gives the number changed, -1 on error. */
static gint64
write_outcome (VaiStore *self,
               const char *where,
               const char *text,
               gint64 key,
               const char *outcome,
               gint64 at,
               GError **error)
{
  g_autoptr (VaiStatement) update
      = prepare (self, "UPDATE prediction SET outcome = ?2, outcome_at = ?3, updated_at = ?4", where, text, key, error);

  if (update == NULL)
    return -1;
  vai_statement_bind_text (update, 2, outcome);
  if (at != 0)
    vai_statement_bind_integer (update, 3, at);
  else
    vai_statement_bind_null (update, 3);
  vai_statement_bind_integer (update, 4, vai_time_now_ms ());
  return vai_statement_run (update, error) ? vai_db_get_n_changed (vai_store_get_db (self)) : -1;
}

/* FALSE with @error; what was changed is counted. */
static gboolean
record (VaiStore *self, Recording *recording, const char *where, const char *text, gint64 key, GError **error)
{
  if (recording->before != NULL && !remember (self, where, text, key, recording->before, error))
    return FALSE;
  gint64 n = write_outcome (self, where, text, key, recording->outcome, recording->at, error);
  recording->n_changed += n;
  return n >= 0;
}

static gboolean
record_all (VaiStore *self, gpointer data, GError **error)
{
  Recording *recording = data;

  for (gsize i = 0; i < recording->n_keys; i++)
    if (!record (self, recording, "rowid = ?1", NULL, recording->keys[i], error))
      return FALSE;
  if (recording->ref == NULL)
    return TRUE;
  return record (self, recording, "id = ?1 AND deleted_at IS NULL", recording->ref, 0, error)
         && (recording->n_changed > 0
             || record (self, recording, "quote_ref = ?1 AND deleted_at IS NULL", recording->ref, 0, error));
}

static gboolean
start (VaiStore *self, Recording *recording, GError **error)
{
  gboolean none = g_strcmp0 (recording->outcome, "none") == 0;

  if (!none && g_strcmp0 (recording->outcome, "won") != 0 && g_strcmp0 (recording->outcome, "lost") != 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is no outcome: say “won”, “lost” or “none”."),
                   recording->outcome);
      return FALSE;
    }
  recording->at = none ? 0 : recording->at != 0 ? recording->at : vai_time_now_ms ();
  return vai_store_transaction (self, record_all, recording, error);
}

gint64
vai_store_set_outcome (VaiStore *self,
                       const char *ref,
                       const char *outcome,
                       gint64 outcome_at,
                       GArray *before,
                       GError **error)
{
  Recording recording = { .ref = ref, .outcome = outcome, .at = outcome_at, .before = before };
  return start (self, &recording, error) ? recording.n_changed : -1;
}

gboolean
vai_store_set_outcomes (VaiStore *self,
                        const gint64 *keys,
                        gsize n,
                        const char *outcome,
                        GArray *before,
                        GError **error)
{
  Recording recording = { .keys = keys, .n_keys = n, .outcome = outcome, .before = before };
  return start (self, &recording, error);
}

/* The last first: what was recorded twice goes back to what was before both. */
static gboolean
put_back (VaiStore *self, gpointer data, GError **error)
{
  const GArray *before = data;

  for (guint i = before->len; i > 0; i--)
    {
      const VaiOutcomeBefore *one = &g_array_index (before, VaiOutcomeBefore, i - 1);
      if (write_outcome (self, "rowid = ?1", NULL, one->key, one->outcome, one->outcome_at, error) < 0)
        return FALSE;
    }
  return TRUE;
}

gboolean
vai_store_put_back_outcomes (VaiStore *self, const GArray *before, GError **error)
{
  return vai_store_transaction (self, put_back, (gpointer) before, error);
}
