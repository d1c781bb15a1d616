#include "vai-simulation.h"

#include "test-table.h"

#include <math.h>
#include <string.h>

/* Share of missing values in every third column. */
#define MISSING 0.06

typedef struct
{
  double price, discount, days, size, noise;
  guint sector, channel, rep;
} Quote;

static void
draw_quote (Quote *quote, VaiRandom *random)
{
  quote->price = exp (8 + 0.8 * vai_random_normal (random));
  quote->discount = floor (30 * vai_random_uniform (random) * vai_random_uniform (random));
  quote->days = 5 + vai_random_below (random, 60);
  quote->size = exp (3 + 1.2 * vai_random_normal (random));
  quote->noise = vai_random_normal (random);
  quote->sector = vai_random_below (random, 6);
  quote->channel = vai_random_below (random, 4);
  quote->rep = vai_random_below (random, 12);
}

static double
log_odds (VaiSimulationKind kind, const Quote *q)
{
  static const double sectors[] = { 0.9, -0.6, 0.2, -0.2, 0.5, -0.8 };
  static const double channels[] = { 0.5, -0.5, 0.1, -0.1 };
  double price = (log (q->price) - 8) / 0.8, days = (q->days - 35) / 17, rep = ((q->rep * 7) % 12 - 5.5) / 6;
  double straight
      = 0.07 * (q->discount - 7) - 0.7 * price - 0.5 * days + sectors[q->sector] + channels[q->channel] + 0.5 * rep;
  double bent
      = 1.1 * (q->discount > 10) - 0.6 * days * days + 0.5 + (q->sector < 3 ? 0.9 : -0.9) * price + sectors[q->sector];
  switch (kind)
    {
    case VAI_SIMULATION_STRAIGHT:
      return straight;
    case VAI_SIMULATION_BENT:
      return bent;
    case VAI_SIMULATION_WEAK:
      return straight / 3;
    case VAI_SIMULATION_NONE:
    case VAI_N_SIMULATIONS:
    default:
      return 0;
    }
}

/* The constant that brings the mean chance to @rate. */
static double
find_shift (const double *odds, gsize n, double rate)
{
  double low = -20, high = 20;
  for (guint step = 0; step < 60; step++)
    {
      double middle = (low + high) / 2, sum = 0;
      for (gsize i = 0; i < n; i++)
        sum += 1 / (1 + exp (-odds[i] - middle));
      if (sum < rate * n)
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}

static VaiColumn *
new_categories (const char *name, gsize n, const char *prefix, guint n_values)
{
  VaiColumn *column = test_column_new (name, VAI_TYPE_CATEGORY, n);
  for (guint i = 0; i < n_values; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %u", prefix, i + 1);
      vai_dictionary_add (column->dictionary, text, strlen (text));
    }
  return column;
}

static void
put_missing (VaiColumn *column, gsize row, VaiRandom *random)
{
  if (vai_random_uniform (random) >= MISSING)
    return;
  if (column->numbers != NULL)
    column->numbers[row] = NAN;
  else
    column->codes[row] = VAI_CODE_MISSING;
  column->n_missing++;
}

static void
fill_table (VaiSimulation *self, const Quote *quotes, VaiRandom *random)
{
  gsize n = self->n;
  VaiColumn *price = test_column_new ("Price", VAI_TYPE_NUMBER, n),
            *discount = test_column_new ("Discount", VAI_TYPE_NUMBER, n),
            *days = test_column_new ("Days", VAI_TYPE_NUMBER, n);
  VaiColumn *size = test_column_new ("Size", VAI_TYPE_NUMBER, n),
            *noise = test_column_new ("Weather", VAI_TYPE_NUMBER, n);
  VaiColumn *sector = new_categories ("Sector", n, "sector", 6), *channel = new_categories ("Channel", n, "channel", 4);
  VaiColumn *rep = new_categories ("Rep", n, "rep", 12);
  for (gsize i = 0; i < n; i++)
    {
      price->numbers[i] = round (quotes[i].price);
      discount->numbers[i] = quotes[i].discount;
      days->numbers[i] = quotes[i].days;
      size->numbers[i] = round (quotes[i].size);
      noise->numbers[i] = quotes[i].noise;
      sector->codes[i] = quotes[i].sector;
      channel->codes[i] = quotes[i].channel;
      rep->codes[i] = quotes[i].rep;
      put_missing (size, i, random);
      put_missing (noise, i, random);
      put_missing (channel, i, random);
    }
  VaiColumn *columns[] = { price, discount, days, size, noise, sector, channel, rep };
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    vai_table_add (self->table, columns[i]);
}

static void
add_outcome (VaiSimulation *self)
{
  VaiColumn *outcome = vai_column_new ("Outcome", VAI_TYPE_CATEGORY);
  outcome->codes = g_new0 (gint32, self->n);
  outcome->n_rows = self->n;
  if (outcome->dictionary == NULL)
    outcome->dictionary = vai_dictionary_new ();
  vai_dictionary_add (outcome->dictionary, "lost", 4);
  vai_dictionary_add (outcome->dictionary, "won", 3);
  for (gsize i = 0; i < self->n; i++)
    outcome->codes[i] = self->won[i];
  vai_table_add (self->table, outcome);
}

VaiSimulation *
vai_simulation_new (VaiSimulationKind kind, gsize n, double rate, guint64 seed)
{
  VaiSimulation *self = g_new0 (VaiSimulation, 1);
  VaiRandom random;
  vai_random_init (&random, seed, kind);
  self->n = n;
  self->truth = g_new (double, n);
  self->won = g_new (guint8, n);
  self->table = vai_table_new ();
  g_autofree Quote *quotes = g_new (Quote, n);
  for (gsize i = 0; i < n; i++)
    {
      draw_quote (&quotes[i], &random);
      self->truth[i] = log_odds (kind, &quotes[i]);
    }
  double shift = find_shift (self->truth, n, rate);
  for (gsize i = 0; i < n; i++)
    {
      self->truth[i] = 1 / (1 + exp (-self->truth[i] - shift));
      self->won[i] = vai_random_uniform (&random) < self->truth[i];
    }
  fill_table (self, quotes, &random);
  add_outcome (self);
  const char *won[] = { "won", NULL }, *lost[] = { "lost", NULL };
  VaiProfileOptions options = { .outcome = "Outcome", .won = won, .lost = lost };
  self->profile = vai_profile_new (self->table, &options, NULL, NULL, NULL);
  g_assert_nonnull (self->profile);
  return self;
}

void
vai_simulation_free (VaiSimulation *self)
{
  g_clear_pointer (&self->profile, vai_profile_unref);
  g_clear_pointer (&self->table, vai_table_unref);
  g_free (self->truth);
  g_free (self->won);
  g_free (self);
}

void
vai_simulation_shuffle (VaiSimulation *self, guint64 seed)
{
  VaiRandom random;
  vai_random_init (&random, seed, 77);
  VaiColumn *outcome = vai_table_column (self->table, self->table->columns->len - 1);
  for (gsize i = self->n; i > 1; i--)
    {
      gsize j = vai_random_below (&random, i);
      guint8 won = self->won[i - 1];
      self->won[i - 1] = self->won[j];
      self->won[j] = won;
    }
  for (gsize i = 0; i < self->n; i++)
    outcome->codes[i] = self->won[i];
}
