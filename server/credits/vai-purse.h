/* What a person has, read at once under her lock, changed in memory, and written when it is stored: rows that stay
 * (transfers, allocations, history) at each step, balances once at the end. */
#pragma once

#include "vai-ledger.h"

G_BEGIN_DECLS

typedef struct _VaiPurse VaiPurse;

/* The parts of a query that vai_purse_add_row() understands; columns: what, two texts, seven numbers. $1, $2: user. */
#define VAI_PURSE_SQL                                                                                                  \
  "SELECT 1, id, kind, balance, 0, 0, 0, 0, 0, 0 FROM ledger_account WHERE user_id = $1 "                              \
  "UNION ALL SELECT 2, id, source, remaining, COALESCE(expires_at, 0), created_at, 0, 0, 0, 0 FROM \"grant\" "         \
  "WHERE user_id = $2 AND remaining > 0 "

/* Empty, for rows. Take the lock of the person before the query. */
VaiPurse *vai_purse_new (VaiTransaction *transaction, const char *user_id, gint64 now);

/* FALSE for a row of another part. */
gboolean vai_purse_add_row (VaiPurse *self, VaiRows *rows);

/* The three together. */
VaiPurse *vai_purse_open (VaiTransaction *transaction, const char *user_id, gint64 now);
void vai_purse_free (VaiPurse *self);

gint64 vai_purse_get_available (VaiPurse *self);
gint64 vai_purse_get_held (VaiPurse *self);
gint64 vai_purse_get_debt (VaiPurse *self);

/* Of that account; 0 when it is not there. */
gint64 vai_purse_get_balance (VaiPurse *self, const char *account);

/* Of what is available, without what has expired and was not moved yet. */
gint64 vai_purse_get_spendable (VaiPurse *self);

/* The id of her account of @kind. Free with g_free(). */
char *vai_purse_dup_account (VaiPurse *self, const char *kind, const char *device_id);

/* One transfer with an id that is new. The caller has looked whether @debit has that much. */
void vai_purse_move (VaiPurse *self,
                     const char *id,
                     const char *debit,
                     const char *credit,
                     gint64 amount,
                     const char *kind,
                     const char *ref);

/* Says which grants @amount of the transfer @id is taken from; @with_expired for what a device held. */
void vai_purse_allocate (VaiPurse *self, const char *id, gint64 amount, gboolean with_expired);

/* A row of the history: see vai_ledger_note(). */
void vai_purse_note (VaiPurse *self,
                     const char *id,
                     const char *type,
                     gint64 amount,
                     const char *description,
                     const char *operation,
                     const char *resource_id);

/* Moves what has expired and is not held by a device; TRUE when something had. */
gboolean vai_purse_expire (VaiPurse *self);

/* Pays what is owed from what is available. @cause tells one time from another. */
void vai_purse_pay_debt (VaiPurse *self, const char *cause);

/* Writes the balances. */
void vai_purse_store (VaiPurse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPurse, vai_purse_free)

G_END_DECLS
