/* A person's machines: their rows and keys. */
#pragma once

#include "vai-call.h"
#include "vai-settle.h"

G_BEGIN_DECLS

/* The public key of @device_id when it is a device of the caller, else NULL. From memory when it was asked before: a
 * device never changes its key or its owner. Free with g_free(). */
char *vai_device_dup_public_key (VaiCall *call, const char *device_id);

/* A column of its row for vai_device_take_row(). */
#define VAI_DEVICE_COLUMNS "status, head_hash, epoch, cap, used, returned, head_seq, not_after"

/* Reads those columns from @column on. */
void vai_device_take_row (VaiRows *rows, int column, VaiSettleDevice *device, gboolean *revoked);

/* Writes what changes when a device settles; @not_after is what its row says. */
void vai_device_store (VaiTransaction *transaction,
                       const char *device_id,
                       const VaiSettleDevice *device,
                       gint64 not_after,
                       gint64 now);

/* The device may charge by this version of the price list from now on. */
void vai_device_add_price (VaiTransaction *transaction, const char *device_id, gint64 price_version);

/* Gives the rest of a lease that is over back to @user_id and ends its epoch; when nothing is left of it only the lease
 * ends. FALSE when it is not over (any more). */
gboolean vai_device_end_lease (VaiTransaction *transaction, const char *user_id, const char *device_id, gint64 now);

G_END_DECLS
