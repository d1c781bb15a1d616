/* An object of the library: as a client pushes it, as the database keeps it, as it is told. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

typedef struct
{
  char *hash;
  gint64 size;
  char *role;
} VaiObjectBlob;

/* One item of a push, checked. */
typedef struct
{
  char *id;
  char *kind;
  gint64 schema;
  gint64 base; /* the revision that it changes; 0: it is new */
  gboolean deleted;
  char *meta;
  char *losing; /* what lost when the client merged, for the versions; or NULL */
  char *op_id;  /* or NULL */
  GPtrArray *blobs;
  char *blobs_text; /* the same as JSON */
  char *hash;       /* of all of it */
  char *wrong_field;
  char *why; /* NULL: it is right */
} VaiObjectItem;

/* Never NULL: what is wrong with it is in it. */
VaiObjectItem *vai_object_item_new (JsonNode *node);
void vai_object_item_free (VaiObjectItem *self);

/* The blobs of a text that the database kept. */
GPtrArray *vai_object_blobs_parse (const char *text);

/* The row as it is now. */
typedef struct
{
  char *id;
  char *kind;
  gint64 schema, rev, seq;
  gboolean deleted;
  char *meta;
  char *blobs_text;
  char *op_id;
  char *push_hash;
  char *device;
  gint64 created_at, updated_at;
} VaiObject;

/* The columns of a query that vai_object_read() reads. */
#define VAI_OBJECT_COLUMNS                                                                                             \
  "id, kind, schema, rev, seq, deleted, meta, blobs, op_id, push_hash, updated_by_device, created_at, updated_at"

VaiObject *vai_object_read (VaiRows *rows);
VaiObject *vai_object_find (VaiTransaction *transaction, const char *user_id, const char *id);
void vai_object_free (VaiObject *self);

/* As a value of @builder. */
void vai_object_write (const VaiObject *self, JsonBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiObject, vai_object_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiObjectItem, vai_object_item_free)

G_END_DECLS
