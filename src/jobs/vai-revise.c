#include "vai-revise.h"

#include "vai-error.h"
#include "vai-quotes-json.h"

static gboolean
store_revision (VaiStore *store,
                const VaiQuotes *quotes,
                const VaiQuotesOptions *options,
                GCancellable *cancellable,
                GError **error)
{
  guint n = quotes->table->columns->len;
  g_autofree const char **roles = g_new0 (const char *, n + 1);
  for (guint i = 0; i < n; i++)
    roles[i] = vai_role_name (quotes->profile->columns[i].role);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  row->id = g_strdup (quotes->dataset->id);
  row->open_count = quotes->profile->n_open;
  row->column_mapping = vai_quotes_dup_mapping (quotes, options);
  row->quality = vai_quotes_dup_quality (quotes);
  return !vai_cancelled (cancellable, error) && vai_store_revise_dataset (store, row, roles, error);
}

gboolean
vai_quotes_revise (VaiStore *store,
                   const char *dataset_id,
                   const VaiQuotesOptions *given,
                   GCancellable *cancellable,
                   GError **error)
{
  g_return_val_if_fail (VAI_IS_STORE (store), FALSE);
  g_return_val_if_fail (dataset_id != NULL && given != NULL, FALSE);
  g_auto (VaiQuotesOptions) options;
  vai_quotes_options_init (&options);
  g_autoptr (VaiDatasetRow) row = vai_store_get_dataset (store, dataset_id, error);
  if (row == NULL)
    return FALSE;
  if (row->column_mapping != NULL && !vai_quotes_options_from_mapping (&options, row->column_mapping, error))
    return FALSE;
  vai_quotes_options_override (&options, given);
  g_free (options.dataset_id);
  g_clear_pointer (&options.path, g_free);
  options.dataset_id = g_strdup (dataset_id);
  g_autoptr (VaiQuotes) quotes = vai_quotes_load (&options, store, NULL, cancellable, error);
  return quotes != NULL && store_revision (store, quotes, &options, cancellable, error);
}

GStrv
vai_mapping_dup_acts (const char *mapping)
{
  g_auto (VaiQuotesOptions) options;
  vai_quotes_options_init (&options);
  if (mapping == NULL || !vai_quotes_options_from_mapping (&options, mapping, NULL) || options.acts == NULL)
    return g_new0 (char *, 1);
  return g_steal_pointer (&options.acts);
}
