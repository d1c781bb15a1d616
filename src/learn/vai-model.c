#include "vai-model.h"

#include "vai-error.h"

#include <string.h>

VaiModel *
vai_model_new (void)
{
  VaiModel *self = g_new0 (VaiModel, 1);
  g_atomic_ref_count_init (&self->refs);
  self->members = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_member_free);
  self->ignored = vai_remarks_new ();
  self->warnings = vai_remarks_new ();
  return self;
}

VaiModel *
vai_model_ref (VaiModel *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
clear_reference (VaiReference *self)
{
  g_clear_pointer (&self->frame, vai_frame_free);
  g_free (self->won);
  g_free (self->margin);
  g_free (self->probability);
  g_free (self->tested);
  g_free (self->groups);
  g_free (self->opened);
  g_strfreev (self->names);
}

void
vai_model_unref (VaiModel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  clear_reference (&self->reference);
  g_clear_pointer (&self->schema, vai_schema_unref);
  g_ptr_array_unref (self->members);
  g_clear_pointer (&self->calibrator, vai_calibrator_free);
  g_clear_pointer (&self->range, vai_range_free);
  g_clear_pointer (&self->hyperparameters, json_node_unref);
  g_ptr_array_unref (self->ignored);
  g_ptr_array_unref (self->warnings);
  g_free (self->weights);
  g_free (self->importance);
  g_free (self->permutation);
  g_free (self->validation);
  g_free (self->data_fingerprint);
  g_free (self);
}

/* A member's answers, row by row @width values, into their weighted sum. */
typedef gboolean (*MemberFunc) (const VaiMember *self,
                                const VaiFrame *frame,
                                const guint32 *rows,
                                gsize n_rows,
                                guint threads,
                                double *values,
                                GError **error);

static gboolean
add_members (const VaiModel *self,
             MemberFunc func,
             const VaiFrame *frame,
             const guint32 *rows,
             gsize n_rows,
             guint threads,
             gsize width,
             double *sums,
             GError **error)
{
  g_autofree double *values = g_new (double, MAX (n_rows * width, 1));
  for (guint m = 0; m < self->members->len; m++)
    {
      if (!func (g_ptr_array_index (self->members, m), frame, rows, n_rows, threads, values, error))
        return FALSE;
      for (gsize i = 0; i < n_rows * width; i++)
        sums[i] += self->weights[m] * values[i];
    }
  return TRUE;
}

gboolean
vai_model_margins (const VaiModel *self,
                   const VaiFrame *frame,
                   const guint32 *rows,
                   gsize n_rows,
                   guint threads,
                   double *margins,
                   GError **error)
{
  for (gsize i = 0; i < n_rows; i++)
    margins[i] = self->intercept;
  return add_members (self, vai_member_margins, frame, rows, n_rows, threads, 1, margins, error);
}

gboolean
vai_model_contributions (const VaiModel *self,
                         const VaiFrame *frame,
                         const guint32 *rows,
                         gsize n_rows,
                         guint threads,
                         double *contributions,
                         GError **error)
{
  gsize width = (gsize) frame->n_features + 1;
  memset (contributions, 0, sizeof (double) * n_rows * width);
  for (gsize i = 0; i < n_rows; i++)
    contributions[i * width + width - 1] = self->intercept;
  return add_members (self, vai_member_contributions, frame, rows, n_rows, threads, width, contributions, error);
}
