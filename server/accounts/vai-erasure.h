/* What is known of a person, to give it to her and to erase it. Each part of the server has its rows in the two tables
 * of vai-erasure.c; a test looks whether a table with a person's id was left out. */
#pragma once

#include "vai-user.h"

G_BEGIN_DECLS

/* Erases @user: what others must keep (the ledger, the audit) holds her id only. Her sessions have ended. */
void vai_erasure_run (VaiCall *call, VaiTransaction *transaction, const VaiUser *user);

/* All that is hers, members of the object that @builder is in. */
void vai_erasure_write_export (VaiTransaction *transaction, const char *user_id, JsonBuilder *builder);

G_END_DECLS
