/* Showing once more that it is really her, before what cannot be taken back (ASVS 7.5.1, 7.5.3): the password, and
 * the code of the second factor when there is one. */
#pragma once

#include "vai-user.h"

G_BEGIN_DECLS

/* The fields of a message that vai_identity_check() reads. */
#define VAI_IDENTITY_FIELDS                                                                                            \
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, VAI_PASSWORD_CHARACTERS_MAX },                                  \
  {                                                                                                                    \
    "code", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 6, VAI_TWO_FACTOR_CODE_MAX                                             \
  }

/* NULL when the one who is signed in is who she says, with the row of her in @user; else the refusal, or the first
 * answer of a request that is repeated. Outside of a transaction. A code is used up. */
VaiReply *vai_identity_check (VaiCall *call, VaiUser **user);

/* First in the transaction that @user was checked for, and takes her lock: a password takes a while to check. NULL when
 * her password, her second factor and this session are still what they were. */
VaiReply *vai_identity_confirm (VaiCall *call, VaiTransaction *transaction, const VaiUser *user);

G_END_DECLS
