/* Errors by what they have in common: of programs in the field, whose owners agree to tell, and of this server. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* @count more of @message, of “client” or “server”. @detail, the last one's, may be NULL. */
void vai_error_group_add (VaiTransaction *transaction,
                          const char *source,
                          const char *message,
                          const char *detail,
                          const char *version,
                          gint64 count,
                          gint64 now);

/* What the log has of level warning and worse. From any thread; kept in memory until the chore. */
void vai_error_group_note (const char *message);

/* The chore: what was noted goes into the database. */
void vai_error_group_store (VaiServer *server, VaiConnection *connection);

G_END_DECLS
