/* How many credits go back, against counting them one by one. */
#include "vai-claw.h"

/* The most credits whose share of the money is not more than what is gone. */
static gint64
count_target (const VaiClawPayment *payment)
{
  gint64 gone = payment->refunded + payment->withdrawn - payment->reinstated, credits = 0;
  while (credits < payment->granted && (credits + 1) * payment->paid <= gone * payment->granted)
    credits++;
  return credits;
}

static void
test_target (void)
{
  for (gint64 granted = 0; granted <= 9; granted++)
    for (gint64 paid = 1; paid <= 7; paid++)
      for (gint64 refunded = 0; refunded <= 9; refunded++)
        for (gint64 withdrawn = 0; withdrawn <= 9; withdrawn++)
          for (gint64 reinstated = 0; reinstated <= 9; reinstated++)
            {
              VaiClawPayment payment = { granted, paid, refunded, withdrawn, reinstated };
              g_assert_cmpint (vai_claw_target (&payment), ==, count_target (&payment));
            }
}

/* Where the product of both does not fit into 64 bits. */
/* A month whose credits end, one by one: whatever goes back before and after, in the end its owner is without those
 * that ended, without those that went back, and has paid for what she used above the rest. */
static void
test_expired (void)
{
  for (gint64 before = 0; before <= 12; before++)
    for (gint64 used = 0; used <= 12; used++)
      for (gint64 after = 0; after <= 12; after++)
        {
          VaiClawPayment payment = { .granted = 12, .paid = 12, .refunded = before };
          gint64 first = vai_claw_target (&payment);
          payment.taken = MIN (first, 12 - used);
          payment.expired = 12 - used - payment.taken;
          gint64 elsewhere = first - payment.taken;
          payment.refunded = after;
          gint64 wanted = MAX (0, used + after - 12); /* used, but not paid for */
          gint64 target = vai_claw_target (&payment);
          if (after >= before)
            g_assert_cmpint (elsewhere + target - first, ==, wanted);
          g_assert_cmpint (target, >=, 0);
        }
}

static void
test_large (void)
{
  VaiClawPayment half = { G_MAXINT64 / 2 * 2, G_MAXINT64 / 2 * 2, G_MAXINT64 / 2, 0, 0 };
  g_assert_cmpint (vai_claw_target (&half), ==, G_MAXINT64 / 2);
  VaiClawPayment all = { G_MAXINT64, 1, G_MAXINT64, G_MAXINT64, 0 };
  g_assert_cmpint (vai_claw_target (&all), ==, G_MAXINT64);
  VaiClawPayment third = { 3000000000000, 9000000000000, 3000000000001, 0, 0 };
  g_assert_cmpint (vai_claw_target (&third), ==, 1000000000000);
  VaiClawPayment none = { 100, 999, 0, 0, G_MAXINT64 };
  g_assert_cmpint (vai_claw_target (&none), ==, 0);
}

/* Credit by credit: from what is available as long as there is some, then from nothing. */
static void
test_plan (void)
{
  for (gint64 target = 0; target <= 12; target++)
    for (gint64 posted = 0; posted <= 12; posted++)
      for (gint64 available = -1; available <= 12; available++)
        {
          VaiClawPlan plan = vai_claw_plan (target, posted, available);
          gint64 left = available, taken = 0, owed = 0, given = 0;
          for (gint64 i = posted; i < target; i++)
            if (left-- > 0)
              taken++;
            else
              owed++;
          for (gint64 i = target; i < posted; i++)
            given++;
          g_assert_cmpint (plan.take_available, ==, taken);
          g_assert_cmpint (plan.take_debt, ==, owed);
          g_assert_cmpint (plan.give, ==, given);
        }
}

/* Whatever order news come in, what is posted in the end is the last target: nothing depends on the way there. */
static void
test_ways (void)
{
  gint64 sums[][3] = { { 300, 0, 0 }, { 300, 699, 0 }, { 300, 699, 699 }, { 0, 699, 699 }, { 999, 0, 0 } };
  for (guint first = 0; first < G_N_ELEMENTS (sums); first++)
    for (guint second = 0; second < G_N_ELEMENTS (sums); second++)
      {
        guint way[] = { first, second, 2 };
        gint64 posted = 0;
        for (guint i = 0; i < G_N_ELEMENTS (way); i++)
          {
            VaiClawPayment payment = { 100, 999, sums[way[i]][0], sums[way[i]][1], sums[way[i]][2] };
            VaiClawPlan plan = vai_claw_plan (vai_claw_target (&payment), posted, 40);
            posted += plan.take_available + plan.take_debt - plan.give;
            g_assert_cmpint (posted, >=, 0);
            g_assert_cmpint (posted, <=, 100);
          }
        g_assert_cmpint (posted, ==, 30);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/claw/target", test_target);
  g_test_add_func ("/claw/large", test_large);
  g_test_add_func ("/claw/expired", test_expired);
  g_test_add_func ("/claw/plan", test_plan);
  g_test_add_func ("/claw/ways", test_ways);
  return g_test_run ();
}
