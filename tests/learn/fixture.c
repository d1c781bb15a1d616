#include "fixture.h"

#include "../support/test-table.h"
#include "vai-random.h"

#include <math.h>
#include <string.h>

#define CUSTOMERS 150
#define FIRST_DAY 20000 /* 2024-10-04 */

static void
fill_row (VaiColumn **columns, gsize i, VaiRandom *random, const double *customers, double *truth)
{
  static const char *const sectors[] = { "Energy", "Food", "Retail", "Steel" };
  guint sector = vai_random_below (random, 4), side = vai_random_below (random, 2);
  guint customer = vai_random_below (random, CUSTOMERS);
  double discount = 30 * vai_random_uniform (random), market = 90 + 20 * vai_random_uniform (random);
  double margin = vai_random_normal (random);
  double size = exp (2 * vai_random_normal (random));
  gint64 opened = FIRST_DAY + vai_random_below (random, 700), wait = 1 + vai_random_below (random, 60);
  gboolean urgent = vai_random_below (random, 5) == 0, known = vai_random_below (random, 10) > 0;
  g_autofree char *name = g_strdup_printf ("Customer %u", customer);

  columns[0]->numbers[i] = known ? discount : NAN;
  columns[1]->numbers[i] = size;
  columns[2]->numbers[i] = market;
  columns[3]->numbers[i] = market + margin;
  test_column_set_text (columns[4], i, sectors[sector]);
  test_column_set_text (columns[5], i, side ? "Buy" : "Sell");
  test_column_set_text (columns[6], i, name);
  columns[7]->times[i] = opened * 86400;
  columns[8]->times[i] = (opened + wait) * 86400;
  if (vai_random_below (random, 20) == 0)
    columns[9]->codes[i] = VAI_CODE_MISSING;
  else
    {
      g_autofree char *note = g_strdup_printf ("%s delivery of lot %u%s", urgent ? "Urgent" : "Normal", (guint) i,
                                               vai_random_below (random, 2) ? ", see drawing" : "");
      test_column_set_text (columns[9], i, note);
    }
  *truth = 0.08 * (known ? discount - 15 : -3) + (sector == 2 ? 0.8 : -0.3) + 0.9 * (side ? -margin : margin)
           + customers[customer] - 0.02 * (wait - 30.0) + (urgent ? 0.7 : -0.2);
}

VaiSchema *
fixture_schema (VaiTable *table, const char *ignored)
{
  g_autofree VaiColumnProfile *columns = g_new0 (VaiColumnProfile, table->columns->len);
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new ();
  g_autofree guint32 *rows = g_new (guint32, table->n_rows + 1);
  VaiProfile profile = { .columns = columns, .outcome = -1, .outcome_values = outcomes };
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < table->columns->len; i++)
    {
      const char *name = vai_table_column (table, i)->name;
      columns[i].role = g_strcmp0 (name, ignored) == 0 ? VAI_ROLE_IGNORED
                        : g_str_equal (name, "Opened") ? VAI_ROLE_OPENED_DATE
                                                       : VAI_ROLE_FEATURE;
    }
  for (gsize i = 0; i < table->n_rows; i++)
    rows[i] = i;
  VaiSchema *schema = vai_schema_new (table, &profile, rows, table->n_rows, &error);
  g_assert_no_error (error);
  return schema;
}

void
fixture_init (Fixture *self, gsize n, guint64 seed, gboolean shuffled)
{
  static const struct
  {
    const char *name;
    VaiType type;
  } kinds[] = { { "Discount", VAI_TYPE_NUMBER },   { "Size", VAI_TYPE_NUMBER },     { "Market price", VAI_TYPE_NUMBER },
                { "Price", VAI_TYPE_NUMBER },      { "Sector", VAI_TYPE_CATEGORY }, { "Side", VAI_TYPE_CATEGORY },
                { "Customer", VAI_TYPE_CATEGORY }, { "Opened", VAI_TYPE_DATE },     { "Due", VAI_TYPE_DATE },
                { "Note", VAI_TYPE_TEXT } };
  VaiColumn *columns[G_N_ELEMENTS (kinds)];
  double customers[CUSTOMERS];
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  *self = (Fixture){ .table = vai_table_new (), .n = n };
  self->won = g_new (guint8, n);
  self->truth = g_new (double, n);
  self->rows = g_new (guint32, n);
  for (guint i = 0; i < CUSTOMERS; i++)
    customers[i] = vai_random_normal (&random);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    columns[i] = test_column_new (kinds[i].name, kinds[i].type, n);
  for (gsize i = 0; i < n; i++)
    {
      fill_row (columns, i, &random, customers, &self->truth[i]);
      if (shuffled)
        self->truth[i] = 0;
      self->won[i] = vai_random_uniform (&random) < 1 / (1 + exp (-self->truth[i]));
      self->rows[i] = i;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    vai_table_add (self->table, columns[i]);
  self->schema = fixture_schema (self->table, NULL);
  self->frame = vai_frame_new_from_table (self->schema, self->table, NULL, 0);
}

void
fixture_clear (Fixture *self)
{
  g_clear_pointer (&self->frame, vai_frame_free);
  g_clear_pointer (&self->schema, vai_schema_unref);
  g_clear_pointer (&self->table, vai_table_unref);
  g_clear_pointer (&self->won, g_free);
  g_clear_pointer (&self->truth, g_free);
  g_clear_pointer (&self->rows, g_free);
}

VaiTraining
fixture_training (const Fixture *self)
{
  return (VaiTraining){
    .frame = self->frame, .won = self->won, .rows = self->rows, .n_rows = self->n, .seed = 1, .threads = 1
  };
}

double
fixture_auc (const double *scores, const guint8 *won, gsize n)
{
  double above = 0, pairs = 0;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; won[i] && j < n; j++)
      if (!won[j])
        {
          pairs++;
          above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
  return above / pairs;
}
