/* Erasing a person. Each part of the server has its rows in the table of vai-erasure.c; a test looks whether a table
 * with a person's id was left out. */
#pragma once

#include "vai-user.h"

G_BEGIN_DECLS

/* Erases @user: what others must keep (the ledger, the audit) holds her id only. Her sessions have ended. */
void vai_erasure_run (VaiCall *call, VaiTransaction *transaction, const VaiUser *user);

G_END_DECLS
