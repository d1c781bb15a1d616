/* Any bytes as an access token. Bytes that begin with “{” are the head and the claims, a line each, which are signed
 * with a key of the server; nothing else may pass that is not signed with it. */
#include "vai-fuzz-server.h"

#include "vai-tokens.h"

#include <sodium.h>
#include <string.h>

#define NOW (G_GINT64_CONSTANT (1700000000) * 1000)
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static char *
encode (const void *data, gsize size)
{
  gsize room = sodium_base64_encoded_len (size, BASE64);
  return sodium_bin2base64 (g_malloc (room), room, data, size, BASE64);
}

static void
sign (const char *text, gsize size, guint8 out[crypto_auth_hmacsha256_BYTES])
{
  guint8 key[crypto_auth_hmacsha256_KEYBYTES];
  memset (key, VAI_FUZZ_BYTE, sizeof key);
  crypto_auth_hmacsha256 (out, (const guint8 *) text, size, key);
}

static char *
make_signed (const guint8 *data, size_t size)
{
  g_autofree char *head = vai_fuzz_line (&data, &size);
  g_autofree char *head64 = encode (head, strlen (head));
  g_autofree char *claims64 = encode (data, size);
  g_autofree char *text = g_strconcat (head64, ".", claims64, NULL);
  guint8 bytes[crypto_auth_hmacsha256_BYTES];
  sign (text, strlen (text), bytes);
  g_autofree char *signature = encode (bytes, sizeof bytes);
  return g_strconcat (text, ".", signature, NULL);
}

static gboolean
is_signed (const char *token)
{
  const char *dot = strrchr (token, '.');
  guint8 right[crypto_auth_hmacsha256_BYTES], given[crypto_auth_hmacsha256_BYTES + 1];
  gsize size;
  const char *end;
  if (dot == NULL)
    return FALSE;
  sign (token, (gsize) (dot - token), right);
  /* The last letter has two bits that mean nothing: libjwt takes any, a strict reader only one. */
  g_autofree char *expected = encode (right, sizeof right);
  gsize length = strlen (expected) - 1;
  if (sodium_base642bin (given, sizeof given, dot + 1, strlen (dot + 1), "=", &size, &end, BASE64) == 0
      && size == sizeof right)
    return memcmp (given, right, sizeof right) == 0;
  return strncmp (dot + 1, expected, length) == 0;
}

static JsonObject *
claims_of (const char *token)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 3);
  gsize size, room = strlen (parts[1]) + 1;
  g_autofree guint8 *bytes = g_malloc (room);
  if (sodium_base642bin (bytes, room, parts[1], strlen (parts[1]), NULL, &size, NULL, BASE64) != 0)
    return NULL;
  return vai_message_parse ((const char *) bytes, size, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const VaiFuzzServer *fuzz = vai_fuzz_server_get ();
  g_autofree char *token
      = size > 0 && data[0] == '{' ? make_signed (data, size) : g_strndup ((const char *) data, size);
  g_autofree char *user_id = NULL, *session_id = NULL;
  if (!vai_tokens_check (fuzz->server->tokens, fuzz->connection, token, NOW, &user_id, &session_id))
    {
      g_assert_true (user_id == NULL && session_id == NULL);
      return 0;
    }
  g_assert_true (is_signed (token));
  g_assert_true (g_utf8_validate (user_id, -1, NULL) && g_utf8_validate (session_id, -1, NULL));
  g_autoptr (JsonObject) claims = claims_of (token);
  if (claims != NULL && json_object_has_member (claims, "exp"))
    g_assert_cmpint (json_object_get_int_member (claims, "exp"), >, NOW / 1000);
  return 0;
}
