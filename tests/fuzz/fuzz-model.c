/* Any bytes as a model file, which then scores. Hashes would keep every change from the parts, so bytes that do not
 * begin as a zip are parts one after the other: name, NUL, four bytes of size with the low one first, content. */
#include "vai-fuzz.h"

#include "vai-model-private.h"

#include <math.h>
#include <string.h>

static VaiModel *
read_parts (const guint8 *data, size_t size)
{
  g_autoptr (GHashTable) parts
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  while (size > 0)
    {
      const guint8 *end = memchr (data, 0, size);
      if (end == NULL || size - (size_t) (end - data) < 5)
        break;
      size_t n = end[1] | (size_t) end[2] << 8 | (size_t) end[3] << 16 | (size_t) end[4] << 24;
      size_t head = (size_t) (end - data) + 5;
      n = MIN (n, size - head);
      g_hash_table_replace (parts, g_strdup ((const char *) data), g_bytes_new (data + head, n));
      data += head + n;
      size -= head + n;
    }
  return vai_model_from_parts (parts, NULL);
}

static void
score (const VaiModel *model, const VaiFrame *frame)
{
  g_autofree double *contributions = g_new0 (double, frame->n_features + 1);
  double margin = 0, low, high;
  guint32 row = 0;
  if (!vai_model_margins (model, frame, &row, 1, 1, &margin, NULL)
      || !vai_model_contributions (model, frame, &row, 1, 1, contributions, NULL))
    return;
  double probability = vai_calibrator_apply (model->calibrator, margin);
  vai_range_apply (model->range, margin, probability, &low, &high);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  gboolean is_zip = size >= 2 && data[0] == 'P' && data[1] == 'K';
  g_autoptr (VaiModel) model = is_zip ? vai_model_from_bytes (bytes, NULL) : read_parts (data, size);
  if (model == NULL)
    return 0;
  g_autoptr (VaiFrame) empty = vai_frame_new_empty (model->schema, 1);
  score (model, empty);
  score (model, model->reference.frame);
  return 0;
}
