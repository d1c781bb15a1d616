/* Invented quotes for the tests of the profile: honest columns, into which a test plants what it wants found. */
#pragma once

#include "profile-table.h"

#define N 600

/* A table of invented quotes: the outcome is a coin thrown with a known chance, everything else is honest, and a test
 * plants in it what it wants found. */
typedef struct
{
  VaiRandom random;
  gboolean won[N];
  char text[64];
} World;

static inline World *
world_new (guint64 seed, double rate)
{
  World *self = g_new0 (World, 1);
  vai_random_init (&self->random, seed, 0);
  for (gsize row = 0; row < N; row++)
    self->won[row] = vai_random_uniform (&self->random) < rate;
  return self;
}

static inline const char *
outcome_text (gsize row, gpointer data)
{
  return ((World *) data)->won[row] ? "Won" : "Lost";
}

static inline const char *
number_text (gsize row, gpointer data)
{
  World *self = data;
  g_snprintf (self->text, sizeof self->text, "Q-%05u", (guint) row);
  return self->text;
}

static inline const char *
sector_text (gsize row, gpointer data)
{
  static const char *const sectors[] = { "Food", "Paper", "Steel", "Glass", "Wood" };
  return sectors[vai_random_below (&((World *) data)->random, 5)];
}

static inline double
price_number (gsize row, gpointer data)
{
  return round (exp (9 + vai_random_normal (&((World *) data)->random)) * 100) / 100;
}

/* Honest and strong: area under the curve 0.86. */
static inline double
strong_number (gsize row, gpointer data)
{
  World *self = data;
  return vai_random_normal (&self->random) + (self->won[row] ? 1.5 : 0);
}

static inline double
opened_day (gsize row, gpointer data)
{
  return 18000 + (double) row / 2;
}

static inline double
closed_day (gsize row, gpointer data)
{
  return opened_day (row, data) + 5 + row % 40;
}

static inline VaiTable *
table_new (World *world)
{
  VaiTable *table = vai_table_new ();
  add_texts (table, "Quote number", N, number_text, world);
  add_days (table, "Created on", N, opened_day, world);
  add_texts (table, "Sector", N, sector_text, world);
  add_numbers (table, "Total price", N, price_number, world);
  add_numbers (table, "Technical fit", N, strong_number, world);
  add_texts (table, "Outcome", N, outcome_text, world);
  return table;
}

static inline VaiProfile *
profile_new (const VaiTable *table)
{
  g_autoptr (GError) error = NULL;
  VaiProfile *profile = vai_profile_new (table, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return profile;
}

/* Filled for won quotes only, but for a few. */
static inline const char *
order_text (gsize row, gpointer data)
{
  World *self = data;
  if (!self->won[row] || row % 50 == 0)
    return "";
  g_snprintf (self->text, sizeof self->text, "A%u", (guint) row / 2);
  return self->text;
}

static inline const char *
rarely_text (gsize row, gpointer data)
{
  return row % 200 == 7 ? "price" : "";
}
