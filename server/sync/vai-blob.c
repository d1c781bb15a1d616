#include "vai-blob.h"

#include "vai-object.h"
#include "vai-sync.h"
#include "vai-time.h"

#include <string.h>

gint64
vai_blob_get_size (VaiTransaction *transaction, const char *user_id, const char *hash)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT size FROM user_blob WHERE user_id = $1 AND hash = $2",
                                      VAI_TEXT (user_id), VAI_TEXT (hash));
}

static gboolean
names (GPtrArray *blobs, const char *hash)
{
  for (guint i = 0; i < blobs->len; i++)
    if (strcmp (((VaiObjectBlob *) blobs->pdata[i])->hash, hash) == 0)
      return TRUE;
  return FALSE;
}

/* Adds @by to what of @blobs is not in @others. */
static void
count (VaiTransaction *transaction, const char *user_id, GPtrArray *blobs, GPtrArray *others, gint64 by, gint64 now)
{
  for (guint i = 0; i < blobs->len; i++)
    {
      const char *hash = ((VaiObjectBlob *) blobs->pdata[i])->hash;
      if (!names (others, hash))
        vai_transaction_run (transaction,
                             "UPDATE user_blob SET refs = refs + $1, used_at = $2 WHERE user_id = $3 AND hash = $4",
                             VAI_INTEGER (by), VAI_INTEGER (now), VAI_TEXT (user_id), VAI_TEXT (hash));
    }
}

void
vai_blob_count_references (VaiTransaction *transaction,
                           const char *user_id,
                           GPtrArray *before,
                           GPtrArray *after,
                           gint64 now)
{
  count (transaction, user_id, after, before, 1, now);
  count (transaction, user_id, before, after, -1, now);
}

/* ── On their way ── */

VaiUpload *
vai_upload_find (VaiTransaction *transaction, const char *user_id, const char *hash)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT id, size, \"offset\" FROM upload WHERE user_id = $1 AND hash = $2",
                               VAI_TEXT (user_id), VAI_TEXT (hash));
  if (!vai_rows_next (rows))
    return NULL;
  VaiUpload *self = g_new0 (VaiUpload, 1);
  self->id = g_strdup (vai_rows_get_text (rows, 0));
  self->size = vai_rows_get_integer (rows, 1);
  self->offset = vai_rows_get_integer (rows, 2);
  return self;
}

VaiUpload *
vai_upload_begin (VaiTransaction *transaction, const char *user_id, const char *hash, gint64 size, gint64 now)
{
  /* From here on the file is not removed for a day. */
  gint64 removing = vai_transaction_get_integer (transaction, 1,
                                                 "INSERT INTO blob (hash, used_at) VALUES ($1, $2) "
                                                 "ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at "
                                                 "RETURNING removing",
                                                 VAI_TEXT (hash), VAI_INTEGER (now));
  if (removing)
    return NULL;
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO upload (id, user_id, hash, size, created_at) VALUES ($1, $2, $3, $4, $5) "
                       "ON CONFLICT (user_id, hash) DO UPDATE SET created_at = excluded.created_at",
                       VAI_TEXT (id), VAI_TEXT (user_id), VAI_TEXT (hash), VAI_INTEGER (size), VAI_INTEGER (now));
  return vai_upload_find (transaction, user_id, hash);
}

gint64
vai_upload_sum (VaiTransaction *transaction, const char *user_id)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT COALESCE(sum(size), 0) FROM upload WHERE user_id = $1",
                                      VAI_TEXT (user_id));
}

/* The file is whole: this person has it. */
static void
keep (VaiTransaction *transaction, const char *user_id, const char *hash, gint64 size, gint64 now)
{
  vai_transaction_run (transaction, "UPDATE blob SET size = $1, refs = refs + 1, used_at = $2 WHERE hash = $3",
                       VAI_INTEGER (size), VAI_INTEGER (now), VAI_TEXT (hash));
  vai_transaction_run (transaction, "INSERT INTO user_blob (user_id, hash, size, used_at) VALUES ($1, $2, $3, $4)",
                       VAI_TEXT (user_id), VAI_TEXT (hash), VAI_INTEGER (size), VAI_INTEGER (now));
  vai_sync_count_bytes (transaction, user_id, size);
}

gboolean
vai_upload_advance (VaiTransaction *transaction,
                    const char *user_id,
                    const char *hash,
                    const VaiUpload *upload,
                    gint64 to,
                    gint64 now)
{
  vai_sync_lock_account (transaction, user_id, NULL, NULL);
  if (vai_transaction_run (transaction, "UPDATE upload SET \"offset\" = $1 WHERE id = $2 AND \"offset\" = $3",
                           VAI_INTEGER (to), VAI_TEXT (upload->id), VAI_INTEGER (upload->offset))
      == 0)
    return FALSE;
  if (to < upload->size)
    return TRUE;
  vai_upload_forget (transaction, upload->id);
  keep (transaction, user_id, hash, upload->size, now);
  return TRUE;
}

void
vai_upload_forget (VaiTransaction *transaction, const char *id)
{
  vai_transaction_run (transaction, "DELETE FROM upload WHERE id = $1", VAI_TEXT (id));
}

void
vai_upload_free (VaiUpload *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self);
}
