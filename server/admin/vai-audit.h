/* Who did what, in a chain of hashes: an entry that is changed or taken out later is found. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* Adds an entry to @transaction, so that it stands exactly when its cause does. @actor_id and @subject (ids, never
 * names or addresses) may be NULL; @format gives the detail, JSON without personal data. */
void vai_audit_add (VaiTransaction *transaction,
                    const char *actor_id,
                    const char *action,
                    const char *subject,
                    gint64 now,
                    const char *format,
                    ...) G_GNUC_PRINTF (6, 7);

/* The hash of an entry over all its fields; free with g_free(). */
char *vai_audit_hash (const char *prev_hash,
                      gint64 seq,
                      const char *actor_id,
                      const char *action,
                      const char *subject,
                      const char *detail,
                      gint64 created_at);

/* 0 when the whole chain holds, else the number of the first entry that does not. */
gint64 vai_audit_verify (VaiTransaction *transaction, gint64 *n_entries);

G_END_DECLS
