/* A purchase: one package, bought once. */
#pragma once

#include "vai-call.h"
#include "vai-fulfil.h"

G_BEGIN_DECLS

typedef struct
{
  char *id, *user_id, *package_id, *package_name, *currency, *request_key, *session_id;
  char *customer, *email, *locale; /* of the person; no email when her account is gone */
  gint64 amount, credits, created_at, updated_at;
  gboolean monthly;
  VaiPurchaseState state;
} VaiPurchase;

/* NULL when there is none. */
VaiPurchase *vai_purchase_find (VaiTransaction *transaction, const char *id);

/* The one that @user_id asked for with @request_key. */
VaiPurchase *vai_purchase_find_by_key (VaiTransaction *transaction, const char *user_id, const char *request_key);

/* Those of @user_id before the one of @at and @id, newest first. */
VaiRows *vai_purchase_query (VaiTransaction *transaction, const char *user_id, gint64 at, const char *id, gint64 limit);

/* The next of them; NULL at the end. */
VaiPurchase *vai_purchase_read (VaiRows *rows);
void vai_purchase_free (VaiPurchase *self);

void vai_purchase_write (const VaiPurchase *self, JsonBuilder *builder);

/* Moves it to @state if it may go there, with the checkout session and payment (or NULL) that it belongs to and a @note
 * for administrators (or NULL). FALSE: it is there already, or further. */
gboolean vai_purchase_become (VaiTransaction *transaction,
                              const VaiPurchase *self,
                              VaiPurchaseState state,
                              const char *session_id,
                              const char *payment_id,
                              const char *note,
                              gint64 now);

/* The next time Stripe is asked about an open one. */
#define VAI_PURCHASE_CHECK_MS (10 * 60 * G_GINT64_CONSTANT (1000))
/* And the first. */
#define VAI_PURCHASE_FIRST_CHECK_MS (5 * 60 * G_GINT64_CONSTANT (1000))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPurchase, vai_purchase_free)

G_END_DECLS
