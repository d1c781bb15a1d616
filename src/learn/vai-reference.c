#include "vai-model-private.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAGIC "VAIREF1\n"
#define FLAG_OPENED 1u
#define FLAG_NAMES 2u
#define FLAG_TESTED 4u

/* A cell of free text is cut nowhere, yet no honest quote has more than this. */
#define TEXT_MAX (64u * 1024 * 1024)

static void
put_u32 (GByteArray *out, guint32 value)
{
  guint32 le = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &le, 4);
}

static void
put_u64s (GByteArray *out, const void *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint64 bits;
      memcpy (&bits, (const char *) values + 8 * i, 8);
      bits = GUINT64_TO_LE (bits);
      g_byte_array_append (out, (const guint8 *) &bits, 8);
    }
}

/* One NaN for all, so that equal models are equal bytes. */
static void
put_doubles (GByteArray *out, const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      double value = isnan (values[i]) ? (double) NAN : values[i];
      put_u64s (out, &value, 1);
    }
}

static void
put_text (GByteArray *out, const char *text, gsize length)
{
  put_u32 (out, length);
  g_byte_array_append (out, (const guint8 *) text, length);
}

static void
put_column (GByteArray *out, const VaiFrameColumn *column, guint n_rows)
{
  if (column->type == VAI_TYPE_NUMBER || column->type == VAI_TYPE_DATE)
    {
      put_doubles (out, column->numbers, n_rows);
      return;
    }
  if (column->type == VAI_TYPE_TEXT)
    {
      guint n = vai_dictionary_get_size (column->texts);
      put_u32 (out, n);
      for (guint i = 0; i < n; i++)
        {
          gsize length;
          const char *text = vai_dictionary_get (column->texts, i, &length);
          put_text (out, text, length);
        }
    }
  for (guint i = 0; i < n_rows; i++)
    put_u32 (out, (guint32) column->codes[i]);
}

GBytes *
vai_reference_to_bytes (const VaiReference *self)
{
  const VaiFrame *frame = self->frame;
  GByteArray *out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) MAGIC, strlen (MAGIC));
  put_u32 (out, frame->n_rows);
  put_u32 (out, frame->n_features);
  put_u32 (out, (self->opened != NULL ? FLAG_OPENED : 0) | (self->names != NULL ? FLAG_NAMES : 0)
                    | (self->tested != NULL ? FLAG_TESTED : 0));
  g_byte_array_append (out, self->won, frame->n_rows);
  if (self->tested != NULL)
    g_byte_array_append (out, self->tested, frame->n_rows);
  put_doubles (out, self->margin, frame->n_rows);
  put_doubles (out, self->probability, frame->n_rows);
  for (guint i = 0; i < frame->n_rows; i++)
    put_u32 (out, self->groups[i]);
  if (self->opened != NULL)
    put_u64s (out, self->opened, frame->n_rows);
  for (guint i = 0; self->names != NULL && i < frame->n_rows; i++)
    put_text (out, self->names[i], strlen (self->names[i]));
  for (guint i = 0; i < frame->n_features; i++)
    put_column (out, &frame->columns[i], frame->n_rows);
  return g_byte_array_free_to_bytes (out);
}

typedef struct
{
  const guint8 *data;
  gsize left;
} Reader;

static const guint8 *
take (Reader *reader, gsize size)
{
  if (reader->left < size)
    return NULL;
  const guint8 *at = reader->data;
  reader->data += size;
  reader->left -= size;
  return at;
}

static gboolean
take_u32 (Reader *reader, guint32 *value)
{
  const guint8 *at = take (reader, 4);
  if (at == NULL)
    return FALSE;
  memcpy (value, at, 4);
  *value = GUINT32_FROM_LE (*value);
  return TRUE;
}

static gboolean
take_u64s (Reader *reader, void *values, gsize n)
{
  const guint8 *at = take (reader, 8 * n);
  for (gsize i = 0; at != NULL && i < n; i++)
    {
      guint64 bits;
      memcpy (&bits, at + 8 * i, 8);
      bits = GUINT64_FROM_LE (bits);
      memcpy ((char *) values + 8 * i, &bits, 8);
    }
  return at != NULL;
}

static const char *
take_text (Reader *reader, gsize *length)
{
  guint32 size;
  if (!take_u32 (reader, &size) || size > TEXT_MAX)
    return NULL;
  const char *text = (const char *) take (reader, size);
  if (text == NULL || !g_utf8_validate_len (text, size, NULL))
    return NULL;
  *length = size;
  return text;
}

static gboolean
take_codes (Reader *reader, gint32 *codes, guint n_rows, gint32 lowest, guint n_values)
{
  for (guint i = 0; i < n_rows; i++)
    {
      guint32 code;
      if (!take_u32 (reader, &code))
        return FALSE;
      codes[i] = (gint32) code;
      if (codes[i] < lowest || (codes[i] >= 0 && (guint) codes[i] >= n_values))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_column (Reader *reader, VaiFrameColumn *column, const VaiFeature *feature, guint n_rows)
{
  if (column->type == VAI_TYPE_NUMBER || column->type == VAI_TYPE_DATE)
    return take_u64s (reader, column->numbers, n_rows);
  if (column->type == VAI_TYPE_CATEGORY)
    return take_codes (reader, column->codes, n_rows, VAI_CODE_UNSEEN, vai_dictionary_get_size (feature->values));
  guint32 n_texts;
  if (!take_u32 (reader, &n_texts))
    return FALSE;
  for (guint32 i = 0; i < n_texts; i++)
    {
      gsize length;
      const char *text = take_text (reader, &length);
      if (text == NULL || vai_dictionary_add (column->texts, text, length) != (gint32) i)
        return FALSE;
    }
  return take_codes (reader, column->codes, n_rows, VAI_CODE_MISSING, n_texts);
}

static gboolean
take_names (Reader *reader, VaiReference *self, guint n_rows)
{
  self->names = g_new0 (char *, n_rows + 1);
  for (guint i = 0; i < n_rows; i++)
    {
      gsize length;
      const char *text = take_text (reader, &length);
      if (text == NULL)
        return FALSE;
      self->names[i] = g_strndup (text, length);
    }
  return TRUE;
}

static gboolean
take_tested (Reader *reader, VaiReference *self, guint n_rows)
{
  const guint8 *tested = take (reader, n_rows);
  for (guint i = 0; tested != NULL && i < n_rows; i++)
    if (tested[i] > 1)
      return FALSE;
  self->tested = g_memdup2 (tested, n_rows);
  return tested != NULL;
}

static gboolean
take_rows (Reader *reader, VaiReference *self, guint n_rows, guint32 flags)
{
  const guint8 *won = take (reader, n_rows);
  self->won = g_memdup2 (won, n_rows);
  if (won == NULL || ((flags & FLAG_TESTED) != 0 && !take_tested (reader, self, n_rows)))
    return FALSE;
  self->margin = g_new0 (double, n_rows);
  self->probability = g_new0 (double, n_rows);
  self->groups = g_new0 (guint32, n_rows);
  if (!take_u64s (reader, self->margin, n_rows) || !take_u64s (reader, self->probability, n_rows))
    return FALSE;
  for (guint i = 0; i < n_rows; i++)
    if (self->won[i] > 1 || !isfinite (self->margin[i]) || !(self->probability[i] > 0 && self->probability[i] < 1)
        || !take_u32 (reader, &self->groups[i]))
      return FALSE;
  if (flags & FLAG_OPENED)
    {
      self->opened = g_new0 (gint64, n_rows);
      if (!take_u64s (reader, self->opened, n_rows))
        return FALSE;
    }
  return (flags & FLAG_NAMES) == 0 || take_names (reader, self, n_rows);
}

static gboolean
take_reference (Reader *reader, VaiReference *self, VaiSchema *schema)
{
  const guint8 *magic = take (reader, strlen (MAGIC));
  guint32 n_rows, n_features, flags;
  if (magic == NULL || memcmp (magic, MAGIC, strlen (MAGIC)) != 0 || !take_u32 (reader, &n_rows)
      || !take_u32 (reader, &n_features) || !take_u32 (reader, &flags)
      || flags > (FLAG_OPENED | FLAG_NAMES | FLAG_TESTED))
    return FALSE;
  /* Every cell has at least 4 bytes: a frame larger than the part is a lie that would cost memory. */
  if (n_rows == 0 || n_rows > VAI_REFERENCE_ROWS_MAX || n_features != schema->features->len
      || (guint64) n_rows * n_features * 4 > reader->left)
    return FALSE;
  if (!take_rows (reader, self, n_rows, flags))
    return FALSE;
  self->frame = vai_frame_new_empty (schema, n_rows);
  for (guint i = 0; i < n_features; i++)
    if (!take_column (reader, &self->frame->columns[i], vai_schema_feature (schema, i), n_rows))
      return FALSE;
  return reader->left == 0;
}

gboolean
vai_reference_from_bytes (VaiReference *self, VaiSchema *schema, GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Reader reader = { data, size };
  if (take_reference (&reader, self, schema))
    return TRUE;
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The past quotes in the model file are damaged."));
  return FALSE;
}
