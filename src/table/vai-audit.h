/* What is counted over the whole of each column, once, for the proposal of roles, the quality report and the leaks.
 * Private to the profile. */
#pragma once

#include "vai-profile.h"

G_BEGIN_DECLS

/* Rows fall into two halves, so that what one half shows is tested on the other; open rows are one class. */
typedef enum
{
  VAI_CLASS_WON_A,
  VAI_CLASS_WON_B,
  VAI_CLASS_LOST_A,
  VAI_CLASS_LOST_B,
  VAI_CLASS_OPEN,
  VAI_N_CLASSES
} VaiClass;

/* The distinct values of a column and how often each goes with each class. */
typedef struct
{
  gsize n;
  double *values; /* ascending; NULL for codes, where the index is the code */
  guint32 (*counts)[VAI_N_CLASSES];
  guint32 missing[VAI_N_CLASSES];
} VaiCounts;

/* Values that go with one outcome only (@pure), or for at least 19 rows of 20 (@near): rows of that outcome they cover.
 */
typedef struct
{
  gsize pure[2]; /* won, lost */
  gsize near[2];
  gsize best_rows; /* of the pure value or range with the most rows of one outcome */
  int best_outcome;
  double best_from, best_to; /* numbers; the code twice for codes */
} VaiPurity;

#define VAI_PLACEHOLDERS_MAX 4

typedef struct
{
  gboolean ignored; /* the caller asked not to look */
  gsize n_filled, n_distinct;
  gsize filled[3];  /* of won, lost and open rows */
  gsize nonzero[3]; /* numbers: neither missing nor 0 */
  gsize top_rows;   /* of the most frequent value */
  double top_value; /* number, seconds or code */
  double min, max, quartiles[3];
  gboolean integral;
  gsize n_outliers;
  double outlier_from, outlier_to; /* values outside are the outliers */
  gsize n_rare_values, n_rare_rows;
  double chance_equal; /* that two rows drawn at random have the same value */
  guint64 counts_hash; /* equal for columns that part the rows in the same way */
  double auc,
      auc_error; /* of the column alone, each half ranked by what the other shows; error is one standard error */
  VaiPurity purity;
  gsize words_rows[2],
      words_hits[2];    /* rows with a word of winning (losing) in them that are decided, and that are so decided */
  char *words_value[2]; /* owned, nullable: the most frequent such value of each */
  gsize words_value_rows[2];
  gsize numeric_rows; /* categories and text: rows whose value is a number */
  double mean_length; /* categories and text: bytes of a distinct value */
  double coded_share; /* of distinct values: without blanks and with a digit */
  guint n_placeholders;
  double placeholders[VAI_PLACEHOLDERS_MAX];
  gsize placeholder_rows[VAI_PLACEHOLDERS_MAX];
} VaiColumnFacts;

/* At least half the rows have a value: less names no rows. */
static inline gboolean
vai_facts_mostly_filled (const VaiColumn *column, const VaiColumnFacts *facts)
{
  return 2 * facts->n_filled >= column->n_rows;
}

typedef struct
{
  const VaiTable *table;
  VaiProfile *profile;
  GCancellable *cancellable;
  guint8 *classes; /* VaiClass of each row */
  gsize n_class[VAI_N_CLASSES];
  VaiColumnFacts *facts;
} VaiAudit;

/* Fills @facts of @column. */
void vai_facts_count (VaiAudit *audit, guint column);

void vai_counts_init (VaiCounts *self, const VaiColumn *column, const guint8 *classes);
void vai_counts_clear (VaiCounts *self);

/* How well the column alone ranks won above lost, and which of its values go with one outcome. */
void vai_facts_weigh_outcomes (VaiColumnFacts *facts, const VaiCounts *counts, const gsize n_class[VAI_N_CLASSES]);

static inline gsize
vai_counts_won (const guint32 counts[VAI_N_CLASSES])
{
  return (gsize) counts[VAI_CLASS_WON_A] + counts[VAI_CLASS_WON_B];
}

static inline gsize
vai_counts_lost (const guint32 counts[VAI_N_CLASSES])
{
  return (gsize) counts[VAI_CLASS_LOST_A] + counts[VAI_CLASS_LOST_B];
}

/* Steps of vai_profile_new(), in this order. Column of the outcome and its values; NO_COLUMN and NO_VALUE. */
gboolean vai_outcome_find (VaiAudit *audit, const VaiProfileOptions *options, GError **error);

/* Roles from names and from what was counted. NO_COLUMN. */
gboolean vai_role_propose (VaiAudit *audit, const VaiProfileOptions *options, GError **error);

void vai_quality_find_in_columns (VaiAudit *audit);
gboolean vai_quality_find_in_rows (VaiAudit *audit, GError **error);
void vai_leak_find (VaiAudit *audit);

/* Row numbers, ascending, of rows that repeat an earlier one in every column. A GArray of guint32. */
GArray *vai_rows_find_repeats (const VaiTable *table);

/* The same for rows that are alike but for identifiers, dates and ignored columns. */
GArray *vai_rows_find_near_repeats (const VaiProfile *profile, const VaiTable *table);

/* Adds a finding; takes @sentence. @value may be NULL. Safe is what only undoes what nobody meant. */
VaiFinding *vai_finding_add (VaiAudit *audit,
                             VaiFindingKind kind,
                             VaiSeverity severity,
                             int column,
                             const char *value,
                             VaiAct act,
                             gsize n_rows,
                             char *sentence);

/* "98%": whole percents, but never 0 or 100 unless it is so. Free with g_free(). */
char *vai_share_dup_text (gsize part, gsize whole);

/* A value of @column as it is written everywhere alike: for the value of a finding and its id. */
char *vai_value_dup_text (const VaiColumn *column, double value);

/* The same in a sentence: numbers and dates as the locale writes them. */
char *vai_value_dup_words (const VaiColumn *column, double value);

G_END_DECLS
