#include "vai-error-group.h"

/* Kinds of errors between two runs of the chore; a server that has more is in the log. */
#define NOTED_MAX 200

typedef struct
{
  char *message; /* the last of them */
  gint64 count;
} Noted;

static GMutex lock;
static GHashTable *noted; /* common text → Noted */

static void
noted_free (gpointer data)
{
  Noted *self = data;
  g_free (self->message);
  g_free (self);
}

/* Ids, numbers and quoted names differ from time to time; what is left is the error. */
static char *
dup_common (const char *message)
{
  static gsize once;
  static GRegex *own;
  if (g_once_init_enter (&once))
    {
      own = g_regex_new ("[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|[0-9]+|“[^”]*”|\"[^\"]*\"|'[^']*'", G_REGEX_CASELESS, 0,
                         NULL);
      g_once_init_leave (&once, 1);
    }
  return g_regex_replace_literal (own, message, -1, 0, "#", 0, NULL);
}

void
vai_error_group_add (VaiTransaction *transaction,
                     const char *source,
                     const char *message,
                     const char *detail,
                     const char *version,
                     gint64 count,
                     gint64 now)
{
  g_autofree char *common = dup_common (message);
  g_autofree char *text = g_strconcat (source, "\n", common, "\n", version, NULL);
  g_autofree char *fingerprint = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  vai_transaction_run (
      transaction,
      "INSERT INTO error_group (fingerprint, source, message, detail, version, count, first_at, last_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (fingerprint) DO UPDATE SET "
      "count = error_group.count + excluded.count, last_at = excluded.last_at, detail = excluded.detail, "
      "resolved_at = NULL",
      VAI_TEXT (fingerprint), VAI_TEXT (source), VAI_TEXT (message), VAI_TEXT (detail != NULL ? detail : ""),
      VAI_TEXT (version), VAI_INTEGER (count), VAI_INTEGER (now), VAI_INTEGER (now));
}

/* ── Of this server ── */

static void
note (const char *message, gint64 count)
{
  g_autofree char *common = dup_common (message);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (noted == NULL)
    noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, noted_free);
  Noted *known = g_hash_table_lookup (noted, common);
  if (known == NULL && g_hash_table_size (noted) >= NOTED_MAX)
    return;
  if (known == NULL)
    {
      known = g_new0 (Noted, 1);
      g_hash_table_insert (noted, g_steal_pointer (&common), known);
    }
  g_free (known->message);
  known->message = g_strdup (message);
  known->count += count;
}

void
vai_error_group_note (const char *message)
{
  note (message, 1);
}

static gboolean
store_work (VaiTransaction *transaction, gpointer data)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, data);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Noted *one = value;
      vai_error_group_add (transaction, "server", one->message, one->message, VAI_VERSION, one->count,
                           vai_server_now ());
    }
  return TRUE;
}

void
vai_error_group_store (VaiServer *server, VaiConnection *connection)
{
  g_mutex_lock (&lock);
  g_autoptr (GHashTable) taken = g_steal_pointer (&noted);
  g_mutex_unlock (&lock);
  if (taken == NULL || vai_connection_write (connection, store_work, taken, NULL))
    return;
  /* The log has them; the groups shall have them too when the database is back. */
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, taken);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    note (((Noted *) value)->message, ((Noted *) value)->count);
}
