#include "vai-lease.h"

#include <string.h>

#define START G_GINT64_CONSTANT (1700000000000)

static void
test_text (void)
{
  VaiLease lease = { "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002", 3, 40, 2, 5, 6 };
  g_autofree char *text = vai_lease_to_text (&lease);
  g_assert_cmpstr (text, ==,
                   "valutai-lease-1\nuser 01890000-0000-7000-8000-000000000001\ndevice "
                   "01890000-0000-7000-8000-000000000002\nepoch 3\ncap 40\nprice_version 2\nissued_at 5\nnot_after "
                   "6\n");
  VaiLease again;
  g_assert_true (vai_lease_parse (text, &again));
  g_autofree char *rewritten = vai_lease_to_text (&again);
  g_assert_cmpstr (rewritten, ==, text);
  for (gsize i = 0; i < strlen (text); i++)
    {
      g_autofree char *cut = g_strndup (text, i);
      g_assert_false (vai_lease_parse (cut, &again));
    }
  g_autofree char *longer = g_strconcat (text, "cap 50\n", NULL);
  g_assert_false (vai_lease_parse (longer, &again));
  g_autoptr (GString) zeros = g_string_new (text);
  g_string_replace (zeros, "cap 40", "cap 040", 1);
  g_assert_false (vai_lease_parse (zeros->str, &again));
}

/* The rule as it is written, in words of its own: real numbers and a search upwards. */
static gint64
share_of (gint64 total)
{
  gint64 share = 0;
  while (share < total && share < 200 && (share < 20 || (double) share < 0.25 * (double) total))
    share++;
  return share;
}

static void
test_rise (void)
{
  for (gint64 available = 0; available < 1000; available += available < 90 ? 1 : 37)
    for (gint64 headroom = 0; headroom < 300; headroom += headroom < 45 ? 1 : 19)
      for (gint64 need = -1; need < 320; need += need < 45 ? 1 : 23)
        {
          gint64 rise = vai_lease_get_rise (available, headroom, need);
          g_assert_cmpint (rise, >=, 0);
          g_assert_cmpint (rise, <=, available);
          if (need > 0 && need <= available + headroom)
            g_assert_cmpint (headroom + rise, >=, need);
          if (need > headroom && need > available + headroom)
            g_assert_cmpint (headroom + rise, <=, MAX (headroom, share_of (available + headroom)));
          if (headroom == 0 && need < 0)
            g_assert_cmpint (rise, ==, share_of (available));
          /* The same question again changes nothing. */
          g_assert_cmpint (vai_lease_get_rise (available - rise, headroom + rise, need), ==, 0);
        }
}

/* One machine reaches every credit, whatever it costs at a time. */
static void
test_last_credit (void)
{
  for (gint64 balance = 1; balance < 2000; balance += balance < 30 ? 1 : 97)
    for (gint64 cost = 1; cost <= 7; cost += 2)
      {
        gint64 available = balance, headroom = 0, n = 0;
        for (;; n++)
          {
            gint64 rise = vai_lease_get_rise (available, headroom, cost);
            available -= rise;
            headroom += rise;
            if (headroom < cost)
              break;
            headroom -= cost;
          }
        g_assert_cmpint (n, ==, balance / cost);
      }
}

static void
test_clock (void)
{
  VaiLease lease = { "", "", 1, 10, 1, START, START + VAI_LEASE_MS };
  VaiLeaseState state = { .lease = { .epoch = 0 } };
  g_assert_false (vai_lease_may_reserve (&state, 1, START));
  vai_lease_accept (&state, &lease);
  g_assert_true (vai_lease_may_reserve (&state, 10, START));
  g_assert_false (vai_lease_may_reserve (&state, 11, START));
  g_assert_false (vai_lease_may_reserve (&state, -1, START));
  g_assert_false (vai_lease_may_reserve (&state, G_MAXINT64, START));
  g_assert_true (vai_lease_may_reserve (&state, 1, lease.not_after - 1));
  g_assert_false (vai_lease_may_reserve (&state, 1, lease.not_after));
  /* A clock that jumps ahead and is set right again: frozen until the server has told its time. */
  g_assert_false (vai_lease_reserve (&state, 1, lease.not_after + 5));
  g_assert_false (vai_lease_reserve (&state, 1, START + 1));
  lease.issued_at = START + 2;
  vai_lease_accept (&state, &lease);
  g_assert_true (vai_lease_reserve (&state, 4, START + 3));
  vai_lease_spend (&state, 3);
  vai_lease_release (&state, 1);
  g_assert_cmpint (vai_lease_get_headroom (&state), ==, 7);
  g_assert_true (vai_lease_reserve (&state, 2, START + 3));
  g_assert_cmpint (vai_lease_return (&state), ==, 5);
  g_assert_cmpint (vai_lease_get_headroom (&state), ==, 0);
  g_assert_cmpint (state.reserved, ==, 2);
}

/* Leases in any order, doubled: the highest counts. */
static void
test_order (void)
{
  for (guint mask = 0; mask < 81; mask++)
    {
      VaiLeaseState state = { .used = 0 };
      gint64 cap = 0;
      for (guint i = 0, rest = mask; i < 4; i++, rest /= 3)
        {
          VaiLease lease = { "", "", 2, 10 + 5 * (rest % 3), 1, START + rest % 3, START + 100 + rest % 3 };
          cap = MAX (cap, lease.cap);
          vai_lease_accept (&state, &lease);
          lease.epoch = 1;
          lease.cap = 1000;
          vai_lease_accept (&state, &lease);
          g_assert_cmpint (state.lease.cap, ==, cap);
          g_assert_cmpint (state.lease.epoch, ==, 2);
        }
    }
}

static void
test_end (void)
{
  const gint64 hour = 3600 * 1000;
  for (gint64 now = START; now < START + 2 * hour; now += 599999)
    {
      gint64 end = vai_lease_get_end (now);
      g_assert_cmpint (end, >, now + VAI_LEASE_MS);
      g_assert_cmpint (end, <=, now + VAI_LEASE_MS + hour);
      g_assert_cmpint (end % hour, ==, 0);
      gint64 issue = vai_lease_get_issue (now);
      g_assert_cmpint (issue, <=, now);
      g_assert_cmpint (issue, >, now - hour);
      g_assert_cmpint (issue % hour, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lease/text", test_text);
  g_test_add_func ("/lease/rise", test_rise);
  g_test_add_func ("/lease/end", test_end);
  g_test_add_func ("/lease/last-credit", test_last_credit);
  g_test_add_func ("/lease/clock", test_clock);
  g_test_add_func ("/lease/order", test_order);
  return g_test_run ();
}
