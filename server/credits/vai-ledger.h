/* Credits of a person, moved inside a transaction. A transfer's id is chosen by its cause, so that the same cause moves
 * them once; every call takes the lock of the person's row first. */
#pragma once

#include "vai-database.h"
#include "vai-spend.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_LEDGER_DONE,
  VAI_LEDGER_REPEATED,     /* the same cause has moved them before: nothing is changed */
  VAI_LEDGER_INSUFFICIENT, /* nothing is changed */
} VaiLedgerOutcome;

typedef struct
{
  const char *id; /* of the cause: “purchase:…”, “free:…” */
  const char *user_id;
  VaiGrantSource source;
  const char *purchase_id; /* or NULL */
  const char *invoice_id;  /* or NULL */
  gint64 amount;
  gint64 expires_at; /* 0: never */
  const char *description;
  const char *from; /* “clawed” for what is given back; NULL: the mint */
} VaiLedgerGrant;

/* Adds credits; what is owed is paid from them first. */
VaiLedgerOutcome vai_ledger_grant (VaiTransaction *transaction, const VaiLedgerGrant *grant, gint64 now);

typedef struct
{
  const char *id; /* of the operation, chosen by the one who wants it */
  const char *user_id;
  const char *operation; /* of the price list */
  gint64 amount;
  const char *resource_id; /* or NULL */
  const char *description;
} VaiLedgerSpend;

/* Takes credits from what is available, and tells in @balance what is available then. An amount of 0 is noted as
 * nothing and is DONE. */
VaiLedgerOutcome
vai_ledger_spend (VaiTransaction *transaction, const VaiLedgerSpend *spend, gint64 now, gint64 *balance);

/* A row that a person reads: @amount is signed, the balance after it counts what her devices hold. @id is of the
 * transfer it belongs to. */
void vai_ledger_note (VaiTransaction *transaction,
                      const char *id,
                      const char *user_id,
                      const char *type,
                      gint64 amount,
                      const char *description,
                      const char *operation,
                      const char *resource_id,
                      gint64 now);

/* What can be spent. */
gint64 vai_ledger_get_balance (VaiTransaction *transaction, const char *user_id);

/* ── The parts, for what moves credits in other ways ── */

/* Of @user_id: “available”, “consumed”, “clawed”, “expired”, “debt”, “mint”; made when it is not there. Free with
 * g_free(). */
char *
vai_ledger_ensure_account (VaiTransaction *transaction, const char *user_id, const char *kind, const char *device_id);

/* One transfer. REPEATED when @id is there; INSUFFICIENT when @debit has less (and is not the mint), and then the
 * caller takes its part of the transaction back. A debt grows by being debited and falls by being credited. */
VaiLedgerOutcome vai_ledger_transfer (VaiTransaction *transaction,
                                      const char *id,
                                      const char *debit,
                                      const char *credit,
                                      gint64 amount,
                                      const char *kind,
                                      const char *ref,
                                      gint64 now);

/* Takes @amount from the grants of @user_id for @transfer_id; gives what they did not have. */
gint64 vai_ledger_allocate (VaiTransaction *transaction,
                            const char *transfer_id,
                            const char *user_id,
                            gint64 amount,
                            gint64 now);

/* The same from one grant; gives what it did not have. Before the other, for one transfer. */
gint64
vai_ledger_allocate_from (VaiTransaction *transaction, const char *transfer_id, const char *grant_id, gint64 amount);

/* Moves what has expired; TRUE when something had. */
gboolean vai_ledger_expire (VaiTransaction *transaction, const char *user_id, gint64 now);

/* NULL when every invariant of the credits of @user_id holds, else which does not. Free with g_free(). */
char *vai_ledger_check (VaiTransaction *transaction, const char *user_id);

G_END_DECLS
