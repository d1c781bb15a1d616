/* Random texts that let somebody in, and the hashes under which they are kept. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 256 random bits as 43 characters of base64url. Free with g_free(). */
char *vai_secret_new (void);

/* SHA-256 in hexadecimal: what is random needs no slow hash. Free with g_free(). */
char *vai_secret_hash (const char *secret);

/* TRUE for 64 hexadecimal digits in lower case. */
gboolean vai_secret_is_hash (const char *text);

G_END_DECLS
