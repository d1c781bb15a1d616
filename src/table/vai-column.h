/* One typed column. Plain arrays, so that hot loops read them directly. */
#pragma once

#include "vai-dictionary.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_TYPE_NUMBER,   /* double, missing = NaN */
  VAI_TYPE_CATEGORY, /* dictionary code, missing = VAI_CODE_MISSING; a column without any value is one too */
  VAI_TYPE_DATE,     /* gint64 seconds since the epoch, UTC; missing = VAI_TIME_MISSING */
  VAI_TYPE_TEXT,     /* dictionary code of free text: long or nearly all different */
  VAI_N_TYPES
} VaiType;

#define VAI_TIME_MISSING G_MININT64

typedef struct
{
  char *name; /* owned, unique in the table; repeated headers get " (2)" */
  VaiType type;
  gsize n_rows;
  gsize n_missing;
  double *numbers;           /* VAI_TYPE_NUMBER */
  gint32 *codes;             /* VAI_TYPE_CATEGORY, VAI_TYPE_TEXT */
  gint64 *times;             /* VAI_TYPE_DATE */
  VaiDictionary *dictionary; /* with codes */
  char *unit;                /* nullable: "%", "€", "kg"… as found beside the numbers */
  gboolean has_time;         /* dates: at least one has a time of day */
  guint decimals;            /* numbers: most digits after the mark that were seen, to show them as they were */
  gsize n_unread;            /* texts of the file that are not of the type: missing here */
  char *unread;              /* nullable: one of them, UTF-8 */
} VaiColumn;

VaiColumn *vai_column_new (const char *name, VaiType type);
void vai_column_free (VaiColumn *self);

gboolean vai_column_is_missing (const VaiColumn *self, gsize row);

/* The value as a person would write it, with a decimal point and ISO dates; "" when missing. Free with g_free(). */
char *vai_column_dup_text (const VaiColumn *self, gsize row);

/* "number", "category", "date", "text": stable names in files and on the wire. */
const char *vai_type_name (VaiType type);
gboolean vai_type_from_name (const char *name, VaiType *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiColumn, vai_column_free)

G_END_DECLS
