#include "vai-object.h"

#include "vai-json-build.h"
#include "vai-json-text.h"
#include "vai-message.h"
#include "vai-protocol.h"
#include "vai-secret.h"

#include <string.h>

static const char *const kinds[] = { "dataset", "model", "prediction", "report", "preference", NULL };

static const VaiField item_fields[] = {
  { "id", VAI_FIELD_ID },
  { "kind", VAI_FIELD_TEXT, 0, 1, 32, kinds },
  { "schema", VAI_FIELD_INTEGER, 0, 1, 1000000 },
  { "base", VAI_FIELD_INTEGER, 0, 0, G_MAXINT64 },
  { "deleted", VAI_FIELD_BOOLEAN },
  { "meta", VAI_FIELD_TEXT, 0, 2, VAI_SYNC_META_BYTES_MAX },
  { "losing", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL | VAI_FIELD_NULLABLE, 2, VAI_SYNC_META_BYTES_MAX },
  { "op_id", VAI_FIELD_ID, VAI_FIELD_OPTIONAL | VAI_FIELD_NULLABLE },
  { "blobs", VAI_FIELD_ARRAY, 0, 0, VAI_SYNC_BLOBS_MAX },
  { NULL },
};

static const VaiField blob_fields[] = {
  { "hash", VAI_FIELD_TEXT, 0, 64, 64 },
  { "size", VAI_FIELD_INTEGER, 0, 1, VAI_BLOB_BYTES_MAX },
  { "role", VAI_FIELD_TEXT, 0, 1, 32 },
  { NULL },
};

static void
blob_free (gpointer data)
{
  VaiObjectBlob *blob = data;
  g_free (blob->hash);
  g_free (blob->role);
  g_free (blob);
}

static void
add_blob (GPtrArray *blobs, JsonObject *object)
{
  VaiObjectBlob *blob = g_new0 (VaiObjectBlob, 1);
  blob->hash = g_strdup (json_object_get_string_member (object, "hash"));
  blob->size = json_object_get_int_member (object, "size");
  blob->role = g_strdup (json_object_get_string_member (object, "role"));
  g_ptr_array_add (blobs, blob);
}

/* ── What a client pushes ── */

static void
set_wrong (VaiObjectItem *self, const char *field, const char *why)
{
  self->wrong_field = g_strdup (field);
  self->why = g_strdup (why);
}

static gboolean
has_blob (GPtrArray *blobs, const char *hash)
{
  for (guint i = 0; i < blobs->len; i++)
    if (strcmp (((VaiObjectBlob *) blobs->pdata[i])->hash, hash) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_blobs (VaiObjectItem *self, JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *field = NULL, *why = NULL;
      gboolean right = object != NULL && vai_message_check (object, blob_fields, &field, &why)
                       && vai_secret_is_hash (json_object_get_string_member (object, "hash"));
      if (!right || has_blob (self->blobs, json_object_get_string_member (object, "hash")))
        {
          set_wrong (self, "blobs", right ? "names a file twice" : "is no list of files with hash, size and role");
          return FALSE;
        }
      add_blob (self->blobs, object);
    }
  return TRUE;
}

static char *
blobs_to_text (GPtrArray *blobs)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < blobs->len; i++)
    {
      VaiObjectBlob *blob = blobs->pdata[i];
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "hash", blob->hash);
      vai_json_add_integer (builder, "size", blob->size);
      vai_json_add_text (builder, "role", blob->role);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
hash_item (const VaiObjectItem *self)
{
  g_autofree char *numbers = g_strdup_printf (
      "%s\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%d\n%s\n%s\n%zu\n", self->id, self->kind, self->schema,
      self->base, self->deleted, self->op_id != NULL ? self->op_id : "", self->blobs_text, strlen (self->meta));
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sum, (const guchar *) numbers, -1);
  g_checksum_update (sum, (const guchar *) self->meta, -1);
  if (self->losing != NULL)
    g_checksum_update (sum, (const guchar *) self->losing, -1);
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
is_kept_text (const char *text)
{
  gsize size = strlen (text);
  return size <= VAI_SYNC_META_BYTES_MAX && vai_json_text_is_object (text, size, VAI_SYNC_META_DEPTH_MAX);
}

/* What the tables of fields cannot say. */
static void
check_item (VaiObjectItem *self)
{
  if (self->id[14] != '7')
    set_wrong (self, "id", "is no UUID of version 7");
  else if (!is_kept_text (self->meta))
    set_wrong (self, "meta", "is no object that can be kept");
  else if (self->losing != NULL && !is_kept_text (self->losing))
    set_wrong (self, "losing", "is no object that can be kept");
}

VaiObjectItem *
vai_object_item_new (JsonNode *node)
{
  VaiObjectItem *self = g_new0 (VaiObjectItem, 1);
  self->blobs = g_ptr_array_new_with_free_func (blob_free);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      set_wrong (self, "items", "is no object");
      return self;
    }
  JsonObject *object = json_node_get_object (node);
  if (!vai_message_check (object, item_fields, &self->wrong_field, &self->why))
    {
      JsonNode *id = json_object_get_member (object, "id");
      if (id != NULL && JSON_NODE_HOLDS_VALUE (id) && json_node_get_value_type (id) == G_TYPE_STRING)
        self->id
            = g_utf8_substring (json_node_get_string (id), 0, MIN (g_utf8_strlen (json_node_get_string (id), -1), 36));
      return self;
    }
  self->id = g_strdup (json_object_get_string_member (object, "id"));
  self->kind = g_strdup (json_object_get_string_member (object, "kind"));
  self->schema = json_object_get_int_member (object, "schema");
  self->base = json_object_get_int_member (object, "base");
  self->deleted = json_object_get_boolean_member (object, "deleted");
  self->meta = g_strdup (json_object_get_string_member (object, "meta"));
  self->losing = g_strdup (vai_message_get_text (object, "losing", NULL));
  self->op_id = g_strdup (vai_message_get_text (object, "op_id", NULL));
  if (!read_blobs (self, json_object_get_array_member (object, "blobs")))
    return self;
  self->blobs_text = blobs_to_text (self->blobs);
  self->hash = hash_item (self);
  check_item (self);
  return self;
}

void
vai_object_item_free (VaiObjectItem *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->meta);
  g_free (self->losing);
  g_free (self->op_id);
  g_ptr_array_unref (self->blobs);
  g_free (self->blobs_text);
  g_free (self->hash);
  g_free (self->wrong_field);
  g_free (self->why);
  g_free (self);
}

/* ── What the database keeps ── */

GPtrArray *
vai_object_blobs_parse (const char *text)
{
  GPtrArray *blobs = g_ptr_array_new_with_free_func (blob_free);
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    add_blob (blobs, json_array_get_object_element (array, i));
  return blobs;
}

VaiObject *
vai_object_read (VaiRows *rows)
{
  VaiObject *self = g_new0 (VaiObject, 1);
  self->id = g_strdup (vai_rows_get_text (rows, 0));
  self->kind = g_strdup (vai_rows_get_text (rows, 1));
  self->schema = vai_rows_get_integer (rows, 2);
  self->rev = vai_rows_get_integer (rows, 3);
  self->seq = vai_rows_get_integer (rows, 4);
  self->deleted = vai_rows_get_integer (rows, 5) != 0;
  self->meta = g_strdup (vai_rows_get_text (rows, 6));
  self->blobs_text = g_strdup (vai_rows_get_text (rows, 7));
  self->op_id = g_strdup (vai_rows_get_text (rows, 8));
  self->push_hash = g_strdup (vai_rows_get_text (rows, 9));
  self->device = g_strdup (vai_rows_get_text (rows, 10));
  self->created_at = vai_rows_get_integer (rows, 11);
  self->updated_at = vai_rows_get_integer (rows, 12);
  return self;
}

VaiObject *
vai_object_find (VaiTransaction *transaction, const char *user_id, const char *id)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT " VAI_OBJECT_COLUMNS " FROM sync_object WHERE user_id = $1 AND id = $2", VAI_TEXT (user_id),
      VAI_TEXT (id));
  return vai_rows_next (rows) ? vai_object_read (rows) : NULL;
}

void
vai_object_free (VaiObject *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->meta);
  g_free (self->blobs_text);
  g_free (self->op_id);
  g_free (self->push_hash);
  g_free (self->device);
  g_free (self);
}

void
vai_object_write (const VaiObject *self, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", self->id);
  vai_json_add_text (builder, "kind", self->kind);
  vai_json_add_integer (builder, "schema", self->schema);
  vai_json_add_integer (builder, "rev", self->rev);
  vai_json_add_integer (builder, "seq", self->seq);
  vai_json_add_flag (builder, "deleted", self->deleted);
  vai_json_add_text (builder, "meta", self->meta);
  json_builder_set_member_name (builder, "blobs");
  json_builder_add_value (builder, json_from_string (self->blobs_text, NULL));
  vai_json_add_text (builder, "op_id", self->op_id);
  vai_json_add_text (builder, "updated_by_device", self->device);
  vai_json_add_integer (builder, "created_at", self->created_at);
  vai_json_add_integer (builder, "updated_at", self->updated_at);
  json_builder_end_object (builder);
}
