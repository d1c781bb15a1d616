/* Against the vectors that the authors of XXH64 publish, and by flipping every bit. */
#include "vai-checksum.h"

#include <string.h>

static void
test_vectors (void)
{
  const char *long_text = "Nobody inspects the spammish repetition";
  g_assert_cmphex (vai_checksum ("", 0, 0), ==, G_GUINT64_CONSTANT (0xEF46DB3751D8E999));
  g_assert_cmphex (vai_checksum ("a", 1, 0), ==, G_GUINT64_CONSTANT (0xD24EC4F1A98C6E5B));
  g_assert_cmphex (vai_checksum ("abc", 3, 0), ==, G_GUINT64_CONSTANT (0x44BC2CF5AD770999));
  g_assert_cmphex (vai_checksum (long_text, strlen (long_text), 0), ==, G_GUINT64_CONSTANT (0xFBCEA83C8A378BF1));
}

static void
test_flips (void)
{
  guint8 data[101];
  for (guint i = 0; i < sizeof data; i++)
    data[i] = i * 37;
  guint64 whole = vai_checksum (data, sizeof data, 1);
  g_assert_cmphex (vai_checksum (data, sizeof data, 2), !=, whole);
  for (guint bit = 0; bit < sizeof data * 8; bit++)
    {
      data[bit / 8] ^= 1 << bit % 8;
      g_assert_cmphex (vai_checksum (data, sizeof data, 1), !=, whole);
      data[bit / 8] ^= 1 << bit % 8;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checksum/vectors", test_vectors);
  g_test_add_func ("/checksum/flips", test_flips);
  return g_test_run ();
}
