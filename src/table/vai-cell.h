/* What one cell says: nothing, a number with its unit, a date. Parsing of texts as people and programs write them, in
 * English and Italian; which of two readings of “01/02/2020” or “1.234” is right is decided over the whole column, not
 * here. */
#pragma once

#include "vai-dialect.h"

G_BEGIN_DECLS

/* Blanks of every kind off both ends. */
void vai_cell_trim (const char **text, gsize *length);

/* Empty, "n/a", "NA", "-", "NULL", "#N/D" and the like. @text is trimmed. */
gboolean vai_cell_is_missing (const char *text, gsize length);

typedef enum
{
  VAI_NUMBER_NONE,         /* no number */
  VAI_NUMBER_PLAIN,        /* digits with at most a point: the same whatever the marks are */
  VAI_NUMBER_CERTAIN,      /* a number in this decimal mark only */
  VAI_NUMBER_EITHER,       /* a number in both, with different values: "1.234" */
  VAI_NUMBER_LEADING_ZERO, /* "007": a code */
  VAI_NUMBER_LONG,         /* an integer of more digits than a double holds: a code */
} VaiNumberKind;

typedef struct
{
  double value;
  guint decimals; /* digits after the mark */
  guint unit;     /* see vai_cell_unit_name(); 0: none */
  char thousands; /* mark between groups, ' ' for any blank; '\0': none seen */
} VaiNumber;

/* @text as a number with @decimal '.' or ',' as its mark. Currency, percent and units of measure beside it, brackets or
 * a minus at either end are read. */
VaiNumberKind vai_cell_parse_number (const char *text, gsize length, char decimal, VaiNumber *number);

#define VAI_CELL_N_UNITS 32
const char *vai_cell_unit_name (guint unit);

/* The unit that is written @text; 0: not known. */
guint vai_cell_find_unit (const char *text);

/* Decimal digits that always survive a double. */
#define VAI_NUMBER_DIGITS_MAX 15

typedef enum
{
  VAI_DATE_NONE,
  VAI_DATE_YMD,    /* year first, or the month is a word: no doubt */
  VAI_DATE_DMY,    /* day first for certain: the first number is over 12 */
  VAI_DATE_MDY,    /* month first for certain */
  VAI_DATE_EITHER, /* both are at most 12 */
} VaiDateKind;

typedef struct
{
  gint64 days[2]; /* since the epoch, day first and month first; equal when there is no doubt */
  gint64 seconds; /* of the day, less the offset from UTC that is written */
  gboolean has_time;
  gboolean am_pm;
  char separator; /* between the numbers of the day */
} VaiDate;

VaiDateKind vai_cell_parse_date (const char *text, gsize length, VaiDate *date);

G_END_DECLS
