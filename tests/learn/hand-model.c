#include "hand-model.h"

#include "../support/test-table.h"
#include "vai-random.h"

#include <math.h>
#include <string.h>

static const char *const channels[] = { "direct", "dealer", "web" };

/* Discounts go to hard deals: large ones, and those of the web. */
static VaiTable *
make_table (guint n, guint64 seed)
{
  VaiTable *table = vai_table_new ();
  VaiColumn *price = test_column_add (table, "Price", VAI_TYPE_NUMBER, n),
            *discount = test_column_add (table, "Discount", VAI_TYPE_NUMBER, n);
  VaiColumn *delivery = test_column_add (table, "Delivery", VAI_TYPE_NUMBER, n);
  VaiColumn *sector = test_column_add (table, "Sector", VAI_TYPE_CATEGORY, n),
            *channel = test_column_add (table, "Channel", VAI_TYPE_CATEGORY, n);
  VaiColumn *cost = test_column_add (table, "Cost", VAI_TYPE_NUMBER, n);
  table->n_rows = n;
  VaiRandom random;
  vai_random_init (&random, seed, 77);
  for (guint i = 0; i < n; i++)
    {
      guint way = vai_random_below (&random, 3), kind = 0;
      while (kind < 5 && vai_random_uniform (&random) < 0.6)
        kind++;
      g_autofree char *name = g_strdup_printf ("sector %u", kind);
      sector->codes[i] = vai_dictionary_add (sector->dictionary, name, strlen (name));
      channel->codes[i] = vai_dictionary_add (channel->dictionary, channels[way], strlen (channels[way]));
      price->numbers[i] = round (CLAMP (exp (8.5 + vai_random_normal (&random)), 500, 200000));
      double hard = (log (price->numbers[i]) - 8.5) * 3 + (way == 2 ? 5 : 0);
      discount->numbers[i] = round (CLAMP (8 + hard + 5 * vai_random_normal (&random), 0, 30));
      delivery->numbers[i] = vai_random_below (&random, 10) == 0 ? NAN : 5 + vai_random_below (&random, 86);
      cost->numbers[i] = round (price->numbers[i] * (0.5 + 0.35 * vai_random_uniform (&random)));
    }
  for (guint i = 0; i < n; i++)
    delivery->n_missing += isnan (delivery->numbers[i]);
  return table;
}

static VaiSchema *
make_schema (const VaiTable *table)
{
  static const VaiRole roles[HAND_N_FEATURES] = { VAI_ROLE_PRICE,           VAI_ROLE_DISCOUNT, VAI_ROLE_DELIVERY_TIME,
                                                  VAI_ROLE_CUSTOMER_SECTOR, VAI_ROLE_CHANNEL,  VAI_ROLE_COST };
  VaiColumnProfile columns[HAND_N_FEATURES] = { 0 };
  for (guint f = 0; f < HAND_N_FEATURES; f++)
    columns[f]
        = (VaiColumnProfile){ .role = roles[f], .role_certainty = 1, .actionable = f != HAND_SECTOR && f != HAND_COST };
  VaiProfile profile = { .columns = columns, .outcome = -1 };
  profile.outcome_values = g_ptr_array_new ();
  profile.findings = g_ptr_array_new ();
  g_autofree guint32 *rows = g_new (guint32, table->n_rows);
  for (gsize i = 0; i < table->n_rows; i++)
    rows[i] = i;
  g_autoptr (GError) error = NULL;
  VaiSchema *schema = vai_schema_new (table, &profile, rows, table->n_rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (schema->features->len, ==, HAND_N_FEATURES);
  g_ptr_array_unref (profile.outcome_values);
  g_ptr_array_unref (profile.findings);
  return schema;
}

VaiFrame *
hand_frame_new (VaiSchema *schema, guint n, guint64 seed)
{
  g_autoptr (VaiTable) table = make_table (n, seed);
  return vai_frame_new_from_table (schema, table, NULL, n);
}

static double
value_or (const VaiFrame *frame, guint feature, guint row, double otherwise)
{
  double x = frame->columns[feature].numbers[row];
  return isnan (x) ? otherwise : x;
}

static guint
last_letter (const VaiFrame *frame, guint feature, guint row)
{
  g_autofree char *text = vai_frame_dup_text (frame, row, feature);
  return *text ? (guchar) text[strlen (text) - 1] : 0;
}

/* Each feature's part but for one product, of discount and channel, which stands with the channel. */
static void
parts (const VaiFrame *frame, guint row, double *part)
{
  double discount = value_or (frame, HAND_DISCOUNT, row, 8);
  guint sector = last_letter (frame, HAND_SECTOR, row), channel = last_letter (frame, HAND_CHANNEL, row);
  part[HAND_PRICE] = -0.8 * (log (MAX (value_or (frame, HAND_PRICE, row, 5000), 1)) - 8.5);
  part[HAND_DISCOUNT] = 0.08 * (discount - 8);
  part[HAND_DELIVERY] = -0.012 * (value_or (frame, HAND_DELIVERY, row, 60) - 45);
  part[HAND_SECTOR] = sector >= '0' && sector <= '5' ? 0.5 * ((sector - '0') - 1.0) : 0;
  part[HAND_CHANNEL] = channel == 't' ? 0.4 : channel == 'r' ? 0.1 + 0.03 * (discount - 8) : -0.5;
  part[HAND_COST] = 0;
}

double
hand_margin (const VaiFrame *frame, guint row)
{
  double part[HAND_N_FEATURES], sum = 0;
  parts (frame, row, part);
  for (guint f = 0; f < HAND_N_FEATURES; f++)
    sum += part[f];
  return sum;
}

/* The one member: a place to point at. */
struct _VaiMember
{
  int unused;
};

void
vai_member_free (VaiMember *self)
{
  g_free (self);
}

gboolean
vai_member_margins (const VaiMember *self,
                    const VaiFrame *frame,
                    const guint32 *rows,
                    gsize n_rows,
                    guint threads,
                    double *margins,
                    GError **error)
{
  for (gsize i = 0; i < n_rows; i++)
    margins[i] = hand_margin (frame, rows != NULL ? rows[i] : i);
  return TRUE;
}

gboolean
vai_member_contributions (const VaiMember *self,
                          const VaiFrame *frame,
                          const guint32 *rows,
                          gsize n_rows,
                          guint threads,
                          double *contributions,
                          GError **error)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      double *row = contributions + i * (HAND_N_FEATURES + 1);
      parts (frame, rows != NULL ? rows[i] : i, row);
      row[HAND_N_FEATURES] = 0;
    }
  return TRUE;
}

/* Scores of the reference rows are as if estimated: the truth with some noise. */
static void
fill_reference (VaiModel *model, VaiFrame *frame, guint64 seed)
{
  VaiReference *reference = &model->reference;
  guint n = frame->n_rows;
  reference->frame = frame;
  reference->won = g_new (guint8, n);
  reference->margin = g_new (double, n);
  reference->probability = g_new (double, n);
  reference->groups = g_new (guint32, n);
  VaiRandom random;
  vai_random_init (&random, seed, 78);
  for (guint i = 0; i < n; i++)
    {
      double truth = hand_margin (frame, i);
      reference->won[i] = vai_random_uniform (&random) < vai_sigmoid (truth);
      reference->margin[i] = truth + 0.25 * vai_random_normal (&random);
      reference->probability[i] = vai_sigmoid (reference->margin[i]);
      reference->groups[i] = i;
      model->n_won += reference->won[i];
    }
}

VaiModel *
hand_model_new (guint n, guint64 seed)
{
  static const double importance[HAND_N_FEATURES] = { 0.35, 0.2, 0.1, 0.2, 0.15, 0 };
  VaiModel *model = vai_model_new ();
  g_autoptr (VaiTable) table = make_table (n, seed);
  model->schema = make_schema (table);
  fill_reference (model, vai_frame_new_from_table (model->schema, table, NULL, n), seed);
  g_ptr_array_add (model->members, g_new0 (VaiMember, 1));
  model->weights = g_new (double, 1);
  model->weights[0] = 1;
  model->calibrator = vai_calibrator_fit (VAI_CALIBRATION_SIGMOID, model->reference.margin, model->reference.won, n);
  model->range = vai_range_fit (model->reference.margin, model->reference.won, NULL, n, seed, 1);
  model->importance = g_memdup2 (importance, sizeof importance);
  model->n_rows = n;
  model->base_rate = model->n_won / (double) n;
  return model;
}
