/* What the values of one column are, counted, and the type that follows. Counts add up in any order, so that the type
 * of a column never depends on how its file was cut for reading. */
#pragma once

#include "vai-cell.h"
#include "vai-column.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 n;                           /* values that are not missing: the sum of those below */
  gint64 plain, point, comma, either; /* numbers by decimal mark */
  gint64 leading_zero, long_digits;   /* codes that look like numbers */
  gint64 ymd, dmy, mdy, day_either;   /* dates by order */
  gint64 compact;                     /* of the plain numbers: eight digits that are a date, year first */
  gint64 words, mixed;                /* anything else: without and with digits in it */
  gint64 with_time, am_pm;
  gint64 units[VAI_CELL_N_UNITS];
} VaiEvidence;

/* Sums over all columns, for those that leave a doubt. */
typedef struct
{
  gint64 point, comma;
  gint64 dmy, mdy, am_pm;
  gboolean semicolons; /* the delimiter of places that write a decimal comma */
} VaiEvidenceHints;

/* Day numbers of spreadsheets that may be meant: 1954 to 2119. */
#define VAI_SERIAL_DAY_MIN 20000
#define VAI_SERIAL_DAY_MAX 80000

typedef struct
{
  VaiType type;
  gboolean forced;
  char decimal;         /* numbers */
  guint unit;           /* numbers */
  gboolean month_first; /* dates */
  gboolean compact;     /* dates: 20261122 */
  gboolean serial;      /* dates: day numbers of a spreadsheet; only when a person says that they are dates */
  gboolean doubtful;    /* dates: no value tells day from month */
} VaiPlan;

/* Adds (or with @weight below 0 takes away) @weight values @text. Missing ones are not counted. */
void vai_evidence_add (VaiEvidence *self, const char *text, gsize length, gint64 weight);
void vai_evidence_hint (const VaiEvidence *self, VaiEvidenceHints *hints);

/* The plan that follows. Of @plan only "forced" with its type is read. */
void vai_evidence_decide (const VaiEvidence *self, const VaiEvidenceHints *hints, VaiPlan *plan);

/* Values that do not fit @plan, and so are missing under it. */
gint64 vai_evidence_count_misfits (const VaiEvidence *self, const VaiPlan *plan);

/* @text under a number or date plan. FALSE when it is missing or does not fit. */
gboolean vai_plan_read_number (const VaiPlan *self, const char *text, gsize length, VaiNumber *number);
gboolean vai_plan_read_time (const VaiPlan *self, const char *text, gsize length, gint64 *seconds, gboolean *has_time);

G_END_DECLS
