/* What a table seems to be: proposed roles, outcome values, the quality report and the leaks, found over the whole of
 * it. Each finding proposes an act, and the act can be taken. */
#pragma once

#include "vai-role.h"
#include "vai-table.h"
#include "vai-progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_OUTCOME_OPEN, /* not yet decided: scored, never trained on */
  VAI_OUTCOME_WON,
  VAI_OUTCOME_LOST,
  VAI_OUTCOME_UNKNOWN, /* a value nobody has mapped yet; treated as open, and said */
} VaiOutcome;

/* One distinct value of the outcome column. */
typedef struct
{
  char *value; /* owned; "" for missing */
  gsize count;
  VaiOutcome outcome;
} VaiOutcomeValue;

typedef enum
{
  VAI_FINDING_CONSTANT, /* one value in every row */
  VAI_FINDING_EMPTY,    /* no value at all */
  VAI_FINDING_MOSTLY_MISSING,
  VAI_FINDING_IDENTIFIER, /* would be learnt by heart */
  VAI_FINDING_DUPLICATE_ROWS,
  VAI_FINDING_NEAR_DUPLICATES,  /* rows alike but for identifiers and dates, with one outcome */
  VAI_FINDING_DUPLICATE_COLUMN, /* says the same as another column */
  VAI_FINDING_RARE_VALUES,
  VAI_FINDING_OUTLIERS,
  VAI_FINDING_PLACEHOLDER, /* "Select", "unknown", 999: text or number that means "not given" */
  VAI_FINDING_CLASS_BALANCE,
  VAI_FINDING_MIXED_TYPES,   /* text among numbers, or dates in two ways of writing */
  VAI_FINDING_NOT_OF_TYPE,   /* most values are not of the type that a person chose */
  VAI_FINDING_LEAK_VALUE,    /* some value or range of it goes with one outcome only, or nearly */
  VAI_FINDING_LEAK_FILLED,   /* filled in for one outcome and empty for the other */
  VAI_FINDING_LEAK_DATE,     /* a date after the closing, or after the opening by what happened */
  VAI_FINDING_LEAK_WORDS,    /* words of the outcome inside another column */
  VAI_FINDING_LEAK_STRENGTH, /* ranks won above lost nearly perfectly all alone */
  VAI_FINDING_LEAK_MEANING,  /* by its name it is known only after the decision, or is the seller's own guess */
  VAI_N_FINDINGS
} VaiFindingKind;

typedef enum
{
  VAI_ACT_NONE,
  VAI_ACT_LEAVE_OUT,      /* role of the column becomes ignored */
  VAI_ACT_MAKE_EMPTY,     /* the value becomes missing */
  VAI_ACT_KEEP_ONE,       /* of equal rows */
  VAI_ACT_SET_IDENTIFIER, /* role of the column becomes identifier: its rows stay on one side of a split */
} VaiAct;

typedef enum
{
  VAI_SEVERITY_INFO,
  VAI_SEVERITY_WARNING,
  VAI_SEVERITY_LEAK, /* first in every list */
} VaiSeverity;

typedef struct
{
  char *id; /* owned, stable for the same data: kind and column, like "leak-filled:Order number" */
  VaiFindingKind kind;
  VaiSeverity severity;
  int column;     /* index in the table; -1: about the rows */
  char *value;    /* owned, nullable: the value that is meant (placeholder, leak by value) */
  char *sentence; /* owned, translated, in sales words: “Order number is filled in 98 % of won and 0 % of lost quotes:
                     leave it out?” */
  VaiAct act;
  gboolean safe;  /* may be taken with all others by one click (--act safe) */
  gboolean taken; /* its act was taken */
  gsize n_rows;   /* rows it is about */
} VaiFinding;

typedef struct
{
  VaiRole role;
  double role_certainty; /* 0..1 */
  gboolean actionable;   /* a rep can change it before the quote goes out */
} VaiColumnProfile;

typedef struct
{
  gatomicrefcount refs;
  VaiColumnProfile *columns; /* one per table column */
  int outcome;               /* column, -1: none found */
  GPtrArray *outcome_values; /* of VaiOutcomeValue, most frequent first */
  GPtrArray *findings;       /* of VaiFinding, worst first */
  gsize n_won, n_lost, n_open;
  gsize n_duplicate_rows;
} VaiProfile;

typedef struct
{
  const char *outcome;       /* nullable: find it */
  const char *const *won;    /* nullable: NULL-terminated values; find them */
  const char *const *lost;   /* nullable: all decided-looking others when @won is given; see the .c */
  const char *opened_date;   /* nullable */
  const char *const *ignore; /* nullable: columns that are not looked at */
  GHashTable *roles;         /* nullable: column name → GINT_TO_POINTER (VaiRole); wins */
  GHashTable
      *actionable; /* nullable: column name → GINT_TO_POINTER (gboolean); wins. Names that are not there are nothing */
} VaiProfileOptions;

/* Errors: NO_COLUMN, NO_VALUE (a value of @won or @lost that is not in the column), CANCELLED. A table without an
 * outcome is no error. */
VaiProfile *vai_profile_new (const VaiTable *table,
                             const VaiProfileOptions *options,
                             VaiProgress *progress,
                             GCancellable *cancellable,
                             GError **error);
VaiProfile *vai_profile_ref (VaiProfile *self);
void vai_profile_unref (VaiProfile *self);

/* The outcome of each row; @outcomes holds n_rows values. All open when there is no outcome column. */
void vai_profile_map_outcomes (const VaiProfile *self, const VaiTable *table, guint8 *outcomes);

/* Takes the act of one finding: gives the table as it is after it (a new reference, the same table when only roles
 * change) and changes the roles in @self. Error USAGE when @finding_id is not known: the message lists those there are.
 * "safe" takes all safe ones. */
VaiTable *vai_profile_act (VaiProfile *self, VaiTable *table, const char *finding_id, GError **error);

/* Says @role already what @act would make of its column? */
gboolean vai_act_is_done (VaiAct act, VaiRole role);

/* Would "safe" take the act of @finding? Not when the column is left out, or is already what the act would make of it.
 */
gboolean vai_profile_is_safe_now (const VaiProfile *self, const VaiFinding *finding);

/* The rows that @finding is about, to be shown: those that repeat, are empty, far out, hold the value, or are filled
 * where they should not be. @table is as @self was made of it. Row numbers, ascending; a GArray of guint32. */
GArray *vai_profile_find_rows (const VaiProfile *self, const VaiTable *table, const VaiFinding *finding);

const char *vai_finding_kind_name (VaiFindingKind kind); /* "leak-filled", … */
const char *vai_act_name (VaiAct act);             /* "leave-out", "make-empty", "keep-one", "set-identifier", "none" */
const char *vai_outcome_name (VaiOutcome outcome); /* "won", "lost", "open", "unknown" */
const char *vai_severity_name (VaiSeverity severity); /* "leak", "warning", "info" */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiProfile, vai_profile_unref)

G_END_DECLS
