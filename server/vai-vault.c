#include "vai-vault.h"

#include "vai-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* The first byte of what is kept. */
#define MARK_CLEAR 0
#define MARK_SECRET 1

static gboolean
make_key (VaiServer *server, const char *path, GError **error)
{
  char text[2 * sizeof server->master_key + 1];
  randombytes_buf (server->master_key, sizeof server->master_key);
  sodium_bin2hex (text, sizeof text, server->master_key, sizeof server->master_key);
  gboolean made = g_file_set_contents_full (path, text, -1,
                                            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
  sodium_memzero (text, sizeof text);
  return made;
}

gboolean
vai_vault_read_key (const char *path, guint8 key[VAI_MASTER_KEY_BYTES], GError **error)
{
  g_autofree char *text = NULL;
  gsize size, length;
  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  int wrong = sodium_hex2bin (key, VAI_MASTER_KEY_BYTES, text, size, "\r\n", &length, NULL);
  sodium_memzero (text, size);
  if (wrong == 0 && length == VAI_MASTER_KEY_BYTES)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, "“%s” does not hold 32 bytes in hexadecimal.", path);
  return FALSE;
}

gboolean
vai_vault_load (VaiServer *server, const char *path, gboolean may_make, GError **error)
{
  if (sodium_init () < 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, "The cryptography library does not start.");
      return FALSE;
    }
  gboolean there = g_file_test (path, G_FILE_TEST_EXISTS);
  if (!there && may_make)
    return make_key (server, path, error);
  if (!there)
    {
      g_set_error (
          error, VAI_ERROR, VAI_ERROR_NOT_FOUND,
          "The database holds keys under a master key, and there is none in “%s”: put it back, or copy it from another "
          "server of this database, or give its place with master-key-file. None was made.",
          path);
      return FALSE;
    }
  return vai_vault_read_key (path, server->master_key, error);
}

GBytes *
vai_vault_seal (VaiServer *server, GBytes *clear, gboolean secret)
{
  gsize size = clear != NULL ? g_bytes_get_size (clear) : 0;
  const guint8 *data = clear != NULL ? g_bytes_get_data (clear, NULL) : NULL;
  if (!secret)
    {
      guint8 *marked = g_malloc (size + 1);
      marked[0] = MARK_CLEAR;
      if (size > 0)
        memcpy (marked + 1, data, size);
      return g_bytes_new_take (marked, size + 1);
    }
  gsize head = 1 + crypto_secretbox_NONCEBYTES;
  guint8 *sealed = g_malloc (head + crypto_secretbox_MACBYTES + size);
  sealed[0] = MARK_SECRET;
  randombytes_buf (sealed + 1, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy (sealed + head, data, size, sealed + 1, server->master_key);
  return g_bytes_new_take (sealed, head + crypto_secretbox_MACBYTES + size);
}

GBytes *
vai_vault_open (VaiServer *server, GBytes *sealed)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);
  if (size > 0 && data[0] == MARK_CLEAR)
    return g_bytes_new (data + 1, size - 1);
  gsize head = 1 + crypto_secretbox_NONCEBYTES;
  if (size < head + crypto_secretbox_MACBYTES || data[0] != MARK_SECRET)
    return NULL;
  gsize length = size - head - crypto_secretbox_MACBYTES;
  guint8 *clear = g_malloc (MAX (length, 1));
  if (crypto_secretbox_open_easy (clear, data + head, size - head, data + 1, server->master_key) == 0)
    return g_bytes_new_take (clear, length);
  g_free (clear);
  return NULL;
}
