#include "vai-stripe-signature.h"

#include <sodium.h>
#include <string.h>

#define BYTES crypto_auth_hmacsha256_BYTES

/* More than this many signatures are never sent; each costs a look. */
#define SIGNATURES_MAX 16

static void
sign (guint8 out[BYTES], const char *secret, const char *time, GBytes *body)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (body, &size);
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init (&state, (const guint8 *) secret, strlen (secret));
  crypto_auth_hmacsha256_update (&state, (const guint8 *) time, strlen (time));
  crypto_auth_hmacsha256_update (&state, (const guint8 *) ".", 1);
  if (size > 0)
    crypto_auth_hmacsha256_update (&state, data, size);
  crypto_auth_hmacsha256_final (&state, out);
}

/* FALSE unless @text is BYTES bytes in hexadecimal. */
static gboolean
parse_signature (const char *text, guint8 out[BYTES])
{
  gsize size;
  return strlen (text) == 2 * BYTES && sodium_hex2bin (out, BYTES, text, 2 * BYTES, NULL, &size, NULL) == 0
         && size == BYTES;
}

static gboolean
time_is_near (const char *time, gint64 now_seconds)
{
  gint64 at;
  return time != NULL && g_ascii_string_to_signed (time, 10, 0, G_MAXINT64 / 2, &at, NULL)
         && ABS (now_seconds - at) <= VAI_STRIPE_TOLERANCE_SECONDS;
}

gboolean
vai_stripe_signature_check (const char *header, GBytes *body, const char *const *secrets, gint64 now_seconds)
{
  g_auto (GStrv) parts = g_strsplit (header, ",", SIGNATURES_MAX);
  const char *time = NULL;
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_has_prefix (g_strstrip (parts[i]), "t="))
      time = parts[i] + 2;
  if (!time_is_near (time, now_seconds))
    return FALSE;
  gboolean found = FALSE;
  for (guint s = 0; secrets[s] != NULL; s++)
    {
      guint8 right[BYTES], given[BYTES];
      /* An empty word between two commas would be a secret that everybody knows. */
      if (*secrets[s] == '\0')
        continue;
      sign (right, secrets[s], time, body);
      for (guint i = 0; parts[i] != NULL; i++)
        if (g_str_has_prefix (parts[i], "v1=") && parse_signature (parts[i] + 3, given)
            && sodium_memcmp (right, given, BYTES) == 0)
          found = TRUE;
    }
  return found;
}
