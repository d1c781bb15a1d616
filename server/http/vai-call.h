/* One request while it is worked on: what was asked, by whom, and the ways into the database. */
#pragma once

#include "vai-database.h"
#include "vai-reply.h"

G_BEGIN_DECLS

typedef struct _VaiServer VaiServer;
typedef struct _VaiRoute VaiRoute;

typedef enum
{
  VAI_USER_ROLE_USER,
  VAI_USER_ROLE_SUPPORT,
  VAI_USER_ROLE_BILLING,
  VAI_USER_ROLE_OWNER,
} VaiUserRole;

typedef struct
{
  VaiServer *server;
  VaiConnection *connection; /* of the worker; NULL for an INLINE route */
  const VaiRoute *route;
  char *request_id;
  char *path;
  char *query_text;      /* as it was sent, or NULL */
  GStrv values;          /* of the {names} of the route's path */
  GHashTable *query;     /* or NULL */
  char *address;         /* of the client, by the proxies that are trusted */
  char *user_agent;      /* at most 256 bytes; or NULL */
  char *authorization;   /* header, or NULL */
  char *idempotency_key; /* header, or NULL */
  char *signature;       /* header Stripe-Signature, or NULL */
  char *range;           /* header Content-Range, or NULL */
  char *wanted_range;    /* header Range, or NULL */
  char *protocol;        /* header X-ValutAI-Protocol, or NULL */
  char *locale;          /* “en” or “it”, by Accept-Language */
  GBytes *body;
  JsonObject *message; /* checked against the route's fields; NULL when it has none */
  gint64 now;          /* UTC milliseconds */
  gint64 wait_until;   /* monotonic microseconds: how long a long poll may wait */
  char *user_id;       /* NULL before a sign-in */
  char *session_id;
  char *device_id; /* of the session; or NULL */
  VaiUserRole role;
  gboolean session_unchecked; /* the first transaction looks at the session's row */
} VaiCall;

void vai_call_free (VaiCall *self);

/* The @index-th {name} of the path. */
const char *vai_call_get_value (VaiCall *self, guint index);

/* ?name=, or NULL. */
const char *vai_call_get_query (VaiCall *self, const char *name);

/* Puts ?name= into @number, which stays as it is when it is not given. NULL, or the refusal of what is no number from
 * @least to @most. */
VaiReply *vai_call_read_number (VaiCall *self, const char *name, gint64 least, gint64 most, gint64 *number);

/* FALSE when a long poll has waited long enough. */
gboolean vai_call_may_wait (VaiCall *self);

/* What a request does in the database: no other effect, may run again, and its answer leaves when it is durable. An
 * answer of 400 or more takes its effect back, unless it counts (vai_reply_counting). */
typedef VaiReply *(*VaiCallWork) (VaiCall *call, VaiTransaction *transaction, gpointer data);

VaiReply *vai_call_read (VaiCall *self, VaiCallWork work, gpointer data);

/* With an idempotency key, the first answer is kept with the effect and given again; another body is refused. */
VaiReply *vai_call_write (VaiCall *self, VaiCallWork work, gpointer data);

/* The same for a look that comes before the effect: only a refusal is the answer, and kept; otherwise the key is left
 * to the vai_call_write() that follows. */
VaiReply *vai_call_write_before (VaiCall *self, VaiCallWork work, gpointer data);

/* The first answer to a request that is repeated, or NULL: for what is looked at before vai_call_write() and may not
 * hold a second time, like a password that this request changes. */
VaiReply *vai_call_repeat (VaiCall *self);

/* The answer for a database that failed. */
VaiReply *vai_call_refuse_error (VaiCall *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiCall, vai_call_free)

G_END_DECLS
