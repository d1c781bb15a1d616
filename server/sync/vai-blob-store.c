#include "vai-blob-store-private.h"

#include "vai-secret.h"

VaiBlobStore *
vai_blob_store_open (const VaiServerConfig *config, GError **error)
{
  const char *where = vai_server_config_get_text (config, "blob-store");
  return g_str_has_prefix (where, "s3://") ? vai_blob_s3_open (config, error) : vai_blob_folder_open (where, error);
}

void
vai_blob_store_close (VaiBlobStore *self)
{
  if (self != NULL)
    self->class->close (self);
}

gboolean
vai_blob_store_put_chunk (VaiBlobStore *self, const char *id, gint64 offset, GBytes *chunk, GError **error)
{
  return self->class->put_chunk (self, id, offset, chunk, error);
}

gboolean
vai_blob_store_finish (VaiBlobStore *self, const char *id, const char *hash, gint64 size, GError **error)
{
  g_assert (vai_secret_is_hash (hash));
  return self->class->finish (self, id, hash, size, error);
}

void
vai_blob_store_discard (VaiBlobStore *self, const char *id, gint64 size)
{
  self->class->discard (self, id, size);
}

void
vai_blob_store_sweep (VaiBlobStore *self, gint64 age_ms)
{
  self->class->sweep (self, age_ms);
}

GBytes *
vai_blob_store_read (VaiBlobStore *self, const char *hash, gint64 offset, gint64 size, GError **error)
{
  g_assert (vai_secret_is_hash (hash));
  return self->class->read (self, hash, offset, size, error);
}

gboolean
vai_blob_store_remove (VaiBlobStore *self, const char *hash, GError **error)
{
  g_assert (vai_secret_is_hash (hash));
  return self->class->remove (self, hash, error);
}
