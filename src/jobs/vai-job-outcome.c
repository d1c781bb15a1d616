#include "vai-job-outcome.h"

#include "vai-error.h"
#include "vai-job-private.h"

#include <glib/gi18n-lib.h>

struct _VaiJobOutcome
{
  VaiJob parent_instance;
  VaiOutcomeOptions options;
  guint64 n_changed;
  guint64 n_unknown;
};

G_DEFINE_FINAL_TYPE (VaiJobOutcome, vai_job_outcome, VAI_TYPE_JOB)

VaiJobOutcome *
vai_job_outcome_new (VaiStore *store)
{
  VaiJobOutcome *self = g_object_new (VAI_TYPE_JOB_OUTCOME, NULL);
  vai_job_set_store (VAI_JOB (self), store);
  return self;
}

VaiOutcomeOptions *
vai_job_outcome_get_options (VaiJobOutcome *self)
{
  g_return_val_if_fail (VAI_IS_JOB_OUTCOME (self), NULL);
  return &self->options;
}

guint64
vai_job_outcome_get_n_changed (VaiJobOutcome *self)
{
  g_return_val_if_fail (VAI_IS_JOB_OUTCOME (self), 0);
  return self->n_changed;
}

guint64
vai_job_outcome_get_n_unknown (VaiJobOutcome *self)
{
  g_return_val_if_fail (VAI_IS_JOB_OUTCOME (self), 0);
  return self->n_unknown;
}

static gboolean
record (VaiJobOutcome *self, VaiStore *store, const char *ref, const char *outcome, GError **error)
{
  gint64 n = vai_store_set_outcome (store, ref, outcome, 0, NULL, error);
  self->n_changed += MAX (n, 0);
  self->n_unknown += n == 0;
  return n >= 0;
}

static gboolean
record_one (VaiStore *store, gpointer data, GError **error)
{
  VaiJobOutcome *self = data;
  if (!record (self, store, self->options.ref, self->options.outcome, error))
    return FALSE;
  if (self->n_changed > 0)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND, _ ("No prediction and no quote “%s” is in the workspace."),
               self->options.ref);
  return FALSE;
}

typedef struct
{
  VaiJobOutcome *job;
  const VaiQuotes *quotes;
  int ref_column;
  const guint8 *outcomes;
  GCancellable *cancellable;
} Bulk;

static gboolean
record_all (VaiStore *store, gpointer data, GError **error)
{
  const Bulk *bulk = data;
  const VaiColumn *refs = vai_table_column (bulk->quotes->table, bulk->ref_column);
  for (gsize row = 0; row < bulk->quotes->table->n_rows; row++)
    {
      gboolean decided = bulk->outcomes[row] == VAI_OUTCOME_WON || bulk->outcomes[row] == VAI_OUTCOME_LOST;
      if (!decided || vai_column_is_missing (refs, row))
        continue;
      g_autofree char *ref = vai_column_dup_text (refs, row);
      if (vai_cancelled (bulk->cancellable, error)
          || !record (bulk->job, store, ref, vai_outcome_name (bulk->outcomes[row]), error))
        return FALSE;
    }
  return TRUE;
}

static int
find_ref_column (VaiJobOutcome *self, const VaiQuotes *quotes, GError **error)
{
  if (self->options.ref_column != NULL)
    return vai_table_require (quotes->table, self->options.ref_column, error);
  for (guint i = 0; i < quotes->table->columns->len; i++)
    if (quotes->profile->columns[i].role == VAI_ROLE_IDENTIFIER)
      return i;
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NO_COLUMN,
                       _ ("No column looks like the quote’s number: say which one identifies the quote."));
  return -1;
}

static gboolean
record_file (VaiJobOutcome *self, GCancellable *cancellable, GError **error)
{
  VaiJob *job = VAI_JOB (self);
  g_autoptr (VaiQuotes) quotes = vai_quotes_load (&self->options.quotes, vai_job_get_store (job),
                                                  vai_job_get_progress (job), cancellable, error);
  if (quotes == NULL)
    return FALSE;
  if (quotes->profile->outcome < 0)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NO_COLUMN,
                           _ ("No column looks like the outcome: say which one it is."));
      return FALSE;
    }
  int ref_column = find_ref_column (self, quotes, error);
  if (ref_column < 0)
    return FALSE;
  g_autofree guint8 *outcomes = g_new (guint8, MAX (1, quotes->table->n_rows));
  vai_profile_map_outcomes (quotes->profile, quotes->table, outcomes);
  Bulk bulk = { self, quotes, ref_column, outcomes, cancellable };
  return vai_job_store_result (job, NULL, record_all, &bulk, NULL, error);
}

static gboolean
vai_job_outcome_run (VaiJob *job, GCancellable *cancellable, GError **error)
{
  VaiJobOutcome *self = VAI_JOB_OUTCOME (job);
  if (!vai_job_require_store (job, error))
    return FALSE;
  if (self->options.ref == NULL)
    return record_file (self, cancellable, error);
  if (self->options.outcome != NULL)
    return vai_job_store_result (job, NULL, record_one, self, NULL, error);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("Say what became of the quote: “won”, “lost” or “none”."));
  return FALSE;
}

static void
vai_job_outcome_finalize (GObject *object)
{
  VaiJobOutcome *self = VAI_JOB_OUTCOME (object);
  g_free (self->options.ref);
  g_free (self->options.outcome);
  g_free (self->options.ref_column);
  vai_quotes_options_clear (&self->options.quotes);
  G_OBJECT_CLASS (vai_job_outcome_parent_class)->finalize (object);
}

static void
vai_job_outcome_class_init (VaiJobOutcomeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_outcome_finalize;
  VaiJobClass *job_class = VAI_JOB_CLASS (klass);
  job_class->kind = "outcome";
  job_class->run = vai_job_outcome_run;
}

static void
vai_job_outcome_init (VaiJobOutcome *self)
{
  vai_quotes_options_init (&self->options.quotes);
}
