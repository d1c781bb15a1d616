#include "vai-log.h"

#include <string.h>

/* Hash and signature of that text by Python's hashlib and PyNaCl, under the seed 00 01 02 … 1f. */
#define PUBLIC_KEY "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
#define HASH "7384c91f68c0d4c77cd1cec25bbeafd45a0fc45945bb50d8df08b6ad081513dc"
#define SIGNATURE                                                                                                      \
  "e7cad8dad6a2c1d4ef53075b7009b4f6273640fa7720567bac1ca11b3ff291394110fca9bdfa1b22facfccb72b65f177c40feb0509d193448a" \
  "097575d1b5fb02"
#define TEXT                                                                                                           \
  "valutai-entry-1\ndevice 01890000-0000-7000-8000-000000000001\nepoch 3\nseq 7\nprev "                                \
  "abababababababababababababababababababababababababababababababab\nop 01890000-0000-7000-8000-000000000002\nkind "   \
  "model_training\nunits 1\ncost 5\nprice_version 2\nresource -\nat 1700000000000\n"

static const VaiLogEntry entry = {
  .device_id = "01890000-0000-7000-8000-000000000001",
  .epoch = 3,
  .seq = 7,
  .prev_hash = "abababababababababababababababababababababababababababababababab",
  .op_id = "01890000-0000-7000-8000-000000000002",
  .op_kind = "model_training",
  .units = 1,
  .cost = 5,
  .price_version = 2,
  .at = G_GINT64_CONSTANT (1700000000000),
};

static void
test_text (void)
{
  char hash[VAI_HASH_SIZE];
  g_autofree char *text = vai_log_entry_to_text (&entry);
  g_assert_cmpstr (text, ==, TEXT);
  vai_log_hash (text, hash);
  g_assert_cmpstr (hash, ==, HASH);
}

static void
test_signature (void)
{
  guint8 seed[VAI_SEED_BYTES], secret[VAI_SECRET_KEY_BYTES];
  char public_key[VAI_PUBLIC_KEY_SIZE], signature[VAI_SIGNATURE_SIZE];
  for (guint i = 0; i < sizeof seed; i++)
    seed[i] = (guint8) i;
  vai_signature_make_keys (seed, public_key, secret);
  g_assert_cmpstr (public_key, ==, PUBLIC_KEY);
  vai_signature_make (TEXT, secret, signature);
  g_assert_cmpstr (signature, ==, SIGNATURE);
  g_assert_true (vai_signature_check (TEXT, SIGNATURE, PUBLIC_KEY));
  g_assert_false (vai_signature_check (TEXT "x", SIGNATURE, PUBLIC_KEY));
  for (guint i = 0; i < VAI_SIGNATURE_SIZE - 1; i++)
    {
      signature[i] = signature[i] == '0' ? '1' : '0';
      g_assert_false (vai_signature_check (TEXT, signature, PUBLIC_KEY));
      signature[i] = SIGNATURE[i];
    }
  static const char *const no_keys[] = { "",
                                         "0",
                                         "zz",
                                         PUBLIC_KEY "00",
                                         "0000000000000000000000000000000000000000000000000000000000000000",
                                         "0100000000000000000000000000000000000000000000000000000000000000",
                                         "03A107BFF3CE10BE1D70DD18E74BC09967E4D6309BA50D5F1DDC8664125531B8" };
  for (guint i = 0; i < G_N_ELEMENTS (no_keys); i++)
    {
      g_assert_false (vai_public_key_is_valid (no_keys[i]));
      g_assert_false (vai_signature_check (TEXT, SIGNATURE, no_keys[i]));
    }
  g_assert_true (vai_public_key_is_valid (PUBLIC_KEY));
}

static void
test_valid (void)
{
  g_assert_true (vai_log_entry_is_valid (&entry));
  VaiLogEntry wrong = entry;
#define REFUSED(member, value)                                                                                         \
  wrong = entry;                                                                                                       \
  wrong.member = value;                                                                                                \
  g_assert_false (vai_log_entry_is_valid (&wrong))
  REFUSED (op_kind, "prediction\ncost 0");
  REFUSED (op_kind, "");
  REFUSED (op_id, "01890000-0000-7000-8000-00000000000\n");
  REFUSED (device_id, "x");
  REFUSED (resource_id, "-");
  REFUSED (prev_hash, "00");
  REFUSED (epoch, 0);
  REFUSED (seq, 0);
  REFUSED (units, -1);
  REFUSED (units, VAI_LOG_UNITS_MAX + 1);
  REFUSED (cost, -1);
  REFUSED (cost, VAI_LOG_COST_MAX + 1);
  REFUSED (at, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/text", test_text);
  g_test_add_func ("/log/signature", test_signature);
  g_test_add_func ("/log/valid", test_valid);
  return g_test_run ();
}
