/* Any bytes as a request without its socket. Lines: method, path with query, X-Forwarded-For, User-Agent,
 * Content-Range, Range, size of the file that the range is of; then the body, as a form. */
#include "vai-fuzz-server.h"

#include "vai-blob-range.h"
#include "vai-client-address.h"
#include "vai-cursor.h"
#include "vai-form.h"
#include "vai-protocol.h"
#include "vai-request-text.h"

#include <string.h>

#define HEADER_BYTES 256

static const char *const trusted[] = { "127.0.0.1", "10.0.0.1", "::1", NULL };

static void
look_at_query (GHashTable *query)
{
  VaiCall call = { .query = query };
  VaiCursor cursor;
  g_autoptr (VaiReply) refusal = vai_cursor_read (&call, FALSE, &cursor);
  if (refusal != NULL)
    return;
  g_assert_true (cursor.limit >= 1 && cursor.limit <= 200);
  g_assert_true (g_utf8_validate (cursor.id, -1, NULL));
  g_autofree char *text = vai_cursor_make (cursor.at, cursor.id);
  g_autoptr (GHashTable) again = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (again, (gpointer) "cursor", text);
  VaiCall next = { .query = again };
  VaiCursor same;
  g_assert_null (vai_cursor_read (&next, FALSE, &same));
  g_assert_true (same.at == cursor.at && strcmp (same.id, cursor.id) == 0);
}

/* As libsoup does before it asks us. */
static void
look_at_target (const char *method, char *target)
{
  char *mark = strchr (target, '?');
  g_autoptr (GHashTable) query = mark != NULL ? soup_form_decode (mark + 1) : NULL;
  if (mark != NULL)
    *mark = '\0';
  g_autofree char *path = g_uri_unescape_string (target, NULL);
  if (path == NULL || !vai_request_text_is_valid (path, query))
    return;
  g_auto (GStrv) values = NULL;
  gboolean known;
  const VaiRoute *route = vai_route_find (method, path, &values, &known);
  g_assert_true ((route == NULL) == (values == NULL));
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    {
      g_assert_true (*values[i] != '\0' && strchr (values[i], '/') == NULL);
      g_assert_nonnull (strstr (path, values[i]));
    }
  if (query != NULL)
    look_at_query (query);
}

static void
look_at_address (const char *forwarded)
{
  g_autofree char *stranger = vai_client_address_choose (trusted, "192.0.2.1", forwarded);
  g_assert_cmpstr (stranger, ==, "192.0.2.1");
  g_autofree char *address = vai_client_address_choose (trusted, "10.0.0.1", forwarded);
  g_assert_true (g_hostname_is_ip_address (address));
}

static void
look_at_ranges (const char *piece, const char *wanted, const char *size_text)
{
  gint64 first, last, size;
  if (vai_blob_range_parse_piece (piece, &first, &last, &size))
    g_assert_true (first >= 0 && first <= last && last < size && size <= VAI_BLOB_BYTES_MAX
                   && last - first < VAI_BLOB_CHUNK_BYTES);
  size = CLAMP (g_ascii_strtoll (size_text, NULL, 10), 1, VAI_BLOB_BYTES_MAX);
  if (vai_blob_range_parse_wanted (wanted, size, &first, &last))
    g_assert_true (first >= 0 && first <= last && last < size);
}

static void
look_at_form (const guint8 *data, size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (JsonObject) form = vai_form_parse (body, NULL);
  g_autoptr (GList) values = form != NULL ? json_object_get_values (form) : NULL;
  for (GList *l = values; l != NULL; l = l->next)
    g_assert_true (g_utf8_validate (json_node_get_string (l->data), -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *method = vai_fuzz_line (&data, &size);
  g_autofree char *target = vai_fuzz_line (&data, &size);
  g_autofree char *forwarded = vai_fuzz_line (&data, &size);
  g_autofree char *agent = vai_fuzz_line (&data, &size);
  g_autofree char *piece = vai_fuzz_line (&data, &size);
  g_autofree char *wanted = vai_fuzz_line (&data, &size);
  g_autofree char *file_size = vai_fuzz_line (&data, &size);
  look_at_target (method, target);
  look_at_address (forwarded);
  g_autofree char *text = vai_request_text_dup (agent, HEADER_BYTES);
  g_assert_true (g_utf8_validate (text, -1, NULL) && strlen (text) <= HEADER_BYTES);
  look_at_ranges (piece, wanted, file_size);
  look_at_form (data, size);
  return 0;
}
