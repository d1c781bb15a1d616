/* Any bytes as what Stripe sends: a line with the header of the signature, then the body. A signature is right only
 * when it holds the one that is computed here. */
#include "vai-fuzz-server.h"

#include "vai-events.h"
#include "vai-stripe-signature.h"
#include "vai-stripe.h"

#include <sodium.h>
#include <string.h>

#define SECRET "whsec_test"
#define NOW G_GINT64_CONSTANT (1700000000)

static const char *const secrets[] = { "whsec_other", SECRET, NULL };

/* What any part of billing looks for in an event or an answer. */
static const char *const paths[] = {
  "data.object.id",
  "data.object.payment_intent",
  "data.object.lines.data.0.id",
  "data.object.parent.subscription_details.subscription",
  "api_version",
};

/* TRUE when a signature of @time under one of the secrets is anywhere in @header. */
static gboolean
holds_right (const char *header, gint64 time, const guint8 *data, size_t size)
{
  g_autofree char *lower = g_ascii_strdown (header, -1);
  gboolean found = FALSE;
  for (guint i = 0; secrets[i] != NULL; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_string_printf (text, "%" G_GINT64_FORMAT ".", time);
      g_string_append_len (text, (const char *) data, (gssize) size);
      g_autofree char *right = g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guchar *) secrets[i],
                                                        strlen (secrets[i]), (guchar *) text->str, text->len);
      found |= strstr (lower, right) != NULL;
    }
  return found;
}

static void
look_at_event (GBytes *body)
{
  g_autoptr (JsonObject) event = vai_events_parse (body);
  if (event == NULL)
    return;
  g_assert_true (vai_stripe_is_id (vai_stripe_find_text (event, "id")));
  g_assert_nonnull (vai_stripe_find_text (event, "type"));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *id = vai_stripe_find_id (event, paths[i]);
      g_assert_true (id == NULL || g_utf8_validate (id, -1, NULL));
      vai_stripe_find_array (event, paths[i]);
      vai_stripe_find_integer (event, paths[i]);
      vai_stripe_find_boolean (event, paths[i]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *header = vai_fuzz_line (&data, &size);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  if (vai_stripe_signature_check (header, body, secrets, NOW))
    {
      gboolean right = FALSE;
      for (gint64 time = NOW - VAI_STRIPE_TOLERANCE_SECONDS; time <= NOW + VAI_STRIPE_TOLERANCE_SECONDS; time++)
        right |= holds_right (header, time, data, size);
      g_assert_true (right);
    }
  look_at_event (body);
  return 0;
}
