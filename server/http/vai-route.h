/* A route is a row: what is asked, who may ask, how much, how often, and who answers. */
#pragma once

#include "vai-call.h"
#include "vai-message.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_ACCESS_PUBLIC,  /* anybody */
  VAI_ACCESS_TOKEN,   /* a valid access token; no look into the database */
  VAI_ACCESS_SESSION, /* and its session is still there: money, account */
  VAI_ACCESS_SUPPORT, /* and the role is at least support */
  VAI_ACCESS_BILLING, /* billing or owner */
  VAI_ACCESS_OWNER,
} VaiAccess;

/* How often one may ask: see vai-rate-limit.h. */
typedef enum
{
  VAI_RATE_NONE, /* of the operator's own probes */
  VAI_RATE_READ,
  VAI_RATE_WRITE,
  VAI_RATE_SIGN_IN, /* passwords, codes, tokens */
  VAI_RATE_MAIL,    /* sends mail to somebody */
  VAI_RATE_HEAVY,   /* long work */
  VAI_RATE_N
} VaiRate;

typedef enum
{
  VAI_ROUTE_DEFAULT = 0,
  VAI_ROUTE_INLINE = 1 << 0, /* answered on the main thread: must not wait for anything */
  VAI_ROUTE_RAW = 1 << 1,    /* the body is bytes, not a JSON message */
  VAI_ROUTE_FORM = 1 << 2,   /* the body is a form of one of our own pages */
  /* The session's row is looked at inside the handler's first transaction instead of one before it, for what is asked
   * often: the handler has no effect before that, does not change sessions, and asks not for the device of one. */
  VAI_ROUTE_SESSION_INSIDE = 1 << 3,
} VaiRouteFlags;

/* Called on a worker thread (or the main thread when INLINE). Never NULL. */
typedef VaiReply *(*VaiHandler) (VaiCall *call);

struct _VaiRoute
{
  const char *method;
  const char *path; /* “/api/v1/admin/users/{id}” */
  VaiAccess access;
  VaiRate rate;
  gsize body_max;         /* bytes; 0: no body */
  const VaiField *fields; /* of its JSON message; NULL: none */
  VaiHandler handler;
  VaiRouteFlags flags;
};

/* What a small message may have; larger ones say so. */
#define VAI_BODY_SMALL (16 * 1024)

/* All routes, NULL-terminated tables of rows that end with a row without a method: see vai-routes.c. */
extern const VaiRoute *const vai_routes[];

/* What may be done at @path, like “GET, HEAD, POST”. Free with g_free(). */
char *vai_route_dup_methods (const char *path);

/* The row for @method and @path, that of GET for a HEAD without its own, with the values of its {names} in order; free
 * @values with g_strfreev(). NULL: none;
 * @path_known tells whether another method would have been right. */
const VaiRoute *vai_route_find (const char *method, const char *path, GStrv *values, gboolean *path_known);

G_END_DECLS
