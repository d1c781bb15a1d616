#include "vai-spend.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "free", "admin", "subscription", "purchase" };

const char *
vai_grant_source_get_name (VaiGrantSource source)
{
  return names[source];
}

gboolean
vai_grant_source_parse (const char *name, VaiGrantSource *source)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *source = (VaiGrantSource) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
vai_grant_is_expired (gint64 expires_at, gint64 now)
{
  return expires_at != 0 && expires_at <= now;
}

static int
compare_numbers (gint64 a, gint64 b)
{
  return a < b ? -1 : a > b;
}

static int
compare_grants (const void *left, const void *right)
{
  const VaiGrant *a = left, *b = right;
  gint64 a_end = a->expires_at != 0 ? a->expires_at : G_MAXINT64;
  gint64 b_end = b->expires_at != 0 ? b->expires_at : G_MAXINT64;
  int order = compare_numbers (a_end, b_end);
  if (order == 0)
    order = (a->source == VAI_GRANT_PURCHASE) - (b->source == VAI_GRANT_PURCHASE);
  return order != 0 ? order : compare_numbers (a->created_at, b->created_at);
}

gint64
vai_spend_plan (VaiGrant *grants, gsize n, gint64 amount, gint64 now)
{
  g_return_val_if_fail (amount >= 0, amount);
  qsort (grants, n, sizeof *grants, compare_grants);
  for (gsize i = 0; i < n; i++)
    {
      gint64 usable = vai_grant_is_expired (grants[i].expires_at, now) ? 0 : grants[i].remaining;
      grants[i].taken = MIN (usable, amount);
      amount -= grants[i].taken;
    }
  return amount;
}
