#include "vai-column.h"

#include "vai-number.h"
#include "vai-time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[VAI_N_TYPES] = { "number", "category", "date", "text" };

VaiColumn *
vai_column_new (const char *name, VaiType type)
{
  VaiColumn *self = g_new0 (VaiColumn, 1);
  self->name = g_strdup (name);
  self->type = type;
  if (type == VAI_TYPE_CATEGORY || type == VAI_TYPE_TEXT)
    self->dictionary = vai_dictionary_new ();
  return self;
}

void
vai_column_free (VaiColumn *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->numbers);
  g_free (self->codes);
  g_free (self->times);
  g_free (self->unit);
  g_free (self->unread);
  vai_dictionary_free (self->dictionary);
  g_free (self);
}

gboolean
vai_column_is_missing (const VaiColumn *self, gsize row)
{
  g_return_val_if_fail (row < self->n_rows, TRUE);
  switch (self->type)
    {
    case VAI_TYPE_NUMBER:
      return isnan (self->numbers[row]);
    case VAI_TYPE_DATE:
      return self->times[row] == VAI_TIME_MISSING;
    default:
      return self->codes[row] == VAI_CODE_MISSING;
    }
}

static char *
dup_number (double number)
{
  char text[VAI_NUMBER_TEXT_SIZE];
  vai_number_format (number, text);
  return g_strdup (text);
}

char *
vai_column_dup_text (const VaiColumn *self, gsize row)
{
  if (vai_column_is_missing (self, row))
    return g_strdup ("");
  switch (self->type)
    {
    case VAI_TYPE_NUMBER:
      return dup_number (self->numbers[row]);
    case VAI_TYPE_DATE:
      return vai_time_format (self->times[row], self->has_time);
    default:
      return g_strdup (vai_dictionary_get (self->dictionary, self->codes[row], NULL));
    }
}

const char *
vai_type_name (VaiType type)
{
  g_return_val_if_fail (type < VAI_N_TYPES, "");
  return type_names[type];
}

gboolean
vai_type_from_name (const char *name, VaiType *type)
{
  for (guint i = 0; i < VAI_N_TYPES; i++)
    if (g_strcmp0 (name, type_names[i]) == 0)
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}
