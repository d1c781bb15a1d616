/* Signatures of Stripe: the one that its own library makes, and all that are none. */
#include "vai-stripe-signature.h"

#include <string.h>

/* stripe-node 23.1.0: webhooks.generateTestHeaderString with secret whsec_test, t 1700000000 and body {}. */
#define TIME G_GINT64_CONSTANT (1700000000)
#define RIGHT "35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91"
#define EMPTY "a9dc44c8eda3de70e9cbf3e488895f1abc26acb1461d3124a3cb886af35251cf"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const char *const secrets[] = { "whsec_other", "whsec_test", NULL };

static gboolean
check (const char *header, const char *body, gint64 now)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  return vai_stripe_signature_check (header, bytes, secrets, now);
}

static void
test_right (void)
{
  g_assert_true (check ("t=1700000000,v1=" RIGHT, "{}", TIME));
  g_assert_true (check ("t=1700000000, v1=" ZEROS ",v0=" ZEROS ",v1=" RIGHT, "{}", TIME));
  g_assert_true (check ("v1=" RIGHT ",t=1700000000", "{}", TIME));
  for (gint64 away = -400; away <= 400; away++)
    g_assert_cmpint (check ("t=1700000000,v1=" RIGHT, "{}", TIME + away), ==, ABS (away) <= 300);
}

static void
test_wrong (void)
{
  static const char *const headers[] = { "",
                                         ",",
                                         "t=",
                                         "v1=" RIGHT,
                                         "t=1700000000",
                                         "t=1700000000,v1=",
                                         "t=1700000000,v0=" RIGHT,
                                         "t=1700000000,v1=" ZEROS,
                                         "t=1700000001,v1=" RIGHT,
                                         "t=+1700000000,v1=" RIGHT,
                                         "t=-1,v1=" RIGHT,
                                         "t=17000000000000000000000,v1=" RIGHT,
                                         "t=1700000000,v1=" RIGHT "00",
                                         "t=1700000000,v1=" RIGHT "g",
                                         "t=1700000000 ;v1=" RIGHT };
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    g_assert_false (check (headers[i], "{}", TIME));
  g_assert_false (check ("t=1700000000,v1=" RIGHT, "{ }", TIME));
  g_assert_false (check ("t=1700000000,v1=" RIGHT, "", TIME));
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  static const char *const none[] = { NULL }, *const bare[] = { "test", "", NULL };
  g_assert_false (vai_stripe_signature_check ("t=1700000000,v1=" RIGHT, body, none, TIME));
  g_assert_false (vai_stripe_signature_check ("t=1700000000,v1=" RIGHT, body, bare, TIME));
  /* Signed with the empty secret. */
  g_assert_false (vai_stripe_signature_check ("t=1700000000,v1=" EMPTY, body, bare, TIME));
}

/* One digit changed, each of them, each way. */
static void
test_digits (void)
{
  for (guint i = 0; i < strlen (RIGHT); i++)
    for (char digit = '0'; digit <= '9'; digit++)
      {
        g_autofree char *header = g_strdup ("t=1700000000,v1=" RIGHT);
        char *place = header + strlen ("t=1700000000,v1=") + i;
        gboolean same = *place == digit;
        *place = digit;
        g_assert_cmpint (check (header, "{}", TIME), ==, same);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe-signature/right", test_right);
  g_test_add_func ("/stripe-signature/wrong", test_wrong);
  g_test_add_func ("/stripe-signature/digits", test_digits);
  return g_test_run ();
}
