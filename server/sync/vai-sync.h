/* The library that the machines of a person share: what its parts have in common. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* Handlers. */
VaiReply *vai_sync_push (VaiCall *call);
VaiReply *vai_sync_pull (VaiCall *call);
VaiReply *vai_sync_get_versions (VaiCall *call);

/* Locks the account's row, which is made when it is not there, and reads it. @seq and @bytes may be NULL. */
void vai_sync_lock_account (VaiTransaction *transaction, const char *user_id, gint64 *seq, gint64 *bytes);

/* Counts @more bytes, or fewer, under that lock. */
void vai_sync_count_bytes (VaiTransaction *transaction, const char *user_id, gint64 more);

/* Bytes that one account may keep: files, what is known of objects, and published models. */
gint64 vai_sync_get_quota (VaiServer *server);

/* A new life of this database, after it went back in time: every machine pulls its whole library again. */
void vai_sync_renew_epoch (VaiTransaction *transaction);

/* Begins a new life when PostgreSQL's database is not where it was: restored with pg_restore, recovered to an earlier
 * time, or gone over to a standby, which all may have lost the last changes. At start and as a chore. */
gboolean vai_sync_notice_move (VaiConnection *connection, const char *kind, GError **error);
void vai_sync_watch_home (VaiServer *server, VaiConnection *connection);

/* Erases the library of a person whose account is deleted; the files go with the next chore. */
void vai_sync_forget (VaiTransaction *transaction, const char *user_id);

/* A chore: trash, tombstones, uploads that nobody goes on with, files that nothing names. */
void vai_sync_tidy (VaiServer *server, VaiConnection *connection);

G_END_DECLS
