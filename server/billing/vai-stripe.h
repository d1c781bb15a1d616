/* Stripe's interface, asked over HTTP. A call waits for the answer: from a worker or a chore, never inside a
 * transaction. */
#pragma once

#include "vai-server.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_STRIPE_DONE,
  VAI_STRIPE_MISSING, /* there is no such object */
  VAI_STRIPE_REFUSED, /* it was not done and will not be, asked the same way */
  VAI_STRIPE_UNKNOWN, /* no answer, or an error of theirs: it may have been done */
} VaiStripeResult;

/* TRUE when there is a key: without one nothing can be bought. */
gboolean vai_stripe_is_configured (VaiServer *server);

/* TRUE when the key is one for real money. */
gboolean vai_stripe_is_live (VaiServer *server);

/* Asks for @path (“v1/charges/ch_1?expand[]=refunds”). @answer is set when DONE; unref it. */
VaiStripeResult vai_stripe_get (VaiServer *server, const char *path, JsonObject **answer);

/* Sends @form, pairs of name (“metadata[user_id]”) and value up to a NULL; a pair whose value is NULL is left out. The
 * same @key is done once, for a day. */
VaiStripeResult
vai_stripe_post (VaiServer *server, const char *path, const char *key, const char *const *form, JsonObject **answer);

/* ── What is in an answer ── */

/* The member at @path (“data.object.id”; an item of a list by its number), or NULL, 0, FALSE when it is not there or of
 * another kind. */
JsonObject *vai_stripe_find_object (JsonObject *object, const char *path);
JsonArray *vai_stripe_find_array (JsonObject *object, const char *path);
const char *vai_stripe_find_text (JsonObject *object, const char *path);
gint64 vai_stripe_find_integer (JsonObject *object, const char *path);
gboolean vai_stripe_find_boolean (JsonObject *object, const char *path);

/* The id at @path, whether the object was expanded there or not. */
const char *vai_stripe_find_id (JsonObject *object, const char *path);

/* TRUE for a text that can be put into a path: letters, digits and “_”. */
gboolean vai_stripe_is_id (const char *text);

G_END_DECLS
