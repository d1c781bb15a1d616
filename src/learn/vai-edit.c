#include "vai-edit.h"

#include "vai-order.h"
#include "vai-resample.h"

#include <math.h>

VaiEdit
vai_edit_of_cell (const VaiFrame *frame, guint row, guint feature)
{
  const VaiFrameColumn *column = &frame->columns[feature];
  return (VaiEdit){ .feature = feature,
                    .number = column->numbers != NULL ? column->numbers[row] : NAN,
                    .code = column->codes != NULL ? column->codes[row] : VAI_CODE_MISSING };
}

void
vai_edit_apply (const VaiEdit *self, VaiFrame *frame, guint row)
{
  VaiFrameColumn *column = &frame->columns[self->feature];
  if (column->numbers != NULL)
    column->numbers[row] = self->number;
  else
    column->codes[row] = self->code;
}

/* The values beyond which fewer than VAI_SUPPORT_MIN reference rows lie. */
static gboolean
find_supported (const VaiModel *model, guint feature, double *low, double *high)
{
  const VaiFrame *frame = model->reference.frame;
  g_autofree double *values = g_new (double, MAX (frame->n_rows, 1));
  gsize n = 0;
  for (guint i = 0; i < frame->n_rows; i++)
    if (!vai_frame_is_missing (frame, i, feature))
      values[n++] = frame->columns[feature].numbers[i];
  if (n < VAI_SUPPORT_MIN)
    return FALSE;
  vai_sort_doubles (values, n);
  *low = values[VAI_SUPPORT_MIN - 1];
  *high = values[n - VAI_SUPPORT_MIN];
  return TRUE;
}

static void
add_numbers (GArray *edits, const VaiModel *model, guint f)
{
  const GArray *grid = vai_schema_feature (model->schema, f)->grid;
  double low, high;
  if (!find_supported (model, f, &low, &high))
    return;
  for (guint i = 0; i < grid->len; i++)
    {
      VaiEdit edit = { .feature = f, .number = g_array_index (grid, double, i), .code = VAI_CODE_MISSING };
      if (edit.number >= low && edit.number <= high)
        g_array_append_val (edits, edit);
    }
}

static void
add_codes (GArray *edits, const VaiFeature *feature, guint f)
{
  for (guint code = 0; code < vai_dictionary_get_size (feature->values); code++)
    {
      VaiEdit edit = { .feature = f, .number = NAN, .code = code };
      if (feature->counts[code] >= VAI_SUPPORT_MIN)
        g_array_append_val (edits, edit);
    }
}

static int
compare_frequency (gconstpointer a, gconstpointer b, gpointer counts)
{
  gint32 x = ((const VaiEdit *) a)->code, y = ((const VaiEdit *) b)->code;
  gsize n_x = ((const gsize *) counts)[x], n_y = ((const gsize *) counts)[y];
  return n_x != n_y ? (n_x < n_y ? 1 : -1) : x - y;
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return ((const VaiEdit *) a)->code - ((const VaiEdit *) b)->code;
}

/* The most frequent values, or numbers spread evenly from the first to the last. */
static void
thin (GArray *edits, const VaiFeature *feature, guint n_max)
{
  if (feature->type == VAI_TYPE_CATEGORY)
    g_array_sort_with_data (edits, compare_frequency, feature->counts);
  else
    for (guint i = 0; i < n_max; i++)
      g_array_index (edits, VaiEdit, i)
          = g_array_index (edits, VaiEdit, n_max > 1 ? (guint64) i * (edits->len - 1) / (n_max - 1) : 0);
  g_array_set_size (edits, n_max);
  if (feature->type == VAI_TYPE_CATEGORY)
    g_array_sort (edits, compare_codes);
}

GArray *
vai_edit_values (const VaiModel *model, guint f, guint n_max)
{
  g_return_val_if_fail (n_max > 0, NULL);
  const VaiFeature *feature = vai_schema_feature (model->schema, f);
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (VaiEdit));
  if (feature->type == VAI_TYPE_CATEGORY)
    add_codes (edits, feature, f);
  else if (feature->type != VAI_TYPE_TEXT)
    add_numbers (edits, model, f);
  if (edits->len > n_max)
    thin (edits, feature, n_max);
  return edits;
}
