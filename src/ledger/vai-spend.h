/* Which grants a spend is taken from. No input or output: the server and the simulator call the same. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_GRANT_FREE,
  VAI_GRANT_ADMIN,
  VAI_GRANT_SUBSCRIPTION,
  VAI_GRANT_PURCHASE,
} VaiGrantSource;

typedef struct
{
  VaiGrantSource source;
  gint64 remaining;  /* credits, never below 0 */
  gint64 expires_at; /* UTC milliseconds; 0: never */
  gint64 created_at;
  guint index;  /* the caller's own number for it */
  gint64 taken; /* out: credits of this spend */
} VaiGrant;

/* Name on the wire and in the database. Static. */
const char *vai_grant_source_get_name (VaiGrantSource source);

/* FALSE for an unknown @name. */
gboolean vai_grant_source_parse (const char *name, VaiGrantSource *source);

/* TRUE when a grant of @expires_at can no longer be spent at @now. */
gboolean vai_grant_is_expired (gint64 expires_at, gint64 now);

/* Sorts @grants into the order in which they are spent (first to expire first, gifts before what was paid for, older
 * before newer) and takes @amount from them. Gives what could not be taken: 0 when there was enough. */
gint64 vai_spend_plan (VaiGrant *grants, gsize n, gint64 amount, gint64 now);

G_END_DECLS
