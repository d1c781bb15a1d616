/* Which grants a spend is taken from, against taking one credit after another. */
#include "vai-spend.h"

#define NOW 1000

/* The grant that the next credit comes from, by the words of the rule; NULL when none is left. */
static VaiGrant *
find_next (VaiGrant *grants, guint n)
{
  VaiGrant *best = NULL;
  for (guint i = 0; i < n; i++)
    {
      VaiGrant *grant = &grants[i];
      if (grant->remaining == 0 || (grant->expires_at != 0 && grant->expires_at <= NOW))
        continue;
      gboolean ends = grant->expires_at != 0, best_ends = best != NULL && best->expires_at != 0;
      gboolean paid = grant->source == VAI_GRANT_PURCHASE,
               best_paid = best != NULL && best->source == VAI_GRANT_PURCHASE;
      if (best == NULL || (ends && !best_ends)                             /* what ends before what stays, */
          || (ends && best_ends && grant->expires_at < best->expires_at)   /* the sooner first, */
          || (grant->expires_at == best->expires_at && !paid && best_paid) /* then gifts, */
          || (grant->expires_at == best->expires_at && paid == best_paid
              && grant->created_at < best->created_at)) /* then the older. */
        best = grant;
    }
  return best;
}

static void
test_order (void)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (7);
  for (guint round = 0; round < 5000; round++)
    {
      VaiGrant grants[6], counted[6];
      guint n = (guint) g_rand_int_range (chance, 0, 7);
      gint64 amount = g_rand_int_range (chance, 0, 25), missing = amount;
      for (guint i = 0; i < n; i++)
        {
          gint64 end = g_rand_boolean (chance) ? 0 : NOW + g_rand_int_range (chance, -1, 3);
          counted[i] = grants[i] = (VaiGrant){ .source = (VaiGrantSource) g_rand_int_range (chance, 0, 4),
                                               .remaining = g_rand_int_range (chance, 0, 8),
                                               .expires_at = end,
                                               .created_at = 10 * g_rand_int_range (chance, 1, 4) + i,
                                               .index = i };
        }
      for (VaiGrant *next; missing > 0 && (next = find_next (counted, n)) != NULL; missing--)
        {
          next->remaining--;
          next->taken++;
        }
      g_assert_cmpint (vai_spend_plan (grants, n, amount, NOW), ==, missing);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (grants[i].taken, ==, counted[grants[i].index].taken);
    }
}

static void
test_sources (void)
{
  for (VaiGrantSource source = VAI_GRANT_FREE; source <= VAI_GRANT_PURCHASE; source++)
    {
      VaiGrantSource parsed = VAI_GRANT_FREE;
      g_assert_true (vai_grant_source_parse (vai_grant_source_get_name (source), &parsed));
      g_assert_cmpint (parsed, ==, source);
    }
  VaiGrantSource unused;
  g_assert_false (vai_grant_source_parse ("", &unused));
  g_assert_false (vai_grant_source_parse ("Free", &unused));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spend/order", test_order);
  g_test_add_func ("/spend/sources", test_sources);
  return g_test_run ();
}
