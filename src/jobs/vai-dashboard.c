#include "vai-dashboard.h"

#include "vai-currency.h"
#include "vai-error.h"
#include "vai-model-measure.h"
#include "vai-model-row.h"
#include "vai-model-use.h"
#include "vai-quote-value.h"
#include "vai-quotes.h"
#include "vai-scorer.h"
#include "vai-time.h"
#include "vai-wilson.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Two-sided normal quantile of 90 %. */
#define Z90 1.6448536269514722

#define YEAR_DAYS 365

/* A dataset is worth a new training with so many more decided quotes. */
#define NEWER_SHARE 1.1

static void
free_open_quote (gpointer data)
{
  VaiOpenQuote *quote = data;

  g_free (quote->ref);
  g_free (quote->detail);
  g_free (quote->prediction_id);
  g_free (quote);
}

VaiDashboard *
vai_dashboard_ref (VaiDashboard *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_dashboard_unref (VaiDashboard *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->open);
  g_free (self->dataset_id);
  g_free (self->dataset_name);
  g_free (self->model_id);
  g_free (self->currency);
  g_clear_pointer (&self->model, vai_model_unref);
  vai_health_free (self->health);
  g_free (self);
}

/* The newest dataset. */

typedef struct
{
  VaiQuotes *quotes;
  guint8 *outcomes;
  int identifier, price, opened, closed; /* columns, -1: none */
} Newest;

static void
newest_clear (Newest *self)
{
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  g_clear_pointer (&self->outcomes, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Newest, newest_clear)

static int
find_role (const Newest *self, VaiRole role)
{
  for (guint i = 0; i < self->quotes->table->columns->len; i++)
    if (self->quotes->profile->columns[i].role == role)
      return (int) i;
  return -1;
}

static gboolean
newest_load (Newest *self, VaiStore *store, const char *dataset_id, GCancellable *cancellable, GError **error)
{
  g_auto (VaiQuotesOptions) options;

  vai_quotes_options_init (&options);
  options.dataset_id = g_strdup (dataset_id);
  self->quotes = vai_quotes_load (&options, store, NULL, cancellable, error);
  if (self->quotes == NULL)
    return FALSE;
  self->outcomes = g_new0 (guint8, self->quotes->table->n_rows + 1);
  vai_profile_map_outcomes (self->quotes->profile, self->quotes->table, self->outcomes);
  self->identifier = find_role (self, VAI_ROLE_IDENTIFIER);
  self->price = find_role (self, VAI_ROLE_PRICE);
  self->opened = find_role (self, VAI_ROLE_OPENED_DATE);
  self->closed = find_role (self, VAI_ROLE_CLOSED_DATE);
  return TRUE;
}

static gboolean
is_decided (guint8 outcome)
{
  return outcome == VAI_OUTCOME_WON || outcome == VAI_OUTCOME_LOST;
}

static gint64
date_of (const Newest *self, int column, gsize row)
{
  const VaiColumn *dates = column >= 0 ? vai_table_column (self->quotes->table, (guint) column) : NULL;

  return dates != NULL && dates->type == VAI_TYPE_DATE ? dates->times[row] : VAI_TIME_MISSING;
}

/* The day a quote was decided, else opened. */
static gint64
day_of (const Newest *self, gsize row)
{
  gint64 day = date_of (self, self->closed, row);

  return day != VAI_TIME_MISSING ? day : date_of (self, self->opened, row);
}

static double
price_of (const Newest *self, gsize row)
{
  const VaiColumn *prices = self->price >= 0 ? vai_table_column (self->quotes->table, (guint) self->price) : NULL;

  return prices != NULL && prices->type == VAI_TYPE_NUMBER ? prices->numbers[row] : NAN;
}

static char *
dup_ref (const Newest *self, gsize row)
{
  char *ref = self->identifier >= 0
                  ? vai_column_dup_text (vai_table_column (self->quotes->table, (guint) self->identifier), row)
                  : g_strdup ("");

  if (*ref != '\0')
    return ref;
  g_free (ref);
  return g_strdup_printf (_ ("row %zu"), row + 1);
}

/* What tells one quote from another at a glance. */
static char *
dup_detail (const Newest *self, gsize row)
{
  static const VaiRole roles[] = { VAI_ROLE_CUSTOMER_SECTOR, VAI_ROLE_CUSTOMER_SIZE, VAI_ROLE_CHANNEL };
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      int column = find_role (self, roles[i]);
      char *text = column >= 0 ? vai_column_dup_text (vai_table_column (self->quotes->table, (guint) column), row)
                               : g_strdup ("");
      if (*text != '\0')
        g_ptr_array_add (parts, text);
      else
        g_free (text);
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

/* Win rate. */

static void
count_wins (VaiDashboard *self, const Newest *newest)
{
  gint64 last = VAI_TIME_MISSING;
  gsize n_rows = newest->quotes->table->n_rows;

  for (gsize row = 0; row < n_rows; row++)
    if (is_decided (newest->outcomes[row]))
      last = MAX (last, day_of (newest, row));
  self->twelve_months = last != VAI_TIME_MISSING;
  for (gsize row = 0; row < n_rows; row++)
    {
      gint64 day = self->twelve_months ? day_of (newest, row) : 0;
      if (!is_decided (newest->outcomes[row])
          || (self->twelve_months
              && (day == VAI_TIME_MISSING || day <= last - (gint64) YEAR_DAYS * VAI_SECONDS_PER_DAY)))
        continue;
      self->n_decided++;
      self->n_won += newest->outcomes[row] == VAI_OUTCOME_WON;
    }
  vai_wilson (self->n_won, self->n_decided, &self->win_rate_low, &self->win_rate_high);
}

/* Open quotes. */

/* @currency, nullable, is of one more amount: a sum of two currencies is none. */
static void
add_currency (VaiDashboard *self, const char *currency)
{
  const char *code = currency != NULL ? vai_currency_find ("", currency) : NULL;

  if (code == NULL || g_strcmp0 (code, self->currency) == 0)
    return;
  g_autofree char *before = g_steal_pointer (&self->currency);
  self->currency = g_strdup (before == NULL ? code : "");
}

/* @seen: quotes already listed, by identifier: the newest score of each counts. Those that the newest dataset has
 * decided wait for their outcome to be recorded. */
static void
add_predictions (VaiDashboard *self, GPtrArray *predictions, GHashTable *decided, GHashTable *seen)
{
  for (guint i = 0; i < predictions->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (predictions, i);
      const char *ref = row->quote_ref != NULL && *row->quote_ref != '\0' ? row->quote_ref : row->id;
      if (g_hash_table_contains (decided, ref))
        {
          self->n_decided_since++;
          continue;
        }
      if (!g_hash_table_add (seen, g_strdup (ref)))
        continue;
      VaiOpenQuote *quote = g_new0 (VaiOpenQuote, 1);
      quote->ref = g_strdup (row->quote_ref != NULL && *row->quote_ref != '\0' ? row->quote_ref : _ ("no number"));
      quote->detail = g_strdup (row->customer_sector != NULL ? row->customer_sector : "");
      quote->prediction_id = g_strdup (row->id);
      quote->amount = row->total_price == VAI_ROW_NO_PRICE ? NAN : (double) row->total_price / 100;
      if (isfinite (quote->amount))
        add_currency (self, row->currency);
      quote->scored = TRUE;
      quote->win_probability = row->win_probability;
      quote->low = row->probability_low;
      quote->high = row->probability_high;
      quote->verdict = vai_verdict_from_name (row->verdict);
      quote->at = row->created_at / 1000;
      g_ptr_array_add (self->open, quote);
    }
}

/* Rows of the newest dataset that are open and whose quote has no saved score. */
static GArray *
add_rows (VaiDashboard *self, const Newest *newest, GHashTable *seen)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize row = 0; row < newest->quotes->table->n_rows; row++)
    {
      if (is_decided (newest->outcomes[row]))
        continue;
      g_autofree char *ref = dup_ref (newest, row);
      if (g_hash_table_contains (seen, ref))
        continue;
      self->n_open_total++;
      if (rows->len >= VAI_DASHBOARD_OPEN_MAX)
        continue;
      g_hash_table_add (seen, g_strdup (ref));
      VaiOpenQuote *quote = g_new0 (VaiOpenQuote, 1);
      quote->ref = g_steal_pointer (&ref);
      quote->detail = dup_detail (newest, row);
      quote->row = row;
      quote->amount = price_of (newest, row);
      quote->at = date_of (newest, newest->opened, row);
      g_ptr_array_add (self->open, quote);
      guint32 number = (guint32) row;
      g_array_append_val (rows, number);
    }
  return g_steal_pointer (&rows);
}

/* @first: of the open quotes, that of the first row. */
static gboolean
score_rows (VaiDashboard *self,
            VaiModel *model,
            const VaiTable *table,
            const GArray *rows,
            guint first,
            GCancellable *cancellable,
            GError **error)
{
  const guint32 *numbers = (const guint32 *) (const void *) rows->data;
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = vai_frame_new_from_table (model->schema, table, numbers, rows->len);
  g_autofree VaiScore *scores = g_new0 (VaiScore, rows->len + 1);

  if (!vai_scorer_score (scorer, frame, NULL, rows->len, 1, scores, NULL, cancellable, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      VaiOpenQuote *quote = g_ptr_array_index (self->open, first + i);
      quote->scored = TRUE;
      quote->win_probability = scores[i].win_probability;
      quote->low = scores[i].low;
      quote->high = scores[i].high;
      quote->verdict = scores[i].verdict;
    }
  return TRUE;
}

/* The sum of amounts times chances. Nine times in ten the revenue lies between low and high by a normal approximation:
 * each quote is won or lost by itself with its chance, and each chance is itself known only within its range, which
 * holds it nine times in ten. */
static void
sum_up (VaiDashboard *self)
{
  double average = self->n_decided > 0 ? (double) self->n_won / (double) self->n_decided : NAN, variance = 0;

  for (guint i = 0; i < self->open->len; i++)
    {
      VaiOpenQuote *quote = g_ptr_array_index (self->open, i);
      /* A chance that is not shown is not told by a sum either. */
      gboolean known = quote->scored && quote->verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR;
      double chance = known ? quote->win_probability : average;
      double spread = known ? (quote->high - quote->low) / (2 * Z90) : 0;
      quote->expected = quote->amount * chance;
      if (!isfinite (quote->expected))
        continue;
      self->worth += quote->amount;
      self->expected += quote->expected;
      variance += quote->amount * quote->amount * (chance * (1 - chance) + spread * spread);
    }
  self->expected_low = MAX (self->expected - Z90 * sqrt (variance), 0);
  self->expected_high = MIN (self->expected + Z90 * sqrt (variance), self->worth);
}

static int
compare_expected (gconstpointer a, gconstpointer b)
{
  const VaiOpenQuote *first = *(VaiOpenQuote *const *) a, *second = *(VaiOpenQuote *const *) b;

  if (isfinite (first->expected) != isfinite (second->expected))
    return isfinite (first->expected) ? -1 : 1;
  if (isfinite (first->expected) && first->expected != second->expected)
    return first->expected > second->expected ? -1 : 1;
  return strcmp (first->ref, second->ref);
}

/* What else there is. */

/* Identifiers of decided quotes. */
static GHashTable *
find_decided (const Newest *newest)
{
  GHashTable *decided = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize row = 0; newest->quotes != NULL && newest->identifier >= 0 && row < newest->quotes->table->n_rows; row++)
    if (is_decided (newest->outcomes[row]))
      g_hash_table_add (decided, dup_ref (newest, row));
  return decided;
}

static GPtrArray *
list_open_predictions (VaiStore *store, GError **error)
{
  VaiPredictionQuery query = { .outcome = "none", .n_max = VAI_DASHBOARD_OPEN_MAX };

  return vai_store_list_predictions (store, &query, error);
}

/* Of the newest that are ready, the one that learnt from @dataset: another may know none of its columns. */
static const VaiModelRow *
find_ready_model (const GPtrArray *models, const VaiDatasetRow *dataset)
{
  const VaiModelRow *newest = NULL;

  for (guint i = 0; i < models->len; i++)
    {
      const VaiModelRow *row = g_ptr_array_index (models, i);
      if (g_strcmp0 (row->status, "ready") != 0)
        continue;
      if (dataset == NULL || g_strcmp0 (row->dataset_id, dataset->id) == 0)
        return row;
      if (newest == NULL)
        newest = row;
    }
  return newest;
}

static gboolean
load_model (VaiDashboard *self, VaiStore *store, const VaiDatasetRow *dataset, gint64 *trained_at, GError **error)
{
  g_autoptr (GPtrArray) models = vai_store_list_models (store, NULL, FALSE, error);
  const VaiModelRow *row = models != NULL ? find_ready_model (models, dataset) : NULL;

  if (row == NULL)
    return models != NULL;
  g_autoptr (GBytes) bytes = vai_store_load_model (store, row->id, NULL);
  /* A damaged model says so on its own page; the rest of the morning goes on without it. */
  self->model = bytes != NULL ? vai_model_from_bytes (bytes, NULL) : NULL;
  self->model_id = self->model != NULL ? g_strdup (row->id) : NULL;
  if (self->model != NULL)
    vai_model_measure (self->model, vai_model_row_get_threshold (row, self->model), &self->called);
  *trained_at = row->created_at;
  return TRUE;
}

static gboolean
load_reports (VaiDashboard *self, VaiStore *store, GError **error)
{
  g_autoptr (GPtrArray) reports = vai_store_list_reports (store, NULL, FALSE, error);

  if (reports != NULL && reports->len > 0)
    self->last_report_at = ((VaiReportRow *) g_ptr_array_index (reports, 0))->created_at;
  return reports != NULL;
}

static gboolean
load_health (VaiDashboard *self, VaiStore *store, GCancellable *cancellable, GError **error)
{
  if (self->model == NULL)
    return TRUE;
  g_autoptr (VaiModelUse) use = vai_model_use_load (store, self->model_id, self->model, cancellable, error);
  if (use != NULL)
    self->health = g_steal_pointer (&use->health);
  return use != NULL;
}

static const VaiDatasetRow *
newest_ready_dataset (const GPtrArray *datasets)
{
  for (guint i = 0; i < datasets->len; i++)
    {
      const VaiDatasetRow *row = g_ptr_array_index (datasets, i);
      if (g_strcmp0 (row->status, "ready") == 0)
        return row;
    }
  return NULL;
}

static gboolean
load_open (VaiDashboard *self,
           VaiStore *store,
           const VaiDatasetRow *dataset,
           gint64 trained_at,
           GCancellable *cancellable,
           GError **error)
{
  g_auto (Newest) newest = { 0 };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) predictions = list_open_predictions (store, error);

  if (predictions == NULL || (dataset != NULL && !newest_load (&newest, store, dataset->id, cancellable, error)))
    return FALSE;
  g_autoptr (GHashTable) decided = find_decided (&newest);
  add_predictions (self, predictions, decided, seen);
  self->more_open = predictions->len == VAI_DASHBOARD_OPEN_MAX;
  guint first = self->open->len;
  self->n_open_total = first;
  if (dataset == NULL)
    return TRUE;
  self->dataset_id = g_strdup (dataset->id);
  self->dataset_name = g_strdup (dataset->name);
  const VaiColumn *prices = newest.price >= 0 ? vai_table_column (newest.quotes->table, (guint) newest.price) : NULL;
  if (prices != NULL)
    add_currency (self, vai_currency_find (prices->name, prices->unit));
  count_wins (self, &newest);
  self->newer_data = self->model != NULL && dataset->created_at > trained_at
                     && (double) (newest.quotes->profile->n_won + newest.quotes->profile->n_lost)
                            > NEWER_SHARE * (double) self->model->n_rows;
  g_autoptr (GArray) rows = add_rows (self, &newest, seen);
  return self->model == NULL || rows->len == 0
         || score_rows (self, self->model, newest.quotes->table, rows, first, cancellable, error);
}

VaiDashboard *
vai_dashboard_load (VaiStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (VaiDashboard) self = g_new0 (VaiDashboard, 1);
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (store, FALSE, error);
  const VaiDatasetRow *dataset = datasets != NULL ? newest_ready_dataset (datasets) : NULL;
  gint64 trained_at = 0;

  g_atomic_ref_count_init (&self->refs);
  self->open = g_ptr_array_new_with_free_func (free_open_quote);
  if (datasets == NULL || !load_model (self, store, dataset, &trained_at, error) || !load_reports (self, store, error)
      || !load_health (self, store, cancellable, error)
      || !load_open (self, store, dataset, trained_at, cancellable, error))
    return NULL;
  sum_up (self);
  g_ptr_array_sort (self->open, compare_expected);
  return g_steal_pointer (&self);
}

/* Recording. */

typedef struct
{
  GHashTable *outcomes; /* identifier → "won" or "lost" */
  GPtrArray *predictions;
  GArray *before; /* of VaiOutcomeBefore */
} Recording;

static gboolean
record (VaiStore *store, gpointer data, GError **error)
{
  Recording *recording = data;

  for (guint i = 0; i < recording->predictions->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (recording->predictions, i);
      const char *outcome = row->quote_ref != NULL ? g_hash_table_lookup (recording->outcomes, row->quote_ref) : NULL;
      if (outcome != NULL && vai_store_set_outcome (store, row->id, outcome, 0, recording->before, error) < 0)
        return FALSE;
    }
  return TRUE;
}

GArray *
vai_dashboard_record_decided (VaiStore *store, const char *dataset_id, GCancellable *cancellable, GError **error)
{
  g_auto (Newest) newest = { 0 };
  g_autoptr (GHashTable) outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) predictions = list_open_predictions (store, error);

  if (predictions == NULL || !newest_load (&newest, store, dataset_id, cancellable, error))
    return NULL;
  for (gsize row = 0; newest.identifier >= 0 && row < newest.quotes->table->n_rows; row++)
    if (is_decided (newest.outcomes[row]))
      g_hash_table_insert (outcomes, dup_ref (&newest, row),
                           (gpointer) (newest.outcomes[row] == VAI_OUTCOME_WON ? "won" : "lost"));
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore));
  Recording recording = { outcomes, predictions, before };
  return vai_store_transaction (store, record, &recording, error) ? g_steal_pointer (&before) : NULL;
}
