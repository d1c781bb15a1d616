/* What a purchase becomes: every state of a session, and every way not to be what was asked for. */
#include "vai-fulfil.h"

static const VaiFulfilWanted wanted
    = { .purchase_id = "p1", .package_id = "k1", .customer = "cus_1", .currency = "eur", .amount = 999 };
static const VaiFulfilSession paid = { .client_reference_id = "p1",
                                       .package_id = "k1",
                                       .customer = "cus_1",
                                       .mode = "payment",
                                       .status = "complete",
                                       .payment_status = "paid",
                                       .payment = "succeeded",
                                       .currency = "eur",
                                       .amount_total = 1219,
                                       .amount_tax = 220 };

static VaiPurchaseState
decide (const VaiFulfilWanted *what, const VaiFulfilSession *session)
{
  const char *why;
  VaiPurchaseState state = vai_fulfil_decide (what, session, &why);
  g_assert_true ((why != NULL) == (state == VAI_PURCHASE_REFUSED));
  return state;
}

/* Stripe's documentation, row by row; NULL for a value that is missing or unknown. */
static void
test_states (void)
{
  static const struct
  {
    const char *status, *payment_status, *payment;
    VaiPurchaseState state;
  } rows[] = {
    { "open", "unpaid", NULL, VAI_PURCHASE_OPEN },
    { "open", "unpaid", "requires_payment_method", VAI_PURCHASE_OPEN },
    { "open", "paid", "succeeded", VAI_PURCHASE_OPEN },
    { NULL, "paid", "succeeded", VAI_PURCHASE_OPEN },
    { "expired", "unpaid", NULL, VAI_PURCHASE_EXPIRED },
    { "expired", "paid", "succeeded", VAI_PURCHASE_EXPIRED },
    { "complete", "unpaid", "processing", VAI_PURCHASE_AWAITING_FUNDS },
    { "complete", "unpaid", NULL, VAI_PURCHASE_AWAITING_FUNDS },
    { "complete", NULL, NULL, VAI_PURCHASE_AWAITING_FUNDS },
    { "complete", "unpaid", "requires_payment_method", VAI_PURCHASE_FAILED },
    { "complete", "unpaid", "canceled", VAI_PURCHASE_FAILED },
    { "complete", "paid", "succeeded", VAI_PURCHASE_PAID },
    { "complete", "paid", NULL, VAI_PURCHASE_PAID },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VaiFulfilSession session = paid;
      session.status = rows[i].status;
      session.payment_status = rows[i].payment_status;
      session.payment = rows[i].payment;
      g_assert_cmpint (decide (&wanted, &session), ==, rows[i].state);
    }
}

static void
test_wrong (void)
{
  const char *const words[] = { NULL, "", "P1", "other" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    for (guint field = 0; field < 5; field++)
      {
        VaiFulfilSession session = paid;
        const char **const fields[] = { &session.client_reference_id, &session.package_id, &session.customer,
                                        &session.mode, &session.currency };
        *fields[field] = words[i];
        g_assert_cmpint (decide (&wanted, &session), ==, VAI_PURCHASE_REFUSED);
      }
  VaiFulfilSession session = paid;
  session.livemode = TRUE;
  g_assert_cmpint (decide (&wanted, &session), ==, VAI_PURCHASE_REFUSED);
  for (gint64 total = 990; total < 1300; total++)
    for (gint64 tax = -1; tax < 300; tax += 13)
      {
        session = paid;
        session.amount_total = total;
        session.amount_tax = tax;
        gboolean right = tax >= 0 && total == 999 + tax;
        g_assert_cmpint (decide (&wanted, &session), ==, right ? VAI_PURCHASE_PAID : VAI_PURCHASE_REFUSED);
      }
  session = paid;
  session.payment_status = "no_payment_required";
  session.amount_total = 0;
  g_assert_cmpint (decide (&wanted, &session), ==, VAI_PURCHASE_REFUSED);
}

static void
test_plans (void)
{
  VaiFulfilWanted plan = wanted;
  plan.monthly = TRUE;
  VaiFulfilSession session = paid;
  g_assert_cmpint (decide (&plan, &session), ==, VAI_PURCHASE_REFUSED);
  session.mode = "subscription";
  g_assert_cmpint (decide (&plan, &session), ==, VAI_PURCHASE_PAID);
  g_assert_cmpint (decide (&wanted, &session), ==, VAI_PURCHASE_REFUSED);
}

/* Each pair of states, written out: what may follow what. */
static void
test_order (void)
{
  static const char *const after[] = { "open awaiting_funds expired failed refused paid",
                                       "awaiting_funds expired failed refused paid",
                                       "expired failed refused paid",
                                       "failed refused paid",
                                       "refused paid",
                                       "paid",
                                       "" };
  for (guint from = 0; from < G_N_ELEMENTS (after); from++)
    for (guint to = 0; to < G_N_ELEMENTS (after); to++)
      {
        g_auto (GStrv) words = g_strsplit (after[from], " ", -1);
        const char *name = vai_purchase_state_get_name ((VaiPurchaseState) to);
        VaiPurchaseState parsed;
        g_assert_true (vai_purchase_state_parse (name, &parsed));
        g_assert_cmpint (parsed, ==, to);
        g_assert_cmpint (vai_purchase_may_become ((VaiPurchaseState) from, (VaiPurchaseState) to), ==,
                         g_strv_contains ((const char *const *) words, name));
      }
  VaiPurchaseState none;
  g_assert_false (vai_purchase_state_parse ("sold", &none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fulfil/states", test_states);
  g_test_add_func ("/fulfil/wrong", test_wrong);
  g_test_add_func ("/fulfil/plans", test_plans);
  g_test_add_func ("/fulfil/order", test_order);
  return g_test_run ();
}
