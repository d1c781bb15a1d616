/* Ranges on simulated truth: the mean true chance of each score decile must lie in its mean range in at least 90 % of
 * (set, decile) pairs, and the mean width be at most 1.4 times a 90 % Wilson interval on a decile's rows. Scores are
 * straight, overconfident or bent; the calibrator is the one that would be chosen. Without --full: 5 sets and wider
 * bounds, for the test suite. */
#include "vai-calibrator.h"
#include "vai-random.h"
#include "vai-range.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DECILES 10
#define SETS_MAX 100000
#define WILSON_Z 1.6448536269514722 /* 90 %, as the range */

typedef enum
{
  SHAPE_STRAIGHT,
  SHAPE_OVERCONFIDENT,
  SHAPE_BENT,
  N_SHAPES
} Shape;

static const char *const shape_names[N_SHAPES] = { "straight", "overconfident", "bent" };
static const gsize sizes[] = { 100, 300, 1000, 4000 };

typedef struct
{
  double margin, truth;
  guint8 won;
} Quote;

typedef struct
{
  guint pairs, held;
  double width, wilson; /* sums over pairs */
} Tally;

/* The true log-odds behind a score. Bent: a floor, a steep middle and a ceiling that the score knows nothing of. */
static double
true_log_odds (Shape shape, double margin, double shift)
{
  if (shape == SHAPE_OVERCONFIDENT)
    return margin / 2.2 + shift;
  if (shape == SHAPE_BENT)
    return 1.6 * tanh (2 * margin) + 0.15 * margin + shift;
  return margin + shift;
}

static int
compare_quotes (const void *a, const void *b)
{
  double x = ((const Quote *) a)->margin, y = ((const Quote *) b)->margin;
  return (x > y) - (x < y);
}

/* Quotes in the order of their scores; wins are even, rare and rarer in turn. */
static Quote *
simulate (Shape shape, gsize n, guint set)
{
  static const double shifts[] = { 0, -0.8, -1.6 };
  VaiRandom random;
  vai_random_init (&random, 420, set);
  Quote *quotes = g_new (Quote, n);
  double spread = shape == SHAPE_OVERCONFIDENT ? 2.6 : 1.2;
  for (gsize i = 0; i < n; i++)
    {
      quotes[i].margin = spread * vai_random_normal (&random);
      quotes[i].truth = vai_sigmoid (true_log_odds (shape, quotes[i].margin, shifts[set / N_SHAPES % 3]));
      quotes[i].won = vai_random_uniform (&random) < quotes[i].truth;
    }
  qsort (quotes, n, sizeof (Quote), compare_quotes);
  return quotes;
}

static double
wilson_width (double rate, double n)
{
  double z2 = WILSON_Z * WILSON_Z;
  return 2 * WILSON_Z / (1 + z2 / n) * sqrt (rate * (1 - rate) / n + z2 / (4 * n * n));
}

static void
tally_decile (const Quote *quotes, gsize n, const VaiCalibrator *calibrator, const VaiRange *range, Tally *tally)
{
  double truth = 0, won = 0, low = 0, high = 0;
  for (gsize i = 0; i < n; i++)
    {
      double own_low, own_high;
      vai_range_apply (range, quotes[i].margin, vai_calibrator_apply (calibrator, quotes[i].margin), &own_low,
                       &own_high);
      truth += quotes[i].truth / n;
      won += quotes[i].won / (double) n;
      low += own_low / n;
      high += own_high / n;
    }
  tally->pairs++;
  tally->held += low <= truth && truth <= high;
  tally->width += high - low;
  tally->wilson += wilson_width (won, n);
}

static void
run_set (Shape shape, gsize n, guint set, Tally *tally)
{
  g_autofree Quote *quotes = simulate (shape, n, set);
  g_autofree double *margins = g_new (double, n);
  g_autofree guint8 *won = g_new (guint8, n);
  for (gsize i = 0; i < n; i++)
    {
      margins[i] = quotes[i].margin;
      won[i] = quotes[i].won;
    }
  g_autoptr (VaiCalibrator) calibrator = vai_calibrator_choose (margins, won, NULL, n, set);
  g_autoptr (VaiRange) range = vai_range_fit (margins, won, NULL, n, set, 1);
  for (guint d = 0; d < DECILES; d++)
    {
      gsize from = d * n / DECILES, to = (d + 1) * n / DECILES;
      tally_decile (quotes + from, to - from, calibrator, range, tally);
    }
}

static void
report (const char *name, const char *rows, const Tally *tally)
{
  printf ("%-14s %5s rows %5u pairs: held %.1f %%, width %.3f, %.2f times Wilson", name, rows, tally->pairs,
          100.0 * tally->held / tally->pairs, tally->width / tally->pairs, tally->width / tally->wilson);
}

static gboolean
judge (const char *rows, const Tally *tally, double held_min, double ratio_max)
{
  gboolean good = tally->held >= held_min * tally->pairs && tally->width <= ratio_max * tally->wilson;
  report ("all shapes", rows, tally);
  printf (": %s\n", good ? "holds" : "FAILS");
  fflush (stdout);
  return good;
}

static void
add (Tally *sum, const Tally *part)
{
  sum->pairs += part->pairs;
  sum->held += part->held;
  sum->width += part->width;
  sum->wilson += part->wilson;
}

int
main (int argc, char **argv)
{
  gboolean full = FALSE;
  int wanted = 0;
  GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, "420 sets of 100 to 4,000 rows", NULL },
    { "sets", 0, 0, G_OPTION_ARG_INT, &wanted, "How many sets", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  guint sets = CLAMP (wanted > 0 ? wanted : full ? 420 : 5, 1, SETS_MAX);
  Tally tallies[G_N_ELEMENTS (sizes)][N_SHAPES] = { 0 };
  for (guint set = 0; set < sets; set++)
    {
      guint size = set / (3 * N_SHAPES) % G_N_ELEMENTS (sizes);
      if (!full)
        size = 1 + set % 2;
      run_set (set % N_SHAPES, sizes[size], set, &tallies[size][set % N_SHAPES]);
    }
  gboolean good = TRUE;
  Tally whole = { 0 };
  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    {
      Tally of_size = { 0 };
      g_autofree char *rows = g_strdup_printf ("%u", (guint) sizes[size]);
      for (guint shape = 0; shape < N_SHAPES; shape++)
        {
          add (&of_size, &tallies[size][shape]);
          if (full && tallies[size][shape].pairs > 0)
            {
              report (shape_names[shape], rows, &tallies[size][shape]);
              printf ("\n");
            }
        }
      add (&whole, &of_size);
      if (full && of_size.pairs > 0)
        good = judge (rows, &of_size, 0.9, 1.4) && good;
    }
  good = judge ("all", &whole, full ? 0.9 : 0.85, full ? 1.4 : 1.6) && good;
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
