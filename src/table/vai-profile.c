#include "vai-audit.h"

#include "vai-error.h"
#include "vai-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
finding_free (gpointer finding)
{
  VaiFinding *self = finding;
  g_free (self->id);
  g_free (self->value);
  g_free (self->sentence);
  g_free (self);
}

static VaiProfile *
profile_new (const VaiTable *table)
{
  VaiProfile *self = g_new0 (VaiProfile, 1);
  g_atomic_ref_count_init (&self->refs);
  self->columns = g_new0 (VaiColumnProfile, MAX (table->columns->len, 1));
  self->outcome = -1;
  self->findings = g_ptr_array_new_with_free_func (finding_free);
  return self;
}

VaiProfile *
vai_profile_ref (VaiProfile *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_profile_unref (VaiProfile *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->columns);
  g_clear_pointer (&self->outcome_values, g_ptr_array_unref);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

static void
audit_clear (VaiAudit *self)
{
  for (guint i = 0; self->facts != NULL && i < self->table->columns->len; i++)
    {
      g_free (self->facts[i].words_value[FALSE]);
      g_free (self->facts[i].words_value[TRUE]);
    }
  g_free (self->facts);
  g_free (self->classes);
  vai_profile_unref (self->profile);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiAudit, audit_clear)

/* Which half a row falls into is fixed by its number, as good as thrown. */
static void
classify_rows (VaiAudit *audit)
{
  VaiProfile *profile = audit->profile;
  gsize n_rows = audit->table->n_rows;
  audit->classes = g_malloc (MAX (n_rows, 1));
  vai_profile_map_outcomes (profile, audit->table, audit->classes);
  for (gsize row = 0; row < n_rows; row++)
    {
      guint half
          = vai_hash_mix (row ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f), G_GUINT64_CONSTANT (0xe7037ed1a0b428db)) & 1;
      VaiOutcome outcome = audit->classes[row];
      audit->classes[row] = outcome == VAI_OUTCOME_WON    ? VAI_CLASS_WON_A + half
                            : outcome == VAI_OUTCOME_LOST ? VAI_CLASS_LOST_A + half
                                                          : VAI_CLASS_OPEN;
      audit->n_class[audit->classes[row]]++;
    }
  profile->n_won = audit->n_class[VAI_CLASS_WON_A] + audit->n_class[VAI_CLASS_WON_B];
  profile->n_lost = audit->n_class[VAI_CLASS_LOST_A] + audit->n_class[VAI_CLASS_LOST_B];
  profile->n_open = audit->n_class[VAI_CLASS_OPEN];
}

static gboolean
count_columns (VaiAudit *audit, const VaiProfileOptions *options, VaiProgress *progress, GError **error)
{
  guint n = audit->table->columns->len;
  audit->facts = g_new0 (VaiColumnFacts, MAX (n, 1));
  for (guint i = 0; options->ignore != NULL && options->ignore[i] != NULL; i++)
    {
      int index = vai_table_require (audit->table, options->ignore[i], error);
      if (index < 0)
        return FALSE;
      audit->facts[index].ignored = TRUE;
    }
  for (guint i = 0; i < n; i++)
    {
      if (vai_cancelled (audit->cancellable, error))
        return FALSE;
      vai_progress_set (progress, (double) i / n, i == 0 ? _ ("Looking for what could mislead") : NULL);
      if (!audit->facts[i].ignored)
        vai_facts_count (audit, i);
    }
  return TRUE;
}

/* Worst first; then in the order of the columns, what concerns all rows last. */
static int
compare_findings (gconstpointer a, gconstpointer b)
{
  const VaiFinding *x = *(VaiFinding *const *) a, *y = *(VaiFinding *const *) b;
  if (x->severity != y->severity)
    return (int) y->severity - (int) x->severity;
  if (x->column != y->column)
    return (guint) x->column < (guint) y->column ? -1 : 1;
  return x->kind != y->kind ? (int) x->kind - (int) y->kind : strcmp (x->id, y->id);
}

VaiProfile *
vai_profile_new (const VaiTable *table,
                 const VaiProfileOptions *options,
                 VaiProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  static const VaiProfileOptions none = { 0 };
  g_return_val_if_fail (table != NULL, NULL);
  if (options == NULL)
    options = &none;
  g_auto (VaiAudit) audit = { .table = table, .profile = profile_new (table), .cancellable = cancellable };
  if (!vai_outcome_find (&audit, options, error))
    return NULL;
  classify_rows (&audit);
  if (!count_columns (&audit, options, progress, error) || !vai_role_propose (&audit, options, error))
    return NULL;
  vai_leak_find (&audit);
  vai_quality_find_in_columns (&audit);
  if (!vai_quality_find_in_rows (&audit, error))
    return NULL;
  g_ptr_array_sort (audit.profile->findings, compare_findings);
  vai_progress_set (progress, 1, NULL);
  return g_steal_pointer (&audit.profile);
}
