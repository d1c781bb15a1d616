#include "vai-job-import.h"

#include "vai-currency.h"
#include "vai-error.h"
#include "vai-job-private.h"
#include "vai-quotes-json.h"

#include <glib/gi18n-lib.h>

/* Of the bar: reading and profiling, then storing. */
#define LOAD_SHARE 0.8

struct _VaiJobImport
{
  VaiJob parent_instance;
  VaiQuotesOptions options;
  char *name;        /* owned, nullable */
  VaiQuotes *quotes; /* owned */
  char *dataset_id;  /* owned */
};

G_DEFINE_FINAL_TYPE (VaiJobImport, vai_job_import, VAI_TYPE_JOB)

VaiJobImport *
vai_job_import_new (VaiStore *store)
{
  VaiJobImport *self = g_object_new (VAI_TYPE_JOB_IMPORT, NULL);
  vai_job_set_store (VAI_JOB (self), store);
  return self;
}

VaiQuotesOptions *
vai_job_import_get_options (VaiJobImport *self)
{
  g_return_val_if_fail (VAI_IS_JOB_IMPORT (self), NULL);
  return &self->options;
}

void
vai_job_import_set_name (VaiJobImport *self, const char *name)
{
  g_return_if_fail (VAI_IS_JOB_IMPORT (self));
  g_free (self->name);
  self->name = g_strdup (name);
}

const char *
vai_job_import_get_dataset_id (VaiJobImport *self)
{
  g_return_val_if_fail (VAI_IS_JOB_IMPORT (self), NULL);
  return self->dataset_id;
}

VaiQuotes *
vai_job_import_get_quotes (VaiJobImport *self)
{
  g_return_val_if_fail (VAI_IS_JOB_IMPORT (self), NULL);
  return self->quotes;
}

/* That of the price column; NULL when it does not say. */
static const char *
find_currency (const VaiQuotes *quotes)
{
  const char *currency = NULL;
  for (guint i = 0; currency == NULL && i < quotes->table->columns->len; i++)
    if (quotes->profile->columns[i].role == VAI_ROLE_PRICE)
      {
        const VaiColumn *column = vai_table_column (quotes->table, i);
        currency = vai_currency_find (column->name, column->unit);
      }
  return currency;
}

static VaiDatasetRow *
make_row (VaiJobImport *self)
{
  const VaiImport *import = self->quotes->import;
  VaiDatasetRow *row = vai_row_new (&vai_dataset_row_kind);
  row->name = self->name != NULL ? g_strdup (self->name) : vai_job_name_of_path (self->options.path);
  g_autofree char *file_name = g_path_get_basename (self->options.path);
  row->file_name = g_utf8_make_valid (file_name, -1);
  row->file_size = import->file_size;
  row->file_sha256 = g_strdup (import->file_sha256);
  row->open_count = self->quotes->profile->n_open;
  row->rejected_count = import->n_rejected;
  row->column_mapping = vai_quotes_dup_mapping (self->quotes, &self->options);
  row->dialect = vai_quotes_dup_dialect (&import->dialect);
  row->quality = vai_quotes_dup_quality (self->quotes);
  row->currency = g_strdup (find_currency (self->quotes));
  return row;
}

typedef struct
{
  VaiJobImport *job;
  VaiDatasetRow *row;
  VaiProgress *progress;
  GCancellable *cancellable;
} Addition;

/* The table is stored as it was read; the acts are taken again whenever it is loaded, and so can be taken back. */
static gboolean
add_dataset (VaiStore *store, gpointer data, GError **error)
{
  const Addition *addition = data;
  const VaiQuotes *quotes = addition->job->quotes;
  const VaiImport *import = quotes->import;
  g_autofree const char **roles = g_new0 (const char *, import->table->columns->len + 1);
  for (guint i = 0; i < import->table->columns->len; i++)
    roles[i] = vai_role_name (quotes->profile->columns[i].role);
  if (!vai_store_add_dataset (store, addition->row, import->table, roles, import->rejected, addition->progress,
                              addition->cancellable, error))
    return FALSE;
  addition->job->dataset_id = g_strdup (addition->row->id);
  return TRUE;
}

static gboolean
vai_job_import_run (VaiJob *job, GCancellable *cancellable, GError **error)
{
  VaiJobImport *self = VAI_JOB_IMPORT (job);
  VaiProgress *progress = vai_job_get_progress (job);
  g_autoptr (VaiProgress) loading = vai_progress_new_part (progress, 0, LOAD_SHARE);
  g_autoptr (VaiProgress) storing = vai_progress_new_part (progress, LOAD_SHARE, 1);
  if (!vai_job_require_store (job, error))
    return FALSE;
  if (self->options.path == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("No file was given to import."));
      return FALSE;
    }
  self->quotes = vai_quotes_load (&self->options, NULL, loading, cancellable, error);
  if (self->quotes == NULL)
    return FALSE;
  vai_job_add_seconds (job, "read", self->quotes->read_seconds);
  vai_job_add_seconds (job, "profile", self->quotes->profile_seconds);
  vai_progress_set (storing, 0, _ ("Storing the dataset"));
  vai_job_begin_phase (job, "store");
  g_autoptr (VaiDatasetRow) row = make_row (self);
  Addition addition = { self, row, storing, cancellable };
  return vai_job_store_result (job, NULL, add_dataset, &addition, &self->dataset_id, error);
}

static JsonNode *
vai_job_import_dup_parameters (VaiJob *job)
{
  VaiJobImport *self = VAI_JOB_IMPORT (job);
  JsonNode *node = vai_quotes_options_to_json (&self->options);
  if (self->name != NULL)
    json_object_set_string_member (json_node_get_object (node), "name", self->name);
  return node;
}

static gboolean
vai_job_import_set_parameters (VaiJob *job, JsonObject *parameters, GError **error)
{
  VaiJobImport *self = VAI_JOB_IMPORT (job);
  self->name = vai_job_dup_parameter (parameters, "name");
  return vai_quotes_options_from_json (&self->options, parameters, error);
}

static void
vai_job_import_finalize (GObject *object)
{
  VaiJobImport *self = VAI_JOB_IMPORT (object);
  vai_quotes_options_clear (&self->options);
  vai_quotes_unref (self->quotes);
  g_free (self->name);
  g_free (self->dataset_id);
  G_OBJECT_CLASS (vai_job_import_parent_class)->finalize (object);
}

static void
vai_job_import_class_init (VaiJobImportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_import_finalize;
  VaiJobClass *job_class = VAI_JOB_CLASS (klass);
  job_class->kind = "import";
  job_class->run = vai_job_import_run;
  job_class->dup_parameters = vai_job_import_dup_parameters;
  job_class->set_parameters = vai_job_import_set_parameters;
}

static void
vai_job_import_init (VaiJobImport *self)
{
  vai_quotes_options_init (&self->options);
}
