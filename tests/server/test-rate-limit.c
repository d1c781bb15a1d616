/* How many requests of each class pass at once, and how many after a while; whose they are. */
#include "vai-rate-limit.h"
#include "vai-route.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

/* As the README tells them: at once, and in 100 seconds. */
static const struct
{
  VaiRate class;
  guint of_account, account_later, of_address, address_later;
} limits[] = {
  { VAI_RATE_READ, 60000, 60000, 1000, 1000 }, { VAI_RATE_WRITE, 30000, 30000, 1000, 1000 },
  { VAI_RATE_SIGN_IN, 60, 60, 120, 100 },      { VAI_RATE_MAIL, 20, 10, 20, 10 },
  { VAI_RATE_HEAVY, 100, 100, 100, 100 },
};

static gboolean
may (VaiRate class, const char *user, const char *address, gint64 now)
{
  const VaiRoute route = { .method = "GET", .path = "/x", .rate = class };
  VaiCall call = { .route = &route, .user_id = (char *) user, .address = (char *) address };
  g_autoptr (VaiReply) refusal = vai_rate_limit_check (&call, now);
  if (refusal == NULL)
    return TRUE;
  g_assert_cmpuint (refusal->status, ==, 429);
  g_assert_cmpstr (refusal->headers->pdata[0], ==, "Retry-After");
  gint64 wait = g_ascii_strtoll (refusal->headers->pdata[1], NULL, 10);
  g_assert_cmpint (wait, >=, 1);
  g_assert_cmpint (wait, <=, 11);
  return FALSE;
}

static guint
count (VaiRate class, const char *user, const char *address, gint64 now)
{
  guint n = 0;
  while (n < 100000 && may (class, user, address, now))
    n++;
  return n;
}

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      VaiRate class = limits[i].class;
      g_assert_cmpuint (count (class, "ada", "10.0.0.1", SECOND), ==, limits[i].of_account);
      g_assert_cmpuint (count (class, NULL, "10.0.0.1", SECOND), ==, limits[i].of_address);
      g_assert_cmpuint (count (class, "ada", "10.0.0.2", SECOND), ==, 0);
      g_assert_cmpuint (count (class, "ada", "10.0.0.1", 101 * SECOND), ==, limits[i].account_later);
      g_assert_cmpuint (count (class, NULL, "10.0.0.1", 101 * SECOND), ==, limits[i].address_later);
    }
}

/* One behind the same address does not wait for another, nor for those without an account. */
static void
test_whose (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      VaiRate class = limits[i].class;
      g_assert_cmpuint (count (class, NULL, "10.0.1.1", SECOND), >, 0);
      g_assert_true (may (class, "bob", "10.0.1.1", SECOND));
      g_assert_cmpuint (count (class, "bob", "10.0.1.1", SECOND), >, 0);
      g_assert_true (may (class, "eve", "10.0.1.1", SECOND));
      g_assert_true (may (class, NULL, "10.0.1.2", SECOND));
    }
  for (guint n = 0; n < 100000; n++)
    g_assert_true (may (VAI_RATE_NONE, NULL, "10.0.1.1", SECOND));
}

/* Who asks faster than allowed has as much as is allowed, and not nothing; a clock that goes back gives nothing. */
static void
test_too_fast (void)
{
  g_assert_cmpuint (count (VAI_RATE_WRITE, "tom", "10.0.2.1", SECOND), ==, 30000);
  guint n = 0;
  for (guint i = 1; i <= 10000; i++)
    n += may (VAI_RATE_WRITE, "tom", "10.0.2.1", SECOND + i * 1000);
  g_assert_cmpuint (n, >=, 4999);
  g_assert_cmpuint (n, <=, 5000);
  g_assert_cmpuint (count (VAI_RATE_WRITE, "tom", "10.0.2.1", 0), ==, 0);
  g_assert_cmpuint (count (VAI_RATE_WRITE, "tom", "10.0.2.1", 11 * SECOND), <=, 1);
}

/* A hundred accounts behind one address, twenty thousand requests of each kind a second for a minute: nobody has to
 * wait. */
static void
test_many_behind_one (void)
{
  char user[16];
  for (gint64 i = 0; i < 60 * 20000; i++)
    {
      g_snprintf (user, sizeof user, "user%d", (int) (i % 100));
      g_assert_true (may (VAI_RATE_READ, user, "10.0.3.1", SECOND + i * SECOND / 20000));
      g_assert_true (may (VAI_RATE_WRITE, user, "10.0.3.1", SECOND + i * SECOND / 20000));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate-limit/numbers", test_numbers);
  g_test_add_func ("/rate-limit/whose", test_whose);
  g_test_add_func ("/rate-limit/too-fast", test_too_fast);
  g_test_add_func ("/rate-limit/many-behind-one", test_many_behind_one);
  return g_test_run ();
}
