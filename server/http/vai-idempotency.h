/* The first answer to a request that changes something, kept with its effect, for when the request is repeated. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* A day of retries is what clients do; after it the row goes. */
#define VAI_IDEMPOTENCY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* The first answer to the request, or NULL when there is none; takes nothing. */
VaiReply *vai_idempotency_find (VaiCall *call, VaiTransaction *transaction);

/* NULL when this is the first time, and the key is now taken; else the first answer, or the refusal of another body. */
VaiReply *vai_idempotency_claim (VaiCall *call, VaiTransaction *transaction);

/* Keeps @reply with the key. FALSE when it must not be kept: nothing of this request is to happen. */
gboolean vai_idempotency_keep (VaiCall *call, VaiTransaction *transaction, VaiReply *reply);

/* The key is free again: the answer comes in a later transaction. */
void vai_idempotency_release (VaiCall *call, VaiTransaction *transaction);

G_END_DECLS
