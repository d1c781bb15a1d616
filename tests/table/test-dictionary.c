#include "vai-dictionary.h"

#include "vai-random.h"

#include <string.h>

/* Against GHashTable and an array, with lengths 0 to 40 and bytes of every kind. */
static void
test_against_hash_table (void)
{
  VaiRandom random;
  vai_random_init (&random, 1, 0);
  g_autoptr (VaiDictionary) dictionary = vai_dictionary_new ();
  g_autoptr (GHashTable) truth
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  for (guint i = 0; i < 200000; i++)
    {
      char text[40];
      gsize length = vai_random_below (&random, sizeof text + 1);
      for (gsize j = 0; j < length; j++)
        text[j] = j < 2 ? (char) vai_random_below (&random, 256) : 'x';
      GBytes *bytes = g_bytes_new (text, length);
      gpointer code;
      if (g_hash_table_lookup_extended (truth, bytes, NULL, &code))
        {
          g_assert_cmpint (vai_dictionary_lookup (dictionary, text, length), ==, GPOINTER_TO_INT (code));
          g_assert_cmpint (vai_dictionary_add (dictionary, text, length), ==, GPOINTER_TO_INT (code));
          g_bytes_unref (bytes);
          continue;
        }
      g_assert_cmpint (vai_dictionary_lookup (dictionary, text, length), ==, VAI_CODE_MISSING);
      g_assert_cmpint (vai_dictionary_add (dictionary, text, length), ==, (gint32) texts->len);
      g_hash_table_insert (truth, bytes, GINT_TO_POINTER (texts->len));
      g_ptr_array_add (texts, bytes);
    }
  g_assert_cmpuint (vai_dictionary_get_size (dictionary), ==, texts->len);
  for (guint i = 0; i < texts->len; i++)
    {
      gsize length, expected;
      const char *text = vai_dictionary_get (dictionary, i, &length);
      const char *wanted = g_bytes_get_data (texts->pdata[i], &expected);
      g_assert_cmpmem (text, length, wanted, expected);
      g_assert_cmpint (text[length], ==, '\0');
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dictionary/against-hash-table", test_against_hash_table);
  return g_test_run ();
}
