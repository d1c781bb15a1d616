#include "vai-quotes.h"

#include "vai-error.h"
#include "vai-quotes-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How far the bar stands when the file is read: reading takes most of the time, profiling the rest. */
#define READ_SHARE 0.7

void
vai_quotes_options_init (VaiQuotesOptions *self)
{
  memset (self, 0, sizeof *self);
  vai_import_options_init (&self->import);
}

void
vai_quotes_options_clear (VaiQuotesOptions *self)
{
  g_free (self->path);
  g_free (self->dataset_id);
  vai_import_options_clear (&self->import);
  g_free (self->outcome);
  g_strfreev (self->won);
  g_strfreev (self->lost);
  g_free (self->date);
  g_strfreev (self->ignore);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_clear_pointer (&self->actionable, g_hash_table_unref);
  g_strfreev (self->acts);
  memset (self, 0, sizeof *self);
}

static VaiQuotes *
quotes_new (void)
{
  VaiQuotes *self = g_new0 (VaiQuotes, 1);
  g_atomic_ref_count_init (&self->refs);
  self->acted = g_ptr_array_new_with_free_func (g_free);
  return self;
}

VaiQuotes *
vai_quotes_ref (VaiQuotes *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_quotes_unref (VaiQuotes *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->import, vai_import_free);
  g_clear_pointer (&self->dataset, vai_dataset_row_free);
  g_clear_pointer (&self->table, vai_table_unref);
  g_clear_pointer (&self->profile, vai_profile_unref);
  g_ptr_array_unref (self->acted);
  g_free (self);
}

static gboolean
read_file (VaiQuotes *self,
           const VaiQuotesOptions *options,
           VaiProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  self->import = vai_import_read (options->path, &options->import, progress, cancellable, error);
  if (self->import == NULL)
    return FALSE;
  self->table = vai_table_ref (self->import->table);
  return TRUE;
}

static gboolean
read_dataset (VaiQuotes *self,
              const VaiQuotesOptions *options,
              VaiStore *store,
              VaiProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  if (store == NULL || options->dataset_id == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("No quotes were given: name a file, or a dataset of a workspace."));
      return FALSE;
    }
  self->dataset = vai_store_get_dataset (store, options->dataset_id, error);
  if (self->dataset == NULL)
    return FALSE;
  self->table = vai_store_load_table (store, options->dataset_id, progress, cancellable, error);
  return self->table != NULL;
}

/* What was said of the dataset when it was stored, unless something is said now. */
static gboolean
merge_stored (const VaiQuotes *self, const VaiQuotesOptions *given, VaiQuotesOptions *merged, GError **error)
{
  if (self->dataset != NULL && self->dataset->column_mapping != NULL
      && !vai_quotes_options_from_mapping (merged, self->dataset->column_mapping, error))
    return FALSE;
  vai_quotes_options_override (merged, given);
  return TRUE;
}

static gboolean
act_upon (VaiQuotes *self, const char *id, GError **error)
{
  gboolean all_safe = g_str_equal (id, "safe");
  for (guint i = 0; i < self->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (self->profile->findings, i);
      gboolean meant = all_safe ? vai_profile_is_safe_now (self->profile, finding) : g_str_equal (finding->id, id);
      if (meant && !g_ptr_array_find_with_equal_func (self->acted, finding->id, g_str_equal, NULL))
        g_ptr_array_add (self->acted, g_strdup (finding->id));
    }
  VaiTable *after = vai_profile_act (self->profile, self->table, id, error);
  if (after == NULL)
    return FALSE;
  vai_table_unref (self->table);
  self->table = after;
  return TRUE;
}

static gboolean
is_known (const VaiQuotes *self, const char *id)
{
  gboolean known = g_str_equal (id, "safe");
  for (guint i = 0; !known && i < self->profile->findings->len; i++)
    known = g_str_equal (((VaiFinding *) g_ptr_array_index (self->profile->findings, i))->id, id);
  return known;
}

/* @stored: the acts were taken when the dataset was imported. A later version may find other things; what it does not
 * find any more is no reason to keep a person from her quotes. */
static gboolean
profile (VaiQuotes *self,
         const VaiQuotesOptions *options,
         gboolean stored,
         VaiProgress *progress,
         GCancellable *cancellable,
         GError **error)
{
  VaiProfileOptions wanted = {
    .outcome = options->outcome,
    .won = (const char *const *) options->won,
    .lost = (const char *const *) options->lost,
    .opened_date = options->date,
    .ignore = (const char *const *) options->ignore,
    .roles = options->roles,
    .actionable = options->actionable,
  };
  self->profile = vai_profile_new (self->table, &wanted, progress, cancellable, error);
  if (self->profile == NULL)
    return FALSE;
  for (gsize i = 0; options->acts != NULL && options->acts[i] != NULL; i++)
    if ((!stored || is_known (self, options->acts[i])) && !act_upon (self, options->acts[i], error))
      return FALSE;
  return TRUE;
}

VaiQuotes *
vai_quotes_load (const VaiQuotesOptions *options,
                 VaiStore *store,
                 VaiProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  g_return_val_if_fail (options != NULL, NULL);
  g_autoptr (VaiQuotes) self = quotes_new ();
  g_autoptr (VaiProgress) reading = vai_progress_new_part (progress, 0, READ_SHARE);
  g_autoptr (VaiProgress) profiling = vai_progress_new_part (progress, READ_SHARE, 1);
  gint64 began = g_get_monotonic_time ();
  gboolean good = options->path != NULL ? read_file (self, options, reading, cancellable, error)
                                        : read_dataset (self, options, store, reading, cancellable, error);
  if (!good)
    return NULL;
  gint64 read = g_get_monotonic_time ();
  g_auto (VaiQuotesOptions) merged;
  vai_quotes_options_init (&merged);
  if (!merge_stored (self, options, &merged, error)
      || !profile (self, &merged, self->dataset != NULL && options->acts == NULL, profiling, cancellable, error))
    return NULL;
  self->read_seconds = (read - began) / (double) G_USEC_PER_SEC;
  self->profile_seconds = (g_get_monotonic_time () - read) / (double) G_USEC_PER_SEC;
  return g_steal_pointer (&self);
}

VaiQuotes *
vai_quotes_again (const VaiQuotes *self,
                  const VaiQuotesOptions *options,
                  VaiProgress *progress,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (self != NULL && self->import != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);
  g_autoptr (VaiQuotes) again = quotes_new ();
  again->table = vai_table_ref (self->import->table);
  gint64 began = g_get_monotonic_time ();
  if (!profile (again, options, FALSE, progress, cancellable, error))
    return NULL;
  again->profile_seconds = (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC;
  return g_steal_pointer (&again);
}
