/* Whether a message is from Stripe: header Stripe-Signature, scheme v1. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A clock may be wrong by this much, in both directions. */
#define VAI_STRIPE_TOLERANCE_SECONDS 300

/* TRUE when one of the v1 signatures of @header is that of @body under one of @secrets (NULL-terminated) and its time
 * is near @now_seconds. HMAC-SHA256 over “time.body”, the key being the whole secret; compared in constant time. */
gboolean vai_stripe_signature_check (const char *header, GBytes *body, const char *const *secrets, gint64 now_seconds);

G_END_DECLS
