#include "vai-secret.h"

#include <sodium.h>
#include <string.h>

#define SECRET_BYTES 32

char *
vai_secret_new (void)
{
  guint8 bytes[SECRET_BYTES];
  randombytes_buf (bytes, sizeof bytes);
  gsize size = sodium_base64_encoded_len (sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  char *text = g_malloc (size);
  sodium_bin2base64 (text, size, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, sizeof bytes);
  return text;
}

char *
vai_secret_hash (const char *secret)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, secret, -1);
}

gboolean
vai_secret_is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}
