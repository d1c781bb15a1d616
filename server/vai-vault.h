/* What lies encrypted in the database: keys, one-time-code secrets, answers that hold tokens. XSalsa20-Poly1305 of
 * libsodium under the master key, which is in a file and nowhere else. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* Reads 32 bytes in hexadecimal, as master keys are written. */
gboolean vai_vault_read_key (const char *path, guint8 key[VAI_MASTER_KEY_BYTES], GError **error);

/* Reads the master key of @path; with @may_make makes one, readable by its owner only, when
 * the file is not there. */
gboolean vai_vault_load (VaiServer *server, const char *path, gboolean may_make, GError **error);

/* @clear with a mark, encrypted when @secret; @clear may be NULL for nothing. */
GBytes *vai_vault_seal (VaiServer *server, GBytes *clear, gboolean secret);

/* What was sealed, or NULL when it was changed or is of another key. */
GBytes *vai_vault_open (VaiServer *server, GBytes *sealed);

G_END_DECLS
