#include "vai-insight.h"

#include "vai-error.h"
#include "vai-format.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* Fewer quotes than this on a side tell nothing that lasts. */
#define SIDE_MIN 20

/* Values of a category that are looked at, the most frequent ones: each costs all others some certainty. */
#define VALUES_MAX 30

/* Equal but for rounding: as R does it. */
#define FISHER_SLACK 1e-7

typedef enum
{
  SPLIT_UP_TO,
  SPLIT_VALUE,
  SPLIT_MISSING,
} SplitKind;

typedef struct
{
  guint feature;
  SplitKind kind;
  double cut;           /* SPLIT_UP_TO */
  gint32 code;          /* SPLIT_VALUE */
  gsize won[2], all[2]; /* 0: the others, 1: those meant */
  double p_value, corrected;
} Split;

typedef struct
{
  const VaiFrame *frame;
  const guint8 *won;
  const guint32 *rows; /* one of each group */
  gsize n;
  GArray *splits;
} Search;

void
vai_insight_free (VaiInsight *self)
{
  if (self == NULL)
    return;
  g_free (self->sentence);
  g_free (self);
}

static double
log_choose (double n, double k)
{
  return lgamma (n + 1) - lgamma (k + 1) - lgamma (n - k + 1);
}

double
vai_fisher (gsize a, gsize b, gsize c, gsize d)
{
  gsize row = a + b, other = c + d, column = a + c, n = row + other;
  if (row == 0 || other == 0 || column == 0 || column == n)
    return 1;
  gsize low = column > other ? column - other : 0, high = MIN (row, column);
  double all = log_choose (n, column), observed = log_choose (row, a) + log_choose (other, column - a) - all, sum = 0;
  for (gsize k = low; k <= high; k++)
    {
      double value = log_choose (row, k) + log_choose (other, column - k) - all;
      if (value <= observed + FISHER_SLACK)
        sum += exp (value);
    }
  return MIN (sum, 1);
}

static gboolean
is_meant (const VaiFrameColumn *column, const Split *split, guint32 row, gboolean *known)
{
  gboolean number = column->numbers != NULL;
  gboolean missing = number ? isnan (column->numbers[row]) : column->codes[row] < 0;
  *known = split->kind == SPLIT_MISSING || !missing;
  if (split->kind == SPLIT_MISSING)
    return missing;
  return split->kind == SPLIT_UP_TO ? column->numbers[row] <= split->cut : column->codes[row] == split->code;
}

static void
try_split (Search *self, Split split)
{
  const VaiFrameColumn *column = &self->frame->columns[split.feature];
  for (gsize i = 0; i < self->n; i++)
    {
      gboolean known, meant = is_meant (column, &split, self->rows[i], &known);
      if (!known)
        continue;
      split.all[meant]++;
      split.won[meant] += self->won[self->rows[i]] != 0;
    }
  if (split.all[0] < SIDE_MIN || split.all[1] < SIDE_MIN)
    return;
  split.p_value = vai_fisher (split.won[1], split.all[1] - split.won[1], split.won[0], split.all[0] - split.won[0]);
  g_array_append_val (self->splits, split);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* Cuts at the quartiles: three questions, few enough to be corrected for. */
static void
search_numbers (Search *self, guint feature)
{
  const double *numbers = self->frame->columns[feature].numbers;
  g_autofree double *sorted = g_new (double, MAX (self->n, 1));
  gsize known = 0;
  for (gsize i = 0; i < self->n; i++)
    if (isfinite (numbers[self->rows[i]]))
      sorted[known++] = numbers[self->rows[i]];
  if (known == 0)
    return;
  qsort (sorted, known, sizeof *sorted, compare_doubles);
  double last = NAN;
  for (guint q = 1; q <= 3; q++)
    {
      double cut = sorted[(known - 1) * q / 4];
      if (cut != last)
        try_split (self, (Split){ .feature = feature, .kind = SPLIT_UP_TO, .cut = cut });
      last = cut;
    }
}

typedef struct
{
  gsize count;
  gint32 code;
} Frequent;

static int
compare_frequent (gconstpointer a, gconstpointer b)
{
  const Frequent *x = a, *y = b;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return x->code < y->code ? -1 : x->code > y->code;
}

static void
search_values (Search *self, guint feature)
{
  const gint32 *codes = self->frame->columns[feature].codes;
  guint n_values = vai_dictionary_get_size (vai_schema_feature (self->frame->schema, feature)->values);
  g_autofree Frequent *values = g_new0 (Frequent, MAX (n_values, 1));
  for (guint v = 0; v < n_values; v++)
    values[v].code = v;
  for (gsize i = 0; i < self->n; i++)
    if (codes[self->rows[i]] >= 0 && (guint) codes[self->rows[i]] < n_values)
      values[codes[self->rows[i]]].count++;
  qsort (values, n_values, sizeof *values, compare_frequent);
  for (guint v = 0; v < MIN (n_values, VALUES_MAX) && values[v].count >= SIDE_MIN; v++)
    try_split (self, (Split){ .feature = feature, .kind = SPLIT_VALUE, .code = values[v].code });
}

static int
compare_p (gconstpointer a, gconstpointer b)
{
  const Split *x = a, *y = b;
  if (x->p_value != y->p_value)
    return x->p_value < y->p_value ? -1 : 1;
  if (x->feature != y->feature)
    return x->feature < y->feature ? -1 : 1;
  return x->kind != y->kind   ? (x->kind < y->kind ? -1 : 1)
         : x->code != y->code ? (x->code < y->code ? -1 : 1)
                              : (x->cut > y->cut) - (x->cut < y->cut);
}

static void
correct (GArray *splits)
{
  g_array_sort (splits, compare_p);
  double greatest = 0;
  for (guint i = 0; i < splits->len; i++)
    {
      Split *split = &g_array_index (splits, Split, i);
      greatest = MAX (greatest, MIN (1, split->p_value * (splits->len - i)));
      split->corrected = greatest;
    }
}

static char *
cut_text (const VaiFeature *feature, double cut)
{
  if (feature->type == VAI_TYPE_DATE)
    return vai_format_date ((gint64) cut * VAI_SECONDS_PER_DAY);
  g_autofree char *number = vai_format_value (cut, MIN (feature->decimals, 2));
  if (feature->unit == NULL)
    return g_steal_pointer (&number);
  return g_strconcat (number, g_str_equal (feature->unit, "%") ? "" : " ", feature->unit, NULL);
}

static char *
write_sentence (const VaiFeature *feature, const Split *split)
{
  g_autofree char *rate = vai_format_percent ((double) split->won[1] / split->all[1]);
  g_autofree char *other = vai_format_percent ((double) split->won[0] / split->all[0]);
  g_autofree char *p_value = vai_format_p_value (split->corrected);
  g_autofree char *meant = vai_format_count (split->all[1]), *all = vai_format_count (split->all[0] + split->all[1]);
  if (split->kind == SPLIT_MISSING)
    return g_strdup_printf (
        _ ("Quotes without “%s” were won %s of the time, those with it %s (p %s, %s of %s quotes are without)."),
        feature->name, rate, other, p_value, meant, all);
  if (split->kind == SPLIT_VALUE)
    return g_strdup_printf (
        _ ("Quotes with “%s” at “%s” were won %s of the time, all others %s (p %s, %s of %s quotes)."), feature->name,
        vai_dictionary_get (feature->values, split->code, NULL), rate, other, p_value, meant, all);
  g_autofree char *cut = cut_text (feature, split->cut);
  return g_strdup_printf (_ ("Quotes with “%s” up to %s were won %s of the time, those above it %s (p %s, %s quotes)."),
                          feature->name, cut, rate, other, p_value, all);
}

static double
effect (const VaiInsight *self)
{
  return fabs (self->rate - self->other_rate);
}

static int
compare_insights (gconstpointer a, gconstpointer b)
{
  const VaiInsight *x = *(VaiInsight *const *) a, *y = *(VaiInsight *const *) b;
  if (effect (x) != effect (y))
    return effect (x) > effect (y) ? -1 : 1;
  return x->feature < y->feature ? -1 : x->feature > y->feature;
}

/* @splits in the order of certainty: the first of each column speaks for it. */
static GPtrArray *
collect (const VaiSchema *schema, const GArray *splits)
{
  GPtrArray *insights = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_insight_free);
  g_autofree gboolean *said = g_new0 (gboolean, schema->features->len);
  for (guint i = 0; i < splits->len; i++)
    {
      const Split *split = &g_array_index (splits, Split, i);
      double rate = (double) split->won[1] / split->all[1], other = (double) split->won[0] / split->all[0];
      if (split->corrected >= VAI_INSIGHT_LEVEL || said[split->feature] || fabs (rate - other) < VAI_INSIGHT_EFFECT_MIN)
        continue;
      VaiInsight *insight = g_new (VaiInsight, 1);
      *insight = (VaiInsight){ split->feature,
                               write_sentence (vai_schema_feature (schema, split->feature), split),
                               rate,
                               other,
                               split->all[1],
                               split->all[0],
                               split->corrected };
      g_ptr_array_add (insights, insight);
      said[split->feature] = TRUE;
    }
  g_ptr_array_sort (insights, compare_insights);
  if (insights->len > VAI_INSIGHTS_MAX)
    g_ptr_array_set_size (insights, VAI_INSIGHTS_MAX);
  return insights;
}

static guint32 *
first_of_groups (const guint32 *groups, guint n, gsize *n_kept)
{
  guint32 *rows = g_new (guint32, MAX (n, 1));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  *n_kept = 0;
  for (guint i = 0; i < n; i++)
    if (groups == NULL || g_hash_table_add (seen, GUINT_TO_POINTER (groups[i])))
      rows[(*n_kept)++] = i;
  return rows;
}

GPtrArray *
vai_insights_find (const VaiFrame *frame,
                   const guint8 *won,
                   const guint32 *groups,
                   GCancellable *cancellable,
                   GError **error)
{
  Search self = { .frame = frame, .won = won };
  g_autofree guint32 *rows = first_of_groups (groups, frame->n_rows, &self.n);
  g_autoptr (GArray) splits = g_array_new (FALSE, FALSE, sizeof (Split));
  self.rows = rows;
  self.splits = splits;
  for (guint f = 0; f < frame->n_features; f++)
    {
      if (vai_cancelled (cancellable, error))
        return NULL;
      VaiType type = vai_schema_feature (frame->schema, f)->type;
      if (type == VAI_TYPE_NUMBER || type == VAI_TYPE_DATE)
        search_numbers (&self, f);
      else if (type == VAI_TYPE_CATEGORY)
        search_values (&self, f);
      try_split (&self, (Split){ .feature = f, .kind = SPLIT_MISSING });
    }
  correct (splits);
  return collect (frame->schema, splits);
}
