/* Any bytes as a push of the library, and as the text of an object that is kept. */
#include "vai-fuzz-server.h"

#include "vai-json-text.h"
#include "vai-message.h"
#include "vai-object.h"
#include "vai-protocol.h"

#include <string.h>

static void
look_at_text (const char *text, gsize size)
{
  if (!vai_json_text_is_object (text, size, VAI_SYNC_META_DEPTH_MAX))
    return;
  g_assert_null (memchr (text, 0, size));
  g_autoptr (JsonObject) object = vai_message_parse (text, size, NULL);
  g_assert_nonnull (object);
}

static void
look_at_item (const VaiObjectItem *item)
{
  g_assert_true (item->id == NULL || g_utf8_validate (item->id, -1, NULL));
  g_assert_true ((item->why == NULL) == (item->wrong_field == NULL));
  if (item->why != NULL)
    {
      g_assert_true (g_utf8_validate (item->wrong_field, -1, NULL) && g_utf8_validate (item->why, -1, NULL));
      return;
    }
  g_assert_true (g_uuid_string_is_valid (item->id));
  g_assert_true (vai_json_text_is_object (item->meta, strlen (item->meta), VAI_SYNC_META_DEPTH_MAX));
  look_at_text (item->meta, strlen (item->meta));
  g_autoptr (GPtrArray) blobs = vai_object_blobs_parse (item->blobs_text);
  g_assert_cmpuint (blobs->len, ==, item->blobs->len);
  for (guint i = 0; i < blobs->len; i++)
    {
      const VaiObjectBlob *a = blobs->pdata[i], *b = item->blobs->pdata[i];
      g_assert_cmpstr (a->hash, ==, b->hash);
      g_assert_cmpstr (a->role, ==, b->role);
      g_assert_cmpint (a->size, ==, b->size);
    }
  g_assert_cmpuint (strlen (item->hash), ==, 64);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  look_at_text ((const char *) data, size);
  g_auto (GStrv) values = NULL;
  gboolean known;
  const VaiRoute *route = vai_route_find ("POST", "/api/v1/sync", &values, &known);
  g_autofree char *field = NULL, *why = NULL;
  g_autoptr (JsonObject) message = vai_message_parse ((const char *) data, size, NULL);
  if (message == NULL || !vai_message_check (message, route->fields, &field, &why))
    return 0;
  JsonArray *items = json_object_get_array_member (message, "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_autoptr (VaiObjectItem) item = vai_object_item_new (json_array_get_element (items, i));
      look_at_item (item);
    }
  return 0;
}
