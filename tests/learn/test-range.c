#include "vai-calibrator.h"
#include "vai-random.h"
#include "vai-range.h"

#include <math.h>

static void
make (double *margin, guint8 *won, gsize n, guint stream)
{
  VaiRandom random;
  vai_random_init (&random, 3, stream);
  for (gsize i = 0; i < n; i++)
    {
      margin[i] = vai_random_normal (&random) * 1.2;
      won[i] = vai_random_uniform (&random) < vai_sigmoid (margin[i]);
    }
}

static void
test_band (void)
{
  double margin[2000], last_low = 0, last_high = 0;
  guint8 won[2000];
  make (margin, won, 2000, 0);
  g_autoptr (VaiRange) small = vai_range_fit (margin, won, NULL, 150, 1, 1);
  g_autoptr (VaiRange) large = vai_range_fit (margin, won, NULL, 2000, 1, 1);
  g_autoptr (VaiRange) again = vai_range_fit (margin, won, NULL, 2000, 1, 2);
  double width_small = 0, width_large = 0;
  for (double m = -4; m < 4; m += 0.05)
    {
      double low, high, p = vai_sigmoid (m);
      vai_range_apply (large, m, p, &low, &high);
      g_assert_true (low >= 0 && low <= p && p <= high && high <= 1);
      g_assert_true (low >= last_low && high >= last_high);
      last_low = low;
      last_high = high;
      width_large += high - low;
      double other_low, other_high;
      vai_range_apply (again, m, p, &other_low, &other_high);
      g_assert_true (low == other_low && high == other_high);
      vai_range_apply (small, m, p, &low, &high);
      width_small += high - low;
      vai_range_apply (small, m, 0.999, &low, &high);
      g_assert_cmpfloat (high, >=, 0.999);
    }
  g_assert_cmpfloat (width_small, >, 2 * width_large);
}

/* Four copies of each row in one group are no more evidence than one. */
static void
test_groups (void)
{
  double margin[2000];
  guint8 won[2000];
  guint32 groups[2000];
  make (margin, won, 500, 1);
  for (guint i = 2000; i-- > 0;)
    {
      margin[i] = margin[i / 4];
      won[i] = won[i / 4];
      groups[i] = i / 4;
    }
  g_autoptr (VaiRange) grouped = vai_range_fit (margin, won, groups, 2000, 2, 1);
  g_autoptr (VaiRange) loose = vai_range_fit (margin, won, NULL, 2000, 2, 1);
  double wide = 0, narrow = 0, low, high;
  for (double m = -2; m < 2; m += 0.1)
    {
      vai_range_apply (grouped, m, vai_sigmoid (m), &low, &high);
      wide += high - low;
      vai_range_apply (loose, m, vai_sigmoid (m), &low, &high);
      narrow += high - low;
    }
  g_assert_cmpfloat (wide, >, 1.25 * narrow);
}

static void
test_edges (void)
{
  double margin[60], low, high;
  guint8 won[60];
  make (margin, won, 60, 2);
  for (guint shape = 0; shape < 4; shape++)
    {
      for (guint i = 0; i < 60; i++)
        {
          if (shape < 2)
            won[i] = shape;
          if (shape == 2)
            margin[i] = 0.5;
          if (shape == 3)
            won[i] = i < 30;
        }
      g_autoptr (VaiRange) range = vai_range_fit (margin, won, NULL, shape == 3 ? 1 : 60, 1, 1);
      for (double m = -900; m < 900; m += 7.7)
        {
          vai_range_apply (range, m, vai_sigmoid (m), &low, &high);
          g_assert_true (low >= 0 && low <= high && high <= 1);
        }
    }
}

static void
test_file (void)
{
  double margin[400], low, high, other_low, other_high;
  guint8 won[400];
  make (margin, won, 400, 3);
  g_autoptr (VaiRange) range = vai_range_fit (margin, won, NULL, 400, 1, 1);
  g_autoptr (JsonNode) node = vai_range_to_json (range);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (JsonNode) read = json_from_string (text, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiRange) again = vai_range_from_json (read, &error);
  g_assert_no_error (error);
  for (double m = -4; m < 4; m += 0.03)
    {
      vai_range_apply (range, m, 0.5, &low, &high);
      vai_range_apply (again, m, 0.5, &other_low, &other_high);
      g_assert_true (low == other_low && high == other_high);
    }
  static const char *const damaged[] = {
    "3",
    "{\"margins\":[0],\"low\":[0.1]}",
    "{\"margins\":[0,0],\"low\":[0.1,0.2],\"high\":[0.3,0.4]}",
    "{\"margins\":[0,1],\"low\":[0.1,0.2],\"high\":[0.3]}",
    "{\"margins\":[0,1],\"low\":[0.4,0.5],\"high\":[0.3,0.6]}",
    "{\"margins\":[0,1],\"low\":[0.1,0.2],\"high\":[0.3,1.6]}",
    "{\"margins\":[0,1],\"low\":[0.2,0.1],\"high\":[0.3,0.6]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (JsonNode) bad = json_from_string (damaged[i], NULL);
      g_autoptr (GError) reason = NULL;
      g_assert_null (vai_range_from_json (bad, &reason));
      g_assert_nonnull (reason);
    }
}

static void
test_verdict (void)
{
  g_assert_cmpint (vai_verdict (0.8, 0.9, 14), ==, VAI_VERDICT_NOT_ENOUGH_SIMILAR);
  g_assert_cmpint (vai_verdict (0.8, 0.9, 15), ==, VAI_VERDICT_VERY_LIKELY);
  g_assert_cmpint (vai_verdict (0.5, 0.9501, 15), ==, VAI_VERDICT_NOT_ENOUGH_SIMILAR);
  g_assert_cmpint (vai_verdict (0.75, 0.75, 99), ==, VAI_VERDICT_VERY_LIKELY);
  g_assert_cmpint (vai_verdict (0.74999, 0.8, 99), ==, VAI_VERDICT_LIKELY);
  g_assert_cmpint (vai_verdict (0.5, 0.6, 99), ==, VAI_VERDICT_LIKELY);
  g_assert_cmpint (vai_verdict (0.1, 0.25, 99), ==, VAI_VERDICT_VERY_UNLIKELY);
  g_assert_cmpint (vai_verdict (0.1, 0.2501, 99), ==, VAI_VERDICT_UNLIKELY);
  g_assert_cmpint (vai_verdict (0.4, 0.5, 99), ==, VAI_VERDICT_UNLIKELY);
  g_assert_cmpint (vai_verdict (0.4999, 0.5001, 99), ==, VAI_VERDICT_TOO_CLOSE);
  g_assert_cmpstr (vai_verdict_name (VAI_VERDICT_VERY_UNLIKELY), ==, "very_unlikely");
  g_assert_cmpstr (vai_verdict_sentence (VAI_VERDICT_LIKELY), ==, "Likely to be won");
  g_assert_cmpstr (vai_verdict_chip_word (VAI_VERDICT_NOT_ENOUGH_SIMILAR), ==, "Too few like it");
  g_assert_cmpint (vai_verdict_from_name ("too_close"), ==, VAI_VERDICT_TOO_CLOSE);
  g_assert_cmpint (vai_verdict_from_name (NULL), ==, VAI_N_VERDICTS);
}

static void
test_of_ten (void)
{
  static const struct
  {
    double low, high;
    const char *words;
  } cases[] = {
    { 0.64, 0.79, "Of ten like this, six to eight are won." },
    { 0.65, 0.74, "Of ten like this, seven are won." },
    { 0.01, 0.04, "Of ten like this, none is won." },
    { 0.06, 0.14, "Of ten like this, one is won." },
    { 0.0, 0.1, "Of ten like this, at most one is won." },
    { 0.02, 0.31, "Of ten like this, at most three are won." },
    { 0.96, 1, "Of ten like this, ten are won." },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = vai_verdict_of_ten (cases[i].low, cases[i].high);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_relation (void)
{
  static const struct
  {
    double p, base;
    const char *words;
  } cases[] = {
    { 0.3, 0.1, "three times your average" },
    { 0.1, 0.1, "about your average" },
    { 0.2, 0.4, "half your average" },
    { 0.9, 0.6, "one and a half times your average" },
    { 0.001, 0.1, "less than a tenth of your average" },
    { 0.9, 0.05, "more than ten times your average" },
    { 0.5, 0, "about your average" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = vai_verdict_relation (cases[i].p, cases[i].base);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/range/band", test_band);
  g_test_add_func ("/range/groups", test_groups);
  g_test_add_func ("/range/edges", test_edges);
  g_test_add_func ("/range/file", test_file);
  g_test_add_func ("/range/verdict", test_verdict);
  g_test_add_func ("/range/of-ten", test_of_ten);
  g_test_add_func ("/range/relation", test_relation);
  return g_test_run ();
}
