/* What the two stores implement. */
#pragma once

#include "vai-blob-store.h"

G_BEGIN_DECLS

typedef struct
{
  void (*close) (VaiBlobStore *self);
  gboolean (*put_chunk) (VaiBlobStore *self, const char *id, gint64 offset, GBytes *chunk, GError **error);
  gboolean (*finish) (VaiBlobStore *self, const char *id, const char *hash, gint64 size, GError **error);
  void (*discard) (VaiBlobStore *self, const char *id, gint64 size);
  void (*sweep) (VaiBlobStore *self, gint64 age_ms);
  GBytes *(*read) (VaiBlobStore *self, const char *hash, gint64 offset, gint64 size, GError **error);
  gboolean (*remove) (VaiBlobStore *self, const char *hash, GError **error);
} VaiBlobStoreClass;

struct _VaiBlobStore
{
  const VaiBlobStoreClass *class;
};

VaiBlobStore *vai_blob_folder_open (const char *path, GError **error);
VaiBlobStore *vai_blob_s3_open (const VaiServerConfig *config, GError **error);

G_END_DECLS
