/* The second factor: a code of six digits that changes every thirty seconds (RFC 6238, by liboath), or one of ten
 * backup codes. Each works once. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* The longest of both kinds, with blanks or dashes. */
#define VAI_TWO_FACTOR_CODE_MAX 24

#define VAI_BACKUP_CODES 10

/* A new secret for @user_id, not in use before it is confirmed; in base32. Free with g_free(). */
char *vai_two_factor_begin (VaiCall *call, VaiTransaction *transaction, const char *user_id);

/* TRUE when @code is right, by the secret whether in use or not, or a backup code; it is then used up. */
gboolean vai_two_factor_use (VaiCall *call, VaiTransaction *transaction, const char *user_id, const char *code);

/* Ten new codes, NULL-terminated; those before are void. Free with g_strfreev(). */
GStrv vai_two_factor_make_backup_codes (VaiCall *call, VaiTransaction *transaction, const char *user_id);

G_END_DECLS
