#include "vai-advice.h"

#include "vai-edit.h"
#include "vai-error.h"
#include "vai-format.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define POINTS_MAX 24
#define ROWS_MAX 500 /* a mean over so many is known to two points, and the picture is there in a moment */

void
vai_partial_dependence_free (VaiPartialDependence *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->labels);
  g_array_unref (self->x);
  g_array_unref (self->probability);
  g_array_unref (self->support);
  g_free (self);
}

static VaiPartialDependence *
partial_dependence_new (void)
{
  VaiPartialDependence *self = g_new0 (VaiPartialDependence, 1);
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->x = g_array_new (FALSE, FALSE, sizeof (double));
  self->probability = g_array_new (FALSE, FALSE, sizeof (double));
  self->support = g_array_new (FALSE, TRUE, sizeof (guint));
  return self;
}

/* The mean calibrated probability of @sample with the edit made in every row. */
static gboolean
mean_with (const VaiModel *model, const VaiEdit *edit, VaiFrame *sample, double *margins, double *mean, GError **error)
{
  for (guint i = 0; i < sample->n_rows; i++)
    vai_edit_apply (edit, sample, i);
  if (!vai_model_margins (model, sample, NULL, sample->n_rows, 1, margins, error))
    return FALSE;
  *mean = 0;
  for (guint i = 0; i < sample->n_rows; i++)
    *mean += vai_calibrator_apply (model->calibrator, margins[i]) / sample->n_rows;
  return TRUE;
}

/* Each reference row stands by the nearest value; the lower of two that are as near. */
static void
count_support (VaiPartialDependence *self, const VaiModel *model, guint feature, const GArray *edits)
{
  const VaiFrame *frame = model->reference.frame;
  const VaiFrameColumn *column = &frame->columns[feature];
  for (guint i = 0; i < frame->n_rows; i++)
    {
      guint nearest = edits->len;
      for (guint e = 0; e < edits->len && !vai_frame_is_missing (frame, i, feature); e++)
        {
          const VaiEdit *edit = &g_array_index (edits, VaiEdit, e);
          if (column->codes != NULL ? edit->code == column->codes[i]
                                    : nearest == edits->len
                                          || fabs (edit->number - column->numbers[i]) < fabs (
                                                 g_array_index (edits, VaiEdit, nearest).number - column->numbers[i]))
            nearest = e;
        }
      if (nearest < edits->len)
        g_array_index (self->support, guint, nearest)++;
    }
}

VaiPartialDependence *
vai_advice_partial_dependence (VaiScorer *scorer, guint feature, GCancellable *cancellable, GError **error)
{
  const VaiModel *model = vai_scorer_get_model (scorer);
  const VaiFrame *frame = model->reference.frame;
  if (feature >= frame->n_features || frame->columns[feature].type == VAI_TYPE_TEXT)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is free text: it has no curve."),
                   feature < frame->n_features ? vai_schema_feature (model->schema, feature)->name : "?");
      return NULL;
    }
  guint n = MIN (frame->n_rows, ROWS_MAX);
  g_autoptr (VaiPartialDependence) self = partial_dependence_new ();
  g_autoptr (GArray) edits = vai_edit_values (model, feature, POINTS_MAX);
  g_autoptr (VaiFrame) sample = vai_frame_new_empty (model->schema, n);
  g_autofree double *margins = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    vai_frame_copy_row (sample, i, frame, (guint64) i * frame->n_rows / n);
  for (guint e = 0; e < edits->len; e++)
    {
      const VaiEdit *edit = &g_array_index (edits, VaiEdit, e);
      double mean, x = frame->columns[feature].codes != NULL ? e : edit->number;
      if (vai_cancelled (cancellable, error) || !mean_with (model, edit, sample, margins, &mean, error))
        return NULL;
      g_array_append_val (self->x, x);
      g_array_append_val (self->probability, mean);
      g_ptr_array_add (self->labels, frame->columns[feature].type == VAI_TYPE_DATE
                                         ? vai_format_date_time (llround (edit->number * VAI_SECONDS_PER_DAY))
                                         : vai_frame_dup_text (sample, 0, feature));
    }
  g_array_set_size (self->support, edits->len);
  count_support (self, model, feature, edits);
  return g_steal_pointer (&self);
}
