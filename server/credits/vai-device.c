#include "vai-device.h"

#include "vai-billing.h"
#include "vai-purse.h"

#include <string.h>

/* Keys in memory; more are forgotten at once. */
#define KEYS_MAX 65536

static GMutex lock;
static GHashTable *keys; /* “user device” → public key */

static VaiReply *
read_key (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  char **key = data;
  const char *device_id = key[1];
  g_free (key[0]);
  key[0] = vai_transaction_dup_text (transaction, "SELECT public_key FROM device WHERE id = $1 AND user_id = $2",
                                     VAI_TEXT (device_id), VAI_TEXT (call->user_id));
  return vai_reply_new_nothing ();
}

static char *
look_up (const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  return keys != NULL ? g_strdup (g_hash_table_lookup (keys, name)) : NULL;
}

static void
remember (const char *name, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (keys == NULL || g_hash_table_size (keys) > KEYS_MAX)
    {
      g_clear_pointer (&keys, g_hash_table_unref);
      keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    }
  g_hash_table_insert (keys, g_strdup (name), g_strdup (key));
}

char *
vai_device_dup_public_key (VaiCall *call, const char *device_id)
{
  g_autofree char *name = g_strconcat (call->user_id, " ", device_id, NULL);
  char *known = look_up (name);
  if (known != NULL)
    return known;
  char *found[2] = { NULL, (char *) device_id };
  g_autoptr (VaiReply) reply = vai_call_read (call, read_key, found);
  if (found[0] != NULL)
    remember (name, found[0]);
  return found[0];
}

void
vai_device_take_row (VaiRows *rows, int column, VaiSettleDevice *device, gboolean *revoked)
{
  *revoked = strcmp (vai_rows_get_text (rows, column), "active") != 0;
  g_strlcpy (device->head_hash, vai_rows_get_text (rows, column + 1), sizeof device->head_hash);
  device->epoch = vai_rows_get_integer (rows, column + 2);
  device->cap = vai_rows_get_integer (rows, column + 3);
  device->used = vai_rows_get_integer (rows, column + 4);
  device->returned = vai_rows_get_integer (rows, column + 5);
  device->head_seq = vai_rows_get_integer (rows, column + 6);
  device->not_after = vai_rows_get_integer (rows, column + 7);
}

void
vai_device_store (VaiTransaction *transaction,
                  const char *device_id,
                  const VaiSettleDevice *device,
                  gint64 not_after,
                  gint64 now)
{
  vai_transaction_send (transaction,
                        "UPDATE device SET epoch = $1, cap = $2, used = $3, returned = $4, head_seq = $5, "
                        "head_hash = $6, updated_at = $7 WHERE id = $8",
                        VAI_INTEGER (device->epoch), VAI_INTEGER (device->cap), VAI_INTEGER (device->used),
                        VAI_INTEGER (device->returned), VAI_INTEGER (device->head_seq), VAI_TEXT (device->head_hash),
                        VAI_INTEGER (now), VAI_TEXT (device_id));
  /* Alone, because it has an index, which would be written with it each time. */
  if (device->not_after != not_after)
    vai_transaction_send (transaction, "UPDATE device SET not_after = $1 WHERE id = $2",
                          VAI_INTEGER (device->not_after), VAI_TEXT (device_id));
}

void
vai_device_add_price (VaiTransaction *transaction, const char *device_id, gint64 price_version)
{
  vai_transaction_send (transaction,
                        "INSERT INTO device_price (device_id, price_version) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                        VAI_TEXT (device_id), VAI_INTEGER (price_version));
}

gboolean
vai_device_end_lease (VaiTransaction *transaction, const char *user_id, const char *device_id, gint64 now)
{
  g_autoptr (VaiPurse) purse = vai_purse_open (transaction, user_id, now);
  VaiSettleDevice device = { 0 };
  gboolean revoked;
  {
    g_autoptr (VaiRows) rows = vai_transaction_query (
        transaction, "SELECT " VAI_DEVICE_COLUMNS " FROM device WHERE id = $1 AND user_id = $2", VAI_TEXT (device_id),
        VAI_TEXT (user_id));
    if (!vai_rows_next (rows))
      return FALSE;
    vai_device_take_row (rows, 0, &device, &revoked);
  }
  if (!vai_settle_is_over (&device, now))
    return FALSE;
  g_autofree char *id = g_strdup_printf ("end:%s:%" G_GINT64_FORMAT, device_id, device.epoch);
  g_autofree char *hold = vai_purse_dup_account (purse, "hold", device_id);
  g_autofree char *available = vai_purse_dup_account (purse, "available", NULL);
  gint64 not_after = device.not_after, rest = vai_settle_get_hold (&device);
  if (rest > 0)
    {
      vai_settle_close (&device);
      vai_purse_move (purse, id, hold, available, rest, "return", device_id);
    }
  device.not_after = 0;
  vai_purse_pay_debt (purse, id);
  gboolean expired = vai_purse_expire (purse);
  vai_device_store (transaction, device_id, &device, not_after, now);
  vai_purse_store (purse);
  if (expired)
    vai_billing_note_expiry (transaction, user_id, now);
  return TRUE;
}
