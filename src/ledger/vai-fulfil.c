#include "vai-fulfil.h"

#include <string.h>

static const char *const names[] = { "created", "open", "awaiting_funds", "expired", "failed", "refused", "paid" };

const char *
vai_purchase_state_get_name (VaiPurchaseState state)
{
  return names[state];
}

gboolean
vai_purchase_state_parse (const char *name, VaiPurchaseState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *state = (VaiPurchaseState) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
vai_purchase_may_become (VaiPurchaseState from, VaiPurchaseState to)
{
  return to > from;
}

static gboolean
is (const char *text, const char *word)
{
  return g_strcmp0 (text, word) == 0;
}

/* NULL when @session is the one that was asked for. */
static const char *
find_wrong (const VaiFulfilWanted *wanted, const VaiFulfilSession *session)
{
  if (session->livemode != wanted->livemode)
    return "livemode";
  if (!is (session->client_reference_id, wanted->purchase_id))
    return "client_reference_id";
  if (!is (session->mode, wanted->monthly ? "subscription" : "payment"))
    return "mode";
  if (!is (session->package_id, wanted->package_id))
    return "package";
  if (wanted->customer != NULL && !is (session->customer, wanted->customer))
    return "customer";
  if (!is (session->currency, wanted->currency))
    return "currency";
  if (session->amount_tax < 0 || session->amount_total - session->amount_tax != wanted->amount)
    return "amount";
  return NULL;
}

VaiPurchaseState
vai_fulfil_decide (const VaiFulfilWanted *wanted, const VaiFulfilSession *session, const char **why)
{
  *why = NULL;
  if (is (session->status, "expired"))
    return VAI_PURCHASE_EXPIRED;
  if (!is (session->status, "complete"))
    return VAI_PURCHASE_OPEN;
  if (is (session->payment_status, "paid") || is (session->payment_status, "no_payment_required"))
    {
      *why = find_wrong (wanted, session);
      return *why != NULL ? VAI_PURCHASE_REFUSED : VAI_PURCHASE_PAID;
    }
  /* A payment that comes days later fails by going back to where it wants another method. */
  if (is (session->payment, "requires_payment_method") || is (session->payment, "canceled"))
    return VAI_PURCHASE_FAILED;
  return VAI_PURCHASE_AWAITING_FUNDS;
}
